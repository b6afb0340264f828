"""Headers that protect the reader stand on every answer: pages, fragments, errors, files, redirects."""

from __future__ import annotations

import re

import pytest

from app import create_app
from tests.conftest import TestConfig
from tests.guard.world import ROLES, on_sqlite

# Answers that a shared computer may keep, since they are the same for everybody and tell nothing of anybody.
PRIVATE = ("/photos/", "/people/", "/tasks/photos/")
KEPT = ("/assets/", "/static/", "/favicon.ico", "/manifest.webmanifest", "/brand/", "/sw.js", *PRIVATE)


@on_sqlite
@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_guarded(world, role):
    wrong = []
    for ask in world.asks(role):
        for htmx in (False, True):
            for kind, address in ask.addresses.items():
                if kind in ("own", "missing") or ask.method == "GET":
                    answer = world.ask(world.client(role, htmx), ask, kind)
                    wrong += [f"{ask.method} {address}: {fault}" for fault in faults(answer, address, role)]
        if ask.method == "POST":
            world.restore()
    assert not wrong, "\n".join(dict.fromkeys(wrong))


@pytest.mark.parametrize(
    "address", ["/no-such-page", "/posts/999999", "/static/none.css", "/assets/none", "/posts/0x1", "/%00"]
)
@on_sqlite
def test_errors_are_guarded(world, address):
    for role in ("stranger", "employee"):
        answer = world.client(role).get(address)
        assert not faults(answer, address, role)
        assert not faults(world.client(role, htmx=True).get(address), address, role)
        assert not faults(world.client(role).post(address, {}), address, role)


def faults(answer, address, role):
    """Return what is wrong with the headers of an answer."""
    found = []
    headers = answer.headers
    policy = {
        part.split()[0]: part.split()[1:] for part in headers.get("Content-Security-Policy", "").split(";") if part.strip()
    }
    for directive in ("default-src", "object-src", "base-uri", "form-action", "frame-ancestors"):
        if not policy.get(directive):
            found.append(f"no {directive} in the content security policy")
    if any("unsafe" in word or word in ("*", "http:", "https:") for words in policy.values() for word in words):
        found.append(f"a hole in the content security policy: {headers.get('Content-Security-Policy')}")
    # The preview shows a page as it will look on a phone and on a store's computer: in frames of the portal itself.
    own = role == "editor" and address.endswith("/preview/page") and answer.status == 200
    if policy.get("frame-ancestors") != (["'self'"] if own else ["'none'"]):
        found.append("may be framed")
    if headers.get("X-Content-Type-Options") != "nosniff":
        found.append("no nosniff")
    if headers.get("Referrer-Policy") not in ("same-origin", "no-referrer", "strict-origin"):
        found.append("Referrer-Policy")
    cache = headers.get("Cache-Control", "")
    if not address.startswith(KEPT) and "no-store" not in cache:
        found.append(f"may be kept: {cache!r}")
    if address.endswith(".xlsx") and "no-store" not in cache:
        found.append(f"a list may lie in the browser's cache: {cache!r}")
    if address.startswith(PRIVATE) and "no-store" not in cache and "private" not in cache:
        found.append(f"may be kept by others: {cache!r}")
    kind = headers.get("Content-Type", "")
    if answer.status not in (204, 304) and not answer.location and not kind:
        found.append("no content type")
    if kind.startswith("text/") and "charset=utf-8" not in kind.lower():
        found.append(f"no charset: {kind}")
    if kind.startswith("text/html") and not {"hx-request", "cookie"} <= set(
        re.split(r",\s*", headers.get("Vary", "").lower())
    ):
        found.append(f"Vary: {headers.get('Vary')!r}")
    for name in ("Server", "X-Powered-By"):
        if "werkzeug" in headers.get(name, "").lower() or "python" in headers.get(name, "").lower():
            found.append(f"{name} tells versions")
    for cookie in headers.getlist("Set-Cookie"):
        if "HttpOnly" not in cookie or "SameSite" not in cookie:
            found.append(f"cookie {cookie.split('=')[0]} lacks HttpOnly or SameSite")
    return found


def test_https_is_insisted_on(scratch):
    """Where the portal is reached by https, cookies go by nothing else, and browsers remember that."""
    config = TestConfig(scratch / "https", f"sqlite:///{scratch / 'https.sqlite3'}")
    config.BASE_URL, config.SESSION_COOKIE_SECURE = "https://ritm.example", True
    answer = create_app(config).test_client().get("/sign-in", base_url="https://ritm.example")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie"))
