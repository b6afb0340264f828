"""The editors' pages of lessons and questions."""

from typing import Any

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.learning import courses, lesson_files, lessons, questions, scorm_pages
from app.learning.course_routes import load
from app.learning.forms import LessonForm, QuestionForm, sent_options, standing_options
from app.learning.models import Course, Lesson, LessonKind, Question
from app.learning.scorm_models import ScormPackage
from app.people.permissions import Permission

bp = Blueprint("lesson_desk", __name__, url_prefix="/courses/<int:course_id>")

ACTS = {
    "up": lambda lesson: lessons.move(lesson, -1),
    "down": lambda lesson: lessons.move(lesson, 1),
    "place": lambda lesson: lessons.put(lesson, _place(lesson.place)),
    "duplicate": lessons.duplicate,
    "remove": lessons.remove,
}
QUESTION_ACTS = {
    "up": lambda question: questions.move(question, -1),
    "down": lambda question: questions.move(question, 1),
    "place": lambda question: questions.put(question, _place(question.place)),
    "remove": questions.remove,
}


@bp.get("/lessons/new")
@requires(Permission.TEACH)
def new(course_id: int) -> ResponseReturnValue:
    """Show the form of a new lesson of a kind."""
    kind = request.args.get("kind", "text")
    if kind not in list(LessonKind):
        abort(404)
    return _form(LessonForm.blank(None), load(course_id), None, kind)


@bp.post("/lessons")
@requires(Permission.TEACH)
def create(course_id: int) -> ResponseReturnValue:
    """Put a new lesson behind the others."""
    kind = request.form.get("kind", "")
    if kind not in list(LessonKind):
        abort(404)
    return _take(LessonForm(), course_id, None, kind)


@bp.get("/lessons/<int:lesson_id>/edit")
@requires(Permission.TEACH)
def edit(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Show a lesson in the form; of a quiz its questions too."""
    course = load(course_id)
    lesson = lessons.shown(course, lesson_id) or abort(404)
    return _form(LessonForm.blank(lesson), course, lesson, lesson.kind)


@bp.post("/lessons/<int:lesson_id>")
@requires(Permission.TEACH)
def update(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Take over what the form says of a lesson, in the draft."""
    lesson = lessons.shown(load(course_id), lesson_id) or abort(404)
    kind = lesson.kind
    db.session.rollback()
    return _take(LessonForm(), course_id, lesson_id, kind)


@bp.get("/lessons/<int:lesson_id>/preview")
@requires(Permission.TEACH)
def preview(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Show a lesson as its learners will see it."""
    course = load(course_id)
    lesson = lessons.shown(course, lesson_id) or abort(404)
    is_package = lesson.kind == LessonKind.SCORM
    player = scorm_pages.player(current_user, course, lesson, is_preview=True) if is_package else None
    parts = lessons.parts_of(lesson)
    page = hx.page("learning/preview.html", course=course, lesson=lesson, parts=parts, step=None, player=player)
    return scorm_pages.framed(page, player)


@bp.post("/lessons/<int:lesson_id>/<any(up, down, place, duplicate, remove):act>")
@requires(Permission.TEACH)
def arrange(course_id: int, lesson_id: int, act: str) -> ResponseReturnValue:
    """Move, copy or remove a lesson of the draft."""
    course = load(course_id)
    try:
        ACTS[act](lessons.in_draft(course, lesson_id) or abort(404))
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "bad")
        return hx.go(f"/courses/{course_id}/edit")
    db.session.commit()
    if not hx.is_fragment():
        return hx.go(f"/courses/{course_id}/edit#lessons")
    version = courses.draft_of(course)
    return hx.fragment("learning/_arranged.html", course=course, lessons=lessons.of_version(version))


@bp.get("/lessons/<int:lesson_id>/questions/new")
@requires(Permission.TEACH)
def new_question(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Show the form of a new question."""
    course = load(course_id)
    return _question_form(QuestionForm.blank(None), course, _quiz(course, lesson_id), None, standing_options(None))


@bp.post("/lessons/<int:lesson_id>/questions")
@requires(Permission.TEACH)
def create_question(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Put a new question behind the others."""
    return _take_question(QuestionForm(), course_id, lesson_id, None)


@bp.get("/lessons/<int:lesson_id>/questions/<int:question_id>/edit")
@requires(Permission.TEACH)
def edit_question(course_id: int, lesson_id: int, question_id: int) -> ResponseReturnValue:
    """Show a question in the form."""
    course = load(course_id)
    lesson = _quiz(course, lesson_id)
    question = _question(lesson, question_id)
    return _question_form(QuestionForm.blank(question), course, lesson, question, standing_options(question))


@bp.post("/lessons/<int:lesson_id>/questions/<int:question_id>")
@requires(Permission.TEACH)
def update_question(course_id: int, lesson_id: int, question_id: int) -> ResponseReturnValue:
    """Take over what the form says of a question."""
    return _take_question(QuestionForm(), course_id, lesson_id, question_id)


@bp.post("/lessons/<int:lesson_id>/questions/<int:question_id>/<any(up, down, place, remove):act>")
@requires(Permission.TEACH)
def arrange_question(course_id: int, lesson_id: int, question_id: int, act: str) -> ResponseReturnValue:
    """Move or remove a question of the draft."""
    course = load(course_id)
    lesson = lessons.in_draft(course, lesson_id) or abort(404)
    QUESTION_ACTS[act](_question(lesson, question_id))
    db.session.commit()
    if hx.is_fragment():
        return hx.fragment("learning/_questions.html", course=course, lesson=lesson)
    return hx.go(f"/courses/{course_id}/lessons/{lesson.id}/edit#questions")


def _place(former: int) -> int:
    """Return the place that was sent, counted from 0; what is no number leaves things where they are."""
    place = request.form.get("place", former, type=int)
    return place if 0 <= place < 10_000 else former


def _quiz(course: Course, lesson_id: int) -> Lesson:
    lesson = lessons.shown(course, lesson_id) or abort(404)
    return lesson if lesson.kind == LessonKind.QUIZ else abort(404)


def _question(lesson: Lesson, question_id: int) -> Question:
    """Return a question of a quiz, or the copy of it that the draft has."""
    named = db.session.get(Question, question_id) or abort(404)
    known = {question.line_id: question for question in lesson.questions}
    return known.get(named.line_id) or abort(404)


def _take(form: LessonForm, course_id: int, lesson_id: int | None, kind: str) -> ResponseReturnValue:
    """Take the form in: files first, which stay whatever becomes of the rest."""
    for role, uploads in form.uploads.items():
        good, wrong = lesson_files.read(role, uploads)
        form.file.data = [*form.file.data, *(file.id for file in lesson_files.take_in(current_user.id, good))]
        for sentence in wrong:
            form.refuse(Refused(sentence, {"picture": "pictures", "document": "documents"}.get(role, role)))
    db.session.commit()
    course = load(course_id)
    lesson = lessons.in_draft(course, lesson_id) or abort(404) if lesson_id is not None else None
    if form.has_errors or not form.validate_on_submit():
        db.session.rollback()
        return _again(form, course_id, lesson_id, kind)
    try:
        if lesson is None:
            lesson = lessons.add(current_user, course, kind, form.content)
        else:
            lessons.change(current_user, lesson, form.content)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _again(form, course_id, lesson_id, kind)
    db.session.commit()
    if kind == LessonKind.QUIZ and lesson_id is None:
        return hx.go(f"/courses/{course_id}/lessons/{lesson.id}/edit#questions")
    return hx.go(f"/courses/{course_id}/edit#lessons")


def _again(form: LessonForm, course_id: int, lesson_id: int | None, kind: str) -> ResponseReturnValue:
    course = load(course_id)
    lesson = lessons.shown(course, lesson_id) or abort(404) if lesson_id is not None else None
    answer: ResponseReturnValue = _form(form, course, lesson, kind, 422)
    return answer


def _form(form: LessonForm, course: Course, lesson: Lesson | None, kind: str, status: int = 200) -> Any:
    standing = [*(lesson.files if lesson is not None else ()), *lesson_files.unsent(current_user.id, form.file.data)]
    template = "learning/lesson_edit.html"
    package = ScormPackage.of(lesson) if lesson is not None and kind == LessonKind.SCORM else None
    around = {"course": course, "lesson": lesson, "kind": kind, "standing": standing, "package": package}
    return hx.page(template, status=status, form=form, **around)


def _take_question(form: QuestionForm, course_id: int, lesson_id: int, question_id: int | None) -> ResponseReturnValue:
    course = load(course_id)
    lesson = lessons.in_draft(course, lesson_id) or abort(404)
    question = _question(lesson, question_id) if question_id is not None else None
    try:
        if not form.validate_on_submit():
            raise Refused("")
        if question is None:
            questions.add(lesson, form.content)
        else:
            questions.change(question, form.content)
    except Refused as refused:
        db.session.rollback()
        if str(refused):
            form.refuse(refused)
        course = load(course_id)
        lesson = _quiz(course, lesson_id)
        question = _question(lesson, question_id) if question_id is not None else None
        return _question_form(form, course, lesson, question, sent_options(), 422)
    db.session.commit()
    if request.form.get("act") == "more":
        flash(_("The question is kept."), "good")
        return hx.go(f"/courses/{course_id}/lessons/{lesson.id}/questions/new")
    return hx.go(f"/courses/{course_id}/lessons/{lesson.id}/edit#questions")


def _question_form(
    form: QuestionForm, course: Course, lesson: Lesson, question: Question | None, lines: Any, status: int = 200
) -> Any:
    pictures = [file for file in lesson.files if file.role == "picture"]
    around = {"course": course, "lesson": lesson, "question": question, "lines": lines, "pictures": pictures}
    return hx.page("learning/question_edit.html", status=status, form=form, **around)
