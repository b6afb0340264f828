"""Errors are answered in the reader's words, whatever broke: as a page, a fragment, at worst as two lines of text."""

from __future__ import annotations

import re

import pytest
from flask import abort
from jinja2 import DictLoader
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app import create_app
from app.content.models import Draft
from app.guard import public
from tests.conftest import Client, TestConfig
from tests.servers import free_port

SECRET = "kirschwasser-4711"


@pytest.fixture(params=["sqlite", "away"])
def broken(request, scratch, tmp_path):
    """Return a portal with addresses that break on purpose; once on an empty database, once with none at all."""
    address = f"sqlite:///{tmp_path / 'ritm.sqlite3'}"
    if request.param == "away":
        address = f"postgresql+psycopg://ritm@127.0.0.1:{free_port()}/none"
    app = create_app(TestConfig(tmp_path, address))

    @app.route("/break/<int:code>", methods=["GET", "POST"], endpoint="break")
    @public
    def broken_view(code):
        if code == 500:
            raise ZeroDivisionError(SECRET)
        if code == 503:
            raise OperationalError(f"SELECT {SECRET}", {}, Exception("database is locked"))
        abort(code)

    return app


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 501, 503])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_and_fragments(broken, code, language):
    client = broken.test_client()
    with client.session_transaction() as session:
        session["language"] = language
    page = client.get(f"/break/{code}")
    text = page.get_data(as_text=True)
    assert page.status_code == code
    assert page.content_type.startswith("text/html")
    assert f'<html lang="{language}"' in text and text.count("<h1") == 1
    assert SECRET not in text and "Traceback" not in text
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", text)[1]
    assert bool(re.search("[а-яё]", heading)) == (language == "ru")
    fragment = client.get(f"/break/{code}", headers={"HX-Request": "true"})
    assert fragment.status_code == code
    assert "<html" not in fragment.get_data(as_text=True) and heading in fragment.get_data(as_text=True)
    assert fragment.headers["HX-Retarget"] == "#notices"
    for answer in (page, fragment):
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]
        assert (answer.headers.get("Retry-After") is not None) == (code == 503)


@pytest.mark.parametrize("broken", ["sqlite"], indirect=True)
@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("code", [404, 500, 503])
def test_last_words(broken, code, htmx):
    """When not even the page of errors can be drawn, two lines of text remain, with the same status and headers."""
    broken.jinja_env.cache.clear()
    broken.jinja_env.loader = DictLoader({})
    answer = broken.test_client().get(f"/break/{code}", headers={"HX-Request": "true"} if htmx else {})
    assert answer.status_code == code
    assert re.search("[а-яё]", answer.get_data(as_text=True))
    assert SECRET not in answer.get_data(as_text=True)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_without_a_database_every_page_says_so(broken, request):
    if "away" not in request.node.callspec.params["broken"]:
        return
    client = broken.test_client()
    health = client.get("/health")
    assert health.status_code == 503 and health.json["reason"]
    client = Client(broken, "a token of somebody")
    assert re.search("[а-яё]", client.get("/no-such-page").text)
    for answer in (client.get("/"), client.post("/drafts", {"form": "/posts", "body": "x"})):
        assert answer.status == 503, answer.status
        assert answer.headers["Retry-After"]
        assert re.search("[а-яё]", answer.text)
    assert client.get("/manifest.webmanifest").status == 200


def test_methods_and_sizes(portal):
    client = portal.client(portal.cast.ann)
    for method in ("put", "delete", "patch"):
        answer = getattr(client.raw, method)("/")
        assert answer.status_code in (400, 405)
    wrong = client.raw.get("/sign-out")
    assert wrong.status_code == 405 and "POST" in wrong.headers["Allow"]
    assert re.search("[а-яё]", wrong.get_data(as_text=True))
    large = client.post("/drafts", {"form": "/posts", "body": "ж" * (2 << 20)})
    assert large.status == 413 and re.search("<h1>[А-ЯЁ]", large.text)
    lying = client.raw.post("/drafts", headers={"Content-Length": str(1 << 40)}, input_stream=None, data=b"")
    assert lying.status_code in (400, 413)


def test_many_parts_are_refused(portal):
    client = portal.client(portal.cast.ann)
    fields = {"form": "/posts", "body": "Черновик", "audience": ["everybody"] * 5000}
    answer = client.post("/drafts", fields, content_type="multipart/form-data")
    assert answer.status == 413 and re.search("<h1>[А-ЯЁ]", answer.text)
    assert portal.count(Draft) == 0
    # In the plain form, which is held to its bytes, so many are kept as so few.
    assert client.post("/drafts", fields).status == 204
    assert len(portal.one(select(Draft.fields))["audience"]) == 60


def test_unknown_addresses_tell_strangers_nothing(world):
    """Whether something exists is nobody's business who is not signed in: what is there answers as what is not."""
    client = world.portal.client()
    thing = world.things["ann"]
    width = f"{thing.width}.webp"
    pairs = [
        (f"/people/{thing.person}", "/people/987654321"),
        (f"/posts/{thing.post}", "/posts/987654321"),
        (f"/photos/{thing.photo}-{width}", f"/photos/{'0' * 32}-{width}"),
    ]
    for pair in pairs:
        told = [(answer.status, answer.location.replace(at, "")) for at in pair for answer in [client.get(at)]]
        assert told[0] == told[1] and told[0][1].startswith("/sign-in"), pair
