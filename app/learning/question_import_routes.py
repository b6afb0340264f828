"""Questions from a table in the browser: the template, the upload, what would go in, the confirmation."""

from flask import Blueprint, abort, flash, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf.file import FileField, FileRequired

from app import hx
from app.errors import Refused
from app.extensions import db
from app.forms import Form, tidy
from app.guard import requires
from app.learning import lessons, question_import, question_table, question_template
from app.learning.course_routes import load
from app.learning.models import Course, Lesson, LessonKind
from app.people.permissions import Permission
from app.tables import XLSX

bp = Blueprint("question_import", __name__, url_prefix="/courses")
AT = "/<int:course_id>/lessons/<int:lesson_id>/questions/import"


class TableForm(Form):
    """A table of questions."""

    file = FileField(
        _l("Table with questions"),
        [FileRequired(_l("Choose the file."))],
        description=_l("Excel (.xlsx, .xls), OpenDocument (.ods) or text (.csv), up to 2 MB and 500 questions."),
    )


@bp.get("/questions.xlsx")
@requires(Permission.TEACH)
def template() -> ResponseReturnValue:
    """Answer the template to be filled in."""
    return send_file(question_template.workbook(), mimetype=XLSX, as_attachment=True, download_name="questions.xlsx")


@bp.get(AT)
@requires(Permission.TEACH)
def show(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Show the upload, and what the table that was uploaded would bring in."""
    course = load(course_id)
    return _page(TableForm(None), course, quiz_of(course, lesson_id))


@bp.post(AT)
@requires(Permission.TEACH)
def create(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Read a table and keep what it holds until it is confirmed."""
    form = TableForm()
    line_id = quiz_of(load(course_id), lesson_id).line_id
    # Reading takes seconds at worst, in which nobody is to wait for the lock.
    db.session.rollback()
    try:
        if form.validate_on_submit():
            rows = question_table.read(form.file.data.stream)
            question_import.keep(current_user, line_id, tidy(form.file.data.filename)[-120:], rows)
            db.session.commit()
            return hx.go(f"{_at(course_id, lesson_id)}#found")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    course = load(course_id)
    return _page(form, course, quiz_of(course, lesson_id), 422)


@bp.post(f"{AT}/apply")
@requires(Permission.TEACH)
def apply(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Put the right rows into the quiz of the draft; pressed twice they go in once."""
    course = load(course_id)
    quiz_of(course, lesson_id)
    try:
        lesson = lessons.in_draft(course, lesson_id) or abort(404)
        done = question_import.apply(current_user, lesson, request.form.get("mark", ""), request.form.get("count", type=int))
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "bad")
        return hx.go(f"{_at(course_id, lesson_id)}#found")
    if done is None:
        db.session.rollback()
        flash(_("No table waits any more: its questions are in the quiz, or it was put aside."), "care")
        return hx.go(f"/courses/{course_id}/lessons/{lesson_id}/edit#questions")
    db.session.commit()
    flash(ngettext("%(num)d question was added.", "%(num)d questions were added.", done), "good")
    return hx.go(f"/courses/{course_id}/lessons/{lesson.id}/edit#questions")


@bp.post(f"{AT}/drop")
@requires(Permission.TEACH)
def drop(course_id: int, lesson_id: int) -> ResponseReturnValue:
    """Forget the table that waits."""
    question_import.drop(current_user, quiz_of(load(course_id), lesson_id))
    db.session.commit()
    return hx.go(_at(course_id, lesson_id))


def quiz_of(course: Course, lesson_id: int) -> Lesson:
    """Return a quiz as editors look at it."""
    lesson = lessons.shown(course, lesson_id) or abort(404)
    return lesson if lesson.kind == LessonKind.QUIZ else abort(404)


def _at(course_id: int, lesson_id: int) -> str:
    return f"/courses/{course_id}/lessons/{lesson_id}/questions/import"


def _page(form: TableForm, course: Course, lesson: Lesson, status: int = 200) -> ResponseReturnValue:
    table = question_import.waiting(current_user, lesson)
    given = {"course": course, "lesson": lesson, "table": table, "accepted": question_table.ACCEPTED}
    return hx.page("learning/import.html", status=status, form=form, **given)
