"""The learners' pages: what one learns, a course, its lessons."""

from typing import Any, cast

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.activity import looked
from app.content import cards, talk
from app.content.comment_routes import blank_form
from app.content.entry_routes import load
from app.errors import Refused
from app.extensions import db
from app.learning import assign_due, certificate_rounds, lessons, lists, quizzes, scorm_pages, serving, taking, task_forms
from app.learning.models import Course, LessonKind
from app.learning.taking import Step, Way

bp = Blueprint("courses", __name__, url_prefix="/courses")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show what the viewer learns: what he has begun first, then what he may begin."""
    before = cards.Position.read(request.args.get("before"))
    page = lists.offered(current_user, before)
    if hx.is_fragment():
        return hx.fragment("learning/_offered.html", page=page)
    mine = assign_due.overview(current_user) if before is None else assign_due.NOTHING
    renewals = certificate_rounds.to_renew(current_user) if before is None else ()
    begun = [row for row in mine.begun if row.id not in {one.course_id for one in renewals}]
    around = {**mine._asdict(), "begun": begun, "renewals": renewals}
    return hx.page("learning/index.html", page=page, first=before is None, **around)


@bp.get("/completed")
def completed() -> ResponseReturnValue:
    """Show what the viewer has completed."""
    page = lists.completed(current_user, cards.Position.read(request.args.get("before")))
    if hx.is_fragment():
        return hx.fragment("learning/_completed.html", page=page)
    return hx.page("learning/completed.html", page=page)


@bp.get("/<int:course_id>")
def show(course_id: int) -> ResponseReturnValue:
    """Show what a course is about, its lessons, and how far the viewer has come."""
    looked.send(current_user.itself, entry_id=course_id)
    course = _load(course_id)
    row = cards.row_of(current_user, course.id, whole=True)
    place = talk.Place.read(request.args)
    form = blank_form(course)
    way = taking.way_of(current_user, course)
    return hx.page(
        "learning/show.html",
        course=course,
        entry=course,
        row=row,
        way=way,
        certified=certificate_rounds.standing_of(current_user, course, way.enrolment),
        due=assign_due.due_of(current_user, course_id=course_id),
        talk=talk.talk_under(current_user, course.id, place),
        form=form,
        reply_to=place.reply,
        reply_form=blank_form(course, place.reply) if place.reply else form,
    )


@bp.post("/<int:course_id>/begin")
def begin(course_id: int) -> ResponseReturnValue:
    """Begin a course, and go to its first lesson."""
    course = _load(course_id)
    try:
        taking.begin(current_user, course)
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "bad")
        return hx.go(f"/courses/{course_id}")
    following = taking.way_of(current_user, course).following
    db.session.commit()
    return hx.go(f"/courses/{course_id}/lessons/{following.lesson.id}" if following else f"/courses/{course_id}")


@bp.get("/<int:course_id>/lessons/<int:lesson_id>")
def lesson(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Show a lesson to somebody who has begun the course."""
    course, way, step = step_of(course_id, lesson_id)
    if step.lesson.id != lesson_id:
        return hx.go(f"/courses/{course_id}/lessons/{step.lesson.id}")
    taking.note_opened(current_user, course, step.lesson)
    shown = around(course, way, step)
    return scorm_pages.framed(hx.page("learning/lesson.html", **shown), shown["player"])


@bp.post("/<int:course_id>/lessons/<int:lesson_id>/done")
def done(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Note that a lesson is done, and go to the next."""
    course, _way, step = step_of(course_id, lesson_id)
    try:
        completed_now = taking.finish(current_user, course, step.lesson)
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "bad")
        return hx.go(f"/courses/{course_id}/lessons/{lesson_id}")
    way = taking.way_of(current_user, course)
    following = way.after(step.lesson.id)
    if following is None or following.is_done or not following.is_open:
        following = way.following
    db.session.commit()
    if completed_now:
        flash(_("You have completed the course. Well done!"), "good")
    ended = completed_now or following is None
    return hx.go(
        f"/courses/{course_id}" if ended or following is None else f"/courses/{course_id}/lessons/{following.lesson.id}"
    )


@bp.post("/<int:course_id>/lessons/<int:lesson_id>/position")
def position(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Keep where the video stands, so that another device goes on from there."""
    _course, _way, step = step_of(course_id, lesson_id)
    seconds = request.form.get("seconds", "")
    if seconds.isascii() and seconds.isdigit() and len(seconds) < 6:
        taking.note_position(current_user, step.lesson, int(seconds))
        db.session.commit()
    return hx.nothing()


@bp.get("/<int:course_id>/files/<int:file_id>")
def file(course_id: int, file_id: int) -> ResponseReturnValue:
    """Answer a file of a lesson, whole or by ranges, to its learners and editors."""
    found = serving.visible_file(current_user, course_id, file_id) or abort(404)
    return serving.answer(found)


def _load(course_id: int) -> Course:
    return cast(Course, load("courses", course_id))


def step_of(course_id: int, lesson_id: int) -> tuple[Course, Way, Step]:
    """Return a lesson of the viewer's way; 404 for what is not on it, 403 for what is still barred."""
    course = _load(course_id)
    way = taking.way_of(current_user, course)
    step = way.step(lesson_id) if way.enrolment is not None else None
    if step is None:
        abort(404)
    if not step.is_open:
        abort(403)
    return course, way, step


def around(course: Course, way: Way, step: Step) -> dict[str, Any]:
    """Return what a lesson's page shows."""
    number = [one.lesson.id for one in way.steps].index(step.lesson.id)
    return {
        "course": course,
        "way": way,
        "step": step,
        "lesson": step.lesson,
        "number": number + 1,
        "before": way.steps[number - 1] if number else None,
        "after": way.after(step.lesson.id),
        "parts": lessons.parts_of(step.lesson),
        "standing": quizzes.standing_of(current_user, step.lesson) if step.lesson.kind == LessonKind.QUIZ else None,
        "task": task_forms.sheet_of(current_user, course, step) if step.lesson.kind == LessonKind.TASK else None,
        "player": scorm_pages.player(current_user, course, step.lesson) if step.lesson.kind == LessonKind.SCORM else None,
    }
