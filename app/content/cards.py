"""Entries as cards: the one way in which streams, person and store pages, bookmarks and search show them.

A card is made of columns read in one query, and of what hangs off it (photos, first comments), read for the whole page at
once and only for cards that are not in the cache. A finished card is kept under everything it is made of: its row, the
viewer's own marks on it, the words of its date. Nothing therefore has to be told to forget it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup
from sqlalchemy import ColumnElement, Row, bindparam, func, literal, select, tuple_

from app.content import walk
from app.content.audience import Audience, binds_of
from app.content.card_cache import Cache
from app.content.card_parts import PHOTOS_SHOWN, Author, Parts, grid_of, parts_of
from app.content.models import Bookmark, Entry, Reaction
from app.content.nouns import BY_NAME, Band, bands_of
from app.database import UTCDateTime, now, read_rows
from app.extensions import db
from app.locale import language
from app.people.models import Change, City, Store
from app.people.sessions import Viewer
from app.ui import ago, full_date, teller

PAGE = 20
# What a moderator has hidden stands so long on top of its author's stream, with the reason.
HIDDEN_ON_TOP = timedelta(days=14)
# About 4 kB each; enough for what a few hundred people look at on one day.
KEPT = 4000


class Marks(NamedTuple):
    """What the viewer has to do with an entry; part of the card's look."""

    liked: bool = False
    thanked: bool = False
    kept: bool = False
    own: bool = False
    fresh: bool = False
    band: Band | None = None


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

    def older(self, at: Any, entry_id: Any) -> ColumnElement[bool]:
        """Return the condition that a row stands behind this place in a list by these columns, newest first."""
        return tuple_(at, entry_id) < tuple_(literal(self.at), literal(self.id))


class Page(NamedTuple):
    """One page of cards and where the next begins; None at the end."""

    cards: list[Markup]
    following: Position | None = None
    newest: Position | None = None
    # What stands above the page, out of its order.
    top: Sequence[Markup] = ()
    # Which card is the first that was there at the former visit already; None where none or all are new.
    seen_from: int | None = None
    # The number of the last change of people, topics and the like, as the page found it.
    version: int | None = None


def _columns(whole: bool = False) -> Any:
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
            (Entry.body_html if whole else func.coalesce(Entry.excerpt_html, Entry.body_html)).label("html"),
            (literal(False) if whole else Entry.excerpt_html.is_not(None)).label("is_long"),
            Entry.published_at,
            Entry.edited_at,
            Entry.pinned_at,
            Entry.hidden_at,
            Entry.hidden_reason,
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
WHOLE = _columns(whole=True)


@cache
def _stream(dialect: str, older: bool) -> Any:
    newest = walk.newest_seen(dialect, older)
    statement = _COLUMNS.join(newest, newest.c.id == Entry.id)
    return statement.order_by(Entry.published_at.desc(), Entry.id.desc()).limit(bindparam("limit"))


@cache
def _top() -> Any:
    """Select what stands above a viewer's stream: his own that was hidden lately, then what is pinned."""
    mine = Entry.author_id == bindparam("viewer_id")
    pinned = select(Entry.id).where(Entry.pinned_at.is_not(None), Entry.listed(), Entry.seen_by_binds())
    lately = Entry.hidden_at > bindparam("hidden_since", type_=UTCDateTime)
    hidden = select(Entry.id).where(mine, lately, Entry.deleted_at.is_(None))
    order = (Entry.hidden_at.is_(None), Entry.pinned_at.desc(), Entry.id.desc())
    return _COLUMNS.where(Entry.id.in_(pinned.union_all(hidden))).order_by(*order).limit(10)


def stream_of(viewer: Viewer, before: Position | None = None, size: int = PAGE) -> Page:
    """Read one page of everything that the viewer may see, newest first; see `walk` for why it is not `listed`.

    What is pinned stands above the first page and in no other place.
    """
    top: Sequence[Row[Any]] = ()
    if before is None:
        top = read_rows(_top(), {**binds_of(viewer), "hidden_since": now() - HIDDEN_ON_TOP})
        # What stands above is part of the page, which is to weigh no more for it.
        size = max(1, size - len(top))
    statement = _stream(db.session.get_bind().dialect.name, before is not None)
    return _page(viewer, statement, walk.binds(viewer, size, before), size, before, top)


@cache
def listed() -> Any:
    """Select the card columns of what a viewer may see, to be narrowed down to few: a person's, a store's, bookmarks.

    Executed with `audience.binds_of(viewer)`.
    """
    return _COLUMNS.where(Entry.listed(), Entry.seen_by_binds())


def page_of(viewer: Viewer, statement: Any, before: Position | None = None, size: int = PAGE) -> Page:
    """Read one page of cards by keyset, so that the thousandth page costs what the first does."""
    if before is not None:
        statement = statement.where(before.older(Entry.published_at, Entry.id))
    statement = statement.order_by(Entry.published_at.desc(), Entry.id.desc()).limit(size + 1)
    return _page(viewer, statement, binds_of(viewer), size, before)


def read_page(viewer: Viewer, statement: Any) -> Page:
    """Read one page of cards that the statement has put in order and limited to one more than a page."""
    return _page(viewer, statement, binds_of(viewer), PAGE, None)


def _page(
    viewer: Viewer,
    statement: Any,
    values: dict[str, Any],
    size: int,
    before: Position | None,
    top: Sequence[Row[Any]] | None = None,
) -> Page:
    """Read a page; `top` is what stands above it in a stream, None in other lists."""
    rows = read_rows(statement, values)
    following = Position(rows[size - 1].published_at, rows[size - 1].id) if len(rows) > size else None
    shown = [row for row in rows[:size] if top is None or row.pinned_at is None]
    above = top or ()
    drawn = render(viewer, [*above, *shown])
    return Page(
        cards=drawn[len(above) :],
        following=following,
        newest=Position(rows[0].published_at, rows[0].id) if rows else None,
        top=drawn[: len(above)],
        seen_from=_seen_from(viewer, shown, before) if top is not None else None,
        version=rows[0].people_version if rows else None,
    )


def _seen_from(viewer: Viewer, rows: Sequence[Row[Any]], before: Position | None) -> int | None:
    """Find where new ends: colleagues' posts stand above, what was there at the former visit below."""
    since = viewer.stream_before_at
    if since is None:
        return None
    old = next((place for place, row in enumerate(rows) if row.published_at <= since), None)
    if old is None:
        return None
    begun = before is not None and before.at > since
    return old if begun or any(row.author_id != viewer.id for row in rows[:old]) else None


def card_of(viewer: Viewer, entry_id: int) -> Markup:
    """Render the card of one entry that the viewer is known to see, as it stands in a stream."""
    return render(viewer, [row_of(viewer, entry_id)])[0]


def row_of(viewer: Viewer, entry_id: int, whole: bool = False) -> Any:
    """Read the card columns of one entry that the viewer is known to see."""
    columns = WHOLE if whole else _COLUMNS
    return db.session.execute(columns.where(Entry.id == entry_id), {"viewer_id": viewer.id}).one()


def marks_of(viewer: Viewer, row: Any, bands: Mapping[int, Band] = MappingProxyType({})) -> Marks:
    """Tell what the viewer has to do with the entry of this row."""
    since = viewer.stream_before_at
    own = row.author_id == viewer.id
    fresh = since is not None and row.published_at > since and not own
    return Marks(row.liked, row.thanked, row.kept, own, fresh, bands.get(row.id))


def whole(viewer: Viewer, row: Any, topics: Sequence[Any], bands: Mapping[int, Band] | None = None) -> Markup:
    """Draw the card of an entry's own page: all of its text, photos and topics; its comments stand below it."""
    marks = marks_of(viewer, row, bands if bands is not None else bands_of(viewer, {row.id: row.kind}))
    return _draw(row, marks, parts_of([row], comments=False), topics, whole=True)


def render(viewer: Viewer, rows: Sequence[Row[Any]]) -> list[Markup]:
    """Turn rows of card columns into cards, most of them from the cache."""
    viewer, spoken, when = viewer.itself, language(), teller()
    bands = bands_of(viewer, {row.id: row.kind for row in rows})
    keys = [(tuple(row), marks_of(viewer, row, bands), spoken, when(row.published_at), viewer.zone_name) for row in rows]
    found = [_cache.get(key) for key in keys]
    missing = [row for row, card in zip(rows, found, strict=True) if card is None]
    parts = parts_of(missing) if missing else None
    for place, card in enumerate(found):
        if card is None and parts is not None:
            found[place] = _draw(rows[place], keys[place][1], parts)
            _cache.put(keys[place], found[place])
    return [card for card in found if card is not None]


def _draw(row: Any, marks: Marks, parts: Parts, topics: Sequence[Any] = (), whole: bool = False) -> Markup:
    template = current_app.jinja_env.get_template("content/_card.html")
    photos = parts.photos.get(row.id, [])
    most = len(photos) if whole else PHOTOS_SHOWN
    # A rendered template is markup.
    return Markup(  # noqa: S704
        template.render(
            card=row,
            marks=marks,
            whole=whole,
            when=ago(row.published_at),
            date=full_date(row.published_at),
            kind=BY_NAME[row.kind],
            photos=grid_of(photos, most),
            further=photos[most:],
            comments=parts.comments.get(row.id, []),
            audience=parts.audiences.get(row.audience, ""),
            topics=topics,
        ).strip()
    )


_cache: Cache[Markup] = Cache(KEPT)
