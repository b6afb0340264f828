"""Reading comments: by pages, from a link to one of them, and cheaply however many there are."""

import re
import time

from tests.content.making import comment, comments, post


def shown(page):
    """Return the ids of the comments on a page."""
    return [int(number) for number in re.findall(r'<div class="comment" id="comment-(\d+)"', page.text)]


def test_a_long_talk_is_read_backwards(portal):
    post(portal, portal.cast.ann)
    comments(portal, portal.cast.vera, 1, [f"Номер {number}" for number in range(45)])
    client = portal.client(portal.cast.bob)
    latest = client.get("/posts/1")
    assert shown(latest) == list(range(26, 46))
    earlier = client.get("/posts/1?before=26")
    assert shown(earlier) == list(range(6, 26))
    assert "?after=25" in earlier
    assert shown(client.get("/posts/1?after=25")) == list(range(26, 46))
    fragment = portal.client(portal.cast.bob, htmx=True).get("/posts/1/comments?before=6")
    assert shown(fragment) == [1, 2, 3, 4, 5]
    assert "?before=" not in fragment
    assert "?after=" not in fragment


def test_a_link_leads_to_a_comment_on_any_page(portal):
    post(portal, portal.cast.ann)
    comments(portal, portal.cast.vera, 1, [f"Номер {number}" for number in range(60)])
    client = portal.client(portal.cast.bob)
    assert client.get("/comments/20").location == "/posts/1?comment=20#comment-20"
    page = client.get("/posts/1?comment=20")
    assert 20 in shown(page)
    assert "?before=10" in page
    assert "?after=39" in page


def test_a_link_leads_to_an_answer_in_a_long_thread(portal):
    post(portal, portal.cast.ann)
    top = comment(portal, portal.cast.vera, 1)
    answers = comments(portal, portal.cast.bob, 1, [f"Ответ {number}" for number in range(12)], top)
    client = portal.client(portal.cast.ann)
    plain = client.get("/posts/1")
    assert shown(plain) == [top, *answers[-3:]]
    assert "Ещё 9 ответов раньше" in plain
    assert shown(client.get(f"/posts/1?comment={answers[4]}")) == [top, *answers[4:]]
    rest = portal.client(portal.cast.ann, htmx=True).get(f"/comments/{top}/replies?before={answers[-3]}")
    assert shown(rest) == answers[:-3]
    assert shown(client.get(f"/comments/{top}/replies")) == [top, *answers]


def test_three_hundred_comments_cost_what_three_do(portal):
    post(portal, portal.cast.ann)
    comments(portal, portal.cast.vera, 1, ["Раз", "Два", "Три"])
    client = portal.client(portal.cast.bob)
    client.get("/posts/1")
    with portal.queries() as few:
        client.get("/posts/1")
    top = comment(portal, portal.cast.vera, 1)
    for parent in (top, None):
        comments(portal, portal.cast.bob, 1, ["И ещё"] * 150, parent)
    with portal.queries() as many:
        started = time.perf_counter()
        page = client.get("/posts/1")
        assert time.perf_counter() - started < 0.5
    assert page.status == 200
    assert len(many) <= len(few) <= 12


def test_strange_places_show_the_latest(portal):
    post(portal, portal.cast.ann)
    comment(portal, portal.cast.vera, 1)
    client = portal.client(portal.cast.bob)
    for query in ("before=x", "comment=999", "before=-1", "after=99999999999", "reply=%00", "comment=" + "9" * 400):
        assert shown(client.get(f"/posts/1?{query}")) == [1], query
