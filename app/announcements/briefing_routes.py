"""The director's pages: what the own team still has to read, and the briefing."""

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.announcements import briefing
from app.announcements.forms import BriefingForm
from app.content import cards
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.people.permissions import Permission

bp = Blueprint("announcement_store", __name__, url_prefix="/announcements")


@bp.get("/store")
@requires(Permission.LEAD_STORE)
def team() -> ResponseReturnValue:
    """Show a director what the own team still has to read."""
    before = cards.Position.read(request.args.get("before"))
    rows, following = briefing.ordinary(current_user, before)
    if hx.is_fragment():
        return hx.fragment("announcements/_ordinary_rows.html", rows=rows, following=following)
    asked, more = briefing.to_confirm(current_user) if before is None else ([], False)
    return hx.page("announcements/team.html", asked=asked, more=more, rows=rows, following=following, first=before is None)


@bp.get("/<int:announcement_id>/briefing")
@requires(Permission.LEAD_STORE)
def edit(announcement_id: int) -> ResponseReturnValue:
    """Show who is to be ticked as having been there."""
    told = briefing.told(current_user, announcement_id) or abort(404)
    return hx.page("announcements/briefing.html", told=told, there=told.there, form=BriefingForm(None))


@bp.post("/<int:announcement_id>/briefing")
@requires(Permission.LEAD_STORE)
def update(announcement_id: int) -> ResponseReturnValue:
    """Note who was there; on the same day it can be corrected."""
    told = briefing.told(current_user, announcement_id) or abort(404)
    form = BriefingForm()
    try:
        if form.validate_on_submit():
            done = briefing.brief(current_user, announcement_id, form.people.data)
            db.session.commit()
            flash(_("The briefing is noted.") if done else _("Nothing was changed."), "good")
            return hx.go("/announcements/store")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    there = frozenset(form.people.data)
    return hx.page("announcements/briefing.html", status=422, told=told, there=there, form=form)
