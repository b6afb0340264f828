"""Liking, thanking and keeping: exactly once per person, seen in the counts, closed to whoever does not see the post."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app.activity import Activity
from app.content.models import Bookmark, Entry, Reaction
from tests.content.making import own_store, post, without_tokens

COUNTS = {"like": Entry.like_count, "thank": Entry.thanks_count}


@pytest.mark.parametrize("verb", ["like", "thank"])
def test_it_counts_once_and_can_be_taken_back(portal, htmx, verb):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.vera, htmx)
    for _ in range(2):
        answer = client.post(f"/posts/1/{verb}", {"next": "/"})
        assert answer.status == (200 if htmx else 303)
    assert portal.one(select(COUNTS[verb])) == 1
    assert portal.count(Reaction) == 1
    if htmx:
        assert 'aria-pressed="true"' in answer
        assert len(answer.text.encode()) < 3072
    else:
        assert answer.location == "/#post-1"
    for _ in range(2):
        client.post(f"/posts/1/un{verb}")
    assert portal.one(select(COUNTS[verb])) == 0
    verbs = [row.verb for row in portal.rows(select(Activity.verb).order_by(Activity.id).offset(1))]
    assert verbs == (["post.liked", "post.unliked"] if verb == "like" else ["post.thanked", "post.unthanked"])


def test_the_same_like_thirty_times_at_once_is_one(portal):
    post(portal, portal.cast.ann)
    clients = [portal.client(portal.cast.vera, htmx=True) for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda n: clients[n % 10].post("/posts/1/like").status, range(30)))
    assert set(answers) == {200}
    assert portal.one(select(Entry.like_count)) == portal.count(Reaction) == 1
    assert portal.count(Activity, Activity.verb == "post.liked") == 1


def test_likes_of_many_at_once_are_all_counted(portal):
    post(portal, portal.cast.ann)
    people = [portal.cast.bob, portal.cast.vera, portal.cast.ivan, portal.cast.dina, portal.cast.ed, portal.cast.hana]
    clients = [portal.client(person) for person in people]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda client: client.post("/posts/1/like"), clients))
    assert portal.one(select(Entry.like_count)) == portal.count(Reaction) == 6


def test_nobody_thanks_himself(portal, htmx):
    post(portal, portal.cast.ann)
    answer = portal.client(portal.cast.ann, htmx).post("/posts/1/thank")
    assert answer.status == 422
    assert "спасибо за неё скажут другие" in answer
    assert portal.count(Reaction) == 0
    page = portal.client(portal.cast.ann).get("/")
    assert 'formaction="/posts/1/like"' not in page


def test_keeping_is_nobody_elses_business(portal, htmx):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.vera, htmx)
    client.post("/posts/1/keep")
    client.post("/posts/1/keep")
    assert portal.count(Bookmark) == 1
    assert portal.count(Activity) == 1  # that of the post alone
    assert "Новая витрина" in portal.client(portal.cast.vera).get("/bookmarks")
    assert "Новая витрина" not in portal.client(portal.cast.ann).get("/bookmarks")
    client.post("/posts/1/unkeep")
    assert portal.count(Bookmark) == 0


def test_bookmarks_go_out_of_sight_with_their_post(portal):
    post(portal, portal.cast.ann)
    portal.client(portal.cast.vera).post("/posts/1/keep")
    portal.client(portal.cast.ann).post("/posts/1", {"body": "Только нам", "audience": list(own_store(portal.cast.ann))})
    assert "Только нам" not in portal.client(portal.cast.vera).get("/bookmarks")


def test_who_reacted_is_told_by_name_to_whoever_sees_the_post(portal, htmx):
    post(portal, portal.cast.ann, audience=own_store(portal.cast.ann))
    portal.client(portal.cast.bob).post("/posts/1/like")
    portal.client(portal.cast.dina).post("/posts/1/thank")
    answer = portal.client(portal.cast.ann, htmx).get("/posts/1/reactions")
    assert "Борис Борисов" in answer
    assert "Дина Директорова" in answer
    assert portal.client(portal.cast.vera, htmx).get("/posts/1/reactions").status == 404


def test_what_does_not_exist_looks_like_what_is_foreign(portal, htmx):
    post(portal, portal.cast.ann, audience=own_store(portal.cast.ann))
    client = portal.client(portal.cast.vera, htmx)
    foreign, missing = client.post("/posts/1/like"), client.post("/posts/999/like")
    assert foreign.status == missing.status == 404
    assert without_tokens(foreign) == without_tokens(missing)
