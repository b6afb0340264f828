"""What the audience picker offers: one's own store and city first, then every way to name colleagues."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.content.audience import EVERYBODY, NEWCOMER_DAYS, POSITION_GROUP_NAMES, ROLE_GROUP_NAMES, Group, labels
from app.extensions import db
from app.people.models import City, Store
from app.people.permissions import Position, Role
from app.people.sessions import Viewer


class Choice(NamedTuple):
    """One thing that the picker offers."""

    key: str
    name: str
    hint: str = ""


class Section(NamedTuple):
    """Choices of one sort under their heading."""

    title: str
    choices: list[Choice]


def offered(viewer: Viewer, chosen: Collection[str] = ()) -> list[Section]:
    """Return everything that the viewer may choose from; what is chosen already is offered though it may be closed."""
    mine = _mine(viewer)
    cities, stores = _places()
    sections = [
        Section(_("Mine"), mine),
        Section(_("Positions and roles"), _positions()),
        Section(
            _("Newcomers, hired in the last"), [Choice(f"newcomers:{days}", _newcomers(days)) for days in NEWCOMER_DAYS]
        ),
        Section(_("Groups"), _groups()),
        Section(_("Cities"), cities),
        Section(_("Stores"), stores),
    ]
    sections = [sections[0], *(Section(title, _without(mine, choices)) for title, choices in sections[1:])]
    known = {choice.key for section in sections for choice in section.choices}
    left = [key for key in chosen if key not in known and key != EVERYBODY]
    words = labels(left) if left else {}
    sections.insert(1, Section(_("Chosen so far"), [Choice(key, words[key]) for key in left]))
    return [section for section in sections if section.choices]


def _mine(viewer: Viewer) -> list[Choice]:
    store = Choice(f"store:{viewer.store_id}", viewer.store_name, _("my store"))
    city = Choice(f"city:{viewer.city_id}", viewer.city_name, _("my city"))
    return [store, city]


def _without(mine: list[Choice], choices: list[Choice]) -> list[Choice]:
    """Leave out what stands on top already: two boxes of one meaning would contradict each other."""
    keys = {choice.key for choice in mine}
    return [choice for choice in choices if choice.key not in keys]


def _positions() -> list[Choice]:
    positions = [Choice(f"position:{position}", str(POSITION_GROUP_NAMES[position])) for position in Position]
    # A director is one by position; "all employees" is what "all colleagues" says already.
    roles = [role for role in Role if role not in (Role.EMPLOYEE, Role.DIRECTOR)]
    return positions + [Choice(f"role:{role}", str(ROLE_GROUP_NAMES[role])) for role in roles]


def _newcomers(days: int) -> str:
    return ngettext("%(num)d day", "%(num)d days", days)


def _groups() -> list[Choice]:
    rows = db.session.execute(select(Group.id, Group.name).where(Group.closed_at.is_(None)).order_by(Group.name))
    return [Choice(f"group:{row.id}", row.name) for row in rows]


def _places() -> tuple[list[Choice], list[Choice]]:
    """Return the cities with open stores, and the stores, with one query."""
    rows = db.session.execute(
        select(Store.id, Store.name, City.id.label("city_id"), City.name.label("city"))
        .join(City)
        .where(Store.closed_at.is_(None))
        .order_by(City.name, City.id, Store.name)
    ).all()
    cities = dict.fromkeys((row.city_id, row.city) for row in rows)
    stores = [Choice(f"store:{row.id}", row.name, row.city) for row in rows]
    return [Choice(f"city:{city_id}", name) for city_id, name in cities], stores


def unknown(viewer: Viewer, keys: Collection[str], former: Collection[str] = ()) -> list[str]:
    """Return what of the keys nobody offered: made up, or closed since the form was opened."""
    known = {choice.key for section in offered(viewer, former) for choice in section.choices} | {EVERYBODY}
    return [key for key in keys if key not in known]
