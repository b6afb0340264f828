"""Comments: read, said, answered, changed, taken back, liked, reported."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import hx
from app.content import comments, moderation, reactions
from app.content.drafts import draft_of, drop_draft
from app.content.entry_routes import load
from app.content.models import Comment, Entry
from app.content.nouns import address
from app.errors import Refused
from app.extensions import db
from app.people.permissions import Permission
from app.ui import dom_id, nonce

bp = Blueprint("comments", __name__)


@bp.get("/<noun:noun>/<int:entry_id>/comments")
def index(noun: str, entry_id: int) -> ResponseReturnValue:
    """Show the comments under an entry, opened in its card; without htmx that is the entry's page."""
    entry = load(noun, entry_id)
    before = request.args.get("before", type=int)
    if not hx.is_fragment():
        return hx.go(address(entry.kind, entry.id) + (f"?before={before}" if before else "") + "#comments")
    talk = comments.talk_under(current_user, entry.id, before)
    if before:
        return hx.fragment("content/_threads.html", entry=entry, talk=talk)
    return hx.fragment("content/_talk.html", entry=entry, talk=talk, form=blank_form(entry))


@bp.post("/<noun:noun>/<int:entry_id>/comments")
def create(noun: str, entry_id: int) -> ResponseReturnValue:
    """Say something under an entry; answered with the new comment alone and an empty form."""
    entry = load(noun, entry_id)
    parent_id = request.form.get("parent", type=int)
    typed = request.form.get("body", "")
    try:
        comment = comments.add_comment(
            current_user,
            entry,
            body=typed,
            parent_id=parent_id,
            picked=request.form.getlist("mention", type=int),
            nonce=request.form.get("nonce", "")[:40],
        )
    except Refused as refused:
        db.session.rollback()
        return _refused(entry, typed, parent_id, str(refused))
    drop_draft(current_user.id, f"{address(entry.kind, entry.id)}/comments")
    db.session.commit()
    if not hx.is_fragment():
        return hx.go(address(entry.kind, entry.id) + f"#comment-{comment.id}")
    return hx.fragment(
        "content/_said.html",
        entry=entry,
        row=comments.comment_row(current_user, comment.id),
        form=blank_form(entry, fresh=True),
    )


@bp.get("/comments/<int:comment_id>/reply")
def reply(comment_id: int) -> ResponseReturnValue:
    """Show the form for an answer under its comment; without htmx on the entry's page."""
    comment = _load(comment_id)
    entry = comment.entry
    if not hx.is_fragment():
        return hx.go(f"{address(entry.kind, entry.id)}?reply={comment.id}#reply-{comment.id}")
    return hx.fragment("content/_reply_form.html", entry=entry, comment=comment, form=blank_form(entry, fresh=True))


@bp.get("/comments/<int:comment_id>")
def show(comment_id: int) -> ResponseReturnValue:
    """Lead to a comment's place; as a fragment, the comment as it is."""
    comment = _load(comment_id)
    if hx.is_fragment():
        return _comment(comment)
    return hx.go(f"{address(comment.entry.kind, comment.entry_id)}#comment-{comment.id}")


@bp.get("/comments/<int:comment_id>/edit")
def edit(comment_id: int) -> ResponseReturnValue:
    """Show one's own comment in a form."""
    comment = _own(comment_id)
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
    return _comment(comment)


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
    return hx.page("content/reported.html", entry=comment.entry)


def blank_form(entry: Entry, fresh: bool = False) -> dict[str, str]:
    """Return what the comment form starts with: the kept draft, unless something was just said."""
    form = f"{address(entry.kind, entry.id)}/comments"
    kept = {} if fresh else draft_of(current_user.id, form)
    return {"body": (kept.get("body") or [""])[0], "nonce": nonce(), "error": ""}


def _load(comment_id: int) -> Comment:
    statement = comments.visible_comment(current_user).where(Comment.id == comment_id)
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


def _comment(comment: Comment) -> ResponseReturnValue:
    entry = comment.entry
    if not hx.is_fragment():
        return hx.go(f"{address(entry.kind, entry.id)}#comment-{comment.id}")
    return hx.fragment("content/_comment.html", entry=entry, row=comments.comment_row(current_user, comment.id))


def _refused(entry: Entry, typed: str, parent_id: int | None, error: str) -> ResponseReturnValue:
    form = {"body": typed, "nonce": nonce(), "error": error}
    if hx.is_fragment():
        answer = hx.fragment("content/_say_form.html", status=422, entry=entry, form=form, parent_id=parent_id)
        return hx.retarget(answer, f"#{dom_id(entry, f'say-{parent_id or 0}')}")
    talk = comments.talk_under(current_user, entry.id)
    return hx.page("content/comment_refused.html", status=422, entry=entry, form=form, talk=talk, parent_id=parent_id)


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
