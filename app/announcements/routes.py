"""Where the package is put together."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import navigation
from app.announcements import (
    appearing_jobs,
    briefing_routes,
    editor_routes,
    joining,
    lists,
    news,
    reach_routes,
    reach_words,
    reader_routes,
    receipts,
    waiting,
)
from app.content import nouns
from app.people import absences, sessions
from app.people.permissions import Permission

__all__ = ["appearing_jobs", "init_app", "news"]

nouns.register("announcement", "announcements", _l("Announcement"), waiting.bands)


def init_app(app: Flask) -> None:
    """Register the pages of announcements, and begin to listen."""
    sessions.began.connect(joining.welcome)
    app.jinja_env.globals["is_over"] = lists.is_over
    app.jinja_env.filters.update(**reach_words.FILTERS)
    absences.changed.connect(receipts.weigh_absence)
    for part in (reader_routes, editor_routes, reach_routes, briefing_routes):
        app.register_blueprint(part.bp)
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
        navigation.Place("announcement_store.team", _l("Briefing"), "people", 10, "manage", (Permission.LEAD_STORE,)),
        navigation.Place("announcement_reach.index", _l("Reach of news"), "eye", 32, "manage", (Permission.SEE_REACH,)),
    )
