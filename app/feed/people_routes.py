"""The pages of a person and of a store; they stand here because they show posts, which the people package must not know."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import hx
from app.content import cards
from app.extensions import db
from app.feed import people_posts
from app.people import directory, log, profiles
from app.people.models import Store
from app.people.permissions import Permission

bp = Blueprint("people_pages", __name__)


@bp.get("/people/<int:person_id>")
def person(person_id: int) -> ResponseReturnValue:
    """Show who a person is and what he has posted."""
    found = db.session.scalar(profiles.shown(person_id)) or abort(404)
    before = cards.Position.read(request.args.get("before"))
    page = people_posts.of_person(current_user, person_id, before)
    if hx.is_fragment():
        return hx.fragment("content/_more.html", page=page, older=f"/people/{person_id}")
    return hx.page(
        "people/show.html",
        person=found,
        contacts=profiles.contacts_for(current_user, found),
        changes=log.of_person(person_id) if current_user.can(Permission.EDIT_PEOPLE) else (),
        page=page,
        first=before is None,
    )


@bp.get("/stores/<int:store_id>")
def store(store_id: int) -> ResponseReturnValue:
    """Show who works in a store, what they are good at, and what was posted from there."""
    found = db.session.get(Store, store_id) or abort(404)
    before = cards.Position.read(request.args.get("before"))
    page = people_posts.of_store(current_user, store_id, before)
    if hx.is_fragment():
        return hx.fragment("content/_more.html", page=page, older=f"/stores/{store_id}")
    colleagues = directory.colleagues_of_store(store_id)
    return hx.page(
        "stores/show.html",
        store=found,
        colleagues=colleagues,
        strengths=directory.strengths_of([row.id for row in colleagues]),
        page=page,
        first=before is None,
    )
