"""What belongs to no feature: the page of all places, the language, the web manifest, the favicon, health."""

from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.database import schema_revision
from app.extensions import db
from app.guard import public
from app.locale import LANGUAGES
from app.people.models import speak

bp = Blueprint("frame", __name__)


def init_app(app: Flask) -> None:
    """Register the frame's own addresses."""
    app.register_blueprint(bp)


@bp.get("/more")
def more() -> ResponseReturnValue:
    """Show all places, for phones, where the bar below has room for five."""
    return hx.page("frame/more.html")


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Speak another language from now on; for whoever is signed in, on all devices."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if current_user.is_authenticated:
            speak(current_user.id, chosen)
            db.session.commit()
    return hx.go(hx.back("frame.more" if current_user.is_authenticated else "sign_in.form"))


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """Tell whether the portal can do its work: the database answers and knows today's schema."""
    try:
        revision = schema_revision()
    except Exception as error:  # whatever keeps the database away is the reason to be told
        db.session.rollback()
        return jsonify(status="unavailable", reason=f"database: {type(error).__name__}"), 503
    return jsonify(status="ok", database=db.engine.dialect.name, schema=revision)


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """Answer what a phone needs to put the portal on its home screen."""
    answer = jsonify(_manifest())
    answer.content_type = "application/manifest+json"
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


@bp.get("/favicon.ico")
@public
def favicon() -> Response:
    """Answer the sign in the browser's tab."""
    answer = current_app.send_static_file("brand/icon-32.png")
    answer.headers["Cache-Control"] = "public, max-age=604800"
    return answer


def _manifest() -> dict[str, Any]:
    brand, ground = current_app.config["BRAND"], "#f6f4f0"
    return {
        "name": brand,
        "short_name": brand,
        "description": _("The portal of our people"),
        "lang": str(current_app.config["BABEL_DEFAULT_LOCALE"]),
        "start_url": "/",
        "display": "standalone",
        "background_color": ground,
        "theme_color": ground,
        "icons": [
            {
                "src": url_for("static", filename=f"brand/icon-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for size in (192, 512)
        ],
    }
