"""The learner's side of tasks: an answer is handed in, and its photos are looked at."""

from flask import Blueprint, Response, abort, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.content import composer
from app.content.drafts import drop_draft
from app.content.photos import NAME, file_key
from app.errors import Refused
from app.extensions import db
from app.learning import task_checks, task_forms, tasks
from app.learning.learner_routes import around, step_of
from app.learning.models import Course, Lesson, LessonKind
from app.learning.taking import Step, Way
from app.learning.task_forms import AnswerForm
from app.media import media

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.post("/<int:lesson_id>")
def hand_in(lesson_id: int) -> ResponseReturnValue:
    """Hand in an answer: photos first, which stay whatever becomes of the rest."""
    _load(lesson_id)
    db.session.rollback()
    form = AnswerForm()
    composer.take_photos(current_user, form)
    db.session.commit()
    course, way, step = _load(lesson_id)
    if form.has_errors or not form.validate_on_submit():
        return _again(course, way, step, form)
    try:
        answer = (form.body.data or "", form.photo_ids, (form.nonce.data or "")[:40])
        _hand_in(course, step, *answer)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _again(*_load(lesson_id), form)
    db.session.commit()
    return hx.go(f"/courses/{course.id}/lessons/{step.lesson.id}")


@bp.get("/<int:lesson_id>/edit")
def edit(lesson_id: int) -> ResponseReturnValue:
    """Lead from the draft of an answer to its lesson."""
    course, _way, step = _load(lesson_id)
    return hx.go(f"/courses/{course.id}/lessons/{step.lesson.id}#task")


@bp.get("/photos/<name>-<int:width>.webp")
def photo(name: str, width: int) -> ResponseReturnValue:
    """Answer a photo of an answer to its owner and to whoever may check it."""
    found = task_checks.visible_photo(current_user, name) if NAME.fullmatch(name) else None
    if found is None or width not in found.widths:
        abort(404)
    try:
        data = media().get(file_key(found.key, width))
    except FileNotFoundError:
        abort(404)
    answer = Response(data, content_type="image/webp")
    shared = current_user.terminal_id is not None
    answer.headers["Cache-Control"] = "no-store" if shared else "private, max-age=31536000, immutable"
    answer.headers["Content-Disposition"] = "inline"
    return answer


def _hand_in(course: Course, step: Step, body: str, photo_ids: list[int], nonce: str) -> None:
    """Hand in what may be; somebody whose answer is accepted already, in another window, is told so."""
    if step.is_done:
        flash(_("This task is accepted already."), "good")
    else:
        tasks.hand_in(current_user, course, step.lesson, body, photo_ids, nonce)
        flash(_("Your answer is handed in. You will be told once it is checked."), "good")
    drop_draft(current_user.id, task_forms.address(step.lesson.id))


def _load(lesson_id: int) -> tuple[Course, Way, Step]:
    lesson = db.session.get(Lesson, lesson_id) or abort(404)
    course, way, step = step_of(lesson.version.course_id, lesson_id)
    if step.lesson.kind != LessonKind.TASK:
        abort(404)
    return course, way, step


def _again(course: Course, way: Way, step: Step, form: AnswerForm) -> ResponseReturnValue:
    shown = around(course, way, step)
    shown["task"] = task_forms.sheet_of(current_user, course, step, form)
    answer: ResponseReturnValue = hx.page("learning/lesson.html", status=422, **shown)
    return answer
