"""Audiences: who may see a thing, as rows that one indexed query resolves in both directions.

An audience is a union of keys: "everybody", "city:3", "store:17", "position:seller", "role:director", "newcomers:30",
"group:5". Every person has keys of the same form, so "what does one see" is an IN over an index, for present and future
staff alike. Equal audiences are one row (`spec` is unique): a million posts share a few hundred of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    bindparam,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UTCDateTime, now
from app.extensions import Base, db
from app.people.models import City, Person, RoleGrant, Store
from app.people.permissions import GRANTED_ROLES, Position, Role
from app.people.sessions import Viewer

EVERYBODY = "everybody"
# "Newcomers" are people hired within so many days; only these choices, so that a person's keys can be counted up.
NEWCOMER_DAYS = (14, 30, 60, 90, 180)
SPEC_LIMIT = 4000


# Positions and roles as those who hold them, for "who sees this".
POSITION_GROUP_NAMES = {
    Position.DIRECTOR: _l("store directors"),
    Position.SENIOR: _l("senior sellers"),
    Position.SELLER: _l("sellers"),
    Position.INTERN: _l("interns"),
    Position.OTHER: _l("other staff"),
}
ROLE_GROUP_NAMES = {
    Role.EMPLOYEE: _l("all employees"),
    Role.DIRECTOR: _l("store directors"),
    Role.EDITOR: _l("editors"),
    Role.HR: _l("HR staff"),
    Role.MANAGEMENT: _l("management"),
    Role.ADMINISTRATOR: _l("administrators"),
}


class Group(Base):
    """A hand-made list of people, for audiences that no rule describes."""

    __tablename__ = "people_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    # Closed groups are not offered any more; what was published to them stays theirs.
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    members: Mapped[list[Person]] = relationship(secondary="group_member")


class GroupMember(Base):
    """One person in one group."""

    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("people_group.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class AudienceKey(Base):
    """One key of an audience; the index over (key, audience) answers "what does one see"."""

    __tablename__ = "audience_key"
    __table_args__ = (Index("ix_audience_key_key", "key", "audience_id"),)

    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)


class Reach(NamedTuple):
    """How many people in how many stores an audience reaches today."""

    people: int
    stores: int


class Audience(Base):
    """A union of keys, never changed once made: another choice is another audience."""

    __tablename__ = "audience"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The sorted keys joined by "|"; the empty spec reaches nobody.
    spec: Mapped[str] = mapped_column(String(SPEC_LIMIT), unique=True)
    keys: Mapped[list[AudienceKey]] = relationship(order_by=AudienceKey.key)

    @classmethod
    def of(cls, keys: Iterable[str]) -> Audience:
        """Return the audience of these keys, making it if there is none yet; safe when two people make it at once."""
        wanted = sorted({EVERYBODY} if EVERYBODY in (chosen := set(keys)) else chosen)
        for key in wanted:
            check_key(key)
        spec = "|".join(wanted)
        found = db.session.scalar(select(cls).where(cls.spec == spec))
        if found is not None:
            return found
        try:
            with db.session.begin_nested():
                made = cls(spec=spec, keys=[AudienceKey(key=key) for key in wanted])
                db.session.add(made)
        except IntegrityError:
            return db.session.scalars(select(cls).where(cls.spec == spec)).one()
        return made

    @property
    def is_everybody(self) -> bool:
        """Tell whether nobody is left out."""
        return self.spec == EVERYBODY

    @property
    def key_list(self) -> list[str]:
        """Return the keys as the picker sends them."""
        return self.spec.split("|") if self.spec else []


def check_key(key: str) -> None:
    """Raise ValueError for a key of no known form; what is stored must mean something to everybody who reads it."""
    kind, _, value = key.partition(":")
    good = (
        key == EVERYBODY
        or (kind in ("city", "store", "group") and value.isascii() and value.isdigit() and len(value) < 12)
        or (kind == "position" and value in Position._value2member_map_)
        or (kind == "role" and value in Role._value2member_map_)
        or (kind == "newcomers" and value in {str(days) for days in NEWCOMER_DAYS})
    )
    if not good:
        raise ValueError(f"unknown audience key: {key[:60]!r}")


def keys_of(viewer: Viewer) -> list[str]:
    """Return the keys that make the viewer part of an audience, groups excepted."""
    keys = [EVERYBODY, f"city:{viewer.city_id}", f"store:{viewer.store_id}", f"position:{viewer.position}"]
    keys += [f"role:{role}" for role in viewer.roles]
    if viewer.hired_on is not None:
        days = (viewer.today - viewer.hired_on).days
        keys += [f"newcomers:{limit}" for limit in NEWCOMER_DAYS if days <= limit]
    return keys


def binds_of(viewer: Viewer) -> dict[str, Any]:
    """Return the parameters of statements that are made once for all viewers: who he is, his keys, the time, his day."""
    return {"viewer_id": viewer.id, "keys": keys_of(viewer), "now": now(), "today": viewer.today}


def audiences_of_binds() -> Select[Any]:
    """Select the ids of all audiences that hold the viewer of `binds_of`."""
    return holding(bindparam("keys", expanding=True), bindparam("viewer_id"))


def audiences_of(viewer: Viewer) -> Select[Any]:
    """Select the ids of all audiences that hold the viewer."""
    return holding(keys_of(viewer), viewer.id)


def holding(keys: Any, person_id: Any) -> Select[Any]:
    """Select the ids of all audiences with one of the keys or a group of the person; once for each key that matches."""
    return select(AudienceKey.audience_id).where(or_(AudienceKey.key.in_(keys), AudienceKey.key.in_(_group_keys(person_id))))


def _group_keys(person_id: Any) -> Select[Any]:
    return select(literal("group:") + cast(GroupMember.group_id, String)).where(GroupMember.person_id == person_id)


def people_in(keys: Iterable[str], on: date | None = None) -> ColumnElement[bool]:
    """Return the condition on Person (joined with Store) that these keys hold him today and he works here."""
    day = on or now().date()
    conditions: list[ColumnElement[bool]] = []
    for key in keys:
        kind, _, value = key.partition(":")
        if kind == EVERYBODY:
            conditions.append(true())
        elif kind == "city":
            conditions.append(Store.city_id == int(value))
        elif kind == "store":
            conditions.append(Person.store_id == int(value))
        elif kind == "position":
            conditions.append(Person.position == value)
        elif kind == "newcomers":
            conditions.append(Person.hired_on >= day - timedelta(days=int(value)))
        elif kind == "group":
            conditions.append(
                exists().where(GroupMember.person_id == Person.id, GroupMember.group_id == int(value)).correlate(Person)
            )
        elif kind == "role":
            conditions.append(_holds_role(Role(value)))
    return Person.employed(day) & or_(false(), *conditions)


def _holds_role(role: Role) -> ColumnElement[bool]:
    if role == Role.DIRECTOR:
        return Person.position == Position.DIRECTOR
    if role not in GRANTED_ROLES:
        return true()
    return exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == role).correlate(Person)


def reach(keys: Iterable[str]) -> Reach:
    """Count whom these keys reach today, before anything is published."""
    chosen = list(keys)
    for key in chosen:
        check_key(key)
    people, stores = db.session.execute(
        select(func.count(Person.id), func.count(Person.store_id.distinct()))
        .join(Store, Store.id == Person.store_id)
        .where(people_in(chosen))
    ).one()
    return Reach(people, stores)


def labels(specs: Iterable[str]) -> dict[str, str]:
    """Say in words whom audiences hold, as {spec: "Казань, Москва · Радуга"}; one query for any number of them."""
    wanted = {key for spec in specs for key in spec.split("|") if key}
    ids: dict[str, set[int]] = {"city": set(), "store": set(), "group": set()}
    for kind, _, value in (key.partition(":") for key in wanted):
        if kind in ids:
            ids[kind].add(int(value))
    names: dict[str, str] = {}
    if any(ids.values()):
        city = select(literal("city").label("kind"), City.id, City.name).where(City.id.in_(ids["city"]))
        store = (
            select(literal("store"), Store.id, Store.name + ", " + City.name).join(City).where(Store.id.in_(ids["store"]))
        )
        group = select(literal("group"), Group.id, Group.name).where(Group.id.in_(ids["group"]))
        names = {f"{row.kind}:{row.id}": row.name for row in db.session.execute(city.union_all(store, group))}
    return {spec: ", ".join(key_label(key, names) for key in spec.split("|")) for spec in specs}


def key_label(key: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Say one key in words; `names` knows cities, stores and groups."""
    kind, _, value = key.partition(":")
    if key == EVERYBODY:
        return gettext("everybody")
    if kind == "position":
        return str(POSITION_GROUP_NAMES[Position(value)])
    if kind == "role":
        return str(ROLE_GROUP_NAMES[Role(value)])
    if kind == "newcomers":
        days = int(value)
        return ngettext("newcomers of the last %(num)d day", "newcomers of the last %(num)d days", days)
    return names.get(key, gettext("a group that is no more"))
