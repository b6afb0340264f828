"""Days and moments of assignments: until when somebody has, and when he is reminded; all by the clock of his store.

Nothing here knows of the database.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
# So long before the last day one is reminded for the first time.
BEFORE = timedelta(days=3)
WEEK = timedelta(days=7)
# Before the store opens: what goes out by letter or push waits for its hours anyway.
HOUR = time(7)

# Which reminder comes next: before the day, on it, and up to three times after it, then none any more.
SOON, TODAY, LATE, LATE_AGAIN, LATE_LAST, NEVER = range(6)


class Next(NamedTuple):
    """The next reminder: which, and when; no moment where there is none any more."""

    stage: int
    at: datetime | None


def due_day(due_on: date | None, due_days: int | None, due_from: str, *, today: date, hired_on: date | None) -> date:
    """Return somebody's last day.

    Days from the first day count from there if that leaves him time, else from today: whoever has been here for years is
    not late at once.
    """
    if due_on is not None:
        return due_on
    days = timedelta(days=due_days or 0)
    if due_from == "hired" and hired_on is not None and hired_on + days >= today:
        return hired_on + days
    return today + days


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day ends somewhere."""
    return start_of(day + DAY, zone)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day begins somewhere."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def first_reminder(due_on: date, today: date, zone: ZoneInfo) -> Next:
    """Return the first reminder of an assignment that somebody is told of today; what falls on today needs none."""
    stage = SOON if today < due_on - BEFORE else TODAY if today < due_on else LATE
    return _at(stage, max(_day_of(stage, due_on), today + DAY), zone)


def reminder_of(stage: int, due_on: date, today: date) -> int:
    """Return which reminder to give today where this one was planned: after an absence the day may have come or passed."""
    if today > due_on:
        return max(stage, LATE)
    return TODAY if today == due_on else stage


def following(stage: int, due_on: date, today: date, zone: ZoneInfo) -> Next:
    """Return what comes after a reminder that was given today."""
    if stage >= LATE:
        return Next(NEVER, None) if stage >= LATE_LAST else _at(stage + 1, today + WEEK, zone)
    return _at(stage + 1, max(_day_of(stage + 1, due_on), today + DAY), zone)


def put_off(stage: int, until: date, zone: ZoneInfo) -> Next:
    """Return the same reminder on the first day on which somebody is back."""
    return _at(stage, until, zone)


def _day_of(stage: int, due_on: date) -> date:
    return {SOON: due_on - BEFORE, TODAY: due_on}.get(stage, due_on + DAY)


def _at(stage: int, day: date, zone: ZoneInfo) -> Next:
    return Next(stage, datetime.combine(day, HOUR, zone).astimezone(UTC))
