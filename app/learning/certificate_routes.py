"""Pages of certificates: one's own, everybody's for directors, editors and HR, one of them, its sheet."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.content import cards
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.learning import (
    assign_numbers,
    certificate_figures,
    certificate_lists,
    certificate_rounds,
    certificate_sheet,
    certificates,
)
from app.learning.certificate_forms import WhyForm
from app.learning.certificate_models import Certificate
from app.people import directory
from app.people.permissions import Permission
from app.people.resets import portal_address
from app.tables import XLSX

bp = Blueprint("certificates", __name__, url_prefix="/certificates")
MAY_LIST = (*certificates.MAY_ALL, Permission.LEAD_STORE)


@bp.get("")
def index() -> ResponseReturnValue:
    """Show somebody's own certificates, and what is to be renewed before the rest."""
    rows = certificates.of_person(current_user.id)
    return hx.page("certificates/index.html", rows=rows, renewals=certificate_rounds.to_renew(current_user))


@bp.get("/all")
@requires(*MAY_LIST)
def listed() -> ResponseReturnValue:
    """Show the certificates of the own store, or everybody's to editors and HR."""
    asked = _asked()
    page = certificate_lists.page(current_user, asked, cards.Position.read(request.args.get("before")))
    if hx.is_fragment():
        return hx.fragment("certificates/_rows.html", page=page, asked=asked)
    around: dict[str, Any] = {"courses": certificate_lists.courses(current_user), "cities": [], "stores": []}
    if certificates.sees_all(current_user):
        around |= {"cities": directory.cities(), "stores": directory.stores_in(asked.city_id)}
    return hx.page("certificates/all.html", page=page, asked=asked, sees_all=certificates.sees_all(current_user), **around)


@bp.get("/all.xlsx")
@requires(*MAY_LIST)
def export() -> ResponseReturnValue:
    """Answer the same certificates as a workbook."""
    file = certificate_lists.workbook(current_user, _asked())
    name = f"certificates-{now().astimezone(current_user.zone):%Y-%m-%d}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)


@bp.get("/numbers")
@requires(*certificates.MAY_ALL)
def numbers() -> ResponseReturnValue:
    """Show how many certificates hold, end soon and have run out, by store, by city or by course."""
    view, course_id = _viewed()
    found = certificate_figures.lines(view, current_user.today, course_id)
    rows, following = assign_numbers.page_of(found, request.args.get("after", ""))
    query = {name: value for name, value in (("view", view), ("course", course_id)) if value}
    values: dict[str, Any] = {"rows": rows, "following": following, "view": view, "query": query}
    if hx.is_fragment():
        return hx.fragment("certificates/_numbers.html", **values)
    around: dict[str, Any] = {"courses": certificate_lists.courses(current_user), "course_id": course_id}
    return hx.page("certificates/numbers.html", total=certificate_figures.total(found), **around, **values)


@bp.get("/numbers.xlsx")
@requires(*certificates.MAY_ALL)
def export_numbers() -> ResponseReturnValue:
    """Answer the same numbers as a workbook."""
    view, course_id = _viewed()
    file = certificate_figures.workbook(view, certificate_figures.lines(view, current_user.today, course_id))
    name = f"certificates-{view}-{now().astimezone(current_user.zone):%Y-%m-%d}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)


@bp.get("/<int:certificate_id>")
def show(certificate_id: int) -> ResponseReturnValue:
    """Show a certificate: what it says, whether it holds, and what came before and after it."""
    return _page(_load(certificate_id), WhyForm(formdata=None))


@bp.get("/<int:certificate_id>/sheet.pdf")
def sheet(certificate_id: int) -> ResponseReturnValue:
    """Answer the sheet to keep and to print."""
    certificate = _load(certificate_id)
    if certificate.revoked_at is not None:
        # What was taken back is not handed out any more.
        abort(404)
    answer = Response(certificate_sheet.sheet(certificate, portal_address()), mimetype=certificate_sheet.PDF)
    answer.headers["Content-Disposition"] = f'attachment; filename="{certificate_sheet.file_name(certificate)}"'
    return answer


@bp.post("/<int:certificate_id>/revoke")
@requires(*certificates.MAY_ALL)
def revoke(certificate_id: int) -> ResponseReturnValue:
    """Take a certificate back, with the cause."""
    certificate, form = _load(certificate_id), WhyForm()
    if not form.validate_on_submit():
        return _page(certificate, form, 422)
    try:
        done = certificates.revoke(current_user, certificate, form.why.data or "")
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(_load(certificate_id), form, 422)
    db.session.commit()
    flash(
        _("Taken back; the holder is told.") if done else _("Somebody has taken it back already."),
        "good" if done else "care",
    )
    return hx.go(f"/certificates/{certificate_id}")


@bp.post("/<int:certificate_id>/restore")
@requires(*certificates.MAY_ALL)
def restore(certificate_id: int) -> ResponseReturnValue:
    """Give back what was taken by mistake."""
    if certificates.restore(current_user, _load(certificate_id)):
        flash(_("Given back; the holder is told."), "good")
    db.session.commit()
    return hx.go(f"/certificates/{certificate_id}")


def _asked() -> certificate_lists.Asked:
    state = request.args.get("state", "")
    known = state in certificates.State._value2member_map_
    return certificate_lists.Asked(state if known else "", hx.asked_id("course"), hx.asked_id("city"), hx.asked_id("store"))


def _viewed() -> tuple[str, int | None]:
    view = request.args.get("view", "stores")
    if view not in certificate_figures.VIEWS:
        abort(404)
    return view, hx.asked_id("course")


def _load(certificate_id: int) -> Certificate:
    return certificates.shown(current_user, certificate_id) or abort(404)


def _page(certificate: Certificate, form: WhyForm, status: int = 200) -> ResponseReturnValue:
    answered: ResponseReturnValue = hx.page(
        "certificates/show.html",
        status=status,
        certificate=certificate,
        others=certificates.others(certificate),
        form=form,
        sees_all=certificates.sees_all(current_user),
        is_own=certificate.person_id == current_user.id,
        address=f"{portal_address()}/verify/{certificate_sheet.grouped(certificate.number)}",
    )
    return answered
