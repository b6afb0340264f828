"""Lists of courses: a learner's own, what he may begin, and the editors' desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, func, literal, select

from app.content.cards import Position
from app.content.models import Photo
from app.database import read_rows
from app.extensions import db
from app.learning.models import Course, Enrolment
from app.people.models import Person
from app.people.sessions import Viewer

PAGE = 24
# So many of the courses that somebody goes through are shown: those opened last; the others follow as these are completed.
MOST_BEGUN = 50
SHELVES = ("published", "drafts", "archive")


class Page(NamedTuple):
    """Rows and where the next page begins; None at the end."""

    rows: Sequence[Row[Any]]
    following: Position | None


def begun(viewer: Viewer, besides: Sequence[int] = ()) -> Sequence[Row[Any]]:
    """Read the courses that a person goes through, the one opened last first; `besides` stand on the page already."""
    statement = (
        _mine(viewer)
        .where(Enrolment.completed_at.is_(None), Course.id.not_in(besides))
        .order_by(Enrolment.seen_at.desc(), Course.id)
        .limit(MOST_BEGUN)
    )
    return read_rows(statement)


def completed(viewer: Viewer, before: Position | None = None) -> Page:
    """Read one page of the courses that a person has completed, the latest first."""
    statement = _mine(viewer).where(Enrolment.completed_at.is_not(None))
    return _page(statement, Enrolment.completed_at, before)


def offered(viewer: Viewer, before: Position | None = None) -> Page:
    """Read one page of the courses that a person may begin, the newest first."""
    has = select(1).where(Enrolment.course_id == Course.id, Enrolment.person_id == viewer.id).exists()
    statement = select(*_COLUMNS, Course.published_at.label("at")).where(
        Course.listed(), Course.seen_by(viewer), Course.archived_at.is_(None), ~has
    )
    return _page(statement, Course.published_at, before)


def shelf(name: str, before: Position | None = None) -> Page:
    """Read one page of the editors' desk."""
    begun_by = select(func.count()).where(Enrolment.course_id == Course.id).correlate(Course).scalar_subquery()
    done_by = select(func.count(Enrolment.first_completed_at)).where(Enrolment.course_id == Course.id).correlate(Course)
    conditions = {
        "published": (Course.published_at.is_not(None), Course.archived_at.is_(None)),
        "drafts": (Course.published_at.is_(None),),
        "archive": (Course.archived_at.is_not(None),),
    }[name]
    statement = (
        select(
            *_COLUMNS,
            Course.published_at,
            Course.edition,
            Course.created_at.label("at"),
            (Person.first_name + " " + Person.last_name).label("author"),
            begun_by.label("begun"),
            done_by.scalar_subquery().label("completed"),
        )
        .join(Person, Person.id == Course.author_id)
        .where(Course.deleted_at.is_(None), *conditions)
    )
    return _page(statement, Course.created_at, before)


def cover() -> Any:
    """Select the key of a course's cover."""
    first = select(Photo.key).where(Photo.entry_id == Course.id).order_by(Photo.place, Photo.id).limit(1)
    return first.correlate(Course).scalar_subquery()


_COLUMNS = (
    literal("course").label("kind"),
    Course.id,
    Course.title,
    Course.minutes,
    Course.lesson_count,
    cover().label("cover"),
)


def _mine(viewer: Viewer) -> Any:
    mine = Enrolment.person_id == viewer.id
    progress = (Enrolment.needed, Enrolment.done, Enrolment.minutes_left, Enrolment.lesson_id, Enrolment.completed_at)
    return (
        select(*_COLUMNS, *progress, func.coalesce(Enrolment.completed_at, Enrolment.seen_at).label("at"))
        .join(Enrolment, (Enrolment.course_id == Course.id) & mine)
        .where(Course.listed(), Course.opened_by(viewer))
    )


def _page(statement: Any, at: Any, before: Position | None) -> Page:
    if before is not None:
        statement = statement.where(before.older(at, Course.id))
    rows = db.session.execute(statement.order_by(at.desc(), Course.id.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    return Page(shown, Position(shown[-1].at, shown[-1].id) if len(rows) > PAGE else None)
