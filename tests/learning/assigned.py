"""Paths and assignments for tests, made by the rules themselves."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import case, func, select

from app.database import now
from app.extensions import db
from app.learning import assigning, paths
from app.learning.assign_models import Assignee, AssignmentCount
from app.learning.path_models import Path
from tests.learning.making import lesson_ids


def in_days(days):
    """Return a day as forms send it."""
    return (now() + timedelta(days=days)).date().isoformat()


def assign(portal, course_id=None, *, path_id=None, by=None, **wish):
    """Assign a course or a path to an audience; return the assignment's id."""
    viewer = portal.viewer(by or portal.cast.ed)
    subject = f"course:{course_id}" if course_id else f"path:{path_id}"
    if wish.get("due", "on") == "on":
        wish["due_on"] = date.fromisoformat(wish.get("due_on") or in_days(10))
    return portal.run(lambda: assigning.assign(viewer, assigning.Wish(subject=subject, **wish)).id)


def path(portal, steps, *, needed=None, publish=True, **about):
    """Make a path of steps, each a list of courses; `needed` says how many of each; return its id."""
    editor = portal.viewer(portal.cast.ed)

    def make():
        made = paths.create(editor, paths.About(**{"title": "Первый месяц", "keys": ["everybody"], **about}))
        for number, step in enumerate(steps):
            for course_id in step:
                step_id = made.steps[number].id if len(made.steps) > number else None
                paths.add_course(editor, made, course_id, step_id)
        for step, count in zip(made.steps, needed or (), strict=False):
            paths.need(editor, made, step.id, count)
        if publish:
            paths.publish(editor, made)
        return made.id

    return portal.run(make)


def changed(portal, path_id, act):
    """Do something to a path as an editor does."""
    editor = portal.viewer(portal.cast.ed)
    portal.run(lambda: act(editor, db.session.get_one(Path, path_id)))


def complete(portal, who, course_id):
    """Let somebody begin a course and do all of its lessons."""
    client = portal.client(who)
    client.post(f"/courses/{course_id}/begin")
    for lesson in lesson_ids(portal, course_id):
        client.post(f"/courses/{course_id}/lessons/{lesson}/done")


def states(portal):
    """Return {name of the cast: states of his rows, the oldest assignment first}."""
    names = {getattr(portal.cast, who).id: who for who in vars(portal.cast)}
    found = {}
    for row in portal.rows(select(Assignee.person_id, Assignee.state).order_by(Assignee.assignment_id.desc())):
        found.setdefault(names.get(row.person_id, row.person_id), []).append(row.state)
    return found


def row(portal, person_id, assignment_id=None):
    """Return somebody's row, of an assignment where there are several."""
    which = [Assignee.person_id == person_id, *([Assignee.assignment_id == assignment_id] if assignment_id else [])]
    return portal.one(select(Assignee).where(*which))


def counts_are_true(portal):
    """Hold the counts by store to the rows."""
    late = case((Assignee.is_open() & Assignee.overdue_at.is_not(None), 1), else_=0)
    wanted = select(
        Assignee.assignment_id,
        Assignee.store_id,
        func.count(),
        func.sum(case((Assignee.state == "begun", 1), else_=0)),
        func.sum(case((Assignee.state == "done", 1), else_=0)),
        func.sum(late),
    ).where(Assignee.state != "withdrawn")
    columns = ("assignment_id", "store_id", "people", "begun", "done", "overdue")
    kept = select(*(getattr(AssignmentCount, name) for name in columns)).where(AssignmentCount.people > 0)
    rows = portal.rows(wanted.group_by(Assignee.assignment_id, Assignee.store_id))
    assert sorted(map(tuple, portal.rows(kept))) == sorted(map(tuple, rows))
