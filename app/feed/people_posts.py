"""What one person or one store has posted, as far as the viewer belongs to the audiences."""

from __future__ import annotations

from app.content import cards
from app.content.models import Entry
from app.people.sessions import Viewer


def of_person(viewer: Viewer, person_id: int, before: cards.Position | None) -> cards.Page:
    """Read one page of a person's posts, newest first."""
    return cards.page_of(viewer, cards.listed().where(Entry.author_id == person_id), before)


def of_store(viewer: Viewer, store_id: int, before: cards.Position | None) -> cards.Page:
    """Read one page of what was posted from a store; people who moved away left their posts there."""
    return cards.page_of(viewer, cards.listed().where(Entry.store_id == store_id), before)
