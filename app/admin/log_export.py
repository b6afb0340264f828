"""The log as a workbook, written row by row: a log of years takes no more memory than one of days."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

from flask_babel import gettext as _
from xlsxwriter import Workbook

from app.locale import zone
from app.people import log
from app.people.models import Change

# A sheet holds 1,048,576 rows, the heading among them.
MAX_ROWS = 1_048_575
WIDTHS = (18, 30, 30, 20, 40, 70)


def workbook(lines: Iterator[Change]) -> IO[bytes]:
    """Write lines of the log into a temporary file, open and at its beginning; whoever answers it closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Log of changes")[:31])
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for column, title in enumerate((_("When"), _("Who"), _("What"), _("Kind"), _("Subject"), _("From what to what"))):
        sheet.write_string(0, column, title, bold)
    for row, change in enumerate(lines, start=1):
        if row > MAX_ROWS:
            break
        sheet.write_datetime(row, 0, change.at.astimezone(zone()).replace(tzinfo=None), moment)
        for column, words in enumerate(_cells(change), start=1):
            sheet.write_string(row, column, words)
    book.close()
    file.seek(0)
    return file


def _cells(change: Change) -> tuple[str, str, str, str, str]:
    said = "; ".join(f"{one.label}: {one.before or '—'} → {one.after or '—'}" for one in log.details(change))
    actor = change.actor.full_name if change.actor is not None else _("the portal itself")
    return actor, log.verb_words(change.verb), log.kind_words(change.subject_kind), change.subject_name, said[:32_000]
