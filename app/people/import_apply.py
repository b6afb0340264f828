"""Apply the changes of a staff list as one transaction: all of it or nothing.

What the comparison saw must still be so: each person's fields are checked again, and that no other import came between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, cast

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Table, bindparam, delete, exists, func, insert, select, update

from app.database import now, one_at_a_time
from app.errors import Refused
from app.extensions import db
from app.people.access import AccessLink
from app.people.cities import known_city
from app.people.import_staff import NO_CITY, Known, as_json, city_key, known_people, place_keys
from app.people.imports import StaffImport, StaffImportChange
from app.people.models import Change, City, Person, RoleGrant, Store, log_change
from app.people.names import name_key, number_key, place_key
from app.people.permissions import Role
from app.people.sessions import SignIn
from app.people.staff_list_places import Place, is_office

BATCH = 500
# The name of the turn that lists take to be applied or taken back.
TURN = "staff lists"
_DAYS = ("hired_on", "dismissed_on")
_LOG_VERBS = {"reassigned": "promoted", "updated": "corrected"}
_LOGGED = {
    "hired": None,
    "moved": ("store",),
    "renamed": ("last_name", "first_name", "middle_name"),
    "promoted": ("position", "position_title"),
    "reassigned": ("position", "position_title"),
    "dismissed": ("dismissed_on",),
    "updated": ("position_title", "hired_on", "dismissed_on", "phone", "email"),
}


class Stale(Exception):
    """Staff changed since the comparison: it must be made again before anything is applied."""


def history() -> int:
    """Return a number that grows with each import applied or undone."""
    counted = select(func.count(StaffImport.applied_at) + func.count(StaffImport.undone_at))
    return int(db.session.scalar(counted) or 0)


def apply(staff_import: StaffImport, actor_id: int | None) -> None:
    """Do everything the import's changes say; raise Stale where they do not fit any more.

    Lists take turns: of two that open the same store at once, the second must see what the first has done.
    """
    one_at_a_time(TURN)
    if staff_import.history != history():
        raise Stale
    had_administrators = administrators()
    places = Places(actor_id)
    for changes in batches(staff_import.id):
        known = known_now([change.person_id for change in changes if change.person_id])
        hired = [change for change in changes if change.person_id is None]
        changed = [change for change in changes if change.person_id is not None]
        if any(change.person_id not in known or not fits(known[change.person_id], change.before) for change in changed):
            raise Stale
        _hire(hired, places)
        write_changes(changed, known, places)
        log_changes(changes, actor_id)
    if had_administrators and not administrators():
        raise Refused(_("This would dismiss the last administrator. Make somebody else administrator first."))
    staff_import.status = "applied"
    staff_import.applied_at = now()
    staff_import.places = {"stores": places.stores_added, "cities": places.cities_added}
    log_change("import.applied", staff_import, actor_id=actor_id, name=staff_import.file_name)


class Places:
    """Finds stores by their names, and opens those that are not there yet."""

    def __init__(self, actor_id: int | None) -> None:
        self.actor_id = actor_id
        self.stores_added: list[int] = []
        self.cities_added: list[int] = []
        self._cities = {
            NO_CITY if city.key == NO_CITY else city_key(city.name): city for city in db.session.scalars(select(City))
        }
        by_id = {city.id: key for key, city in self._cities.items()}
        rows = db.session.execute(select(Store.id, Store.name, Store.city_id, Store.closed_at)).all()
        self._stores = {(by_id[row.city_id], place_key(row.name)): row.id for row in rows}
        self._closed = {row.id for row in rows if row.closed_at is not None}

    def store_id(self, city: str, store: str) -> int:
        """Return the store's id; a new store is opened, a closed one opened again, since somebody works there."""
        at = place_keys(Place(city, store))
        if at not in self._stores:
            row = Store(name=store, key=at[1], city_id=self._city(city, at[0]).id, is_office=is_office(store))
            db.session.add(row)
            db.session.flush()
            log_change("store.opened", row, actor_id=self.actor_id, store_name=[None, store], city=[None, city])
            self._stores[at] = row.id
            self.stores_added.append(row.id)
        store_id = self._stores[at]
        if store_id in self._closed:
            self._closed.discard(store_id)
            row = db.session.get_one(Store, store_id)
            row.closed_at = None
            log_change("store.reopened", row, actor_id=self.actor_id)
        return store_id

    def _city(self, name: str, key: str) -> City:
        if key not in self._cities:
            known = known_city(name)
            zone = known.zone if known else current_app.config["DEFAULT_ZONE"]
            city = City(name=_("City not stated") if name == NO_CITY else name, key=key, zone=zone)
            db.session.add(city)
            db.session.flush()
            log_change("city.added", city, actor_id=self.actor_id, city_name=[None, city.name], zone=[None, zone])
            self._cities[key] = city
            self.cities_added.append(city.id)
        return self._cities[key]


def batches(import_id: int) -> Iterator[Sequence[StaffImportChange]]:
    """Yield the changes of an import some hundred at a time, in the order of the list."""
    last = 0
    while True:
        statement = select(StaffImportChange).where(StaffImportChange.import_id == import_id, StaffImportChange.id > last)
        batch = db.session.scalars(statement.order_by(StaffImportChange.id).limit(BATCH)).all()
        if not batch:
            return
        yield batch
        last = batch[-1].id
        db.session.flush()
        for change in batch:
            db.session.expunge(change)


def known_now(ids: list[int]) -> dict[int, Known]:
    """Read people as they are now; on PostgreSQL their rows are locked until the end."""
    people = known_people().where(Person.id.in_(ids)).with_for_update(of=Person)
    return {row.id: Known(*row.t) for row in db.session.execute(people)}


def fits(known: Known, fields: dict[str, Any]) -> bool:
    """Tell whether a person still is what a change says."""
    return all(as_json(getattr(known, name)) == value for name, value in fields.items())


def _hire(changes: list[StaffImportChange], places: Places) -> None:
    keys = [change.number_key for change in changes]
    if db.session.scalar(select(exists().where(Person.number_key.in_(keys)))):
        raise Stale
    if not changes:
        return
    db.session.execute(insert(Person), [{**_columns(change.after, places), "created_at": now()} for change in changes])
    new = db.session.execute(select(Person.number_key, Person.id).where(Person.number_key.in_(keys)))
    ids = {row.number_key: row.id for row in new}
    for change in changes:
        change.person_id = ids[change.number_key]


def write_changes(changes: list[StaffImportChange], known: dict[int, Known], places: Places, back: bool = False) -> None:
    """Write the whole row of each changed person: one prepared statement for a batch."""
    today, gone, returned = now().date().isoformat(), [], []
    rows: list[dict[str, Any]] = []
    for change in changes:
        person = known[cast(int, change.person_id)]
        present = {name: as_json(getattr(person, name)) for name in _FIELDS}
        wanted = change.before if back else change.after
        fields = present | ({} if "store" in wanted else {"store_id": person.store_id}) | wanted
        rows.append({"person_id": person.id, **{f"to_{name}": value for name, value in _columns(fields, places).items()}})
        had_left = bool(present["dismissed_on"] and present["dismissed_on"] <= today)
        leaves = bool(fields["dismissed_on"] and fields["dismissed_on"] <= today)
        if leaves and not had_left:
            gone.append(person.id)
        elif had_left and not leaves:
            returned.append(person.id)
    if rows:
        columns: dict[str, Any] = {name.removeprefix("to_"): bindparam(name) for name in rows[0] if name != "person_id"}
        people = cast(Table, Person.__table__)
        db.session.connection().execute(update(people).where(people.c.id == bindparam("person_id")).values(columns), rows)
    if gone:
        _end_access(gone)
    if returned and not back:
        # Who comes back comes without the roles of former times.
        db.session.execute(delete(RoleGrant).where(RoleGrant.person_id.in_(returned)))


_FIELDS = (
    *("personnel_number", "last_name", "first_name", "middle_name", "city", "store", "position", "position_title"),
    *("hired_on", "dismissed_on", "phone", "email"),
)


def _columns(fields: dict[str, Any], places: Places) -> dict[str, Any]:
    """Return the columns of a person for the fields of a change."""
    columns = {name: value for name, value in fields.items() if name not in ("city", "store", "store_id")}
    for name in _DAYS:
        columns[name] = date.fromisoformat(columns[name]) if columns.get(name) else None
    return {
        **columns,
        "number_key": number_key(fields["personnel_number"]),
        "name_key": name_key(fields["last_name"], fields["first_name"], fields["middle_name"]),
        "store_id": fields.get("store_id") or places.store_id(fields["city"], fields["store"]),
    }


def _end_access(ids: list[int]) -> None:
    """End every session of dismissed people, and the links that would let them in again."""
    still_open = (SignIn.person_id.in_(ids), SignIn.ended_at.is_(None))
    db.session.execute(update(SignIn).where(*still_open).values(ended_at=now(), end_cause="dismissed"))
    still_good = (AccessLink.person_id.in_(ids), AccessLink.used_at.is_(None), AccessLink.revoked_at.is_(None))
    db.session.execute(update(AccessLink).where(*still_good).values(revoked_at=now()))


def log_changes(changes: Sequence[StaffImportChange], actor_id: int | None, back: bool = False) -> None:
    """Add a line to the log for each verb of each change, with the fields that it is about."""
    lines: list[dict[str, Any]] = []
    for change in changes:
        before, after = (change.after, change.before) if back else (change.before, change.after)
        for verb in change.verbs:
            fields = _LOGGED[verb] or (_FIELDS if change.is_new else _DAYS)
            details = {name: [_told(before, name), _told(after, name)] for name in fields if name in before or name in after}
            lines.append(
                {
                    "at": now(),
                    "actor_id": actor_id,
                    "verb": _log_verb(verb, change, back),
                    "subject_kind": "person",
                    "subject_id": change.person_id,
                    "subject_name": f"{change.name}, {change.number}"[:200],
                    "details": {name: pair for name, pair in details.items() if name != "city" and any(pair)},
                }
            )
    if lines:
        db.session.execute(insert(Change), lines)


def _log_verb(verb: str, change: StaffImportChange, back: bool) -> str:
    if back:
        return "person.unhired" if change.is_new else "person.restored"
    if verb == "hired" and change.before:
        return "person.rehired"
    return f"person.{_LOG_VERBS.get(verb, verb)}"


def _told(fields: dict[str, Any], name: str) -> Any:
    if name == "store" and "store" in fields:
        return f"{fields['store']}, {fields['city']}"
    return fields.get(name)


def administrators() -> int:
    """Count those who work here and may administer; the portal must never be left without."""
    held = select(func.count()).select_from(RoleGrant).join(Person, Person.id == RoleGrant.person_id)
    return int(db.session.scalar(held.where(RoleGrant.role == Role.ADMINISTRATOR, Person.employed())) or 0)
