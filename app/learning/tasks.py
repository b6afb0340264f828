"""Answering a task: a text, photos or both are handed in and wait until a person has looked at them.

Whoever is sent back answers anew; what he had handed in and what was said of it stay as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from app.activity import record
from app.content import photos
from app.content.text import BODY_LIMIT, clean, render
from app.database import insert_once, now
from app.errors import Refused
from app.extensions import db
from app.learning import task_news
from app.learning.models import Course, Enrolment, Lesson, LessonProgress
from app.learning.task_models import TaskAnswer, TaskPhoto, TaskState
from app.people.sessions import Viewer


class Standing(NamedTuple):
    """What somebody has handed in for a task, the first answer first, and whether he may hand in another."""

    answers: Sequence[TaskAnswer]
    may_answer: bool

    @property
    def last(self) -> TaskAnswer | None:
        """Return the latest answer."""
        return self.answers[-1] if self.answers else None

    @property
    def former(self) -> Sequence[TaskAnswer]:
        """Return those before the latest, the last of them first."""
        return self.answers[-2::-1]


def standing_of(person_id: int, lesson_id: int, is_done: bool) -> Standing:
    """Read what somebody has handed in for a task, in a course begun anew since then."""
    since = select(Enrolment.begun_at).join(Lesson, Lesson.version_id == Enrolment.version_id)
    begun_at = since.where(Lesson.id == lesson_id, Enrolment.person_id == person_id).scalar_subquery()
    # What waited when the round began was decided in it.
    moment = func.coalesce(TaskAnswer.decided_at, TaskAnswer.handed_in_at)
    of_round = or_(TaskAnswer.state == TaskState.WAITING, moment >= func.coalesce(begun_at, moment))
    answers = db.session.scalars(
        select(TaskAnswer)
        .where(TaskAnswer.lesson_id == lesson_id, TaskAnswer.person_id == person_id, of_round)
        .options(selectinload(TaskAnswer.photos), joinedload(TaskAnswer.decided_by))
        .order_by(TaskAnswer.number)
    ).all()
    waits = bool(answers) and answers[-1].state == TaskState.WAITING
    return Standing(answers, may_answer=not is_done and not waits)


def hand_in(
    viewer: Viewer, course: Course, lesson: Lesson, body: str, photo_ids: Sequence[int], nonce: str = ""
) -> TaskAnswer:
    """Hand in an answer; the same form sent twice, and another window's while one waits, are one answer."""
    former = _former(viewer, lesson, nonce)
    if former is not None:
        return former
    text = clean(body)
    _check(lesson, text, photos.unsent(viewer.id, photo_ids))
    made = TaskAnswer(
        lesson_id=lesson.id,
        course_id=course.id,
        person_id=viewer.id,
        number=_next_number(viewer, lesson),
        body=text,
        body_html=render(text),
        nonce=nonce or None,
        handed_in_at=now(),
        state=TaskState.WAITING,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        former = _former(viewer, lesson, nonce)
        if former is None:
            raise
        return former
    for place, photo in enumerate(photos.hand_over(viewer.id, photo_ids)):
        shape: dict[str, Any] = {name: getattr(photo, name) for name in ("key", "width", "height", "widths")}
        made.photos.append(TaskPhoto(owner_id=viewer.id, place=place, **shape))
    note_waiting(viewer.id, lesson.id, waits=True)
    db.session.flush()
    record("task.handed_in", viewer.id, made)
    task_news.tell_checkers(viewer, made)
    return made


def note_waiting(person_id: int, lesson_id: int, waits: bool) -> None:
    """Keep with the progress of a lesson whether its answer waits, so that lists need not ask for answers."""
    insert_once(LessonProgress, person_id=person_id, lesson_id=lesson_id, begun_at=now(), position=0)
    of_it = (LessonProgress.person_id == person_id, LessonProgress.lesson_id == lesson_id)
    changed = update(LessonProgress).where(*of_it).values(handed_in_at=now() if waits else None)
    db.session.execute(changed.execution_options(synchronize_session=False))


def _former(viewer: Viewer, lesson: Lesson, nonce: str) -> TaskAnswer | None:
    """Return what this very form has made, or what waits already."""
    mine = select(TaskAnswer).where(TaskAnswer.person_id == viewer.id)
    if nonce and (made := db.session.scalar(mine.where(TaskAnswer.nonce == nonce))) is not None:
        return made
    return db.session.scalar(mine.where(TaskAnswer.lesson_id == lesson.id, TaskAnswer.state == TaskState.WAITING))


def _next_number(viewer: Viewer, lesson: Lesson) -> int:
    mine = (TaskAnswer.lesson_id == lesson.id, TaskAnswer.person_id == viewer.id)
    return 1 + (db.session.scalar(select(func.max(TaskAnswer.number)).where(*mine)) or 0)


def _check(lesson: Lesson, text: str, pictures: Sequence[Any]) -> None:
    if len(text) > BODY_LIMIT:
        raise Refused(_("Too long: %(n)d characters at most.", n=BODY_LIMIT), "body")
    if not text and lesson.wanted != "photos":
        raise Refused(_("Write your answer."), "body")
    if not pictures and lesson.wanted != "text":
        raise Refused(_("Add a photo: the task asks for one."), "photos")
