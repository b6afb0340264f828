"""The log as a workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Any

from flask_babel import gettext as _

from app.locale import zone
from app.people import log
from app.people.models import Change
from app.tables import write_table

WIDTHS = (18, 30, 30, 20, 40, 70)


def workbook(lines: Iterator[Change]) -> IO[bytes]:
    """Write lines of the log into a temporary file, open and at its beginning; whoever answers it closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    headings = (_("When"), _("Who"), _("What"), _("Kind"), _("Subject"), _("From what to what"))
    write_table(file, _("Log of changes"), headings, map(_cells, lines), WIDTHS)
    file.seek(0)
    return file


def _cells(change: Change) -> tuple[Any, ...]:
    said = "; ".join(f"{one.label}: {one.before or '—'} → {one.after or '—'}" for one in log.details(change))
    actor = change.actor.full_name if change.actor is not None else _("the portal itself")
    words = (log.verb_words(change.verb), log.kind_words(change.subject_kind), change.subject_name, said[:32_000])
    return (change.at.astimezone(zone()).replace(tzinfo=None), actor, *words)
