"""The moderators' page: what was reported, what was decided, and the decisions."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import hx
from app.content import comments, moderation
from app.content.models import Comment, Entry
from app.content.nouns import KINDS
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.people.permissions import Permission

bp = Blueprint("moderation", __name__)
ACTS: dict[str, Callable[..., None]] = {"hide": moderation.hide, "approve": moderation.keep, "reopen": moderation.reopen}


@bp.get("/moderation")
@requires(Permission.MODERATE)
def index() -> ResponseReturnValue:
    """Show what waits for a decision."""
    cases = moderation.waiting()
    return hx.page("content/moderation.html", cases=cases, reasons=moderation.REASONS)


@bp.get("/moderation/history")
@requires(Permission.MODERATE)
def history() -> ResponseReturnValue:
    """Show what was decided, by whom and when."""
    reports, older = moderation.decided(hx.asked_id("before"))
    return hx.page("content/moderation_history.html", reports=reports, older=older, reasons=moderation.REASONS)


@bp.get("/<noun:noun>/<int:entry_id>/hide")
@requires(Permission.MODERATE)
def hide_entry(noun: str, entry_id: int) -> ResponseReturnValue:
    """Ask why an entry is to be hidden."""
    return hx.page("content/hide.html", case=moderation.Case(_entry(noun, entry_id), None, []), error="", typed="")


@bp.get("/comments/<int:comment_id>/hide")
@requires(Permission.MODERATE)
def hide_comment(comment_id: int) -> ResponseReturnValue:
    """Ask why a comment is to be hidden."""
    comment = _comment(comment_id)
    return hx.page("content/hide.html", case=moderation.Case(comment.entry, comment, []), error="", typed="")


@bp.post("/<noun:noun>/<int:entry_id>/<any(hide, approve, reopen):verb>")
@requires(Permission.MODERATE)
def decide_entry(noun: str, entry_id: int, verb: str) -> ResponseReturnValue:
    """Hide an entry, find nothing wrong with it, or let it wait once more."""
    return _decide(_entry(noun, entry_id), None, verb)


@bp.post("/comments/<int:comment_id>/<any(hide, approve, reopen):verb>")
@requires(Permission.MODERATE)
def decide_comment(comment_id: int, verb: str) -> ResponseReturnValue:
    """Hide a comment, find nothing wrong with it, or let it wait once more."""
    comment = _comment(comment_id)
    return _decide(comment.entry, comment, verb)


def _entry(noun: str, entry_id: int) -> Entry:
    """Return an entry that the moderator sees or that was reported; all else is not there for him either."""
    of_id = (Entry.id == entry_id, Entry.kind == KINDS[noun])
    for statement in (Entry.visible_to(current_user), Entry.under_moderation()):
        entry = db.session.scalar(statement.where(*of_id))
        if entry is not None:
            return entry
    abort(404)


def _comment(comment_id: int) -> Comment:
    for statement in (comments.visible_comment(current_user), Comment.under_moderation()):
        comment = db.session.scalar(statement.where(Comment.id == comment_id, Comment.deleted_at.is_(None)))
        if isinstance(comment, Comment):
            return comment
    abort(404)


def _decide(entry: Entry, comment: Comment | None, verb: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    words: dict[str, Any] = {"reason": reason} if verb == "hide" else {}
    try:
        ACTS[verb](current_user, entry, comment, **words)
    except Refused as refused:
        db.session.rollback()
        case = moderation.Case(entry, comment, [])
        return hx.page("content/hide.html", status=422, case=case, error=str(refused), typed=reason)
    db.session.commit()
    return hx.go(hx.back("moderation.index"))
