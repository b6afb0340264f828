"""How many certificates hold, end soon and have run out, by store, by city, by course; for whoever may see each of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO, Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import case, func, select

from app.database import read_rows
from app.learning.certificate_models import Certificate
from app.learning.models import Course
from app.people.models import City, Person, Store
from app.tables import write_table

VIEWS = ("stores", "cities", "courses")
WIDTHS = (44, 24, 14, 16, 14)


class Figures(NamedTuple):
    """Numbers of people: whose certificate holds, whose of these ends soon, whose has run out."""

    valid: int
    ending: int
    expired: int


class Line(NamedTuple):
    """The numbers of a store, a city or a course, and where its certificates are listed."""

    key: str
    name: str
    city: str
    figures: Figures
    address: str


def lines(view: str, today: date, course_id: int | None = None) -> list[Line]:
    """Return all lines of a view by name, of one course or of all; the newest of everybody who works here count."""
    kind, columns = {
        "stores": ("store", (Store.id, Store.name, City.name.label("city"))),
        "cities": ("city", (City.id, City.name, City.name.label("city"))),
        "courses": ("course", (Course.id, Course.title.label("name"), Course.title.label("city"))),
    }[view]
    statement = (
        select(*columns, *_sums(today))
        .select_from(Certificate)
        .join(Person, Person.id == Certificate.person_id)
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .join(Course, Course.id == Certificate.course_id)
        .where(Certificate.standing(), Person.employed(today))
        .group_by(*columns)
    )
    if course_id is not None:
        statement = statement.where(Certificate.course_id == course_id)
    of_course = f"&course={course_id}" if course_id is not None and view != "courses" else ""
    found = []
    for row in read_rows(statement):
        figures = Figures(*(int(getattr(row, name) or 0) for name in Figures._fields))
        address = f"/certificates/all?{kind}={row.id}{of_course}"
        found.append(Line(f"{kind}-{row.id}", row.name, row.city if view == "stores" else "", figures, address))
    return sorted(found, key=lambda line: (line.city.casefold(), line.name.casefold(), line.key))


def total(found: Iterable[Line]) -> Figures:
    """Add the numbers of lines up."""
    return Figures(*map(sum, zip(*(line.figures for line in found), strict=True))) if found else Figures(0, 0, 0)


def workbook(view: str, found: Sequence[Line]) -> IO[bytes]:
    """Write the lines into a temporary file, open and at its beginning; whoever answers it closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    first = {"stores": _("Store"), "cities": _("City"), "courses": _("Course")}[view]
    headings = [first, _("City"), _("Valid"), _("Of these, end soon"), _("Have run out")]
    write_table(file, _("Certificates"), headings, ((line.name, line.city, *line.figures) for line in found), WIDTHS)
    file.seek(0)
    return file


def _sums(today: date) -> tuple[Any, ...]:
    conditions = {
        "valid": Certificate.valid(today),
        "ending": Certificate.valid(today) & (Certificate.renews_on <= today),
        "expired": Certificate.valid_until < today,
    }
    return tuple(func.sum(case((condition, 1), else_=0)).label(name) for name, condition in conditions.items())
