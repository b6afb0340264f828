"""What people are told of: comments, answers, mentions, thanks and likes, complaints and decisions about them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from app.activity import Activity, happened, looked
from app.content.models import Comment, Entry, Mention
from app.content.nouns import address
from app.content.text import one_line
from app.extensions import db
from app.notifications.inbox import note_seen
from app.notifications.telling import tell, untell
from app.people.models import Person, RoleGrant
from app.people.permissions import GRANTED_ROLES, PERMISSIONS, Permission
from app.people.sessions import Viewer


def connect() -> None:
    """Begin to listen."""
    happened.connect(hear)
    looked.connect(note)


def note(viewer: Viewer, *, entry_id: int) -> None:
    """Take what is told of an entry for seen once the viewer looks at it."""
    note_seen(viewer, entry_id=entry_id)


def hear(activity: Activity, *, subject: Any) -> None:
    """Tell whom an act concerns."""
    noun, _, verb = activity.verb.partition(".")
    if noun == "comment":
        reaction = COMMENT_ACTS.get(verb)
        if reaction is not None:
            reaction(activity, subject)
    elif activity.verb == "report.made":
        _tell_moderators(activity, subject)
    elif isinstance(subject, Entry) and verb in ENTRY_ACTS:
        ENTRY_ACTS[verb](activity, subject)


def _commented(activity: Activity, comment: Comment) -> None:
    """Tell those who are named, then whom it answers, then the author; nobody hears of one comment twice."""
    entry = comment.entry
    told = _mentioned(activity, entry, comment)
    what: dict[str, Any] = {
        "entry": entry,
        "actor_id": activity.actor_id,
        "path": _path(comment),
        "words": one_line(comment.body),
    }
    if comment.parent_id is not None:
        parent = db.session.get_one(Comment, comment.parent_id)
        if parent.author_id not in told and parent.author_id != entry.author_id:
            tell("reply", [parent.author_id], group=f"reply:comment-{parent.id}", **what)
            told.add(parent.author_id)
    if entry.author_id not in told:
        tell("comment", [entry.author_id], group=f"comment:{entry.kind}-{entry.id}", **what)


def _comment_gone(activity: Activity, comment: Comment) -> None:
    """Take back what nobody has read, unless its author said more under the same thing."""
    others = select(Comment.id).where(
        Comment.entry_id == comment.entry_id,
        Comment.author_id == comment.author_id,
        Comment.id != comment.id,
        Comment.deleted_at.is_(None),
    )
    if db.session.scalar(others.limit(1)) is None:
        entry = comment.entry
        untell(f"comment:{entry.kind}-{entry.id}", comment.author_id)
        untell(f"mention:{entry.kind}-{entry.id}", comment.author_id)
        if comment.parent_id is not None:
            untell(f"reply:comment-{comment.parent_id}", comment.author_id)


def _comment_edited(activity: Activity, comment: Comment) -> None:
    _mentioned(activity, comment.entry, comment)


def _comment_liked(activity: Activity, comment: Comment) -> None:
    group = f"like:comment-{comment.id}"
    words = one_line(comment.body)
    tell(
        "like",
        [comment.author_id],
        group=group,
        path=_path(comment),
        entry=comment.entry,
        actor_id=activity.actor_id,
        words=words,
    )


def _comment_unliked(activity: Activity, comment: Comment) -> None:
    if activity.actor_id is not None:
        untell(f"like:comment-{comment.id}", activity.actor_id)


def _published(activity: Activity, entry: Entry) -> None:
    _mentioned(activity, entry, None)


def _reacted(kind: str) -> Any:
    def tell_author(activity: Activity, entry: Entry) -> None:
        group = f"{kind}:{entry.kind}-{entry.id}"
        path = address(entry.kind, entry.id)
        words = one_line(entry.body)
        tell(kind, [entry.author_id], group=group, path=path, entry=entry, actor_id=activity.actor_id, words=words)

    return tell_author


def _unreacted(kind: str) -> Any:
    def take_back(activity: Activity, entry: Entry) -> None:
        if activity.actor_id is not None:
            untell(f"{kind}:{entry.kind}-{entry.id}", activity.actor_id)

    return take_back


def _decided(activity: Activity, subject: Entry | Comment) -> None:
    """Tell the author that a moderator hid a text of his, or let it be seen again; not by whom."""
    entry = subject if isinstance(subject, Entry) else subject.entry
    path = address(entry.kind, entry.id) if isinstance(subject, Entry) else _path(subject)
    group = f"moderation:{subject.__tablename__}-{subject.id}"
    tell("moderation", [subject.author_id], group=group, path=path, entry=entry, words=one_line(subject.body))


def _tell_moderators(activity: Activity, subject: Entry | Comment) -> None:
    """Tell those who may decide; that a complaint waits, not who made it."""
    roles = [role for role in GRANTED_ROLES if Permission.MODERATE in PERMISSIONS[role]]
    moderators = db.session.scalars(
        select(RoleGrant.person_id).join(Person, Person.id == RoleGrant.person_id).where(RoleGrant.role.in_(roles))
    )
    tell("report", set(moderators) - {subject.author_id, activity.actor_id}, group="report", path="/moderation")


def _mentioned(activity: Activity, entry: Entry, comment: Comment | None) -> set[int]:
    """Tell everybody whom the text names for the first time; return them."""
    comment_id = comment.id if comment is not None else None
    db.session.flush()
    untold = (Mention.entry_id == entry.id, Mention.comment_id == comment_id, Mention.told_at.is_(None))
    named = set(db.session.scalars(select(Mention.person_id).where(*untold)))
    subject: Entry | Comment = comment or entry
    tell(
        "mention",
        named,
        group=f"mention:{entry.kind}-{entry.id}",
        path=_path(comment) if comment is not None else address(entry.kind, entry.id),
        entry=entry,
        actor_id=activity.actor_id,
        words=one_line(subject.body),
    )
    db.session.execute(update(Mention).where(*untold).values(told_at=activity.at))
    return named


def _path(comment: Comment) -> str:
    """Return the address that leads to a comment wherever it stands by then."""
    return f"/comments/{comment.id}"


COMMENT_ACTS = {
    "added": _commented,
    "edited": _comment_edited,
    "deleted": _comment_gone,
    "liked": _comment_liked,
    "unliked": _comment_unliked,
    "hidden": _decided,
    "shown": _decided,
}
ENTRY_ACTS = {
    "published": _published,
    "edited": _published,
    "liked": _reacted("like"),
    "unliked": _unreacted("like"),
    "thanked": _reacted("thanks"),
    "unthanked": _unreacted("thanks"),
    "hidden": _decided,
    "shown": _decided,
}
