"""Likes, «спасибо» and bookmarks: each exactly once per person, however often and from how many places it is pressed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from app.activity import record
from app.content.models import Bookmark, Comment, CommentLike, Entry, Reaction
from app.database import insert_once, now
from app.errors import Refused
from app.extensions import db
from app.people.models import City, Person, Store
from app.people.sessions import Viewer

COUNTS = {"like": Entry.like_count, "thanks": Entry.thanks_count}
VERBS = {"like": "liked", "thanks": "thanked"}
# A page of names; beyond that the count says enough.
MOST_PEOPLE = 300


def react(viewer: Viewer, entry: Entry, kind: str) -> None:
    """Add a like or a thanks; pressing again changes nothing. Nobody thanks himself."""
    if entry.author_id == viewer.id:
        raise Refused(_("This is your own post: others will thank you for it."))
    if insert_once(Reaction, entry_id=entry.id, person_id=viewer.id, kind=kind, at=now()):
        _count(Entry, entry.id, COUNTS[kind], 1)
        record(f"{entry.kind}.{VERBS[kind]}", viewer.id, entry)


def unreact(viewer: Viewer, entry: Entry, kind: str) -> None:
    """Take a like or a thanks back."""
    if _gone(delete(Reaction).where(*_of(Reaction, entry, viewer), Reaction.kind == kind)):
        _count(Entry, entry.id, COUNTS[kind], -1)
        record(f"{entry.kind}.un{VERBS[kind]}", viewer.id, entry)


def keep(viewer: Viewer, entry: Entry) -> None:
    """Put an entry among the viewer's bookmarks, which nobody else sees; hence no record of it."""
    insert_once(Bookmark, entry_id=entry.id, person_id=viewer.id, at=now())


def unkeep(viewer: Viewer, entry: Entry) -> None:
    """Take an entry off the bookmarks."""
    db.session.execute(delete(Bookmark).where(*_of(Bookmark, entry, viewer)))


def people_of(entry: Entry) -> dict[str, list[Any]]:
    """Return who has reacted, as {kind: people with store and city}, the latest first; of many the last few hundred."""
    rows = db.session.execute(
        select(
            Reaction.kind,
            Person.id,
            (Person.first_name + " " + Person.last_name).label("name"),
            Person.photo_key,
            Store.name.label("store_name"),
            City.name.label("city_name"),
        )
        .join(Person, Person.id == Reaction.person_id)
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .where(Reaction.entry_id == entry.id)
        .order_by(Reaction.at.desc(), Reaction.person_id)
        .limit(MOST_PEOPLE)
    ).all()
    return {kind: [row for row in rows if row.kind == kind] for kind in ("thanks", "like")}


def like_comment(viewer: Viewer, comment: Comment) -> None:
    """Add a like to a comment; pressing again changes nothing."""
    if comment.author_id == viewer.id:
        raise Refused(_("This is your own comment: others will like it."))
    if insert_once(CommentLike, comment_id=comment.id, person_id=viewer.id, at=now()):
        _count(Comment, comment.id, Comment.like_count, 1)
        record("comment.liked", viewer.id, comment)


def unlike_comment(viewer: Viewer, comment: Comment) -> None:
    """Take a like of a comment back."""
    mine = (CommentLike.comment_id == comment.id, CommentLike.person_id == viewer.id)
    if _gone(delete(CommentLike).where(*mine)):
        _count(Comment, comment.id, Comment.like_count, -1)
        record("comment.unliked", viewer.id, comment)


def _of(table: Any, entry: Entry, viewer: Viewer) -> tuple[Any, Any]:
    return table.entry_id == entry.id, table.person_id == viewer.id


def _gone(statement: Any) -> bool:
    return bool(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _count(table: Any, row_id: int, column: Any, step: int) -> None:
    """Change a count where it stands, so that two people at once are two."""
    db.session.execute(
        update(table)
        .where(table.id == row_id)
        .values({column: column + step})
        .execution_options(synchronize_session="fetch")
    )
