"""Nothing that comes from outside sends the reader away: neither `next`, nor Host, nor forwarding headers, nor Referer."""

from __future__ import annotations

import re
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import pytest

from app.hx import safe_path
from tests.guard.world import form_of, on_sqlite

APP = Path(__file__).resolve().parent.parent.parent / "app"
WAYS_OUT = (
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "//[::1]",
    "http:evil.example", "javascript:alert(1)", "data:text/html,x", "/\t/evil.example", "/\n/evil.example", "http://[",
    " //evil.example", "\x00//evil.example", "https:///evil.example", "//evil.example/%2f..", "/%09/evil.example",
    "/../..//evil.example", "//google.com@evil.example", "/%5cevil.example", "//evil。example", "/.//evil.example",
    "evil.example", "?next=//evil.example", "/\ud800",
)  # fmt: skip
HOSTS = ("evil.example", "evil.example:8000", "portal.example@evil.example", "localhost\x00evil.example", "[::1", "..", "")
FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "javascript",
    "X-Forwarded-Prefix": "//evil.example",
    "X-Forwarded-For": "127.0.0.1",
    "Forwarded": "host=evil.example;proto=https",
    "X-Original-URL": "/admin",
    "X-Rewrite-URL": "/admin",
    "X-HTTP-Method-Override": "POST",
    "Referer": "https://evil.example/",
    "HX-Current-URL": "https://evil.example/",
}


def leads_out(location: str) -> bool:
    """Tell whether a browser would leave the portal for an address."""
    plain = re.sub(r"[\t\r\n]", "", location.strip("\x00 ")).replace("\\", "/")
    return bool(plain) and (not plain.startswith("/") or plain.startswith("//"))


@on_sqlite
@pytest.mark.parametrize("role", ["employee", "admin", "stranger"])
def test_next_never_leads_out(world, role):
    """Each form is tried with a few of the ways, all forms together with all of them; `safe_path` below with each."""
    ways = cycle(WAYS_OUT)
    for ask in world.asks(role, ("POST",)):
        for way, htmx in ((next(ways), False), (next(ways), True), ("//evil.example", False)):
            client = world.client(role, htmx)
            answer = client.post(ask.own, {**form_of(ask.endpoint), "next": way.encode("utf-8", "surrogatepass")})
            assert not leads_out(answer.location), f"POST {ask.own} with next={way!r} leads to {answer.location}"
            assert answer.status < 500, f"POST {ask.own} with next={way!r}: {answer.status}"
        world.restore()
    for ask in world.asks(role, ("GET",)):
        for way in (next(ways), "//evil.example"):
            answer = world.client(role).get(ask.own + f"?next={quote(way, errors='surrogatepass')}")
            assert not leads_out(answer.location), f"GET {ask.own} with next={way!r} leads to {answer.location}"
            assert answer.status < 500


@on_sqlite
@pytest.mark.parametrize("way", WAYS_OUT, ids=[repr(way)[1:-1] for way in WAYS_OUT])
def test_signing_in_never_leads_out(world, way):
    """The addresses that a letter could carry: all ways, before and after signing in."""
    given = quote(way, errors="surrogatepass")
    for role in ("stranger", "employee"):
        for path in ("/sign-in", "/terminal", "/i"):
            answer = world.client(role).get(f"{path}?next={given}")
            assert not leads_out(answer.location) and answer.status < 500
        answer = world.client(role).post("/language", {"language": "en", "next": way.encode("utf-8", "surrogatepass")})
        assert answer.status == 303 and not leads_out(answer.location)


@pytest.mark.parametrize("way", WAYS_OUT[:-1], ids=[repr(way)[1:-1] for way in WAYS_OUT[:-1]])
def test_safe_path_knows_its_own(way):
    kept = safe_path(way)
    assert kept is None or not leads_out(kept)


@on_sqlite
@pytest.mark.parametrize("host", HOSTS, ids=repr)
def test_host_reaches_no_page(world, host):
    for role in ("stranger", "employee"):
        for ask in world.asks(role, ("GET",)):
            if role == "employee" and host != HOSTS[0] and ask.endpoint not in ("feed.index", "profile.show"):
                continue
            answer = world.client(role).raw.get(ask.own, headers={"Host": host})
            assert answer.status_code < 500, f"GET {ask.own} with Host {host!r}: {answer.status_code}"
            assert b"evil.example" not in answer.get_data(), f"GET {ask.own}: the host stands in the page"
            assert "evil.example" not in (answer.headers.get("Location") or "")


@on_sqlite
def test_forwarding_headers_are_not_believed(world):
    """Without RITM_PROXIES nobody stands before the portal, so whoever sends them made them up."""
    for role in ("stranger", "employee"):
        for ask in world.asks(role, ("GET",)):
            plain, told = world.client(role).get(ask.own), world.client(role).get(ask.own, headers=FORWARDED)
            assert told.status == plain.status
            assert b"evil.example" not in told.response.get_data(), f"GET {ask.own}"
            assert not leads_out(told.location)


def test_absolute_addresses_are_made_in_one_place():
    """Links for letters and QR codes come from the setting RITM_BASE_URL, never from what a request says of its host."""
    wrong = [
        f"{path.relative_to(APP.parent)}:{number}"
        for path in sorted([*APP.rglob("*.py"), *APP.rglob("*.html")])
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"request\.(host_url|url_root|base_url|url)\b|_external=True", line)
    ]
    assert len({place.split(":")[0] for place in wrong}) <= 1, f"absolute addresses: {wrong}"
