"""Whatever stands in a field, an address or a cookie: a page or a sentence comes back within a second, never a 500."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.guard.forms import forms_in, is_only_a_button, query_names
from tests.guard.world import ROLES, is_public, on_sqlite

APP = Path(__file__).resolve().parent.parent.parent / "app"
# As bytes on the wire.
SHORT = {
    "NUL": b"a\x00b",
    "only NUL": b"\x00",
    "lone surrogate": b"a\xed\xa0\x80b",
    "invalid UTF-8": b"\xff\xfe\xc3\x28",
    "overlong": b"\xc0\xaf..\xc0\xaf",
    "right to left": "\u202eалло\u2066\u200f\u061c".encode(),
    "zalgo": ("з" + "\u0300\u0489\u0336" * 400).encode(),
    "emoji": "👩🏽‍🚒🏳️‍🌈🧿\U000e0061\U0010ffff".encode(),
    "long emoji": ("👨‍👩‍👧‍👦" * 300).encode(),
    "markup": b"<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}${7*7}%(name)s%s",
    "query": b"'; DROP TABLE person; --\\%_",
    "line ends": b"a\r\nSet-Cookie: x=1\r\n\r\n\x85\xe2\x80\xa8b",
    "number": b"99999999999999999999999999",
    "negative": b"-1",
    "not a number": b"NaN",
    "odd digits": "１２３٤٥".encode(),
    "date": b"0000-99-99",
    "spaces": " \u00a0\u2003\u3000\t ".encode(),
    "a thousand": "ж".encode() * 1000,
}
LONG = {
    "10 MB": b"z" * (10 << 20),
    "closing": b">" * 1_000_000,
    "opening": b"[" * 1_000_000,
    "stars": b"*" * 1_000_000,
    "nested lists": b"- " * 400_000,
    "links": b"[a](b" * 190_000,
    "names": b"@A b" * 240_000,
    "accents": "\u0301".encode() * 500_000,
    "line ends": b"\n" * 1_000_000,
}
# What fields that nobody types into are tried with, and addresses.
FEW = ("NUL", "lone surrogate", "invalid UTF-8", "right to left", "markup", "number", "negative", "date", "line ends")
SECONDS = 1.0


def send(client, form, name, value, multipart=False):
    """Send a form as a browser of some sort might, with the token, and return status and seconds."""
    fields = [("csrf_token", client.csrf), *((n, v) for n, v in form.filled(name, value) if n != "csrf_token")]
    if multipart:
        mark = b"----0123456789"
        body = b"".join(
            b"--" + mark + b'\r\nContent-Disposition: form-data; name="' + n.encode() + b'"\r\n\r\n'
            + (v if isinstance(v, bytes) else v.encode()) + b"\r\n"
            for n, v in fields
        ) + b"--" + mark + b"--\r\n"  # fmt: skip
        kind = "multipart/form-data; boundary=" + mark.decode()
    else:
        body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
    begin = time.process_time()
    if form.method == "post":
        answer = client.raw.post(form.action, data=body, content_type=kind)
    else:
        answer = client.raw.get(form.action + "?" + urlencode(form.filled(name, value)))
    answer.get_data()
    return answer.status_code, time.process_time() - begin


def forms_of(world, role, beyond=None):
    """Return the forms that a role finds on its pages, each kind once, without those of another role."""
    found = {}
    for ask in world.asks(role, ("GET",)):
        answer = world.ask(world.client(role), ask)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            for form in forms_in(answer.text, ask.own):
                if not is_only_a_button(form):
                    found.setdefault((form.method, re.sub(r"\d+", "N", form.action), tuple(form.texts)), form)
    known = {(form.method, re.sub(r"\d+", "N", form.action)) for form in forms_of(world, beyond)} if beyond else set()
    return [form for (method, action, _), form in found.items() if (method, action) not in known]


# An administrator sees nearly every form, and PostgreSQL is the stricter one; the others try what only they see.
ON_BOTH = [
    ("sqlite", "stranger", None), ("sqlite", "employee", None), ("postgresql", "admin", None),
    ("postgresql", "stranger", "admin"), ("postgresql", "terminal", "admin"), ("postgresql", "director", "admin"),
    ("postgresql", "editor", "admin"), ("postgresql", "hr", "admin"),
]  # fmt: skip


@pytest.mark.parametrize(("app", "role", "beyond"), ON_BOTH, indirect=["app"])
def test_fields(world, role, beyond):
    """Every field of every form; on PostgreSQL too, which takes no NUL."""
    wrong = []
    for form in forms_of(world, role, beyond):
        for name in form.texts:
            for words in SHORT if name in form.typed else FEW:
                status, seconds = send(world.client(role), form, name, SHORT[words])
                if status >= 500 or seconds > SECONDS:
                    wrong.append(f"{form.method} {form.action}: {name} = {words}: {status} in {seconds:.1f} s")
        if world.is_sqlite:
            world.restore()
    assert not wrong, "\n".join(wrong)


@on_sqlite
@pytest.mark.parametrize(("role", "beyond"), [("stranger", None), ("admin", None), ("editor", "admin")])
def test_very_long_texts(world, role, beyond):
    wrong = []
    for form in forms_of(world, role, beyond):
        if form.method != "post":
            continue
        for words, value in LONG.items():
            # A line is cut before anybody looks into it; a text of many lines is read by parsers.
            for name in form.areas or form.typed[:1] if words in ("closing", "10 MB") or form.areas else ():
                status, seconds = send(world.client(role), form, name, value, multipart=True)
                if status >= 500 or seconds > SECONDS:
                    wrong.append(f"{form.action}: {name} = {words}: {status} in {seconds:.1f} s")
        status, seconds = send(world.client(role), form, form.texts[0], LONG["10 MB"])
        if status != 413 or seconds > SECONDS:
            wrong.append(f"{form.action}: 10 MB of a plain form: {status} in {seconds:.1f} s")
        world.restore()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("app", "role"), [("sqlite", "stranger"), ("sqlite", "employee"), ("postgresql", "admin")], indirect=["app"]
)
def test_addresses(world, role):
    """Queries and parts of addresses."""
    names = query_names({str(path): path.read_text() for path in APP.rglob("*.py")})
    wrong = []
    for ask in world.asks(role, ("GET",)):
        if role == "stranger" and not is_public(world.app, ask.endpoint):
            continue
        for words in FEW:
            value = SHORT[words]
            for address in (f"{ask.own}?{urlencode([(name, value) for name in names])}", _with_value(ask, value)):
                begin = time.process_time()
                answer = world.client(role, htmx=words == "NUL").raw.get(address)
                if answer.status_code >= 500 or time.process_time() - begin > SECONDS:
                    wrong.append(f"GET {address[:60]} with {words}: {answer.status_code}")
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def _with_value(ask, value):
    """Return the address of a request with its last part replaced."""
    return ask.own.rsplit("/", 1)[0] + "/" + quote(value)


@on_sqlite
@pytest.mark.parametrize("words", SHORT)
def test_cookies_and_headers(world, words):
    value = SHORT[words].decode("latin-1").replace("\r", "").replace("\n", "")
    for name in ("ritm", "terminal", "session", "remember_token"):
        client = world.client("stranger")
        client.raw.set_cookie(name, quote(value))
        for address in ("/", "/sign-in", "/terminal", "/health"):
            assert client.raw.get(address).status_code < 500
    client = world.client("employee")
    for name in (
        "User-Agent",
        "Accept-Language",
        "HX-Current-URL",
        "HX-Target",
        "If-None-Match",
        "Range",
        "X-Forwarded-For",
    ):
        assert client.raw.get("/sign-in", headers={name: value.replace("\x00", "")}).status_code < 500, name
        assert client.raw.get("/more", headers={name: value.replace("\x00", "")}).status_code < 500, name


@pytest.mark.parametrize("role", ROLES)
def test_every_role_finds_forms(world, role):
    """So that the tests above cannot pass by finding nothing."""
    assert forms_of(world, role)
