"""Requests to addresses that users name: they may lead anywhere but inside.

A push endpoint or a webhook is an address typed elsewhere. The name is resolved once, every address it has must be public,
and the connection goes to that very address, so that a name cannot point elsewhere the second time it is asked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from http.client import HTTPConnection, HTTPSConnection
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from flask import current_app

# Seconds for each step; a server that does not answer is asked again later.
PATIENCE = 10
LONGEST_ANSWER = 64 * 1024


class Inner(Exception):
    """The address leads to the portal's own network, or is none that may be asked at all."""


class Unreached(OSError):
    """The server was not reached: it has certainly not taken what was to be sent."""


class Reply(NamedTuple):
    """What an outside server said."""

    status: int
    body: bytes
    retry_after: str


def check(address: str) -> SplitResult:
    """Return the parts of an https address that leads outside; raise Inner for every other.

    Resolves the name, so call it outside of a transaction.
    """
    parts = _parts(address)
    _resolved(parts)
    return parts


def post(address: str, body: bytes, headers: dict[str, str]) -> Reply:
    """Send a POST outside and return the answer; redirects are not followed.

    Raises Inner, Unreached where nothing was sent, and OSError or HTTPException where nobody knows.
    """
    parts = _parts(address)
    try:
        line = socket.create_connection(_resolved(parts), timeout=PATIENCE)
        connection = _connected(parts, line)
    except OSError as error:
        raise Unreached(str(error)) from error
    try:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        answer = connection.getresponse()
        return Reply(answer.status, answer.read(LONGEST_ANSWER), answer.headers.get("Retry-After", ""))
    finally:
        line.close()


def _connected(parts: SplitResult, line: socket.socket) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":
        plain = HTTPConnection(host, timeout=PATIENCE)
        plain.sock = line
        return plain
    secure = HTTPSConnection(host, timeout=PATIENCE)
    secure.sock = ssl.create_default_context().wrap_socket(line, server_hostname=host)
    return secure


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        port_is_fine = parts.port in (None, 443) or _inner_allowed()
    except ValueError:
        raise Inner(address) from None
    if not parts.hostname or parts.username or not port_is_fine:
        raise Inner(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and _inner_allowed()):
        raise Inner(address)
    return parts


def _resolved(parts: SplitResult) -> tuple[str, int]:
    """Return one public address of the host; raise Inner if any of its addresses is not."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    places = [str(entry[4][0]) for entry in found]
    if not _inner_allowed() and not all(_is_public(place) for place in places):
        raise Inner(parts.hostname)
    return places[0], port


def _is_public(place: str) -> bool:
    address = ipaddress.ip_address(place.split("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not (mapped or address).is_multicast


def _inner_allowed() -> bool:
    """Tell whether this is a test of the suite, whose servers are on this very machine; no environment sets it."""
    return bool(current_app.testing and current_app.config.get("INNER_ALLOWED"))
