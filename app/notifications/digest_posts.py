"""What a weekly letter tells of: posts that one has not come by, those first for which colleagues were thanked most."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from app.content.audience import binds_of
from app.content.cards import listed
from app.content.models import Entry
from app.content.nouns import address
from app.content.text import one_line
from app.database import now, read_rows
from app.people.sessions import Viewer

WEEK = timedelta(days=7)
MOST_POSTS = 5


class Missed(NamedTuple):
    """A post in the digest."""

    author_name: str
    store_name: str
    city_name: str
    words: str
    path: str


def posts_missed(viewer: Viewer) -> list[Missed]:
    """Return what others told in the last week and were thanked for most; nothing that was shown on a later visit."""
    since = now() - WEEK
    return _best(viewer, max(since, viewer.stream_seen_at or since))


def posts_of_week(viewer: Viewer) -> list[Missed]:
    """Return what others told in the last week and were thanked for most, whether it was shown or not."""
    return _best(viewer, now() - WEEK)


def _best(viewer: Viewer, since: datetime) -> list[Missed]:
    statement = (
        listed()
        .add_columns(Entry.body)
        .where(Entry.published_at >= since, Entry.author_id != viewer.id, Entry.body != "")
        .order_by((2 * Entry.thanks_count + Entry.comment_count + Entry.like_count).desc(), Entry.id.desc())
        .limit(MOST_POSTS)
    )
    return [
        Missed(row.author_name, row.store_name, row.city_name, one_line(row.body), address(row.kind, row.id))
        for row in read_rows(statement, binds_of(viewer))
    ]
