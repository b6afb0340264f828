"""Stores and cities: opened, renamed, moved, closed; each change is logged, and no person is left in a closed store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, literal, or_, select, tuple_
from sqlalchemy.exc import IntegrityError

from app.database import now
from app.errors import Refused
from app.extensions import db
from app.people.models import City, Person, Store, log_change
from app.people.names import place_key
from app.people.permissions import Position

PAGE = 100

# The zones of Russia by their difference from Moscow, with the cities people know them by.
ZONES = {
    "Europe/Kaliningrad": _l("Moscow −1: Kaliningrad"),
    "Europe/Moscow": _l("Moscow: Moscow, Saint Petersburg, Kazan, Krasnodar"),
    "Europe/Samara": _l("Moscow +1: Samara, Izhevsk, Saratov"),
    "Asia/Yekaterinburg": _l("Moscow +2: Yekaterinburg, Ufa, Perm, Chelyabinsk, Tyumen"),
    "Asia/Omsk": _l("Moscow +3: Omsk"),
    "Asia/Novosibirsk": _l("Moscow +4: Novosibirsk, Tomsk, Barnaul"),
    "Asia/Krasnoyarsk": _l("Moscow +4: Krasnoyarsk, Kemerovo, Abakan"),
    "Asia/Irkutsk": _l("Moscow +5: Irkutsk, Ulan-Ude"),
    "Asia/Yakutsk": _l("Moscow +6: Yakutsk, Chita, Blagoveshchensk"),
    "Asia/Vladivostok": _l("Moscow +7: Vladivostok, Khabarovsk"),
    "Asia/Magadan": _l("Moscow +8: Magadan, Yuzhno-Sakhalinsk"),
    "Asia/Kamchatka": _l("Moscow +9: Petropavlovsk-Kamchatsky"),
}


def page_of(city_id: int | None = None, closed: bool = False, after: int | None = None) -> tuple[Sequence[Any], int | None]:
    """Read one page of stores by city and name, with their directors; return it and after which store the next begins."""
    statement = _rows()
    if not closed:
        statement = statement.where(Store.closed_at.is_(None))
    if city_id is not None:
        statement = statement.where(Store.city_id == city_id)
    if after is not None:
        last = db.session.execute(select(City.key, Store.key).join(City).where(Store.id == after)).first() or ("", "")
        place = (literal(last[0]), literal(last[1]), literal(after))
        statement = statement.where(tuple_(City.key, Store.key, Store.id) > tuple_(*place))
    rows = db.session.execute(statement.limit(PAGE + 1)).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def directors_of(store_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return who leads these stores, as {store id: [person]}."""
    found: dict[int, list[Any]] = {}
    statement = (
        select(Person.store_id, Person.id, (Person.first_name + " " + Person.last_name).label("name"))
        .where(Person.store_id.in_(store_ids), Person.position == Position.DIRECTOR, Person.employed())
        .order_by(Person.name_key)
    )
    for row in db.session.execute(statement):
        found.setdefault(row.store_id, []).append(row)
    return found


def choices(include: Store | None = None) -> dict[str, list[tuple[int, str]]]:
    """Return the open stores for a form, as {city: [(id, name)]}, and the present one though it may be closed."""
    found: dict[str, list[tuple[int, str]]] = {}
    present = include.id if include is not None else 0
    for row in db.session.execute(_rows().where(or_(Store.closed_at.is_(None), Store.id == present))):
        found.setdefault(row.city_name, []).append((row.id, row.name))
    return found


def city_choices() -> list[tuple[int, str]]:
    """Return the cities for a form."""
    return [(row.id, row.name) for row in db.session.execute(select(City.id, City.name).order_by(City.key))]


def cities_with_zones() -> Sequence[Any]:
    """Read the cities by name with their zones and how many open stores each has."""
    open_stores = (
        select(func.count(Store.id))
        .where(Store.city_id == City.id, Store.closed_at.is_(None))
        .correlate(City)
        .scalar_subquery()
    )
    statement = select(City.id, City.name, City.zone, open_stores.label("stores")).order_by(City.key)
    return db.session.execute(statement).all()


def zone_choices(present: str = "") -> list[tuple[str, Any]]:
    """Return the zones for a form: those of Russia in words, and whatever is set already."""
    return [*ZONES.items(), *([(present, present)] if present and present not in ZONES else [])]


class Kept(NamedTuple):
    """What a form says of a store; the hours are those of its city's clock."""

    name: str
    city_id: int
    is_office: bool = False
    opens_at: time = time(10)
    closes_at: time = time(20)


def open_store(actor_id: int, kept: Kept) -> Store:
    """Add a store to a city."""
    store = Store(key=place_key(kept.name), **kept._asdict())
    db.session.add(store)
    _save(_("This city has a store of that name already."))
    city = db.session.get_one(City, kept.city_id)
    log_change("store.opened", store, actor_id=actor_id, store_name=[None, kept.name], city=[None, city.name])
    return store


def change_store(store: Store, actor_id: int, kept: Kept) -> bool:
    """Correct what is kept of a store; tell whether anything changed."""
    before = _said(store)
    store.key = place_key(kept.name)
    for field, value in kept._asdict().items():
        setattr(store, field, value)
    _save(_("This city has a store of that name already."))
    db.session.refresh(store, ["city"])
    return _log("store.changed", store, actor_id, before, _said(store))


def close_store(store: Store, actor_id: int) -> None:
    """Close a store that nobody works in any more; its posts and its former people stay."""
    db.session.execute(select(Store.id).where(Store.id == store.id).with_for_update())
    left = db.session.scalar(select(func.count(Person.id)).where(Person.store_id == store.id, Person.employed())) or 0
    if left:
        sentence = ngettext(
            "%(num)d person still works here: move him to another store first.",
            "%(num)d people still work here: move them to another store first.",
            left,
        )
        raise Refused(sentence)
    if store.closed_at is None:
        store.closed_at = now()
        log_change("store.closed", store, actor_id=actor_id)


def reopen_store(store: Store, actor_id: int) -> None:
    """Open a closed store again."""
    if store.closed_at is not None:
        store.closed_at = None
        log_change("store.reopened", store, actor_id=actor_id)


def add_city(actor_id: int, *, name: str, zone: str) -> City:
    """Add a city."""
    city = City(name=name, key=place_key(name), zone=check_zone(zone))
    db.session.add(city)
    _save(_("There is a city of that name already."))
    log_change("city.added", city, actor_id=actor_id, city_name=[None, name], zone=[None, zone])
    return city


def change_city(city: City, actor_id: int, *, name: str, zone: str) -> bool:
    """Correct name or time zone of a city; tell whether anything changed."""
    before = {"city_name": city.name, "zone": city.zone}
    city.name, city.key, city.zone = name, place_key(name), check_zone(zone)
    _save(_("There is a city of that name already."))
    return _log("city.changed", city, actor_id, before, {"city_name": name, "zone": zone})


def check_zone(zone: str) -> str:
    """Return the zone if it is one; a wrong one would break every date of its city."""
    if zone not in available_timezones():
        raise Refused(_("Choose a time zone of the list."), field="zone")
    return zone


def _rows() -> Any:
    return (
        select(
            Store.id,
            Store.name,
            Store.is_office,
            Store.closed_at,
            Store.city_id,
            City.name.label("city_name"),
        )
        .join(City)
        .order_by(City.key, Store.key, Store.id)
    )


def _said(store: Store) -> dict[str, Any]:
    return {
        "store_name": store.name,
        "city": store.city.name,
        "is_office": store.is_office,
        "hours": store.hours,
    }


def _save(sentence: str) -> None:
    try:
        db.session.flush()
    except IntegrityError:
        raise Refused(sentence, field="name") from None


def _log(verb: str, subject: Any, actor_id: int, before: dict[str, Any], after: dict[str, Any]) -> bool:
    changed: dict[str, Any] = {field: [before[field], after[field]] for field in after if before[field] != after[field]}
    if changed:
        log_change(verb, subject, actor_id=actor_id, **changed)
    return bool(changed)
