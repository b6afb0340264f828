"""What a reader does with an announcement: opens, reads, confirms, understands it. Each act twice is the act once.

"Read" by the clock means that the page's end was reached and the page was in sight long enough; the page says so once, and
the server holds the claim to its own clock by a mark that the page was given when it was drawn. Where no script runs, an
explicit word counts: «Я прочитал(а)».
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadData, Signer
from sqlalchemy import ColumnElement, bindparam, or_, select, true
from sqlalchemy.orm import aliased, defer, joinedload

from app.activity import looked, record
from app.announcements import joining, receipts
from app.announcements.models import Announcement, Receipt
from app.content import cards
from app.content.audience import audiences_of_binds, binds_of
from app.content.models import ALSO_OPEN, Entry
from app.database import in_passing, now, one_at_a_time
from app.errors import Refused
from app.extensions import db
from app.people.permissions import Permission
from app.people.sessions import Viewer

# Nobody needs longer than this to have looked at a text to its end; a short one is held to four words a second.
LONGEST = 20
WORDS_A_SECOND = 4
# Clocks tick in whole seconds here.
SLACK = 1
# The announcement beside the columns of its card.
_SHOWN = aliased(Announcement, flat=True)


class State(StrEnum):
    """How far a person has come with an announcement, each step farther than the one before."""

    NONE = "none"
    TOLD = "told"
    OPENED = "opened"
    READ = "read"
    CONFIRMED = "confirmed"
    UNDERSTOOD = "understood"


class Opened(NamedTuple):
    """An announcement before a reader: its card's row, his receipt, and whether he belongs to its audience by today."""

    announcement: Announcement
    receipt: Receipt | None
    joined: bool
    row: Any

    @property
    def for_the_first_time(self) -> bool:
        """Tell whether that is to be noted; of an editor who is none of its readers nothing is."""
        return self.joined if self.receipt is None else self.receipt.opened_at is None


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


def opened(viewer: Viewer, announcement_id: int) -> Opened | None:
    """Return an announcement that the viewer may open, with his receipt, and note that it is before him now.

    Whoever has joined its audience since it appeared becomes a late reader by that.
    """
    found = _found(viewer, announcement_id)
    if found is None or not found.for_the_first_time:
        looked.send(viewer, entry_id=announcement_id)
        return found
    # What was read stays as it was read; the end of a transaction would have it read anew.
    db.session.expunge_all()
    opened_now: Receipt | None = None
    with in_passing():
        note = receipts.note_joined if found.receipt is None else receipts.note_opened
        opened_now = note(found.announcement, viewer.id, now())
        looked.send(viewer, entry_id=announcement_id)
    return found._replace(receipt=opened_now or receipts.receipt_of(announcement_id, viewer.id))


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
    joining.settle_read(viewer)
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
    joining.settle_read(viewer)
    if right and before is not None and before.understood_at is None:
        record("announcement.understood", viewer.id, announcement, wrong=before.wrong_answers)
    return right


def opened_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that an announcement is open to the viewer besides its audience: he was sent it, or edits."""
    if viewer.can(Permission.ANNOUNCE):
        return Entry.kind == "announcement"
    return select(1).where(Receipt.announcement_id == Entry.id, Receipt.person_id == viewer.id).correlate(Entry).exists()


def _found(viewer: Viewer, announcement_id: int) -> Opened | None:
    """Read all that the page shows of the announcement itself with one query."""
    values = {**binds_of(viewer), "announcement_id": announcement_id}
    row = db.session.execute(_shown(viewer.can(Permission.ANNOUNCE)), values).unique().one_or_none()
    return Opened(row._mapping[_SHOWN], row.Receipt, bool(row.joined), row) if row is not None else None


@cache
def _shown(edits: bool) -> Any:
    """Select an announcement with its card, where it is open to the viewer of `binds_of`; says `opened_by` once for all."""
    viewer_id: Any = bindparam("viewer_id")
    joined = Entry.audience_id.in_(audiences_of_binds()) & (Entry.author_id != viewer_id) & Entry.hidden_at.is_(None)
    sent = Receipt.person_id.is_not(None)
    return (
        cards.WHOLE.add_columns(_SHOWN, Receipt, joined.label("joined"))
        .join(_SHOWN, _SHOWN.id == Entry.id)
        .outerjoin(Receipt, (Receipt.announcement_id == Entry.id) & (Receipt.person_id == viewer_id))
        .where(
            Entry.id == bindparam("announcement_id"),
            Entry.published_at.is_not(None),
            Entry.deleted_at.is_(None),
            or_(Entry.hidden_at.is_(None), Entry.author_id == viewer_id),
            true() if edits else or_(Entry.seen_by_binds(), sent),
        )
        # The row has the text, as it is shown.
        .options(joinedload(_SHOWN.files), joinedload(_SHOWN.audience))
        .options(defer(_SHOWN.body), defer(_SHOWN.body_html), defer(_SHOWN.excerpt_html))
    )


def _read(viewer: Viewer, announcement: Announcement, seconds: int) -> Receipt | None:
    before = _former(announcement, viewer)
    receipt = receipts.note_read(announcement, viewer.id, now(), seconds)
    joining.settle_read(viewer)
    if receipt is not None and before is not None and before.read_at is None:
        record("announcement.read", viewer.id, announcement)
    return receipt


class _Before(NamedTuple):
    read_at: datetime | None
    confirmed_at: datetime | None
    understood_at: datetime | None
    wrong_answers: int


def _former(announcement: Announcement, viewer: Viewer) -> _Before | None:
    """Return how far somebody was before an act, as values that the act does not change, and nobody else meanwhile."""
    one_at_a_time(f"receipt {announcement.id} {viewer.id}")
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


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="announcement page")


ALSO_OPEN["announcement"] = opened_by
