"""Visits to the stream: what has come since the former one is marked, and nothing is reordered.

Opening the stream again within half an hour is still the same visit, so that the marks do not vanish while one reads.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select, tuple_, update

from app.content.audience import audiences_of
from app.content.cards import Position
from app.content.models import Entry
from app.database import now
from app.extensions import db
from app.people.models import Person
from app.people.sessions import Viewer

# A pause of so long ends a visit.
PAUSE = timedelta(minutes=30)
# Within a visit the mark is moved at most so often: reading stays reading.
NOTE_EVERY = timedelta(minutes=5)
# «20+»: nobody counts further.
NEWS_CAP = 20


def due(viewer: Viewer) -> bool:
    """Tell whether opening the stream now is to be noted."""
    return viewer.stream_seen_at is None or now() - viewer.stream_seen_at > NOTE_EVERY


def note(viewer: Viewer) -> Viewer:
    """Note that the stream is open, and return the viewer as the page is to see him; two tabs at once are one visit."""
    moment, seen = now(), viewer.stream_seen_at
    begins = seen is not None and moment - seen > PAUSE
    before = seen if begins else viewer.stream_before_at
    db.session.execute(
        update(Person)
        .where(Person.id == viewer.id, Person.stream_seen_at.is_(None) if seen is None else Person.stream_seen_at == seen)
        .values(stream_seen_at=moment, stream_before_at=before)
    )
    return replace(viewer, stream_seen_at=moment, stream_before_at=before)


def news_since(viewer: Viewer, since: Position) -> tuple[int, int]:
    """Count what colleagues have published since a position, up to one more than the cap; and the newest of it."""
    later = (
        select(Entry.id)
        .where(
            Entry.listed(),
            Entry.audience_id.in_(audiences_of(viewer)),
            Entry.author_id != viewer.id,
            Entry.pinned_at.is_(None),
            tuple_(Entry.published_at, Entry.id) > tuple_(since.at, since.id),
        )
        .order_by(Entry.published_at.desc(), Entry.id.desc())
        .limit(NEWS_CAP + 1)
        .subquery()
    )
    count, newest = db.session.execute(select(func.count(), func.max(later.c.id)).select_from(later)).one()
    return count, newest or 0
