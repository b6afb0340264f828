"""What still waits for a reader: to be confirmed, and to be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from flask import g
from flask_babel import gettext as _
from sqlalchemy import Select, and_, bindparam, false, func, select

from app.announcements.appearing import binds_of_news, still_asked
from app.announcements.models import Announcement, Importance, Receipt
from app.content.models import Entry
from app.content.nouns import Band
from app.database import UTCDateTime, now, read_rows
from app.extensions import db
from app.navigation import Line
from app.people.sessions import Viewer
from app.ui import deadline

# Words a minute, for "about 2 minutes".
PACE = 180
# So much of what waits stands beside the stream, and beside an announcement.
LINES = 3
# So much that is to be confirmed stands on one page, so much of what somebody missed, and so much of that is counted.
SHOWN, FIRST, MOST = 50, 20, 500


class Waiting(NamedTuple):
    """An announcement that still waits for a reader."""

    id: int
    title: str
    importance: str
    published_at: datetime
    valid_until: datetime | None
    words: int
    waits: bool

    @property
    def minutes(self) -> int:
        """Return how long reading takes, in whole minutes."""
        return max(1, round(self.words / PACE))


_COLUMNS = (
    Announcement.id,
    Announcement.title,
    Announcement.importance,
    Announcement.published_at,
    Announcement.valid_until,
    Announcement.words,
    Receipt.waits,
)
_MOST_ASKING_FIRST = (
    Receipt.waits.desc(),
    (Announcement.importance == Importance.URGENT).desc(),
    Announcement.published_at.desc(),
    Announcement.id.desc(),
)


def count() -> Select[int]:
    """Select how much somebody still has to confirm; executed with `audience.binds_of`."""
    statement = select(func.count()).select_from(Receipt).join(Announcement, Announcement.id == Receipt.announcement_id)
    asked = still_asked(bindparam("now", type_=UTCDateTime()))
    return statement.where(Receipt.person_id == bindparam("viewer_id"), Receipt.waits, *asked)


def of(viewer: Viewer, limit: int = SHOWN, unread: bool = False) -> list[Waiting]:
    """Return what still waits for somebody: to be confirmed, and if wanted all that is unread; what asks most first."""
    return [_waiting(row) for row in read_rows(_left(unread), {**binds_of_news(viewer), "limit": limit})]


class Left(NamedTuple):
    """How many announcements somebody has not read, and how many minutes they take."""

    announcements: int
    minutes: int


def left_to(viewer: Viewer) -> Left:
    """Count what is unread or waits, and how long reading it takes."""
    return left_of(of(viewer, limit=MOST, unread=True))


def left_of(found: Sequence[Waiting]) -> Left:
    """Count announcements, and how long reading them takes."""
    return Left(len(found), sum(one.minutes for one in found))


def after(viewer: Viewer, announcement_id: int) -> Waiting | None:
    """Return what to go on to from an announcement.

    The page that shows it shows beside it what waits (`lines`): both are read at once.
    """
    found = of(viewer, limit=LINES + 1, unread=True)
    g.announcements_waiting = [one for one in found if one.waits][:LINES]
    return next((one for one in found if one.id != announcement_id), None)


def lines(viewer: Viewer) -> list[Line]:
    """Return the first of what the viewer is to confirm, as it stands beside the stream."""
    read_along = g.get("announcements_waiting")
    return [
        Line(
            one.title,
            f"/announcements/{one.id}",
            _("Urgent") if one.importance == Importance.URGENT else _until(one.valid_until),
            one.importance == Importance.URGENT,
        )
        for one in (of(viewer, limit=LINES) if read_along is None else read_along)
    ]


def bands(viewer: Viewer, entry_ids: Sequence[int]) -> dict[int, Band]:
    """Say across the cards of announcements what is asked of the viewer, and until when.

    The page that shows them shows beside them what waits for him (`lines`): both are read at once.
    """
    mine = (Receipt.announcement_id == Announcement.id) & (Receipt.person_id == viewer.id)
    waiting = select(Receipt.announcement_id).where(Receipt.person_id == viewer.id, Receipt.waits).correlate(None)
    shown = select(Announcement.id).where(Announcement.id.in_(entry_ids)).correlate(None)
    rows = db.session.execute(
        select(
            *_COLUMNS,
            Announcement.archived_at,
            Receipt.confirmed_at,
            func.coalesce(and_(Receipt.waits, *still_asked()), false()).label("asked"),
        )
        .outerjoin(Receipt, mine)
        .where(Announcement.id.in_(waiting.union_all(shown)))
        .order_by(*_MOST_ASKING_FIRST)
    ).all()
    g.announcements_waiting = [_waiting(row) for row in rows if row.asked][:LINES]
    asked_for = set(entry_ids)
    found = {row.id: band_of(row, row) for row in rows if row.id in asked_for}
    return {entry_id: band for entry_id, band in found.items() if band is not None}


def band_of(announcement: Any, receipt: Any) -> Band | None:
    """Say what is asked of a reader and until when; both may be one row, with what an outer join leaves empty."""
    waits, confirmed_at = (receipt.waits, receipt.confirmed_at) if receipt is not None else (None, None)
    until = deadline(announcement.valid_until) if announcement.valid_until is not None else ""
    if announcement.archived_at is not None:
        return Band(_("In the archive"), "over")
    if until and announcement.valid_until <= now():
        return Band(_("No longer valid"), "over")
    if announcement.importance == Importance.ORDINARY:
        return Band(_("Valid until %(date)s", date=until), "over") if until else None
    if waits is False:
        return Band(_("You have confirmed it"), "done")
    if confirmed_at is not None:
        return Band(_("Answer the question to the end"), "asks")
    if announcement.importance == Importance.URGENT:
        return Band(_("Urgent: confirm it now"), "urgent")
    return Band(_("To be confirmed until %(date)s", date=until) if until else _("To be confirmed"), "asks")


def _waiting(row: Any) -> Waiting:
    return Waiting(*(getattr(row, name) for name in Waiting._fields))


def _until(at: datetime | None) -> str:
    return _("until %(date)s", date=deadline(at)) if at is not None else ""


@cache
def _left(unread: bool) -> Any:
    """Select what still waits for somebody, and if wanted all that is unread; executed with `binds_of_news` and a limit."""
    mine = Receipt.person_id == bindparam("viewer_id")
    wanted = select(Receipt.announcement_id).where(mine, Receipt.waits).correlate(None)
    # Young enough to be read still, and not read by him; by the index alone, since what it says else is asked below.
    entry = Entry.__table__.c
    young = (entry.kind == "announcement", entry.published_at > bindparam("since", type_=UTCDateTime()))
    has = select(1).where(Receipt.announcement_id == entry.id, mine, Receipt.read_at.is_(None))
    new = select(entry.id).where(*young, has.correlate(Entry.__table__).exists()).correlate(None)
    return (
        select(*_COLUMNS)
        .join(Receipt, Receipt.announcement_id == Announcement.id)
        .where(
            mine,
            # Two short ways, by an index each, instead of one through all that he was ever sent.
            Announcement.id.in_(wanted.union_all(new) if unread else wanted),
            *still_asked(bindparam("now", type_=UTCDateTime())),
        )
        .order_by(*_MOST_ASKING_FIRST)
        .limit(bindparam("limit"))
    )
