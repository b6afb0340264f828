"""Comments under any entry, with one level of replies: said, changed, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import literal, or_, select, update

from app.activity import record
from app.content.mentions import name_people
from app.content.models import Comment, Entry
from app.content.once import add_once, former_of
from app.content.text import COMMENT_LIMIT, clean, render
from app.database import alone_with, now
from app.errors import Refused
from app.extensions import db
from app.people.sessions import Viewer

UNDO_WINDOW = timedelta(hours=24)


def visible_comment(viewer: Viewer, deleted: bool = False) -> Any:
    """Select comments that the viewer may act upon: under an entry that he sees, there, not hidden from him.

    `deleted` ones still lead to the answers that stand below them.
    """
    own = Comment.author_id == viewer.id
    return (
        select(Comment)
        .join(Entry, Entry.id == Comment.entry_id)
        .where(
            Entry.listed(),
            Entry.seen_by(viewer),
            or_(Comment.hidden_at.is_(None), own, literal(deleted)),
            or_(Comment.deleted_at.is_(None), own, literal(deleted)),
        )
    )


def add_comment(
    viewer: Viewer, entry: Entry, *, body: str, parent_id: int | None = None, picked: Iterable[int] = (), nonce: str = ""
) -> Comment:
    """Say something under an entry; a reply to a reply joins the same thread. The same form sent twice is one comment."""
    former = former_of(Comment, viewer.id, nonce)
    if former is not None:
        return former
    parent_id = _thread_of(entry, parent_id)
    text = _checked(body)
    comment = Comment(entry_id=entry.id, parent_id=parent_id, author_id=viewer.id, body=text, body_html="", created_at=now())
    comment.nonce = nonce or None
    former = add_once(Comment, comment)
    if former is not None:
        return former
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
    alone_with(comment)
    if comment.deleted_at is None:
        comment.deleted_at = now()
        db.session.flush()
        if comment.hidden_at is None:
            _count(comment.entry_id, -1)
        record("comment.deleted", viewer.id, comment)


def undelete_comment(viewer: Viewer, comment: Comment) -> None:
    """Bring a deleted comment back."""
    alone_with(comment)
    if comment.deleted_at is None:
        return
    if comment.deleted_at + UNDO_WINDOW < now():
        raise Refused(_("This was deleted more than a day ago and cannot be brought back."))
    comment.deleted_at = None
    db.session.flush()
    if comment.hidden_at is None:
        _count(comment.entry_id, 1)
    record("comment.undeleted", viewer.id, comment)


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
