"""The demo's texts: each can be written by a man and by a woman of any store, with nothing left to fill in."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest

from app.content.text import BODY_LIMIT, COMMENT_LIMIT, clean
from app.demo import library
from app.demo.company import make_company
from app.demo.crowd import Crowd
from app.demo.names import feminine, patronymic
from app.demo.reading import sections
from app.demo.words import Writer, decline, plural

TODAY = date(2026, 11, 25)
WRONG = re.compile(r"[{}<>|]|\w\s+[,.!?;:](?!\))|,,|\.\.(?!\.)|  ")


@pytest.fixture(scope="module")
def company():
    return make_company(450, TODAY, random.Random(3))


@pytest.fixture(scope="module")
def write(company):
    """Return how a woman or a man of the chain writes a pattern."""
    rng = random.Random(7)
    crowd = Crowd(company)
    staff = [worker for worker in company.workers if worker.works_on(TODAY) and not worker.shop.is_office]

    def written(pattern, female):
        author = rng.choice([worker for worker in staff if worker.female == female])
        writer = Writer(author, rng, lambda name, whose: crowd.find(name, whose, TODAY, rng))
        writer.people["poster"] = writer.people["to"] = rng.choice(staff)
        return writer.write(pattern)

    return written


ALL = library.posts() + library.posts(("openings", "pinned", "moderation"))


@pytest.mark.parametrize("text", ALL, ids=lambda text: f"{text.theme}-{text.number}")
def test_a_post_can_be_written(text, write):
    for female in (True, False):
        for _ in range(3):
            body = write(text.pattern, female)
            assert not WRONG.search(body), body
            assert clean(body) == body
            assert len(body) < BODY_LIMIT
            for said in text.said:
                words = write(said.pattern, female)
                assert not WRONG.search(words), words
                assert 0 < len(words) < COMMENT_LIMIT


def test_comments_can_be_written(write):
    for lines in library.comments().values():
        for pattern in lines:
            for female in (True, False):
                assert not WRONG.search(write(pattern, female)), pattern


def test_there_is_enough_that_nothing_looks_generated():
    assert len(library.posts()) >= 150
    assert sum(len(text.said) for text in ALL) + sum(map(len, library.comments().values())) >= 300
    for day in (date(2026, 1, 20), date(2026, 5, 30), date(2026, 8, 20), date(2026, 11, 25)):
        assert sum(text.fits(day) for text in library.posts()) >= 130


def test_what_a_text_asks_for_exists():
    topics = {line.split()[0] for line in sections("topics")["topics"]}
    for text in ALL:
        assert set(text.topics) <= topics, text
        assert text.photos[0] <= text.photos[1]


@pytest.mark.parametrize(
    ("day", "fits"),
    [(date(2026, 12, 30), True), (date(2026, 1, 5), True), (date(2026, 1, 11), False), (date(2026, 12, 14), False)],
)
def test_a_season_may_go_over_new_year(day, fits):
    text = library.Text("holidays", 0, "", when=(((12, 15), (1, 10)),))
    assert text.fits(day) is fits


def test_the_chain_is_the_one_promised(company):
    stores = [shop for shop in company.shops if not shop.is_office]
    assert len(stores) == 42
    assert len({shop.town.name for shop in stores}) == 17
    assert len({(shop.town.id, shop.name) for shop in company.shops}) == 43
    employed = [worker for worker in company.workers if worker.works_on(TODAY)]
    assert len(employed) == 450
    assert len({worker.number for worker in company.workers}) == len(company.workers)
    for shop in stores:
        assert sum(worker.shop is shop and worker.position == "director" for worker in employed) == 1
        assert sum(worker.shop is shop for worker in employed) >= 5
    for worker in company.workers:
        assert worker.hired <= TODAY
        assert worker.dismissed is None or worker.hired < worker.dismissed <= TODAY


@pytest.mark.parametrize(
    ("number", "words"), [(1, "набор"), (2, "набора"), (5, "наборов"), (11, "наборов"), (21, "набор"), (112, "наборов")]
)
def test_a_noun_agrees_with_its_number(number, words):
    assert plural(number, "набор", "набора", "наборов") == words


@pytest.mark.parametrize(
    ("name", "female", "forms"),
    [
        ("Анна", True, "Анны Анне Анной Анну"),
        ("Ольга", True, "Ольги Ольге Ольгой Ольгу"),
        ("Мария", True, "Марии Марии Марией Марию"),
        ("Айгуль", True, "Айгуль Айгуль Айгуль Айгуль"),
        ("Любовь", True, "Любови Любови Любовью Любовь"),
        ("Илья", False, "Ильи Илье Ильёй Илью"),
        ("Пётр", False, "Петра Петру Петром Петра"),
        ("Андрей", False, "Андрея Андрею Андреем Андрея"),
        ("Игорь", False, "Игоря Игорю Игорем Игоря"),
        ("Марат", False, "Марата Марату Маратом Марата"),
    ],
)
def test_first_names_are_declined(name, female, forms):
    assert " ".join(decline(name, female)) == forms


@pytest.mark.parametrize(
    ("father", "man", "woman"),
    [
        ("Илья", "Ильич", "Ильинична"),
        ("Юрий", "Юрьевич", "Юрьевна"),
        ("Дмитрий", "Дмитриевич", "Дмитриевна"),
        ("Андрей", "Андреевич", "Андреевна"),
        ("Игорь", "Игоревич", "Игоревна"),
        ("Марат", "Маратович", "Маратовна"),
        ("Пётр", "Петрович", "Петровна"),
    ],
)
def test_middle_names_follow_from_the_father(father, man, woman):
    assert (patronymic(father, False), patronymic(father, True)) == (man, woman)


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("Королёв", "Королёва"),
        ("Полевой", "Полевая"),
        ("Белинский", "Белинская"),
        ("Ким", "Ким"),
        ("Черных", "Черных"),
        ("Лесной", "Лесная"),
    ],
)
def test_surnames_have_their_feminine(man, woman):
    assert feminine(man) == woman
