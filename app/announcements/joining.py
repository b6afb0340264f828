"""What somebody missed before he joined an audience: he gets it, is told of it once and as a whole, and finds it on a page.

A receipt that is made late is `unheard` until its reader is told. One conditional update takes that back, so that whoever
does it first tells: the session that begins, or the schedule of the morning. docs/decisions/0045-announcements.md says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from flask_babel import ngettext
from sqlalchemy import ColumnElement, Integer, Select, bindparam, select, update

from app.announcements import receipts, waiting
from app.announcements.appearing import binds_of_news, recent, still_asked
from app.announcements.models import Announcement, Receipt
from app.content.audience import audiences_of_binds
from app.database import UTCDateTime, in_passing, read_rows
from app.extensions import db
from app.notifications import inbox
from app.notifications.telling import tell
from app.people.sessions import Viewer, load_viewer

# The kind of the notice, and what gathers it: one for each person while he has not seen it.
NEWS = "missed"
PATH = "/announcements/missed"
# At a first visit nobody gets more than this; the rest comes with the next.
MOST_JOINED = 200


def welcome(token: str) -> None:
    """Give whoever signs in what he missed, and tell him of it, before he sees his first page."""
    viewer = load_viewer(token)
    if viewer is not None:
        join(viewer)
        tell_of([viewer.id])


def catch_up(viewer: Viewer) -> None:
    """Give somebody, while he only reads, what he missed; he is told of it later, unless he has read it by then."""
    if read_rows(_missed(), {**binds_of_news(viewer), "limit": 1}):
        with in_passing():
            join(viewer)


def look(viewer: Viewer) -> None:
    """Note that somebody has all that he missed before his eyes, so that it is no news any more."""
    catch_up(viewer)
    if read_rows(select(Receipt.announcement_id).where(_unheard([viewer.id])).limit(1)):
        with in_passing():
            _hear([viewer.id])
    if inbox.is_unseen(viewer.id, NEWS):
        with in_passing():
            inbox.settle_for(viewer.id, NEWS)


def join(viewer: Viewer) -> None:
    """Give somebody the announcements of audiences that he has joined since they appeared, as far as they still hold."""
    receipts.add_missed(viewer, _missed().params({**binds_of_news(viewer), "limit": MOST_JOINED}))


def tell_of(person_ids: Sequence[int]) -> None:
    """Tell people once of all that they missed, where something of it still holds and is unread."""
    left = select(Receipt.person_id).join(Announcement, Announcement.id == Receipt.announcement_id).distinct()
    unread = set(db.session.scalars(left.where(_unheard(person_ids), Receipt.read_at.is_(None), *still_asked())))
    tell(NEWS, unread & _hear(person_ids), group=NEWS, path=PATH)


def settle_read(viewer: Viewer) -> None:
    """Take the news of what somebody missed for seen once nothing of it is left to be read."""
    if inbox.is_unseen(viewer.id, NEWS) and not waiting.left_to(viewer).announcements:
        inbox.settle_for(viewer.id, NEWS)


def in_words(viewer: Viewer) -> str:
    """Say how much somebody has missed by now and how long it takes; empty where nothing is left."""
    left = waiting.left_to(viewer)
    if not left.announcements:
        return ""
    many = left.announcements
    announcements = ngettext("%(num)d announcement that still holds", "%(num)d announcements that still hold", many)
    minutes = ngettext("about %(num)d minute", "about %(num)d minutes", left.minutes)
    return f"{announcements}, {minutes}"


def _hear(person_ids: Sequence[int]) -> set[int]:
    """Let people have heard; return whose turn it was: in a race only one of two finds it."""
    heard = update(Receipt).where(_unheard(person_ids)).values(unheard=False).returning(Receipt.person_id)
    return set(db.session.scalars(heard, execution_options={"synchronize_session": False}))


def _unheard(person_ids: Sequence[int]) -> ColumnElement[bool]:
    return Receipt.person_id.in_(person_ids) & Receipt.unheard


@cache
def _missed() -> Select[int]:
    """Select what a viewer's audiences were sent and he was not; executed with `binds_of_news` and a limit."""
    viewer_id = bindparam("viewer_id", type_=Integer())
    of_person = (Receipt.announcement_id == Announcement.id, Receipt.person_id == viewer_id)
    return (
        select(Announcement.id)
        .where(
            *still_asked(bindparam("now", type_=UTCDateTime())),
            recent(bindparam("since", type_=UTCDateTime())),
            Announcement.audience_id.in_(audiences_of_binds()),
            Announcement.author_id != viewer_id,
            ~select(1).where(*of_person).correlate(Announcement).exists(),
        )
        .limit(bindparam("limit"))
    )
