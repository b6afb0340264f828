"""What every serving process needs sooner or later, made ready before they part, so that it is in memory once."""

from datetime import date

from babel.dates import format_date
from flask import Flask
from flask_babel import force_locale, get_translations

from app.extensions import db
from app.locale import LANGUAGES

# The stream and the frame of all pages; the other templates are compiled when somebody first opens their pages.
TEMPLATES = ("base", "frame/", "feed/", "content/_", "macros/", "notifications/_", "errors/")


def warm(app: Flask) -> None:
    """Compile templates, read catalogues and the names of months, and answer one page; no first reader waits for these."""
    for name in app.jinja_env.list_templates():
        if name.startswith(TEMPLATES):
            app.jinja_env.get_template(name)
    for spoken in LANGUAGES:
        with app.test_request_context(), force_locale(spoken):
            get_translations()
            format_date(date(2026, 1, 1), "d MMMM y", locale=spoken)
    app.test_client().get("/sign-in")
    # A connection must not be shared by processes.
    with app.app_context():
        db.engine.dispose()
