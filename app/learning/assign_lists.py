"""Lists of assignments: the desk, the people of one, the log, and what one person has been assigned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import aliased

from app.content.audience import Audience, labels
from app.content.cards import Position
from app.database import now, read_rows
from app.learning.assign_models import (
    STILL_OPEN,
    Assignee,
    Assignment,
    AssignmentCount,
    AssignmentEvent,
    AssignmentName,
    State,
)
from app.learning.lists import Page
from app.learning.models import Course, Enrolment
from app.learning.path_models import Path
from app.people.models import City, Person, Store

PAGE = 24
PEOPLE = 50
SHELVES = ("standing", "over")
SHOWN = ("", "late", "assigned", "begun", "done", "withdrawn")


class Numbers(NamedTuple):
    """How far people have come: all of them, and of these those who have begun and not done, have done, are late."""

    people: int = 0
    begun: int = 0
    done: int = 0
    overdue: int = 0

    @property
    def share(self) -> float | None:
        """Return which part has done it."""
        return self.done / self.people if self.people else None


SUMS = tuple(func.sum(getattr(AssignmentCount, name)).label(name) for name in Numbers._fields)


def desk(shelf: str, store_id: int | None = None, before: Position | None = None) -> Page:
    """Read one page of assignments, the newest first; of a store, those that its director made."""
    over = Assignment.cancelled_at.is_not(None) if shelf == "over" else Assignment.cancelled_at.is_(None)
    statement = _assignments().where(over)
    if store_id is not None:
        statement = statement.where(Assignment.store_id == store_id)
    if before is not None:
        statement = statement.where(before.older(Assignment.created_at, Assignment.id))
    rows = read_rows(statement.order_by(Assignment.created_at.desc(), Assignment.id.desc()).limit(PAGE + 1))
    shown = rows[:PAGE]
    return Page(shown, Position(shown[-1].at, shown[-1].id) if len(rows) > PAGE else None)


def desk_row(assignment_id: int) -> Sequence[Any]:
    """Read one assignment as the desk shows it."""
    return read_rows(_assignments().where(Assignment.id == assignment_id))


def numbers_of(assignment_ids: Sequence[int]) -> dict[int, Numbers]:
    """Return how far people have come with these assignments."""
    if not assignment_ids:
        return {}
    of_them = AssignmentCount.assignment_id.in_(assignment_ids)
    statement = select(AssignmentCount.assignment_id, *SUMS).where(of_them).group_by(AssignmentCount.assignment_id)
    return {row.assignment_id: numbers(row) for row in read_rows(statement)}


def numbers(row: Any) -> Numbers:
    """Return the numbers that a row of sums holds."""
    return Numbers(*(int(getattr(row, name) or 0) for name in Numbers._fields))


def whom(rows: Sequence[Any]) -> Mapping[int, str]:
    """Say for whom assignments are, as {id: words}; those for people who were named have none."""
    specs = {row.id: row.spec for row in rows if row.spec is not None}
    words = labels(set(specs.values())) if specs else {}
    return {assignment_id: words[spec] for assignment_id, spec in specs.items()}


def named(assignment_id: int) -> Sequence[str]:
    """Read whom a director named, by name."""
    statement = select((Person.last_name + " " + Person.first_name).label("name")).join(
        AssignmentName, AssignmentName.person_id == Person.id
    )
    of_it = AssignmentName.assignment_id == assignment_id
    return [row.name for row in read_rows(statement.where(of_it).order_by(Person.name_key))]


def people(assignment_id: int, shown: str = "", store_id: int | None = None, after: tuple[str, int] | None = None) -> Any:
    """Read one page of the people of an assignment, by name, and where the next begins."""
    statement = (
        select(*_PERSON, *STATE)
        .join(Person, Person.id == Assignee.person_id)
        .join(Store, Store.id == Assignee.store_id)
        .join(City, City.id == Store.city_id)
        .where(Assignee.assignment_id == assignment_id, *_shown(shown))
    )
    if store_id is not None:
        statement = statement.where(Assignee.store_id == store_id)
    if after is not None:
        statement = statement.where(tuple_(Person.name_key, Person.id) > tuple_(literal(after[0]), literal(after[1])))
    rows = read_rows(statement.order_by(Person.name_key, Person.id).limit(PEOPLE + 1))
    page = rows[:PEOPLE]
    return page, page[-1].person_id if len(rows) > PEOPLE else None


def place_of(person_id: int | None) -> tuple[str, int] | None:
    """Return the place of somebody in a list by name, behind which a page begins."""
    rows = read_rows(select(Person.name_key, Person.id).where(Person.id == (person_id or 0)))
    return (rows[0].name_key, rows[0].id) if rows else None


def events(*, assignment_id: int = 0, row_id: int = 0, before: int | None = None) -> tuple[Sequence[Any], int | None]:
    """Read one page of the log of an assignment or of one row, the latest first, and before which line the next begins."""
    actor = aliased(Person)
    statement = (
        select(
            AssignmentEvent.id,
            AssignmentEvent.at,
            AssignmentEvent.what,
            AssignmentEvent.cause,
            AssignmentEvent.person_id,
            (Person.first_name + " " + Person.last_name).label("name"),
            (actor.first_name + " " + actor.last_name).label("actor"),
        )
        .outerjoin(Person, Person.id == AssignmentEvent.person_id)
        .outerjoin(actor, actor.id == AssignmentEvent.actor_id)
    )
    if row_id:
        statement = statement.where(AssignmentEvent.assignee_id == row_id)
    else:
        statement = statement.where(AssignmentEvent.assignment_id == assignment_id)
    if before is not None:
        statement = statement.where(AssignmentEvent.id < before)
    rows = read_rows(statement.order_by(AssignmentEvent.id.desc()).limit(PEOPLE + 1))
    shown = rows[:PEOPLE]
    return shown, shown[-1].id if len(rows) > PEOPLE else None


def of_person(person_id: int, before: Position | None = None) -> tuple[Sequence[Any], Page]:
    """Read what somebody is to learn, what is due first; and one page of what is over, the latest first."""
    statement = select(*STATE, *SUBJECT, *_PROGRESS).select_from(Assignee)
    statement = joined(statement, person_id).where(Assignee.person_id == person_id)
    standing = (Assignee.state.in_(STILL_OPEN), Assignment.cancelled_at.is_(None))
    opened = read_rows(statement.where(*standing).order_by(Assignee.due_at, Assignee.id).limit(PEOPLE))
    ended_at = func.coalesce(Assignee.done_at, Assignee.withdrawn_at)
    over = statement.add_columns(ended_at.label("at")).where(
        Assignee.state.in_((State.DONE, State.WITHDRAWN)), ended_at.is_not(None)
    )
    if before is not None:
        over = over.where(before.older(ended_at, Assignee.id))
    rows = read_rows(over.order_by(ended_at.desc(), Assignee.id.desc()).limit(PAGE + 1))
    shown = rows[:PAGE]
    return opened, Page(shown, Position(shown[-1].at, shown[-1].id) if len(rows) > PAGE else None)


def completed_courses(person_id: int) -> Sequence[Any]:
    """Read the courses that somebody has completed, the latest first."""
    done = (Enrolment.person_id == person_id, Enrolment.first_completed_at.is_not(None))
    # Of a course begun anew, when it was completed first.
    completed_at = func.coalesce(Enrolment.completed_at, Enrolment.first_completed_at)
    columns = (Course.id, Course.title, completed_at.label("completed_at"))
    statement = select(*columns).join(Enrolment, Enrolment.course_id == Course.id)
    return read_rows(statement.where(*done).order_by(completed_at.desc(), Course.id).limit(PEOPLE))


_PERSON = (
    Assignee.person_id,
    (Person.last_name + " " + Person.first_name).label("name"),
    Store.name.label("store"),
    City.name.label("city"),
)
STATE = (
    Assignee.id,
    Assignee.state,
    Assignee.due_on,
    Assignee.due_at,
    Assignee.begun_at,
    Assignee.done_at,
    Assignee.nudged_at,
    Assignee.cause,
)
SUBJECT = (
    Assignment.id.label("assignment_id"),
    Assignment.course_id,
    Assignment.path_id,
    func.coalesce(Course.title, Path.title).label("title"),
)
_PROGRESS = (Enrolment.done.label("lessons_done"), Enrolment.needed.label("lessons"), Enrolment.minutes_left)


def joined(statement: Any, person_id: Any) -> Any:
    """Return the statement over rows with their assignment, course or path, and how far the person has come."""
    mine = (Enrolment.course_id == Assignment.course_id) & (Enrolment.person_id == person_id)
    return (
        statement.join(Assignment, Assignment.id == Assignee.assignment_id)
        .outerjoin(Course, Course.id == Assignment.course_id)
        .outerjoin(Path, Path.id == Assignment.path_id)
        .outerjoin(Enrolment, mine)
    )


def _assignments() -> Any:
    return (
        select(
            Assignment.id,
            Assignment.created_at.label("at"),
            Assignment.course_id,
            Assignment.path_id,
            Assignment.due_on,
            Assignment.due_days,
            Assignment.due_from,
            Assignment.filled_at,
            Assignment.cancelled_at,
            func.coalesce(Course.title, Path.title).label("title"),
            Audience.spec,
            Store.name.label("store"),
            (Person.first_name + " " + Person.last_name).label("author"),
        )
        .join(Person, Person.id == Assignment.author_id)
        .outerjoin(Course, Course.id == Assignment.course_id)
        .outerjoin(Path, Path.id == Assignment.path_id)
        .outerjoin(Audience, Audience.id == Assignment.audience_id)
        .outerjoin(Store, Store.id == Assignment.store_id)
    )


def _shown(shown: str) -> tuple[Any, ...]:
    if shown == "late":
        return (Assignee.is_open(), Assignee.due_at <= now())
    return (Assignee.state == shown,) if shown else ()
