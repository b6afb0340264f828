"""Small answers that forms and pages ask for: photos, whom an audience reaches, names after "@", drafts."""

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from app import hx
from app.content import audience, bookmarks
from app.content.drafts import drafts_of, drop_draft, form_of, save_draft
from app.content.mentions import mentionable
from app.content.photos import file_key, visible_photo
from app.extensions import db
from app.media import media
from app.people.sessions import SignIn, hash_token

bp = Blueprint("content_helpers", __name__)


@bp.get("/photos/<name>-<int:width>.webp")
def photo(name: str, width: int) -> ResponseReturnValue:
    """Answer a variant of a photo to whoever sees its entry; on a terminal only what everybody may see is kept there."""
    found = visible_photo(current_user, name)
    if found is None or width not in found.widths:
        abort(404)
    try:
        data = media().get(file_key(found.key, width))
    except FileNotFoundError:
        abort(404)
    answer = Response(data, content_type="image/webp")
    if found.is_public or current_user.terminal_id is None:
        answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    else:
        answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = "inline"
    return answer


@bp.get("/audience/reach")
def reach() -> ResponseReturnValue:
    """Say how many people in how many stores the chosen keys reach."""
    keys = [key for key in request.args.getlist("audience") if key][:500]
    try:
        found = audience.reach(keys)
    except ValueError:
        abort(400)
    return hx.fragment("content/_reach.html", reach=found)


@bp.get("/mentions")
def mentions() -> ResponseReturnValue:
    """Offer people whose name begins with what stands after the "@"."""
    people = mentionable(current_user, request.args.get("q", "")[:80])
    return hx.fragment("content/_mentions.html", people=people)


@bp.get("/bookmarks")
def kept() -> ResponseReturnValue:
    """Show what the viewer keeps for later."""
    page = bookmarks.page_of(current_user, request.args.get("before"))
    template = "content/_more.html" if hx.is_fragment() else "content/bookmarks.html"
    return hx.page(template, page=page, older="/bookmarks")


@bp.get("/drafts")
def drafts() -> ResponseReturnValue:
    """Show what the viewer has typed and not sent, with the way back to each form."""
    return hx.page("content/drafts.html", drafts=drafts_of(current_user.id))


@bp.post("/drafts")
def save() -> ResponseReturnValue:
    """Keep what is typed in a form until it is sent."""
    if not save_draft(current_user.id, request.form.get("form", ""), request.form.to_dict(flat=False)):
        abort(400)
    db.session.commit()
    return hx.nothing()


@bp.post("/drafts/drop")
def drop() -> ResponseReturnValue:
    """Throw a draft away."""
    drop_draft(current_user.id, request.form.get("form", ""))
    db.session.commit()
    return hx.go(hx.back("feed.index"))


def keep_unsent(token: str, path: str) -> bool:
    """Keep the text of a form whose session ran out while it was written, for its author's next sign-in.

    Only what ran out by itself: whoever signed out, was dismissed or replaced has no forms to send.
    """
    fields = request.form.to_dict(flat=False)
    person_id = db.session.scalar(
        select(SignIn.person_id).where(
            SignIn.token_hash == hash_token(token), SignIn.end_cause.in_(("", "idle", "replaced"))
        )
    )
    if person_id is None or not request.form.get("body"):
        db.session.rollback()
        return False
    kept = save_draft(person_id, form_of(path, fields), fields)
    db.session.commit()
    current_app.logger.info("kept an unsent text for person %s", person_id)
    return kept
