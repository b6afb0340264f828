"""Browsers that talk to a real server over a real socket, signed in without the sign-in form."""

from __future__ import annotations

import http.client
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer

from app import create_app
from app.extensions import db
from tests.conftest import SECRET, Portal, TestConfig, furnish

FORM = "application/x-www-form-urlencoded"


@dataclass
class Reply:
    """What came back over the wire."""

    status: int
    headers: Any
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode()


class Wire:
    """One browser at one address: somebody's by the token of a session, a stranger's without; with other cookies besides."""

    def __init__(self, app: Flask, address: str, token: str | None = None, **cookies: str) -> None:
        secret = secrets.token_hex(20)
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        self.where = urlsplit(address).netloc
        known = {"_user_id": token, "csrf_token": secret} if token else {"csrf_token": secret}
        self.cookie = "; ".join([f"ritm={signer.dumps(known)}", *(f"{name}={value}" for name, value in cookies.items())])
        self.csrf = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(secret)

    def get(self, path: str, timeout: float = 40) -> Reply:
        """Open an address."""
        return self._send("GET", path, None, timeout, {})

    def ask(self, method: str, path: str, headers: dict[str, str]) -> Reply:
        """Send a request without a body."""
        return self._send(method, path, None, 40, headers)

    def post(
        self, path: str, fields: dict[str, Any] | None = None, timeout: float = 40, headers: dict[str, str] | None = None
    ) -> Reply:
        """Send a form."""
        return self._send("POST", path, self._form(fields or {}), timeout, {"Content-Type": FORM, **(headers or {})})

    def upload(self, path: str, fields: dict[str, Any], name: str, *files: tuple[str, bytes], timeout: float = 40) -> Reply:
        """Send a form with files as (file name, what is in it) under one name."""
        mark = secrets.token_hex(16)
        parts = [f'form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in self._fields(fields)]
        parts += [f'form-data; name="{name}"; filename="{file}"\r\n\r\n'.encode() + data for file, data in files]
        body = b"".join(f"--{mark}\r\nContent-Disposition: ".encode() + part + b"\r\n" for part in parts)
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return self._send("POST", path, body + f"--{mark}--\r\n".encode(), timeout, kind)

    def post_and_hang_up(self, path: str, fields: dict[str, Any]) -> None:
        """Send a form and close the connection without reading what comes back, as a phone does that loses its line."""
        body = self._form(fields)
        head = f"POST {path} HTTP/1.1\r\nHost: {self.where}\r\nCookie: {self.cookie}\r\nContent-Length: {len(body)}\r\n"
        head += f"Content-Type: {FORM}\r\nConnection: close\r\n\r\n"
        host, port = self.where.split(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(head.encode() + body)

    def _form(self, fields: dict[str, Any]) -> bytes:
        return urlencode(self._fields(fields)).encode()

    def _fields(self, fields: dict[str, Any]) -> list[tuple[str, Any]]:
        given = {"csrf_token": self.csrf, **fields}
        return [(name, one) for name, value in given.items() for one in (value if isinstance(value, list) else [value])]

    def _send(self, method: str, path: str, body: bytes | None, timeout: float, headers: dict[str, str]) -> Reply:
        connection = http.client.HTTPConnection(self.where, timeout=timeout)
        try:
            connection.request(method, path, body, {"Cookie": self.cookie, **headers})
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


class Company:
    """A database with the cast in it that a real server works on, and this process looks into."""

    def __init__(self, folder: Path, database: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.database = folder, database
        self.app = create_app(TestConfig(folder, database))
        with self.app.app_context():
            upgrade()
        self.portal = Portal(self.app)
        furnish(self.portal)
        self.environment = {
            "RITM_DATA_DIR": str(folder),
            "RITM_DATABASE_URL": database,
            "RITM_SECRET_KEY": SECRET,
            "RITM_COMPRESS": "0",
        }

    def wire(self, address: str, who: str) -> Wire:
        """Return the browser of somebody of the cast."""
        return Wire(self.app, address, self.portal.token(getattr(self.portal.cast, who)))

    def stranger(self, address: str, **cookies: str) -> Wire:
        """Return the browser of somebody who is not signed in."""
        return Wire(self.app, address, **cookies)

    def close(self) -> None:
        """Let go of the database, so that a test may take it away."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


__all__ = ["Company", "Reply", "Wire"]
