"""Files out of an archive on their way to the browser: packed as they lie in it, or by the ranges that players ask for."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from sqlalchemy import select
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Request, Response

from app.extensions import db
from app.learning.scorm_models import ScormFile, ScormPackage
from app.learning.scorm_zip import CHUNK, Entry, folded, inflated
from app.media import media

# Everything that is sent as something; all else is bytes, which no browser runs or shows.
TYPES = {
    **{"js": "text/javascript", "mjs": "text/javascript", "css": "text/css", "json": "application/json"},
    **{"html": "text/html", "htm": "text/html", "xhtml": "application/xhtml+xml", "xml": "text/xml", "xsd": "text/xml"},
    **{"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"},
    **{"webp": "image/webp", "ico": "image/x-icon", "mp4": "video/mp4", "webm": "video/webm", "mp3": "audio/mpeg"},
    **{"ogg": "audio/ogg", "wav": "audio/wav", "m4a": "audio/mp4", "woff": "font/woff", "woff2": "font/woff2"},
    **{"ttf": "font/ttf", "otf": "font/otf", "pdf": "application/pdf", "txt": "text/plain", "vtt": "text/vtt"},
    **{"wasm": "application/wasm", "ogv": "video/ogg", "m4v": "video/mp4"},
    **{"oga": "audio/ogg", "aac": "audio/aac", "avif": "image/avif", "bmp": "image/bmp", "cur": "image/x-icon"},
    **{"dtd": "application/xml-dtd", "xsl": "text/xml", "csv": "text/csv", "srt": "text/plain", "map": "application/json"},
}
# Sent as they are packed; other kinds gain nothing by it, and players want ranges of them.
TEXTS = ("text/", "application/json", "application/xhtml+xml", "image/svg+xml", "application/wasm")
# Without the word, browsers guess the letters of a page by the language of the system.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def answer(package_id: int, path: str, request: Request) -> Response | None:
    """Answer a file of a package; None where it has none of that name."""
    found = db.session.execute(
        select(ScormFile, ScormPackage.key)
        .join(ScormPackage, ScormPackage.id == ScormFile.package_id)
        .where(ScormFile.package_id == package_id, ScormFile.path == folded(path))
    ).first()
    if found is None:
        return None
    file, key = found
    entry = Entry(path, file.offset, file.is_deflated, file.packed, file.size, int(file.crc, 16))
    try:
        stream = media().open(key)
    except FileNotFoundError:
        return None
    kind = type_of(path)
    is_text = kind.startswith(TEXTS)
    tag = f"{file.crc}-{file.size:x}"
    if is_text and entry.is_deflated and "gzip" in request.headers.get("Accept-Encoding", ""):
        made = Response(_as_gzip(stream, entry), content_type=kind, direct_passthrough=True)
        made.headers["Content-Encoding"] = "gzip"
        made.content_length = len(_GZIP_HEAD) + entry.packed + 8
        made.set_etag(tag + "-gzip")
        made.call_on_close(stream.close)
        made.headers["Vary"] = "Accept-Encoding"
        made.make_conditional(request)
        return made
    made = Response(inflated(stream, entry), content_type=kind, direct_passthrough=True)
    made.content_length = entry.size
    made.set_etag(tag)
    made.call_on_close(stream.close)
    if is_text:
        made.headers["Vary"] = "Accept-Encoding"
    try:
        made.make_conditional(request, accept_ranges=not is_text, complete_length=entry.size)
    except RequestedRangeNotSatisfiable:
        made.close()
        return Response("", 416, headers={"Content-Range": f"bytes */{entry.size}"})
    return made


def type_of(path: str) -> str:
    """Return what a file is by the end of its name."""
    ending = path.rsplit(".", 1)[-1].lower()
    return TYPES.get(ending, "application/octet-stream")


def _as_gzip(stream: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield a packed file as it lies, with the head and the tail that make it one that browsers unpack."""
    yield _GZIP_HEAD
    yield from _raw(stream, entry.offset, entry.packed)
    yield struct.pack("<2L", entry.crc, entry.size)


def _raw(stream: BinaryIO, offset: int, left: int) -> Iterable[bytes]:
    stream.seek(offset)
    while left > 0 and (piece := stream.read(min(CHUNK, left))):
        left -= len(piece)
        yield piece
