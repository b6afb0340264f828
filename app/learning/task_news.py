"""Who is told of tasks: those who may check a new answer, and the learner once it is checked."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select

from app.database import now
from app.extensions import db
from app.learning.task_models import TaskAnswer, TaskState
from app.notifications import kinds
from app.notifications.inbox import settle
from app.notifications.telling import tell
from app.people.absences import away_on
from app.people.models import Person, RoleGrant
from app.people.permissions import GRANTED_ROLES, PERMISSIONS, Permission, Position
from app.people.sessions import Viewer

kinds.register(
    kinds.Kind(
        "task_waiting",
        _l("Tasks that wait for my check"),
        _l("%(who)s: a task waits for your check"),
        _l("%(who)s: tasks wait for your check"),
        "edit",
    ),
    kinds.Kind(
        "task_accepted",
        _l("My task is accepted"),
        _l("Your task is accepted: %(words)s"),
        _l("Your tasks are accepted"),
        "check",
    ),
    kinds.Kind(
        "task_sent_back",
        _l("My task came back to be mended"),
        _l("Your task came back, look what to mend: %(words)s"),
        _l("Your tasks came back"),
        "undo",
    ),
)

TEACHERS = tuple(role for role in GRANTED_ROLES if Permission.TEACH in PERMISSIONS[role])


def tell_checkers(viewer: Viewer, answer: TaskAnswer) -> None:
    """Tell the director of the learner's store; where there is none at work, everybody who may teach."""
    people = _directors(viewer) or _teachers()
    tell(
        "task_waiting", people, group=_group(viewer.store_id), path="/checks", actor_id=viewer.id, words=answer.lesson.title
    )


def tell_learner(answer: TaskAnswer) -> None:
    """Tell the learner what became of his answer; by whom stands beside it on the page."""
    kind = "task_accepted" if answer.state == TaskState.ACCEPTED else "task_sent_back"
    path = f"/courses/{answer.course_id}/lessons/{answer.lesson_id}"
    what = {"group": f"task:{answer.id}", "path": path, "words": answer.lesson.title}
    tell(kind, [answer.person_id], entry=answer.course, **what)  # type: ignore[arg-type]


def settle_store(store_id: int) -> None:
    """Let nobody be called to a queue in which nothing of the store is left."""
    left = select(TaskAnswer.id).join(Person, Person.id == TaskAnswer.person_id)
    if db.session.scalar(left.where(TaskAnswer.state == TaskState.WAITING, Person.store_id == store_id).limit(1)) is None:
        settle(_group(store_id))


def _group(store_id: int) -> str:
    return f"checks:store-{store_id}"


def _directors(viewer: Viewer) -> Sequence[int]:
    away = exists().where(away_on(now().date())).correlate(Person)
    leads = (Person.store_id == viewer.store_id, Person.position == Position.DIRECTOR, Person.id != viewer.id)
    return db.session.scalars(select(Person.id).where(*leads, Person.employed(), ~away)).all()


def _teachers() -> Sequence[int]:
    return db.session.scalars(select(RoleGrant.person_id).where(RoleGrant.role.in_(TEACHERS)).distinct()).all()
