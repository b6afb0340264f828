"""Comments under any entry, with one level of replies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import aliased

from app.activity import record
from app.content.mentions import name_people
from app.content.models import Comment, CommentLike, Entry
from app.content.text import COMMENT_LIMIT, clean, render
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.people.models import City, Person, Store
from app.people.sessions import Viewer

PAGE = 40
UNDO_WINDOW = timedelta(hours=24)


@dataclass
class Thread:
    """A comment with its replies, as columns."""

    comment: Any
    replies: list[Any] = field(default_factory=list)


@dataclass
class Talk:
    """One page of the comments under an entry, oldest first; `earlier` is the id before which more stand."""

    threads: list[Thread]
    earlier: int | None


def talk_under(viewer: Viewer, entry_id: int, before: int | None = None) -> Talk:
    """Read the latest comments under an entry, or those before a known one; two queries whatever their number."""
    tops = _columns(viewer).where(Comment.entry_id == entry_id, Comment.parent_id.is_(None))
    if before is not None:
        tops = tops.where(Comment.id < before)
    rows = db.session.execute(tops.order_by(Comment.id.desc()).limit(PAGE + 1)).all()
    earlier = rows[PAGE - 1].id if len(rows) > PAGE else None
    threads = {row.id: Thread(row) for row in reversed(rows[:PAGE])}
    if threads:
        for row in db.session.execute(_columns(viewer).where(Comment.parent_id.in_(threads)).order_by(Comment.id)):
            threads[row.parent_id].replies.append(row)
    # A deleted comment stays as a gap while something answers it.
    kept = [thread for thread in threads.values() if thread.replies or _shows(thread.comment)]
    for thread in kept:
        thread.replies = [reply for reply in thread.replies if _shows(reply)]
    return Talk([thread for thread in kept if thread.replies or _shows(thread.comment)], earlier)


def comment_row(viewer: Viewer, comment_id: int) -> Any:
    """Read one comment as the columns that lists show."""
    return db.session.execute(_columns(viewer).where(Comment.id == comment_id)).one()


def visible_comment(viewer: Viewer) -> Any:
    """Select comments that the viewer may act upon: there, not hidden from him, under an entry that he sees."""
    return (
        select(Comment)
        .join(Entry, Entry.id == Comment.entry_id)
        .where(
            Entry.listed(),
            Entry.seen_by(viewer),
            or_(Comment.hidden_at.is_(None), Comment.author_id == viewer.id),
            or_(Comment.deleted_at.is_(None), Comment.author_id == viewer.id),
        )
    )


def add_comment(
    viewer: Viewer, entry: Entry, *, body: str, parent_id: int | None = None, picked: Iterable[int] = (), nonce: str = ""
) -> Comment:
    """Say something under an entry; a reply to a reply joins the same thread. The same form sent twice is one comment."""
    if nonce:
        former = db.session.scalar(select(Comment).where(Comment.author_id == viewer.id, Comment.nonce == nonce))
        if former is not None:
            return former
    comment = Comment(
        entry_id=entry.id,
        parent_id=_thread_of(entry, parent_id),
        author_id=viewer.id,
        body=_checked(body),
        body_html="",
        nonce=nonce or None,
        created_at=now(),
    )
    db.session.add(comment)
    db.session.flush()
    comment.body_html = render(comment.body, name_people(entry, comment, comment.body, viewer, picked))
    _count(entry.id, 1)
    record("comment.added", viewer.id, comment)
    return comment


def change_comment(viewer: Viewer, comment: Comment, *, body: str, picked: Iterable[int] = ()) -> None:
    """Take over the author's new wording and mark it as edited."""
    text = _checked(body)
    if text == comment.body:
        return
    comment.body = text
    comment.body_html = render(text, name_people(comment.entry, comment, text, viewer, picked))
    comment.edited_at = now()
    _count(comment.entry_id, 0)
    record("comment.edited", viewer.id, comment)


def delete_comment(viewer: Viewer, comment: Comment) -> None:
    """Take a comment away; its author can bring it back for a day."""
    if comment.deleted_at is None:
        comment.deleted_at = now()
        db.session.flush()
        if comment.hidden_at is None:
            _count(comment.entry_id, -1)
        record("comment.deleted", viewer.id, comment)


def undelete_comment(viewer: Viewer, comment: Comment) -> None:
    """Bring a deleted comment back."""
    if comment.deleted_at is None:
        return
    if comment.deleted_at + UNDO_WINDOW < now():
        raise Refused(_("This was deleted more than a day ago and cannot be brought back."))
    comment.deleted_at = None
    db.session.flush()
    if comment.hidden_at is None:
        _count(comment.entry_id, 1)
    record("comment.undeleted", viewer.id, comment)


def _shows(row: Any) -> bool:
    return row.deleted_at is None and (row.hidden_at is None or row.own)


def _columns(viewer: Viewer) -> Any:
    author = aliased(Person)
    return (
        select(
            Comment.id,
            Comment.entry_id,
            Comment.parent_id,
            Comment.author_id,
            (author.first_name + " " + author.last_name).label("author_name"),
            author.photo_key,
            Store.name.label("store_name"),
            City.name.label("city_name"),
            Comment.body_html,
            Comment.created_at,
            Comment.edited_at,
            Comment.deleted_at,
            Comment.hidden_at,
            Comment.hidden_reason,
            Comment.like_count,
            (Comment.author_id == viewer.id).label("own"),
            select(1)
            .where(CommentLike.comment_id == Comment.id, CommentLike.person_id == viewer.id)
            .correlate(Comment)
            .exists()
            .label("liked"),
        )
        .join(author, author.id == Comment.author_id)
        .join(Store, Store.id == author.store_id)
        .join(City, City.id == Store.city_id)
    )


def _thread_of(entry: Entry, parent_id: int | None) -> int | None:
    if parent_id is None:
        return None
    parent = db.session.scalar(
        select(Comment).where(
            Comment.id == parent_id,
            Comment.entry_id == entry.id,
            Comment.deleted_at.is_(None),
            Comment.hidden_at.is_(None),
        )
    )
    if parent is None:
        raise Refused(_("The comment you answer is no longer there. Send your text as a new comment."), "body")
    return parent.parent_id or parent.id


def _checked(body: str) -> str:
    text = clean(body)
    if not text:
        raise Refused(_("Write something first."), "body")
    if len(text) > COMMENT_LIMIT:
        raise Refused(_("The comment is too long: %(n)d characters at most.", n=COMMENT_LIMIT), "body")
    return text


def _count(entry_id: int, step: int) -> None:
    """Change the entry's count where it stands; its version goes up because its card shows the first comments."""
    db.session.execute(
        update(Entry)
        .where(Entry.id == entry_id)
        .values(comment_count=Entry.comment_count + step, version=Entry.version + 1)
        .execution_options(synchronize_session="fetch")
    )


def count_shown(entry_id: int) -> int:
    """Count the comments that lists show; tests hold `comment_count` to it."""
    return int(
        db.session.scalar(
            select(func.count(Comment.id)).where(
                Comment.entry_id == entry_id, Comment.deleted_at.is_(None), Comment.hidden_at.is_(None)
            )
        )
        or 0
    )
