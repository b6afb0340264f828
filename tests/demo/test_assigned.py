"""The demo's assignments and paths: people at every stage, counts as the portal counts, nothing ahead of its time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.demo.filling import fill
from app.extensions import db
from app.learning import path_ways
from app.learning.assign_models import Assignee, Assignment, AssignmentEvent
from app.learning.path_models import Path, PathCompletion
from app.learning.task_models import TaskAnswer
from app.people.models import Person
from tests.learning.assigned import counts_are_true

MOMENT = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)


@pytest.fixture
def made(bare):
    """Return a portal with a small demo company in it."""
    bare.run(lambda: fill(people=90, posts=40, pictures=4, moment=MOMENT))
    return bare


def test_the_rows_keep_the_portals_rules(made):
    """Check them together: making a company for each would only cost time."""
    counts_are_true(made)
    with made.context():
        rows = list(db.session.scalars(select(Assignee)))
        assert {row.state for row in rows} == {"assigned", "begun", "done", "withdrawn"}
        assert any(row.overdue_at for row in rows)
        assert all(row.overdue_at is None or row.due_at <= MOMENT for row in rows)
        assert all(row.assigned_at <= MOMENT and (row.done_at or MOMENT) <= MOMENT for row in rows)
        assert all(row.remind_at is None or row.remind_at > MOMENT for row in rows if row.state in ("assigned", "begun"))
        assert any(one.cancelled_at for one in db.session.scalars(select(Assignment)))
        assert all(event.at <= MOMENT for event in db.session.scalars(select(AssignmentEvent)))
        finished = {(one.path_id, one.person_id) for one in db.session.scalars(select(PathCompletion))}
        assert finished
        # Whom the portal's own rule finds done is noted already, and nobody else is.
        for path in db.session.scalars(select(Path)).all():
            people = db.session.scalars(select(Person.id).where(Person.employed())).all()
            assert not path_ways.complete([path.id], people)


def test_answers_to_tasks_are_at_every_stage(made):
    with made.context():
        answers = list(db.session.scalars(select(TaskAnswer)))
        assert {answer.state for answer in answers} == {"waiting", "accepted", "sent_back"}
        assert all(answer.handed_in_at <= (answer.decided_at or MOMENT) <= MOMENT for answer in answers)
        director = db.session.scalars(select(Person).where(Person.login == "director")).one()
        assert any(answer.state == "waiting" and answer.person.store_id == director.store_id for answer in answers)
