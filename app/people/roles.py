"""Roles that an administrator gives and takes; somebody must always be left who can give them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.database import insert_once, now
from app.errors import Refused
from app.extensions import db
from app.people.log import person_label
from app.people.models import City, Person, RoleGrant, Store, log_change
from app.people.permissions import GRANTED_ROLES, Role

# More holders than this are found in the directory of the portal's own pages, not on one list.
HOLDERS = 300


def grant(person: Person, role: Role, actor_id: int | None) -> bool:
    """Give a role, in force from the person's next request; tell whether it was new."""
    if not person.is_employed():
        raise Refused(_("%(name)s does not work here any more.", name=person.name))
    new = insert_once(RoleGrant, person_id=person.id, role=role, granted_at=now(), granted_by_id=actor_id)
    if new:
        log_change("role.granted", person, actor_id=actor_id, name=person_label(person), role=[None, role])
    return new


def take(person: Person, role: Role, actor_id: int | None) -> bool:
    """Take a role away, but never the administrator's from the last who holds it; tell whether it was held."""
    if role == Role.ADMINISTRATOR:
        require_another_administrator(person)
    done = db.session.execute(delete(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.role == role))
    if not done.rowcount:  # type: ignore[attr-defined]
        return False
    log_change("role.taken", person, actor_id=actor_id, name=person_label(person), role=[role, None])
    return True


def set_roles(person: Person, wanted: set[Role], actor_id: int | None) -> bool:
    """Give and take until the person holds just these roles; tell whether anything changed."""
    held = set(db.session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person.id)))
    changed = False
    for role in GRANTED_ROLES:
        if role in wanted and role not in held:
            changed |= grant(person, role, actor_id)
        elif role not in wanted and role in held:
            changed |= take(person, role, actor_id)
    db.session.expire(person, ["role_grants"])
    return changed


def require_another_administrator(person: Person) -> None:
    """Refuse unless somebody else who works here is administrator; a portal without one could never be helped again.

    The rows are locked, so that two administrators cannot take the role from each other at the same moment.
    """
    holders = set(
        db.session.scalars(
            select(RoleGrant.person_id)
            .join(Person, Person.id == RoleGrant.person_id)
            .where(RoleGrant.role == Role.ADMINISTRATOR, Person.employed())
            .with_for_update(of=RoleGrant)
        )
    )
    if person.id in holders and len(holders) == 1:
        raise Refused(_("This is the last administrator. Make somebody else administrator first."))


def holders() -> dict[Role, Sequence[Any]]:
    """Return who holds which role, by name, in one query."""
    statement = (
        select(
            RoleGrant.role,
            Person.id,
            Person.name_key,
            (Person.first_name + " " + Person.last_name).label("name"),
            Person.photo_key,
            Person.dismissed_on,
            Store.name.label("store_name"),
            City.name.label("city_name"),
        )
        .join(Person, Person.id == RoleGrant.person_id)
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .where(Person.employed())
        .limit(HOLDERS)
    )
    # Sorted here: asked to sort, SQLite would walk all people by name and look for the roles of each.
    rows = sorted(db.session.execute(statement).all(), key=lambda row: (row.name_key, row.id))
    return {role: [row for row in rows if row.role == role] for role in GRANTED_ROLES}
