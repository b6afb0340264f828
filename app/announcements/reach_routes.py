"""How far news comes: one announcement by city and store, the latest ones, stores over weeks, and how it is all computed."""

from typing import Any

from flask import Blueprint, abort, flash, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from app import hx
from app.announcements import explaining, lists, measures, reach, reach_overview, reminding
from app.announcements.reach_export import workbook
from app.content import cards
from app.content.audience import labels
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.people import directory
from app.people.permissions import Permission
from app.people.small_stores import FEWEST
from app.tables import XLSX

bp = Blueprint("announcement_reach", __name__, url_prefix="/announcements")


@bp.get("/reach")
@requires(Permission.SEE_REACH)
def index() -> ResponseReturnValue:
    """Show how the latest announcements have come through."""
    before = cards.Position.read(request.args.get("before"))
    rows, following = reach_overview.announcements(before)
    template = "announcements/_reach_rows.html" if hx.is_fragment() else "announcements/reach_index.html"
    return hx.page(template, rows=rows, following=following, first=before is None)


@bp.get("/reach/stores")
@requires(Permission.SEE_REACH)
def stores() -> ResponseReturnValue:
    """Show how news has reached each store over some weeks."""
    weeks = hx.asked_id("weeks")
    weeks = weeks if weeks in reach_overview.WEEKS else reach_overview.WEEKS[0]
    way, city_id, after = request.args.get("way", ""), hx.asked_id("city"), hx.asked_id("after")
    way = way if way in reach_overview.WAYS else ""
    found = reach_overview.ways(weeks)
    rows, following = reach_overview.page_of(found, way, city_id, after)
    asked = {"weeks": weeks, "way": way, "city": city_id}
    query = {name: value for name, value in asked.items() if value}
    if hx.is_fragment() and after is not None:
        return hx.fragment("announcements/_way_rows.html", rows=rows, following=following, query=query)
    template = "announcements/_ways.html" if hx.is_fragment() else "announcements/reach_stores.html"
    return hx.page(template, rows=rows, following=following, query=query, asked=asked, **reach_overview.around(found))


@bp.get("/how")
def how() -> ResponseReturnValue:
    """Explain every number of reach with an example that the very same code computes."""
    return hx.page("announcements/how.html", example=explaining.example(), fewest=FEWEST)


@bp.get("/<int:announcement_id>/reach")
@requires(Permission.SEE_REACH)
def show(announcement_id: int) -> ResponseReturnValue:
    """Show how far an announcement has come, as a whole and by store or city."""
    about = _about(announcement_id)
    picture, asked, after = reach.picture_of(about), _asked(), request.args.get("after", "")
    lines, following = reach.page_of(picture, asked, after) if picture else ([], None)
    values: dict[str, Any] = {"about": about, "lines": lines, "following": following, "asked": asked, "query": _query(asked)}
    if hx.is_fragment():
        return hx.fragment("announcements/_lines.html" if after else "announcements/_places.html", **values)
    return _page(picture, **values)


@bp.get("/<int:announcement_id>/reach/<int:store_id>")
@requires(Permission.SEE_REACH)
def store(announcement_id: int, store_id: int) -> ResponseReturnValue:
    """Show how far an announcement has come in one store, and whether that is a habit there."""
    about = _about(announcement_id)
    line = reach.line_of(reach.picture_of(about), store_id) or abort(404)
    lately = reach_overview.lately_in(store_id, announcement_id)
    briefed_at = reach.briefing_of(announcement_id, store_id)
    return hx.page(
        "announcements/reach_store.html",
        about=about,
        line=line,
        others=measures.others_first_hand(line.counts),
        lately=lately,
        briefed_at=briefed_at,
    )


@bp.get("/<int:announcement_id>/reach.xlsx")
@requires(Permission.SEE_REACH)
def export(announcement_id: int) -> ResponseReturnValue:
    """Answer the numbers by store as a workbook."""
    file = workbook(reach.picture_of(_about(announcement_id)))
    name = f"reach-{announcement_id}-{now().astimezone(current_user.zone):%Y-%m-%d}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)


@bp.post("/<int:announcement_id>/remind")
@requires(Permission.SEE_REACH)
def remind(announcement_id: int) -> ResponseReturnValue:
    """Remind whoever has not read it, at most once a day each."""
    if not reminding.may_remind(current_user):
        abort(403)
    announcement = lists.of_editor(announcement_id) or abort(404)
    try:
        people = reminding.remind(current_user, announcement)
    except Refused as refused:
        db.session.rollback()
        return _reminded(announcement_id, str(refused), "bad")
    db.session.commit()
    said = ngettext("%(num)d person will be reminded.", "%(num)d people will be reminded.", people)
    return _reminded(announcement_id, said, "good")


def _reminded(announcement_id: int, said: str, how: str) -> ResponseReturnValue:
    if not hx.is_fragment():
        flash(said, how)
        return hx.go(f"/announcements/{announcement_id}/reach")
    about = _about(announcement_id)
    given: dict[str, Any] = {
        "about": about,
        "reminders": reminding.reminders_of(announcement_id, about.audience),
        "may_remind": True,
        "said": said,
        "how": how,
    }
    return hx.fragment("announcements/_remind.html", status=200 if how == "good" else 422, **given)


def _about(announcement_id: int) -> reach.About:
    return reach.about(announcement_id) or abort(404)


def _asked() -> reach.Asked:
    view, sort = request.args.get("view", ""), request.args.get("sort", "")
    words = request.args.get("q", "").encode("utf-8", "replace").decode().replace("\0", "").strip()[:100]
    return reach.Asked(
        view=view if view in reach.VIEWS else "stores",
        sort=sort if sort in reach.SORTS else "name",
        city_id=hx.asked_id("city"),
        words=words,
        only_stuck=request.args.get("stuck") == "1",
    )


def _query(asked: reach.Asked) -> dict[str, Any]:
    values = {
        "view": asked.view if asked.view != "stores" else None,
        "sort": asked.sort if asked.sort != "name" else None,
        "city": asked.city_id,
        "q": asked.words,
        "stuck": 1 if asked.only_stuck else None,
    }
    return {name: value for name, value in values.items() if value}


def _page(picture: reach.Picture | None, about: reach.About, **values: Any) -> ResponseReturnValue:
    return hx.page(
        "announcements/reach.html",
        picture=picture,
        about=about,
        reminders=reminding.reminders_of(about.id, about.audience, picture.whole.counts.audience if picture else 0),
        may_remind=reminding.may_remind(current_user),
        audience=labels({about.audience})[about.audience],
        cities=directory.cities(),
        **values,
    )
