"""The checker's pages: what waits, an answer with what is asked, and the decision."""

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.content import cards
from app.content.drafts import draft_of, drop_draft
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.learning import lessons, task_checks, tasks
from app.learning.task_forms import RemarkForm
from app.learning.task_models import TaskAnswer
from app.people.permissions import Permission

bp = Blueprint("task_checks", __name__, url_prefix="/checks")
MAY_CHECK = (Permission.TEACH, Permission.LEAD_STORE)


@bp.get("")
@requires(*MAY_CHECK)
def index() -> ResponseReturnValue:
    """Show what waits to be checked, the oldest first, of one course if wanted."""
    course_id = hx.asked_id("course")
    queue = task_checks.queue(current_user, course_id, cards.Position.read(request.args.get("after")))
    template = "tasks/_rows.html" if hx.is_fragment() else "tasks/index.html"
    return hx.page(template, queue=queue, course_id=course_id)


@bp.get("/<int:answer_id>")
@requires(*MAY_CHECK)
def show(answer_id: int) -> ResponseReturnValue:
    """Show an answer with what was asked, what is looked at, and what was answered before."""
    form = RemarkForm.blank(draft_of(current_user.id, f"/checks/{answer_id}"))
    return _page(_load(answer_id), form)


@bp.get("/<int:answer_id>/edit")
@requires(*MAY_CHECK)
def edit(answer_id: int) -> ResponseReturnValue:
    """Lead from the draft of a remark to its answer."""
    return hx.go(f"/checks/{_load(answer_id).id}")


@bp.post("/<int:answer_id>")
@requires(*MAY_CHECK)
def decide(answer_id: int) -> ResponseReturnValue:
    """Accept an answer or send it back, and go on with the queue."""
    answer, form = _load(answer_id), RemarkForm()
    accepted = {"accept": True, "back": False}.get(request.form.get("act", ""))
    if accepted is None or not form.validate_on_submit():
        return _page(answer, form, 422)
    try:
        decided = task_checks.decide(current_user, answer, accepted, form.body.data or "")
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(_load(answer_id), form, 422)
    drop_draft(current_user.id, f"/checks/{answer_id}")
    flash(_said(answer, decided), "good" if decided else "care")
    db.session.commit()
    return hx.go("/checks" if decided else f"/checks/{answer_id}")


def _load(answer_id: int) -> TaskAnswer:
    return task_checks.shown(current_user, answer_id) or abort(404)


def _said(answer: TaskAnswer, decided: bool) -> str:
    """Say what became of an answer, also to whoever was a moment too late."""
    if not decided:
        by = answer.decided_by.name if answer.decided_by is not None else ""
        return _("%(name)s has checked this answer already; nothing was changed.", name=by)
    if answer.state == "accepted":
        return _("Accepted. %(name)s is told.", name=answer.person.name)
    return _("Sent back. %(name)s is told what to mend.", name=answer.person.name)


def _page(answer: TaskAnswer, form: RemarkForm, status: int = 200) -> ResponseReturnValue:
    standing = tasks.standing_of(answer.person_id, answer.lesson_id, is_done=True)
    former = [one for one in standing.answers if one.id != answer.id][::-1]
    around = {"lesson": answer.lesson, "course": answer.course, "parts": lessons.parts_of(answer.lesson)}
    answered: ResponseReturnValue = hx.page(
        "tasks/check.html", status=status, answer=answer, form=form, former=former, **around
    )
    return answered
