"""The editors' pages: the desk, a course and what becomes of it."""

from typing import Any

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.content import cards, composer
from app.content.drafts import draft_of, drop_draft
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.learning import courses, lessons, lists
from app.learning.forms import CourseForm
from app.learning.models import Course
from app.people.permissions import Permission

bp = Blueprint("course_desk", __name__, url_prefix="/courses")

FATES = {
    "archive": courses.archive,
    "unarchive": courses.unarchive,
    "discard": courses.discard_draft,
}


@bp.get("/desk")
@requires(Permission.TEACH)
def desk() -> ResponseReturnValue:
    """Show the published courses, those that are being written, and the archive."""
    shelf = request.args.get("shelf", "published")
    if shelf not in lists.SHELVES:
        abort(404)
    page = lists.shelf(shelf, cards.Position.read(request.args.get("before")))
    return hx.page("learning/_desk_rows.html" if hx.is_fragment() else "learning/desk.html", page=page, shelf=shelf)


@bp.get("/new")
@requires(Permission.TEACH)
def new() -> ResponseReturnValue:
    """Show the form of a course, with what was typed before and not sent."""
    kept = draft_of(current_user.id, "/courses")
    return _form(CourseForm.blank(kept, None), None, from_draft=bool(kept))


@bp.post("")
@requires(Permission.TEACH)
def create() -> ResponseReturnValue:
    """Begin a course, and go to its lessons."""
    return _take(CourseForm(), None)


@bp.get("/<int:course_id>/edit")
@requires(Permission.TEACH)
def edit(course_id: int) -> ResponseReturnValue:
    """Show a course as its editors have it: its lessons, what has changed, and whether it can be published."""
    course = load(course_id)
    version = courses.shown_to_editors(course)
    standing = lessons.of_version(version) if version is not None else []
    return hx.page("learning/edit.html", course=course, version=version, lessons=standing)


@bp.get("/<int:course_id>/about")
@requires(Permission.TEACH)
def about(course_id: int) -> ResponseReturnValue:
    """Show the form of a course that is there."""
    course = load(course_id)
    kept = draft_of(current_user.id, f"/courses/{course_id}")
    return _form(CourseForm.blank(kept, course), course, from_draft=bool(kept))


@bp.post("/<int:course_id>")
@requires(Permission.TEACH)
def update(course_id: int) -> ResponseReturnValue:
    """Take over what the form says of the course itself."""
    load(course_id)
    db.session.rollback()
    return _take(CourseForm(), course_id)


@bp.post("/<int:course_id>/publish")
@requires(Permission.TEACH)
def publish(course_id: int) -> ResponseReturnValue:
    """Let everybody who begins from now on learn the draft."""
    course = load(course_id)
    try:
        version = courses.publish(current_user, course)
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "bad")
        return hx.go(f"/courses/{course_id}/edit")
    db.session.commit()
    flash(_("Version %(n)d is out. Whoever has begun keeps what he began.", n=version.number), "good")
    return hx.go(f"/courses/{course_id}/edit")


@bp.post("/<int:course_id>/duplicate")
@requires(Permission.TEACH)
def duplicate(course_id: int) -> ResponseReturnValue:
    """Begin a new course with the same lessons."""
    made = courses.duplicate(current_user, load(course_id))
    db.session.commit()
    return hx.go(f"/courses/{made.id}/edit")


@bp.post("/<int:course_id>/<any(archive, unarchive, discard):fate>")
@requires(Permission.TEACH)
def decide(course_id: int, fate: str) -> ResponseReturnValue:
    """Archive it or bring it back, or throw the draft away."""
    course = load(course_id)
    FATES[fate](current_user, course)
    db.session.commit()
    return hx.go("/courses/desk" if course.deleted_at is not None else f"/courses/{course_id}/edit")


def load(course_id: int) -> Course:
    """Return a course as editors handle it, or 404."""
    return courses.of_editor(course_id) or abort(404)


def _take(form: CourseForm, course_id: int | None) -> ResponseReturnValue:
    """Take the form in: photos first, which stay whatever becomes of the rest."""
    composer.take_photos(current_user, form)
    db.session.commit()
    course = load(course_id) if course_id is not None else None
    if "count" in request.form:
        return _form(form, course)
    if form.has_errors or not form.validate_on_submit():
        return _form(form, course, status=422)
    try:
        composer.check_audience(current_user, form, course)
        if course is None:
            course = courses.create(current_user, form.about, (form.nonce.data or "")[:40])
        else:
            courses.change(current_user, course, form.about)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _form(form, load(course_id) if course_id is not None else None, status=422)
    drop_draft(current_user.id, "/courses" if course_id is None else f"/courses/{course_id}")
    db.session.commit()
    return hx.go(f"/courses/{course.id}/edit")


def _form(form: CourseForm, course: Course | None, status: int = 200, from_draft: bool = False) -> Any:
    around = composer.surroundings(current_user, form, course, with_topics=False)
    template = "learning/_about_form.html" if hx.is_fragment() else "learning/about.html"
    return hx.page(template, status=status, course=course, from_draft=from_draft, **around)
