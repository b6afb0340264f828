"""Who is away: noted by a director for the own store, by HR for every store."""

from typing import Any

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.errors import Refused
from app.extensions import db
from app.forms import options
from app.guard import requires
from app.people import absences, stores
from app.people.absences import Absence
from app.people.models import Person, Store
from app.people.people_forms import AbsenceForm
from app.people.permissions import Permission

bp = Blueprint("absences", __name__, url_prefix="/absences")
MAY = (Permission.LEAD_STORE, Permission.EDIT_PEOPLE)


@bp.get("")
@requires(*MAY)
def index() -> ResponseReturnValue:
    """Show who of a store is away, was lately or will be, and the form that notes it."""
    store = _store(hx.asked_id("store"))
    form = _form(store, AbsenceForm(None, data={"person_id": hx.asked_id("person"), "starts_on": current_user.today}))
    return _page(store, form)


@bp.post("")
@requires(*MAY)
def create() -> ResponseReturnValue:
    """Note an absence, or bring back one that was deleted."""
    person = _person(request.form.get("person_id", ""))
    store = _store(person.store_id if person is not None else None)
    form = _form(store, AbsenceForm())
    try:
        if form.validate_on_submit() and person is not None:
            made = absences.note(current_user, person, form.starts_on.data, form.ends_on.data, form.kind.data)
            db.session.commit()
            if hx.is_fragment():
                return hx.fragment("absences/_row.html", absence=made, today=current_user.today)
            flash(_("Noted: %(name)s.", name=person.name), "good")
            return hx.go(f"/absences?store={store.id}")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    return _page(_store(store.id), form, status=422)


@bp.post("/<int:absence_id>/<any(end, remove):verb>")
@requires(*MAY)
def turn(absence_id: int, verb: str) -> ResponseReturnValue:
    """Note that somebody is back, or delete an absence; deleting can be undone at once."""
    absence = absences.in_reach_of(current_user, absence_id) or abort(404)
    person, kept = absence.person, _kept(absence)
    (absences.end if verb == "end" else absences.remove)(current_user, absence)
    db.session.commit()
    left = db.session.get(Absence, absence_id)
    if hx.is_fragment():
        if left is not None:
            return hx.fragment("absences/_row.html", absence=left, today=current_user.today)
        return hx.fragment("absences/_removed.html", kept=kept, name=person.name)
    if left is not None:
        flash(_("%(name)s is back.", name=person.name), "good")
        return hx.go(f"/absences?store={person.store_id}")
    back = "&".join(f"{name}={value}" for name, value in kept.items())
    return hx.go(f"/absences?store={person.store_id}&{back}")


def _store(store_id: int | None) -> Store:
    """Return the store whose absences are asked for; one that the viewer does not look after is not there."""
    found = absences.store_of(current_user, store_id)
    return db.session.get(Store, found or 0) or abort(404)


def _person(text: str) -> Person | None:
    known = text.isascii() and text.isdigit() and len(text) < 10
    return db.session.get(Person, int(text)) if known else None


def _form(store: Store, form: AbsenceForm) -> AbsenceForm:
    people = absences.people_of(store.id, current_user.today)
    form.person_id.choices = options((row.id, row.name) for row in people)
    return form


def _kept(absence: Absence) -> dict[str, Any]:
    """Return what a deleted absence is brought back from."""
    days = {"starts_on": absence.starts_on.isoformat(), "ends_on": absence.ends_on.isoformat()}
    return {"person_id": absence.person_id, "kind": absence.kind, **days}


def _removed(store: Store) -> dict[str, Any] | None:
    """Return what the address says was just deleted, if it is a person of this store."""
    person = _person(request.args.get("person_id", ""))
    names = ("kind", "starts_on", "ends_on")
    if (
        request.method != "GET"
        or person is None
        or person.store_id != store.id
        or request.args.get("kind") not in absences.KINDS
    ):
        return None
    return {
        "name": person.name,
        "kept": {"person_id": person.id, **{name: request.args.get(name, "")[:10] for name in names}},
    }


def _page(store: Store, form: AbsenceForm, status: int = 200) -> ResponseReturnValue:
    choices = stores.choices() if current_user.can(Permission.EDIT_PEOPLE) else {}
    return hx.page(
        "absences/index.html",
        status=status,
        store=store,
        form=form,
        rows=absences.of_store(store.id, current_user.today),
        today=current_user.today,
        stores=choices,
        removed=_removed(store),
    )
