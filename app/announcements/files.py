"""Documents that come with announcements: taken in before the form is right, as photos are, and served to readers only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from app.announcements.models import Announcement, AnnouncementFile
from app.content.documents import MOST_FILES, Document
from app.content.models import Entry
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.jobs import every
from app.media import drop, keep, new_key
from app.people.sessions import Viewer

KEEP_UNSENT = timedelta(days=7)
MOST_UNSENT = 30


def take_in(owner_id: int, documents: Iterable[Document]) -> list[AnnouncementFile]:
    """Store files that belong to no announcement yet; if the transaction fails, none of them is left."""
    taken = []
    for document in documents:
        key = new_key("file")
        keep({key: document.data})
        about = {"name": document.name, "size": len(document.data), "content_type": document.content_type}
        taken.append(AnnouncementFile(owner_id=owner_id, key=key, created_at=now(), **about))
    db.session.add_all(taken)
    db.session.flush()
    _discard(AnnouncementFile.owner_id == owner_id, beyond=MOST_UNSENT)
    return taken


def unsent(owner_id: int, file_ids: Iterable[int]) -> list[AnnouncementFile]:
    """Return those of the named files that are this person's and belong to no announcement yet."""
    return list(
        db.session.scalars(
            select(AnnouncementFile)
            .where(
                AnnouncementFile.id.in_(list(file_ids)[:100]),
                AnnouncementFile.owner_id == owner_id,
                AnnouncementFile.announcement_id.is_(None),
            )
            .order_by(AnnouncementFile.id)
        )
    )


def attach(announcement: Announcement, owner_id: int, file_ids: Iterable[int]) -> None:
    """Let an announcement have the owner's files."""
    for document in unsent(owner_id, file_ids):
        announcement.files.append(document)
    if len(announcement.files) > MOST_FILES:
        raise Refused(_("At most %(n)d files.", n=MOST_FILES), "files")


def detach(announcement: Announcement, file_ids: Iterable[int]) -> None:
    """Take files off; they are deleted once the change is committed."""
    gone = set(file_ids)
    leaving = [document for document in announcement.files if document.id in gone]
    for document in leaving:
        announcement.files.remove(document)
        db.session.delete(document)
    drop(document.key for document in leaving)


def visible_file(viewer: Viewer, announcement_id: int, file_id: int) -> AnnouncementFile | None:
    """Find a file of an announcement for somebody who may open that; editors also those of drafts."""
    of_it = (AnnouncementFile.id == file_id, AnnouncementFile.announcement_id == announcement_id)
    opened = Entry.visible_to(viewer).with_only_columns(Entry.id).where(Entry.id == announcement_id)
    found = db.session.scalar(select(AnnouncementFile).where(*of_it, AnnouncementFile.announcement_id.in_(opened)))
    if found is None and viewer.can("announce"):
        live = select(Announcement.id).where(Announcement.id == announcement_id, Announcement.deleted_at.is_(None))
        found = db.session.scalar(select(AnnouncementFile).where(*of_it, AnnouncementFile.announcement_id.in_(live)))
    return found


@every(timedelta(days=1))
def sweep() -> None:
    """Delete files whose form was never sent."""
    _discard(AnnouncementFile.created_at < now() - KEEP_UNSENT)


def _discard(condition: ColumnElement[bool], beyond: int = 0) -> None:
    """Delete files that belong to no announcement yet, but for so many of the newest."""
    waiting = select(AnnouncementFile).where(AnnouncementFile.announcement_id.is_(None), condition)
    leaving = db.session.scalars(waiting.order_by(AnnouncementFile.id.desc()).offset(beyond).limit(500)).all()
    for document in leaving:
        db.session.delete(document)
    drop(document.key for document in leaving)
