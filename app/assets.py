"""Style sheets and scripts without a build step: small files in the tree, one file each over the wire.

The pieces are put together and compressed once, at start; the address carries a digest, so browsers keep them for good.
"""

import gzip
import hashlib
from pathlib import Path

from flask import Flask, Response, abort, current_app, request

from app.guard import public

# Order matters in CSS; within a layer the order of names does.
CSS_FIRST = ("tokens.css", "reset.css", "base.css")
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
    made = {
        "app.css": Bundle("app", "css", _style(static / "css")),
        "app.js": Bundle("app", "js", _script(static / "js")),
        "htmx.js": Bundle("htmx", "js", (static / "vendor" / "htmx-4.0.1.min.js").read_bytes()),
        "icons.svg": Bundle("icons", "svg", _sprite(static / "icons")),
    }
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


def _style(folder: Path) -> bytes:
    names = [*CSS_FIRST, *sorted(path.name for path in folder.glob("*.css") if path.name not in CSS_FIRST)]
    return b"\n".join((folder / name).read_bytes() for name in names if (folder / name).exists())


def _script(folder: Path) -> bytes:
    """Join the behaviours, each in a scope of its own, so that names cannot meet."""
    return b"\n".join(b"{\n" + path.read_bytes() + b"\n}" for path in sorted(folder.glob("*.js")))


def _sprite(folder: Path) -> bytes:
    """Join icon files (one <svg viewBox> each) into symbols of one sprite, named after their files."""
    symbols = []
    for path in sorted(folder.glob("*.svg")):
        inner = path.read_text()
        inner = inner[inner.index(">", inner.index("<svg")) + 1 : inner.rindex("</svg>")].strip()
        symbols.append(f'<symbol id="{path.stem}" viewBox="0 0 24 24">{inner}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>").encode()
