"""Certificates before several processes: completed, begun anew and taken back from many windows, each takes place once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from app.activity import Activity
from app.database import now
from app.extensions import db
from app.learning.certificate_models import Certificate, FormerRound
from app.learning.models import Enrolment
from app.notifications.models import Notice
from app.people.models import Change
from tests.learning.certified import certified, newest
from tests.learning.making import lesson_ids


def test_pressed_from_many_windows_each_act_is_one(served):
    portal, person = served.portal, served.newcomer()
    made = certified(portal)
    (lesson,) = lesson_ids(portal, made)
    done = f"/courses/{made}/lessons/{lesson}/done"
    browsers = [served.browser_of(person) for _ in range(3)]
    browsers[0].post(f"/courses/{made}/begin")
    served.crowd(*[lambda one=one: one.post(done) for one in browsers])
    mine = (Certificate.person_id == person.id, Certificate.course_id == made)
    assert portal.count(Certificate, *mine) == 1
    assert portal.count(Notice, Notice.person_id == person.id, Notice.kind == "certificate") == 1
    first = newest(portal, person, made)
    assert served.acts("certificate.issued", first.id) == 1
    # The end has come near.
    today = now().date()
    near = {"valid_until": today + timedelta(days=5), "renews_on": today - timedelta(days=5)}
    portal.run(lambda: db.session.execute(update(Certificate).where(*mine).values(**near)))
    served.crowd(*[lambda one=one: one.post(f"/courses/{made}/anew") for one in browsers])
    way = (Enrolment.person_id == person.id, Enrolment.course_id == made)
    assert portal.count(Enrolment, *way, Enrolment.round == 2, Enrolment.completed_at.is_(None)) == 1
    assert portal.count(FormerRound, FormerRound.person_id == person.id) == 1
    assert portal.count(Activity, Activity.verb == "course.begun_anew", Activity.actor_id == person.id) == 1
    # Beginning and finishing at once: at the end there are two certificates, and one of them stands.
    acts = [lambda one=one: one.post(done) for one in browsers]
    served.crowd(*acts, *[lambda one=one: one.post(f"/courses/{made}/anew") for one in browsers])
    assert portal.count(Certificate, *mine) == 2
    assert portal.count(Certificate, *mine, Certificate.standing()) == 1
    newer = newest(portal, person, made)
    hr = [served.browser("hana") for _ in range(3)]
    at = f"/certificates/{newer.id}"
    served.crowd(*[lambda one=one: one.post(f"{at}/revoke", {"why": "Ответы подсказаны"}) for one in hr])
    served.crowd(*[lambda one=one: one.post(f"{at}/restore") for one in hr])
    about = (Change.subject_kind == "certificate", Change.subject_id == newer.id)
    assert portal.count(Change, *about, Change.verb == "certificate.revoked") == 1
    assert portal.count(Change, *about, Change.verb == "certificate.restored") == 1
