"""The portal's pages about packages: how far one has come, beginning anew, and what learners answered."""

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.content import cards
from app.extensions import db
from app.guard import requires
from app.learning import lessons, scorm_pages, scorm_runtime, taking
from app.learning.course_routes import load as load_as_editor
from app.learning.learner_routes import step_of
from app.learning.models import Course, Lesson, LessonKind
from app.people.permissions import Permission

bp = Blueprint("scorm", __name__, url_prefix="/courses/<int:course_id>/lessons/<int:lesson_id>/package")


@bp.get("")
def show(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Show how far the viewer has come in a package: the player's page asks for it when something was kept."""
    course, lesson = _own(course_id, lesson_id)
    if not hx.is_fragment():
        return hx.go(f"/courses/{course_id}/lessons/{lesson.id}")
    way = taking.way_of(current_user, course)
    return hx.fragment(
        "scorm/_standing.html",
        course=course,
        lesson=lesson,
        step=way.step(lesson.id),
        after=way.after(lesson.id),
        standing=scorm_runtime.standing_of(current_user.id, lesson),
    )


@bp.post("/restart")
def restart(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Begin a package anew; what it was done for stays done."""
    _course, lesson = _own(course_id, lesson_id)
    scorm_runtime.restart(current_user.id, lesson)
    db.session.commit()
    flash(_("The lesson begins anew."), "good")
    return hx.go(f"/courses/{course_id}/lessons/{lesson.id}")


@bp.get("/answers")
@requires(Permission.TEACH)
def answers(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Show editors what learners have come to, and what they answered inside the package."""
    course = load_as_editor(course_id)
    lesson = lessons.shown(course, lesson_id) or abort(404)
    if lesson.kind != LessonKind.SCORM:
        abort(404)
    page = scorm_pages.runs_of(lesson, cards.Position.read(request.args.get("before")))
    template = "scorm/_runs.html" if hx.is_fragment() else "scorm/answers.html"
    return hx.page(template, course=course, lesson=lesson, page=page)


def _own(course_id: int, lesson_id: int) -> tuple[Course, Lesson]:
    """Return a lesson of the viewer's way that has a package, or 404."""
    course, _way, step = step_of(course_id, lesson_id)
    if step.lesson.kind != LessonKind.SCORM:
        abort(404)
    return course, step.lesson
