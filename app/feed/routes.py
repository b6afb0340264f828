"""The stream's pages."""

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import hx
from app.content import cards
from app.feed import people_routes

bp = Blueprint("feed", __name__)


def init_app(app: Flask) -> None:
    """Register the stream."""
    app.register_blueprint(bp)
    app.register_blueprint(people_routes.bp)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the stream."""
    before = cards.Position.read(request.args.get("before"))
    page = cards.stream_of(current_user, before)
    return hx.page("feed/index.html", first=before is None, page=page, pinned=[], topics=[])
