"""Publishing, editing, deleting and pinning an entry: what holds for every kind of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from flask_babel import gettext as _
from sqlalchemy import select, update

from app.activity import record
from app.content import photos
from app.content.audience import EVERYBODY, SPEC_LIMIT, Audience
from app.content.mentions import name_people
from app.content.models import Entry
from app.content.once import add_once, former_of
from app.content.text import BODY_LIMIT, clean, excerpt, render
from app.content.topics import chosen_topics
from app.database import alone_with, now, one_at_a_time
from app.errors import Refused
from app.extensions import db
from app.people.models import log_change
from app.people.permissions import Permission
from app.people.sessions import Viewer

MAX_PINS = 3
# How long «Отменить» brings a deleted entry back.
UNDO_WINDOW = timedelta(hours=24)


def publish(
    viewer: Viewer,
    entry: Entry,
    *,
    body: str,
    keys: Iterable[str],
    topic_ids: Sequence[int] = (),
    photo_ids: Sequence[int] = (),
    alts: Mapping[int, str] = MappingProxyType({}),
    picked: Iterable[int] = (),
    nonce: str = "",
) -> Entry:
    """Publish a new entry now; the same form sent twice returns the entry that it made the first time."""
    former = former_of(Entry, viewer.id, nonce)
    if former is not None:
        return former
    _check(body, len(photos.unsent(viewer.id, photo_ids)))
    entry.author_id = viewer.id
    entry.store_id = viewer.store_id
    entry.nonce = nonce or None
    entry.audience = audience_from(keys)
    entry.topics = chosen_topics(topic_ids)
    entry.published_at = entry.created_at = now()
    former = add_once(Entry, entry)
    if former is not None:
        return former
    write(entry, body, viewer, picked)
    photos.attach(entry, viewer.id, photo_ids)
    photos.describe(entry, dict(alts))
    record(f"{entry.kind}.published", viewer.id, entry)
    return entry


def change(
    viewer: Viewer,
    entry: Entry,
    *,
    body: str,
    keys: Iterable[str],
    topic_ids: Sequence[int] = (),
    photo_ids: Sequence[int] = (),
    dropped: Iterable[int] = (),
    alts: Mapping[int, str] = MappingProxyType({}),
    picked: Iterable[int] = (),
) -> None:
    """Take over the author's changes and mark the entry as edited."""
    alone_with(entry)
    gone = set(dropped)
    left = [photo for photo in entry.photos if photo.id not in gone]
    _check(body, len(left) + len(photos.unsent(viewer.id, photo_ids)))
    entry.audience = audience_from(keys)
    entry.topics = chosen_topics(topic_ids, among=entry.topics)
    photos.detach(entry, gone)
    photos.attach(entry, viewer.id, photo_ids)
    photos.describe(entry, dict(alts))
    entry.edited_at = now()
    entry.version += 1
    write(entry, body, viewer, picked)
    record(f"{entry.kind}.edited", viewer.id, entry)


def write(entry: Entry, body: str, viewer: Viewer, picked: Iterable[int]) -> None:
    """Set the body together with what is computed from it: HTML, excerpt, mentions."""
    entry.body = clean(body)
    people = name_people(entry, None, entry.body, viewer, picked)
    entry.body_html = render(entry.body, people)
    entry.excerpt_html = excerpt(entry.body, people)


def may_change(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether the viewer may edit or delete: the author alone, and not what a moderator has hidden."""
    return entry.author_id == viewer.id and entry.hidden_at is None


def delete(viewer: Viewer, entry: Entry) -> None:
    """Take an entry away; it comes back whole if its author changes his mind within a day."""
    alone_with(entry)
    if entry.deleted_at is None:
        entry.deleted_at = now()
        entry.pinned_at = None
        entry.version += 1
        record(f"{entry.kind}.deleted", viewer.id, entry)


def undelete(viewer: Viewer, entry: Entry) -> None:
    """Bring a deleted entry back where it was."""
    alone_with(entry)
    if entry.deleted_at is None:
        return
    if entry.deleted_at + UNDO_WINDOW < now():
        raise Refused(_("This was deleted more than a day ago and cannot be brought back."))
    entry.deleted_at = None
    entry.version += 1
    record(f"{entry.kind}.undeleted", viewer.id, entry)


def pin(viewer: Viewer, entry: Entry) -> None:
    """Keep an entry on top of the streams of its audience; the oldest pin makes room."""
    one_at_a_time("pins")
    alone_with(entry)
    if entry.pinned_at is not None or entry.deleted_at is not None:
        return
    if entry.hidden_at is not None:
        raise Refused(_("A moderator has hidden it: it cannot stand on top."))
    pinned = db.session.scalars(
        select(Entry.id).where(Entry.pinned_at.is_not(None)).order_by(Entry.pinned_at.desc(), Entry.id.desc())
    ).all()
    gone = pinned[MAX_PINS - 1 :]
    if gone:
        db.session.execute(update(Entry).where(Entry.id.in_(gone)).values(pinned_at=None, version=Entry.version + 1))
    entry.pinned_at = now()
    entry.version += 1
    record(f"{entry.kind}.pinned", viewer.id, entry)
    log_change("entry.pinned", entry, actor_id=viewer.id, name=entry.body[:80])


def unpin(viewer: Viewer, entry: Entry) -> None:
    """Let an entry go back to its place in time."""
    alone_with(entry)
    if entry.pinned_at is None:
        return
    entry.pinned_at = None
    entry.version += 1
    record(f"{entry.kind}.unpinned", viewer.id, entry)
    log_change("entry.unpinned", entry, actor_id=viewer.id, name=entry.body[:80])


def may_pin(viewer: Viewer) -> bool:
    """Tell whether the viewer decides what stays on top."""
    return viewer.can(Permission.PIN)


def audience_from(keys: Iterable[str]) -> Audience:
    """Return the audience of the chosen keys; refuse an empty or senseless choice in words."""
    chosen = {key for key in keys if key}
    if not chosen:
        raise Refused(_("Choose who is to see it."), "audience")
    if EVERYBODY in chosen and len(chosen) > 1:
        raise Refused(_("Either all colleagues, or only those you tick: choose one of the two."), "audience")
    if len("|".join(chosen)) > SPEC_LIMIT:
        raise Refused(_("That is too many to choose one by one: choose cities or positions."), "audience")
    try:
        return Audience.of(chosen)
    except ValueError:
        raise Refused(_("Choose who is to see it once more: this choice is not known."), "audience") from None


def _check(body: str, photo_count: int) -> None:
    text = clean(body)
    if not text and not photo_count:
        raise Refused(_("Write something or add a photo."), "body")
    if len(text) > BODY_LIMIT:
        raise Refused(_("The text is too long: %(n)d characters at most.", n=BODY_LIMIT), "body")
    if photo_count > photos.MAX_PHOTOS:
        raise Refused(_("At most %(n)d photos.", n=photos.MAX_PHOTOS), "photos")
