"""Checking tasks: the queue, who may look at what, and the decision.

The director of the learner's store checks what his own people hand in; whoever may teach checks everybody's. Nobody checks
himself, so a director's own tasks, and those of stores without a director, are left to whoever may teach.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, func, literal, or_, select, tuple_, update
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.activity import record
from app.content.cards import Position
from app.content.models import Entry
from app.content.text import clean
from app.database import now, read_rows
from app.errors import Refused
from app.extensions import db
from app.learning import taking, task_news, tasks
from app.learning.models import Lesson
from app.learning.task_models import TaskAnswer, TaskPhoto, TaskState
from app.navigation import Line
from app.people.models import Person, RoleGrant, Store
from app.people.permissions import Permission
from app.people.permissions import Position as Work
from app.people.sessions import Viewer
from app.ui import ago

PAGE = 30
REMARK_LIMIT = 2_000
# The frame says "99+": nobody counts further.
MOST_COUNTED = 100
LINES = 3


class Queue(NamedTuple):
    """One page of what waits, the oldest first, and where the next begins; and the courses that it is about."""

    rows: Sequence[Row[Any]]
    following: Position | None
    courses: Sequence[Row[Any]]


def queue(viewer: Viewer, course_id: int | None = None, after: Position | None = None) -> Queue:
    """Read one page of what waits for the viewer's check."""
    statement = _waiting(_ROW, viewer)
    if course_id is not None:
        statement = statement.where(TaskAnswer.course_id == course_id)
    if after is not None:
        behind = tuple_(TaskAnswer.handed_in_at, TaskAnswer.id) > tuple_(literal(after.at), literal(after.id))
        statement = statement.where(behind)
    rows = read_rows(statement.order_by(TaskAnswer.handed_in_at, TaskAnswer.id).limit(PAGE + 1))
    shown = rows[:PAGE]
    courses = read_rows(_waiting(_COURSE, viewer).group_by(Entry.id, Entry.title).order_by(Entry.title, Entry.id).limit(100))
    return Queue(shown, Position(shown[-1].handed_in_at, shown[-1].id) if len(rows) > PAGE else None, courses)


def count() -> Select[int]:
    """Select how much waits for somebody's check; executed with `audience.binds_of`."""
    me = aliased(Person)
    viewer_id: Any = bindparam("viewer_id")
    teaches = exists().where(RoleGrant.person_id == viewer_id, RoleGrant.role.in_(task_news.TEACHERS))
    led = select(me.store_id).where(me.id == viewer_id, me.position == Work.DIRECTOR).scalar_subquery()
    # The statement outlives the day on which it was made.
    employed = or_(Person.dismissed_on.is_(None), Person.dismissed_on > func.current_date())
    sight = (TaskAnswer.person_id != viewer_id, or_(teaches, Person.store_id == led))
    waiting = _joined(select(TaskAnswer.id)).where(*_open(), employed, *sight)
    return select(func.count()).select_from(waiting.limit(MOST_COUNTED).subquery())


def lines(viewer: Viewer) -> list[Line]:
    """Return the first of what waits, as it stands beside the stream."""
    rows = read_rows(_waiting(_ROW, viewer).order_by(TaskAnswer.handed_in_at, TaskAnswer.id).limit(LINES))
    return [Line(f"{row.name}: {row.lesson}", f"/checks/{row.id}", ago(row.handed_in_at)) for row in rows]


def shown(viewer: Viewer, answer_id: int) -> TaskAnswer | None:
    """Return an answer to whoever may check it, decided or not."""
    statement = _joined(select(TaskAnswer)).where(TaskAnswer.id == answer_id, in_sight(viewer), Entry.deleted_at.is_(None))
    people = (joinedload(TaskAnswer.person).joinedload(Person.store), joinedload(TaskAnswer.decided_by))
    return db.session.scalar(statement.options(*people, selectinload(TaskAnswer.photos), joinedload(TaskAnswer.course)))


def in_sight(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on TaskAnswer, joined with its Person, that the viewer may check it."""
    if viewer.can(Permission.TEACH):
        return TaskAnswer.person_id != viewer.id
    if viewer.can(Permission.LEAD_STORE):
        return (TaskAnswer.person_id != viewer.id) & (Person.store_id == viewer.store_id)
    return literal(False)


def visible_photo(viewer: Viewer, name: str) -> TaskPhoto | None:
    """Find a photo of an answer for its owner and for whoever may check it."""
    statement = (
        select(TaskPhoto)
        .join(TaskAnswer, TaskAnswer.id == TaskPhoto.answer_id)
        .join(Person, Person.id == TaskAnswer.person_id)
        .where(TaskPhoto.key == f"photo/{name[:2]}/{name}", or_(TaskPhoto.owner_id == viewer.id, in_sight(viewer)))
    )
    return db.session.scalar(statement)


def checked_lessons(viewer: Viewer) -> Select[Any]:
    """Select the lessons whose answers the viewer may check: with them he must see what was asked."""
    return select(TaskAnswer.lesson_id).join(Person, Person.id == TaskAnswer.person_id).where(in_sight(viewer))


def decide(viewer: Viewer, answer: TaskAnswer, accepted: bool, remark: str) -> bool:
    """Accept an answer or send it back with what is to be mended; False where somebody else was first."""
    words = clean(remark)
    if len(words) > REMARK_LIMIT:
        raise Refused(_("Too long: %(n)d characters at most.", n=REMARK_LIMIT), "body")
    if not accepted and not words:
        raise Refused(_("Say what is to be mended: the learner sees nothing else."), "body")
    state = TaskState.ACCEPTED if accepted else TaskState.SENT_BACK
    done = db.session.execute(
        update(TaskAnswer)
        .where(TaskAnswer.id == answer.id, TaskAnswer.state == TaskState.WAITING)
        .values(state=state, decided_at=now(), decided_by_id=viewer.id, remark=words)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(answer)
    if not done.rowcount:  # type: ignore[attr-defined]
        return False
    tasks.note_waiting(answer.person_id, answer.lesson_id, waits=False)
    record("task.accepted" if accepted else "task.sent_back", viewer.id, answer)
    task_news.tell_learner(answer)
    task_news.settle_store(answer.person.store_id)
    if accepted:
        taking.note_done(answer.person, answer.course, answer.lesson)
    return True


_ROW = select(
    TaskAnswer.id,
    TaskAnswer.number,
    TaskAnswer.handed_in_at,
    TaskAnswer.person_id,
    (Person.first_name + " " + Person.last_name).label("name"),
    Person.photo_key,
    Store.name.label("store"),
    Lesson.title.label("lesson"),
    Entry.title.label("course"),
)
_COURSE = select(Entry.id, Entry.title, func.count().label("waiting"))


def _waiting(columns: Any, viewer: Viewer) -> Any:
    """Select columns of what waits for the viewer's check."""
    joined = _joined(columns).join(Lesson, Lesson.id == TaskAnswer.lesson_id).join(Store, Store.id == Person.store_id)
    return joined.where(*_open(), Person.employed(), in_sight(viewer))


def _open() -> tuple[ColumnElement[bool], ...]:
    return TaskAnswer.state == TaskState.WAITING, Entry.deleted_at.is_(None)


def _joined(columns: Any) -> Any:
    return (
        columns.select_from(TaskAnswer)
        .join(Person, Person.id == TaskAnswer.person_id)
        .join(Entry, Entry.id == TaskAnswer.course_id)
    )
