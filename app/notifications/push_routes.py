"""Letting a browser be told by push, and no longer; the service worker that shows what comes."""

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx, outside
from app.errors import Refused
from app.extensions import db
from app.guard import public
from app.notifications import pushing

bp = Blueprint("push", __name__)


@bp.post("/notifications/push/key")
def key() -> ResponseReturnValue:
    """Answer the portal's public key, made the first time; not to terminals, which are nobody's own."""
    if current_user.terminal_id is not None:
        abort(403)
    found = pushing.public_key()
    db.session.commit()
    return jsonify(key=found)


@bp.post("/notifications/push")
def subscribe() -> ResponseReturnValue:
    """Let this browser be told by push."""
    if current_user.terminal_id is not None:
        abort(403)
    endpoint = request.form.get("endpoint", "")[:600]
    keys = {name: request.form.get(name, "")[:200] for name in ("p256dh", "auth")}
    db.session.rollback()
    try:
        outside.check(endpoint)
    except (outside.Inner, OSError):
        raise Refused(_("This browser's push service cannot be reached. Try another browser.")) from None
    pushing.subscribe(current_user.id, endpoint, keys, request.user_agent.string)
    db.session.commit()
    return hx.nothing()


@bp.post("/notifications/push/stop")
def unsubscribe() -> ResponseReturnValue:
    """Tell this browser nothing more."""
    pushing.unsubscribe(current_user.id, request.form.get("endpoint", "")[:600])
    db.session.commit()
    return hx.nothing()


@bp.get("/sw.js")
@public
def service_worker() -> Response:
    """Answer the service worker, from the root so that it may serve all pages."""
    answer = current_app.send_static_file("js/service/sw.js")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return answer


@bp.get("/offline")
@public
def offline() -> ResponseReturnValue:
    """Show what stands in for every page while there is no line; the service worker keeps it."""
    return hx.page("notifications/offline.html")
