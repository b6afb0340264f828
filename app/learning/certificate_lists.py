"""Lists of certificates for directors, editors and HR: by course, city, store and state; and what presses in a team."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO, Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, true

from app.content.cards import Position
from app.database import read_rows
from app.learning.certificate_models import Certificate
from app.learning.certificate_numbers import grouped
from app.learning.certificate_words import STATES
from app.learning.certificates import State, in_sight, sees_all, state_of
from app.learning.lists import Page
from app.learning.models import Course
from app.people.models import City, Person, Store
from app.people.sessions import Viewer
from app.tables import MAX_ROWS, write_table

PAGE = 50
BATCH = 1000
WIDTHS = (14, 40, 26, 20, 40, 14, 14, 14, 40)


class Asked(NamedTuple):
    """Which certificates are asked for."""

    state: str = ""
    course_id: int | None = None
    city_id: int | None = None
    store_id: int | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """Return the same as the fields of an address."""
        named = {"state": self.state, "course": self.course_id, "city": self.city_id, "store": self.store_id}
        return {name: value for name, value in named.items() if value}


def page(viewer: Viewer, asked: Asked, before: Position | None = None, size: int = PAGE) -> Page:
    """Read one page of what the viewer may see of the people who work here, the newest first."""
    statement = _listed(viewer, asked)
    if before is not None:
        statement = statement.where(before.older(Certificate.issued_at, Certificate.id))
    rows = read_rows(statement.order_by(Certificate.issued_at.desc(), Certificate.id.desc()).limit(size + 1))
    shown = rows[:size]
    return Page(shown, Position(shown[-1].issued_at, shown[-1].id) if len(rows) > size else None)


def workbook(viewer: Viewer, asked: Asked) -> IO[bytes]:
    """Write all of them into a temporary file, open and at its beginning; whoever answers it closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    headings = [
        _("Number"),
        _("Name"),
        _("Store"),
        _("City"),
        _("Course"),
        _("Given"),
        _("Valid until"),
        _("State"),
        _("Why"),
    ]
    write_table(file, _("Certificates"), headings, _cells(viewer, asked), WIDTHS)
    file.seek(0)
    return file


def courses(viewer: Viewer) -> Sequence[Any]:
    """Return the courses of which there are certificates that the viewer may see, by name."""
    seen = select(Certificate.course_id).join(Person, Person.id == Certificate.person_id).where(in_sight(viewer))
    return read_rows(select(Course.id, Course.title).where(Course.id.in_(seen)).order_by(Course.title, Course.id).limit(300))


def pressing(person_ids: Iterable[int], today: date) -> dict[int, list[Any]]:
    """Read which certificates of people end soon or have run out, what ends first before the rest."""
    ids = list(person_ids)
    if not ids:
        return {}
    statement = select(*_STATE, Certificate.person_id, Certificate.title).where(
        Certificate.person_id.in_(ids), Certificate.standing(), Certificate.renews_on <= today
    )
    found: dict[int, list[Any]] = {}
    for row in read_rows(statement.order_by(Certificate.valid_until, Certificate.id)):
        found.setdefault(row.person_id, []).append(row)
    return found


def _cells(viewer: Viewer, asked: Asked) -> Iterable[tuple[Any, ...]]:
    before: Position | None = None
    written = 0
    while written < MAX_ROWS:
        found = page(viewer, asked, before, BATCH)
        for row in found.rows:
            state = str(STATES[state_of(row, viewer.today)])
            days = (row.issued_on, row.valid_until)
            yield (grouped(row.number), row.full_name, row.store, row.city, row.title, *days, state, row.revoked_why)
        before, written = found.following, written + len(found.rows)
        if before is None:
            return


def _listed(viewer: Viewer, asked: Asked) -> Any:
    statement = (
        select(
            *_STATE,
            Certificate.number,
            Certificate.person_id,
            Certificate.full_name,
            Certificate.title,
            Certificate.issued_on,
            Certificate.issued_at,
            Certificate.revoked_why,
            Store.name.label("store"),
            City.name.label("city"),
        )
        .select_from(Certificate)
        .join(Person, Person.id == Certificate.person_id)
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .where(in_sight(viewer), Person.employed(viewer.today), _is(asked.state, viewer.today))
    )
    if not sees_all(viewer):
        statement = statement.where(Person.store_id == viewer.store_id)
    for column, wanted in (
        (Certificate.course_id, asked.course_id),
        (Store.city_id, asked.city_id),
        (Person.store_id, asked.store_id),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    return statement


def _is(state: str, today: date) -> ColumnElement[bool]:
    """Return the condition that a certificate is in a state; any where none is named."""
    conditions = {
        State.VALID: Certificate.valid(today),
        State.ENDING: Certificate.valid(today) & (Certificate.renews_on <= today),
        State.EXPIRED: Certificate.standing() & (Certificate.valid_until < today),
        State.RENEWED: Certificate.renewed_at.is_not(None) & Certificate.revoked_at.is_(None),
        State.REVOKED: Certificate.revoked_at.is_not(None),
    }
    return conditions[State(state)] if state in State._value2member_map_ else true()


_STATE = (
    Certificate.id,
    Certificate.valid_until,
    Certificate.renews_on,
    Certificate.renewed_at,
    Certificate.revoked_at,
)
