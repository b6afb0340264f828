"""How an announcement appears: now or at a time, once whatever the number of processes, and how its readers are told.

It appears together with its whole audience, in one transaction. Telling twenty thousand people takes longer, so that goes
in batches, each a job that leaves the next one behind: a process killed in between doubles and forgets nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select, true, update

from app.activity import record
from app.announcements import receipts
from app.announcements.models import Announcement, AnnouncementVersion, Importance, Receipt
from app.content.audience import binds_of
from app.content.models import Entry
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.jobs import later, task
from app.notifications.telling import tell
from app.people.sessions import Viewer

TOLD_AT_ONCE = 1000
# Nobody plans an announcement for longer ahead; a slip of the year is found at once.
FARTHEST = timedelta(days=366)
# Who joins an audience later is shown what is still valid and not older than this.
STILL_NEWS = timedelta(days=180)


def publish(viewer: Viewer, announcement: Announcement) -> bool:
    """Let it appear now; whoever presses twice publishes once."""
    return appear(announcement, viewer.id)


def schedule(viewer: Viewer, announcement: Announcement, at: datetime) -> None:
    """Let it appear by itself at a time."""
    if announcement.published_at is not None:
        raise Refused(_("It has appeared already."))
    if at <= now():
        raise Refused(_("This time is over already."), "publish_at")
    if at > now() + FARTHEST:
        raise Refused(_("That is more than a year ahead: check the year."), "publish_at")
    if announcement.valid_until is not None and announcement.valid_until <= at:
        raise Refused(_("It would appear after it has ceased to be valid."), "valid_until")
    announcement.publish_at = at
    record("announcement.scheduled", viewer.id, announcement)


def unschedule(viewer: Viewer, announcement: Announcement) -> None:
    """Make a draft of what was to appear at a time."""
    if announcement.publish_at is not None:
        announcement.publish_at = None
        record("announcement.unscheduled", viewer.id, announcement)


@task
def tell_readers(announcement_id: int, edition: int, after: int = 0) -> None:
    """Tell the next thousand of an audience."""
    announcement = db.session.get(Announcement, announcement_id)
    if announcement is None or announcement.edition != edition or announcement.is_over:
        return
    people = db.session.scalars(
        select(Receipt.person_id)
        .where(Receipt.announcement_id == announcement_id, Receipt.person_id > after, Receipt.late.is_(False))
        .where(_unheard(announcement))
        .order_by(Receipt.person_id)
        .limit(TOLD_AT_ONCE)
    ).all()
    if not people:
        return
    tell(
        kind_of_news(announcement),
        people,
        group=news_group(announcement_id, edition),
        path=f"/announcements/{announcement_id}",
        entry=announcement,
        words=announcement.title,
        urgent=announcement.is_urgent,
    )
    if len(people) == TOLD_AT_ONCE:
        tell_later(announcement, people[-1])


def tell_later(announcement: Announcement, after: int = 0) -> None:
    """Leave a job behind that tells the readers whose ids come after this one."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    later(app, tell_readers, announcement.id, announcement.edition, after)


def news_group(announcement_id: int, edition: int) -> str:
    """Return what gathers the notices of one version."""
    return f"announcement:{announcement_id}:{edition}"


def kind_of_news(announcement: Announcement) -> str:
    """Return under which kind readers hear of it."""
    return "announcement" if announcement.importance == Importance.ORDINARY else announcement.importance


def still_asked(at: Any = None) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that an announcement stands and asks something, or still holds, now or at a bound moment."""
    return (
        Announcement.listed(),
        Announcement.archived_at.is_(None),
        or_(Announcement.valid_until.is_(None), Announcement.valid_until > (now() if at is None else at)),
    )


def recent(since: Any = None) -> ColumnElement[bool]:
    """Return the condition that an announcement is young enough for those who join later, by now or by a bound day."""
    return Announcement.published_at > (now() - STILL_NEWS if since is None else since)


def binds_of_news(viewer: Viewer) -> dict[str, Any]:
    """Return the parameters of statements about what still waits, which are made once for all viewers."""
    return {**binds_of(viewer), "since": now() - STILL_NEWS}


def keep_version(announcement: Announcement, by_id: int, asked: bool) -> None:
    """Keep what the announcement says now as a version of its own."""
    said = {name: getattr(announcement, name) for name in ("title", "body", "body_html", "question", "answers")}
    db.session.add(
        AnnouncementVersion(
            announcement_id=announcement.id, number=announcement.edition, at=now(), by_id=by_id, asked=asked, **said
        )
    )
    db.session.flush()


def appear(announcement: Announcement, actor_id: int) -> bool:
    """Publish, freeze the audience and begin to tell it; False where somebody else was first."""
    moment = now()
    won = db.session.execute(
        update(Entry)
        .where(Entry.id == announcement.id, Entry.published_at.is_(None), Entry.deleted_at.is_(None))
        .values(published_at=moment)
        .execution_options(synchronize_session=False)
    )
    if not won.rowcount:  # type: ignore[attr-defined]
        return False
    db.session.refresh(announcement)
    announcement.publish_at = None
    keep_version(announcement, actor_id, asked=True)
    receipts.freeze(announcement)
    record("announcement.published", actor_id, announcement)
    tell_later(announcement)
    return True


def _unheard(announcement: Announcement) -> ColumnElement[bool]:
    """Return the condition that somebody is to be told: what he has before him already is no news."""
    if announcement.edition == 1:
        return Receipt.opened_at.is_(None)
    return Receipt.waits.is_(True) if announcement.asks else true()
