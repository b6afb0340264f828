"""Answers are compressed for whoever takes it, and their lengths and bytes do not give the forms' token away."""

import gzip
import re

import pytest

from app.compression import SMALLEST

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def test_pages_are_compressed_for_whoever_takes_it(portal):
    client = portal.client(portal.cast.ann)
    plain, packed = client.get("/"), client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.response.data) < len(plain.response.data) / 2
    assert TOKEN.sub("", gzip.decompress(packed.response.data).decode()).count("<article") == plain.text.count("<article")


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0"])
def test_nothing_is_compressed_for_whoever_does_not(portal, accepted):
    answer = portal.client(portal.cast.ann).get("/", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert "<html" in answer


def test_small_answers_and_pictures_stay_as_they_are(portal):
    client = portal.client()
    for path in ("/health", "/favicon.ico", "/static/brand/icon-192.png"):
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.status == 200
        assert "Content-Encoding" not in answer.headers
    assert len(client.get("/health").response.data) < SMALLEST


def test_the_head_of_a_page_says_what_the_page_would(portal):
    client = portal.client(portal.cast.ann)
    answer = client.raw.head("/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip" and not answer.data


def test_lengths_differ_for_the_same_page(portal):
    client = portal.client()
    lengths = {len(client.get("/sign-in", headers={"Accept-Encoding": "gzip"}).response.data) for _ in range(30)}
    assert len(lengths) > 10


def test_the_token_is_never_written_twice_and_always_good(portal, htmx):
    client = portal.client(portal.cast.ann, htmx=htmx)
    first, second = (TOKEN.search(client.get("/more").text)[1] for _ in range(2))
    assert first != second
    for token in (first, second, client.csrf):
        assert client.raw.post("/language", data={"csrf_token": token, "language": "ru"}).status_code in (200, 303)
        assert client.raw.post("/language", data={"language": "ru"}, headers={"X-CSRFToken": token}).status_code in (
            200,
            303,
        )


def test_one_answer_writes_the_token_one_way(portal):
    page = portal.client(portal.cast.ann).get("/more").text
    assert len(set(TOKEN.findall(page))) == 1
    assert TOKEN.search(page)[1] in re.search(r"hx-headers:inherited='([^']+)'", page)[1]


@pytest.mark.parametrize("change", ["other browser", "flipped", "cut", "longer", "no token"])
def test_a_wrong_token_is_refused(portal, change):
    client = portal.client(portal.cast.ann)
    token = TOKEN.search(client.get("/more").text)[1]
    wrong = {
        "other browser": TOKEN.search(portal.client(portal.cast.bob).get("/more").text)[1],
        "flipped": ("A" if token[0] != "A" else "B") + token[1:],
        "cut": token[:-4],
        "longer": token + "AAAA",
        "no token": "я" * 56,
    }[change]
    assert client.raw.post("/language", data={"csrf_token": wrong, "language": "ru"}).status_code == 400
