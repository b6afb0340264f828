"""Looking after terminals: where they stand, when they were last used, codes for new ones, taking them out of service."""

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.extensions import db
from app.guard import requires
from app.people import terminals
from app.people.access_forms import TerminalNameForm
from app.people.codes import grouped
from app.people.models import Store
from app.people.permissions import Permission
from app.people.resets import portal_address
from app.people.sessions import Terminal

bp = Blueprint("terminals", __name__)


@bp.get("/admin/terminals")
@requires(Permission.ENROL_TERMINAL)
def index() -> ResponseReturnValue:
    """List the terminals that the viewer looks after, and the codes that are open."""
    return hx.page(
        "terminal/index.html",
        terminals=db.session.scalars(terminals.in_reach(current_user)).all(),
        stores=db.session.scalars(terminals.stores_in_reach(current_user)).all(),
        codes=db.session.scalars(terminals.codes_in_reach(current_user)).all(),
        here=terminals.terminal_here(),
        grouped=grouped,
        portal_address=portal_address(),
    )


@bp.post("/admin/terminals/codes")
@requires(Permission.ENROL_TERMINAL)
def issue() -> ResponseReturnValue:
    """Make a code for a store."""
    mine = terminals.stores_in_reach(current_user).where(Store.id == _number(request.form.get("store", "")))
    store = db.session.scalar(mine) or abort(404)
    terminals.issue_code(current_user, store)
    db.session.commit()
    return hx.go("/admin/terminals")


@bp.post("/admin/terminals/<int:terminal_id>")
@requires(Permission.ENROL_TERMINAL)
def rename(terminal_id: int) -> ResponseReturnValue:
    """Give a terminal a name."""
    terminal, form = _mine(terminal_id), TerminalNameForm()
    if not form.validate_on_submit():
        flash(_("A name has at most 80 letters."), "bad")
    else:
        terminals.rename(current_user, terminal, form.name.data)
        db.session.commit()
    return hx.go("/admin/terminals")


@bp.post("/admin/terminals/<int:terminal_id>/revoke")
@requires(Permission.ENROL_TERMINAL)
def revoke(terminal_id: int) -> ResponseReturnValue:
    """Take a terminal out of service."""
    terminals.revoke(current_user, _mine(terminal_id))
    db.session.commit()
    flash(_("The terminal is out of service. To use it again, enrol it with a new code."))
    return hx.go("/admin/terminals")


def _mine(terminal_id: int) -> Terminal:
    found: Terminal | None = db.session.scalar(terminals.in_reach(current_user).where(Terminal.id == terminal_id))
    return found or abort(404)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
