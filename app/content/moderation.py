"""Complaints and what moderators decide: hidden with a reason that the author reads, or kept; all on record."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from app.activity import record
from app.content.models import Comment, Entry, Report
from app.content.text import clean
from app.database import insert_once, now
from app.errors import Refused
from app.extensions import db
from app.people.models import log_change
from app.people.sessions import Viewer

REASONS = {
    "rude": _l("Rude or hurtful"),
    "private": _l("Somebody's personal data"),
    "false": _l("Not true"),
    "spam": _l("Advertising or off topic"),
    "other": _l("Something else"),
}
PAGE = 30


def report(viewer: Viewer, entry: Entry, comment: Comment | None, *, reason: str, text: str) -> None:
    """Tell the moderators about an entry or a comment; a second complaint of the same person changes nothing."""
    if reason not in REASONS:
        raise Refused(_("Choose what is wrong with it."), "reason")
    subject: Entry | Comment = comment or entry
    if subject.author_id == viewer.id:
        raise Refused(_("This is your own text: you can edit or delete it."))
    comment_id = comment.id if comment is not None else None
    known = select(Report.id).where(
        Report.reporter_id == viewer.id,
        Report.entry_id == entry.id,
        Report.comment_id.is_(None) if comment_id is None else Report.comment_id == comment_id,
        Report.resolved_at.is_(None),
    )
    if db.session.scalar(known) is None and insert_once(
        Report,
        entry_id=entry.id,
        comment_id=comment_id,
        reporter_id=viewer.id,
        reason=reason,
        text=clean(text)[:1000],
        created_at=now(),
        decision="",
    ):
        record("report.made", viewer.id, subject)


def open_reports(before: int | None = None) -> Any:
    """Select complaints that wait for a decision, the oldest first."""
    return _reports().where(Report.resolved_at.is_(None)).order_by(Report.id).limit(PAGE)


def decided_reports(before: int | None = None) -> Any:
    """Select decided complaints, the latest first: the history."""
    statement = _reports().where(Report.resolved_at.is_not(None)).order_by(Report.id.desc()).limit(PAGE + 1)
    return statement.where(Report.id < before) if before else statement


def count_open() -> int:
    """Count what waits for a moderator."""
    return int(db.session.scalar(select(func.count(Report.id)).where(Report.resolved_at.is_(None))) or 0)


def hide(viewer: Viewer, entry: Entry, comment: Comment | None, *, reason: str) -> None:
    """Hide an entry or a comment from everybody but its author, who reads the reason."""
    words = clean(reason)[:500]
    if len(words) < 5:
        raise Refused(_("Write the reason: the author will read it."), "reason")
    subject: Entry | Comment = comment or entry
    if subject.hidden_at is None:
        subject.hidden_at = now()
        subject.hidden_reason = words
        db.session.flush()
        _recount(entry, comment, -1)
        _log(viewer, "hidden", entry, comment, reason=words)
    _resolve(viewer, entry, comment, "hidden")


def show(viewer: Viewer, entry: Entry, comment: Comment | None) -> None:
    """Let everybody see again what had been hidden."""
    subject: Entry | Comment = comment or entry
    if subject.hidden_at is not None:
        subject.hidden_at = None
        subject.hidden_reason = ""
        db.session.flush()
        _recount(entry, comment, 1)
        _log(viewer, "shown", entry, comment)


def keep(viewer: Viewer, entry: Entry, comment: Comment | None) -> None:
    """Decide that there is nothing wrong with it."""
    if _resolve(viewer, entry, comment, "kept"):
        _log(viewer, "kept", entry, comment)


def _reports() -> Any:
    return select(Report).options(
        joinedload(Report.entry).joinedload(Entry.author),
        joinedload(Report.comment).joinedload(Comment.author),
        joinedload(Report.reporter),
    )


def _resolve(viewer: Viewer, entry: Entry, comment: Comment | None, decision: str) -> bool:
    of_comment = Report.comment_id.is_(None) if comment is None else Report.comment_id == comment.id
    done = db.session.execute(
        update(Report)
        .where(Report.entry_id == entry.id, of_comment, Report.resolved_at.is_(None))
        .values(resolved_at=now(), resolved_by_id=viewer.id, decision=decision)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _recount(entry: Entry, comment: Comment | None, step: int) -> None:
    counted = comment is not None and comment.deleted_at is None
    db.session.execute(
        update(Entry)
        .where(Entry.id == entry.id)
        .values(comment_count=Entry.comment_count + (step if counted else 0), version=Entry.version + 1)
        .execution_options(synchronize_session="fetch")
    )


def _log(viewer: Viewer, verb: str, entry: Entry, comment: Comment | None, **details: str) -> None:
    subject: Entry | Comment = comment or entry
    kind = "comment" if comment is not None else "entry"
    record(f"{kind}.{verb}", viewer.id, subject)
    log_change(f"{kind}.{verb}", subject, actor_id=viewer.id, name=subject.body[:80], kind=kind, **details)
