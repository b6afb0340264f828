"""The demo's certificates: every state is there, numbers fit, and rounds agree with what hangs on them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.demo.filling import fill
from app.extensions import db
from app.learning import certificate_numbers
from app.learning.certificate_models import Certificate, CertificateRule, FormerRound
from app.learning.certificates import State, state_of
from app.learning.models import Enrolment, QuizAttempt
from app.people.models import Person

MOMENT = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)


@pytest.fixture
def made(bare):
    """Return a portal with a small demo company in it."""
    bare.run(lambda: fill(people=60, posts=20, pictures=4, moment=MOMENT))
    return bare


def test_every_state_and_what_hangs_on_it(made):
    with made.context():
        given = list(db.session.scalars(select(Certificate).order_by(Certificate.id)))
        ways = {(way.person_id, way.course_id): way for way in db.session.scalars(select(Enrolment))}
        former = {(one.person_id, one.course_id): one for one in db.session.scalars(select(FormerRound))}
        attempts = list(db.session.scalars(select(QuizAttempt)))
        people = {person.login: person.id for person in db.session.scalars(select(Person).where(Person.login.is_not(None)))}
        rules = {rule.course_id: rule.months for rule in db.session.scalars(select(CertificateRule))}
        states = Counter(state_of(one, MOMENT.date()) for one in given)
        assert set(states) == set(State), states
        assert sorted(rules.values(), key=str) == [12, None]
        assert all(certificate_numbers.is_whole(one.number) for one in given)
        assert all(one.issued_at <= MOMENT for one in given)
        seller = [one for one in given if one.person_id == people["seller"]]
        assert {state_of(one, MOMENT.date()) for one in seller} >= {State.EXPIRED, State.VALID}
        rounds = Counter((one.person_id, one.course_id) for one in given)
        for key, way in ways.items():
            assert (way.round == 2) == (key in former)
            assert way.first_completed_at is not None or way.completed_at is None
            if way.course_id in rules:
                assert rounds[key] == (way.round if way.completed_at else way.round - 1), key
        for key, one in former.items():
            assert one.begun_at < one.completed_at <= one.ended_at == ways[key].begun_at
        numbers = [(one.lesson_id, one.person_id, one.number) for one in attempts]
        assert len(numbers) == len(set(numbers))
        # All of them are on its own wall: none is given twice, none renewed stands.
        standing = Counter((one.person_id, one.course_id) for one in given if not one.renewed_at and not one.revoked_at)
        assert max(standing.values()) == 1
        assert any(way.round == 2 and way.completed_at is None for way in ways.values())
