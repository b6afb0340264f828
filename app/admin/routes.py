"""The administrator's home: who holds which role, how the portal is doing, and the way to everything else."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app import hx
from app.admin import health
from app.guard import requires
from app.people import roles
from app.people.permissions import Permission

bp = Blueprint("admin", __name__)


@bp.get("/admin")
@requires(Permission.SEE_PORTAL)
def index() -> ResponseReturnValue:
    """Show who looks after what, and how the portal is doing."""
    return hx.page("admin/index.html", facts=health.facts(), holders=roles.holders(), stored=None, counted=False)


@bp.get("/admin/media")
@requires(Permission.SEE_PORTAL)
def media() -> ResponseReturnValue:
    """Show how much room photos and files take; a walk through all of them, hence an address of its own."""
    stored = health.stored()
    if hx.is_fragment():
        return hx.fragment("admin/_media.html", stored=stored, counted=True)
    return hx.page("admin/index.html", facts=health.facts(), holders=roles.holders(), stored=stored, counted=True)
