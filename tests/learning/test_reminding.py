"""Reminders of assignments: when, to whom, and never twice."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from app.database import move_clock, now
from app.extensions import db
from app.learning import assign_dates, assign_reminding_jobs
from app.learning.assign_models import Assignee, AssignmentEvent
from app.notifications.models import Notice
from app.people.absences import Absence
from tests.learning.assigned import assign, complete, counts_are_true, in_days, row
from tests.learning.making import course

MOSCOW, VLADIVOSTOK = ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Vladivostok")
DUE = date(2026, 12, 10)


# Each test begins here, whatever the time of the day it is run at: it is the same day in all time zones of the company then.
MORNING = time(3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def morning(portal):
    """Begin at three in the morning, UTC, of the next day."""
    move_clock(timedelta())
    go_on()
    yield
    move_clock(timedelta())


def go_on(**by):
    """Set the clock to so long after the morning on which the test began."""
    real = datetime.now(UTC)
    move_clock(datetime.combine(real.date() + timedelta(days=1), MORNING) - real + timedelta(**by))


def pass_by(portal, **by):
    """Let time go on, with the jobs that look at it every quarter of an hour."""
    go_on(**by)
    for _ in range(2):
        portal.run(assign_reminding_jobs.mark_overdue)
        portal.run(assign_reminding_jobs.remind_due)


def told(portal, who, *kinds):
    """Count somebody's notices by kind, in the order of their coming."""
    found = portal.rows(select(Notice.kind).where(Notice.person_id == who.id).order_by(Notice.id))
    return [one.kind for one in found if not kinds or one.kind in kinds]


@pytest.mark.parametrize(
    ("due_on", "today", "stage", "day"),
    [
        (DUE, date(2026, 11, 20), assign_dates.SOON, date(2026, 12, 7)),
        (DUE, date(2026, 12, 6), assign_dates.SOON, date(2026, 12, 7)),
        # The notice of the assignment itself says it already.
        (DUE, date(2026, 12, 7), assign_dates.TODAY, DUE),
        (DUE, date(2026, 12, 9), assign_dates.TODAY, DUE),
        (DUE, DUE, assign_dates.LATE, date(2026, 12, 11)),
        (DUE, date(2026, 12, 20), assign_dates.LATE, date(2026, 12, 21)),
    ],
)
def test_the_first_reminder(due_on, today, stage, day):
    found = assign_dates.first_reminder(due_on, today, VLADIVOSTOK)
    assert (found.stage, found.at.astimezone(VLADIVOSTOK).date()) == (stage, day)


def test_reminders_follow_each_other_and_end():
    stage, today, days = assign_dates.SOON, date(2026, 12, 7), []
    for _ in range(8):
        found = assign_dates.following(assign_dates.reminder_of(stage, DUE, today), DUE, today, MOSCOW)
        if found.at is None:
            break
        stage, today = found.stage, found.at.astimezone(MOSCOW).date()
        days.append(today.isoformat())
    assert days == ["2026-12-10", "2026-12-11", "2026-12-18", "2026-12-25"]


@pytest.mark.parametrize(
    ("rule", "today", "hired_on", "wanted"),
    [
        ((DUE, None, "assigned"), date(2026, 11, 1), None, DUE),
        ((None, 10, "assigned"), date(2026, 11, 1), date(2026, 10, 1), date(2026, 11, 11)),
        ((None, 10, "hired"), date(2026, 11, 1), date(2026, 11, 3), date(2026, 11, 13)),
        ((None, 10, "hired"), date(2026, 11, 1), date(2026, 10, 28), date(2026, 11, 7)),
        ((None, 10, "hired"), date(2026, 11, 1), date(2020, 1, 1), date(2026, 11, 11)),
        ((None, 10, "hired"), date(2026, 11, 1), None, date(2026, 11, 11)),
    ],
)
def test_the_last_day(rule, today, hired_on, wanted):
    assert assign_dates.due_day(*rule, today=today, hired_on=hired_on) == wanted


def test_a_learner_is_reminded_before_on_and_after_the_day(portal):
    made = course(portal, "text")
    assign(portal, made, keys=["position:seller"], due_on=in_days(10))
    pass_by(portal, days=6)
    assert told(portal, portal.cast.ann) == ["assigned"]
    for days in (7.5, 8, 9):
        pass_by(portal, days=days)
    assert told(portal, portal.cast.ann) == ["assigned", "due"]
    pass_by(portal, days=10.4)
    assert told(portal, portal.cast.ann) == ["assigned", "due", "due_today"]
    complete(portal, portal.cast.bob, made)
    for days in (11.4, 12, 18.4, 25.4, 32.4, 39.4, 60):
        pass_by(portal, days=days)
    assert told(portal, portal.cast.ann).count("overdue") == 3
    assert "overdue" not in told(portal, portal.cast.bob)
    assert row(portal, portal.cast.ann.id).remind_at is None


def test_the_day_ends_where_the_learner_is(portal):
    assign(portal, course(portal, "text"), keys=["everybody"], due_on=in_days(5))
    end = row(portal, portal.cast.ivan.id).due_at
    go_on(seconds=(end - now() + timedelta(minutes=1)).total_seconds())
    portal.run(assign_reminding_jobs.mark_overdue)
    assert row(portal, portal.cast.ivan.id).overdue_at is not None
    assert row(portal, portal.cast.ann.id).overdue_at is None
    counts_are_true(portal)


def test_whoever_is_away_is_reminded_when_he_is_back(portal):
    assign(portal, course(portal, "text"), keys=["position:seller"], due_on=in_days(10))
    away = Absence(person_id=portal.cast.ann.id, starts_on=date.fromisoformat(in_days(5)), kind="vacation")
    away.ends_on = date.fromisoformat(in_days(12))
    portal.run(lambda: db.session.add(away))
    for days in (7.5, 10.4, 11.4, 12.4):
        pass_by(portal, days=days)
    assert told(portal, portal.cast.ann) == ["assigned"]
    assert told(portal, portal.cast.bob) == ["assigned", "due", "due_today", "overdue"]
    pass_by(portal, days=13.4)
    assert told(portal, portal.cast.ann) == ["assigned", "overdue"]


def test_reminding_twice_at_once_and_again_is_once(portal):
    assign(portal, course(portal, "text"), keys=["everybody"], due_on=in_days(10))
    go_on(days=7.5)

    def remind():
        with portal.app.app_context():
            assign_reminding_jobs.remind_due()
            assign_reminding_jobs.mark_overdue()
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=remind) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    remind()
    assert portal.count(Notice, Notice.kind == "due") == 9
    # A worker that died before its commit has told nobody; the next one does, once.
    go_on(days=10.4)
    with portal.context():
        assign_reminding_jobs.remind_due()
        db.session.rollback()
    assert portal.count(Notice, Notice.kind == "due_today") == 0
    remind()
    remind()
    assert portal.count(Notice, Notice.kind == "due_today") == 9


def test_the_log_and_the_director_hear_of_a_day_that_has_passed(portal):
    assign(portal, course(portal, "text"), keys=["position:seller"], due_on=in_days(3))
    pass_by(portal, days=4.4)
    pass_by(portal, days=5)
    assert portal.count(AssignmentEvent, AssignmentEvent.what == "overdue") == 3
    assert told(portal, portal.cast.dina) == ["team_overdue"]
    page = portal.client(portal.cast.dina).get("/assignments/team")
    assert "Просрочено на 2 дня" in page and "просрочено: 1" in page
    counts_are_true(portal)


def test_a_director_reminds_once_a_day(portal, htmx):
    assign(portal, course(portal, "text"), keys=["everybody"])
    mine = row(portal, portal.cast.bob.id).id
    statuses = []
    clients = [portal.client(portal.cast.dina, htmx) for _ in range(30)]
    threads = [
        threading.Thread(target=lambda one=one: statuses.append(one.post(f"/assignments/rows/{mine}/nudge").status))
        for one in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses.count(200 if htmx else 303) == (1 if htmx else 30)
    assert told(portal, portal.cast.bob, "nudge") == ["nudge"]
    assert portal.count(AssignmentEvent, AssignmentEvent.what == "nudged") == 1
    go_on(days=1)
    portal.client(portal.cast.dina, htmx).post(f"/assignments/rows/{mine}/nudge")
    assert told(portal, portal.cast.bob, "nudge") == ["nudge", "nudge"]


def test_nobody_reminds_whom_he_does_not_lead_nor_who_is_away(portal):
    assign(portal, course(portal, "text"), keys=["everybody"])
    dina, bob = portal.client(portal.cast.dina), portal.client(portal.cast.bob)
    assert dina.post(f"/assignments/rows/{row(portal, portal.cast.vera.id).id}/nudge").status == 404
    assert bob.post(f"/assignments/rows/{row(portal, portal.cast.ann.id).id}/nudge").status == 404
    assert bob.post(f"/assignments/rows/{row(portal, portal.cast.bob.id).id}/nudge").status == 403
    assert dina.post(f"/assignments/rows/{row(portal, portal.cast.dina.id).id}/nudge").status == 403
    today = now().date()
    portal.run(lambda: db.session.add(Absence(person_id=portal.cast.bob.id, starts_on=today, ends_on=today, kind="sick")))
    dina.post(f"/assignments/rows/{row(portal, portal.cast.bob.id).id}/nudge")
    assert portal.one(select(func.count(Assignee.nudged_at))) == 0
