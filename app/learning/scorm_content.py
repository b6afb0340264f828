"""The door of packages: what comes in by the content port gets files of packages, and nothing of the portal.

It stands before the portal's own application: no cookie is read, no session begun, no page of the portal answered here; and
the portal has no address under which it would answer a package. Which door a request came by is known from the socket, not
from what it says of itself.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from app.database import reading
from app.errors import Refused
from app.extensions import db
from app.learning import scorm_files, scorm_links, scorm_player, scorm_runtime, taking
from app.learning.models import Course, Lesson
from app.learning.scorm_links import Launch
from app.learning.scorm_models import ScormPackage
from app.people.sessions import Viewer, viewer_of_session

log = logging.getLogger(__name__)

LARGEST_WORD = 1 << 20
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
# A frame of the player may run its scripts and keep its own storage; it may not leave for elsewhere with the whole page.
SANDBOX = "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads"
# Packages of all authoring programs write scripts into their pages and put some together as they run. All they may reach is
# the origin that they lie on.
OWN = "'self' 'unsafe-inline' 'unsafe-eval' data: blob:"
NARROW = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'"


class Door:
    """WSGI in front of the portal's own: one port for the portal, one for packages."""

    def __init__(self, app: Flask, portal: Wsgi) -> None:
        self.app, self.portal = app, portal

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Let a request in by the door that it came to."""
        port = self.app.config["CONTENT_PORT"]
        if not port or environ.get("SERVER_PORT") != str(port):
            return self.portal(environ, start)
        request = Request(environ)
        request.max_content_length = LARGEST_WORD
        with self.app.app_context():
            answer = self._answer(request)
            for name, value in (
                ("X-Content-Type-Options", "nosniff"),
                # The address is the key: no other site is to learn it.
                ("Referrer-Policy", "no-referrer"),
                ("Cross-Origin-Resource-Policy", "same-origin"),
                ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
                ("Content-Security-Policy", f"{NARROW}; form-action 'none'; frame-ancestors 'none'; sandbox"),
                ("Cache-Control", "no-store"),
            ):
                answer.headers.setdefault(name, value)
            return answer(environ, start)

    def _answer(self, request: Request) -> Response:
        try:
            return self._find(request)
        except OperationalError as error:
            log.warning("database: %s", error.orig)
            return Response("", 503, headers={"Retry-After": "5"})
        except RequestEntityTooLarge:
            return Response("", 413)
        except Exception:
            log.exception("unexpected")
            return Response("", 500)
        finally:
            db.session.rollback()

    def _find(self, request: Request) -> Response:
        """Find what an address names: /assets/… for everybody, /<word>/… for whoever launched a package."""
        # A worker of a package's own would stay in the browser and answer for all others.
        if request.headers.get("Service-Worker") or request.headers.get("Sec-Fetch-Dest") == "serviceworker":
            return _nothing()
        steps = request.path.split("/", 2)
        if len(steps) != 3 or steps[0]:
            return _nothing()
        if steps[1] == "assets" and request.method in ("GET", "HEAD"):
            return scorm_player.asset(steps[2]) or _nothing()
        launch = scorm_links.read(steps[1])
        if launch is None:
            return _nothing()
        if request.method in ("GET", "HEAD"):
            return self._show(request, launch, steps[2])
        if request.method == "POST" and steps[2] in ("launch", "word"):
            return self._hear(request, launch, steps[2])
        return Response("", 405, headers={"Allow": "GET, HEAD"})

    def _show(self, request: Request, launch: Launch, rest: str) -> Response:
        with reading():
            viewer = viewer_of_session(launch.session_id)
            if viewer is None:
                return _nothing()
            if rest == "play":
                package = db.session.get(ScormPackage, launch.package_id)
                if package is None:
                    return _nothing()
                with force_locale(viewer.locale or self.app.config["BABEL_DEFAULT_LOCALE"]):
                    answer = scorm_player.page(launch, package, viewer)
                answer.headers["Content-Security-Policy"] = _csp(
                    NARROW + "; img-src 'self' data:; form-action 'none'", launch
                )
                return answer
            if not rest.startswith("files/"):
                return _nothing()
            found = scorm_files.answer(launch.package_id, rest.removeprefix("files/"), request)
            if found is None:
                return _nothing()
            rules = f"default-src {OWN}; object-src 'self'; base-uri 'self'; form-action 'self'"
            found.headers["Content-Security-Policy"] = _csp(rules, launch)
            found.headers["Cache-Control"] = "private, max-age=3600"
            return found

    def _hear(self, request: Request, launch: Launch, what: str) -> Response:
        """Take what the player says; it comes from the page of a stranger, so that everything may come."""
        origin = request.headers.get("Origin")
        if origin and urlsplit(origin).netloc not in (request.host, urlsplit(self.app.config["CONTENT_URL"]).netloc):
            return _nothing()
        try:
            sent = json.loads(request.get_data(cache=False))
        except (ValueError, RecursionError):
            return Response("", 422)
        viewer = viewer_of_session(launch.session_id)
        package = db.session.get(ScormPackage, launch.package_id) if viewer is not None else None
        if viewer is None or package is None:
            return _nothing()
        try:
            said = self._take(viewer, launch, package, what, sent)
        except Refused:
            return Response("", 422)
        except scorm_runtime.Elsewhere:
            return Response("", 409)
        if said is None:
            return _nothing()
        db.session.commit()
        return Response(json.dumps(said), content_type="application/json")

    def _take(self, viewer: Viewer, launch: Launch, package: ScormPackage, what: str, sent: Any) -> dict[str, Any] | None:
        place = sent.get("place") if isinstance(sent, dict) else None
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(package.items):
            raise Refused("place")
        if launch.is_preview:
            told = scorm_runtime.handed(viewer, package, package.items[place], {}, "ab-initio", 0)
            return {"turn": 1, "said": told} if what == "launch" else {"done": False}
        course = db.session.scalar(Course.visible_to(viewer).where(Course.id == launch.course_id))
        lesson = _lesson(viewer, course, launch.lesson_id) if course is not None else None
        if course is None or lesson is None:
            return None
        if what == "launch":
            return scorm_runtime.launch(viewer, course, lesson, package, place)
        return {"done": scorm_runtime.listen(viewer, course, lesson, package, sent)}


def _lesson(viewer: Viewer, course: Course, lesson_id: int) -> Lesson | None:
    """Return the lesson, if it is on the viewer's way still, and open to him."""
    way = taking.way_of(viewer, course)
    step = next((one for one in way.steps if one.lesson.id == lesson_id), None)
    return step.lesson if way.enrolment is not None and step is not None and step.is_open else None


def _csp(rules: str, launch: Launch) -> str:
    return f"{rules}; frame-ancestors 'self' {launch.portal}; sandbox {SANDBOX}"


def _nothing() -> Response:
    return Response("", 404)
