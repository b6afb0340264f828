"""The stream's pages."""

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from app import hx

bp = Blueprint("feed", __name__)


def init_app(app: Flask) -> None:
    """Register the stream."""
    app.register_blueprint(bp)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the stream."""
    return hx.page("feed/index.html")
