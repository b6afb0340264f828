"""When gathered news goes out: within the store's hours, at most three times, never in quiet hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.notifications.hours import MOST_A_DAY, Hours, at_once, is_quiet, next_slot, slots_on

ZONES = [ZoneInfo(name) for name in ("Europe/Moscow", "Asia/Vladivostok", "Europe/Kaliningrad", "Europe/Berlin")]
CLOCK = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
HOURS = st.builds(Hours, st.sampled_from(ZONES), CLOCK, CLOCK, st.none() | CLOCK, st.none() | CLOCK)
MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(lambda n: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


def test_a_day_of_a_usual_store():
    zone = ZoneInfo("Asia/Vladivostok")
    day = datetime(2026, 11, 25, tzinfo=zone).date()
    local = [moment.astimezone(zone).time() for moment in slots_on(day, Hours(zone, time(10), time(22)))]
    assert local == [time(10, 30), time(15, 15), time(20)]


def test_what_comes_after_the_last_waits_for_the_morning():
    zone = ZoneInfo("Europe/Moscow")
    hours = Hours(zone, time(10), time(22))
    late = datetime(2026, 11, 25, 21, 30, tzinfo=zone)
    assert next_slot(late, hours) == datetime(2026, 11, 26, 10, 30, tzinfo=zone)


def test_urgent_news_waits_only_for_the_end_of_quiet_hours():
    zone = ZoneInfo("Europe/Moscow")
    hours = Hours(zone, quiet_from=time(22), quiet_to=time(8))
    night = datetime(2026, 11, 25, 23, 30, tzinfo=zone)
    assert at_once(night, hours) == datetime(2026, 11, 26, 8, tzinfo=zone)
    noon = datetime(2026, 11, 25, 12, tzinfo=zone)
    assert at_once(noon, hours) == noon


@given(MOMENTS, HOURS)
def test_the_next_is_always_ahead_soon_and_never_quiet(moment, hours):
    following = next_slot(moment, hours)
    assert moment < following <= moment + timedelta(hours=50)
    assert not is_quiet(following, hours)


@given(MOMENTS, HOURS)
def test_never_more_than_three_a_day(moment, hours):
    assert len(slots_on(moment.date(), hours)) <= MOST_A_DAY
