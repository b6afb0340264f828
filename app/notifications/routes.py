"""Registers the addresses of notices, pushes and deliveries, and begins to listen."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.navigation import Place, register
from app.notifications import digest, inbox, inbox_routes, listeners, outgoing_routes, push_routes
from app.people.permissions import Permission

__all__ = ["digest", "init_app"]


def init_app(app: Flask) -> None:
    """Register the inbox, the settings, the pushes and the administrator's view of what goes out."""
    for part in (inbox_routes, push_routes, outgoing_routes):
        app.register_blueprint(part.bp)
    app.jinja_env.globals["unseen_notices"] = unseen
    register(app, Place("outgoing.index", _l("Outgoing"), "mail", 60, "manage", (Permission.SEE_PORTAL,)))
    listeners.connect()


def unseen() -> int:
    """Return how many notices the bell of the frame counts."""
    return inbox.unseen_count(current_user)
