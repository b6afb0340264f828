"""The days of a certificate: until when it holds, from when it is renewed, and on which days its holder is told.

Nothing here knows of the database.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

OPENED, TWO_WEEKS, THREE_DAYS, EXPIRED = 1, 2, 3, 4
DAY = timedelta(days=1)


class Term(NamedTuple):
    """Until when a certificate holds and from when its course may be gone through again; both None for ever."""

    valid_until: date | None
    renews_on: date | None


def term(issued_on: date, months: int | None, opens_days: int) -> Term:
    """Return the days of a certificate that is given on a day."""
    if months is None:
        return Term(None, None)
    until = after_months(issued_on, months)
    # Never on the day itself: what was just given is not to be asked for again.
    return Term(until, max(until - timedelta(days=opens_days), issued_on + DAY))


def after_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last of its month: 31 January and a month is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def stages(valid_until: date, renews_on: date) -> list[tuple[int, date]]:
    """Return what the holder is told on which days: only what comes after the renewal has opened."""
    found = [(OPENED, renews_on)]
    for stage, days in ((TWO_WEEKS, 14), (THREE_DAYS, 3)):
        on = valid_until - timedelta(days=days)
        if on > renews_on:
            found.append((stage, on))
    return [*found, (EXPIRED, valid_until + DAY)]


def reached(valid_until: date, renews_on: date, today: date) -> int:
    """Return the last stage that has come by a day; 0 for none."""
    return max((stage for stage, on in stages(valid_until, renews_on) if on <= today), default=0)


def following(valid_until: date, renews_on: date, stage: int) -> date | None:
    """Return the day of what comes after a stage."""
    return min((on for one, on in stages(valid_until, renews_on) if one > stage), default=None)
