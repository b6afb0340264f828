"""The staff as the portal has it, for programs as JSON fields and for people as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.people import import_words
from app.people.models import City, Person, Store
from app.people.permissions import POSITION_NAMES, Position
from app.tables import write_table

BATCH = 1000


def people() -> Iterator[dict[str, Any]]:
    """Yield everybody by number, with the fields that the contract names."""
    for row in _rows():
        yield {
            "personnel_number": row.personnel_number,
            "last_name": row.last_name,
            "first_name": row.first_name,
            "middle_name": row.middle_name,
            "city": row.city,
            "store": row.store,
            "position": row.position,
            "hired": row.hired_on and row.hired_on.isoformat(),
            "dismissed": row.dismissed_on and row.dismissed_on.isoformat(),
            "phone": row.phone,
            "email": row.email,
        }


def write_workbook(file: BinaryIO) -> None:
    """Write the staff as a list that can be imported again."""
    headings = [
        *(_("Personnel number"), _("Last name"), _("First name"), _("Middle name"), _("City"), _("Store"), _("Position")),
        *(_("Hired on"), _("Dismissed on"), _("Phone"), _("E-mail")),
    ]
    rows = (
        [
            *(row.personnel_number, row.last_name, row.first_name, row.middle_name, row.city, row.store),
            *(_position(row), row.hired_on, row.dismissed_on, row.phone, row.email),
        ]
        for row in _rows()
    )
    write_table(file, _("Staff"), headings, rows, [12, 20, 16, 20, 20, 22, 28, 12, 12, 16, 28])


def write_refused(file: BinaryIO, refused: list[dict[str, Any]]) -> None:
    """Write the refused rows of an import with their reasons, to be corrected."""
    headings = [_("Row"), _("Why it was refused"), _("What to do"), _("What it says")]
    rows = (
        [row["row"], str(import_words.REASONS[row["reason"]]), str(import_words.ADVICE[row["reason"]]), row["text"]]
        for row in refused
    )
    write_table(file, _("Refused rows"), headings, rows, [8, 36, 60, 90])


def _position(row: Any) -> str:
    """Say the position in the list's words; of somebody whom no list knows in the portal's, if it has any."""
    if row.position_title or row.position == Position.OTHER:
        return str(row.position_title)
    return str(POSITION_NAMES[Position(row.position)])


def _rows() -> Iterator[Any]:
    """Read people in batches by number, so that a hundred thousand of them need no more memory than a thousand."""
    columns = (
        *(Person.id, Person.personnel_number, Person.last_name, Person.first_name, Person.middle_name),
        *(City.name.label("city"), Store.name.label("store"), Person.position, Person.position_title),
        *(Person.hired_on, Person.dismissed_on, Person.phone, Person.email, Person.number_key),
    )
    last: Any = None
    statement = select(*columns).join(Person.store).join(Store.city).order_by(Person.number_key).limit(BATCH)
    while True:
        batch = db.session.execute(statement if last is None else statement.where(Person.number_key > last)).all()
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].number_key
