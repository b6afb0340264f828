"""What a person keeps for later, in the order of keeping."""

from __future__ import annotations

from typing import Any

from app.content import cards
from app.content.audience import binds_of
from app.content.models import Bookmark, Entry
from app.database import read_rows
from app.people.sessions import Viewer


def page_of(viewer: Viewer, before: str | None) -> cards.Page:
    """Read one page of the viewer's bookmarks, those kept last first; what has gone out of sight is left out."""
    position = cards.Position.read(before)
    statement: Any = (
        cards.listed()
        .add_columns(Bookmark.at.label("kept_at"))
        .join(Bookmark, (Bookmark.entry_id == Entry.id) & (Bookmark.person_id == viewer.id))
    )
    if position is not None:
        statement = statement.where(position.older(Bookmark.at, Entry.id))
    statement = statement.order_by(Bookmark.at.desc(), Entry.id.desc()).limit(cards.PAGE + 1)
    rows = read_rows(statement, binds_of(viewer))
    shown = rows[: cards.PAGE]
    following = cards.Position(shown[-1].kept_at, shown[-1].id) if len(rows) > cards.PAGE else None
    return cards.Page(cards.render(viewer, shown), following, None)
