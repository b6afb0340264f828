"""Assigning and looking after it: the desk, the form, one assignment with its people and its log, calling it off."""

from typing import Any

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.content import audience_picker, cards
from app.content.audience import check_key, reach
from app.content.drafts import draft_of, drop_draft
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.learning import assign_lists, assigning
from app.learning.assign_forms import AssignForm, CancelForm
from app.learning.assign_models import Assignment
from app.people.permissions import Permission

bp = Blueprint("assignments", __name__, url_prefix="/assignments")
MAY = (Permission.TEACH, Permission.LEAD_STORE)


@bp.get("")
@requires(*MAY)
def index() -> ResponseReturnValue:
    """Show what was assigned, the newest first; to a director what he himself assigned to his store."""
    shelf = request.args.get("shelf", "standing")
    if shelf not in assign_lists.SHELVES:
        abort(404)
    store_id = None if current_user.can(Permission.TEACH) else current_user.store_id
    page = assign_lists.desk(shelf, store_id, cards.Position.read(request.args.get("before")))
    numbers, whom = assign_lists.numbers_of([row.id for row in page.rows]), assign_lists.whom(page.rows)
    template = "assignments/_rows.html" if hx.is_fragment() else "assignments/index.html"
    return hx.page(template, page=page, shelf=shelf, numbers=numbers, whom=whom)


@bp.get("/new")
@requires(*MAY)
def new() -> ResponseReturnValue:
    """Show the form, with what was typed before and not sent."""
    kept = draft_of(current_user.id, "/assignments")
    return _form(AssignForm.blank(kept, _asked_subject()), from_draft=bool(kept))


@bp.post("")
@requires(*MAY)
def create() -> ResponseReturnValue:
    """Assign something; people get it at once, or in a minute where there are many."""
    form = AssignForm()
    if "count" in request.form or form.has_errors or not form.validate_on_submit():
        return _form(form, status=200 if "count" in request.form else 422)
    try:
        if audience_picker.unknown(current_user, form.audience.data):
            raise Refused(_("Choose who is to see it once more: this choice is not known."), "audience")
        made = assigning.assign(current_user, form.wish, (form.nonce.data or "")[:40])
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _form(form, status=422)
    drop_draft(current_user.id, "/assignments")
    db.session.commit()
    flash(_("Assigned. Everybody who belongs to it is being told."), "good")
    return hx.go(f"/assignments/{made.id}")


@bp.get("/<int:assignment_id>")
@requires(*MAY)
def show(assignment_id: int) -> ResponseReturnValue:
    """Show one assignment: for whom, until when, how far people have come."""
    return _show(load(assignment_id), CancelForm(None))


@bp.get("/<int:assignment_id>/people")
@requires(*MAY)
def people(assignment_id: int) -> ResponseReturnValue:
    """Show the people of an assignment by name, all of them or those who are late, have begun or completed it."""
    assignment, shown = load(assignment_id), request.args.get("shown", "")
    if shown not in assign_lists.SHOWN:
        abort(404)
    place = assign_lists.place_of(hx.asked_id("after"))
    rows, following = assign_lists.people(assignment.id, shown, hx.asked_id("store"), place)
    template = "assignments/_people.html" if hx.is_fragment() else "assignments/people.html"
    store_id = hx.asked_id("store")
    return hx.page(template, assignment=assignment, rows=rows, following=following, shown=shown, store_id=store_id)


@bp.get("/<int:assignment_id>/log")
@requires(*MAY)
def log(assignment_id: int) -> ResponseReturnValue:
    """Show every change of state of an assignment, with its cause."""
    assignment = load(assignment_id)
    rows, following = assign_lists.events(assignment_id=assignment.id, before=hx.asked_id("before"))
    template = "assignments/_events.html" if hx.is_fragment() else "assignments/log.html"
    older = f"/assignments/{assignment_id}/log"
    return hx.page(template, assignment=assignment, rows=rows, following=following, older=older)


@bp.post("/<int:assignment_id>/cancel")
@requires(*MAY)
def cancel(assignment_id: int) -> ResponseReturnValue:
    """Call an assignment off, with a reason."""
    assignment, form = load(assignment_id), CancelForm()
    try:
        if form.validate_on_submit():
            assigning.cancel(current_user, assignment, form.reason.data or "")
            db.session.commit()
            flash(_("The assignment is called off."), "good")
            return hx.go(f"/assignments/{assignment_id}")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    return _show(load(assignment_id), form, status=422)


def load(assignment_id: int) -> Assignment:
    """Return an assignment that the viewer looks after, or 404."""
    return assigning.of_viewer(current_user, assignment_id) or abort(404)


def _show(assignment: Assignment, form: CancelForm, status: int = 200) -> ResponseReturnValue:
    [row] = assign_lists.desk_row(assignment.id)
    return hx.page(
        "assignments/show.html",
        status=status,
        assignment=assignment,
        row=row,
        form=form,
        numbers=assign_lists.numbers_of([assignment.id]).get(assignment.id, assign_lists.Numbers()),
        whom=assign_lists.whom([row]).get(assignment.id, ""),
        named=assign_lists.named(assignment.id) if assignment.audience_id is None else (),
    )


def _asked_subject() -> str:
    """Return what the address asks to be assigned: ?course=5 or ?path=3."""
    found = ((kind, hx.asked_id(kind)) for kind in ("course", "path"))
    return next((f"{kind}:{number}" for kind, number in found if number is not None), "")


def _form(form: AssignForm, status: int = 200, from_draft: bool = False) -> Any:
    own_store = not current_user.can(Permission.TEACH)
    form.offer(*assigning.choices(current_user))
    keys = [key for key in form.audience.data if _known(key)]
    picker: dict[str, Any] = {"team": assigning.team_of(current_user.store_id), "sections": [], "reach": None}
    if not own_store:
        picker = {"team": [], "sections": audience_picker.offered(current_user, keys), "reach": reach(keys)}
    template = "assignments/_form.html" if hx.is_fragment() else "assignments/new.html"
    return hx.page(
        template, status=status, form=form, own_store=own_store, chosen=set(keys), from_draft=from_draft, **picker
    )


def _known(key: str) -> bool:
    try:
        check_key(key)
    except ValueError:
        return False
    return True
