"""The list of stores, and stores and cities as HR and administrators keep them."""

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.errors import Refused
from app.extensions import db
from app.forms import options
from app.guard import requires
from app.people import directory, stores
from app.people.models import City, Store
from app.people.people_forms import CityForm, StoreForm
from app.people.permissions import Permission

bp = Blueprint("stores", __name__)


@bp.get("/stores")
def index() -> ResponseReturnValue:
    """Show the stores by city, with who leads them."""
    city_id, after = hx.asked_id("city"), hx.asked_id("after")
    closed = request.args.get("closed") == "1" and current_user.can(Permission.EDIT_PEOPLE)
    rows, following = stores.page_of(city_id, closed, after)
    return hx.page(
        "stores/_rows.html" if hx.is_fragment() else "stores/index.html",
        rows=rows,
        directors=stores.directors_of([row.id for row in rows]),
        following=following,
        query={name: value for name, value in (("city", city_id), ("closed", closed and 1)) if value},
        cities=directory.cities(),
        city_id=city_id,
        closed=closed,
    )


@bp.get("/stores/new")
@requires(Permission.EDIT_PEOPLE)
def new() -> ResponseReturnValue:
    """Show the form that adds a store."""
    return _store_page(None, _with_cities(StoreForm(city_id=hx.asked_id("city"))))


@bp.post("/stores")
@requires(Permission.EDIT_PEOPLE)
def create() -> ResponseReturnValue:
    """Add a store."""
    form = _with_cities(StoreForm())
    try:
        if form.validate_on_submit():
            store = stores.open_store(current_user.id, _kept(form))
            db.session.commit()
            return hx.go(f"/stores/{store.id}")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    return _store_page(None, form, status=422)


@bp.get("/stores/<int:store_id>/edit")
@requires(Permission.EDIT_PEOPLE)
def edit(store_id: int) -> ResponseReturnValue:
    """Show the form of a store."""
    store = _store(store_id)
    return _store_page(store, _with_cities(StoreForm(obj=store)))


@bp.post("/stores/<int:store_id>")
@requires(Permission.EDIT_PEOPLE)
def update(store_id: int) -> ResponseReturnValue:
    """Correct a store."""
    store, form = _store(store_id), _with_cities(StoreForm())
    try:
        if form.validate_on_submit():
            stores.change_store(store, current_user.id, _kept(form))
            db.session.commit()
            return hx.go(f"/stores/{store_id}")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    return _store_page(_store(store_id), form, status=422)


@bp.post("/stores/<int:store_id>/<any(close, reopen):verb>")
@requires(Permission.EDIT_PEOPLE)
def turn(store_id: int, verb: str) -> ResponseReturnValue:
    """Close a store that nobody works in any more, or open it again."""
    store = _store(store_id)
    try:
        (stores.close_store if verb == "close" else stores.reopen_store)(store, current_user.id)
    except Refused as refused:
        db.session.rollback()
        store = _store(store_id)
        form = _with_cities(StoreForm(None, obj=store))
        form.refuse(refused)
        return _store_page(store, form, status=422)
    db.session.commit()
    flash(_("The store is closed.") if verb == "close" else _("The store is open again."), "good")
    return hx.go(f"/stores/{store_id}/edit")


@bp.get("/cities")
@requires(Permission.EDIT_PEOPLE)
def cities() -> ResponseReturnValue:
    """Show the cities and how their clocks go."""
    return hx.page("stores/cities.html", cities=stores.cities_with_zones(), zones=stores.ZONES)


@bp.get("/cities/new", defaults={"city_id": None})
@bp.get("/cities/<int:city_id>/edit")
@requires(Permission.EDIT_PEOPLE)
def edit_city(city_id: int | None) -> ResponseReturnValue:
    """Show the form of a city, or that of a new one."""
    city = _city(city_id) if city_id is not None else None
    return _city_page(city, _with_zones(CityForm(obj=city, zone=city.zone if city else "Europe/Moscow"), city))


@bp.post("/cities", defaults={"city_id": None})
@bp.post("/cities/<int:city_id>")
@requires(Permission.EDIT_PEOPLE)
def save_city(city_id: int | None) -> ResponseReturnValue:
    """Add a city, or correct its name or zone."""
    city = _city(city_id) if city_id is not None else None
    form = _with_zones(CityForm(), city)
    try:
        if form.validate_on_submit():
            fields = {"name": form.name.data, "zone": form.zone.data}
            stores.change_city(city, current_user.id, **fields) if city else stores.add_city(current_user.id, **fields)
            db.session.commit()
            return hx.go("/cities")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    return _city_page(_city(city_id) if city_id is not None else None, form, status=422)


def _store(store_id: int) -> Store:
    return db.session.get(Store, store_id) or abort(404)


def _city(city_id: int) -> City:
    return db.session.get(City, city_id) or abort(404)


def _kept(form: StoreForm) -> stores.Kept:
    return stores.Kept(**{field: form[field].data for field in stores.Kept._fields})


def _with_cities(form: StoreForm) -> StoreForm:
    form.city_id.choices = options(stores.city_choices())
    return form


def _with_zones(form: CityForm, city: City | None) -> CityForm:
    form.zone.choices = options(stores.zone_choices(city.zone if city is not None else ""))
    return form


def _store_page(store: Store | None, form: StoreForm, status: int = 200) -> ResponseReturnValue:
    return hx.page("stores/edit.html", status=status, store=store, form=form)


def _city_page(city: City | None, form: CityForm, status: int = 200) -> ResponseReturnValue:
    return hx.page("stores/edit_city.html", status=status, city=city, form=form)
