"""Error pages in the user's words: what happened and what to do now; a fragment where htmx asked for one."""

import errno
import logging
from typing import Any

from flask import Flask, Response
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app import hx
from app.extensions import db

log = logging.getLogger(__name__)

# What is said when not even a template can be drawn; in both languages, since nobody knows the reader's any more.
LAST_WORDS = "Портал не смог ответить. Попробуйте чуть позже.\nThe portal could not answer. Try again a little later.\n"
# The disk is full, the quota used up, the file as large as it may become.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# The statuses with words of their own.
WORDED = (400, 403, 404, 405, 413, 422, 429, 503)


class Refused(Exception):
    """A rule said no, in a sentence for the user; routes show it at the form with status 422."""

    def __init__(self, sentence: Any, field: str = "") -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.field = field


def init_app(app: Flask) -> None:
    """Answer every error with a page of the portal's own."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(Refused, show_refused)
    app.register_error_handler(OperationalError, show_database_away)
    app.register_error_handler(Exception, show_unexpected)


def words_for(code: int) -> tuple[str, str]:
    """Return what happened and what to do now, for a status."""
    known = {
        400: (_("This page has grown old."), _("Open it anew and try again; what you typed is kept as a draft.")),
        403: (_("This is not open to you."), _("If you need it for your work, ask the administrator of the portal.")),
        404: (_("There is nothing here."), _("It may have been deleted, or it is meant for other colleagues.")),
        405: (_("It does not work this way."), _("Go back and press the button on the page.")),
        413: (_("This is too large."), _("Send fewer photos at once, or smaller ones: up to 20 MB each.")),
        422: (_("Something is not right yet."), _("Go back and correct what is marked.")),
        429: (_("That was too often."), _("Wait a few minutes and try again.")),
        503: (_("The portal is busy."), _("Try again in half a minute. What you typed is kept.")),
    }
    return known.get(code, (_("Something broke on our side."), _("We have written it down. Try again a little later.")))


def show(error: HTTPException) -> Response | HTTPException:
    """Show an HTTP error; redirects pass through."""
    code = error.code or 500
    if code < 400:
        return error
    db.session.rollback()
    answer = _draw(code, *words_for(code if code in WORDED else 500 if code >= 500 else 400))
    for name, value in error.get_headers(None, None):
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer


def show_refused(error: Refused) -> Response:
    """Show a refusal that its route has not caught: the rule's own sentence, with 422."""
    db.session.rollback()
    return _draw(422, _("That did not work."), str(error))


def show_database_away(error: OperationalError) -> Response:
    """Answer 503 and when to try again: the database is locked for long, or away."""
    log.warning("database: %s", error.orig)
    return _draw_later()


def show_unexpected(error: Exception) -> Response:
    """Log what nobody foresaw and show an apology without its insides; a full disk is no riddle, and passes."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        log.error("no room on the disk: %s", error.strerror)
        return _draw_later()
    log.exception("unexpected")
    db.session.rollback()
    return _draw(500, *words_for(500))


def _draw_later() -> Response:
    db.session.rollback()
    answer = _draw(503, *words_for(503))
    answer.headers["Retry-After"] = "30"
    return answer


def _draw(code: int, title: str, advice: str) -> Response:
    """Draw an error as a page or a fragment; if that breaks too, words alone are left."""
    try:
        if hx.is_fragment():
            notice = hx.fragment("errors/_notice.html", status=code, code=code, title=title, advice=advice)
            return hx.retarget(notice, "#notices", "innerHTML")
        return hx.page("errors/error.html", status=code, code=code, title=title, advice=advice)
    except Exception:
        log.exception("the error page could not be drawn")
        return Response(LAST_WORDS, code, content_type="text/plain; charset=utf-8")
