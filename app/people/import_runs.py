"""What people do with an import: upload, correct, confirm, start again, take back, give up; the jobs do the work."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, update

from app.database import now
from app.errors import Refused
from app.extensions import db
from app.media import drop, keep, new_key
from app.people import import_words
from app.people.import_jobs import apply_changes, locked, queue, read
from app.people.import_undo import undo
from app.people.imports import StaffImport, StaffImportChange
from app.people.names import tidy
from app.people.staff_list_headings import is_complete


def upload(file_name: str, content: bytes, *, on: date | None, absent: str, actor_id: int) -> StaffImport:
    """Take a file in and have it read after the commit."""
    key = new_key("imports")
    keep({key: content})
    staff_import = StaffImport(
        file_name=tidy(file_name)[-200:] or _("List without a name"),
        media_key=key,
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by_id=actor_id,
        effective_on=on,
        absent=absent,
    )
    db.session.add(staff_import)
    db.session.flush()
    queue(read, staff_import.id)
    return staff_import


def read_again(staff_import: StaffImport, columns: dict[str, Any] | None = None) -> None:
    """Have a list read once more: with the user's columns, or because its worker seems to be gone."""
    if staff_import.status not in ("reading", "ready", "failed") or staff_import.media_key is None:
        raise Refused(_("This list cannot be read again. Upload the file once more."))
    staff_import.status, staff_import.error, staff_import.rows_done = "reading", "", 0
    staff_import.touched_at = now()
    if columns is not None:
        staff_import.columns = columns
    queue(read, staff_import.id)


def change_terms(staff_import: StaffImport, on: date | None, absent: str) -> None:
    """Compare anew with another day, or another answer to what becomes of absent people."""
    read_again(staff_import)
    staff_import.effective_on, staff_import.absent = on, absent


def change_columns(staff_import: StaffImport, sheet: int, fields: dict[int, str]) -> None:
    """Read the list anew with the columns as the user says they are."""
    given = list(fields.values())
    twice = next((name for name in given if given.count(name) > 1), None)
    if twice:
        raise Refused(_("Two columns are said to be the same: %(name)s.", name=import_words.COLUMNS[twice]), field="columns")
    if not is_complete(fields):
        raise Refused(_("Say which column holds the personnel number, and which the name."), field="columns")
    read_again(staff_import, {"sheet": sheet, "fields": {str(at): name for at, name in fields.items()}})


def confirm(staff_import: StaffImport, sure: bool = False) -> None:
    """Have the changes applied; the second press of the button does nothing."""
    if staff_import.dismisses_many and not sure:
        raise Refused(_("Many people are missing from this list. Confirm that they are to be dismissed."), field="sure")
    ready = (StaffImport.id == staff_import.id, StaffImport.status == "ready")
    begun = db.session.execute(update(StaffImport).where(*ready).values(status="applying", error="", touched_at=now()))
    if begun.rowcount:  # type: ignore[attr-defined]
        queue(apply_changes, staff_import.id)


def restart(staff_import: StaffImport) -> None:
    """Start the job again whose worker has not been heard of; one that still works on stops by itself."""
    if not staff_import.is_running:
        return
    staff_import.touched_at = now()
    queue(read if staff_import.status == "reading" else apply_changes, staff_import.id)


def take_back(staff_import: StaffImport, actor_id: int) -> None:
    """Undo an applied import."""
    row = locked(staff_import.id)
    if row is None or row.status != "applied":
        raise Refused(_("Only an applied import can be undone."))
    undo(row, actor_id)


def give_up(staff_import: StaffImport) -> None:
    """Forget a list that has not been applied, and its file."""
    row = locked(staff_import.id)
    if row is None or row.status in ("applying", "applied", "undone"):
        raise Refused(_("This list has been applied: it stays in the history."))
    if row.media_key:
        drop([row.media_key])
    db.session.execute(delete(StaffImportChange).where(StaffImportChange.import_id == row.id))
    db.session.delete(row)
