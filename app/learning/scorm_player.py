"""The player's own page: it holds SCORM's interface where a package looks for it, and the package in a frame below.

It lies on the origin of packages, for only a page of the same origin can hand a package its interface.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import current_app
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.learning.models import Lesson
from app.learning.scorm_links import Launch, sign
from app.learning.scorm_models import ScormPackage
from app.learning.scorm_runtime import standing_of
from app.locale import language
from app.people.sessions import Viewer

STATIC = Path(__file__).resolve().parent.parent / "static"
PARTS = {
    "player.js": STATIC / "scorm" / "player.js",
    "player.css": STATIC / "scorm" / "player.css",
    "1.2": STATIC / "vendor" / "scorm-again-12-3.4.3.min.js",
    "2004": STATIC / "vendor" / "scorm-again-2004-3.4.3.min.js",
}


def page(launch: Launch, package: ScormPackage, viewer: Viewer) -> Response:
    """Return the page that runs a package for somebody."""
    lesson = db.session.get(Lesson, launch.lesson_id)
    standing = standing_of(viewer.id, lesson) if lesson is not None and not launch.is_preview else None
    done = {place for place, state in standing.states.items() if state.done_at is not None} if standing else set()
    about = {
        "portal": launch.portal,
        "files": f"/{sign(launch)}/files/",
        "standard": package.standard,
        "api": address("1.2" if package.standard == "1.2" else "2004"),
        "items": [_item(place, item, done) for place, item in enumerate(package.items)],
        "words": _words(),
    }
    template = current_app.jinja_env.get_template("scorm/player.html")
    html = template.render(
        language=language(),
        about=json.dumps(about, ensure_ascii=False),
        style=address("player.css"),
        script=address("player.js"),
        words=_words(),
        title=package.title,
    )
    return Response(html, content_type="text/html; charset=utf-8")


def asset(name: str) -> Response | None:
    """Return one of the player's own files, to be kept for a year."""
    made = next((one for one in (_packed(part) for part in PARTS) if one[0] == name), None)
    if made is None:
        return None
    _name, kind, content = made
    answer = Response(content, content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def address(part: str) -> str:
    """Return where a file of the player's lies."""
    return f"/assets/{_packed(part)[0]}"


@cache
def _packed(part: str) -> tuple[str, str, bytes]:
    """Return a file's name, kind and packed content; every browser that runs the player unpacks it."""
    path = PARTS[part]
    content = path.read_bytes()
    name = f"{path.name.split('.', 1)[0]}-{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
    kind = "text/css" if path.suffix == ".css" else "text/javascript"
    return name, kind, gzip.compress(content, 9, mtime=0)


def _item(place: int, item: dict[str, Any], done: set[int]) -> dict[str, Any]:
    return {
        "title": item["title"],
        "address": quote(item["path"]) + item["query"],
        "isSco": item["is_sco"],
        "isHidden": item["is_hidden"],
        "depth": item["depth"],
        "isDone": place in done,
        "id": item["id"],
    }


def _words() -> dict[str, str]:
    """Return what the player says, in the viewer's language."""
    return {
        "parts": _("Parts of the lesson"),
        "part": _("Part of the lesson"),
        "before": _("Former part"),
        "next": _("Next part"),
        "done": _("done"),
        "offline": _("No connection: your answers are kept here and sent once it is back. Do not close the page."),
        "elsewhere": _("The lesson was opened on another device or in another tab: go on there, or open this page anew."),
        "over": _("Your sign-in is over. What was kept before is there: sign in and open the lesson again."),
        "refused": _("The lesson says more than can be kept: what it said last may be lost. Tell the editor of the course."),
        "broken": _("The lesson could not be started. Open the page anew."),
    }
