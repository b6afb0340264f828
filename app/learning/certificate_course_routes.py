"""The certificates of a course: what its editors say of them, and going through it again."""

from typing import cast

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.content.entry_routes import load as load_entry
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.learning import certificate_rounds, certificate_rules, taking
from app.learning.certificate_forms import RuleForm
from app.learning.course_routes import load
from app.learning.models import Course
from app.people.permissions import Permission

bp = Blueprint("course_certificates", __name__, url_prefix="/courses/<int:course_id>")


@bp.get("/certificate")
@requires(Permission.TEACH)
def edit(course_id: int) -> ResponseReturnValue:
    """Show whether a course gives certificates, and which."""
    course = load(course_id)
    return _page(course, RuleForm.blank(certificate_rules.rule_of(course_id)))


@bp.post("/certificate")
@requires(Permission.TEACH)
def update(course_id: int) -> ResponseReturnValue:
    """Take over what the form says; it holds for certificates given from now on."""
    course, form = load(course_id), RuleForm()
    if not form.validate_on_submit():
        return _page(course, form, 422)
    try:
        certificate_rules.save(current_user, course, form.wish)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(load(course_id), form, 422)
    db.session.commit()
    if form.wish.is_on:
        flash(_("Whoever completes the course from now on gets a certificate."), "good")
    else:
        flash(_("The course gives no certificates any more. Those that were given stay valid."), "good")
    return hx.go(f"/courses/{course_id}/edit")


@bp.post("/anew")
def begin_anew(course_id: int) -> ResponseReturnValue:
    """Begin a completed course again, to renew its certificate, and go to its first lesson."""
    course = cast(Course, load_entry("courses", course_id))
    try:
        certificate_rounds.begin_anew(current_user, course)
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "bad")
        return hx.go(f"/courses/{course_id}")
    following = taking.way_of(current_user, course).following
    db.session.commit()
    return hx.go(f"/courses/{course_id}/lessons/{following.lesson.id}" if following else f"/courses/{course_id}")


def _page(course: Course, form: RuleForm, status: int = 200) -> ResponseReturnValue:
    answered: ResponseReturnValue = hx.page("certificates/rule.html", status=status, course=course, form=form)
    return answered
