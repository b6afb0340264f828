"""Certificates for tests, made by the rules themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from app.database import move_clock
from app.extensions import db
from app.learning import certificate_reminding_jobs, certificate_rules
from app.learning.certificate_models import Certificate
from app.learning.models import Course
from tests.learning.assigned import complete
from tests.learning.making import course, lesson_ids

# In the morning it is the same day in all time zones of the company, whatever the time of the day a test is run at.
BEGIN = datetime.combine(date(2027, 3, 1), time(3), UTC)


def go_on(**by):
    """Set the clock to so long after the first morning."""
    move_clock(BEGIN + timedelta(**by) - datetime.now(UTC))


def certified(portal, *kinds, months=12, opens_days=30, words="", **more):
    """Make a course that gives certificates; return its id."""
    made = course(portal, *(kinds or ("text",)), **more)
    rule(portal, made, months=months, opens_days=opens_days, words=words)
    return made


def rule(portal, course_id, is_on=True, **wish):
    """Say what an editor says of the certificates of a course."""
    editor = portal.viewer(portal.cast.ed)
    said = certificate_rules.Wish(is_on=is_on, **wish)
    portal.run(lambda: certificate_rules.save(editor, db.session.get_one(Course, course_id), said))


def given(portal, who, course_id):
    """Let somebody complete a course and return his newest certificate."""
    complete(portal, who, course_id)
    return newest(portal, who, course_id)


def renew(portal, who, course_id):
    """Let somebody go through a course again, and return his newest certificate."""
    client = portal.client(who)
    client.post(f"/courses/{course_id}/anew")
    for lesson in lesson_ids(portal, course_id):
        client.post(f"/courses/{course_id}/lessons/{lesson}/done")
    return newest(portal, who, course_id)


def newest(portal, who, course_id):
    """Return somebody's newest certificate of a course."""
    mine = (Certificate.person_id == who.id, Certificate.course_id == course_id)
    return portal.one(select(Certificate).where(*mine).order_by(Certificate.round.desc()).limit(1))


def pass_by(portal, **by):
    """Let time go on, with the job that looks at it every hour."""
    go_on(**by)
    for _ in range(2):
        portal.run(certificate_reminding_jobs.remind_certificates)
