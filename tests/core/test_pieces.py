"""Pieces of the frame are drawn once for each of what they say: nobody's frame is another's, none is old."""

import re
from pathlib import Path

import pytest
from sqlalchemy import update

from app.extensions import db
from app.people.models import Person, Store

TEMPLATES = Path(__file__).resolve().parents[2] / "app" / "templates"
ASKED = re.compile(r'piece\("([^"]+)"')
INCLUDED = re.compile(r'{%-? include "([^"]+)"')
# What differs from reader to reader or from request to request; a piece may only be told of it by its values.
FOREIGN = re.compile(
    r"\b(current_user|request|session|g|csrf_token|get_flashed_messages|places|nonce|ago|full_date)\b[.(|]|\|\s*ago"
)


def test_pieces_know_nothing_but_their_values():
    asked = {name for path in TEMPLATES.rglob("*.html") for name in ASKED.findall(path.read_text())}
    assert asked
    for name in with_included(asked):
        text = re.sub(r"{#.*?#}", "", (TEMPLATES / name).read_text(), flags=re.S)
        for code in re.findall(r"{[{%](.*?)[%}]}", text, flags=re.S):
            assert not FOREIGN.search(code), f"{name} is drawn once for many: {code}"


def test_everybody_sees_his_own_frame(portal):
    cast = portal.cast
    for _round in range(2):
        for person in (cast.ann, cast.bob, cast.vera, cast.root):
            page = portal.client(person).get("/more").text
            names = {other.name for other in (cast.ann, cast.bob, cast.vera, cast.root) if other.name in page}
            assert names == {person.name}
            assert ("/admin/log" in page) == (person is cast.root)
            assert page.count('aria-current="page"') == 1


@pytest.mark.parametrize("change", ["name", "store", "language"])
def test_a_change_is_in_the_frame_at_once(portal, change):
    client = portal.client(portal.cast.ann)
    before = client.get("/more").text
    words = {"name": "Зинаида", "store": "Новая Радуга", "language": "Sign out"}[change]
    assert words not in before
    if change == "language":
        client.post("/language", {"language": "en"})
    else:
        table = Person if change == "name" else Store
        row = portal.cast.ann.id if change == "name" else portal.cast.ann.store_id
        field = "first_name" if change == "name" else "name"
        portal.run(lambda: db.session.execute(update(table).where(table.id == row).values({field: words})))
    assert words in client.get("/more").text


def test_signing_out_stands_on_every_page(portal):
    page = portal.client(portal.cast.ann).get("/").text
    assert 'form="act" formaction="/sign-out"' in page and '<form id="act" method="post"' in page


def with_included(names):
    """Return templates with all that they include."""
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += INCLUDED.findall((TEMPLATES / name).read_text())
    return found
