"""Comments: read, said, answered, changed, taken back, liked, reported."""

from typing import Any

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import hx
from app.activity import looked
from app.content import comments, mentions, moderation, reactions, talk
from app.content.comment_cards import drawn
from app.content.drafts import draft_of, drop_draft, form_of
from app.content.entry_routes import load
from app.content.models import Comment, Entry
from app.content.nouns import address
from app.errors import Refused
from app.extensions import db
from app.forms import tidy
from app.people.permissions import Permission
from app.ui import dom_id, nonce

bp = Blueprint("comments", __name__)


@bp.get("/<noun:noun>/<int:entry_id>/comments")
def index(noun: str, entry_id: int) -> ResponseReturnValue:
    """Show the comments under an entry, opened in its card; without htmx that is the entry's page."""
    if hx.is_fragment():
        looked.send(current_user.itself, entry_id=entry_id)
    entry = load(noun, entry_id)
    if not hx.is_fragment():
        query = request.query_string.decode("ascii", "ignore")
        return hx.go(address(entry.kind, entry.id) + (f"?{query}" if query else "") + "#comments")
    place = talk.Place.read(request.args)
    found = talk.talk_under(current_user, entry.id, place)
    if place.before or place.after:
        # Swapped in for the link that asked: the link back to where one comes from would stand in the middle.
        found.later, found.earlier = (None, found.earlier) if place.before else (found.later, None)
        return hx.fragment("content/_threads.html", entry=entry, talk=found)
    return hx.fragment("content/_talk.html", entry=entry, talk=found, form=blank_form(entry))


@bp.post("/<noun:noun>/<int:entry_id>/comments")
def create(noun: str, entry_id: int) -> ResponseReturnValue:
    """Say something under an entry; answered with the new comment alone and an empty form."""
    entry = load(noun, entry_id)
    typed = _typed()
    try:
        comment = comments.add_comment(current_user, entry, **typed, nonce=tidy(request.form.get("nonce"))[:40])
    except Refused as refused:
        db.session.rollback()
        return _refused(load(noun, entry_id), typed, str(refused))
    drop_draft(current_user.id, form_of(request.path, {"parent": [str(typed["parent_id"] or "")]}))
    hint = mentions.unreached(current_user, entry, comment.body, typed["picked"])
    db.session.commit()
    if not hx.is_fragment():
        if hint:
            flash(hint, "care")
        return hx.go(comment_address(comment))
    row = talk.comment_row(current_user, comment.id)
    (card,) = drawn(current_user, [row], said=row.parent_id is not None)
    return hx.fragment("content/_said.html", entry=entry, row=row, card=card, form=blank_form(entry), hint=hint)


@bp.get("/comments/<int:comment_id>/reply")
def reply(comment_id: int) -> ResponseReturnValue:
    """Show the form for an answer under its comment; without htmx on the entry's page."""
    comment = _load(comment_id)
    entry = comment.entry
    thread_id = comment.parent_id or comment.id
    if not hx.is_fragment():
        return hx.go(f"{address(entry.kind, entry.id)}?reply={thread_id}#{dom_id(entry, f'say-{thread_id}')}")
    form = blank_form(entry, thread_id)
    return hx.fragment("content/_say_form.html", entry=entry, parent_id=thread_id, form=form)


@bp.get("/comments/<int:comment_id>/replies")
def replies(comment_id: int) -> ResponseReturnValue:
    """Show the earlier answers of a thread; without htmx on a page of its own."""
    top = _load(comment_id, deleted=True)
    if top.parent_id is not None:
        abort(404)
    thread = talk.replies_before(current_user, top, talk.Place.read(request.args).before)
    template = "content/_replies.html" if hx.is_fragment() else "content/thread.html"
    return hx.page(template, entry=top.entry, thread=thread)


@bp.get("/comments/<int:comment_id>")
def show(comment_id: int) -> ResponseReturnValue:
    """Lead to a comment's place; as a fragment, the comment as it is."""
    comment = _load(comment_id)
    if hx.is_fragment():
        return _comment(comment)
    return hx.go(comment_address(comment))


@bp.get("/comments/<int:comment_id>/edit")
def edit(comment_id: int) -> ResponseReturnValue:
    """Show one's own comment in a form."""
    comment = _own(comment_id)
    if comment.deleted_at is not None:
        abort(404)
    show_form = hx.fragment if hx.is_fragment() else hx.page
    template = "content/_comment_form.html" if hx.is_fragment() else "content/comment_edit.html"
    return show_form(template, comment=comment, body=comment.body, error="")


@bp.post("/comments/<int:comment_id>")
def update(comment_id: int) -> ResponseReturnValue:
    """Take over the new wording of one's own comment."""
    comment = _own(comment_id)
    typed = request.form.get("body", "")
    try:
        comments.change_comment(current_user, comment, body=typed, picked=request.form.getlist("mention", type=int))
    except Refused as refused:
        db.session.rollback()
        template = "content/_comment_form.html" if hx.is_fragment() else "content/comment_edit.html"
        return hx.page(template, status=422, comment=_own(comment_id), body=typed, error=str(refused))
    db.session.commit()
    return _comment(comment)


@bp.post("/comments/<int:comment_id>/<any(delete, undelete):verb>")
def delete(comment_id: int, verb: str) -> ResponseReturnValue:
    """Take one's own comment away, or bring it back."""
    comment = _own(comment_id)
    (comments.delete_comment if verb == "delete" else comments.undelete_comment)(current_user, comment)
    db.session.commit()
    return _comment(comment, "content/_changed.html")


@bp.post("/comments/<int:comment_id>/<any(like, unlike):verb>")
def like(comment_id: int, verb: str) -> ResponseReturnValue:
    """Like a comment, or take that back."""
    comment = _load(comment_id)
    (reactions.like_comment if verb == "like" else reactions.unlike_comment)(current_user, comment)
    db.session.commit()
    return _comment(comment)


@bp.get("/comments/<int:comment_id>/report")
def report_form(comment_id: int) -> ResponseReturnValue:
    """Ask what is wrong with a comment."""
    comment = _load(comment_id)
    return _report_page(comment, {}, "")


@bp.post("/comments/<int:comment_id>/report")
def report(comment_id: int) -> ResponseReturnValue:
    """Tell the moderators about a comment."""
    comment = _load(comment_id)
    typed = {"reason": request.form.get("reason", ""), "text": request.form.get("text", "")}
    try:
        moderation.report(current_user, comment.entry, comment, **typed)
    except Refused as refused:
        db.session.rollback()
        return _report_page(_load(comment_id), typed, str(refused), 422)
    db.session.commit()
    flash(moderation.THANKS, "good")
    return hx.go(comment_address(comment))


def blank_form(entry: Entry, parent_id: int | None = None) -> dict[str, str]:
    """Return what the form under an entry, or under a comment of it, starts with: the kept draft."""
    path = f"{address(entry.kind, entry.id)}/comments"
    kept = draft_of(current_user.id, form_of(path, {"parent": [str(parent_id or "")]}))
    return {"body": (kept.get("body") or [""])[0], "nonce": nonce(), "error": ""}


def comment_address(comment: Comment) -> str:
    """Return the address that leads to a comment, on whichever page of a long talk it stands."""
    place = f"comment-{comment.id}"
    return f"{address(comment.entry.kind, comment.entry_id)}?comment={comment.id}#{place}"


def _typed() -> dict[str, Any]:
    return {
        "body": request.form.get("body", ""),
        "parent_id": request.form.get("parent", type=int),
        "picked": request.form.getlist("mention", type=int),
    }


def _load(comment_id: int, deleted: bool = False) -> Comment:
    statement = comments.visible_comment(current_user, deleted).where(Comment.id == comment_id)
    comment = db.session.scalar(statement)
    if comment is None and current_user.can(Permission.MODERATE):
        comment = db.session.scalar(Comment.under_moderation().where(Comment.id == comment_id))
    if comment is None:
        abort(404)
    return comment


def _own(comment_id: int) -> Comment:
    comment = _load(comment_id)
    if comment.author_id != current_user.id or comment.hidden_at is not None:
        abort(403)
    return comment


def _comment(comment: Comment, template: str = "content/_one_card.html") -> ResponseReturnValue:
    if not hx.is_fragment():
        return hx.go(comment_address(comment))
    row = talk.comment_row(current_user, comment.id)
    (card,) = drawn(current_user, [row])
    return hx.fragment(template, entry=comment.entry, html=card, card=card)


def _refused(entry: Entry, typed: dict[str, Any], error: str) -> ResponseReturnValue:
    form = {"body": typed["body"], "nonce": nonce(), "error": error}
    template = "content/_say_form.html" if hx.is_fragment() else "content/comment_refused.html"
    return hx.page(template, status=422, entry=entry, form=form, parent_id=typed["parent_id"])


def _report_page(comment: Comment, typed: dict[str, str], error: str, status: int = 200) -> ResponseReturnValue:
    return hx.page(
        "content/report.html",
        status=status,
        subject=comment,
        entry=comment.entry,
        reasons=moderation.REASONS,
        error=error,
        typed=typed,
    )
