"""Whom an assignment is for: as conditions in SQL for all of them, and in Python for one person and all assignments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select

from app.content.audience import GroupMember, keys_of, people_in
from app.database import now
from app.learning.assign_models import Assignment, AssignmentName
from app.learning.models import Course
from app.learning.path_models import Path
from app.people.models import Person
from app.people.sessions import Viewer

NEWCOMERS = "newcomers:"


def wanted(assignment: Assignment) -> ColumnElement[bool]:
    """Return the condition on Person (joined with Store) that it is for him today."""
    return _for(assignment, now().date())


def stays(assignment: Assignment) -> ColumnElement[bool]:
    """Return the condition on Person (joined with Store) that he keeps it.

    To be a newcomer no longer is not to leave: whoever was one while the assignment stood keeps it.
    """
    return and_(Person.employed(), _for(assignment, assignment.created_at.date()))


def is_closed(assignment: Assignment, today: date | None = None) -> bool:
    """Tell whether it takes nobody new: its day has passed, or nobody begins the course or the path any more."""
    subject = assignment.course or assignment.path
    gone = subject is None or subject.archived_at is not None or subject.deleted_at is not None
    return gone or (assignment.due_on is not None and assignment.due_on < (today or now().date()))


def standing() -> Any:
    """Select the assignments that were not cancelled."""
    return select(Assignment).where(Assignment.cancelled_at.is_(None))


def wants(assignment: Assignment, viewer: Viewer, groups: set[str], named: set[int]) -> bool:
    """Tell whether it is for somebody today."""
    return _holds(assignment, viewer, groups, named, ())


def keeps(assignment: Assignment, viewer: Viewer, groups: set[str], named: set[int]) -> bool:
    """Tell whether somebody who has it keeps it; says `stays` in Python."""
    keys = [key for key in assignment.spec.split("|") if key.startswith(NEWCOMERS)]
    hired, since = viewer.hired_on, assignment.created_at.date()
    as_newcomer = [key for key in keys if hired and hired >= since - timedelta(days=int(key.removeprefix(NEWCOMERS)))]
    return _holds(assignment, viewer, groups, named, as_newcomer)


def groups_of(person_id: int) -> Any:
    """Select the ids of the groups that somebody belongs to."""
    return select(GroupMember.group_id).where(GroupMember.person_id == person_id)


def names_of(person_id: int) -> Any:
    """Select the assignments for which somebody was named."""
    return select(AssignmentName.assignment_id).where(AssignmentName.person_id == person_id)


def _holds(assignment: Assignment, viewer: Viewer, groups: set[str], named: set[int], more: Any) -> bool:
    if assignment.store_id is not None and assignment.store_id != viewer.store_id:
        return False
    if assignment.audience_id is None:
        return assignment.id in named
    return bool({*keys_of(viewer), *groups, *more} & set(assignment.spec.split("|")))


def _for(assignment: Assignment, day: date) -> ColumnElement[bool]:
    if assignment.audience_id is not None:
        condition = people_in(assignment.audience.key_list if assignment.audience is not None else (), day)
    else:
        name = (AssignmentName.assignment_id == assignment.id, AssignmentName.person_id == Person.id)
        condition = and_(Person.employed(), exists().where(*name).correlate(Person))
    if assignment.store_id is not None:
        condition = and_(condition, Person.store_id == assignment.store_id)
    return condition


def choosable_by(viewer: Viewer, everything: bool) -> tuple[Any, Any]:
    """Select the courses and the paths that somebody may assign: all that are published, or those that he sees himself."""
    courses = select(Course.id, Course.title).where(Course.listed(), Course.archived_at.is_(None))
    paths = select(Path.id, Path.title).where(
        Path.published_at.is_not(None), Path.deleted_at.is_(None), Path.archived_at.is_(None)
    )
    if not everything:
        courses, paths = courses.where(Course.seen_by(viewer)), paths.where(Path.seen_by(viewer))
    return courses.order_by(Course.title, Course.id), paths.order_by(Path.title, Path.id)
