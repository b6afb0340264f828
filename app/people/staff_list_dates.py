"""Dates as staff lists write them: 06.04.2026, 2026-04-06, 6 апреля 2026 г., a spreadsheet's serial number."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from app.people.names import fold

# The day from which Excel counts; it believes that 1900 was a leap year, so dates are right from March 1900 on.
_SERIAL_ZERO = date(1899, 12, 30)
# What programs write for an empty day: 01.01.0001, 30.12.1899, 00.01.1900.
_NO_DAYS = frozenset({(1, 1), (1899, 12), (1900, 1)})
_SERIALS = range(18_264, 73_051)  # 1950 to 2099
_MONTHS = (
    *("января январь", "февраля февраль", "марта март", "апреля апрель", "мая май", "июня июнь", "июля июль"),
    *("августа август", "сентября сентябрь", "октября октябрь", "ноября ноябрь", "декабря декабрь"),
)
_EMPTY = frozenset(
    {"", "-", "--", "0", "нет", "н/д", "работает", "по н.в.", "по настоящее время", "настоящее время", "null", "none", "n/a"}
)
_DAY_FIRST = re.compile(r"(\d{1,2})[./\\ -](\d{1,2})[./\\ -](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})")
_WORDS = re.compile(r"(\d{1,2})(?:-?го)?[ .-]*([а-я]{3,9})[ .,-]*(\d{4}|\d{2})")
_NOISE = re.compile(r"^(с|по|от|до)\s+|\s*г(ода?)?\.?$|[ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d\d:?\d\d)?$")
_AS_OF = re.compile(r"\b(?:на|по состоянию на|дата)[: ]+(\d{1,2}[. ](?:\d{1,2}|[а-я]+)[. ]\d{4})")


class ImpossibleDate(ValueError):
    """A cell that should hold a date holds none: 31.02.2026, or a word."""


@lru_cache(maxsize=8192)
def read_date(text: str) -> date | None:
    """Return the date that a cell names, None for an empty one and for what lists write instead ("-", 01.01.0001).

    Raise ImpossibleDate for anything else, and for years outside 1950–2099.
    """
    whole = fold(text)
    folded = _NOISE.sub("", _NOISE.sub("", whole)).strip(" '\"")
    if whole in _EMPTY or folded in _EMPTY or not re.search(r"\w", folded):
        return None
    found = _parts(folded)
    if found is None:
        raise ImpossibleDate(text)
    year, month, day = found
    if (year, month) in _NO_DAYS:
        return None
    try:
        made = date(year, month, day)
    except ValueError:
        raise ImpossibleDate(text) from None
    if not 1950 <= made.year <= 2099:
        raise ImpossibleDate(text)
    return made


def is_date(text: str) -> bool:
    """Tell whether a cell holds a date; what a column is for is recognised by it, so bare numbers do not count."""
    if text.replace(".", "", 1).isdigit() and text.count(".") < 2:
        return False
    try:
        return read_date(text) is not None
    except ImpossibleDate:
        return False


def as_of(text: str) -> date | None:
    """Return the day that a title names: "Список сотрудников на 01.10.2026"."""
    found = _AS_OF.search(fold(text))
    try:
        return read_date(found[1]) if found else None
    except ImpossibleDate:
        return None


def _parts(text: str) -> tuple[int, int, int] | None:
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        serial = int(float(text))
        return _split(_SERIAL_ZERO + timedelta(serial)) if serial in _SERIALS else None
    if re.fullmatch(r"(19|20)\d{6}", text):
        return int(text[:4]), int(text[4:6]), int(text[6:])
    if re.fullmatch(r"\d{4}(19|20)\d{2}", text):
        return int(text[4:]), int(text[2:4]), int(text[:2])
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(text):
        day, month = int(found[1]), int(found[2])
        # 4/16/2026 comes from an English Excel.
        if month > 12 >= day and "/" in text:
            day, month = month, day
        return _year(found[3]), month, day
    if (found := _WORDS.fullmatch(text)) and (named := _month(found[2])):
        return _year(found[3]), named, int(found[1])
    return None


def _split(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


def _year(text: str) -> int:
    """Read two digits as the years people of today were hired in: 1970 to 2069."""
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < 70 else 1900)


def _month(word: str) -> int | None:
    """Return the month of a Russian word or of its beginning: апреля, апрель, апр."""
    for number, forms in enumerate(_MONTHS, 1):
        if any(form.startswith(word) for form in forms.split()):
            return number
    return None
