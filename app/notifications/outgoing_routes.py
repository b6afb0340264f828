"""The administrator's view of letters and pushes."""

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx, mail
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.notifications import choices, outgoing
from app.people.permissions import Permission

bp = Blueprint("outgoing", __name__)


@bp.get("/admin/outgoing")
@requires(Permission.SEE_PORTAL)
def index() -> ResponseReturnValue:
    """Show what waits, what failed, and offer a try."""
    return hx.page("notifications/outgoing.html", queue=outgoing.queue(), set_up=mail.is_set_up())


@bp.post("/admin/outgoing/try")
@requires(Permission.SEE_PORTAL)
def try_mail() -> ResponseReturnValue:
    """Send the administrator a letter."""
    address = choices.address_of(current_user.id)
    if not mail.is_set_up():
        raise Refused(_("No mail server is set up: RITM_MAIL_URL is empty."))
    if not address:
        raise Refused(_("You have no e-mail address on the portal. Add one on your page, then try again."))
    outgoing.try_mail(address)
    db.session.commit()
    flash(_("A letter is on its way to %(address)s.", address=address), "good")
    return hx.go("/admin/outgoing")
