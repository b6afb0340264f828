"""Style sheets and scripts without a build step: small files in the tree, one file each over the wire.

The pieces are put together and compressed once, at start; the address carries a digest, so browsers keep them for good.
"""

import gzip
import hashlib
import re
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, request

from app import brand
from app.guard import public

# What every page needs, in this order; every other style sheet or script is a file of its own, named where it is used.
CORE_CSS = ("tokens", "reset", "base", "layout", "components", "feed")
CORE_JS = ("behaviours", "once", "acts", "failures", "menu", "copy", "news", "comments", "bell")
# What helps while one writes or looks closer; behaviours.js fetches it where that begins.
FURTHER_JS = ("grow", "draft", "suggest", "mention", "upload", "photos", "audience", "enlarge")
# What may stand as it is inside url("data:…").
_PLAIN = " =:/'<>"
ICON = re.compile(r"icon\(([a-z-]+)\)")
COMMENT = re.compile(rb"^ *//.*\n", re.M)
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


class Bundle:
    """One file as it goes over the wire."""

    def __init__(self, name: str, kind: str, content: bytes) -> None:
        self.content = content
        self.packed = gzip.compress(content, 9, mtime=0)
        self.kind = kind
        self.name = f"{name}-{hashlib.sha256(content).hexdigest()[:12]}.{kind}"


def init_app(app: Flask) -> None:
    """Build the bundles and let templates address them: `{{ asset('app.css') }}`."""
    static = Path(app.static_folder or "")
    css, js, icons = static / "css", static / "js", static / "icons"
    accent = brand.accent_tokens(app.config["ACCENT"]).encode()
    made = {
        "app.css": Bundle("app", "css", _style([css / f"{name}.css" for name in CORE_CSS], icons) + accent),
        # One file: together they are packed smaller, and a slow line is asked once.
        "app.js": Bundle("app", "js", _vendored(static) + _script([js / f"{name}.js" for name in CORE_JS])),
        "further.js": Bundle("further", "js", _script([js / f"{name}.js" for name in FURTHER_JS])),
        "icons.svg": Bundle("icons", "svg", _sprite(icons)),
    }
    for path in css.glob("*.css"):
        if path.stem not in CORE_CSS:
            made[path.name] = Bundle(path.stem, "css", _style([path], icons))
    for path in js.glob("*.js"):
        if path.stem not in CORE_JS + FURTHER_JS:
            made[path.name] = Bundle(path.stem, "js", _script([path]))
    app.extensions["assets"] = {bundle.name: bundle for bundle in made.values()}
    addresses = {name: f"/assets/{bundle.name}" for name, bundle in made.items()}
    app.jinja_env.globals["asset"] = addresses.__getitem__
    app.add_url_rule("/assets/<name>", "assets", serve)


@public
def serve(name: str) -> Response:
    """Answer one bundle, compressed where the browser takes it, to be kept for a year."""
    bundle = current_app.extensions["assets"].get(name) or abort(404)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = Response(bundle.packed if packed else bundle.content, content_type=TYPES[bundle.kind])
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def _vendored(static: Path) -> bytes:
    return (static / "vendor" / "htmx-4.0.1.min.js").read_bytes() + b"\n"


def _style(paths: list[Path], icons: Path) -> bytes:
    """Join style sheets; `icon(heart)` becomes the drawing itself, for signs that are painted by a mask."""
    return ICON.sub(lambda match: _drawn(icons / f"{match[1]}.svg"), "\n".join(path.read_text() for path in paths)).encode()


def _drawn(path: Path) -> str:
    drawing = (
        path.read_text()
        .strip()
        .replace(
            "<svg ", '<svg fill="none" stroke="#000" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" ', 1
        )
    )
    drawing = drawing.replace("currentColor", "#000").replace('"', "'")
    return f'url("data:image/svg+xml,{quote(drawing, safe=_PLAIN)}")'


def _script(paths: list[Path]) -> bytes:
    """Join behaviours, each in a scope of its own, so that names cannot meet; comments are for whoever reads the files."""
    return b"\n".join(b"{\n" + COMMENT.sub(b"", path.read_bytes()) + b"\n}" for path in paths)


def _sprite(folder: Path) -> bytes:
    """Join icon files (one <svg viewBox> each) into symbols of one sprite, named after their files."""
    symbols = []
    for path in sorted(folder.glob("*.svg")):
        inner = path.read_text()
        inner = inner[inner.index(">", inner.index("<svg")) + 1 : inner.rindex("</svg>")].strip()
        symbols.append(f'<symbol id="{path.stem}" viewBox="0 0 24 24">{inner}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>").encode()
