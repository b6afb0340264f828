"""Reading what stands under an entry: threads by pages, and one thread's replies; few queries whatever their number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import aliased

from app.content.comment_cards import drawn
from app.content.models import Comment, CommentLike
from app.database import UTCDateTime, now, read_rows
from app.extensions import db
from app.people.models import City, Person, Store
from app.people.sessions import Viewer

# Threads on a page, and answers that stand open in each of them.
PAGE = 20
REPLIES = 3
# A comment that its author has just deleted leaves him the way back in its place.
UNDO_IN_PLACE = timedelta(minutes=15)
# Above every id that a column can hold.
END = 2**31 - 1


class Place(NamedTuple):
    """Which part of the comments is asked for: before or after one, around one; else the latest. And whom one answers."""

    before: int | None = None
    after: int | None = None
    around: int | None = None
    reply: int | None = None

    @classmethod
    def read(cls, args: Any) -> Place:
        """Read the place from an address; what is no number is not there."""
        keys = {"before": "before", "after": "after", "around": "comment", "reply": "reply"}
        texts = {name: args.get(key, "") for name, key in keys.items()}
        return cls(**{name: int(text) for name, text in texts.items() if re.fullmatch(r"[0-9]{1,9}", text)})


LATEST = Place()


@dataclass
class Thread:
    """A comment with its latest replies, as columns; before `earlier` stand `more` of them."""

    comment: Any
    replies: list[Any] = field(default_factory=list)
    earlier: int | None = None
    more: int = 0
    # Both as they are shown.
    card: Markup = field(default_factory=Markup)
    cards: list[Markup] = field(default_factory=list)


@dataclass
class Talk:
    """One page of the comments under an entry, oldest first; before `earlier` and after `later` stand more."""

    threads: list[Thread]
    earlier: int | None = None
    later: int | None = None


def talk_under(viewer: Viewer, entry_id: int, place: Place = LATEST) -> Talk:
    """Read a page of the comments under an entry."""
    sought = place.around or place.reply
    top = _top_of(entry_id, sought) if sought else None
    values = {**_binds(viewer), "entry_id": entry_id}
    if top is not None:
        before, earlier = _before(_TOPS, values, top, PAGE // 2)
        after, later = _after(values, top - 1)
    elif place.after is not None:
        before, earlier = [], place.after + 1
        after, later = _after(values, place.after)
    else:
        before, earlier = _before(_TOPS, values, place.before, PAGE)
        after, later = [], place.before and place.before - 1
    talk = Talk([Thread(row) for row in (*before, *after)], earlier, later)
    _fill(viewer, talk.threads, sought)
    _draw(viewer, talk.threads)
    return talk


def replies_before(viewer: Viewer, top: Comment, before: int | None) -> Thread:
    """Read the replies of one thread that stand before a known one."""
    rows, earlier = _before(_REPLIES, {**_binds(viewer), "top_id": top.id}, before, PAGE)
    thread = Thread(comment_row(viewer, top.id), rows, earlier)
    _draw(viewer, [thread])
    return thread


def comment_row(viewer: Viewer, comment_id: int) -> Any:
    """Read one comment as the columns that lists show."""
    return db.session.execute(_ONE, {**_binds(viewer), "comment_id": comment_id}).one()


def count_shown(entry_id: int) -> int:
    """Count the comments that everybody reads; tests hold `comment_count` to it."""
    everybodys = (Comment.deleted_at.is_(None), Comment.hidden_at.is_(None))
    return int(db.session.scalar(select(func.count(Comment.id)).where(Comment.entry_id == entry_id, *everybodys)) or 0)


def _binds(viewer: Viewer) -> dict[str, Any]:
    return {"viewer_id": viewer.id, "undo_since": now() - UNDO_IN_PLACE}


def _before(statement: Any, values: dict[str, Any], edge: int | None, size: int) -> tuple[list[Any], int | None]:
    """Read the last rows before an edge, oldest first, and the edge of those before them."""
    rows = read_rows(statement, {**values, "edge": END if edge is None else edge, "limit": size + 1})
    shown = list(reversed(rows[:size]))
    return shown, shown[0].id if len(rows) > size else None


def _after(values: dict[str, Any], edge: int) -> tuple[list[Any], int | None]:
    """Read the first threads after an edge, and the edge of those after them."""
    rows = read_rows(_LATER_TOPS, {**values, "edge": edge, "limit": PAGE + 1})
    shown = list(rows[:PAGE])
    return shown, shown[-1].id if len(rows) > PAGE else None


def _fill(viewer: Viewer, threads: list[Thread], sought: int | None) -> None:
    """Give threads their latest replies; the sought one stands open with all that follow it."""
    by_id = {thread.comment.id: thread for thread in threads}
    if not by_id:
        return
    values = {**_binds(viewer), "top_ids": list(by_id), "sought": END if sought is None else sought}
    for row in read_rows(_LATEST_REPLIES, values):
        thread = by_id[row.parent_id]
        thread.replies.append(row)
        thread.more = row.in_thread - len(thread.replies)
        thread.earlier = thread.replies[0].id if thread.more else None


def _draw(viewer: Viewer, threads: list[Thread]) -> None:
    cards = iter(drawn(viewer, [row for thread in threads for row in (thread.comment, *thread.replies)]))
    for thread in threads:
        thread.card = next(cards)
        thread.cards = list(islice(cards, len(thread.replies)))


def _top_of(entry_id: int, comment_id: int) -> int | None:
    """Return the thread in which a comment stands."""
    row = db.session.execute(
        select(Comment.id, Comment.parent_id).where(Comment.id == comment_id, Comment.entry_id == entry_id)
    ).first()
    return (row.parent_id or row.id) if row is not None else None


def _shown() -> Any:
    """Return the condition that the viewer reads a comment; his own hidden and just deleted ones stay in his sight."""
    public = and_(Comment.deleted_at.is_(None), Comment.hidden_at.is_(None))
    lately = Comment.deleted_at > bindparam("undo_since", type_=UTCDateTime)
    own = and_(Comment.author_id == bindparam("viewer_id"), or_(Comment.deleted_at.is_(None), lately))
    return or_(public, own)


def _stands() -> Any:
    """Return the condition that a thread is shown: its comment is, or, as a gap, while something answers it."""
    reply = aliased(Comment)
    answers = select(reply.id).where(reply.parent_id == Comment.id, reply.deleted_at.is_(None), reply.hidden_at.is_(None))
    return or_(_shown(), answers.correlate(Comment).exists())


def _columns() -> Any:
    author = aliased(Person)
    return (
        select(
            literal("comment").label("kind"),
            Comment.id,
            Comment.entry_id,
            Comment.parent_id,
            Comment.author_id,
            (author.first_name + " " + author.last_name).label("author_name"),
            author.photo_key,
            Store.name.label("store_name"),
            Store.is_office,
            City.name.label("city_name"),
            Comment.body_html,
            Comment.created_at,
            Comment.edited_at,
            Comment.deleted_at,
            Comment.hidden_at,
            Comment.hidden_reason,
            Comment.like_count,
            (Comment.author_id == bindparam("viewer_id")).label("own"),
            select(1)
            .where(CommentLike.comment_id == Comment.id, CommentLike.person_id == bindparam("viewer_id"))
            .correlate(Comment)
            .exists()
            .label("liked"),
        )
        .join(author, author.id == Comment.author_id)
        .join(Store, Store.id == author.store_id)
        .join(City, City.id == Store.city_id)
    )


def _latest_replies() -> Any:
    """Select the latest replies of threads and what follows the sought one, each with the number of all in its thread."""
    latest_first = func.row_number().over(partition_by=Comment.parent_id, order_by=Comment.id.desc())
    in_thread = func.count().over(partition_by=Comment.parent_id)
    numbered = (
        select(Comment.id, latest_first.label("number"), in_thread.label("in_thread"))
        .where(Comment.parent_id.in_(bindparam("top_ids", expanding=True)), _shown())
        .subquery()
    )
    wanted = or_(numbered.c.number <= REPLIES, numbered.c.id >= bindparam("sought"))
    statement = _COLUMNS.add_columns(numbered.c.in_thread).join(numbered, numbered.c.id == Comment.id)
    return statement.where(wanted).order_by(Comment.id)


# Made once: putting such statements together takes longer than executing them.
_COLUMNS = _columns()
_ONE = _COLUMNS.where(Comment.id == bindparam("comment_id"))
_ALL_TOPS = _COLUMNS.where(Comment.entry_id == bindparam("entry_id"), Comment.parent_id.is_(None), _stands())
_TOPS = _ALL_TOPS.where(Comment.id < bindparam("edge")).order_by(Comment.id.desc()).limit(bindparam("limit"))
_LATER_TOPS = _ALL_TOPS.where(Comment.id > bindparam("edge")).order_by(Comment.id).limit(bindparam("limit"))
_REPLIES = (
    _COLUMNS.where(Comment.parent_id == bindparam("top_id"), _shown(), Comment.id < bindparam("edge"))
    .order_by(Comment.id.desc())
    .limit(bindparam("limit"))
)
_LATEST_REPLIES = _latest_replies()
