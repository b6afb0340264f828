"""A staff list as people: each row that is somebody becomes a StaffRow or a RefusedRow, everything else is passed over.

Grouped printouts and flat tables are read by the same rules: a row with little in it between the people is the heading of
a group, totals, signatures and repeated headings are nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from sys import intern

from app.people.names import FullName, fold, normal_email, normal_name, normal_number, normal_phone, split_name, tidy
from app.people.permissions import Position
from app.people.positions import is_title, position_of
from app.people.staff_list_dates import ImpossibleDate, read_date
from app.people.staff_list_file import Row
from app.people.staff_list_headings import Layout, field_of, is_number
from app.people.staff_list_places import Place, city_name, is_organisation, read_place, says_city_first, store_name

_TOTAL = re.compile(r"^(итого?|всего|общее|общий|количество|кол-во|(sub)?total|в том числе|из них|численность)\b")
_SIGNATURE = re.compile(
    r"^(стр(аница|\.)|page\b|дата (печати|формиров|составл)|время|исполнител|ответственн|подпис|м\.? ?п\.|составил|проверил|"
    r"утвержда|согласован|руководител|главный бухгалтер|генеральный директор|директор по|начальник|отчет|отбор|параметры|"
    r"период|сформирован|выгружен|список|штатн)"
)
_VACANCY = re.compile(r"^(ваканс|свободн|вакантн)")
_SECOND_JOB = re.compile(r"совмест|part.?time|подработ|гпх|дополнительн")


@dataclass(slots=True)
class StaffRow:
    """Somebody of the list; empty fields are what the list does not say."""

    row: int
    number: str
    name: FullName
    city: str
    store: str
    position: Position | None
    title: str
    hired: date | None
    dismissed: date | None
    phone: str
    email: str
    second_job: bool
    # Codes of what was not understood and left out: "phone", "email".
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the row in short, to show which one is meant."""
        place = ", ".join(filter(None, (self.city, self.store)))
        return " · ".join(filter(None, (self.number, " ".join(filter(None, self.name)), place, self.title)))[:200]


@dataclass(slots=True)
class RefusedRow:
    """Somebody of the list who cannot be taken in; `reason` is a code of `import_words.REASONS`."""

    row: int
    reason: str
    text: str
    number: str = ""


class StaffList:
    """Reads the rows of a recognised sheet one by one, remembering the group that they stand under."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.skipped = 0
        self._columns = {name: column for column, name in layout.fields.items()}
        place = self._columns.get("place", self._columns.get("store"))
        texts = [] if place is None else [row[place] for row in layout.sheet.head[layout.heading_row :] if place < len(row)]
        self._city_first = says_city_first(texts)
        self._headings = [fold(heading.split(" / ")[-1]) for heading in layout.headings]
        # Group headings since the last person, not made sense of before the next one comes.
        self._pending: list[str] = []
        self._group = Place("", "")
        self._ended = False
        self._strings: dict[str, str] = {}

    def people(self, rows: Iterator[Row]) -> Iterator[StaffRow | RefusedRow]:
        """Yield everybody in the rows below the headings."""
        for row in rows:
            if row.number > self.layout.heading_row:
                found = self._read(row)
                if found is None:
                    self.skipped += 1
                else:
                    yield found

    def _read(self, row: Row) -> StaffRow | RefusedRow | None:
        filled = [cell for cell in row.cells if cell]
        number_cell, name = self._cell(row, "number"), self._name(row)
        number = normal_number(number_cell) if is_number(number_cell) else ""
        if self._is_nobody(row, filled, number):
            return None
        others = sum(1 for field in ("position", "hired", "dismissed", "phone", "email", "kind") if self._cell(row, field))
        is_somebody = bool(number and (name.last or others)) or bool(name.first and others and not self._ended)
        if is_somebody and not (not number and is_title(" ".join(name))):
            self._ended = self._ended and not number
            return self._person(row, number, name)
        texts = [cell for cell in filled if not re.fullmatch(r"[\d\s.,]+", cell)]
        if len(texts) == 1 and len(filled) <= 3 and not (name.first and texts[0] != filled[0]):
            self._pending.append(texts[0])
        return None

    def _is_nobody(self, row: Row, filled: list[str], number: str) -> bool:
        """Tell totals, signatures, vacancies, repeated headings and rows of column numbers."""
        name = fold(self._cell(row, "name") or self._cell(row, "last"))
        if _VACANCY.match(name):
            return True
        if number and name and not _TOTAL.match(name):
            return _counts_on(filled)
        first = fold(filled[0])
        if _TOTAL.match(first):
            self._ended = self._ended or first.startswith(("всего", "total", "общ"))
            return True
        if any("___" in cell for cell in filled) or (len(filled) <= 4 and _SIGNATURE.match(first)):
            return True
        same = sum(1 for cell, heading in zip(row.cells, self._headings, strict=False) if cell and fold(cell) == heading)
        named = sum(1 for cell in filled if field_of(cell))
        return same >= 2 or (len(filled) >= 2 and named >= max(2, len(filled) - 1)) or _counts_on(filled)

    def _person(self, row: Row, number: str, name: FullName) -> StaffRow | RefusedRow:
        text = " · ".join(tidy(cell) for cell in row.cells if cell)[:200]
        if not number:
            return RefusedRow(row.number, "no_number", text)
        if not name.last or not name.first:
            return RefusedRow(row.number, "no_name", text, number)
        try:
            hired, dismissed = read_date(self._cell(row, "hired")), read_date(self._cell(row, "dismissed"))
        except ImpossibleDate:
            return RefusedRow(row.number, "impossible_date", text, number)
        if hired and dismissed and dismissed < hired:
            return RefusedRow(row.number, "dismissed_before_hired", text, number)
        place, title = self._place(row), tidy(self._cell(row, "position"))[:120]
        phone, email = normal_phone(self._cell(row, "phone")), normal_email(self._cell(row, "email"))
        notes = (
            *(("phone",) if not phone and re.search(r"\d", self._cell(row, "phone")) else ()),
            *(("email",) if not email and "@" in self._cell(row, "email") else ()),
        )
        return StaffRow(
            row=row.number,
            number=number,
            name=FullName(*(self._shared(part) for part in name)),
            city=self._shared(place.city),
            store=self._shared(place.store),
            position=position_of(title) if title else None,
            title=self._shared(title),
            hired=hired,
            dismissed=dismissed,
            phone=phone,
            email=email,
            second_job=bool(_SECOND_JOB.search(fold(self._cell(row, "kind")))),
            notes=notes,
        )

    def _name(self, row: Row) -> FullName:
        if "name" in self._columns:
            return split_name(self._cell(row, "name"))
        return normal_name(self._cell(row, "last"), self._cell(row, "first"), self._cell(row, "middle"))

    def _place(self, row: Row) -> Place:
        """Return where the person works: by the columns, and what they do not say by the group."""
        self._settle_group()
        city = city_name(self._cell(row, "city"))
        text = self._cell(row, "place") or self._cell(row, "store")
        if not text:
            return Place(city or self._group.city, self._group.store)
        if "city" in self._columns and city:
            return Place(city, read_place(text, city_first=self._city_first, city_known=True).store or store_name(text))
        told = read_place(text, city_first=self._city_first, city_known=bool(self._group.city))
        if told.city and not told.store and "store" in self._columns:
            # A store called like a city: «Казань» in Moscow.
            return Place(self._group.city or told.city, store_name(text))
        return Place(told.city or self._group.city, told.store or self._group.store)

    def _settle_group(self) -> None:
        """Make sense of the headings since the last person: the lowest is the store, one above it may be the city."""
        headings = [text for text in self._pending if not is_organisation(text)] or self._pending[:1] * (
            not self._group.store
        )
        self._pending = []
        if not headings or (len(headings) == 1 and is_organisation(headings[0])):
            return
        *above, lowest = headings
        city = ""
        for text in above:
            told = read_place(text)
            city = told.city or city or (city_name(text) if not self._group.city or len(above) == 1 else "")
        told = read_place(lowest, city_known=bool(city))
        if told.city and not told.store and city:
            told = Place(city, store_name(lowest))
        self._group = Place(told.city or city or self._group.city, told.store)

    def _cell(self, row: Row, name: str) -> str:
        column = self._columns.get(name)
        return row.cells[column] if column is not None and column < len(row.cells) else ""

    def _shared(self, text: str) -> str:
        """Return one object for equal texts: a hundred thousand people share a few thousand names and places."""
        return self._strings.setdefault(text, intern(text))


def _counts_on(cells: list[str]) -> bool:
    """Tell the row under the headings of a printout that numbers its columns: 1, 2, 3 …"""
    start = cells[0]
    if len(cells) < 3 or not start.isdecimal() or len(start) > 2:
        return False
    return cells == [str(int(start) + step) for step in range(len(cells))]
