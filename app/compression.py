"""Answers compressed on the way out, in a manner that does not give away what they keep secret.

Whoever can make a browser ask for pages, put words of his own into them and watch how long the answers are could guess what
stands beside his words (BREACH). The token of the forms is therefore written differently each time (app/tokens.py), and
each answer is longer by a random number of bytes. What was weighed: docs/decisions/0012-compression.md.
"""

import secrets
import zlib

from flask import Flask, Response, request

from app.tokens import masked_token

# Text only: pictures and archives are packed already.
TYPES = frozenset({"text/html", "text/plain", "text/css", "text/csv", "text/javascript", "application/json"}) | {
    "application/manifest+json",
    "image/svg+xml",
}
# What fits a packet of the network is not made faster by being smaller.
SMALLEST = 600
# A weak line gains more by its 2% than it loses by half a millisecond of the server; the next level wins nothing.
LEVEL = 6
PADDING = 100
# Magic number, deflated, a file name follows; no time, no flags, unknown system.
GZIP_HEADER = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"


def init_app(app: Flask) -> None:
    """Compress what goes out, and write the forms' tokens in the manner that allows it."""
    app.jinja_env.globals["csrf_token"] = masked_token
    app.context_processor(lambda: {"csrf_token": masked_token})
    if app.config["COMPRESS"]:
        app.after_request(compress)


def compress(answer: Response) -> Response:
    """Compress an answer if its reader takes that and anything is won by it."""
    if answer.mimetype not in TYPES or answer.direct_passthrough or answer.is_streamed:
        return answer
    answer.vary.add("Accept-Encoding")
    if answer.status_code in (204, 206, 304) or "Content-Encoding" in answer.headers or not request.accept_encodings["gzip"]:
        return answer
    content = answer.get_data()
    if len(content) < SMALLEST:
        return answer
    answer.set_data(_gzip(content))
    answer.headers["Content-Encoding"] = "gzip"
    # The same page in other bytes.
    tag, is_weak = answer.get_etag()
    if tag and not is_weak:
        answer.set_etag(tag, weak=True)
    return answer


def _gzip(content: bytes) -> bytes:
    """Return a gzip file of the content whose name, which nobody reads, is of random length."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    name = b"a" * secrets.randbelow(PADDING) + b"\x00"
    trailer = zlib.crc32(content).to_bytes(4, "little") + (len(content) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join((GZIP_HEADER, name, packer.compress(content), packer.flush(), trailer))
