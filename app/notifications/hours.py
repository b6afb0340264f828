"""When news may go out: three times a day within the hours of the person's store, in its own zone, never in quiet hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

# Of a store that has not said otherwise.
OPENS, CLOSES = time(10), time(20)
MOST_A_DAY = 3
# The first comes when the morning's work is done, the last while there is still time to read it.
AFTER_OPENING, BEFORE_CLOSING = timedelta(minutes=30), timedelta(hours=2)


class Hours(NamedTuple):
    """A store's working hours in its zone, and the person's quiet ones (both None: none)."""

    zone: ZoneInfo
    opens: time = OPENS
    closes: time = CLOSES
    quiet_from: time | None = None
    quiet_to: time | None = None


def slots_on(day: date, hours: Hours) -> list[datetime]:
    """Return the moments of a day, in UTC, at which gathered news goes out; fewer where quiet hours cover some."""
    opening = datetime.combine(day, hours.opens, hours.zone)
    closing = datetime.combine(day, hours.closes, hours.zone)
    if closing <= opening:
        # A store that closes after midnight.
        closing += timedelta(days=1)
    first, last = opening + AFTER_OPENING, closing - BEFORE_CLOSING
    if last <= first:
        last = first
    moments = {first, first + (last - first) / 2, last}
    return sorted(moment.astimezone(UTC) for moment in moments if not is_quiet(moment, hours))


def next_slot(after: datetime, hours: Hours) -> datetime:
    """Return the next moment at which gathered news may go out; where quiet hours cover all of them, their end."""
    day = after.astimezone(hours.zone).date()
    for offset in range(-1, 3):
        for moment in slots_on(day + timedelta(days=offset), hours):
            if moment > after:
                return moment
    return quiet_end(after + timedelta(minutes=1), hours)


def at_once(moment: datetime, hours: Hours) -> datetime:
    """Return when urgent news goes out: now, or when the person's quiet hours end."""
    return quiet_end(moment, hours)


def quiet_end(moment: datetime, hours: Hours) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it falls into."""
    if not is_quiet(moment, hours) or hours.quiet_to is None:
        return moment
    local = moment.astimezone(hours.zone)
    end = datetime.combine(local.date(), hours.quiet_to, hours.zone)
    return (end if end > local else end + timedelta(days=1)).astimezone(UTC)


def is_quiet(moment: datetime, hours: Hours) -> bool:
    """Tell whether the person wants to be left alone at a moment; quiet hours may go over midnight."""
    if hours.quiet_from is None or hours.quiet_to is None or hours.quiet_from == hours.quiet_to:
        return False
    clock = moment.astimezone(hours.zone).time()
    if hours.quiet_from < hours.quiet_to:
        return hours.quiet_from <= clock < hours.quiet_to
    return clock >= hours.quiet_from or clock < hours.quiet_to


def day_began(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the midnight before a moment, where the person is, in UTC."""
    return datetime.combine(moment.astimezone(zone).date(), time(), zone).astimezone(UTC)
