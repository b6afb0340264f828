"""What a reader does with an announcement: opens, reads, confirms, understands it. Each act twice is the act once.

"Read" by the clock means that the page's end was reached and the page was in sight long enough; the page says so once, and
the server holds the claim to its own clock by a mark that the page was given when it was drawn. Where no script runs, an
explicit word counts: «Я прочитал(а)».
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadData, Signer
from sqlalchemy import ColumnElement, Select, bindparam, func, select

from app.activity import record
from app.announcements import receipts
from app.announcements.appearing import recent, still_asked
from app.announcements.models import Announcement, AnnouncementReach, Receipt
from app.content.audience import audiences_of
from app.content.models import ALSO_OPEN, Entry
from app.content.nouns import Band
from app.database import UTCDateTime, in_passing, now
from app.errors import Refused
from app.extensions import db
from app.people.permissions import Permission
from app.people.sessions import Viewer
from app.ui import full_date

# Nobody needs longer than this to have looked at a text to its end; a short one is held to four words a second.
LONGEST = 20
WORDS_A_SECOND = 4
# Clocks tick in whole seconds here.
SLACK = 1
# Words a minute, for "about 2 minutes".
PACE = 180


class State(StrEnum):
    """How far a person has come with an announcement, each step farther than the one before."""

    NONE = "none"
    TOLD = "told"
    OPENED = "opened"
    READ = "read"
    CONFIRMED = "confirmed"
    UNDERSTOOD = "understood"


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


def state_of(receipt: Receipt) -> State:
    """Tell how far somebody has come."""
    steps = (
        (receipt.understood_at, State.UNDERSTOOD),
        (receipt.confirmed_at, State.CONFIRMED),
        (receipt.read_at, State.READ),
        (receipt.opened_at, State.OPENED),
        (receipt.told_at, State.TOLD),
    )
    return next((state for at, state in steps if at is not None), State.NONE)


def seconds_needed(announcement: Announcement) -> int:
    """Return how long the page has to be in sight until its text counts as read."""
    return min(announcement.words // WORDS_A_SECOND, LONGEST)


def note_opened(viewer: Viewer, announcement_id: int) -> None:
    """Note that somebody opens an announcement; whoever has joined its audience since becomes a late reader."""
    found = db.session.get(Receipt, (announcement_id, viewer.id))
    if found is not None and found.opened_at is not None:
        return
    live = select(Announcement).where(Announcement.id == announcement_id, Announcement.listed())
    if found is None:
        live = live.where(Announcement.audience_id.in_(audiences_of(viewer)), Announcement.author_id != viewer.id)
    if db.session.scalar(live.with_only_columns(Announcement.id)) is None:
        return
    with in_passing():
        announcement = db.session.scalars(live).one_or_none()
        if announcement is not None:
            receipts.add_late(announcement, viewer.id)
            receipts.note_opened(announcement, viewer.id, now())


def mark(viewer: Viewer, announcement: Announcement) -> str:
    """Return the mark of a page: drawn for this reader, of this announcement, at this moment."""
    return _signer().sign(f"{viewer.id}-{announcement.id}-{int(now().timestamp())}").decode()


def read(viewer: Viewer, announcement: Announcement) -> Receipt | None:
    """Take somebody's word that he has read it."""
    return _read(viewer, announcement, 0)


def read_by_clock(viewer: Viewer, announcement: Announcement, seconds: int, page_mark: str) -> Receipt | None:
    """Take the page's word that its reader reached the end and had it in sight so long, unless the clock says otherwise."""
    begun = _begun(viewer, announcement, page_mark)
    needed = seconds_needed(announcement)
    elapsed = (now() - begun).total_seconds() + SLACK if begun is not None else 0
    if begun is None or seconds < needed or elapsed < max(needed, seconds):
        raise Refused(_("That was too fast to be read. If you have read it, say so with the button."))
    return _read(viewer, announcement, seconds)


def confirm(viewer: Viewer, announcement: Announcement) -> Receipt | None:
    """Take somebody's word that he knows what it says."""
    if not announcement.asks:
        raise Refused(_("This announcement asks for no confirmation."))
    before = _former(announcement, viewer)
    receipt = receipts.note_confirmed(announcement, viewer.id, now())
    if receipt is not None and before is not None and before.confirmed_at is None:
        record("announcement.confirmed", viewer.id, announcement, edition=announcement.edition)
    return receipt


def answer(viewer: Viewer, announcement: Announcement, number: int) -> bool:
    """Take an answer to the check question; tell whether it is right."""
    if not announcement.question or not 0 <= number < len(announcement.answers):
        raise Refused(_("Choose an answer."))
    before = _former(announcement, viewer)
    if announcement.asks and before is not None and before.confirmed_at is None:
        raise Refused(_("First confirm that you know what it says."))
    right = bool(announcement.answers[number]["right"])
    receipts.note_answer(announcement, viewer.id, now(), right)
    if right and before is not None and before.understood_at is None:
        record("announcement.understood", viewer.id, announcement, wrong=before.wrong_answers)
    return right


def catch_up(viewer: Viewer) -> None:
    """Give somebody the announcements of audiences that he has joined since they appeared, as far as they still hold."""
    missing = (
        select(Announcement)
        .where(
            *still_asked(),
            recent(),
            Announcement.audience_id.in_(audiences_of(viewer)),
            Announcement.author_id != viewer.id,
            ~_has(viewer.id),
        )
        .limit(200)
    )
    if not db.session.scalars(missing.with_only_columns(Announcement.id)).all():
        return
    with in_passing():
        for announcement in db.session.scalars(missing).all():
            receipts.add_late(announcement, viewer.id)


def audience_size(announcement: Announcement) -> int:
    """Count the people to whom an announcement was sent, by the counts of their stores."""
    of_it = AnnouncementReach.announcement_id == announcement.id
    return db.session.scalar(select(func.sum(AnnouncementReach.audience)).where(of_it)) or 0


def waiting_count() -> Select[int]:
    """Select how much somebody still has to confirm; executed with `audience.binds_of`."""
    statement = select(func.count()).select_from(Receipt).join(Announcement, Announcement.id == Receipt.announcement_id)
    asked = still_asked(bindparam("now", type_=UTCDateTime()))
    return statement.where(Receipt.person_id == bindparam("viewer_id"), Receipt.waits, *asked)


def waiting(viewer: Viewer, limit: int = 50, unread: bool = False, besides: int = 0) -> list[Waiting]:
    """Return what still waits for somebody: to be confirmed, and if wanted all that is unread; what asks most first."""
    wanted = Receipt.waits | Receipt.read_at.is_(None) if unread else Receipt.waits
    rows = db.session.execute(
        select(
            Announcement.id,
            Announcement.title,
            Announcement.importance,
            Announcement.published_at,
            Announcement.valid_until,
            Announcement.words,
            Receipt.waits,
        )
        .join(Receipt, Receipt.announcement_id == Announcement.id)
        .where(Receipt.person_id == viewer.id, wanted, *still_asked(), recent() | Receipt.waits, Announcement.id != besides)
        .order_by(
            (Announcement.importance == "urgent").desc(),
            Receipt.waits.desc(),
            Announcement.published_at.desc(),
            Announcement.id.desc(),
        )
        .limit(limit)
    )
    return [Waiting(**row._mapping) for row in rows]


def bands(viewer: Viewer, entry_ids: Sequence[int]) -> dict[int, Band]:
    """Say across the cards of announcements what is asked of the viewer, and until when."""
    rows = db.session.execute(
        select(
            Announcement.id,
            Announcement.importance,
            Announcement.valid_until,
            Announcement.archived_at,
            Receipt.waits,
            Receipt.confirmed_at,
        )
        .outerjoin(Receipt, (Receipt.announcement_id == Announcement.id) & (Receipt.person_id == viewer.id))
        .where(Announcement.id.in_(entry_ids))
    )
    found = {row.id: _band(row) for row in rows}
    return {entry_id: band for entry_id, band in found.items() if band is not None}


def opened_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that an announcement is open to the viewer besides its audience: he was sent it, or edits."""
    if viewer.can(Permission.ANNOUNCE):
        return Entry.kind == "announcement"
    return select(1).where(Receipt.announcement_id == Entry.id, Receipt.person_id == viewer.id).correlate(Entry).exists()


def _band(row: Any) -> Band | None:
    until = full_date(row.valid_until) if row.valid_until is not None else ""
    if row.archived_at is not None:
        return Band(_("In the archive"), "over")
    if row.valid_until is not None and row.valid_until <= now():
        return Band(_("No longer valid"), "over")
    if row.importance == "ordinary":
        return Band(_("Valid until %(date)s", date=until), "over") if until else None
    if row.waits is False:
        return Band(_("You have confirmed it"), "done")
    if row.confirmed_at is not None:
        return Band(_("Answer the question to the end"), "asks")
    if row.importance == "urgent":
        return Band(_("Urgent: confirm it now"), "urgent")
    return Band(_("To be confirmed until %(date)s", date=until) if until else _("To be confirmed"), "asks")


def _read(viewer: Viewer, announcement: Announcement, seconds: int) -> Receipt | None:
    before = _former(announcement, viewer)
    receipt = receipts.note_read(announcement, viewer.id, now(), seconds)
    if receipt is not None and before is not None and before.read_at is None:
        record("announcement.read", viewer.id, announcement)
    return receipt


class _Before(NamedTuple):
    read_at: datetime | None
    confirmed_at: datetime | None
    understood_at: datetime | None
    wrong_answers: int


def _former(announcement: Announcement, viewer: Viewer) -> _Before | None:
    """Return how far somebody was before an act, as values that the act does not change."""
    columns = (Receipt.read_at, Receipt.confirmed_at, Receipt.understood_at, Receipt.wrong_answers)
    row = db.session.execute(
        select(*columns).where(Receipt.announcement_id == announcement.id, Receipt.person_id == viewer.id)
    ).one_or_none()
    return _Before(*row) if row is not None else None


def _begun(viewer: Viewer, announcement: Announcement, page_mark: str) -> datetime | None:
    try:
        person, of, moment = _signer().unsign(page_mark.encode("utf-8", "replace")).decode().split("-")
    except (BadData, ValueError):
        return None
    if (person, of) != (str(viewer.id), str(announcement.id)):
        return None
    return datetime.fromtimestamp(int(moment), now().tzinfo)


def _has(person_id: int) -> ColumnElement[bool]:
    of_person = (Receipt.announcement_id == Announcement.id, Receipt.person_id == person_id)
    return select(1).where(*of_person).correlate(Announcement).exists()


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="announcement page")


ALSO_OPEN["announcement"] = opened_by
