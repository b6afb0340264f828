"""Plain posts: listed, written, shown, changed. What holds for every kind of entry is in app.content."""

from flask import Blueprint, Response, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.activity import looked
from app.content import cards, composer, mentions, publishing, talk, topics
from app.content.comment_routes import blank_form
from app.content.drafts import draft_of, drop_draft
from app.content.entry_routes import find, load
from app.content.models import Entry
from app.errors import Refused
from app.extensions import db
from app.feed.forms import PostForm
from app.feed.models import Post
from app.forms import tidy
from app.ui import dom_id

bp = Blueprint("posts", __name__, url_prefix="/posts")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show all posts, or those of one topic."""
    slug = request.args.get("topic")
    topic = (topics.by_slug(slug) or abort(404)) if slug else None
    before = cards.Position.read(request.args.get("before"))
    page = topics.page_of(current_user, topic, before) if topic else cards.stream_of(current_user, before)
    older = f"/posts?topic={topic.slug}" if topic else "/posts"
    if hx.is_fragment():
        return hx.fragment("content/_more.html", page=page, older=older)
    return hx.page("feed/list.html", page=page, older=older, topic=topic, topics=topics.offered())


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show the composer, with what was typed before and not sent."""
    draft = draft_of(current_user.id, "/posts")
    form = PostForm.blank(draft)
    return _form(form, from_draft=bool(draft))


@bp.post("")
def create() -> ResponseReturnValue:
    """Publish a post."""
    form = PostForm()
    composer.take_photos(current_user, form)
    db.session.commit()
    if "count" in request.form:
        return _form(form)
    if form.has_errors or not form.validate_on_submit():
        return _form(form, status=422)
    try:
        composer.check_audience(current_user, form, None)
        post = publishing.publish(current_user, Post(), nonce=tidy(form.nonce.data)[:40], **form.content)
    except Refused as refused:
        return _refused(form, refused, None)
    return _sent(form, post, "/posts", f"/#{dom_id(post)}")


@bp.get("/<int:post_id>")
def show(post_id: int) -> ResponseReturnValue:
    """Show a post with its comments; its author finds a deleted one here, with the way back."""
    looked.send(current_user.itself, entry_id=post_id)
    post = find("posts", post_id)
    if post is None:
        deleted = db.session.scalar(Entry.deleted_by(current_user).where(Entry.id == post_id)) or abort(404)
        return hx.page("feed/deleted.html", entry=deleted)
    row = cards.row_of(current_user, post_id, whole=True)
    place, form = talk.Place.read(request.args), blank_form(post)
    return hx.page(
        "feed/show.html",
        entry=post,
        row=row,
        card=cards.whole(current_user, row, post.topics),
        talk=talk.talk_under(current_user, post_id, place),
        form=form,
        reply_to=place.reply,
        reply_form=blank_form(post, place.reply) if place.reply else form,
    )


@bp.get("/<int:post_id>/edit")
def edit(post_id: int) -> ResponseReturnValue:
    """Show one's own post in the composer."""
    post = _own(post_id)
    draft = draft_of(current_user.id, f"/posts/{post_id}")
    return _form(PostForm.blank(draft, post), post, from_draft=bool(draft))


@bp.post("/<int:post_id>")
def update(post_id: int) -> ResponseReturnValue:
    """Take over the changes of one's own post."""
    form = PostForm()
    _own(post_id)
    db.session.rollback()
    composer.take_photos(current_user, form)
    db.session.commit()
    post = _own(post_id)
    if "count" in request.form:
        return _form(form, post)
    if form.has_errors or not form.validate_on_submit():
        return _form(form, post, status=422)
    try:
        composer.check_audience(current_user, form, post)
        publishing.change(current_user, post, dropped=form.dropped.data, **form.content)
    except Refused as refused:
        return _refused(form, refused, post_id)
    return _sent(form, post, f"/posts/{post_id}", f"/posts/{post_id}")


@bp.post("/photos")
def photos() -> ResponseReturnValue:
    """Keep photos for a post that is still being written, and show them as the form does."""
    taken, wrong = composer.keep_photos(current_user, request.files.getlist("photos"))
    db.session.commit()
    if wrong or not taken:
        return Response(" ".join(wrong) or _("The photo is empty. Choose it once more."), 422, mimetype="text/plain")
    return hx.fragment("content/_tiles.html", standing=taken)


def _own(post_id: int) -> Entry:
    post = load("posts", post_id)
    if not publishing.may_change(current_user, post):
        abort(403)
    return post


def _form(form: PostForm, post: Entry | None = None, *, status: int = 200, from_draft: bool = False) -> ResponseReturnValue:
    template = "feed/_form.html" if hx.is_fragment() else "feed/edit.html"
    around = composer.surroundings(current_user, form, post)
    return hx.page(template, status=status, from_draft=from_draft, **around)


def _refused(form: PostForm, refused: Refused, post_id: int | None) -> ResponseReturnValue:
    """Show the form once more with what is wrong; nothing of the refused act stays, the photos do."""
    db.session.rollback()
    form.refuse(refused)
    return _form(form, _own(post_id) if post_id is not None else None, status=422)


def _sent(form: PostForm, post: Entry, address: str, then: str) -> ResponseReturnValue:
    drop_draft(current_user.id, address)
    hint = mentions.unreached(current_user, post, post.body, form.mention.data)
    db.session.commit()
    if hint:
        flash(hint, "care")
    return hx.go(then)
