"""The work of an import, in jobs: reading and comparing, applying; and all at once for the command line.

Reading is done outside of any long transaction: the file first, then the comparison in short pieces, so that nobody waits
for it. Both jobs may be run again at any point; a second worker makes the first one stop.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from flask import current_app
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.database import now, reading
from app.errors import Refused
from app.extensions import db
from app.jobs import later, task
from app.media import drop, media
from app.people.import_apply import Stale, apply, history
from app.people.import_compare import COUNTED, Comparison, Terms, compare
from app.people.import_staff import Staff
from app.people.imports import StaffImport, StaffImportChange
from app.people.models import Person
from app.people.permissions import Permission
from app.people.staff_list import StaffList
from app.people.staff_list_file import NotAStaffList, Row, StaffFile
from app.people.staff_list_headings import Layout, recognise

PIECE = 1000
# More would make the row itself heavy; the number of all is in the counts.
KEPT_REFUSED = 5000
KEPT_PLACES = 300


class _Superseded(Exception):
    """Another worker reads this import now, or it has been given up."""


@task
def read(import_id: int) -> None:
    """Read an uploaded list and compare it with the staff."""
    attempt = _begin(import_id)
    if attempt is None:
        return
    try:
        with _file(import_id) as path:
            comparison, layout, version = _read(import_id, attempt, path)
        _keep_changes(import_id, attempt, comparison.changes())
        _touch(import_id, attempt)
        staff_import = db.session.get_one(StaffImport, import_id)
        _fill(staff_import, comparison, layout)
        staff_import.status, staff_import.history = "ready", version
    except NotAStaffList as failed:
        db.session.rollback()
        values: dict[str, Any] = {"status": "failed", "error": failed.code, "touched_at": now()}
        if isinstance(failed.layout, Layout):
            values["recognised"] = _recognised(failed.layout)
        mine = (StaffImport.id == import_id, StaffImport.attempt == attempt, StaffImport.status == "reading")
        db.session.execute(update(StaffImport).where(*mine).values(values))
    except _Superseded:
        db.session.rollback()


@task
def apply_changes(import_id: int) -> None:
    """Apply a confirmed import in one transaction, which the runner commits; compare it anew if staff changed meanwhile."""
    staff_import = locked(import_id)
    if staff_import is None or staff_import.status != "applying":
        return
    try:
        apply(staff_import, staff_import.uploaded_by_id)
        if staff_import.media_key:
            drop([staff_import.media_key])
            staff_import.media_key = None
    except (Stale, IntegrityError):
        # A key was taken meanwhile: somebody entered the same person, store or city by hand at this very moment.
        _put_back(import_id, "stale")
    except Refused:
        _put_back(import_id, "last_administrator")


def import_at_once(path: Path, on: date | None = None, absent: str = "keep", dry_run: bool = False) -> Comparison:
    """Read, compare and apply a file for the command line, in one transaction; the caller commits."""
    with reading():
        version, staff = history(), Staff.load()
        db.session.rollback()
    with StaffFile(path) as file:
        layout = recognise(file.sheets())
        terms = Terms(on=on or layout.title_date or now().date(), absent=absent)
        comparison = compare(StaffList(layout).people(file.rows(layout.sheet)), staff, terms)
    if comparison.is_empty:
        raise NotAStaffList("nobody")
    if dry_run:
        with reading():
            for _change in comparison.changes():
                pass
            db.session.rollback()
        return comparison
    staff_import = StaffImport(file_name=path.name[-200:], effective_on=terms.on, absent=terms.absent, history=version)
    db.session.add(staff_import)
    db.session.flush()
    for piece in _pieces(comparison.changes()):
        db.session.execute(insert(StaffImportChange), [{"import_id": staff_import.id, **change} for change in piece])
    _fill(staff_import, comparison, layout)
    apply(staff_import, None)
    return comparison


def _begin(import_id: int) -> int | None:
    """Take the import over: whoever read it before stops at his next step."""
    reading_now = (StaffImport.id == import_id, StaffImport.status == "reading")
    values = {"attempt": StaffImport.attempt + 1, "touched_at": now(), "rows_done": 0}
    row = db.session.execute(update(StaffImport).where(*reading_now).values(values).returning(StaffImport.attempt)).first()
    if row is not None:
        db.session.execute(delete(StaffImportChange).where(StaffImportChange.import_id == import_id))
    db.session.commit()
    return row.attempt if row else None


@contextmanager
def _file(import_id: int) -> Iterator[Path]:
    """Yield the uploaded file under a path of its own, for the process that reads it."""
    with reading():
        key = db.session.scalar(select(StaffImport.media_key).where(StaffImport.id == import_id))
        db.session.rollback()
    with tempfile.NamedTemporaryFile(prefix="ritm-list-") as copy:
        try:
            with media().open(key or "") as source:
                shutil.copyfileobj(source, copy)
        except FileNotFoundError:
            raise NotAStaffList("gone") from None
        copy.flush()
        yield Path(copy.name)


def _read(import_id: int, attempt: int, path: Path) -> tuple[Comparison, Layout, int]:
    with reading():
        version, staff = history(), Staff.load()
        staff_import = db.session.get_one(StaffImport, import_id)
        columns, on, absent = staff_import.columns, staff_import.effective_on, staff_import.absent
        actor = db.session.get(Person, staff_import.uploaded_by_id) if staff_import.uploaded_by_id else None
        terms = Terms(
            on=on or now().date(),
            absent=absent,
            actor_id=actor.id if actor else None,
            may_change_administrators=actor is None or actor.can(Permission.GRANT_ROLES),
        )
        db.session.rollback()
        db.session.expunge_all()
    with StaffFile(path) as file:
        if columns:
            layout = recognise(file.sheets(), columns["sheet"], {int(at): name for at, name in columns["fields"].items()})
        else:
            layout = recognise(file.sheets())
        if on is None and layout.title_date:
            terms.on = layout.title_date
        staff_list = StaffList(layout)
        rows = _counted(file.rows(layout.sheet), import_id, attempt, layout.sheet.rows)
        comparison = compare(staff_list.people(rows), staff, terms)
        comparison.counts["skipped"] = staff_list.skipped
    if comparison.is_empty:
        raise NotAStaffList("nobody")
    return comparison, layout, version


def _counted(rows: Iterator[Row], import_id: int, attempt: int, total: int) -> Iterator[Row]:
    """Hand rows on and note twice a second how far the reading is."""
    noted = 0.0
    for row in rows:
        if monotonic() - noted > 0.5:
            _touch(import_id, attempt, rows_done=row.number, rows_total=total)
            db.session.commit()
            noted = monotonic()
        yield row
    _touch(import_id, attempt, rows_done=total, rows_total=total)
    db.session.commit()


def _keep_changes(import_id: int, attempt: int, changes: Iterable[dict[str, Any]]) -> None:
    for piece in _pieces(changes):
        _touch(import_id, attempt)
        db.session.execute(insert(StaffImportChange), [{"import_id": import_id, **change} for change in piece])
        db.session.commit()


def _touch(import_id: int, attempt: int, **values: Any) -> None:
    """Show that the import gets on; stop if it is somebody else's by now."""
    mine = (StaffImport.id == import_id, StaffImport.attempt == attempt, StaffImport.status == "reading")
    done = db.session.execute(update(StaffImport).where(*mine).values(touched_at=now(), **values))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise _Superseded


def _pieces(changes: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    iterator = iter(changes)
    while piece := list(islice(iterator, PIECE)):
        yield piece


def _fill(staff_import: StaffImport, comparison: Comparison, layout: Layout) -> None:
    """Keep what was recognised and found, for the page."""
    staff_import.effective_on = comparison.terms.on
    staff_import.counts = {name: comparison.counts[name] for name in COUNTED} | dict(comparison.counts)
    refused = comparison.refused[:KEPT_REFUSED]
    staff_import.refused = [{"row": row.row, "reason": row.reason, "text": row.text} for row in refused]
    staff_import.recognised = {
        **_recognised(layout),
        "new_stores": [list(place) for place in comparison.new_stores[:KEPT_PLACES]],
        "new_stores_count": len(comparison.new_stores),
        "strange_cities": sorted(set(comparison.strange_cities))[:KEPT_PLACES],
        "notes": [list(note) for note in comparison.notes],
    }


def _recognised(layout: Layout) -> dict[str, Any]:
    """Return what the page shows of how the file was understood."""
    width = max((len(row) for row in layout.sheet.head), default=0)
    columns = [
        {
            "at": at,
            "letter": _letter(at + layout.sheet.left),
            "heading": layout.headings[at][:120] if at < len(layout.headings) else "",
            "field": layout.fields.get(at, ""),
            "samples": layout.samples(at),
        }
        for at in range(width)
    ]
    return {
        "sheet": layout.sheet.at,
        "sheet_name": layout.sheet.name,
        "also": layout.also,
        "heading_row": layout.heading_row,
        "columns": [column for column in columns if column["heading"] or column["field"] or column["samples"]],
        "title_date": layout.title_date.isoformat() if layout.title_date else None,
    }


def _letter(column: int) -> str:
    """Return a column's name as spreadsheets show it: A, B, … Z, AA."""
    return (_letter(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def _put_back(import_id: int, error: str) -> None:
    """Undo a half-done application and let the user look again: at a fresh comparison, or at what stands in the way."""
    db.session.rollback()
    staff_import = locked(import_id)
    if staff_import is not None and staff_import.status == "applying":
        staff_import.status, staff_import.error = "ready", error
        if error == "stale":
            staff_import.status = "reading"
            queue(read, import_id)


def locked(import_id: int) -> StaffImport | None:
    """Load an import and hold it until the transaction ends."""
    return db.session.scalar(select(StaffImport).where(StaffImport.id == import_id).with_for_update(of=StaffImport))


def queue(job: Any, import_id: int) -> None:
    """Have a job of an import done after the commit."""
    later(current_app._get_current_object(), job, import_id)  # type: ignore[attr-defined]
