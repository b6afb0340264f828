"""Registers the blueprints of the people package and the places where they stand in the frame."""

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.navigation import Place, register
from app.people import (
    absence_routes,
    directory_routes,
    employment_routes,
    import_routes,
    invitation_routes,
    log,
    profile_routes,
    role_routes,
    session_routes,
    sign_in_routes,
    store_routes,
    terminal_admin_routes,
    terminal_routes,
)
from app.people.permissions import POSITION_NAMES, ROLE_HINTS, ROLE_NAMES, Permission, Position, Role, capital

DOORS = (sign_in_routes, terminal_routes, terminal_admin_routes, invitation_routes, session_routes)
PEOPLE = (absence_routes, directory_routes, employment_routes, profile_routes, role_routes, store_routes)


def init_app(app: Flask) -> None:
    """Register every address of people, stores, sign-in and terminals."""
    for part in (*DOORS, *PEOPLE):
        app.register_blueprint(part.bp)
    import_routes.init_app(app)
    app.jinja_env.filters.update(
        position=position_words,
        role=role_words,
        role_hint=role_hint,
        verb=log.verb_words,
        details=log.details,
        phone=phone_words,
        capital=capital,
    )
    register(
        app,
        Place("people.index", _l("People"), "people", 70),
        Place("stores.index", _l("Stores"), "store", 20, "more"),
        Place("invitations.index", _l("Invitations"), "qr", 30, "manage", (Permission.INVITE,)),
        Place("absences.index", _l("Absences"), "calendar", 25, "manage", (Permission.LEAD_STORE, Permission.EDIT_PEOPLE)),
        Place("terminals.index", _l("Terminals"), "terminal", 40, "manage", (Permission.ENROL_TERMINAL,)),
    )


def position_words(person: Any) -> str:
    """Say what a person works as: the staff list's own words where it has any, with a capital letter."""
    words = person.position_title or str(POSITION_NAMES[Position(person.position)])
    return capital(words)


def role_words(role: str) -> str:
    """Say the name of a role."""
    return str(ROLE_NAMES[Role(role)])


def role_hint(role: str) -> str:
    """Say what a role allows."""
    return str(ROLE_HINTS[Role(role)])


def phone_words(number: str) -> str:
    """Write a Russian phone number as people read it: +7 916 123-45-67."""
    if number.startswith("+7") and len(number) == 12:
        return f"+7 {number[2:5]} {number[5:8]}-{number[8:10]}-{number[10:]}"
    return number
