"""What can be done with any entry, whatever its kind: `/posts/7/like`, and for later kinds the same under their nouns."""

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import hx
from app.content import cards, moderation, publishing, reactions
from app.content.models import Entry
from app.content.nouns import KINDS, address
from app.errors import Refused
from app.extensions import db
from app.people.permissions import Permission
from app.ui import dom_id

bp = Blueprint("content", __name__)

REACTIONS = {
    "like": lambda entry: reactions.react(current_user, entry, "like"),
    "unlike": lambda entry: reactions.unreact(current_user, entry, "like"),
    "thank": lambda entry: reactions.react(current_user, entry, "thanks"),
    "unthank": lambda entry: reactions.unreact(current_user, entry, "thanks"),
    "keep": lambda entry: reactions.keep(current_user, entry),
    "unkeep": lambda entry: reactions.unkeep(current_user, entry),
}


def find(noun: str, entry_id: int) -> Entry | None:
    """Return the entry of an address if the viewer sees it."""
    # Asked for as what it is, a course brings what only courses have; as an entry it would ask for that once more.
    kind = Entry.__mapper__.polymorphic_map[KINDS[noun]].class_
    of_id = kind.id == entry_id
    entry: Entry | None = db.session.scalar(kind.visible_to(current_user).where(of_id))
    if entry is None and current_user.can(Permission.MODERATE):
        entry = db.session.scalar(kind.under_moderation().where(of_id))
    return entry


def load(noun: str, entry_id: int) -> Entry:
    """Return the entry of an address, or answer 404; hidden, foreign and missing are one and the same."""
    return find(noun, entry_id) or abort(404)


@bp.post("/<noun:noun>/<int:entry_id>/<any(like, unlike, thank, unthank, keep, unkeep):verb>")
def react(noun: str, entry_id: int, verb: str) -> ResponseReturnValue:
    """Like, thank for or keep an entry, or take that back."""
    entry = load(noun, entry_id)
    REACTIONS[verb](entry)
    db.session.commit()
    if not hx.is_fragment():
        return hx.go(hx.back("feed.index") + f"#{dom_id(entry)}")
    row = cards.row_of(current_user, entry_id)
    return hx.fragment("content/_acts.html", card=row, marks=cards.marks_of(current_user, row))


@bp.get("/<noun:noun>/<int:entry_id>/reactions")
def reactions_list(noun: str, entry_id: int) -> ResponseReturnValue:
    """Show who thanked for an entry and who liked it: names, the latest first, no ranks."""
    entry = load(noun, entry_id)
    return hx.page("content/reactions.html", entry=entry, people=reactions.people_of(entry))


@bp.get("/<noun:noun>/<int:entry_id>/text")
def text(noun: str, entry_id: int) -> ResponseReturnValue:
    """Show the whole of a long text in its card; without htmx that is the entry's page."""
    entry = load(noun, entry_id)
    if not hx.is_fragment():
        return hx.go(address(entry.kind, entry.id))
    return hx.fragment("content/_text.html", entry=entry)


@bp.get("/<noun:noun>/<int:entry_id>/menu")
def menu(noun: str, entry_id: int) -> ResponseReturnValue:
    """Show what else can be done: opened in the card, or as a page of its own."""
    entry = load(noun, entry_id)
    rights = _rights(entry)
    if hx.is_fragment():
        return hx.fragment("content/_menu.html", entry=entry, rights=rights)
    return hx.page("content/menu.html", entry=entry, rights=rights)


@bp.post("/<noun:noun>/<int:entry_id>/delete")
def delete(noun: str, entry_id: int) -> ResponseReturnValue:
    """Delete one's own entry; what is left offers to bring it back."""
    entry = load(noun, entry_id)
    if not publishing.may_change(current_user, entry):
        abort(403)
    publishing.delete(current_user, entry)
    db.session.commit()
    if hx.is_fragment():
        return hx.fragment("content/_deleted.html", entry=entry)
    return hx.go(address(entry.kind, entry.id))


@bp.post("/<noun:noun>/<int:entry_id>/undelete")
def undelete(noun: str, entry_id: int) -> ResponseReturnValue:
    """Bring one's own entry back."""
    entry = db.session.scalar(Entry.deleted_by(current_user).where(Entry.id == entry_id, Entry.kind == KINDS[noun]))
    if entry is None:
        entry = load(noun, entry_id)
        if not publishing.may_change(current_user, entry):
            abort(403)
    publishing.undelete(current_user, entry)
    db.session.commit()
    return _card_or_back(entry)


@bp.post("/<noun:noun>/<int:entry_id>/<any(pin, unpin):verb>")
def pin(noun: str, entry_id: int, verb: str) -> ResponseReturnValue:
    """Keep an entry on top, or let it go."""
    entry = load(noun, entry_id)
    if not publishing.may_pin(current_user):
        abort(403)
    (publishing.pin if verb == "pin" else publishing.unpin)(current_user, entry)
    db.session.commit()
    return _card_or_back(entry)


@bp.get("/<noun:noun>/<int:entry_id>/report")
def report_form(noun: str, entry_id: int) -> ResponseReturnValue:
    """Ask what is wrong with an entry."""
    entry = load(noun, entry_id)
    return _report_page(entry, {}, "")


@bp.post("/<noun:noun>/<int:entry_id>/report")
def report(noun: str, entry_id: int) -> ResponseReturnValue:
    """Tell the moderators."""
    entry = load(noun, entry_id)
    typed = {"reason": request.form.get("reason", ""), "text": request.form.get("text", "")}
    try:
        moderation.report(current_user, entry, None, **typed)
    except Refused as refused:
        db.session.rollback()
        entry = load(noun, entry_id)
        return _report_page(entry, typed, str(refused), 422)
    db.session.commit()
    flash(moderation.THANKS, "good")
    return hx.go(hx.back("feed.index"))


def _report_page(entry: Entry, typed: dict[str, str], error: str, status: int = 200) -> ResponseReturnValue:
    shown = {"subject": entry, "entry": entry, "reasons": moderation.REASONS, "error": error, "typed": typed}
    return hx.page("content/report.html", status=status, **shown)


def _rights(entry: Entry) -> dict[str, bool]:
    return {
        "change": publishing.may_change(current_user, entry),
        "pin": publishing.may_pin(current_user),
        "report": entry.author_id != current_user.id,
        "moderate": current_user.can(Permission.MODERATE),
    }


def _card_or_back(entry: Entry) -> ResponseReturnValue:
    if hx.is_on(address(entry.kind, entry.id)):
        return hx.go(address(entry.kind, entry.id))
    if hx.is_fragment():
        return hx.fragment("content/_one_card.html", html=cards.card_of(current_user, entry.id))
    return hx.go(hx.back("feed.index") + f"#{dom_id(entry)}")
