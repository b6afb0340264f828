"""Keeping the rows of assignments in step with whom they are for: filled in portions, tidied, and one person at a time.

A portion is a job: what it does is committed together with its end, so a worker that dies repeats it and nothing is there
twice. What people's changes do not tell (the day on which somebody is a newcomer no longer, a dismissal planned long ago)
is found once a day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Select, and_, case, exists, or_, select

from app.database import alone_with, now, one_at_a_time, read_rows
from app.extensions import db
from app.jobs import every, later, task
from app.learning import assign_rows, assign_whom, path_ways
from app.learning.assign_models import Assignee, Assignment, AssignmentCount, State
from app.learning.assign_rows import Receiver
from app.learning.models import Enrolment
from app.learning.path_models import PathCompletion, PathCourse
from app.notifications.telling import tell
from app.people.models import City, Person, Store
from app.people.viewers import viewer_of

# So many people at a time: on SQLite nobody else writes meanwhile.
PORTION = 500


def soon(function: Any, *args: Any) -> None:
    """Let a job of this module run after the commit."""
    later(current_app._get_current_object(), function, *args)  # type: ignore[attr-defined]


@every(timedelta(days=1))
def look_over() -> None:
    """Bring every assignment in step with whom it is for."""
    for assignment_id in db.session.scalars(assign_whom.standing().with_only_columns(Assignment.id)).all():
        soon(fill, assignment_id)


@task
def fill(assignment_id: int, after: int = 0) -> None:
    """Give an assignment to the next portion of those who are to have it and have not, and tell them."""
    assignment = _standing(assignment_id)
    if assignment is None:
        return
    people = [] if assign_whom.is_closed(assignment) else read_rows(_without(assignment, after))
    _give(assignment, [Receiver._make(row) for row in people], "joined" if assignment.filled_at else "audience")
    if len(people) == PORTION:
        soon(fill, assignment_id, people[-1].id)
        return
    if assignment.filled_at is None:
        assignment.filled_at = now()
    soon(tidy, assignment_id)


@task
def tidy(assignment_id: int) -> None:
    """Take a portion of rows back from those who left, let rows follow whoever moved, end what was completed meanwhile."""
    assignment = _standing(assignment_id)
    if assignment is None:
        return
    gone = read_rows(_leaving(assignment))
    for cause in ("dismissed", "left"):
        assign_rows.withdraw([row.id for row in gone if (row.dismissed is None) == (cause == "left")], cause)
    moved = read_rows(_moved(assignment))
    assign_rows.move({row.id: (row.store_id, row.zone) for row in moved})
    done = read_rows(_completed(assignment))
    for row in done:
        path_ids = [assignment.path_id] if assignment.path_id is not None else []
        assign_rows.finish(row.person_id, course_id=assignment.course_id, path_ids=path_ids)
    if max(len(gone), len(moved), len(done)) == PORTION:
        soon(tidy, assignment_id)
        return
    stores = select(AssignmentCount.store_id).where(AssignmentCount.assignment_id == assignment_id)
    assign_rows.count_anew(assignment_id, db.session.scalars(stores).all())


@task
def settle_person(person_id: int) -> None:
    """Bring one person's rows in step after he was hired, moved, changed or dismissed."""
    one_at_a_time(f"assignments of {person_id}")
    viewer = viewer_of(person_id)
    mine = select(Assignee.id, Assignee.assignment_id, Assignee.state, Assignee.cause, Assignee.store_id)
    rows = {row.assignment_id: row for row in read_rows(mine.where(Assignee.person_id == person_id))}
    if viewer is None:
        assign_rows.withdraw([row.id for row in rows.values()], "dismissed")
        return
    moved = {row.id: (viewer.store_id, viewer.zone_name) for row in rows.values() if row.store_id != viewer.store_id}
    assign_rows.move(moved)
    groups = {f"group:{group_id}" for group_id in db.session.scalars(assign_whom.groups_of(person_id))}
    named = set(db.session.scalars(assign_whom.names_of(person_id)))
    for assignment in db.session.scalars(assign_whom.standing().order_by(Assignment.id)).all():
        row = rows.get(assignment.id)
        is_his = row is not None and not (row.state == State.WITHDRAWN and row.cause in assign_rows.RETURNABLE)
        about = (assignment, viewer, groups, named)
        if row is not None and is_his and not assign_whom.keeps(*about):
            assign_rows.withdraw([row.id], "left")
        elif not is_his and not assign_whom.is_closed(assignment, viewer.today) and assign_whom.wants(*about):
            place = (viewer.store_id, viewer.hired_on, viewer.zone_name)
            _give(assignment, [Receiver(person_id, *place, row.id if row is not None else None)], "joined")


@task
def cancel_rows(assignment_id: int, cause: str, actor_id: int | None, only_fresh: bool = False) -> None:
    """Take a portion of an assignment's open rows back: it was cancelled, or nobody begins its course any more."""
    state = Assignee.state == State.ASSIGNED if only_fresh else Assignee.is_open()
    of_it = select(Assignee.id).where(Assignee.assignment_id == assignment_id, state).order_by(Assignee.id)
    ids = db.session.scalars(of_it.limit(PORTION)).all()
    assign_rows.withdraw(ids, cause, actor_id)
    if len(ids) == PORTION:
        soon(cancel_rows, assignment_id, cause, actor_id, only_fresh)


@task
def follow_path(path_id: int, after: int = 0) -> None:
    """Note who is at the end of a path by its having changed, a portion of those who have begun it at a time."""
    of_path = select(PathCourse.course_id).where(PathCourse.path_id == path_id)
    begun = select(Enrolment.person_id).where(Enrolment.course_id.in_(of_path), Enrolment.first_completed_at.is_not(None))
    ids = db.session.scalars(
        begun.where(Enrolment.person_id > after).distinct().order_by(Enrolment.person_id).limit(PORTION)
    ).all()
    made = path_ways.complete([path_id], ids)
    assign_rows.finish_path(path_id, [person_id for _path, person_id in made])
    if len(ids) == PORTION:
        soon(follow_path, path_id, ids[-1])


def _standing(assignment_id: int) -> Assignment | None:
    """Return an assignment that was not cancelled, alone with it: two workers never fill one at once."""
    assignment = db.session.get(Assignment, assignment_id)
    if assignment is None:
        return None
    alone_with(assignment)
    return assignment if assignment.cancelled_at is None else None


def _give(assignment: Assignment, receivers: list[Receiver], cause: str) -> None:
    open_to = assign_rows.give(assignment, receivers, cause)
    tell("assigned", open_to, group=f"assigned:{assignment.id}", path=assignment.address, words=assignment.title)


def _without(assignment: Assignment, after: int) -> Any:
    """Select the next of those who are to have it and have it not, or had it before they left."""
    of_it = and_(Assignee.assignment_id == assignment.id, Assignee.person_id == Person.id)
    may = or_(Assignee.id.is_(None), and_(Assignee.state == State.WITHDRAWN, Assignee.cause.in_(assign_rows.RETURNABLE)))
    return (
        select(Person.id, Person.store_id, Person.hired_on, City.zone, Assignee.id.label("row_id"))
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .outerjoin(Assignee, of_it)
        .where(assign_whom.wanted(assignment), may, Person.id > after)
        .order_by(Person.id)
        .limit(PORTION)
    )


def _leaving(assignment: Assignment) -> Select[Any]:
    """Select open rows of people for whom it is no longer."""
    gone = case((Person.employed(), None), else_=Person.dismissed_on).label("dismissed")
    return (
        select(Assignee.id, gone)
        .join(Person, Person.id == Assignee.person_id)
        .join(Store, Store.id == Person.store_id)
        .where(Assignee.assignment_id == assignment.id, Assignee.is_open(), ~assign_whom.stays(assignment))
        .limit(PORTION)
    )


def _moved(assignment: Assignment) -> Any:
    """Select rows of people who work in another store by now."""
    return (
        select(Assignee.id, Person.store_id, City.zone)
        .join(Person, Person.id == Assignee.person_id)
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .where(Assignee.assignment_id == assignment.id, Assignee.store_id != Person.store_id)
        .limit(PORTION)
    )


def _completed(assignment: Assignment) -> Select[Any]:
    """Select open rows of people who have completed it: they did so while the row was being written."""
    if assignment.course_id is not None:
        ended = exists().where(
            Enrolment.course_id == assignment.course_id,
            Enrolment.person_id == Assignee.person_id,
            Enrolment.first_completed_at.is_not(None),
        )
    else:
        ended = exists().where(PathCompletion.path_id == assignment.path_id, PathCompletion.person_id == Assignee.person_id)
    of_it = (Assignee.assignment_id == assignment.id, Assignee.is_open(), ended.correlate(Assignee))
    return select(Assignee.person_id).where(*of_it).limit(PORTION)
