"""The readers' pages: what was sent to them, one announcement, what they missed; and the acts of reading."""

from typing import Any, cast

from flask import Blueprint, Response, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from app import hx
from app.announcements import files, joining, lists, reading, receipts, waiting
from app.announcements.models import Announcement, Receipt
from app.announcements.writing import with_passage
from app.content import cards, talk
from app.content.comment_routes import blank_form
from app.content.entry_routes import load
from app.content.models import Entry
from app.errors import Refused
from app.extensions import db
from app.media import media

bp = Blueprint("announcements", __name__, url_prefix="/announcements")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show what was sent to the viewer: first what he is to confirm."""
    before = cards.Position.read(request.args.get("before"))
    if before is None and not hx.is_fragment():
        joining.catch_up(current_user.itself)
    page = lists.of_reader(current_user, before)
    if hx.is_fragment():
        return hx.fragment("announcements/_rows.html", page=page)
    asked = waiting.of(current_user) if before is None else []
    return hx.page("announcements/index.html", page=page, waiting=asked, first=before is None)


@bp.get("/missed")
def missed() -> ResponseReturnValue:
    """Show what still holds and the viewer has not read: the shortest path through it."""
    joining.look(current_user.itself)
    left = waiting.of(current_user, limit=waiting.MOST, unread=True)
    return hx.page("announcements/missed.html", left=left[: waiting.FIRST], all=waiting.left_of(left))


@bp.get("/<int:announcement_id>")
def show(announcement_id: int) -> ResponseReturnValue:
    """Show an announcement to its readers, and what is asked of them at its end."""
    found = reading.opened(current_user.itself, announcement_id)
    if found is None:
        return _gone(announcement_id)
    return _page(*found[:2], found.row)


@bp.post("/<int:announcement_id>/read")
def read(announcement_id: int) -> ResponseReturnValue:
    """Note that the viewer has read it: by the page's clock where it says how long, else by his own word."""
    announcement = _load(announcement_id)
    seconds = request.form.get("seconds", "")
    try:
        if seconds:
            known = int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 6 else 0
            reading.read_by_clock(current_user, announcement, known, request.form.get("mark", "")[:200])
        else:
            reading.read(current_user, announcement)
    except Refused as refused:
        return _refused(announcement_id, refused)
    # The clock interrupts nobody: the focus stays where it is.
    return _done(announcement, acted=not seconds)


@bp.post("/<int:announcement_id>/confirm")
def confirm(announcement_id: int) -> ResponseReturnValue:
    """Note that the viewer knows what it says."""
    announcement = _load(announcement_id)
    try:
        reading.confirm(current_user, announcement)
    except Refused as refused:
        return _refused(announcement_id, refused)
    return _done(announcement)


@bp.post("/<int:announcement_id>/answer")
def answer(announcement_id: int) -> ResponseReturnValue:
    """Take an answer to the check question; a wrong one leads back to the passage."""
    announcement = _load(announcement_id)
    chosen = request.form.get("answer", "")
    try:
        right = reading.answer(current_user, announcement, int(chosen) if chosen in {"0", "1", "2", "3", "4"} else -1)
    except Refused as refused:
        return _refused(announcement_id, refused)
    db.session.commit()
    if hx.is_fragment():
        return _asked(announcement, acted=True, wrong=not right)
    if not right:
        flash(_("That is not it. The place that says it is marked: read it once more and answer again."), "care")
    return hx.go(f"/announcements/{announcement_id}" + ("#asked" if right else "#passage"))


@bp.get("/<int:announcement_id>/files/<int:file_id>")
def file(announcement_id: int, file_id: int) -> ResponseReturnValue:
    """Answer a file to whoever may open its announcement: to be kept, never to be run in the portal's name."""
    found = files.visible_file(current_user, announcement_id, file_id) or abort(404)
    try:
        data = media().open(found.key)
    except FileNotFoundError:
        abort(404)
    answer = Response(data, content_type=found.content_type, direct_passthrough=True)
    answer.headers.set("Content-Disposition", "attachment", filename=found.name)
    answer.headers["Content-Length"] = str(found.size)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _load(announcement_id: int) -> Announcement:
    return cast(Announcement, load("announcements", announcement_id))


def _gone(announcement_id: int) -> ResponseReturnValue:
    """Show to its author what he deleted, and to moderators what was reported; to everybody else nothing."""
    deleted = db.session.scalar(Entry.deleted_by(current_user).where(Entry.id == announcement_id))
    if deleted is not None and deleted.published_at is not None:
        return hx.page("feed/deleted.html", entry=deleted)
    announcement = _load(announcement_id)
    return _page(announcement, None, cards.row_of(current_user, announcement.id, whole=True))


def _page(announcement: Announcement, receipt: Receipt | None, row: Any) -> ResponseReturnValue:
    panel = _panel(announcement, receipt)
    return hx.page("announcements/show.html", **panel, **_around(announcement, receipt, row))


def _around(announcement: Announcement, receipt: Receipt | None, row: Any) -> dict[str, Any]:
    """Return the announcement's card, with the passage of its question marked, and what is said under it."""
    band = waiting.band_of(announcement, receipt)
    card = cards.whole(current_user, row, (), {announcement.id: band} if band is not None else {})
    place = talk.Place.read(request.args)
    return {
        "entry": announcement,
        "row": row,
        # A card is markup, and stays so with a mark in it.
        "card": Markup(with_passage(str(card), announcement.passage)),  # noqa: S704
        "talk": talk.talk_under(current_user, announcement.id, place),
        "form": blank_form(announcement),
        "reply_to": place.reply,
        "reply_form": blank_form(announcement, place.reply) if place.reply else None,
    }


def _panel(announcement: Announcement, receipt: Receipt | None) -> dict[str, Any]:
    """Return what stands at the end of an announcement: how far the viewer is, and what is asked of him next."""
    return {
        "announcement": announcement,
        "receipt": receipt,
        "state": reading.state_of(receipt) if receipt is not None else None,
        "needed": reading.seconds_needed(announcement),
        "mark": reading.mark(current_user, announcement),
        "following": waiting.after(current_user, announcement.id),
    }


def _asked(announcement: Announcement, status: int = 200, **more: Any) -> ResponseReturnValue:
    """Answer the panel as it stands after an act."""
    receipt = receipts.receipt_of(announcement.id, current_user.id)
    more |= {"band": waiting.band_of(announcement, receipt)}
    return hx.fragment("announcements/_panel.html", status=status, **more, **_panel(announcement, receipt))


def _done(announcement: Announcement, acted: bool = True) -> ResponseReturnValue:
    db.session.commit()
    if hx.is_fragment():
        return _asked(announcement, acted=acted)
    return hx.go(f"/announcements/{announcement.id}#asked")


def _refused(announcement_id: int, refused: Refused) -> ResponseReturnValue:
    db.session.rollback()
    announcement = _load(announcement_id)
    if hx.is_fragment():
        return _asked(announcement, 422, error=str(refused))
    flash(str(refused), "bad")
    return hx.go(f"/announcements/{announcement_id}#asked")
