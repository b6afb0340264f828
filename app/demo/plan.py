"""What is planned: posts with everything that happened to them, as the planner hands them to whoever makes rows of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.demo.company import Worker
from app.demo.drawing.scenes import Scene
from app.demo.library import Text


class Body(NamedTuple):
    """A text as it is stored, with whom it mentions."""

    body: str
    html: str
    excerpt: str | None
    mentions: tuple[int, ...]


@dataclass(slots=True)
class Remark:
    """A comment; `parent` is the place of the comment it answers among the post's remarks."""

    author: Worker
    at: datetime
    body: Body
    parent: int | None = None
    likes: list[int] = field(default_factory=list)
    is_reported: bool = False
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(slots=True)
class Post:
    """A post with everything that happened to it."""

    author: Worker
    at: datetime
    text: Text
    body: Body
    audience: tuple[str, ...]
    fresh: bool
    photos: list[Scene] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    likes: list[tuple[int, datetime]] = field(default_factory=list)
    thanks: list[tuple[int, datetime]] = field(default_factory=list)
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    pinned_at: datetime | None = None
