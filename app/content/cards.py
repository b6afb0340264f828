"""Entries as cards: the one way in which streams, person and store pages, bookmarks and search show them.

A card is made of columns read in one query, and of what hangs off it (photos, first comments), read for the whole page at
once and only for cards that are not in the cache. A finished card is kept under everything it is made of: its row, the
viewer's own marks on it, the words of its date. Nothing therefore has to be told to forget it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup
from sqlalchemy import Row, bindparam, case, func, literal, select, tuple_, union_all
from sqlalchemy.orm import aliased

from app.content import walk
from app.content.audience import EVERYBODY, Audience, labels
from app.content.models import Bookmark, Comment, Entry, Photo, Reaction
from app.content.nouns import BY_NAME
from app.extensions import db
from app.locale import language
from app.people.models import Change, City, Person, Store
from app.people.sessions import Viewer
from app.ui import ago, full_date

PAGE = 20
FIRST_COMMENTS = 2
# About 4 kB each; enough for what a few hundred people look at on one day.
KEPT = 4000

Author = aliased(Person)


class Marks(NamedTuple):
    """What the viewer has to do with an entry; part of the card's look."""

    liked: bool = False
    thanked: bool = False
    kept: bool = False
    own: bool = False
    fresh: bool = False


class Position(NamedTuple):
    """Where a page of a stream begins: older than this moment, and this id within the moment."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.at:%Y%m%dT%H%M%S%f}-{self.id}"

    @classmethod
    def read(cls, text: str | None) -> Position | None:
        """Read a position from an address; None for anything that is no position."""
        moment, _, number = (text or "").partition("-")
        try:
            at = datetime.strptime(moment + "+0000", "%Y%m%dT%H%M%S%f%z")
            return cls(at, int(number)) if number.isascii() and 0 <= int(number) < 2**31 else None
        except ValueError:
            return None


class Page(NamedTuple):
    """One page of cards and where the next begins; None at the end."""

    cards: list[Markup]
    following: Position | None
    newest: Position | None


def _columns() -> Any:
    """Select what a card shows; the number of the last change of people rides along, since names are part of cards."""
    return (
        select(
            Entry.id,
            Entry.kind,
            Entry.version,
            Entry.author_id,
            (Author.first_name + " " + Author.last_name).label("author_name"),
            Author.photo_key,
            Entry.store_id,
            Store.name.label("store_name"),
            Store.is_office,
            City.name.label("city_name"),
            Entry.title,
            case((Entry.excerpt_html.is_(None), Entry.body_html), else_=Entry.excerpt_html).label("html"),
            Entry.excerpt_html.is_not(None).label("is_long"),
            Entry.published_at,
            Entry.edited_at,
            Entry.pinned_at,
            Entry.hidden_at,
            Entry.like_count,
            Entry.thanks_count,
            Entry.comment_count,
            Entry.photo_count,
            Audience.spec.label("audience"),
            _reacted("like").label("liked"),
            _reacted("thanks").label("thanked"),
            select(1)
            .where(Bookmark.person_id == bindparam("viewer_id"), Bookmark.entry_id == Entry.id)
            .correlate(Entry)
            .exists()
            .label("kept"),
            select(func.max(Change.id)).scalar_subquery().label("people_version"),
        )
        .join(Author, Author.id == Entry.author_id)
        .join(Store, Store.id == Entry.store_id)
        .join(City, City.id == Store.city_id)
        .join(Audience, Audience.id == Entry.audience_id)
    )


def _reacted(kind: str) -> Any:
    return (
        select(1)
        .where(Reaction.person_id == bindparam("viewer_id"), Reaction.entry_id == Entry.id, Reaction.kind == kind)
        .correlate(Entry)
        .exists()
    )


# Made once: putting such statements together takes longer than executing them.
_COLUMNS = _columns()


@cache
def _stream(dialect: str, older: bool) -> Any:
    newest = walk.newest_seen(dialect, older)
    statement = _COLUMNS.join(newest, newest.c.id == Entry.id)
    return statement.order_by(Entry.published_at.desc(), Entry.id.desc()).limit(bindparam("limit"))


def stream_of(viewer: Viewer, before: Position | None = None, size: int = PAGE) -> Page:
    """Read one page of everything that the viewer may see, newest first; see `walk` for why it is not `listed_for`."""
    statement = _stream(db.session.get_bind().dialect.name, before is not None)
    return _page(viewer, statement, walk.binds(viewer, size, before), size)


def listed_for(viewer: Viewer) -> Any:
    """Select the card columns of what the viewer may see, to be narrowed down to few: a person's, a store's, bookmarks.

    Statements of card columns are executed with `{"viewer_id": …}`.
    """
    return _COLUMNS.where(Entry.listed(), Entry.seen_by(viewer))


def page_of(viewer: Viewer, statement: Any, before: Position | None = None, size: int = PAGE) -> Page:
    """Read one page of cards by keyset, so that the thousandth page costs what the first does."""
    if before is not None:
        statement = statement.where(tuple_(Entry.published_at, Entry.id) < tuple_(literal(before.at), literal(before.id)))
    statement = statement.order_by(Entry.published_at.desc(), Entry.id.desc()).limit(size + 1)
    return _page(viewer, statement, {"viewer_id": viewer.id}, size)


def _page(viewer: Viewer, statement: Any, values: dict[str, Any], size: int) -> Page:
    rows = db.session.execute(statement, values).all()
    shown = rows[:size]
    following = Position(shown[-1].published_at, shown[-1].id) if len(rows) > size else None
    newest = Position(shown[0].published_at, shown[0].id) if shown else None
    return Page(render(viewer, shown), following, newest)


def card_of(viewer: Viewer, entry_id: int) -> Markup:
    """Render the card of one entry that the viewer is known to see, as it stands in a stream."""
    return render(viewer, [row_of(viewer, entry_id)])[0]


def row_of(viewer: Viewer, entry_id: int) -> Any:
    """Read the card columns of one entry that the viewer is known to see."""
    return db.session.execute(_COLUMNS.where(Entry.id == entry_id), {"viewer_id": viewer.id}).one()


def marks_of(viewer: Viewer, row: Any) -> Marks:
    """Tell what the viewer has to do with the entry of this row."""
    since = viewer.stream_before_at
    own = row.author_id == viewer.id
    fresh = since is not None and row.published_at > since and not own
    return Marks(liked=row.liked, thanked=row.thanked, kept=row.kept, own=own, fresh=fresh)


def render(viewer: Viewer, rows: Sequence[Row[Any]]) -> list[Markup]:
    """Turn rows of card columns into cards, most of them from the cache."""
    spoken = language()
    keys = [(tuple(row), marks_of(viewer, row), spoken, ago(row.published_at), viewer.zone_name) for row in rows]
    found = [_cache.get(key) for key in keys]
    missing = [row for row, card in zip(rows, found, strict=True) if card is None]
    parts = _parts_of(missing) if missing else None
    for place, card in enumerate(found):
        if card is None and parts is not None:
            found[place] = _draw(rows[place], keys[place], parts)
            _cache.put(keys[place], found[place])
    return [card for card in found if card is not None]


class _Parts(NamedTuple):
    photos: dict[int, list[Row[Any]]]
    comments: dict[int, list[Row[Any]]]
    audiences: dict[str, str]


def _parts_of(rows: Sequence[Row[Any]]) -> _Parts:
    """Read the photos, first comments and audiences' names of these rows: three queries for any number of them."""
    specs = {row.audience for row in rows} - {EVERYBODY}
    with_photos = [row.id for row in rows if row.photo_count]
    with_comments = [row.id for row in rows if row.comment_count]
    return _Parts(
        photos=photos_of(with_photos),
        comments=_first_comments(with_comments) if with_comments else {},
        audiences=labels(specs) if specs else {},
    )


def photos_of(entry_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Return the photos of entries in order, as {entry id: [row]}."""
    if not entry_ids:
        return {}
    columns = (Photo.entry_id, Photo.id, Photo.key, Photo.width, Photo.height, Photo.widths, Photo.alt)
    statement = select(*columns).where(Photo.entry_id.in_(entry_ids)).order_by(Photo.entry_id, Photo.place, Photo.id)
    return _by_entry(db.session.execute(statement))


def _first_comments(entry_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Return the first comments of entries, each found by a short walk of the index instead of counting all."""
    firsts = [
        select(Comment.id)
        .where(
            Comment.entry_id == entry_id,
            Comment.parent_id.is_(None),
            Comment.deleted_at.is_(None),
            Comment.hidden_at.is_(None),
        )
        .order_by(Comment.id)
        .limit(FIRST_COMMENTS)
        .subquery()
        for entry_id in entry_ids
    ]
    chosen = union_all(*(select(first.c.id) for first in firsts))
    statement = (
        select(
            Comment.entry_id,
            Comment.id,
            Comment.author_id,
            (Author.first_name + " " + Author.last_name).label("author_name"),
            Comment.body,
        )
        .join(Author, Author.id == Comment.author_id)
        .where(Comment.id.in_(chosen))
        .order_by(Comment.id)
    )
    return _by_entry(db.session.execute(statement))


def _by_entry(rows: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.entry_id, []).append(row)
    return found


def _draw(row: Row[Any], key: tuple[Any, ...], parts: _Parts) -> Markup:
    template = current_app.jinja_env.get_template("content/_card.html")
    # A rendered template is markup.
    return Markup(  # noqa: S704
        template.render(
            card=row,
            marks=key[1],
            when=key[3],
            date=full_date(row.published_at),
            kind=BY_NAME[row.kind],
            photos=parts.photos.get(row.id, []),
            comments=parts.comments.get(row.id, []),
            audience=parts.audiences.get(row.audience, ""),
        ).strip()
    )


class _Cache:
    """The cards used last, for all threads of a process."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.cards: OrderedDict[Any, Markup] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Any) -> Markup | None:
        with self.lock:
            card = self.cards.get(key)
            if card is not None:
                self.cards.move_to_end(key)
            return card

    def put(self, key: Any, card: Markup | None) -> None:
        if card is None:
            return
        with self.lock:
            self.cards[key] = card
            while len(self.cards) > self.size:
                self.cards.popitem(last=False)


_cache = _Cache(KEPT)
