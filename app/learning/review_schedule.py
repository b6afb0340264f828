"""When questions come back: whoever passes a quiz gets its questions put down for repeating, by hearing of the pass."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, or_, select, update

from app.activity import Activity, happened
from app.database import insert_all_once, now
from app.extensions import db
from app.jobs import every
from app.learning.models import Course, CourseVersion, Lesson, LessonKind, Question, QuizAttempt
from app.learning.review_models import INTERVALS, ReviewCard
from app.people.models import City, Person, Store

# What was due so long ago and is asked no more comes up again, if it is brought back, after so long.
FORGOTTEN, PUT_OFF = timedelta(days=7), timedelta(days=30)


def connect() -> None:
    """Begin to listen."""
    happened.connect(hear)


def hear(activity: Activity, *, subject: Any) -> None:
    """Put down the questions of a quiz that somebody has just passed."""
    if activity.verb == "lesson.done" and activity.actor_id is not None and subject.kind == LessonKind.QUIZ:
        schedule(activity.actor_id, subject)


def schedule(person_id: int, lesson: Lesson) -> None:
    """Put down what the attempt asked by which somebody passed; what is down already stays as it stands."""
    passed = (QuizAttempt.person_id == person_id, QuizAttempt.lesson_id == lesson.id, QuizAttempt.passed)
    drawn = db.session.scalar(select(QuizAttempt.drawn).where(*passed).order_by(QuizAttempt.number.desc()).limit(1))
    ids = [question_id for question_id, _order in drawn or ()]
    asked = db.session.scalars(select(Question).where(Question.id.in_(ids)))
    due_on = _today_of(person_id) + timedelta(days=INTERVALS[0])
    card = {"person_id": person_id, "course_id": lesson.version.course_id, "step": 0, "due_on": due_on}
    rows = [{**card, "line_id": question.line_id} for question in asked]
    if rows:
        insert_all_once(ReviewCard, rows)


def after(step: int, right: bool, today: date) -> tuple[int, date]:
    """Return the step and the day that follow from an answer: known is asked less and less, forgotten again tomorrow."""
    following = min(step + 1, len(INTERVALS) - 1) if right else 0
    return following, today + timedelta(days=INTERVALS[following])


@every(timedelta(days=1))
def put_off_dropped() -> None:
    """Let what is asked no more (its course is closed, the question is gone) not stand before what is."""
    today = now().date()
    db.session.execute(
        update(ReviewCard)
        .where(ReviewCard.due_on < today - FORGOTTEN, ~exists(_standing()))
        .values(due_on=today + PUT_OFF)
        .execution_options(synchronize_session=False)
    )


def current_questions(line_id: Any) -> Select[Any]:
    """Select the wording of a line in the newest version of a course that is open; nothing for what was dropped."""
    return (
        select(Question.id)
        .join(Lesson, Lesson.id == Question.lesson_id)
        .join(CourseVersion, CourseVersion.id == Lesson.version_id)
        .join(Course, (Course.id == CourseVersion.course_id) & (Course.edition == CourseVersion.number))
        .where(
            # Two short ways, by an index each.
            or_(Question.id == line_id, Question.origin_id == line_id),
            Course.listed(),
            Course.archived_at.is_(None),
        )
    )


def _standing() -> Select[Any]:
    return current_questions(ReviewCard.line_id).correlate(ReviewCard)


def _today_of(person_id: int) -> date:
    """Return what day it is in a person's store."""
    of_person = select(City.zone).join(Store).join(Person).where(Person.id == person_id)
    return now().astimezone(ZoneInfo(db.session.scalars(of_person).one())).date()
