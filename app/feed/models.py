"""A plain post: the kind of entry that has nothing of its own beside the spine."""

from __future__ import annotations

from app.content.models import Entry


class Post(Entry):
    """Something that somebody tells the colleagues of an audience."""

    __mapper_args__ = {"polymorphic_identity": "post"}
