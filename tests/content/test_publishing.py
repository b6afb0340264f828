"""Deleting, undoing and pinning: by whom, how long, how many, and what others see meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from app.content.models import Entry
from app.content.publishing import MAX_PINS
from app.database import move_clock
from app.people.models import Change
from tests.content.making import own_store, post


def test_a_post_is_deleted_and_comes_back(portal, htmx):
    post(portal, portal.cast.ann)
    own = portal.client(portal.cast.ann, htmx)
    answer = own.post("/posts/1/delete")
    assert answer.status == (200 if htmx else 303)
    assert "/posts/1/undelete" in (answer if htmx else own.get(answer.location))
    assert portal.client(portal.cast.bob).get("/posts/1").status == 404
    assert "Новая витрина" not in portal.client(portal.cast.bob).get("/")
    own.post("/posts/1/delete")
    own.post("/posts/1/undelete")
    own.post("/posts/1/undelete")
    assert "Новая витрина" in portal.client(portal.cast.bob).get("/")


def test_after_a_day_it_is_too_late(portal, htmx):
    post(portal, portal.cast.ann)
    own = portal.client(portal.cast.ann, htmx)
    own.post("/posts/1/delete")
    move_clock(timedelta(hours=25))
    own = portal.client(portal.cast.ann, htmx)
    assert own.post("/posts/1/undelete").status == 422
    assert portal.client(portal.cast.bob).get("/posts/1").status == 404


def test_only_the_author_deletes(portal, htmx):
    post(portal, portal.cast.ann)
    for who in (portal.cast.bob, portal.cast.dina, portal.cast.ed, portal.cast.root):
        client = portal.client(who, htmx)
        assert client.post("/posts/1/delete").status == 403
        assert client.post("/posts/1/undelete").status == 403
        assert "/posts/1/delete" not in client.get("/posts/1/menu")
    portal.client(portal.cast.ann).post("/posts/1/delete")
    assert portal.client(portal.cast.bob, htmx).post("/posts/1/undelete").status == 404


def test_what_is_pinned_stands_on_top_and_once(portal, htmx):
    for number in range(25):
        post(portal, portal.cast.ann, f"Запись {number}")
    portal.client(portal.cast.ed, htmx).post("/posts/1/pin")
    reader = portal.client(portal.cast.vera)
    first = reader.get("/")
    assert first.text.index('id="post-1"') < first.text.index('id="post-25"')
    assert "Закреплено" in first
    older = first.text.split('href="/?before=')[1].split('"')[0]
    assert 'id="post-1"' not in reader.get(f"/?before={older}")
    portal.client(portal.cast.ed, htmx).post("/posts/1/unpin")
    assert 'id="post-1"' not in reader.get("/")
    assert [row.verb for row in portal.rows(select(Change.verb).order_by(Change.id))] == ["entry.pinned", "entry.unpinned"]


def test_only_editors_pin(portal, htmx):
    post(portal, portal.cast.ann)
    for who in (portal.cast.ann, portal.cast.dina, portal.cast.hana, portal.cast.root):
        assert portal.client(who, htmx).post("/posts/1/pin").status == 403
    assert portal.one(select(Entry.pinned_at)) is None


def test_the_oldest_pin_makes_room(portal, htmx):
    client = portal.client(portal.cast.ed, htmx)
    for number in range(1, MAX_PINS + 3):
        post(portal, portal.cast.ann)
        client.post(f"/posts/{number}/pin")
    pinned = portal.rows(select(Entry.id).where(Entry.pinned_at.is_not(None)).order_by(Entry.id))
    assert pinned == [(number,) for number in range(3, MAX_PINS + 3)]


def test_pins_at_once_stay_within_their_number(portal):
    for _ in range(8):
        post(portal, portal.cast.ann)
    clients = [portal.client(portal.cast.ed) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: clients[n].post(f"/posts/{n + 1}/pin").status, range(8)))
    assert set(answers) == {303}
    assert portal.count(Entry, Entry.pinned_at.is_not(None)) == MAX_PINS


def test_a_pin_reaches_nobody_else(portal):
    post(portal, portal.cast.ann, audience=("city:1",))
    portal.client(portal.cast.ed).post("/posts/1/pin")
    assert "Новая витрина" not in portal.client(portal.cast.vera).get("/")


def test_the_menu_offers_what_one_may(portal, htmx):
    post(portal, portal.cast.ann, audience=own_store(portal.cast.ann))
    own = portal.client(portal.cast.ann, htmx).get("/posts/1/menu")
    assert "/posts/1/edit" in own
    assert "/posts/1/report" not in own
    other = portal.client(portal.cast.bob, htmx).get("/posts/1/menu")
    assert "/posts/1/report" in other
    assert "/posts/1/edit" not in other
    assert "/posts/1/pin" not in other


def test_on_its_own_page_a_post_stays_whole(portal):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.ed, htmx=True)
    on_page = {"HX-Current-URL": "http://localhost/posts/1?comment=3#comment-3"}
    assert client.post("/posts/1/pin", headers=on_page).location == "/posts/1"
    assert 'id="post-1"' in client.post("/posts/1/unpin", headers={"HX-Current-URL": "http://localhost/"})


def test_all_posts_hold_what_is_pinned(portal):
    post(portal, portal.cast.ann)
    portal.client(portal.cast.ed).post("/posts/1/pin")
    assert "Новая витрина" in portal.client(portal.cast.vera).get("/posts")
