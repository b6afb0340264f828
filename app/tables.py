"""Tables as workbooks, written row by row: a log of years takes no more memory than one of days.

The writer is loaded by the first who asks for a workbook: no serving process is to carry it for all its life.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import IO, Any, NamedTuple

# A sheet holds 1,048,576 rows, the heading among them.
MAX_ROWS = 1_048_575
# What one types into one's name must become no formula, and no link.
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY, MOMENT = "dd.mm.yyyy", "dd.mm.yyyy hh:mm"


class Blank(NamedTuple):
    """A sheet to be filled in, or one that explains it; `choices` are what the cells of a column are picked from."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    choices: Mapping[int, Sequence[str]] = MappingProxyType({})


def write_blanks(file: IO[bytes], sheets: Iterable[Blank], lines: int) -> None:
    """Write small sheets whose cells are texts, so that what is typed into them ("1.3") becomes no date and no number."""
    from xlsxwriter import Workbook  # noqa: PLC0415

    book = Workbook(file, dict(PLAIN))
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    words = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for blank in sheets:
        sheet = book.add_worksheet(blank.title[:31])
        for column, width in enumerate(blank.widths):
            sheet.set_column(column, column, width, words)
        sheet.freeze_panes(1, 0)
        for number, cells in enumerate((blank.headings, *blank.rows)):
            sheet.write_row(number, 0, cells, words if number else bold)
        for column, known in blank.choices.items():
            # A hint alone: other words are understood as well.
            rule = {"validate": "list", "source": list(known), "show_error": False}
            sheet.data_validation(1, column, lines, column, rule)
    book.close()


def write_table(
    file: IO[bytes], title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]
) -> None:
    """Write one sheet: texts, numbers, days, and moments as the reader's clock shows them (without a zone).

    `widths` are those of the columns, in characters. Rows beyond what a sheet holds are left out.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415

    book = Workbook(file, {"constant_memory": True, **PLAIN})
    sheet = book.add_worksheet(title[:31])
    bold, day, moment = (book.add_format(look) for look in ({"bold": True}, {"num_format": DAY}, {"num_format": MOMENT}))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, headings, bold)
    last = 0
    for last, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(last, column, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(last, column, cell, moment if isinstance(cell, datetime) else day)
            elif cell is not None:
                sheet.write_number(last, column, cell)
        if last == MAX_ROWS:
            break
    sheet.autofilter(0, 0, last, len(headings) - 1)
    book.close()
