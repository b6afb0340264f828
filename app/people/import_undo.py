"""Take an applied staff list back as one transaction, unless something was built on it.

Each person must still be as the import left him, and nobody whom it hired may have done anything yet.
"""

from __future__ import annotations

from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import delete, or_, select, update

from app.database import now, one_at_a_time
from app.errors import Refused
from app.extensions import Base, db
from app.people.access import AccessLink
from app.people.import_apply import BATCH, TURN, Places, administrators, batches, fits, known_now, log_changes, write_changes
from app.people.imports import StaffImport, StaffImportChange
from app.people.models import City, Person, Store, log_change

# Rows that belong to an import itself or were made for somebody, not by him: they do not keep an import from being undone.
_NOT_BUILT_ON = {"staff_import_change.person_id", "access_link.person_id"}
# The same, of features: they stand by name, and go with whoever is taken back. Children before what they hang on.
_GIVEN = ("assignment_event.person_id", "assignee.person_id", "delivery.person_id", "notice.person_id")


def undo(staff_import: StaffImport, actor_id: int | None) -> None:
    """Take everything back that an import did, unless something was built on it since."""
    one_at_a_time(TURN)
    _refuse_if_built_on(staff_import)
    had_administrators = administrators()
    places = Places(actor_id)
    for changes in batches(staff_import.id):
        known = known_now([change.person_id for change in changes if change.person_id])
        for change in changes:
            if change.person_id is None or not fits(known[change.person_id], change.after):
                name = {"name": change.name}
                raise Refused(
                    _("%(name)s was changed since: what this list did can no longer be undone as a whole.", **name)
                )
        hired = [change.person_id for change in changes if change.is_new]
        write_changes([change for change in changes if not change.is_new], known, places, back=True)
        log_changes(changes, actor_id, back=True)
        _unhire(cast(list[int], hired))
    _remove_places(staff_import.places)
    if had_administrators and not administrators():
        raise Refused(_("Without this import nobody would be administrator. Make somebody else administrator first."))
    staff_import.status = "undone"
    staff_import.undone_at = now()
    log_change("import.undone", staff_import, actor_id=actor_id, name=staff_import.file_name)


def _refuse_if_built_on(staff_import: StaffImport) -> None:
    later = (StaffImport.status == "applied", StaffImport.applied_at > staff_import.applied_at)
    if name := db.session.scalar(select(StaffImport.file_name).where(*later).limit(1)):
        raise Refused(_("The list «%(name)s» was applied after this one. Undo that first.", name=name))
    hired = _hired_by(staff_import.id)
    people = select(Person.last_name, Person.first_name).join(hired, hired.c.person_id == Person.id).limit(1)
    signs = [people.where(or_(Person.password_hash.is_not(None), Person.pin_hash.is_not(None)))]
    signs += [people.join(c.table, c == Person.id) for c in references("person") if str(c) not in {*_NOT_BUILT_ON, *_GIVEN}]
    for sign in signs:
        if person := db.session.execute(sign).first():
            name = f"{person.last_name} {person.first_name}"
            raise Refused(_("%(name)s, taken on by this list, already uses the portal: it stays as it is.", name=name))


def references(table: str) -> list[Any]:
    """Return every column of the schema that refers to a table."""
    return [
        column
        for other in Base.metadata.sorted_tables
        for column in other.columns
        for key in column.foreign_keys
        if key.column.table.name == table
    ]


def _hired_by(import_id: int) -> Any:
    new = (StaffImportChange.import_id == import_id, StaffImportChange.is_new.is_(True))
    return select(StaffImportChange.person_id).where(*new).subquery("hired")


def _unhire(ids: list[int]) -> None:
    if ids:
        db.session.execute(update(StaffImportChange).where(StaffImportChange.person_id.in_(ids)).values(person_id=None))
        db.session.execute(delete(AccessLink).where(AccessLink.person_id.in_(ids)))
        given = {str(column): column for column in references("person")}
        for name in _GIVEN:
            db.session.execute(delete(given[name].table).where(given[name].in_(ids)))
        db.session.execute(delete(Person).where(Person.id.in_(ids)))


def _remove_places(added: dict[str, list[int]]) -> None:
    """Remove the stores and cities that the import added, unless something else has come to them since."""
    for model, ids in ((Store, added.get("stores", [])), (City, added.get("cities", []))):
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            used: set[int] = set()
            for column in references(model.__tablename__):
                used.update(db.session.scalars(select(column).where(column.in_(some)).distinct()))
            db.session.execute(delete(model).where(model.id.in_([id for id in some if id not in used])))
