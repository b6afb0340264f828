"""Plain forms over everything for administrators; the last layer, may import all."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.admin import group_routes, health, log_routes, routes
from app.navigation import Place, register
from app.people.permissions import Permission


def init_app(app: Flask) -> None:
    """Register the administrator's pages."""
    for part in (routes, log_routes, group_routes):
        app.register_blueprint(part.bp)
    app.jinja_env.filters["size"] = health.size_words
    register(
        app,
        Place("groups.index", _l("Groups"), "group", 50, "manage", (Permission.EDIT_GROUPS,)),
        Place("log.index", _l("Log of changes"), "log", 80, "manage", (Permission.READ_LOG,)),
        Place("admin.index", _l("Portal"), "settings", 90, "manage", (Permission.SEE_PORTAL,)),
    )
