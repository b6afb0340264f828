"""What hangs off cards: photos in their rows, first comments, the names of audiences; read for a whole page at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, select, union_all
from sqlalchemy.orm import aliased

from app.content.audience import EVERYBODY, labels
from app.content.models import Comment, Photo
from app.extensions import db
from app.people.models import Person

FIRST_COMMENTS = 2
# A card shows so many photos; the last of them says how many more there are.
PHOTOS_SHOWN = 5
# Shapes for which the style sheet has room: width by height in hundredths, of single photos and of several side by side.
SHAPES = (56, 67, 75, 100, 133, 150, 178, 240)
# Three photos stand in one row while they are not wider together than this.
ROW_OF_THREE = 300

Author = aliased(Person)


class Parts(NamedTuple):
    """The parts of a page's cards, by entry and by audience."""

    photos: dict[int, list[Row[Any]]]
    comments: dict[int, list[Row[Any]]]
    audiences: dict[str, str]


class Tile(NamedTuple):
    """A photo in its grid: its number among all, its shape, and how many more it stands for."""

    photo: Any
    number: int
    shape: int
    further: int = 0


def parts_of(rows: Sequence[Any], comments: bool = True) -> Parts:
    """Read the photos, first comments and audiences' names of these rows: three queries for any number of them."""
    specs = {row.audience for row in rows} - {EVERYBODY}
    with_photos = [row.id for row in rows if row.photo_count]
    with_comments = [row.id for row in rows if row.comment_count and comments]
    return Parts(
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


def grid_of(photos: Sequence[Any], most: int = PHOTOS_SHOWN) -> list[list[Tile]]:
    """Lay photos out in rows in which they keep their proportions: their shapes share the width of the row."""
    shown = photos[:most]
    further = len(photos) - len(shown)
    tiles = [Tile(photo, number, _shape(photo)) for number, photo in enumerate(shown, 1)]
    if further:
        tiles[-1] = tiles[-1]._replace(further=further)
    rows = []
    for size in _row_sizes(tiles):
        rows.append(tiles[:size])
        tiles = tiles[size:]
    return rows


def fit(widths: Sequence[int], wanted: int) -> int:
    """Return the smallest variant that fills a width, else the largest there is."""
    return min((width for width in widths if width >= wanted), default=max(widths))


def _row_sizes(tiles: Sequence[Tile]) -> list[int]:
    """Return how many photos stand in each row: two or three, and of three a wide one by itself."""
    count = len(tiles)
    if count == 3:
        return [3] if sum(tile.shape for tile in tiles) <= ROW_OF_THREE else [1, 2] if tiles[0].shape >= 133 else [2, 1]
    pairs = {0: 0, 1: 2, 2: 1}[count % 3]
    return [1] if count == 1 else [2] * pairs + [3] * ((count - 2 * pairs) // 3)


def _shape(photo: Any) -> int:
    shape = 100 * photo.width / photo.height
    return min(SHAPES, key=lambda known: abs(known - shape))


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
