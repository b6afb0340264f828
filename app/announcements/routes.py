"""Where the package is put together."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.content import nouns

nouns.register("announcement", "announcements", _l("Announcement"))


def init_app(app: Flask) -> None:
    """Register the pages of announcements."""
