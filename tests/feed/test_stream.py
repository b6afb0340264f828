"""The stream: whole, in order, by pages that hold while others write, with what is new marked, in few queries."""

import re
import time
from datetime import timedelta

from sqlalchemy import select

from app.database import move_clock
from app.people.models import Person
from tests.content.making import comment, own_store, post
from tests.content.pictures import jpeg


def ids(page):
    """Return the ids of the posts on a page, in order."""
    return [int(number) for number in re.findall(r'<article class="post[^"]*" id="post-(\d+)"', page.text)]


def older(page):
    """Return the address of the next page."""
    found = re.search(r'href="(/\?before=[^"]+)"', page.text)
    return found and found[1]


def test_pages_hold_while_others_write(portal, htmx):
    for number in range(45):
        post(portal, portal.cast.ann, f"Запись {number}")
    client = portal.client(portal.cast.vera)
    page = client.get("/")
    seen = ids(page)
    while older(page):
        post(portal, portal.cast.bob, "Вклинилась")
        page = portal.client(portal.cast.vera, htmx).get(older(page))
        assert ("<html" in page) != htmx
        seen += ids(page)
    assert seen == list(range(45, 0, -1))


def test_what_is_new_is_marked_and_divided(portal):
    post(portal, portal.cast.ann, "Старая")
    client = portal.client(portal.cast.vera)
    assert "post--fresh" not in client.get("/")
    move_clock(timedelta(hours=1))
    post(portal, portal.cast.ann, "Новая")
    client = portal.client(portal.cast.vera)
    page = client.get("/")
    assert page.text.count("post--fresh") == 1
    assert page.text.index("Новая") < page.text.index("Дальше вы уже видели") < page.text.index("Старая")
    # The marks stay for the whole visit.
    assert client.get("/").text.count("post--fresh") == 1
    move_clock(timedelta(hours=2))
    page = portal.client(portal.cast.vera).get("/")
    assert "post--fresh" not in page
    assert "Дальше вы уже видели" not in page


def test_a_visit_lasts_while_one_comes_back(portal):
    post(portal, portal.cast.ann)
    portal.client(portal.cast.vera).get("/")
    move_clock(timedelta(hours=1))
    post(portal, portal.cast.ann, "Новая")
    for minutes in (60, 80, 100, 120):
        move_clock(timedelta(minutes=minutes))
        assert portal.client(portal.cast.vera).get("/").text.count("post--fresh") == 1


def test_ones_own_posts_are_not_news(portal):
    portal.client(portal.cast.vera).get("/")
    move_clock(timedelta(hours=1))
    post(portal, portal.cast.vera)
    page = portal.client(portal.cast.vera).get("/")
    assert "post--fresh" not in page
    assert "Дальше вы уже видели" not in page


def test_older_pages_and_other_pages_do_not_move_the_mark(portal):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.vera)
    for path in ("/?before=20300101T000000000000-0", "/posts", "/posts/1", "/posts/news?since=20200101T000000000000-0"):
        client.get(path)
    assert portal.one(select(Person.stream_seen_at).where(Person.id == portal.cast.vera.id)) is None


def test_strange_positions_show_the_first_page(portal):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.vera)
    for before in (
        "x",
        "-1",
        "20250101T000000000000",
        "20250101T000000000000-%00",
        "9" * 5000,
        "20250101T000000000000-99999999999",
    ):
        assert ids(client.get(f"/?before={before}")) == [1], before


def test_the_stream_costs_eight_queries_at_most(portal):
    client = portal.client(portal.cast.ed)
    for number in range(30):
        author = (portal.cast.ann, portal.cast.bob, portal.cast.vera)[number % 3]
        made = post(portal, author, "Слово " * 150, own_store(author) if number % 4 else ("everybody",), nonce=str(number))
        comment(portal, portal.cast.ann, made)
    portal.client(portal.cast.ann).post("/posts", {"body": "", "audience": "everybody", "photos": (jpeg(), "a.jpg")})
    client.post("/posts/1/pin")
    move_clock(timedelta(hours=1))
    client = portal.client(portal.cast.ed)
    with portal.queries() as statements:
        page = client.get("/")
    reads = [statement for statement in statements if not statement.startswith(("BEGIN", "UPDATE"))]
    assert page.text.count("<article") > 3
    assert len(reads) <= 8, reads
    with portal.queries() as statements:
        client.get("/")
    assert len([s for s in statements if not s.startswith("BEGIN")]) <= 5, statements


def test_twenty_full_cards_stay_light(portal):
    for _ in range(22):
        made = post(portal, portal.cast.ann, "Длинный рассказ о витрине и покупателях. " * 12)
        for _ in range(3):
            comment(portal, portal.cast.bob, made, "Подробный ответ. " * 20)
    page = portal.client(portal.cast.vera).get("/")
    assert page.text.count("<article") == 20
    assert len(re.findall(r"<[a-z]", page.text)) < 900


def test_first_comments_and_counts_follow_at_once(portal):
    made = post(portal, portal.cast.ann)
    reader = portal.client(portal.cast.vera)
    assert "Первый!" not in reader.get("/")
    said = comment(portal, portal.cast.bob, made, "Первый!")
    assert "Первый!" in reader.get("/")
    portal.client(portal.cast.bob).post(f"/comments/{said}", {"body": "Исправленный"})
    assert "Исправленный" in reader.get("/")
    portal.client(portal.cast.bob).post(f"/comments/{said}/delete")
    assert "Исправленный" not in reader.get("/")


def test_an_empty_stream_offers_the_first_step(portal):
    page = portal.client(portal.cast.ann).get("/")
    assert "/posts/new" in page
    assert "Будьте первыми" in page


def test_hostile_texts_are_shown_as_they_are(portal):
    started = time.perf_counter()
    for body in (
        ">" * 9000,
        "[" * 9000,
        "*" * 9000,
        "`" * 9000,
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "\u202eкод",
    ):
        post(portal, portal.cast.ann, body)
    assert time.perf_counter() - started < 5
    page = portal.client(portal.cast.vera).get("/")
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "\u202e" not in page
