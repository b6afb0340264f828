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
    """One browser of one person at one address."""

    def __init__(self, app: Flask, address: str, token: str) -> None:
        secret = secrets.token_hex(20)
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        self.where = urlsplit(address).netloc
        self.cookie = f"ritm={signer.dumps({'_user_id': token, 'csrf_token': secret})}"
        self.csrf = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(secret)

    def get(self, path: str, timeout: float = 40) -> Reply:
        """Open an address."""
        return self._send("GET", path, None, timeout)

    def post(self, path: str, fields: dict[str, Any], timeout: float = 40) -> Reply:
        """Send a form."""
        return self._send("POST", path, self._form(fields), timeout)

    def post_and_hang_up(self, path: str, fields: dict[str, Any]) -> None:
        """Send a form and close the connection without reading what comes back, as a phone does that loses its line."""
        body = self._form(fields)
        head = f"POST {path} HTTP/1.1\r\nHost: {self.where}\r\nCookie: {self.cookie}\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
        host, port = self.where.split(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(head.encode() + body)

    def _form(self, fields: dict[str, Any]) -> bytes:
        return urlencode({"csrf_token": self.csrf, **fields}, doseq=True).encode()

    def _send(self, method: str, path: str, body: bytes | None, timeout: float) -> Reply:
        connection = http.client.HTTPConnection(self.where, timeout=timeout)
        headers = {"Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
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

    def close(self) -> None:
        """Let go of the database, so that a test may take it away."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


__all__ = ["Company", "Reply", "Wire"]
