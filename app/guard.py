"""What holds for every request before and after its route: who is there, from where, and which headers go out.

Signed-out people get the sign-in page and nothing else, unless the endpoint says `@public`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlsplit

from flask import Flask, Response, abort, current_app, request, session
from flask_login import current_user

from app import hx
from app.database import SAFE_METHODS, reading
from app.extensions import db, login_manager
from app.people.permissions import Permission
from app.people.sessions import Viewer, load_viewer, touch

View = TypeVar("View", bound=Callable[..., Any])
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# A poll is the page's doing, not the person's: it keeps nobody signed in on a terminal.
POLL_HEADER = "X-Poll"


# Called with the address and the form of a POST whose session is over, so that what was typed can be kept.
unsent: list[Callable[[str, str], bool]] = []


def public(view: View) -> View:
    """Let people who are not signed in reach a view."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Let only people with one of the permissions reach a view; everybody else gets 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if not any(current_user.can(permission) for permission in permissions):
                abort(403)
            return view(*args, **kwargs)

        return cast(View, checked)

    return decorate


def init_app(app: Flask) -> None:
    """Bind the sign-in check, the origin check and the headers."""
    login_manager.init_app(app)
    # A session is a row that can be ended; a digest of address and browser would only sign phones out as they move.
    login_manager.session_protection = None
    login_manager.user_loader(_viewer_of)
    # Before all others, since the check of the token reads the body.
    app.before_request_funcs.setdefault(None, []).insert(0, _bound_plain_bodies)
    app.before_request(_check_origin)
    app.before_request(_check_signed_in)
    app.after_request(_add_headers)


def _viewer_of(token: str) -> Viewer | None:
    """Load the viewer without holding the write lock, which a long upload would keep from everybody else."""
    if request.method in SAFE_METHODS:
        return load_viewer(token)
    with reading():
        viewer = load_viewer(token)
        db.session.rollback()
    return viewer


def _bound_plain_bodies() -> None:
    """Hold every body without files to a megabyte; Werkzeug itself does so with the fields of multipart forms alone."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def _check_origin() -> None:
    """Refuse a changing request that another site's page made; the token check stands behind it."""
    origin = request.headers.get("Origin")
    if request.method in SAFE_METHODS or not origin or (origin == "null" and request.path.startswith("/sign-in")):
        return
    if urlsplit(origin).netloc != request.host:
        abort(400, "origin")


def _is_public() -> bool:
    """Tell whether an address is open to everybody: the portal's own files, views that say so, and what is not there."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.endpoint in (None, "static") or bool(getattr(view, "is_public", False))


def _check_signed_in() -> Response | None:
    if _is_public():
        return None
    if not current_user.is_authenticated:
        token = session.get("_user_id")
        if request.method == "POST" and isinstance(token, str):
            for keep in unsent:
                keep(token, request.path)
        return unauthorized()
    if not request.headers.get(POLL_HEADER):
        touch(current_user)
    return None


def unauthorized() -> Response:
    """Send a stranger to the sign-in page and back afterwards to where he wanted to go."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" and not hx.is_fragment() else None
    return hx.go("/sign-in" if wanted in (None, "/") else f"/sign-in?next={quote(wanted, safe='/')}")


def _add_headers(answer: Response) -> Response:
    headers = answer.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    # Packages of learning programs may lie on another port of the same host, which browsers call the same site.
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    # "Back" on a terminal must not show the former person's pages.
    # Flask lets browsers keep what it sends as a file; a list of the staff must not lie in the cache of a shared PC.
    if headers.get("Cache-Control", "no-cache") == "no-cache" and not _is_public():
        headers["Cache-Control"] = "no-store"
    headers.setdefault("Cache-Control", "no-store")
    return answer
