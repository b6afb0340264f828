"""Complaints and what moderators decide: hidden with a reason that the author reads, or kept; all on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.orm import aliased, joinedload

from app.activity import record
from app.content.models import Comment, Entry, Report
from app.content.text import clean
from app.database import alone_with, insert_once, now
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
THANKS = _l("Thank you, the moderators have it. If they agree, the text will disappear for everybody.")
PAGE = 20
REASON_LIMIT = 500


class Case(NamedTuple):
    """One thing that was reported, with all complaints about it."""

    entry: Entry
    comment: Comment | None
    reports: list[Report]

    @property
    def subject(self) -> Entry | Comment:
        """Return what the complaints are about."""
        return self.comment or self.entry


def report(viewer: Viewer, entry: Entry, comment: Comment | None, *, reason: str, text: str) -> None:
    """Tell the moderators about an entry or a comment; a second complaint of the same person changes nothing."""
    if reason not in REASONS:
        raise Refused(_("Choose what is wrong with it."), "reason")
    subject: Entry | Comment = comment or entry
    if subject.author_id == viewer.id:
        raise Refused(_("This is your own text: you can edit or delete it."))
    values = {"reason": reason, "text": clean(text)[:1000], "created_at": now(), "decision": ""}
    comment_id = comment.id if comment is not None else None
    if insert_once(Report, entry_id=entry.id, comment_id=comment_id, reporter_id=viewer.id, **values):
        record("report.made", viewer.id, subject)


def waiting() -> list[Case]:
    """Return what waits for a decision, the longest waiting first, each thing once."""
    found = db.session.scalars(_reports().where(Report.resolved_at.is_(None)).order_by(Report.id).limit(4 * PAGE))
    return _cases(found.all())[:PAGE]


def decided(before: int | None = None) -> tuple[Sequence[Report], int | None]:
    """Return decided complaints, the latest first, and the id before which older ones stand."""
    # First which, then what: joined at once, SQLite would begin with all entries there are.
    latest = select(Report.id).where(Report.resolved_at.is_not(None)).order_by(Report.id.desc()).limit(PAGE + 1)
    chosen = (latest.where(Report.id < before) if before else latest).subquery()
    found = db.session.scalars(_reports().join(chosen, chosen.c.id == Report.id).order_by(Report.id.desc())).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def count_open() -> Select[int]:
    """Select how much waits for a moderator."""
    return select(func.count(Report.id)).where(Report.resolved_at.is_(None))


def hide(viewer: Viewer, entry: Entry, comment: Comment | None, *, reason: str) -> None:
    """Hide an entry or a comment from everybody but its author, who reads the reason."""
    subject = _others(viewer, entry, comment)
    words = clean(reason)
    if len(words) < 5:
        raise Refused(_("Write the reason: the author will read it."), "reason")
    if len(words) > REASON_LIMIT:
        raise Refused(_("The reason is too long: %(n)d characters at most.", n=REASON_LIMIT), "reason")
    if subject.hidden_at is None:
        subject.hidden_at = now()
        subject.hidden_reason = words
        if comment is None:
            entry.pinned_at = None
        db.session.flush()
        _recount(entry, comment, -1)
        _log(viewer, "hidden", entry, comment, reason=words)
    _resolve(viewer, entry, comment, "hidden")


def keep(viewer: Viewer, entry: Entry, comment: Comment | None) -> None:
    """Decide that there is nothing wrong with it; what had been hidden is seen again."""
    subject = _others(viewer, entry, comment)
    resolved = _resolve(viewer, entry, comment, "kept")
    if subject.hidden_at is not None:
        subject.hidden_at = None
        subject.hidden_reason = ""
        db.session.flush()
        _recount(entry, comment, 1)
        _log(viewer, "shown", entry, comment)
    elif resolved:
        _log(viewer, "kept", entry, comment)


def reopen(viewer: Viewer, entry: Entry, comment: Comment | None) -> None:
    """Let a decided thing wait once more; it stays as it is until somebody decides anew."""
    newer = aliased(Report)
    waits = select(newer.id).where(
        newer.entry_id == entry.id,
        newer.comment_id.is_(None) if comment is None else newer.comment_id == comment.id,
        newer.resolved_at.is_(None),
    )
    last = select(func.max(Report.id)).where(*_about(entry, comment), Report.resolved_at.is_not(None)).scalar_subquery()
    done = db.session.execute(
        update(Report)
        # Said of the row itself as well: of two at once, PostgreSQL looks at the row anew, not at the subquery.
        .where(Report.id == last, Report.resolved_at.is_not(None), ~waits.exists())
        .values(resolved_at=None, resolved_by_id=None, decision="")
        .execution_options(synchronize_session=False)
    )
    if done.rowcount:  # type: ignore[attr-defined]
        _log(viewer, "reopened", entry, comment)


def _others(viewer: Viewer, entry: Entry, comment: Comment | None) -> Entry | Comment:
    """Return what is to be decided upon, by one moderator at a time; nobody is judge of his own text."""
    subject: Entry | Comment = comment or entry
    alone_with(subject)
    if subject.author_id == viewer.id:
        raise Refused(_("This is your own text: another moderator decides about it."))
    return subject


def _reports() -> Any:
    return select(Report).options(
        joinedload(Report.entry).joinedload(Entry.author),
        # Most complaints have no comment: joined inwards, SQLite would put all comments and their authors together first.
        joinedload(Report.comment).joinedload(Comment.author, innerjoin=False),
        joinedload(Report.reporter),
        joinedload(Report.resolved_by),
    )


def _cases(reports: Sequence[Report]) -> list[Case]:
    cases: dict[tuple[int, int | None], Case] = {}
    for one in reports:
        case = cases.setdefault((one.entry_id, one.comment_id), Case(one.entry, one.comment, []))
        case.reports.append(one)
    return list(cases.values())


def _about(entry: Entry, comment: Comment | None) -> tuple[Any, Any]:
    of_comment = Report.comment_id.is_(None) if comment is None else Report.comment_id == comment.id
    return Report.entry_id == entry.id, of_comment


def _resolve(viewer: Viewer, entry: Entry, comment: Comment | None, decision: str) -> bool:
    done = db.session.execute(
        update(Report)
        .where(and_(*_about(entry, comment)), Report.resolved_at.is_(None))
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
