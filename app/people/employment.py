"""Staff kept by hand: taking on, correcting, dismissing and taking on again; the staff list does the same in bulk.

Every change is a line of the log with what was before and after. A dismissal ends access at once and keeps authorship.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.database import now
from app.errors import Refused
from app.extensions import db
from app.people.access import AccessLink
from app.people.log import person_label
from app.people.models import Person, RoleGrant, Store, log_change
from app.people.names import name_key, normal_email, normal_number, normal_phone, number_key
from app.people.permissions import Permission, Role
from app.people.roles import require_another_administrator
from app.people.sessions import Viewer, end_sessions

# What the form sends, in the order in which the log tells of it.
FIELDS = (
    "personnel_number",
    "last_name",
    "first_name",
    "middle_name",
    "position",
    "position_title",
    "store_id",
    "hired_on",
    "phone",
    "email",
)


def hire(actor: Viewer, values: Mapping[str, Any]) -> Person:
    """Take somebody on who is not in the staff list yet."""
    person = Person(**_fields(values))
    _save(person)
    log_change("person.hired", person, actor_id=actor.id, name=person_label(person), **_differences({}, _told(person)))
    return person


def correct(person: Person, actor: Viewer, values: Mapping[str, Any]) -> bool:
    """Correct what the portal knows of somebody; tell whether anything changed."""
    before = _told(person)
    fields = _fields(values)
    if fields["email"] != person.email and Role.ADMINISTRATOR in person.roles and not actor.can(Permission.GRANT_ROLES):
        # Whoever chooses the address could ask for a new password there and become administrator.
        raise Refused(_("Only an administrator may change the e-mail of an administrator."), field="email")
    if person.dismissed_on and fields["hired_on"] and fields["hired_on"] > person.dismissed_on:
        raise Refused(_("The first day cannot be later than the day of dismissal."), field="hired_on")
    for field, value in fields.items():
        setattr(person, field, value)
    _save(person)
    changed = _differences(before, _told(person))
    if changed:
        log_change("person.corrected", person, actor_id=actor.id, name=person_label(person), **changed)
    return bool(changed)


def dismiss(person: Person, actor: Viewer, on: date) -> None:
    """Dismiss from a day on, on which access ends; today and earlier end it at once, with every open session."""
    if person.id == actor.id:
        raise Refused(_("You cannot dismiss yourself."), field="dismissed_on")
    if person.hired_on and on < person.hired_on:
        raise Refused(_("The day of dismissal cannot be before the first day."), field="dismissed_on")
    require_another_administrator(person)
    before, person.dismissed_on = person.dismissed_on, on
    if not person.is_employed():
        end_sessions(person.id, "dismissed")
        still_good = (AccessLink.person_id == person.id, AccessLink.used_at.is_(None), AccessLink.revoked_at.is_(None))
        db.session.execute(update(AccessLink).where(*still_good).values(revoked_at=now()))
    if before != on:
        days = [before and before.isoformat(), on.isoformat()]
        log_change("person.dismissed", person, actor_id=actor.id, name=person_label(person), dismissed_on=days)
    db.session.flush()


def rehire(person: Person, actor: Viewer, on: date | None = None) -> None:
    """Take somebody on again, without the roles of former times; or cancel a dismissal whose day has not come."""
    if person.dismissed_on is None:
        return
    before = [person.dismissed_on.isoformat(), None]
    if person.is_employed():
        person.dismissed_on = None
        log_change("person.stayed", person, actor_id=actor.id, name=person_label(person), dismissed_on=before)
        return
    if person.store.closed_at is not None:
        raise Refused(_("The store is closed: choose another one for this person first."))
    db.session.execute(delete(RoleGrant).where(RoleGrant.person_id == person.id))
    first_day = on or now().astimezone(person.store.zone).date()
    days = [person.hired_on and person.hired_on.isoformat(), first_day.isoformat()]
    person.dismissed_on, person.hired_on = None, first_day
    log_change("person.rehired", person, actor_id=actor.id, name=person_label(person), dismissed_on=before, hired_on=days)
    db.session.flush()


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that these values fill; refuse what no person can have."""
    fields = {field: values[field] for field in FIELDS}
    fields["personnel_number"] = normal_number(fields["personnel_number"])
    fields["number_key"] = number_key(fields["personnel_number"])
    if not fields["number_key"]:
        raise Refused(_("A personnel number has digits or letters."), field="personnel_number")
    fields["name_key"] = name_key(fields["last_name"], fields["first_name"], fields["middle_name"])
    for field, normal, sentence in (
        ("phone", normal_phone, _("This is no phone number. Write it like +7 916 123-45-67.")),
        ("email", normal_email, _("This is no e-mail address.")),
    ):
        written, fields[field] = fields[field], normal(fields[field])
        if written and not fields[field]:
            raise Refused(sentence, field=field)
    if db.session.get(Store, fields["store_id"]) is None:
        raise Refused(_("Choose a store of the list."), field="store_id")
    return fields


def _save(person: Person) -> None:
    taken = select(Person.id).where(Person.number_key == person.number_key, Person.id != (person.id or 0))
    with db.session.no_autoflush:
        double = db.session.scalar(taken) is not None
    try:
        if double:
            raise Refused(_("Somebody has this personnel number already."), field="personnel_number")
        db.session.add(person)
        db.session.flush()
    except IntegrityError:
        raise Refused(_("Somebody has this personnel number already."), field="personnel_number") from None
    db.session.refresh(person, ["store"])


def _told(person: Person) -> dict[str, Any]:
    """Return the fields as the log tells them: the store by name, days as text."""
    told = {field: getattr(person, field) for field in FIELDS if field not in ("store_id", "hired_on")}
    told["store"] = f"{person.store.name}, {person.store.city.name}"
    told["hired_on"] = person.hired_on and person.hired_on.isoformat()
    return told


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    pairs = {field: [before.get(field) or None, after[field] or None] for field in after}
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}
