"""The editors' pages: the desk, the form, the preview, versions; and what becomes of an announcement."""

from datetime import datetime
from types import SimpleNamespace

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from markupsafe import Markup

from app import hx
from app.announcements import appearing, comparing, editing, lists, writing
from app.announcements.channels import channels
from app.announcements.forms import AnnouncementForm, moment
from app.announcements.models import Announcement
from app.content import cards
from app.content.drafts import draft_of, drop_draft
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.guard import CSP, requires
from app.people.permissions import Permission

bp = Blueprint("announcement_desk", __name__, url_prefix="/announcements")

FATES = {
    "archive": writing.archive,
    "unarchive": writing.unarchive,
    "discard": writing.discard,
    "unschedule": appearing.unschedule,
}


@bp.get("/desk")
@requires(Permission.ANNOUNCE)
def desk() -> ResponseReturnValue:
    """Show the drafts, what is scheduled, what is out, and the archive."""
    shelf = request.args.get("shelf", "published")
    if shelf not in lists.SHELVES:
        abort(404)
    page = lists.shelf(shelf, cards.Position.read(request.args.get("before")))
    template = "announcements/_desk_rows.html" if hx.is_fragment() else "announcements/desk.html"
    return hx.page(template, page=page, shelf=shelf)


@bp.get("/new")
@requires(Permission.ANNOUNCE)
def new() -> ResponseReturnValue:
    """Show the form, with what was typed before and not sent."""
    kept = draft_of(current_user.id, "/announcements")
    return _form(AnnouncementForm.blank(kept, None, current_user.zone), None, from_draft=bool(kept))


@bp.get("/channels")
@requires(Permission.ANNOUNCE)
def count() -> ResponseReturnValue:
    """Answer how many people in how many stores an audience reaches, and by which channels."""
    try:
        reach = channels([key for key in request.args.getlist("audience") if key])
    except ValueError:
        abort(400)
    return hx.fragment("announcements/_channels.html", reach=reach)


@bp.post("")
@requires(Permission.ANNOUNCE)
def create() -> ResponseReturnValue:
    """Keep a new draft, and preview, schedule or publish it where that is wished."""
    return _take(AnnouncementForm(), None)


@bp.get("/<int:announcement_id>/edit")
@requires(Permission.ANNOUNCE)
def edit(announcement_id: int) -> ResponseReturnValue:
    """Show an announcement in the form."""
    announcement = load(announcement_id)
    kept = draft_of(current_user.id, f"/announcements/{announcement_id}")
    return _form(AnnouncementForm.blank(kept, announcement, current_user.zone), announcement, from_draft=bool(kept))


@bp.post("/<int:announcement_id>")
@requires(Permission.ANNOUNCE)
def update(announcement_id: int) -> ResponseReturnValue:
    """Take over what the form says: of a draft, or as a new version of what is out."""
    load(announcement_id)
    db.session.rollback()
    return _take(AnnouncementForm(), announcement_id)


@bp.get("/<int:announcement_id>/preview")
@requires(Permission.ANNOUNCE)
def preview(announcement_id: int) -> ResponseReturnValue:
    """Show how a seller will see it, on a phone and on the store's computer."""
    announcement = load(announcement_id)
    much = editing.overloaded(announcement)
    return hx.page("announcements/preview.html", announcement=announcement, much=much)


@bp.get("/<int:announcement_id>/preview/page")
@requires(Permission.ANNOUNCE)
def preview_page(announcement_id: int) -> ResponseReturnValue:
    """Show the page itself, as it stands in the frames of the preview."""
    announcement = load(announcement_id)
    row = cards.row_of(current_user, announcement_id, whole=True)
    seen = SimpleNamespace(**{**row._mapping, "published_at": row.published_at or now()})
    card = cards.whole(current_user, seen, ())
    answer = hx.page("announcements/preview_page.html", announcement=announcement, card=card)
    answer.headers["Content-Security-Policy"] = CSP.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@bp.post("/<int:announcement_id>/publish")
@requires(Permission.ANNOUNCE)
def publish(announcement_id: int) -> ResponseReturnValue:
    """Let a draft appear now, from its preview; the number of people who get too much must be known."""
    announcement = load(announcement_id)
    much = editing.overloaded(announcement)
    if much and request.form.get("aware") != str(much):
        return hx.page("announcements/preview.html", status=422, announcement=announcement, much=much)
    appearing.publish(current_user, announcement)
    db.session.commit()
    return _out(announcement)


@bp.post("/<int:announcement_id>/<any(archive, unarchive, discard, unschedule):fate>")
@requires(Permission.ANNOUNCE)
def decide(announcement_id: int, fate: str) -> ResponseReturnValue:
    """Archive it or bring it back, throw a draft away, take it off the schedule."""
    announcement = load(announcement_id)
    try:
        FATES[fate](current_user, announcement)
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "bad")
        return hx.go("/announcements/desk")
    db.session.commit()
    if fate == "discard":
        back = Markup('{} <button class="link" form="act" formaction="/announcements/{}/restore">{}</button>')
        flash(back.format(_("The draft is thrown away."), announcement_id, _("Fetch it back")), "good")
        return hx.go("/announcements/desk?shelf=drafts")
    return hx.go(hx.back("announcement_desk.desk"))


@bp.post("/<int:announcement_id>/restore")
@requires(Permission.ANNOUNCE)
def restore(announcement_id: int) -> ResponseReturnValue:
    """Fetch a draft back that was thrown away."""
    writing.restore(current_user, lists.thrown_away(announcement_id) or abort(404))
    db.session.commit()
    return hx.go(f"/announcements/{announcement_id}/edit")


@bp.get("/<int:announcement_id>/versions")
def versions(announcement_id: int) -> ResponseReturnValue:
    """Show what a version changed, to readers too."""
    announcement = editing.for_versions(current_user, announcement_id) or abort(404)
    number = hx.asked_id("number") or announcement.edition
    known = {version.number: version for version in announcement.versions}
    chosen, former = known.get(number) or abort(404), known.get(number - 1)
    changes = comparing.compare(former.body, chosen.body) if former is not None else []
    return hx.page(
        "announcements/versions.html", announcement=announcement, chosen=chosen, former=former, changes=changes, known=known
    )


def load(announcement_id: int) -> Announcement:
    """Return an announcement as editors handle it, or 404."""
    return lists.of_editor(announcement_id) or abort(404)


def _take(form: AnnouncementForm, announcement_id: int | None) -> ResponseReturnValue:
    """Take the form in: photos and files first, which stay whatever becomes of the rest."""
    editing.take_uploads(current_user, form)
    db.session.commit()
    announcement = load(announcement_id) if announcement_id is not None else None
    if "count" in request.form:
        return _form(form, announcement)
    if not form.is_whole:
        return _form(form, announcement, status=422)
    try:
        return _act(form, announcement, announcement_id)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _form(form, load(announcement_id) if announcement_id is not None else None, status=422)


def _act(form: AnnouncementForm, announcement: Announcement | None, announcement_id: int | None) -> ResponseReturnValue:
    act, address, taken = request.form.get("act", "draft"), "/announcements", False
    content = form.content(current_user.zone)
    editing.check_audience(current_user, form, announcement)
    if announcement is not None:
        address = f"/announcements/{announcement_id}"
        taken = editing.was_taken(form, announcement, content)
    if announcement is not None and announcement.published_at is not None:
        if not taken:
            writing.renew(current_user, announcement, content, ask_again=form.ask_again.data)
        drop_draft(current_user.id, address)
        db.session.commit()
        return _out(announcement)
    if announcement is None:
        announcement = writing.draft(current_user, content, (form.nonce.data or "")[:40])
    else:
        writing.change_draft(current_user, announcement, content)
    drop_draft(current_user.id, address)
    if act == "publish":
        return _publish(form, announcement)
    if act == "draft":
        appearing.unschedule(current_user, announcement)
    db.session.commit()
    if act == "preview":
        return hx.go(f"/announcements/{announcement.id}/preview")
    flash(_("The draft is kept."), "good")
    return hx.go("/announcements/desk?shelf=drafts")


def _publish(form: AnnouncementForm, announcement: Announcement) -> ResponseReturnValue:
    at: datetime | None = None
    if form.when.data == "at":
        at = moment(form.publish_at, current_user.zone)
        if at is None:
            raise Refused(_("Say when it is to appear."), "publish_at")
    much = editing.overloaded(announcement, at)
    if much and form.aware.data != str(much):
        form.aware.data = str(much)
        raise Refused(editing.too_much(much))
    if at is not None:
        appearing.schedule(current_user, announcement, at)
        db.session.commit()
        flash(_("It will appear by itself at its time."), "good")
        return hx.go("/announcements/desk?shelf=scheduled")
    appearing.publish(current_user, announcement)
    db.session.commit()
    return _out(announcement)


def _out(announcement: Announcement) -> ResponseReturnValue:
    people = lists.audience_size(announcement)
    flash(ngettext("It is out: for %(num)d person.", "It is out: for %(num)d people.", people), "good")
    return hx.go(f"/announcements/{announcement.id}")


def _form(
    form: AnnouncementForm, announcement: Announcement | None, *, status: int = 200, from_draft: bool = False
) -> ResponseReturnValue:
    template = "announcements/_form.html" if hx.is_fragment() else "announcements/edit.html"
    around = editing.surroundings(current_user, form, announcement)
    return hx.page(template, status=status, from_draft=from_draft, **around)
