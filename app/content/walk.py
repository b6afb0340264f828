"""The newest entries that a viewer may see, for what a page of them costs, whatever stands between them.

Walking all entries from the newest on and leaving out what is not the viewer's is cheap for whoever sees most of them, and
dear just for those who see little: a new store's own posts among two million of others. So each of the viewer's audiences
is looked up in the index by itself. Where a page ends in one audience, a whole page is certain; the latest of these ends
bounds the search in all audiences together. The work is a page for each audience of the viewer at most; the measurements
are in docs/decisions/0011-stream-by-audience.md.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CTE, Select, bindparam, func, literal, select, tuple_, union
from sqlalchemy.orm import aliased

from app.content.audience import holding, keys_of
from app.content.models import Entry
from app.database import UTCDateTime
from app.people.sessions import Viewer

# Older than anything.
DAWN = datetime(1, 1, 1, tzinfo=UTC)


def newest_seen(older: bool) -> CTE:
    """Return the ids of a viewer's newest entries, or of those `older` than a position, for statements to join with.

    The parameters are those of `binds`: the statement is made once, not for each request. There are a few more ids than a
    page has; the statement orders and limits them.
    """
    audiences = holding(bindparam("keys", expanding=True), bindparam("viewer_id")).distinct().cte("audiences")
    mine = Entry.audience_id.in_(select(audiences.c.audience_id)) & (Entry.published_at >= _certain_since(audiences, older))
    parts = (_page(condition, older).subquery() for condition in (mine, Entry.author_id == bindparam("viewer_id")))
    return union(*(select(part) for part in parts)).cte("newest")


def binds(viewer: Viewer, size: int, before: tuple[datetime, int] | None = None) -> dict[str, Any]:
    """Return the parameters of `newest_seen` for a page of `size` and one more, which tells whether anything follows."""
    values: dict[str, Any] = {"viewer_id": viewer.id, "keys": keys_of(viewer), "size": size, "limit": size + 1}
    if before is not None:
        values |= {"before_at": before[0], "before_id": before[1]}
    return values


def _page(condition: Any, older: bool) -> Select[Any]:
    statement = select(Entry.id).where(condition, Entry.listed(), *_before(Entry, older))
    return statement.order_by(Entry.published_at.desc(), Entry.id.desc()).limit(bindparam("limit"))


def _certain_since(audiences: CTE, older: bool) -> Any:
    """Return since when a whole page is certain: the latest end of a page in one audience, all of time if there is none."""
    entry = aliased(Entry)
    end_of_page = (
        select(entry.published_at)
        .where(entry.audience_id == audiences.c.audience_id, entry.listed(), *_before(entry, older))
        .order_by(entry.published_at.desc(), entry.id.desc())
        .limit(1)
        .offset(bindparam("size"))
        .scalar_subquery()
    )
    # A table of its own, so that it is worked out once and not for each entry.
    ends = select(func.max(end_of_page, type_=UTCDateTime).label("at")).select_from(audiences).cte("ends")
    return func.coalesce(select(ends.c.at).scalar_subquery(), literal(DAWN, UTCDateTime))


def _before(entry: Any, older: bool) -> tuple[Any, ...]:
    if not older:
        return ()
    return (tuple_(entry.published_at, entry.id) < tuple_(bindparam("before_at", type_=UTCDateTime), bindparam("before_id")),)
