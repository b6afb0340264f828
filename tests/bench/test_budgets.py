"""What can be counted of the README's numbers: bytes, requests, elements, photos, queries. Times are `./run bench`'s."""

from __future__ import annotations

import re
import zlib

import pytest

from bench.measures import PAGES

KIB = 1024
# What an answer's headers take on the wire, about.
HEADERS = 700
# By itself a browser also asks for these.
BESIDES = 1
CLOSED = re.compile(r"<(?!/|!)[a-z]")


@pytest.fixture
def page(company):
    """Return the first page of the stream as it goes over the wire."""
    answer = company.as_("seller").get("/", headers={"Accept-Encoding": "gzip"})
    html = zlib.decompress(answer.response.data, wbits=31).decode()
    assert html.count("<article") == 20
    return html, len(answer.response.data) + HEADERS


def test_the_page_is_light(company, page):
    html, size = page
    sizes = {kind: wire(company, re.findall(rf'(?:href|src)="(/[^"#?]+\.{kind})"', html)) for kind in ("css", "js", "svg")}
    sizes["svg"] = wire(company, set(re.findall(r'href="(/assets/icons[^"#]+)#', html)))
    sizes["rest"] = wire(company, ["/favicon.ico", "/manifest.webmanifest"])
    assert size <= 14 * KIB
    assert sizes["css"] <= 12 * KIB
    assert sizes["js"] <= 16 * KIB
    assert size + sum(sizes.values()) <= 45 * KIB, sizes


def test_the_page_asks_for_little_else(page):
    html, _size = page
    asked = set(re.findall(r'<link[^>]+rel="(?:stylesheet|icon|manifest)"[^>]+href="([^"]+)"', html))
    asked |= set(re.findall(r'<script[^>]+src="([^"]+)"', html)) | set(re.findall(r'href="(/assets/icons[^"#]+)#', html))
    assert 1 + len(asked) <= 8, asked


def test_the_page_has_few_elements(page):
    html, _size = page
    assert len(CLOSED.findall(html)) <= 900


def test_photos_are_small_lazy_and_have_their_size(company, page):
    html, _size = page
    images = re.findall(r"<img[^>]*>", html)
    assert images
    client = company.as_("seller")
    for image in images:
        assert 'loading="lazy"' in image and "width=" in image and "height=" in image, image
        address = re.search(r'src="([^"]+)"', image)[1]
        answer = client.get(address)
        assert answer.status == 200 and answer.headers["Content-Type"] == "image/webp", address
        assert len(answer.response.data) <= 60 * KIB, address


@pytest.mark.parametrize("drawn", [False, True])
def test_the_stream_asks_the_database_at_most_eight_times(company, drawn):
    client = company.as_("seller")
    client.get("/")
    if not drawn:
        company.forget_cards()
    assert 0 < questions(company, client, "/") <= 8


@pytest.mark.parametrize("name", PAGES)
def test_other_pages_ask_at_most_twelve_times(company, name):
    login, path = PAGES[name]
    client = company.as_(login)
    company.forget_cards()
    assert 0 < questions(company, client, path.format(**company.places)) <= 12


@pytest.mark.parametrize("verb", ["like", "thank", "keep", "comments"])
def test_an_act_brings_little_back(company, verb):
    client = company.as_("seller", htmx=True)
    body = {"body": "Спасибо, попробуем у себя."}
    answer = client.post(f"/posts/{company.places['post']}/{verb}", body, headers={"Accept-Encoding": "gzip"})
    assert answer.status == 200
    assert len(answer.response.data) + HEADERS <= 3 * KIB


def wire(company, addresses):
    """Return how many bytes these files take on the wire."""
    client = company.as_("seller")
    answers = [client.get(address, headers={"Accept-Encoding": "gzip"}) for address in addresses]
    assert all(answer.status == 200 for answer in answers)
    return sum(len(answer.response.data) + HEADERS for answer in answers)


def questions(company, client, path):
    """Count the statements that a page sends to the database."""
    with company.queries() as sent:
        assert client.get(path).status in (200, 204)
    return len([statement for statement in sent if not statement.startswith("BEGIN")])
