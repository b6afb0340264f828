"""The first administrator, made from the command line: somebody must be inside before anybody can be invited."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from app.errors import Refused
from app.extensions import db
from app.people.access import AccessLink
from app.people.cities import known_city
from app.people.models import City, Person, Store, log_change
from app.people.names import name_key, normal_email, normal_number, number_key, place_key, split_name
from app.people.permissions import Position, Role
from app.people.roles import grant


def make_administrator(number: str, name: str, email: str, city: str, office: str) -> AccessLink:
    """Give somebody the role of administrator, making the person if need be; return a link to come in with.

    The next import finds the person by the personnel number and puts him where the staff list says.
    """
    key = number_key(number)
    if not key:
        raise Refused(_("A personnel number has digits or letters."))
    person = db.session.scalar(select(Person).where(Person.number_key == key))
    if person is None:
        person = _hired(number, name, _office(city, office))
    elif not person.is_employed():
        raise Refused(_("%(name)s was dismissed by the staff list.", name=person.full_name))
    if email:
        person.email = normal_email(email)
        if not person.email:
            raise Refused(_("This is no e-mail address."))
    grant(person, Role.ADMINISTRATOR, None)
    return AccessLink.make(person.id, "invitation" if person.password_hash is None else "reset", None)


def _hired(number: str, name: str, store: Store) -> Person:
    parts = split_name(name)
    if not parts.last or not parts.first:
        raise Refused(_("Say the full name too: last, first and middle name."))
    person = Person(
        personnel_number=normal_number(number),
        number_key=number_key(number),
        last_name=parts.last[:80],
        first_name=parts.first[:80],
        middle_name=parts.middle[:80],
        name_key=name_key(*parts),
        store_id=store.id,
        position=Position.OTHER,
    )
    db.session.add(person)
    db.session.flush()
    log_change("person.hired", person, actor_id=None)
    return person


def _office(city: str, name: str) -> Store:
    """Return the head office, made where there is none."""
    found = db.session.scalar(select(Store).where(Store.is_office, Store.closed_at.is_(None)).order_by(Store.id).limit(1))
    if found is not None:
        return found
    key = place_key(city)
    place = db.session.scalar(select(City).where(City.key == key))
    if place is None:
        known = known_city(city)
        zone = known.zone if known else current_app.config["DEFAULT_ZONE"]
        place = City(name=city, key=key, zone=zone)
        db.session.add(place)
        db.session.flush()
    office = Store(name=name, key=place_key(name), city_id=place.id, is_office=True)
    db.session.add(office)
    db.session.flush()
    return office
