"""The life of a path: made as a draft, its steps arranged, published, put into the archive.

Changes of a published path hold at once. They take nothing away: a completion is a row of its own, a course that was
completed counts wherever it stands, and one that was begun stays open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from app.activity import record
from app.content.cards import Position
from app.content.once import add_once, former_of
from app.content.publishing import audience_from
from app.content.text import clean, render
from app.database import alone_with, now
from app.errors import Refused
from app.extensions import db
from app.forms import tidy
from app.learning.about import check_about
from app.learning.lists import PAGE, Page
from app.learning.models import Course
from app.learning.path_models import Path, PathCourse, PathStep
from app.people.models import log_change
from app.people.sessions import Viewer

MOST_COURSES = 50
SHELVES = ("published", "drafts", "archive")


@dataclass
class About:
    """What an editor's form says a path is."""

    title: str
    body: str = ""
    keys: Sequence[str] = ()
    in_order: bool = True


def create(viewer: Viewer, about: About, nonce: str = "") -> Path:
    """Begin a path that nobody but editors knows; the same form sent twice is one path."""
    _check(about)
    path = Path(author_id=viewer.id, created_at=now(), nonce=nonce or None, title="", audience=audience_from(about.keys))
    _take(path, about)
    return former_of(Path, viewer.id, nonce) or add_once(Path, path) or path


def change(viewer: Viewer, path: Path, about: About) -> None:
    """Take over what the form says of the path itself."""
    _check(about)
    path.audience = audience_from(about.keys)
    _take(path, about)
    db.session.flush()
    _tell(viewer, path)


def add_course(viewer: Viewer, path: Path, course_id: int, step_id: int | None = None) -> None:
    """Put a course behind the others as a step of its own, or beside those of a step."""
    alone_with(path)
    course = db.session.scalar(choosable().where(Course.id == course_id))
    if course is None:
        raise Refused(_("Choose a course of the list."), "course_id")
    if db.session.get(PathCourse, (path.id, course_id)) is not None:
        raise Refused(_("“%(title)s” stands in this path already.", title=course.title), "course_id")
    if sum(len(step.courses) for step in path.steps) >= MOST_COURSES:
        raise Refused(_("A path has at most %(n)d courses. Make two of it.", n=MOST_COURSES), "course_id")
    step = step_of(path, step_id) if step_id is not None else None
    if step is None:
        step = PathStep(path_id=path.id, place=max((one.place for one in path.steps), default=-1) + 1, needed=1)
        db.session.add(step)
        db.session.flush()
    elif step.needed == len(step.courses):
        # All of them were needed; the new one is too, until the editor says otherwise.
        step.needed += 1
    place = max((one.place for one in step.courses), default=-1) + 1
    db.session.add(PathCourse(path_id=path.id, step_id=step.id, course_id=course_id, place=place))
    _arranged(viewer, path)


def drop_course(viewer: Viewer, path: Path, course_id: int) -> None:
    """Take a course out of the path; a step without courses goes."""
    alone_with(path)
    standing = db.session.get(PathCourse, (path.id, course_id))
    if standing is None:
        return
    step = standing.step
    db.session.delete(standing)
    db.session.flush()
    db.session.expire(step, ["courses"])
    if step.courses:
        step.needed = min(step.needed, len(step.courses))
    else:
        db.session.delete(step)
    _arranged(viewer, path)


def move(viewer: Viewer, path: Path, step_id: int, by: int) -> None:
    """Move a step one place up (-1) or down (1); at the end it stays."""
    alone_with(path)
    order = list(path.steps)
    step = step_of(path, step_id)
    if step is None:
        return
    here = order.index(step)
    order.insert(max(0, min(here + by, len(order) - 1)), order.pop(here))
    for place, one in enumerate(order):
        one.place = place
    _arranged(viewer, path)


def need(viewer: Viewer, path: Path, step_id: int, needed: int | None) -> None:
    """Say how many courses of a step are needed; none makes it optional."""
    alone_with(path)
    step = step_of(path, step_id)
    if step is None:
        return
    if needed is None or not 0 <= needed <= len(step.courses):
        raise Refused(_("Enter a number from %(least)d to %(most)d.", least=0, most=len(step.courses)))
    step.needed = needed
    _arranged(viewer, path)


def publish(viewer: Viewer, path: Path) -> None:
    """Let its audience see it."""
    alone_with(path)
    if not path.steps:
        raise Refused(_("Add a course first: there is nothing to learn yet."))
    if not any(step.needed for step in path.steps):
        raise Refused(_("All courses are optional: the path would be done before it begins."))
    if path.published_at is None:
        path.published_at = now()
        db.session.flush()
        record("path.published", viewer.id, path)


def archive(viewer: Viewer, path: Path) -> None:
    """Lead nobody new along it."""
    if path.archived_at is None and path.published_at is not None:
        path.archived_at = now()
        db.session.flush()
        record("path.archived", viewer.id, path)


def unarchive(viewer: Viewer, path: Path) -> None:
    """Bring it back from the archive."""
    if path.archived_at is not None:
        path.archived_at = None
        db.session.flush()
        record("path.unarchived", viewer.id, path)


def discard(viewer: Viewer, path: Path) -> None:
    """Throw a draft away; what was published goes into the archive instead."""
    if path.published_at is None and path.deleted_at is None:
        path.deleted_at = now()
        log_change("path.discarded", path, actor_id=viewer.id, name=path.title)
        db.session.flush()


def of_editor(path_id: int) -> Path | None:
    """Return any path that was not thrown away, with its steps and courses."""
    courses = selectinload(Path.steps).selectinload(PathStep.courses).joinedload(PathCourse.course)
    return db.session.scalar(select(Path).options(courses).where(Path.id == path_id, Path.deleted_at.is_(None)))


def step_of(path: Path, step_id: int) -> PathStep | None:
    """Return a step of the path."""
    return next((step for step in path.steps if step.id == step_id), None)


def choosable() -> Select[Any]:
    """Select the courses that may stand in a path or be assigned."""
    return select(Course).where(Course.listed(), Course.archived_at.is_(None)).order_by(Course.title, Course.id)


def course_choices(path: Path) -> list[tuple[int, str]]:
    """Return the courses that are not in the path yet, for a form."""
    here = select(PathCourse.course_id).where(PathCourse.path_id == path.id)
    rows = db.session.execute(choosable().where(Course.id.not_in(here)).with_only_columns(Course.id, Course.title))
    return [(row.id, row.title) for row in rows]


def shelf(name: str, before: Position | None = None) -> Page:
    """Read one page of the editors' desk, the newest first."""
    conditions = {
        "published": (Path.published_at.is_not(None), Path.archived_at.is_(None)),
        "drafts": (Path.published_at.is_(None),),
        "archive": (Path.archived_at.is_not(None),),
    }[name]
    courses = select(func.count()).where(PathCourse.path_id == Path.id).correlate(Path).scalar_subquery()
    statement = select(Path.id, Path.title, Path.created_at.label("at"), courses.label("courses"))
    statement = statement.where(Path.deleted_at.is_(None), *conditions)
    if before is not None:
        statement = statement.where(before.older(Path.created_at, Path.id))
    rows = db.session.execute(statement.order_by(Path.created_at.desc(), Path.id.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    return Page(shown, Position(shown[-1].at, shown[-1].id) if len(rows) > PAGE else None)


def _check(about: About) -> None:
    check_about(about.title, about.body, about.keys, untitled=_("Give the path a title."))


def _take(path: Path, about: About) -> None:
    path.title = tidy(about.title)
    path.body = clean(about.body)
    path.body_html = render(path.body)
    path.in_order = about.in_order


def _arranged(viewer: Viewer, path: Path) -> None:
    db.session.flush()
    db.session.expire(path, ["steps"])
    for step in path.steps:
        db.session.expire(step, ["courses"])
    _tell(viewer, path)


def _tell(viewer: Viewer, path: Path) -> None:
    """Let others hear that a path that people go has changed: some may be at its end by that."""
    if path.published_at is not None:
        record("path.changed", viewer.id, path)
