"""Read questions from a table: its rows as texts by the meaning of their columns, whatever the columns are called.

The file is opened in a process of its own (`app.people.sheets`), so that one built to eat all memory hurts nobody.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import IO, Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.content.text import clean
from app.errors import Refused
from app.learning.grading import plain
from app.learning.models import QuestionKind
from app.learning.questions import MOST_QUESTIONS, OPTION_LIMIT, TEXT_LIMIT, Content
from app.people.staff_list_file import NotAStaffList, SheetHead, StaffFile

LARGEST = 2 << 20
MOST_ROWS = MOST_QUESTIONS
HEADING_ROWS = 20
# What the reader may take; a cell is cut far behind what any rule allows, so that a longer one is still refused.
READER = {"characters": 4 * TEXT_LIMIT, "unpacked": 40 << 20, "seconds": 10}
LONGEST_CELL = {"text": TEXT_LIMIT + 100, "explanation": TEXT_LIMIT + 100}
LONGEST_OTHER = 2 * OPTION_LIMIT + 100
ACCEPTED = ".xlsx,.xls,.ods,.csv"

# What the headings' words mean, asked in this order; a number in a heading says which answer or pair it is.
_HEADINGS = (
    ("explanation", r"поясн|объясн|коммент|explan|comment"),
    ("forgiving", r"опечат|описк|slip|typo|forgiv"),
    ("right", r"верн|правильн|right|correct"),
    ("kind", r"^(вид|тип)\b|\bkind\b|\btype\b"),
    ("pair", r"^(пара|pair)\b"),
    ("option", r"^(ответ|вариант|answer|option|variant)"),
    ("text", r"вопрос|question"),
)
_KINDS = (
    (QuestionKind.MULTIPLE, r"несколько|множеств|multi|several"),
    (QuestionKind.SINGLE, r"\bодин|одиночн|единствен|single|\bone\b"),
    (QuestionKind.ORDER, r"поряд|последоват|order|sequence"),
    (QuestionKind.MATCH, r"\bпар|соответств|сопостав|match|pair"),
    (QuestionKind.SHORT, r"коротк|кратк|свобод|впис|short|words"),
)
_YES = {"да", "1", "+", "yes", "истина", "true", "x", "х"}
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*")

# Why a file is refused as a whole, and what to do.
FAILURES = {
    "empty": _l("The file is empty. Fill in the template and upload it."),
    "broken": _l("The file is damaged. Open it in Excel, save it once more as .xlsx and upload that."),
    "password": _l("The file is locked by a password. Save it without one and upload it again."),
    "picture": _l("This is a picture. Questions are read from a table: fill in the template."),
    "pdf": _l("This is a PDF. Questions are read from a table: fill in the template."),
    "document": _l("This is a text document. Questions are read from a table: fill in the template."),
    "archive": _l("This is an archive. Unpack it and upload the table that is in it."),
    "unknown": _l("This is no table that the portal can read. It takes .xlsx, .xls, .ods and .csv."),
    "too_large": _l(
        "The table is too large: %(size)d MB and %(rows)d questions at most.", size=LARGEST >> 20, rows=MOST_ROWS
    ),
    "no_headings": _l("No columns “Question” and “Answer 1” were found. Take the headings of the template."),
    "no_rows": _l("There are headings in the table, but no questions under them."),
}


class Row(NamedTuple):
    """A row that is filled: its number as a spreadsheet program shows it, and its texts by meaning ("option3", …)."""

    number: int
    cells: dict[str, str]


def read(stream: IO[bytes]) -> list[Row]:
    """Read the filled rows of an uploaded table; refuse what is none."""
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _refusal("too_large")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "questions"
        path.write_bytes(content)
        try:
            with StaffFile(path, **READER) as file:
                sheet, heading_row, columns = _chosen(file.sheets())
                rows = _filled(file, sheet, heading_row, columns)
        except NotAStaffList as wrong:
            raise _refusal(wrong.code) from wrong
    if not rows:
        raise _refusal("no_rows")
    return rows


def content_of(row: Row) -> Content:
    """Return what a row says a question is, to be checked by the rule of all questions; refuse what is unclear."""
    cells = row.cells
    numbers = sorted(int(name.removeprefix("option")) for name in cells if name.startswith("option"))
    options = {number: cells[f"option{number}"] for number in numbers}
    kind = _kind(cells.get("kind", ""))
    right = _right(cells.get("right", ""), options) if kind in ("", QuestionKind.SINGLE, QuestionKind.MULTIPLE) else set()
    if not cells.get("kind") and right:
        kind = QuestionKind.SINGLE if len(right) == 1 else QuestionKind.MULTIPLE
    lines = [(text, number in right, cells.get(f"pair{number}", "")) for number, text in options.items()]
    if kind == QuestionKind.MATCH:
        lines = [_paired(text, pair) for text, _is_right, pair in lines]
    return Content(
        kind=kind,
        text=cells.get("text", ""),
        options=lines,
        explanation=cells.get("explanation", ""),
        forgiving=plain(cells.get("forgiving", "")) in _YES,
    )


def columns_of(headings: list[str]) -> dict[int, str]:
    """Return what each column holds, as {column: meaning}; the first of a meaning counts, unknown ones are left out."""
    found: dict[int, str] = {}
    for column, heading in enumerate(headings):
        words = plain(heading)
        meaning = next((name for name, pattern in _HEADINGS if words and re.search(pattern, words)), None)
        if meaning in ("pair", "option"):
            number = re.search(r"\d{1,2}", words)
            meaning += number[0].lstrip("0") if number else str(1 + sum(name.startswith(meaning) for name in found.values()))
        if meaning is not None and meaning not in found.values():
            found[column] = meaning
    return found


def _refusal(code: str) -> Refused:
    return Refused(FAILURES.get(code, FAILURES["broken"]), "file")


def _chosen(sheets: list[SheetHead]) -> tuple[SheetHead, int, dict[int, str]]:
    """Return the first sheet with headings of questions, in which row they stand, and what they mean."""
    for sheet in sheets:
        for number, headings in enumerate(sheet.head[:HEADING_ROWS], 1):
            columns = columns_of(headings)
            if "text" in columns.values() and any(name.startswith("option") for name in columns.values()):
                return sheet, number, columns
    raise NotAStaffList("no_headings" if sheets else "empty")


def _filled(file: StaffFile, sheet: SheetHead, heading_row: int, columns: dict[int, str]) -> list[Row]:
    rows = []
    for number, given in file.rows(sheet):
        if number <= heading_row:
            continue
        texts = {name: _kept(name, given[column]) for column, name in columns.items() if column < len(given)}
        cells = {name: text for name, text in texts.items() if text}
        if cells:
            rows.append(Row(number, cells))
        if len(rows) > MOST_ROWS:
            raise NotAStaffList("too_large")
    return rows


def _kept(name: str, text: str) -> str:
    return clean(text)[: LONGEST_CELL.get(name, LONGEST_OTHER)]


def _kind(words: str) -> str:
    if not words:
        return ""
    known = next((kind for kind, pattern in _KINDS if re.search(pattern, plain(words))), None)
    if known is None:
        raise Refused(_("The kind of question “%(words)s” is not known.", words=words[:60]))
    return known


def _right(cell: str, options: dict[int, str]) -> set[int]:
    """Return the numbers of the right answers: "1; 3", "1,3", "1 и 3", or the words of the answers themselves."""
    if not cell:
        return set()
    if _DATE.fullmatch(cell):
        raise Refused(_("The numbers of the right answers have become a date. Write them as “1; 3”."))
    by_words: dict[str, int] = {plain(text): number for number, text in options.items()}
    if not re.search(r"\d", cell) and plain(cell) in by_words:
        return {by_words[plain(cell)]}
    numbers_only = re.fullmatch(r"[\d\s.,;/+&иand]+", cell)
    parts = re.findall(r"\d+", cell) if numbers_only else [part for part in re.split(r"[;\n]", cell) if part.strip()]
    found: list[Any] = [_number(part, options, by_words) for part in parts]
    if None in found or len(set(found)) < len(found) or not found:
        raise Refused(_("It is not clear which answers are right. Write their numbers as “1; 3”."))
    return set(found)


def _number(part: str, options: dict[int, str], by_words: dict[str, int]) -> int | None:
    number = int(part) if part.strip().isdecimal() and len(part.strip()) < 3 else None
    return number if number in options else by_words.get(plain(part))


def _paired(text: str, pair: str) -> tuple[str, bool, str]:
    """Return both sides of a pair, which may stand in one cell: "Вода = Стакан"."""
    if pair:
        return (text, False, pair)
    left, _sign, right = text.partition("=")
    return (left.strip(), False, right.strip())
