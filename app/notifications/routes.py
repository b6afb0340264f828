"""Registers the addresses of notices, pushes and deliveries, and begins to listen."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.navigation import Place, register
from app.notifications import digest, inbox, inbox_routes, listeners, outgoing_routes, push_routes
from app.people.permissions import Permission

__all__ = ["digest", "init_app"]


def init_app(app: Flask) -> None:
    """Register the inbox, the settings, the pushes and the administrator's view of what goes out."""
    for part in (inbox_routes, push_routes, outgoing_routes):
        app.register_blueprint(part.bp)
    register(
        app,
        # The bell of the frame, which stands in no list of places.
        Place("notifications.index", _l("Notices"), "bell", 0, "bell", count_of=inbox.unseen),
        Place("outgoing.index", _l("Outgoing"), "mail", 60, "manage", (Permission.SEE_PORTAL,)),
    )
    listeners.connect()
