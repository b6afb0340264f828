"""What somebody is to learn, what is due first before the rest, with how far he has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select

from app.database import read_rows
from app.learning import lists, path_ways
from app.learning.assign_models import STILL_OPEN, Assignee, Assignment, paths_assigned_to
from app.learning.assign_words import due_words, is_late
from app.learning.models import Course, Enrolment
from app.learning.path_models import Path, PathCompletion
from app.learning.path_ways import Way
from app.navigation import Line
from app.people.models import Person
from app.people.sessions import Viewer

# So much is shown at once: what is done makes room for what follows.
MOST = 50
MOST_PATHS = 24
LINES = 3


class Due(NamedTuple):
    """Something that is to be learned until a day; `row_id` is the assignment's row."""

    row_id: int
    course_id: int | None
    path_id: int | None
    title: str
    note: str
    due_on: date
    due_at: datetime
    begun: bool
    done: int
    needed: int
    minutes_left: int
    lesson_id: int | None
    cover: str | None

    @property
    def is_late(self) -> bool:
        """Tell whether the day has passed."""
        return is_late(self.due_at)

    @property
    def words(self) -> str:
        """Say until when."""
        return due_words(self.due_on, self.due_at)

    @property
    def address(self) -> str:
        """Return the page of the course or the path."""
        return f"/courses/{self.course_id}" if self.course_id is not None else f"/paths/{self.path_id}"

    @property
    def further(self) -> str:
        """Return where to go on."""
        return self.address + (f"/lessons/{self.lesson_id}" if self.lesson_id is not None else "")


class OnPath(NamedTuple):
    """A path that somebody may go, and how far he has come."""

    id: int
    title: str
    way: Way


class Overview(NamedTuple):
    """What stands on the page of one's learning above what one may begin."""

    due: Sequence[Due]
    paths: Sequence[OnPath]
    begun: Sequence[Any]


NOTHING = Overview((), (), ())


def overview(viewer: Viewer) -> Overview:
    """Read what is due first, then the paths, then what else was begun; nothing stands there twice."""
    first = due(viewer)
    paths = on_paths(viewer, [one.path_id for one in first if one.path_id is not None])
    begun = lists.begun(viewer, [one.course_id for one in first if one.course_id is not None])
    return Overview(first, paths, begun)


def count() -> Select[int]:
    """Select how much somebody is to learn; executed with `audience.binds_of`."""
    standing = select(func.count()).select_from(Assignee).join(Assignment, Assignment.id == Assignee.assignment_id)
    return standing.where(
        Assignee.person_id == bindparam("viewer_id"), Assignee.state.in_(STILL_OPEN), Assignment.cancelled_at.is_(None)
    )


def lines(viewer: Viewer) -> list[Line]:
    """Return the first of what is to be learned, as it stands beside the stream."""
    rows = read_rows(_order(_of_standing(select(*_COLUMNS))).where(Assignee.person_id == viewer.id).limit(LINES))
    return [
        Line(
            row.title or row.path_title,
            f"/courses/{row.course_id}" if row.course_id else f"/paths/{row.path_id}",
            due_words(row.due_on, row.due_at),
            is_late(row.due_at),
        )
        for row in rows
    ]


def due(viewer: Viewer) -> list[Due]:
    """Read what somebody is to learn, what is due first before the rest; the same thing assigned twice stands once."""
    mine = Enrolment.person_id == viewer.id
    progress = (Enrolment.needed, Enrolment.done, Enrolment.minutes_left, Enrolment.lesson_id)
    more = (Course.minutes, Course.lesson_count, lists.cover().label("cover"), *progress)
    statement = _of_standing(select(*_COLUMNS, *more)).outerjoin(
        Enrolment, (Enrolment.course_id == Assignment.course_id) & mine
    )
    rows = read_rows(_order(statement).where(Assignee.person_id == viewer.id).limit(MOST))
    ways = path_ways.ways_of(viewer.id, {row.path_id for row in rows if row.path_id is not None})
    found: dict[tuple[int | None, int | None], Due] = {}
    for row in rows:
        found.setdefault((row.course_id, row.path_id), _due(row, ways.get(row.path_id)))
    return list(found.values())


def on_paths(viewer: Viewer, besides: Sequence[int] = ()) -> list[OnPath]:
    """Read the paths that somebody may go and has not completed, the newest first; three queries whatever their number."""
    done = select(PathCompletion.path_id).where(PathCompletion.person_id == viewer.id)
    statement = (
        select(Path.id, Path.title)
        .where(Path.seen_by(viewer), Path.archived_at.is_(None), Path.id.not_in(done), Path.id.not_in(besides))
        .order_by(Path.published_at.desc(), Path.id.desc())
        .limit(MOST_PATHS)
    )
    rows = read_rows(statement)
    ways = path_ways.ways_of(viewer.id, [row.id for row in rows])
    return [OnPath(row.id, row.title, ways[row.id]) for row in rows if ways[row.id].steps]


def completed_paths(viewer: Viewer | Person) -> Sequence[Any]:
    """Read the paths that somebody has completed, the latest first."""
    return read_rows(
        select(Path.id, Path.title, PathCompletion.completed_at)
        .join(PathCompletion, PathCompletion.path_id == Path.id)
        .where(PathCompletion.person_id == viewer.id, Path.deleted_at.is_(None))
        .order_by(PathCompletion.completed_at.desc(), Path.id)
        .limit(MOST_PATHS)
    )


def path_of(viewer: Viewer, path_id: int) -> Select[Any]:
    """Select a path that somebody may open."""
    return Path.opened_by(viewer, paths_assigned_to(viewer)).where(Path.id == path_id)


def due_of(viewer: Viewer, *, course_id: int | None = None, path_id: int | None = None) -> Any:
    """Return until when somebody is to complete a course or a path: the first day, if there are several; else None."""
    of_it = Assignment.course_id == course_id if course_id is not None else Assignment.path_id == path_id
    rows = read_rows(_order(_of_standing(select(*_COLUMNS))).where(Assignee.person_id == viewer.id, of_it).limit(1))
    return rows[0] if rows else None


_COLUMNS = (
    Assignee.id.label("row_id"),
    Assignee.due_on,
    Assignee.due_at,
    Assignee.state,
    Assignment.course_id,
    Assignment.path_id,
    Assignment.note,
    Course.title,
    Path.title.label("path_title"),
)


def _of_standing(statement: Any) -> Any:
    """Return the statement over open rows of assignments that stand."""
    return (
        statement.select_from(Assignee)
        .join(Assignment, Assignment.id == Assignee.assignment_id)
        .outerjoin(Course, Course.id == Assignment.course_id)
        .outerjoin(Path, Path.id == Assignment.path_id)
        .where(Assignee.state.in_(STILL_OPEN), Assignment.cancelled_at.is_(None))
    )


def _order(statement: Any) -> Any:
    return statement.order_by(Assignee.due_at, Assignee.id)


def _due(row: Any, way: Way | None) -> Due:
    if way is not None:
        known = (way.begun, way.done, way.needed, way.minutes_left, None, None)
        title = row.path_title
    else:
        begun = row.needed is not None
        needed = row.needed if begun else row.lesson_count
        left = row.minutes_left if begun else row.minutes
        known = (begun, row.done or 0, needed or 0, left or 0, row.lesson_id, row.cover)
        title = row.title
    return Due(row.row_id, row.course_id, row.path_id, title, row.note, row.due_on, row.due_at, *known)
