"""Where the package is put together."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import navigation
from app.announcements import appearing_jobs, editor_routes, lists, news, reader_routes, waiting
from app.content import nouns
from app.people import sessions
from app.people.permissions import Permission

__all__ = ["appearing_jobs", "init_app", "news"]

nouns.register("announcement", "announcements", _l("Announcement"), waiting.bands)


def init_app(app: Flask) -> None:
    """Register the pages of announcements, and begin to listen."""
    sessions.began.connect(waiting.welcome)
    app.jinja_env.globals["is_over"] = lists.is_over
    for part in (reader_routes.bp, editor_routes.bp):
        app.register_blueprint(part)
    navigation.register(
        app,
        navigation.Place(
            "announcements.index",
            _l("Announcements"),
            "announce",
            15,
            "more",
            count_of=waiting.count,
            waits=_l("To confirm"),
            lines_of=waiting.lines,
        ),
        navigation.Place("announcement_desk.desk", _l("Announce"), "edit", 30, "manage", (Permission.ANNOUNCE,)),
    )
