"""The pill: nothing, something, nothing further; it counts what one may see and keeps nobody signed in."""

from datetime import timedelta

from sqlalchemy import select

from app.database import move_clock
from app.people.sessions import SignIn
from tests.content.making import own_store, post

POLL = {"X-Poll": "1", "HX-Request": "true"}


def since(client):
    """Return the address that the stream's page polls."""
    return client.get("/").text.split('data-address="')[1].split('"')[0]


def test_nothing_then_something_then_no_more(portal):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.vera)
    address = since(client)
    assert client.get(address, headers=POLL).status == 204
    post(portal, portal.cast.ann)
    answer = client.get(address, headers=POLL)
    assert answer.status == 200
    assert "1 новая запись" in answer
    again = client.get(address, headers={**POLL, "If-None-Match": answer.headers["ETag"]})
    assert again.status == 304
    assert not again.text
    post(portal, portal.cast.bob)
    assert client.get(address, headers={**POLL, "If-None-Match": answer.headers["ETag"]}).status == 200


def test_in_an_empty_stream_the_first_post_is_news(portal):
    client = portal.client(portal.cast.vera)
    address = since(client)
    post(portal, portal.cast.ann)
    assert client.get(address, headers=POLL).status == 200


def test_ones_own_and_foreign_posts_are_no_news(portal):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.vera)
    address = since(client)
    post(portal, portal.cast.vera)
    post(portal, portal.cast.ann, audience=own_store(portal.cast.ann))
    assert client.get(address, headers=POLL).status == 204


def test_the_count_ends_at_twenty(portal):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.vera)
    address = since(client)
    for _ in range(22):
        post(portal, portal.cast.ann)
    assert "Больше 20 новых записей" in client.get(address, headers=POLL)


def test_senseless_positions_bring_nothing(portal):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.vera)
    for text in ("", "x", "%00", "20250101"):
        assert client.get(f"/posts/news?since={text}", headers=POLL).status == 204


def test_polling_keeps_nobody_signed_in(portal):
    client = portal.client(portal.cast.bob, terminal=portal.terminal(portal.cast.bob.store_id))
    address = since(client)
    seen = portal.rows(select(SignIn.seen_at))
    move_clock(timedelta(minutes=1))
    client.get(address, headers=POLL)
    assert portal.rows(select(SignIn.seen_at)) == seen
    move_clock(timedelta(minutes=5))
    assert "/sign-in" in client.get(address, headers=POLL).location
