"""Error pages in the user's words: what happened and what to do now; a fragment where htmx asked for one."""

import logging
from typing import Any

from flask import Flask, Response
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from app import hx
from app.extensions import db

log = logging.getLogger(__name__)


class Refused(Exception):
    """A rule said no, in a sentence for the user; routes show it at the form with status 422."""

    def __init__(self, sentence: Any, field: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.field = field


def init_app(app: Flask) -> None:
    """Answer every error with a page of the portal's own."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(OperationalError, show_database_away)
    app.register_error_handler(Exception, show_unexpected)


def show(error: HTTPException) -> Response | HTTPException:
    """Show an HTTP error; redirects pass through."""
    code = error.code or 500
    if code < 400:
        return error
    db.session.rollback()
    template = "errors/_notice.html" if hx.is_fragment() else "errors/error.html"
    answer = hx.page(template, status=code, code=code)
    for name, value in error.get_headers(None, None):
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer


def show_database_away(error: OperationalError) -> Response | HTTPException:
    """Answer 503 and when to try again: the database is locked for long, or away."""
    log.warning("database: %s", error.orig)
    db.session.rollback()
    unavailable = HTTPException(_("Try again in half a minute."))
    unavailable.code = 503
    answer = show(unavailable)
    if isinstance(answer, Response):
        answer.headers["Retry-After"] = "30"
    return answer


def show_unexpected(error: Exception) -> Response | HTTPException:
    """Log what nobody foresaw and show an apology without its insides."""
    log.exception("unexpected")
    return show(InternalServerError())
