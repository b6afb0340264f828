"""The log of changes: who changed what and when, filtered, and as a workbook."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import hx
from app.admin.log_export import workbook
from app.database import now
from app.guard import requires
from app.people import directory, log
from app.people.permissions import Permission
from app.tables import XLSX

bp = Blueprint("log", __name__)
FILTERS = ("q", "kind", "verb", "since", "until")


@bp.get("/admin/log")
@requires(Permission.READ_LOG)
def index() -> ResponseReturnValue:
    """Show the log, newest first, or what of it is asked for."""
    query = {name: request.args[name][:100] for name in FILTERS if request.args.get(name)}
    before = hx.asked_id("before")
    found = log.lines(_asked(), before)
    shown = found[: log.PAGE]
    template = "admin/log.html"
    if hx.is_fragment():
        template = "admin/_log.html" if before is None else "admin/_changes.html"
    return hx.page(
        template,
        changes=shown,
        following=shown[-1].id if len(found) > log.PAGE else None,
        query=query,
        first=before is None,
        verbs=log.verb_choices(),
        kinds=log.KINDS,
    )


@bp.get("/admin/log.xlsx")
@requires(Permission.READ_LOG)
def export() -> ResponseReturnValue:
    """Answer what is asked for as a workbook."""
    file = workbook(log.every_line(_asked()))
    name = f"log-{now().astimezone(current_user.zone):%Y-%m-%d}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)


def _asked() -> log.Asked:
    since, until = _day("since"), _day("until")
    kind, verb = request.args.get("kind", ""), request.args.get("verb", "")
    return log.Asked(
        kind=kind if kind in log.KINDS else "",
        verb=verb if verb in log.VERBS else "",
        people=directory.ids_named(request.args["q"]) if request.args.get("q", "").strip() else None,
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
    )


def _day(name: str) -> date | None:
    """Return the day of a filter, None for what is no day of any log."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), current_user.zone)
