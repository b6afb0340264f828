"""The photos of entries: files in the media store, rows that say what they are, and who may look at them.

A photo is taken in before its form is right: it then belongs to its owner alone, and the form names it by id. So a
mistake in the text, an expired session or a lost line never sends somebody through ten uploads again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, func, literal, or_, select

from app.content.audience import EVERYBODY, Audience
from app.content.models import Entry, Photo
from app.content.text import clean
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.jobs import task
from app.media import drop, keep, new_key
from app.people.permissions import Permission
from app.people.sessions import Viewer
from app.pictures import Picture

MAX_PHOTOS = 10
# Photos whose form was never sent: drafts find theirs for so long, and of one person's only so many are kept.
KEEP_UNSENT = timedelta(days=7)
MOST_UNSENT = 40
ALT_LIMIT = 300
NAME = re.compile(r"[0-9a-f]{32}")


def take_in(owner_id: int, pictures: Sequence[Picture]) -> list[Photo]:
    """Store pictures that belong to no entry yet; if the transaction fails, no file of theirs is left."""
    taken = []
    for picture in pictures:
        key = new_key("photo")
        keep({file_key(key, width): data for width, data in picture.files.items()})
        size = {"width": picture.width, "height": picture.height, "widths": picture.widths}
        taken.append(Photo(owner_id=owner_id, key=key, created_at=now(), **size))
    db.session.add_all(taken)
    db.session.flush()
    _discard(Photo.owner_id == owner_id, beyond=MOST_UNSENT)
    return taken


def unsent(owner_id: int, photo_ids: Iterable[int]) -> list[Photo]:
    """Return those of the named photos that are this person's and belong to no entry yet, in the order named."""
    wanted = list(dict.fromkeys(photo_ids))[:100]
    if not wanted:
        return []
    found = db.session.scalars(
        select(Photo).where(Photo.id.in_(wanted), Photo.owner_id == owner_id, Photo.entry_id.is_(None))
    )
    return sorted(found, key=lambda photo: wanted.index(photo.id))


def attach(entry: Entry, owner_id: int, photo_ids: Iterable[int]) -> None:
    """Put the owner's photos behind those that the entry has."""
    place = max((photo.place for photo in entry.photos), default=-1) + 1
    for offset, photo in enumerate(unsent(owner_id, photo_ids)):
        photo.place = place + offset
        entry.photos.append(photo)
    if len(entry.photos) > MAX_PHOTOS:
        raise Refused(_("At most %(n)d photos.", n=MAX_PHOTOS), "photos")
    entry.photo_count = len(entry.photos)
    db.session.flush()


def detach(entry: Entry, photo_ids: Iterable[int]) -> None:
    """Take photos off the entry; their files go once the change is committed."""
    gone = set(photo_ids)
    leaving = [photo for photo in entry.photos if photo.id in gone]
    for photo in leaving:
        entry.photos.remove(photo)
        db.session.delete(photo)
    entry.photo_count = len(entry.photos)
    _drop_files(leaving)


def hand_over(owner_id: int, photo_ids: Iterable[int]) -> list[Photo]:
    """Give unsent photos to whoever keeps them elsewhere than with an entry: their rows go, their files stay."""
    leaving = unsent(owner_id, photo_ids)
    if len(leaving) > MAX_PHOTOS:
        raise Refused(_("At most %(n)d photos.", n=MAX_PHOTOS), "photos")
    for photo in leaving:
        db.session.delete(photo)
    return leaving


def describe(entry: Entry, words: dict[int, str]) -> None:
    """Say in words what photos of an entry show, for whoever does not see them; {photo id: words}."""
    for photo in entry.photos:
        if photo.id in words:
            photo.alt = " ".join(clean(words[photo.id]).split())[:ALT_LIMIT]


@task
def sweep() -> None:
    """Delete photos whose form was never sent."""
    _discard(Photo.created_at < now() - KEEP_UNSENT)


def file_key(key: str, width: int) -> str:
    """Return the media key of one variant."""
    return f"{key}-{width}.webp"


def visible_photo(viewer: Viewer, name: str) -> Any:
    """Find the photo of an address for somebody who sees its entry: (key, widths, is everybody's); else None."""
    if not NAME.fullmatch(name):
        return None
    moderates = literal(viewer.can(Permission.MODERATE))
    # What is not published yet is seen by whoever writes it: its author, and whoever may open it besides readers.
    seen = and_(
        or_(Entry.published_at.is_not(None), literal(viewer.can(Permission.ANNOUNCE))),
        Entry.deleted_at.is_(None),
        or_(Entry.hidden_at.is_(None), Entry.author_id == viewer.id, moderates),
        or_(Entry.opened_by(viewer), and_(moderates, Entry.reported())),
    )
    return db.session.execute(
        select(Photo.key, Photo.widths, func.coalesce(Audience.spec == EVERYBODY, False).label("is_public"))
        .outerjoin(Entry, Entry.id == Photo.entry_id)
        .outerjoin(Audience, Audience.id == Entry.audience_id)
        .where(
            Photo.key == f"photo/{name[:2]}/{name}",
            or_(and_(Photo.entry_id.is_(None), Photo.owner_id == viewer.id), seen),
        )
    ).first()


def _discard(condition: Any, beyond: int = 0) -> None:
    """Delete photos of no entry that fulfil the condition, but the newest ones within `beyond`."""
    waiting = select(Photo).where(Photo.entry_id.is_(None), condition).order_by(Photo.id.desc())
    leaving = db.session.scalars(waiting.offset(beyond).limit(500)).all()
    for photo in leaving:
        db.session.delete(photo)
    _drop_files(leaving)


def _drop_files(photos: Sequence[Photo]) -> None:
    drop(file_key(photo.key, width) for photo in photos for width in photo.widths)
