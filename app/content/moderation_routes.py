"""The moderators' page: what was reported, what was decided, and the decisions."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import hx
from app.content import moderation
from app.content.models import Comment, Entry
from app.content.nouns import KINDS
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.people.permissions import Permission

bp = Blueprint("moderation", __name__)
ACTS = {"show": moderation.show, "approve": moderation.keep}


@bp.get("/moderation")
@requires(Permission.MODERATE)
def index() -> ResponseReturnValue:
    """Show what waits for a decision."""
    reports = db.session.scalars(moderation.open_reports()).all()
    return hx.page("content/moderation.html", reports=reports, reasons=moderation.REASONS)


@bp.get("/moderation/history")
@requires(Permission.MODERATE)
def history() -> ResponseReturnValue:
    """Show what was decided, by whom and when."""
    found = db.session.scalars(moderation.decided_reports(request.args.get("before", type=int))).all()
    shown = found[: moderation.PAGE]
    older = shown[-1].id if len(found) > moderation.PAGE else None
    return hx.page("content/moderation_history.html", reports=shown, older=older, reasons=moderation.REASONS)


@bp.post("/<noun:noun>/<int:entry_id>/<any(hide, show, approve):verb>")
@requires(Permission.MODERATE)
def decide_entry(noun: str, entry_id: int, verb: str) -> ResponseReturnValue:
    """Hide an entry, show it again, or find nothing wrong with it."""
    of_id = (Entry.id == entry_id, Entry.kind == KINDS[noun])
    entry = db.session.scalar(Entry.visible_to(current_user).where(*of_id)) or db.session.scalar(
        Entry.under_moderation().where(*of_id)
    )
    return _decide(entry or abort(404), None, verb)


@bp.post("/comments/<int:comment_id>/<any(hide, show, approve):verb>")
@requires(Permission.MODERATE)
def decide_comment(comment_id: int, verb: str) -> ResponseReturnValue:
    """Hide a comment, show it again, or find nothing wrong with it."""
    comment = db.session.scalar(Comment.under_moderation().where(Comment.id == comment_id)) or abort(404)
    return _decide(comment.entry, comment, verb)


def _decide(entry: Entry, comment: Comment | None, verb: str) -> ResponseReturnValue:
    try:
        if verb == "hide":
            moderation.hide(current_user, entry, comment, reason=request.form.get("reason", ""))
        else:
            ACTS[verb](current_user, entry, comment)
    except Refused as refused:
        db.session.rollback()
        reports = db.session.scalars(moderation.open_reports()).all()
        return hx.page(
            "content/moderation.html", status=422, reports=reports, reasons=moderation.REASONS, error=str(refused)
        )
    db.session.commit()
    return hx.go(hx.back("moderation.index"))
