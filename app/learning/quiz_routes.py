"""A quiz being taken: one question a page, each answer kept at once, then the result."""

from typing import Any

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.errors import Refused
from app.extensions import db
from app.learning import quizzes, taking
from app.learning.learner_routes import step_of
from app.learning.models import Course, LessonKind, QuizAttempt
from app.learning.taking import Step

bp = Blueprint("quizzes", __name__, url_prefix="/courses/<int:course_id>/lessons/<int:lesson_id>/quiz")


@bp.post("/begin")
def begin(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Begin an attempt, or go on with the open one."""
    _course, step = _load(course_id, lesson_id)
    try:
        quizzes.begin(current_user, step.lesson)
    except Refused as refused:
        # An attempt whose time ran out has been counted all the same.
        db.session.commit()
        flash(str(refused), "care")
        return hx.go(f"/courses/{course_id}/lessons/{lesson_id}")
    db.session.commit()
    return hx.go(f"/courses/{course_id}/lessons/{lesson_id}/quiz")


@bp.get("")
def show(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Show one question of the open attempt: the one asked for, else the first without an answer."""
    course, step = _load(course_id, lesson_id)
    attempt = quizzes.standing_of(current_user, step.lesson).open
    if attempt is None:
        return hx.go(f"/courses/{course_id}/lessons/{lesson_id}")
    known = quizzes.answered(attempt)
    first = next((number for number in range(1, len(attempt.drawn) + 1) if number not in known), len(attempt.drawn))
    asked = quizzes.asked_in(attempt, hx.asked_id("question") or first) or abort(404)
    return _answer_question(course, step, attempt, asked)


@bp.post("/<int:number>")
def answer(course_id: int, lesson_id: int, number: int) -> ResponseReturnValue:
    """Keep an answer and show the next question; behind the last one, what is still open."""
    course, step = _load(course_id, lesson_id)
    attempt = quizzes.standing_of(current_user, step.lesson).open
    if attempt is None:
        flash(_("This attempt is over: what you had answered was counted."), "care")
        return hx.go(f"/courses/{course_id}/lessons/{lesson_id}")
    try:
        quizzes.answer(attempt, number, request.form.getlist("answer"))
    except Refused as refused:
        db.session.rollback()
        return _refused(course_id, lesson_id, number, str(refused))
    db.session.commit()
    if number < len(attempt.drawn):
        address = f"/courses/{course_id}/lessons/{lesson_id}/quiz?question={number + 1}"
        if not hx.is_fragment():
            return hx.go(address)
        asked = quizzes.asked_in(attempt, number + 1) or abort(404)
        return hx.push(_answer_question(course, step, attempt, asked), address)
    return hx.go(f"/courses/{course_id}/lessons/{lesson_id}/quiz/end")


@bp.get("/end")
def end(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Show what is answered and what is not, before the attempt is handed in."""
    course, step = _load(course_id, lesson_id)
    attempt = quizzes.standing_of(current_user, step.lesson).open
    if attempt is None:
        return hx.go(f"/courses/{course_id}/lessons/{lesson_id}")
    known = quizzes.answered(attempt)
    return hx.page("learning/quiz_end.html", course=course, lesson=step.lesson, attempt=attempt, known=known)


@bp.post("/hand-in")
def hand_in(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Count the attempt and show its result; handed in twice counts once."""
    course, step = _load(course_id, lesson_id)
    quizzes.hand_in_overdue(current_user, step.lesson)
    attempt = quizzes.standing_of(current_user, step.lesson).open
    if attempt is not None and quizzes.hand_in(current_user, course, step.lesson, attempt):
        flash(_("You have completed the course. Well done!"), "good")
    db.session.commit()
    return hx.go(f"/courses/{course_id}/lessons/{lesson_id}/quiz/result")


@bp.get("/result")
def result(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Show the last attempt question by question, with what explains it."""
    course, step = _load(course_id, lesson_id)
    standing = quizzes.standing_of(current_user, step.lesson)
    ended = [attempt for attempt in standing.attempts if attempt.submitted_at is not None]
    if not ended:
        return hx.go(f"/courses/{course_id}/lessons/{lesson_id}")
    way = taking.way_of(current_user, course)
    return hx.page(
        "learning/quiz_result.html",
        course=course,
        lesson=step.lesson,
        attempt=ended[-1],
        standing=standing,
        asked=quizzes.all_asked(ended[-1]),
        following=way.following,
    )


def _load(course_id: int, lesson_id: int) -> tuple[Course, Step]:
    course, _way, step = step_of(course_id, lesson_id)
    if step.lesson.kind != LessonKind.QUIZ:
        abort(404)
    return course, step


def _answer_question(course: Course, step: Step, attempt: QuizAttempt, asked: Any, error: str = "") -> Any:
    status, given = (422, request.form.getlist("answer")) if error else (200, None)
    template = "learning/_question.html" if hx.is_fragment() else "learning/quiz.html"
    return hx.page(
        template, status=status, course=course, lesson=step.lesson, attempt=attempt, asked=asked, error=error, given=given
    )


def _refused(course_id: int, lesson_id: int, number: int, error: str) -> ResponseReturnValue:
    course, step = _load(course_id, lesson_id)
    attempt = quizzes.standing_of(current_user, step.lesson).open
    if attempt is None:
        flash(error, "care")
        return hx.go(f"/courses/{course_id}/lessons/{lesson_id}")
    asked = quizzes.asked_in(attempt, number) or abort(404)
    answered: ResponseReturnValue = _answer_question(course, step, attempt, asked, error)
    return answered
