"""Addresses under which a package is run: on another origin than the portal, signed, for one sign-in, for some hours.

A package's scripts are a stranger's. On an origin of their own they reach neither the portal's pages nor its cookies; what
they are handed is an address that opens this one package, for whoever launched it, while his sign-in lasts.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer

from app.database import now

# Longer than a shift; a sign-in that ends takes its addresses with it anyway.
HOURS = 12
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]{1,250}(:\d{1,5})?|https?://\[[0-9a-fA-F:.]{2,45}\](:\d{1,5})?")
# Two names of the same machine are two sites, so that not even cookies are shared; with a host of one name, ports differ.
_OTHER_NAME = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


class Launch(NamedTuple):
    """What an address stands for."""

    package_id: int
    course_id: int
    lesson_id: int
    session_id: int
    # The portal's own origin: the only one whose pages may hold the player in a frame.
    portal: str
    # An editor looks at it; nothing is kept.
    is_preview: bool


def content_origin() -> str | None:
    """Return the origin of packages as browsers reach it; None where nobody has set one up."""
    said: str = current_app.config["CONTENT_URL"]
    if said:
        return said
    port = current_app.config["CONTENT_PORT"]
    host = urlsplit(f"//{request.host}").hostname or ""
    # Behind a proxy only its administrator knows where the other port comes out.
    if not port or current_app.config["PROXIES"]:
        return None
    name = _OTHER_NAME.get(host, f"[{host}]" if ":" in host else host)
    origin = f"{request.scheme}://{name}:{port}"
    return origin if _ORIGIN.fullmatch(origin) else None


def portal_origin() -> str | None:
    """Return the portal's own origin as this browser knows it."""
    origin = f"{request.scheme}://{request.host}"
    return origin if _ORIGIN.fullmatch(origin) else None


def sign(launch: Launch) -> str:
    """Return the word that stands in the address; the same within an hour, so that browsers may keep what they have."""
    return _signer().dumps([*launch, _hour()])


def read(word: str) -> Launch | None:
    """Return what a word stands for, None for one that is not ours or too old."""
    try:
        *values, hour = _signer().loads(word)
        launch, age = Launch(*values), _hour() - hour
    except (BadData, ValueError, TypeError):
        return None
    return launch if 0 <= age < HOURS else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="scorm")


def _hour() -> int:
    return int(now().timestamp()) // 3600
