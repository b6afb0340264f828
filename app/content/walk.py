"""The newest entries that a viewer may see, for what a page of them costs, whatever stands between them.

Walking all entries from the newest on and leaving out what is not the viewer's is cheap for whoever sees most of them, and
dear just for those who see little: a new store's own posts among two million of others. So each of the viewer's audiences
is looked up in the index by itself, for a page at most. What was weighed: docs/decisions/0011-stream-by-audience.md.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CTE, Select, bindparam, func, literal, select, true, tuple_, union
from sqlalchemy.orm import aliased

from app.content.audience import audiences_of_binds, binds_of
from app.content.models import Entry
from app.database import UTCDateTime
from app.people.sessions import Viewer

# Older than anything.
DAWN = datetime(1, 1, 1, tzinfo=UTC)


def newest_seen(dialect: str, older: bool) -> CTE:
    """Return the ids of a viewer's newest entries, or of those `older` than a position, for statements to join with.

    The parameters are those of `binds`: the statement is made once, not for each request. There are more ids than a page
    has; the statement orders and limits them.
    """
    audiences = audiences_of_binds().distinct().cte("audiences")
    find = _page_of_each if dialect == "postgresql" else _since_certain
    own = _page(Entry, Entry.author_id == bindparam("viewer_id"), older).subquery()
    return union(find(audiences, older), select(own.c.id)).cte("newest")


def binds(viewer: Viewer, size: int, before: tuple[datetime, int] | None = None) -> dict[str, Any]:
    """Return the parameters of `newest_seen` for a page of `size` and one more, which tells whether anything follows."""
    values = {**binds_of(viewer), "size": size, "limit": size + 1}
    if before is not None:
        values |= {"before_at": before[0], "before_id": before[1]}
    return values


def _page_of_each(audiences: CTE, older: bool) -> Select[Any]:
    """Select a page of each audience."""
    entry = aliased(Entry)
    page = _page(entry, entry.audience_id == audiences.c.audience_id, older).lateral()
    return select(page.c.id).select_from(audiences).join(page, true())


def _since_certain(audiences: CTE, older: bool) -> Select[Any]:
    """Select the same for SQLite, which knows no lateral joins.

    Where a page ends in one audience, a whole page is certain; the latest of these ends bounds the search in all of them.
    """
    entry = aliased(Entry)
    end = _page(entry, entry.audience_id == audiences.c.audience_id, older).with_only_columns(entry.published_at)
    end = end.limit(1).offset(bindparam("size"))
    # A table of its own, so that it is worked out once and not for each entry.
    ends = select(func.max(end.scalar_subquery(), type_=UTCDateTime).label("at")).select_from(audiences).cte("ends")
    since = func.coalesce(select(ends.c.at).scalar_subquery(), literal(DAWN, UTCDateTime))
    mine = Entry.audience_id.in_(select(audiences.c.audience_id)) & (Entry.published_at >= since)
    page = _page(Entry, mine, older).subquery()
    return select(page.c.id)


def _page(entry: Any, condition: Any, older: bool) -> Select[Any]:
    statement = select(entry.id).where(condition, entry.listed())
    if older:
        position = tuple_(bindparam("before_at", type_=UTCDateTime), bindparam("before_id"))
        statement = statement.where(tuple_(entry.published_at, entry.id) < position)
    return statement.order_by(entry.published_at.desc(), entry.id.desc()).limit(bindparam("limit"))
