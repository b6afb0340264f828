"""Which language and which zone this request speaks: the person's own choice, else the portal's setting."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, session
from flask_babel import get_translations, refresh
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from sqlalchemy.exc import OperationalError

from app.extensions import babel

LANGUAGES = {"ru": "Русский", "en": "English"}


def init_app(app: Flask) -> None:
    """Bind Babel to the viewer; each feature keeps its own catalogue in app/translations/<feature>."""
    root = Path(app.root_path) / "translations"
    folders = sorted(str(path) for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(folders) or "translations"
    babel.init_app(app, locale_selector=language, timezone_selector=lambda: zone().key)
    app.context_processor(_words)


def _words() -> dict[str, Any]:
    """Return the words of one page: the catalogue is looked for once, not for each of a page's hundred sentences."""
    catalogue = get_translations()

    @pass_eval_context
    def say(page: EvalContext, text: str, **values: Any) -> str:
        words: str = catalogue.ugettext(text)
        return (Markup(words) if page.autoescape else words) % values  # noqa: S704

    @pass_eval_context
    def count(page: EvalContext, singular: str, plural: str, num: int, **values: Any) -> str:
        words: str = catalogue.ungettext(singular, plural, num)
        return (Markup(words) if page.autoescape else words) % {"num": num, **values}  # noqa: S704

    return {"_": say, "gettext": say, "ngettext": count}


def language() -> str:
    """Return the language of this request; jobs and letters set `g.language` for their reader."""
    if chosen := g.get("language"):
        return str(chosen)
    if not has_request_context():
        return str(current_app.config["BABEL_DEFAULT_LOCALE"])
    if "spoken" not in g:
        g.spoken = _chosen() or str(current_app.config["BABEL_DEFAULT_LOCALE"])
    return str(g.spoken)


def speak_anew() -> None:
    """Find the language out once more: the reader has just chosen another."""
    g.pop("spoken", None)
    refresh()


def _chosen() -> str | None:
    try:
        chosen = getattr(current_user, "locale", None) or session.get("language")
    except OperationalError:
        # The page that says that the database is away speaks all the same, and asks no second time.
        chosen = session.get("language")
    return chosen if chosen in LANGUAGES else None


def zone() -> ZoneInfo:
    """Return the zone in which dates are shown: the viewer's."""
    if has_request_context():
        # Looked up once: behind the name stands a search, and a page asks for a hundred dates.
        viewer = current_user._get_current_object()
        if getattr(viewer, "is_authenticated", False):
            return viewer.zone
    return ZoneInfo(current_app.config["DEFAULT_ZONE"])
