"""Changing a post: marked, by its author alone, with a new audience at once."""

from sqlalchemy import select

from app.content.models import Draft, Entry
from tests.content.making import comment, own_store, post


def change(client, body="Исправлено", **more):
    return client.post("/posts/1", {"body": body, "audience": "everybody", **more})


def test_a_change_is_marked(portal, htmx):
    post(portal, portal.cast.ann)
    answer = change(portal.client(portal.cast.ann, htmx))
    assert answer.location == "/posts/1"
    page = portal.client(portal.cast.vera).get("/")
    assert "Исправлено" in page
    assert "изменено" in page
    assert "Новая витрина" not in page


def test_only_the_author_changes(portal, htmx):
    post(portal, portal.cast.ann)
    for who in (portal.cast.bob, portal.cast.dina, portal.cast.ed, portal.cast.root):
        client = portal.client(who, htmx)
        assert client.get("/posts/1/edit").status == 403
        assert change(client).status == 403
    assert portal.one(select(Entry.body)) == "Новая витрина"


def test_a_narrower_audience_counts_at_once(portal, htmx):
    post(portal, portal.cast.ann)
    comment(portal, portal.cast.vera, 1)
    change(portal.client(portal.cast.ann, htmx), audience=list(own_store(portal.cast.ann)))
    vera = portal.client(portal.cast.vera, htmx)
    assert vera.get("/posts/1").status == 404
    assert vera.get("/comments/1").status == 404
    assert "Видят: " in portal.client(portal.cast.bob).get("/")


def test_what_is_refused_changes_nothing(portal, htmx):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.ann, htmx)
    for fields in ({"body": ""}, {"audience": ""}, {"body": "ы" * 10_001}, {"audience": "city:999"}):
        assert change(client, **fields).status == 422, fields
    assert portal.rows(select(Entry.body, Entry.edited_at, Entry.version)) == [("Новая витрина", None, 1)]


def test_the_form_begins_with_the_post_or_its_draft(portal):
    post(portal, portal.cast.ann, "Как было", own_store(portal.cast.ann))
    client = portal.client(portal.cast.ann)
    page = client.get("/posts/1/edit")
    assert "Как было" in page
    assert f'value="store:{portal.cast.ann.store_id}" checked' in page
    client.post("/drafts", {"form": "/posts/1", "body": "Как будет"})
    assert "Как будет" in client.get("/posts/1/edit")
    change(client)
    assert portal.count(Draft) == 0


def test_extra_fields_have_no_effect(portal):
    post(portal, portal.cast.ann)
    extra = {
        "author_id": "2",
        "store_id": "2",
        "pinned_at": "2026-01-01",
        "like_count": "9",
        "kind": "idea",
        "hidden_at": "1",
    }
    change(portal.client(portal.cast.ann), **extra)
    columns = (Entry.author_id, Entry.store_id, Entry.pinned_at, Entry.like_count, Entry.kind, Entry.hidden_at)
    assert portal.rows(select(*columns)) == [(portal.cast.ann.id, portal.cast.ann.store_id, None, 0, "post", None)]
