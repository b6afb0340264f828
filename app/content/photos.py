"""The photos of entries: files in the media store, rows that say what they are, and who may look at them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import literal, or_, select

from app.content.audience import EVERYBODY, Audience
from app.content.models import Entry, Photo
from app.extensions import db
from app.media import drop, keep, new_key
from app.people.permissions import Permission
from app.people.sessions import Viewer
from app.pictures import Picture

# Files of deleted entries stay as long as the entry may come back.
KEEP_AFTER_DELETION = timedelta(days=30)


def attach(entry: Entry, owner_id: int, pictures: Sequence[Picture]) -> None:
    """Store pictures behind the entry's others; if the transaction fails, no file of theirs is left."""
    place = max((photo.place for photo in entry.photos), default=-1) + 1
    for offset, picture in enumerate(pictures):
        key = new_key("photo")
        keep({file_key(key, width): data for width, data in picture.files.items()})
        entry.photos.append(
            Photo(
                owner_id=owner_id,
                place=place + offset,
                key=key,
                width=picture.width,
                height=picture.height,
                widths=picture.widths,
            )
        )
    entry.photo_count = len(entry.photos)
    db.session.flush()


def detach(entry: Entry, photo_ids: Iterable[int]) -> None:
    """Take photos off the entry; their files go once the change is committed."""
    gone = [photo for photo in entry.photos if photo.id in set(photo_ids)]
    if not gone:
        return
    drop(file_key(photo.key, width) for photo in gone for width in photo.widths)
    for photo in gone:
        entry.photos.remove(photo)
        db.session.delete(photo)
    entry.photo_count = len(entry.photos)


def file_key(key: str, width: int) -> str:
    """Return the media key of one variant."""
    return f"{key}-{width}.webp"


def visible_photo(viewer: Viewer, name: str) -> Any:
    """Find the photo of an address for somebody who sees its entry: (key, widths, is everybody's); else None."""
    return db.session.execute(
        select(Photo.key, Photo.widths, (Audience.spec == EVERYBODY).label("is_public"))
        .join(Entry, Entry.id == Photo.entry_id)
        .join(Audience, Audience.id == Entry.audience_id)
        .where(
            Photo.key == f"photo/{name[:2]}/{name}",
            Entry.published_at.is_not(None),
            Entry.deleted_at.is_(None),
            or_(Entry.hidden_at.is_(None), Entry.author_id == viewer.id, literal(viewer.can(Permission.MODERATE))),
            or_(Entry.seen_by(viewer), literal(viewer.can(Permission.MODERATE))),
        )
    ).first()
