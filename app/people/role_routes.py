"""The roles of one person, given and taken by an administrator."""

from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.people import profiles, roles
from app.people.models import Person
from app.people.people_forms import RolesForm
from app.people.permissions import Permission, Role

bp = Blueprint("roles", __name__)


@bp.get("/people/<int:person_id>/roles")
@requires(Permission.GRANT_ROLES)
def edit(person_id: int) -> ResponseReturnValue:
    """Show which roles a person holds and what each allows."""
    person = _person(person_id)
    form = RolesForm(None)
    form.roles.data = [grant.role for grant in person.role_grants]
    return hx.page("people/roles.html", person=person, form=form)


@bp.post("/people/<int:person_id>/roles")
@requires(Permission.GRANT_ROLES)
def update(person_id: int) -> ResponseReturnValue:
    """Give and take roles; they hold from the person's next request."""
    person, form = _person(person_id), RolesForm()
    try:
        if form.validate_on_submit():
            roles.set_roles(person, {Role(role) for role in form.roles.data}, current_user.id)
            db.session.commit()
            flash(_("Saved. The roles hold at once."), "good")
            return hx.go(f"/people/{person_id}")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    return hx.page("people/roles.html", status=422, person=_person(person_id), form=form)


def _person(person_id: int) -> Person:
    return db.session.scalar(profiles.shown(person_id)) or abort(404)
