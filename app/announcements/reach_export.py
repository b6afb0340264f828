"""The numbers of an announcement by store as a workbook: the same lines that the page shows, and no finer ones."""

from __future__ import annotations

import tempfile
from typing import IO, Any

from flask_babel import gettext as _

from app.announcements import measures
from app.announcements.reach import Line, Picture
from app.tables import write_table

WIDTHS = (24, 32, 10, 10, 12, 12, 12, 14, 14, 12, 12, 18, 24)


def workbook(picture: Picture | None) -> IO[bytes]:
    """Write the lines into a temporary file, open and at its beginning; whoever answers it closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    headings = (
        _("City"),
        _("Store"),
        _("People"),
        _("Understood"),
        _("Confirmed"),
        _("Read"),
        _("Opened"),
        _("Only told"),
        _("Not yet"),
        _("First-hand in 72 hours, per cent"),
        _("Only told, per cent"),
        _("Half of the readers within, hours"),
        _("Stuck at the director"),
    )
    write_table(file, _("Reach by store"), headings, map(_cells, picture.stores if picture else ()), WIDTHS)
    file.seek(0)
    return file


def _cells(line: Line) -> tuple[Any, ...]:
    counts = measures.states(line.counts)
    shares = (None if share is None else round(100 * share, 1) for share in (line.first_hand, line.relay))
    lag = None if line.lag is None else round(line.lag / 60, 1)
    stuck = _("yes") if line.is_stuck else ""
    return (line.city, line.name, line.counts.audience, *(counts[state] for state in measures.STATES), *shares, lag, stuck)
