"""The team's learning for directors, the numbers for HR and editors, and one person's learning with its log."""

from typing import Any

from flask import Blueprint, abort, flash, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.content import cards
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.learning import assign_due, assign_lists, assign_numbers, assigning, certificate_lists, certificates, team
from app.people import directory
from app.people.permissions import Permission
from app.tables import XLSX

bp = Blueprint("learning_team", __name__, url_prefix="/assignments")


@bp.get("/team")
@requires(Permission.LEAD_STORE)
def index() -> ResponseReturnValue:
    """Show a director where everybody of the own team stands, whoever is late first."""
    after = hx.asked_id("after")
    rows, following = team.members(current_user, after)
    template = "assignments/_members.html" if hx.is_fragment() else "assignments/team.html"
    pressing = certificate_lists.pressing([one.id for one in rows], current_user.today)
    return hx.page(template, rows=rows, following=following, first=after is None, pressing=pressing)


@bp.get("/numbers")
@requires(Permission.TEACH)
def numbers() -> ResponseReturnValue:
    """Show how far people have come, by store, by city or by what was assigned."""
    view, assignment_id, city_id = _asked()
    found = assign_numbers.lines(view, assignment_id, city_id)
    rows, following = assign_numbers.page_of(found, request.args.get("after", ""))
    query = {name: value for name, value in (("view", view), ("assignment", assignment_id), ("city", city_id)) if value}
    values: dict[str, Any] = {
        "rows": rows,
        "following": following,
        "view": view,
        "query": query,
        "total": assign_numbers.total(found),
    }
    if hx.is_fragment():
        return hx.fragment("assignments/_numbers.html", **values)
    about = db.session.get(assign_lists.Assignment, assignment_id) if assignment_id is not None else None
    return hx.page("assignments/numbers.html", about=about, city_id=city_id, cities=directory.cities(), **values)


@bp.get("/numbers.xlsx")
@requires(Permission.TEACH)
def export() -> ResponseReturnValue:
    """Answer the same numbers as a workbook."""
    view, assignment_id, city_id = _asked()
    file = assign_numbers.workbook(view, assign_numbers.lines(view, assignment_id, city_id))
    name = f"learning-{view}-{now().astimezone(current_user.zone):%Y-%m-%d}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)


@bp.get("/people/<int:person_id>")
def person(person_id: int) -> ResponseReturnValue:
    """Show one person's learning to himself, to the director of his store, and to HR."""
    who = team.learner(current_user, person_id) or abort(404)
    opened, over = assign_lists.of_person(person_id, cards.Position.read(request.args.get("before")))
    if hx.is_fragment():
        return hx.fragment("assignments/_over.html", page=over, person_id=person_id)
    return hx.page(
        "assignments/person.html",
        person=who,
        rows=opened,
        page=over,
        person_id=person_id,
        courses=assign_lists.completed_courses(person_id),
        paths=assign_due.completed_paths(who),
        certificates=certificates.of_person(person_id),
        may_nudge=current_user.id != person_id,
    )


@bp.get("/rows/<int:row_id>")
def row(row_id: int) -> ResponseReturnValue:
    """Show one person's assignment with everything that became of it."""
    found = assigning.row_of(current_user, row_id) or abort(404)
    events, following = assign_lists.events(row_id=row_id, before=hx.asked_id("before"))
    values: dict[str, Any] = {"rows": events, "following": following, "older": f"/assignments/rows/{row_id}"}
    if hx.is_fragment():
        return hx.fragment("assignments/_events.html", **values)
    nudges = assigning.may_nudge(current_user, found)
    return hx.page("assignments/row.html", row=found, person=found.person, may_nudge=nudges, **values)


@bp.post("/rows/<int:row_id>/nudge")
def nudge(row_id: int) -> ResponseReturnValue:
    """Remind somebody by hand, once a day at most."""
    found = assigning.row_of(current_user, row_id) or abort(404)
    if not assigning.may_nudge(current_user, found):
        abort(403)
    name, words, how = found.person.name, "", "good"
    try:
        assigning.nudge(current_user, found)
        words = _("%(name)s will be reminded.", name=name)
    except Refused as refused:
        db.session.rollback()
        words, how = str(refused), "bad"
    db.session.commit()
    if hx.is_fragment():
        return hx.fragment("assignments/_nudged.html", status=200 if how == "good" else 422, said=words, how=how)
    flash(words, how)
    return hx.go(hx.back("learning_team.row", row_id=row_id))


def _asked() -> tuple[str, int | None, int | None]:
    view = request.args.get("view", "stores")
    if view not in assign_numbers.VIEWS:
        abort(404)
    return view, hx.asked_id("assignment"), hx.asked_id("city")
