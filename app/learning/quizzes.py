"""Taking a quiz: an attempt is begun, questions are answered one by one, the attempt is handed in.

Every answer is kept when it is given, so that a lost line or a locked terminal loses nothing; the time limit is kept by the
server's clock; handing in twice counts once.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.database import insert_once, now
from app.errors import Refused
from app.extensions import db
from app.learning import grading, taking
from app.learning.models import (
    Course,
    CourseVersion,
    Enrolment,
    Lesson,
    LessonProgress,
    Question,
    QuestionKind,
    QuizAnswer,
    QuizAttempt,
)
from app.people.sessions import Viewer
from app.ui import full_date

# An answer that was on its way when the time ran out still counts.
GRACE = timedelta(seconds=5)
WORDS_LIMIT = 300


class Asked(NamedTuple):
    """A question as it is shown in an attempt: its options in the order drawn, and what was answered so far."""

    number: int
    question: Question
    # [(place, option)] in the order shown.
    options: list[tuple[int, dict[str, Any]]]
    # Or the answer of a shift, which holds the same.
    answer: Any


class Standing(NamedTuple):
    """What somebody may do with a quiz now."""

    attempts: list[QuizAttempt]
    open: QuizAttempt | None
    # How many tries are left; None: as many as one likes.
    left: int | None
    # When the next try may begin; None: now.
    wait_until: datetime | None

    @property
    def best(self) -> int | None:
        """Return the best result so far."""
        return max((attempt.score for attempt in self.attempts if attempt.score is not None), default=None)

    @property
    def passed(self) -> bool:
        """Tell whether some attempt was enough."""
        return any(attempt.passed for attempt in self.attempts)

    @property
    def may_begin(self) -> bool:
        """Tell whether a new attempt may begin now."""
        return self.open is None and self.left != 0 and self.wait_until is None


def standing_of(viewer: Viewer, lesson: Lesson) -> Standing:
    """Read somebody's attempts at a quiz; one whose time is over is handed in by the next act."""
    mine = (QuizAttempt.lesson_id == lesson.id, QuizAttempt.person_id == viewer.id)
    # Those of rounds before this one are history.
    since = select(Enrolment.begun_at).where(Enrolment.version_id == lesson.version_id, Enrolment.person_id == viewer.id)
    of_round = QuizAttempt.begun_at >= func.coalesce(since.scalar_subquery(), QuizAttempt.begun_at)
    attempts = list(db.session.scalars(select(QuizAttempt).where(*mine, of_round).order_by(QuizAttempt.number)))
    running = next((attempt for attempt in attempts if attempt.submitted_at is None and not is_over(attempt)), None)
    ended = [attempt for attempt in attempts if attempt is not running]
    left = max(0, lesson.attempts - len(ended)) if lesson.attempts else None
    return Standing(attempts, running, left, _wait_until(lesson, ended))


def begin(viewer: Viewer, lesson: Lesson) -> QuizAttempt:
    """Begin an attempt, or go on with the one that is open; pressed twice begins one."""
    hand_in_overdue(viewer, lesson)
    standing = standing_of(viewer, lesson)
    if standing.open is not None:
        return standing.open
    if standing.left == 0:
        raise Refused(_("All attempts are used. Ask your director or the course's author."))
    if standing.wait_until is not None:
        raise Refused(_("The next attempt may begin on %(date)s.", date=full_date(standing.wait_until)))
    moment = now()
    attempt = QuizAttempt(
        lesson_id=lesson.id,
        person_id=viewer.id,
        number=_next_number(viewer, lesson),
        begun_at=moment,
        ends_at=moment + timedelta(minutes=lesson.time_limit) if lesson.time_limit else None,
        drawn=_draw(lesson),
    )
    try:
        with db.session.begin_nested():
            db.session.add(attempt)
    except IntegrityError:
        # The button pressed twice at once: the other was first.
        mine = (QuizAttempt.lesson_id == lesson.id, QuizAttempt.person_id == viewer.id, QuizAttempt.submitted_at.is_(None))
        return db.session.scalars(select(QuizAttempt).where(*mine)).one()
    return attempt


def asked_in(attempt: QuizAttempt, number: int) -> Asked | None:
    """Return the question of a number, counted from 1."""
    if not 1 <= number <= len(attempt.drawn):
        return None
    question_id, order = attempt.drawn[number - 1]
    question = db.session.get_one(Question, question_id)
    answer = db.session.get(QuizAnswer, (attempt.id, question_id))
    return Asked(number, question, [(place, question.options[place]) for place in order], answer)


def all_asked(attempt: QuizAttempt) -> list[Asked]:
    """Return all questions of an attempt with their answers, for its result."""
    ids = [question_id for question_id, _order in attempt.drawn]
    questions = {one.id: one for one in db.session.scalars(select(Question).where(Question.id.in_(ids)))}
    answers = {
        one.question_id: one for one in db.session.scalars(select(QuizAnswer).where(QuizAnswer.attempt_id == attempt.id))
    }
    return [
        Asked(number, questions[key], [(place, questions[key].options[place]) for place in order], answers.get(key))
        for number, (key, order) in enumerate(attempt.drawn, 1)
    ]


def answered(attempt: QuizAttempt) -> set[int]:
    """Return the numbers of the questions that have an answer."""
    known = set(db.session.scalars(select(QuizAnswer.question_id).where(QuizAnswer.attempt_id == attempt.id)))
    return {number for number, (question_id, _order) in enumerate(attempt.drawn, 1) if question_id in known}


def answer(attempt: QuizAttempt, number: int, values: list[str]) -> None:
    """Keep what was answered to a question; until the attempt is handed in, it may be answered anew."""
    if attempt.submitted_at is not None:
        raise Refused(_("This attempt is handed in already."))
    if is_over(attempt):
        raise Refused(_("The time is over: what you had answered was handed in."))
    asked = asked_in(attempt, number)
    if asked is None:
        raise Refused(_("There is no such question."))
    given = read_answer(asked.question, values)
    right = grading.is_right(asked.question.kind, asked.question.options, given, asked.question.forgiving)
    where = {"attempt_id": attempt.id, "question_id": asked.question.id}
    if not insert_once(QuizAnswer, **where, given=given, right=right, at=now()):
        of_it = update(QuizAnswer).filter_by(**where).values(given=given, right=right, at=now())
        db.session.execute(of_it.execution_options(synchronize_session=False))
    db.session.expire_all()


def read_answer(question: Question, values: list[str]) -> Any:
    """Return the answer of a form as it is kept; refuse an empty one and what names no option."""
    if question.kind == QuestionKind.SHORT:
        words = " ".join((values[0] if values else "").replace("\x00", "").split())[:WORDS_LIMIT]
        if not words:
            raise Refused(_("Write an answer."), "answer")
        return words
    count = len(question.options)
    places = [int(value) for value in values[: 2 * count] if value.isascii() and value.isdigit() and int(value) < count]
    if question.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
        if not places:
            raise Refused(_("Choose an answer."), "answer")
        return sorted(set(places[:1] if question.kind == QuestionKind.SINGLE else places))
    if len(places) != count or (question.kind == QuestionKind.ORDER and len(set(places)) != count):
        raise Refused(
            _("Give each line its own place.") if question.kind == QuestionKind.ORDER else _("Choose a pair for each line."),
            "answer",
        )
    return places


def hand_in(viewer: Viewer, course: Course, lesson: Lesson, attempt: QuizAttempt) -> bool:
    """Count an attempt; tell whether the course is completed by it. Handed in twice counts once."""
    if not _close(attempt, now()):
        return False
    return _count(viewer, course, lesson, attempt)


def hand_in_overdue(viewer: Viewer, lesson: Lesson) -> None:
    """Count the attempt whose time ran out while nobody was there."""
    mine = (QuizAttempt.lesson_id == lesson.id, QuizAttempt.person_id == viewer.id, QuizAttempt.submitted_at.is_(None))
    attempt = db.session.scalar(select(QuizAttempt).where(*mine))
    if attempt is not None and attempt.ends_at is not None and is_over(attempt) and _close(attempt, attempt.ends_at):
        _count(viewer, lesson.version.course, lesson, attempt)


def close_open(person_id: int, course_id: int) -> None:
    """End what somebody has open in a course that he begins anew: it counts for nothing any more."""
    lessons = select(Lesson.id).join(CourseVersion, CourseVersion.id == Lesson.version_id)
    of_course = lessons.where(CourseVersion.course_id == course_id)
    mine = (QuizAttempt.person_id == person_id, QuizAttempt.submitted_at.is_(None), QuizAttempt.lesson_id.in_(of_course))
    for attempt in db.session.scalars(select(QuizAttempt).where(*mine)).all():
        _close(attempt, now())


def is_over(attempt: QuizAttempt) -> bool:
    """Tell whether the time of an attempt is over."""
    return attempt.ends_at is not None and now() > attempt.ends_at + GRACE


def _next_number(viewer: Viewer, lesson: Lesson) -> int:
    mine = (QuizAttempt.lesson_id == lesson.id, QuizAttempt.person_id == viewer.id)
    return 1 + (db.session.scalar(select(func.max(QuizAttempt.number)).where(*mine)) or 0)


def _close(attempt: QuizAttempt, moment: datetime) -> bool:
    """Set the result of an attempt that is still open; False where another request was first."""
    right = db.session.scalar(select(func.count()).where(QuizAnswer.attempt_id == attempt.id, QuizAnswer.right)) or 0
    score = grading.score_of(right, len(attempt.drawn))
    mark = db.session.get_one(Lesson, attempt.lesson_id).pass_mark
    done = db.session.execute(
        update(QuizAttempt)
        .where(QuizAttempt.id == attempt.id, QuizAttempt.submitted_at.is_(None))
        .values(submitted_at=moment, score=score, passed=score >= mark)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _count(viewer: Viewer, course: Course, lesson: Lesson, attempt: QuizAttempt) -> bool:
    of_it = (LessonProgress.person_id == viewer.id, LessonProgress.lesson_id == lesson.id)
    insert_once(LessonProgress, person_id=viewer.id, lesson_id=lesson.id, begun_at=attempt.begun_at, position=0)
    better = func.coalesce(LessonProgress.score, -1) < attempt.score
    db.session.execute(
        update(LessonProgress).where(*of_it, better).values(score=attempt.score).execution_options(synchronize_session=False)
    )
    if not attempt.passed:
        return False
    return taking.note_done(viewer, course, lesson)


def _wait_until(lesson: Lesson, ended: list[QuizAttempt]) -> datetime | None:
    if not lesson.pause_minutes or not ended:
        return None
    last = max(attempt.submitted_at or attempt.ends_at or attempt.begun_at for attempt in ended)
    until = last + timedelta(minutes=lesson.pause_minutes)
    return until if until > now() else None


def _draw(lesson: Lesson) -> list[Any]:
    """Draw the questions of an attempt: some of the bank by chance, or all in their order; options shuffled where wished."""
    questions = list(lesson.questions)
    if lesson.drawn and lesson.drawn < len(questions):
        questions = _chance.sample(questions, lesson.drawn)
    return [[question.id, _order(question, lesson.shuffled)] for question in questions]


def _order(question: Question, shuffled: bool) -> list[int]:
    order = list(range(len(question.options)))
    # What is to be put in order must not stand in it.
    if question.kind == QuestionKind.ORDER:
        while order == sorted(order):
            _chance.shuffle(order)
    elif shuffled and question.kind != QuestionKind.SHORT:
        _chance.shuffle(order)
    return order


_chance = random.SystemRandom()
