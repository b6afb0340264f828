"""Tables as workbooks, written row by row: a log of years takes no more memory than one of days.

The writer is loaded by the first who asks for a workbook: no serving process is to carry it for all its life.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

# A sheet holds 1,048,576 rows, the heading among them.
MAX_ROWS = 1_048_575
# What one types into one's name must become no formula, and no link.
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY, MOMENT = "dd.mm.yyyy", "dd.mm.yyyy hh:mm"


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
