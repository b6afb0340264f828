"""Staff kept by hand, one person at a time; the staff list does the same in bulk."""

from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.errors import Refused
from app.extensions import db
from app.forms import options
from app.guard import requires
from app.people import employment, profiles, stores
from app.people.models import Person
from app.people.people_forms import DismissalForm, PersonForm, RehireForm
from app.people.permissions import POSITION_NAMES, Permission, capital

bp = Blueprint("staff", __name__)


@bp.get("/people/new")
@requires(Permission.EDIT_PEOPLE)
def new() -> ResponseReturnValue:
    """Show the form that takes somebody on."""
    return _page(None, _with_stores(PersonForm(store_id=hx.asked_id("store"), position="seller")))


@bp.post("/people")
@requires(Permission.EDIT_PEOPLE)
def create() -> ResponseReturnValue:
    """Take somebody on who is not in the staff list yet."""
    form = _with_stores(PersonForm())
    try:
        if form.validate_on_submit():
            person = employment.hire(current_user, form.data)
            db.session.commit()
            flash(_("%(name)s is taken on. Now send or print an invitation.", name=person.name), "good")
            return hx.go(f"/people/{person.id}")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    return _page(None, form, status=422)


@bp.get("/people/<int:person_id>/edit")
@requires(Permission.EDIT_PEOPLE)
def edit(person_id: int) -> ResponseReturnValue:
    """Show what the portal knows of a person, to be corrected."""
    person = _person(person_id)
    return _page(person, _with_stores(PersonForm(obj=person), person))


@bp.post("/people/<int:person_id>")
@requires(Permission.EDIT_PEOPLE)
def update(person_id: int) -> ResponseReturnValue:
    """Correct what the portal knows of a person."""
    person = _person(person_id)
    form = _with_stores(PersonForm(), person)
    try:
        if form.validate_on_submit():
            changed = employment.correct(person, current_user, form.data)
            db.session.commit()
            flash(_("Saved.") if changed else _("Nothing was changed."), "good")
            return hx.go(f"/people/{person_id}")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    return _page(_person(person_id), form, status=422)


@bp.post("/people/<int:person_id>/dismiss")
@requires(Permission.EDIT_PEOPLE)
def dismiss(person_id: int) -> ResponseReturnValue:
    """End a person's access from a day on."""
    person, form = _person(person_id), DismissalForm()
    try:
        if form.validate_on_submit():
            employment.dismiss(person, current_user, form.dismissed_on.data)
            db.session.commit()
            flash(_("%(name)s is dismissed. This can be cancelled below.", name=person.name), "good")
            return hx.go(f"/people/{person_id}/edit")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    person = _person(person_id)
    return _page(person, _with_stores(PersonForm(None, obj=person), person), form, status=422)


@bp.post("/people/<int:person_id>/rehire")
@requires(Permission.EDIT_PEOPLE)
def rehire(person_id: int) -> ResponseReturnValue:
    """Take a former employee on again, or cancel a dismissal to come."""
    person, form = _person(person_id), RehireForm()
    try:
        if form.validate_on_submit():
            employment.rehire(person, current_user, form.hired_on.data)
            db.session.commit()
            flash(_("%(name)s works here again.", name=person.name), "good")
            return hx.go(f"/people/{person_id}/edit")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    person = _person(person_id)
    return _page(person, _with_stores(PersonForm(None, obj=person), person), rehire_form=form, status=422)


def _person(person_id: int) -> Person:
    return db.session.scalar(profiles.shown(person_id)) or abort(404)


def _with_stores(form: PersonForm, person: Person | None = None) -> PersonForm:
    found = stores.choices(person.store if person is not None else None)
    form.position.choices = options((position.value, capital(str(name))) for position, name in POSITION_NAMES.items())
    form.store_id.choices = [option for city, pairs in found.items() for option in options(pairs, city)]
    return form


def _page(
    person: Person | None,
    form: PersonForm,
    dismissal_form: DismissalForm | None = None,
    rehire_form: RehireForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    if dismissal_form is None:
        dismissal_form = DismissalForm(None)
        dismissal_form.dismissed_on.data = current_user.today
    return hx.page(
        "people/edit.html",
        status=status,
        person=person,
        form=form,
        dismissal_form=dismissal_form,
        rehire_form=rehire_form or RehireForm(None, data={"hired_on": current_user.today}),
    )
