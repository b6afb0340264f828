"""How far people have come, by city, by store and by what was assigned; stores of fewer than five people stand together."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.database import read_rows
from app.learning.assign_lists import SUMS, Numbers, numbers
from app.learning.assign_models import Assignment, AssignmentCount
from app.learning.models import Course
from app.learning.path_models import Path
from app.people.models import City, Store
from app.people.small_stores import Group, Place, grouped
from app.tables import write_table

VIEWS = ("stores", "cities", "subjects")
PAGE = 50
WIDTHS = (40, 24, 12, 12, 12, 12, 14)


class Line(NamedTuple):
    """The numbers of a store, of several small ones together, of a city, or of a course or a path."""

    key: str
    name: str
    city: str
    numbers: Numbers
    # Where a line is one store or one course, what it leads to.
    store_id: int | None = None
    address: str = ""


def lines(view: str, assignment_id: int | None = None, city_id: int | None = None) -> list[Line]:
    """Return all lines of a view, of one assignment or of all that stand, by name; nobody is set against anybody."""
    if view == "subjects":
        return _subjects()
    rows = read_rows(_by_store(assignment_id))
    found = {row.store_id: row for row in rows}
    groups = grouped(Place(row.store_id, row.city_id, row.most) for row in rows)
    shown = [_line(group, found) for group in groups if city_id is None or group.city_id == city_id]
    if view == "cities":
        shown = _cities(groups, found, city_id)
    return sorted(shown, key=lambda line: (not line.city, line.city.casefold(), line.store_id is None, line.name.casefold()))


def page_of(found: Sequence[Any], after: str = "") -> tuple[Sequence[Any], str | None]:
    """Return one page of lines, and after which the next begins."""
    keys = [line.key for line in found]
    start = keys.index(after) + 1 if after in keys else 0
    shown = found[start : start + PAGE]
    return shown, shown[-1].key if len(found) > start + PAGE else None


def total(found: Iterable[Line]) -> Numbers:
    """Add the numbers of lines up."""
    return _sum(line.numbers for line in found)


def workbook(view: str, found: Sequence[Line]) -> IO[bytes]:
    """Write the lines into a temporary file, open and at its beginning; whoever answers it closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    first = {"stores": _("Store"), "cities": _("City"), "subjects": _("What is to be learned")}[view]
    headings = [first, _("City"), _("Assigned"), _("Begun"), _("Completed"), _("Late"), _("Completed, per cent")]
    write_table(file, _("Learning"), headings, map(_cells, found), WIDTHS)
    file.seek(0)
    return file


def _sum(parts: Iterable[Numbers]) -> Numbers:
    return Numbers(*map(sum, zip(*parts, strict=True)))


def _cells(line: Line) -> tuple[Any, ...]:
    share = line.numbers.share
    return (line.name, line.city, *line.numbers, None if share is None else round(100 * share, 1))


def _by_store(assignment_id: int | None) -> Any:
    """Select the sums of each store; `most` is of how many of its people they tell at least."""
    statement = (
        select(
            AssignmentCount.store_id,
            Store.name,
            Store.city_id,
            City.name.label("city"),
            func.max(AssignmentCount.people).label("most"),
            *SUMS,
        )
        .join(Store, Store.id == AssignmentCount.store_id)
        .join(City, City.id == Store.city_id)
        .where(AssignmentCount.people > 0)
        .group_by(AssignmentCount.store_id, Store.name, Store.city_id, City.name)
    )
    if assignment_id is not None:
        return statement.where(AssignmentCount.assignment_id == assignment_id)
    standing = select(Assignment.id).where(Assignment.cancelled_at.is_(None))
    return statement.where(AssignmentCount.assignment_id.in_(standing))


def _line(group: Group, rows: dict[int, Any]) -> Line:
    first = rows[group.store_ids[0]]
    sums = _sum(numbers(rows[one]) for one in group.store_ids)
    if group.is_store:
        return Line(group.key, first.name, first.city, sums, first.store_id)
    if group.city_id is not None:
        return Line(group.key, _("Small stores together"), first.city, sums)
    return Line(group.key, _("Small cities together"), "", sums)


def _cities(groups: Sequence[Group], rows: dict[int, Any], city_id: int | None) -> list[Line]:
    parts: dict[int | None, list[int]] = {}
    for group in groups:
        if city_id is None or group.city_id == city_id:
            parts.setdefault(group.city_id, []).extend(group.store_ids)
    found = []
    for one, stores in parts.items():
        sums = _sum(numbers(rows[store_id]) for store_id in stores)
        name = rows[stores[0]].city if one is not None else _("Small cities together")
        found.append(Line(f"city-{one or 0}", name, name if one is not None else "", sums))
    return found


def _subjects() -> list[Line]:
    title = func.coalesce(Course.title, Path.title).label("title")
    statement = (
        select(Assignment.course_id, Assignment.path_id, title, *SUMS)
        .join(AssignmentCount, AssignmentCount.assignment_id == Assignment.id)
        .outerjoin(Course, Course.id == Assignment.course_id)
        .outerjoin(Path, Path.id == Assignment.path_id)
        .where(Assignment.cancelled_at.is_(None))
        .group_by(Assignment.course_id, Assignment.path_id, title)
    )
    found = []
    for row in read_rows(statement):
        kind, one = ("courses", row.course_id) if row.course_id is not None else ("paths", row.path_id)
        found.append(Line(f"{kind}-{one}", row.title, "", numbers(row), address=f"/{kind}/{one}"))
    return sorted(found, key=lambda line: line.name.casefold())
