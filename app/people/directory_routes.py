"""The directory's page, which is also its own search: results change as one types, from the same address."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import hx
from app.people import directory
from app.people.permissions import POSITION_NAMES, Position

bp = Blueprint("people", __name__)


@bp.get("/people")
def index() -> ResponseReturnValue:
    """Show who works where, all or those that are searched for."""
    wanted, after = _wanted(), hx.asked_id("after")
    found = directory.page_of(current_user, wanted, after)
    query = {"q": wanted.words, "city": wanted.city_id, "store": wanted.store_id, "position": wanted.position}
    more = {name: value for name, value in {**query, "former": wanted.former or None}.items() if value}
    if hx.is_fragment() and after is not None:
        return hx.fragment("people/_rows.html", found=found, query=more)
    return hx.page(
        "people/_found.html" if hx.is_fragment() else "people/index.html",
        found=found,
        wanted=wanted,
        query=more,
        first=after is None,
        cities=directory.cities(),
        stores=directory.stores_in(wanted.city_id),
        positions=POSITION_NAMES,
    )


def _wanted() -> directory.Wanted:
    position = request.args.get("position", "")
    city_id, store_id = hx.asked_id("city"), hx.asked_id("store")
    # A store of the city chosen before means nothing in the city chosen now.
    if store_id is not None and store_id not in {row.id for row in directory.stores_in(city_id)}:
        store_id = None
    return directory.Wanted(
        words=request.args.get("q", "").encode("utf-8", "replace").decode().replace("\0", "").strip()[:100],
        city_id=city_id,
        store_id=store_id,
        position=Position(position) if position in Position._value2member_map_ else None,
        former=request.args.get("former") == "1",
    )
