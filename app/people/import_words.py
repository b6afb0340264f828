"""What an import says: why a file or a row is refused, in sentences that tell what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from babel.dates import format_date
from flask_babel import lazy_gettext as _l

from app.locale import language
from app.people.import_staff import NO_CITY
from app.people.permissions import POSITION_NAMES, Position

# Why a row is refused, in the words of a table.
REASONS = {
    "no_number": _l("no personnel number"),
    "number_twice": _l("personnel number used twice"),
    "impossible_date": _l("impossible date"),
    "hired_in_future": _l("hired more than a year from now"),
    "dismissed_before_hired": _l("dismissed before hired"),
    "no_name": _l("no first or last name"),
    "no_store": _l("no store"),
    "which_city": _l("stores of this name are in several cities"),
    "another_person": _l("the number belongs to another person"),
    "same_person_twice": _l("the same person a second time"),
}
ADVICE = {
    "no_number": _l("Give the person a number in the accounting, or leave him out."),
    "number_twice": _l("Two people share a number: correct one of them. One row was taken in."),
    "impossible_date": _l("There is no such day: correct it."),
    "hired_in_future": _l("Check the year of the first day."),
    "dismissed_before_hired": _l("The day of dismissal is before the first day: correct one of them."),
    "no_name": _l("Write last and first name."),
    "no_store": _l("Say in which store the person works."),
    "which_city": _l("Add the city, so that it is clear which store is meant."),
    "another_person": _l("Last and first name are both different: give the new person a number of his own."),
    "same_person_twice": _l("The row of the main job was taken in, this one only repeats the person."),
}
# Why a file is refused as a whole, and what to do.
FAILURES = {
    "empty": _l("The file is empty. Save the list once more and upload it."),
    "broken": _l("The file is damaged. Open it in Excel, save it once more as .xlsx and upload that."),
    "password": _l("The file is locked by a password. Save it without one and upload it again."),
    "picture": _l("This is a picture. The portal needs the table itself: save it from the accounting as .xlsx or .csv."),
    "pdf": _l("This is a PDF. The portal needs the table itself: save it from the accounting as .xlsx or .csv."),
    "document": _l("This is a text document. Save the table in it as .xlsx or .csv and upload that."),
    "archive": _l("This is an archive. Unpack it and upload the list that is in it."),
    "unknown": _l("This is no table that the portal can read. It takes .xlsx, .xls, .ods and .csv."),
    "too_large": _l("The file is too large for a staff list. Save only the sheet with the people and upload that."),
    "no_list": _l(
        "No staff list was found in the file. It needs columns with personnel numbers and names, and headings above them."
    ),
    "no_numbers": _l(
        "The list has no column with personnel numbers. By them the portal knows people: add the column to the export."
    ),
    "nobody": _l("There are headings in the file, but nobody under them. Check what the accounting saved."),
    "gone": _l("The uploaded file is no longer there. Upload it once more."),
    "last_administrator": _l("This would dismiss the last administrator. Make somebody else administrator first."),
    "stale": _l("While you were looking, the staff changed. The list was compared anew: look once more before you confirm."),
}
NOTES = {
    "phone": _l("The phone was not understood and left out"),
    "email": _l("The e-mail was not understood and left out"),
}
# What a change is called: as a table, and beside a person.
KINDS = {
    "hired": _l("Hired"),
    "moved": _l("Moved"),
    "renamed": _l("Renamed"),
    "promoted": _l("Promoted"),
    "reassigned": _l("Other position"),
    "dismissed": _l("Let go"),
    "updated": _l("Other details"),
}
COLUMNS = {
    "": _l("not needed"),
    "number": _l("personnel number"),
    "name": _l("full name"),
    "last": _l("last name"),
    "first": _l("first name"),
    "middle": _l("middle name"),
    "city": _l("city"),
    "store": _l("store"),
    "place": _l("city and store together"),
    "position": _l("position"),
    "hired": _l("hired on"),
    "dismissed": _l("dismissed on"),
    "phone": _l("phone"),
    "email": _l("e-mail"),
    "kind": _l("main or second job"),
}
CITY_NOT_STATED = _l("City not stated")
FIELDS = {
    "hired_on": _l("hired on"),
    "dismissed_on": _l("dismissed on"),
    "position_title": _l("position"),
    "phone": _l("phone"),
    "email": _l("e-mail"),
}
_NAMES = ("last_name", "first_name", "middle_name")


class Said(NamedTuple):
    """One thing that changes, in words; `before` is empty where there was nothing."""

    label: str
    before: str
    after: str


def said(change: Any, kind: str) -> list[Said]:
    """Say what a change does, as far as it belongs to a kind."""
    return [words for words in _said(change, kind) if words.before or words.after]


def _said(change: Any, kind: str) -> Iterator[Said]:
    before, after = change.before, change.after
    if kind == "hired" and change.is_new:
        yield Said("", "", " · ".join(filter(None, (_place(after), _position(after)))))
        yield Said(str(FIELDS["hired_on"]), "", day(after.get("hired_on")))
        yield Said(str(FIELDS["dismissed_on"]), "", day(after.get("dismissed_on")))
    elif kind == "hired":
        yield Said(str(FIELDS["dismissed_on"]), day(before.get("dismissed_on")), "—")
    elif kind == "moved":
        yield Said("", _place(before), _place(after))
    elif kind == "renamed":
        parts = [name for name in _NAMES if name in after]
        yield Said("", " ".join(before[name] for name in parts), " ".join(after[name] for name in parts))
    elif kind in ("promoted", "reassigned"):
        yield Said("", _position(before), _position(after))
    elif kind == "dismissed":
        yield Said("", "", day(after.get("dismissed_on")))
    else:
        for name, label in FIELDS.items():
            if name in after:
                yield Said(str(label), _value(name, before.get(name)), _value(name, after[name]))


def day(text: Any) -> str:
    """Say a day that a change keeps as text."""
    if isinstance(text, str):
        text = date.fromisoformat(text) if text else None
    return format_date(text, "d MMMM y", locale=language()) if text else ""


def place(city: str, store: str) -> str:
    """Say a store with its city."""
    return f"{store}, {CITY_NOT_STATED if city == NO_CITY else city}"


def _value(name: str, value: Any) -> str:
    return day(value) if name.endswith("_on") else str(value or "")


def _place(fields: dict[str, Any]) -> str:
    return place(fields["city"], fields["store"]) if "store" in fields else ""


def _position(fields: dict[str, Any]) -> str:
    """Say a position in the list's own words; where only they are unknown, in the portal's."""
    if title := fields.get("position_title"):
        return str(title)
    return str(POSITION_NAMES[Position(fields["position"])]) if fields.get("position") else ""
