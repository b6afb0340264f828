"""How far people have come along paths: which courses are done, open or locked and why, and what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.database import insert_new, now, read_rows
from app.learning.models import Course, Enrolment
from app.learning.path_models import Path, PathCompletion, PathCourse, PathStep

CHUNK = 400


class Stop(NamedTuple):
    """A course of a path as one person finds it."""

    id: int
    title: str
    minutes: int
    minutes_left: int
    lesson_id: int | None
    begun: bool
    done: bool
    # Nobody begins it any more.
    closed: bool
    is_open: bool = True

    @property
    def address(self) -> str:
        """Return where to go on with it."""
        return f"/courses/{self.id}" + (f"/lessons/{self.lesson_id}" if self.lesson_id and not self.done else "")

    @property
    def is_there(self) -> bool:
        """Tell whether it can still be completed, or has been."""
        return self.done or self.begun or not self.closed


class Step(NamedTuple):
    """A step of a path as one person finds it; `reason` says in words why it is locked."""

    id: int
    number: int
    stops: list[Stop]
    needed: int
    is_open: bool
    reason: str

    @property
    def done(self) -> int:
        """Count the courses of it that are done, as far as they are needed."""
        return min(self.needed, sum(stop.done for stop in self.stops))

    @property
    def is_done(self) -> bool:
        """Tell whether nothing of it is needed any more."""
        return self.done >= self.needed

    @property
    def minutes_left(self) -> int:
        """Return how long what is still needed takes: the shortest courses, where one may choose."""
        left = sorted(stop.minutes_left for stop in self.stops if not stop.done and stop.is_there)
        return sum(left[: self.needed - self.done])


class Way(NamedTuple):
    """One person's way along a path."""

    steps: list[Step]
    completed_at: datetime | None

    @property
    def needed(self) -> int:
        """Count the courses that are needed."""
        return sum(step.needed for step in self.steps)

    @property
    def done(self) -> int:
        """Count the needed courses that are done; of a completed path all, though it has grown since."""
        return self.needed if self.completed_at is not None else sum(step.done for step in self.steps)

    @property
    def minutes_left(self) -> int:
        """Return how long what is still needed takes."""
        return 0 if self.completed_at is not None else sum(step.minutes_left for step in self.steps)

    @property
    def begun(self) -> bool:
        """Tell whether any of its courses was begun."""
        return any(stop.begun for step in self.steps for stop in step.stops)

    @property
    def is_whole(self) -> bool:
        """Tell whether everything that is needed is done."""
        return self.needed > 0 and all(step.is_done for step in self.steps)

    @property
    def following(self) -> Stop | None:
        """Return the course to go on with: one that was begun before one that was not, the needed ones before the others."""
        for beyond in (False, True):
            for step in self.steps:
                left = [stop for stop in step.stops if stop.is_open and stop.is_there and not stop.done]
                if left and step.is_done == beyond:
                    return next((stop for stop in left if stop.begun), left[0])
        return None

    def stop(self, course_id: int) -> tuple[Step, Stop] | None:
        """Return a course of the path and its step."""
        found = ((step, stop) for step in self.steps for stop in step.stops if stop.id == course_id)
        return next(found, None)


def ways_of(person_id: int, path_ids: Collection[int]) -> dict[int, Way]:
    """Read one person's way along several paths; two queries whatever their number."""
    if not path_ids:
        return {}
    completed = select(PathCompletion.path_id, PathCompletion.completed_at)
    mine = (PathCompletion.person_id == person_id, PathCompletion.path_id.in_(path_ids))
    at = {row.path_id: row.completed_at for row in read_rows(completed.where(*mine))}
    rows = read_rows(_stops(path_ids, Enrolment.person_id == person_id))
    return _ways(path_ids, rows, at)


def complete(path_ids: Collection[int], person_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Note who has completed which of these paths by now; return (path, person) of those who had not before."""
    found: list[tuple[int, int]] = []
    for start in range(0, len(person_ids), CHUNK):
        found += _complete(path_ids, person_ids[start : start + CHUNK])
    return found


def _complete(path_ids: Collection[int], person_ids: Sequence[int]) -> list[tuple[int, int]]:
    live = (Path.published_at.is_not(None), Path.deleted_at.is_(None))
    ids = [row.id for row in read_rows(select(Path.id).where(Path.id.in_(path_ids), *live))]
    if not ids or not person_ids:
        return []
    plain = read_rows(_stops(ids, Enrolment.person_id == 0))
    of_paths = select(PathCourse.course_id).where(PathCourse.path_id.in_(ids))
    progress = select(Enrolment.person_id, Enrolment.course_id, Enrolment.first_completed_at).where(
        Enrolment.person_id.in_(person_ids), Enrolment.course_id.in_(of_paths)
    )
    known: dict[int, dict[int, bool]] = {}
    for row in read_rows(progress):
        known.setdefault(row.person_id, {})[row.course_id] = row.first_completed_at is not None
    rows: list[dict[str, Any]] = []
    for person_id, courses in known.items():
        ways = _ways(ids, [_Known(row, courses) for row in plain], {})
        whole = [path_id for path_id, way in ways.items() if way.is_whole]
        rows += [{"path_id": path_id, "person_id": person_id, "completed_at": now()} for path_id in whole]
    made = insert_new(PathCompletion, rows, PathCompletion.path_id, PathCompletion.person_id)
    return [(row.path_id, row.person_id) for row in made]


class _Known:
    """A row of a path's course with what one person has done of it in place of the row's own."""

    def __init__(self, row: Any, courses: dict[int, bool]) -> None:
        self._row = row
        self.begun_at = courses.get(row.course_id) is not None or None
        self.completed_at = courses.get(row.course_id) or None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _stops(path_ids: Collection[int], mine: Any) -> Any:
    """Select the courses of paths in order, with how far somebody has come in each."""
    return (
        select(
            PathStep.path_id,
            PathStep.id.label("step_id"),
            PathStep.needed,
            Path.in_order,
            PathCourse.course_id,
            Course.title,
            Course.minutes,
            Course.archived_at,
            Course.deleted_at,
            Course.hidden_at,
            Course.published_at,
            Enrolment.begun_at,
            Enrolment.first_completed_at.label("completed_at"),
            Enrolment.minutes_left,
            Enrolment.lesson_id,
        )
        .select_from(PathStep)
        .join(Path, Path.id == PathStep.path_id)
        .join(PathCourse, PathCourse.step_id == PathStep.id)
        .join(Course, Course.id == PathCourse.course_id)
        .outerjoin(Enrolment, (Enrolment.course_id == Course.id) & mine)
        .where(PathStep.path_id.in_(path_ids))
        .order_by(PathStep.path_id, PathStep.place, PathStep.id, PathCourse.place, PathCourse.course_id)
    )


def _ways(path_ids: Iterable[int], rows: Iterable[Any], completed: dict[int, datetime]) -> dict[int, Way]:
    ways = {path_id: Way([], completed.get(path_id)) for path_id in path_ids}
    for path_id, of_path in groupby(rows, key=lambda row: row.path_id):
        ways[path_id] = Way(_steps(list(of_path)), completed.get(path_id))
    return ways


def _steps(rows: list[Any]) -> list[Step]:
    steps: list[Step] = []
    barrier: Step | None = None
    for number, (step_id, of_step) in enumerate(groupby(rows, key=lambda row: row.step_id), 1):
        parts = list(of_step)
        is_open = barrier is None
        stops = [_stop(row, is_open) for row in parts]
        # Courses that nobody can begin any more are not asked of whoever has not begun them.
        needed = min(parts[0].needed, sum(stop.is_there for stop in stops))
        step = Step(step_id, number, stops, needed, is_open, "" if barrier is None else _reason(barrier))
        steps.append(step)
        if barrier is None and parts[0].in_order and not step.is_done:
            barrier = step
    return steps


def _stop(row: Any, is_open: bool) -> Stop:
    begun, done = row.begun_at is not None, row.completed_at is not None
    closed = row.archived_at or row.deleted_at or row.hidden_at or row.published_at is None
    left = 0 if done else row.minutes_left if begun else row.minutes
    # What was begun stays open, whatever was put before it since.
    return Stop(
        row.course_id, row.title, row.minutes, left or 0, row.lesson_id, begun, done, bool(closed), is_open or begun or done
    )


def _reason(barrier: Step) -> str:
    """Say what is to be done before the next step opens."""
    left = barrier.needed - barrier.done
    if len(barrier.stops) == 1:
        return _("Opens when you have completed “%(title)s”", title=barrier.stops[0].title)
    return ngettext(
        "Opens when you have completed %(num)d more course of step %(step)d",
        "Opens when you have completed %(num)d more courses of step %(step)d",
        left,
        step=barrier.number,
    )
