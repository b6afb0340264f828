"""The own profile: a few words, who sees the contacts, the language, and what one is good at."""

import threading

import pytest
from sqlalchemy import insert, select

from app.extensions import db
from app.people.models import Person, Strength


def me(portal):
    return portal.one(select(Person).where(Person.id == portal.cast.ann.id))


def strengths(portal, person=None):
    person = person or portal.cast.ann
    return [
        row.name for row in portal.rows(select(Strength.name).where(Strength.person_id == person.id).order_by(Strength.id))
    ]


def test_saving(portal, htmx):
    sent = {"about": "  Люблю\r\n\r\n\r\n\r\nхрусталь\0 ", "shows_phone": "y", "locale": "en"}
    assert portal.client(portal.cast.ann, htmx).post("/profile", sent).location == "/profile"
    person = me(portal)
    assert (person.about, person.shows_phone, person.shows_email, person.locale) == ("Люблю\n\nхрусталь", True, False, "en")
    assert '<html lang="en">' in portal.client(portal.cast.ann).get("/profile")


@pytest.mark.parametrize("wrong", [{"about": "я" * 1001}, {"locale": "xx"}, {"locale": ""}])
def test_wrong_input_is_shown_again(portal, wrong):
    answer = portal.client(portal.cast.ann).post("/profile", {"about": "Слова", "locale": "ru", **wrong})
    assert answer.status == 422 and wrong.get("about", "Слова") in answer
    assert me(portal).about == ""


def test_further_fields_have_no_effect(portal):
    extra = {"position": "director", "store_id": "1", "phone": "+70000000000", "id": str(portal.cast.bob.id), "role": "hr"}
    portal.client(portal.cast.ann).post("/profile", {"about": "Слова", "locale": "ru", **extra})
    person = me(portal)
    assert (person.position, person.phone, person.about) == ("seller", "", "Слова")
    assert portal.one(select(Person.about).where(Person.id == portal.cast.bob.id)) == ""


def test_markup_stays_text(portal):
    portal.client(portal.cast.ann).post("/profile", {"about": "<script>alert(1)</script>", "locale": "ru"})
    page = portal.client(portal.cast.bob).get(f"/people/{portal.cast.ann.id}")
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_strengths_come_and_go(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    for typed in ("Витрины", " витрины ", "ВИТРИНЫ", "Свадебные  наборы"):
        answer = client.post("/profile/strengths", {"strength": typed})
        assert answer.status == (200 if htmx else 303)
    assert strengths(portal) == ["Витрины", "Свадебные наборы"]
    first = portal.one(select(Strength.id).where(Strength.key == "витрины"))
    for _ in range(2):
        answer = client.post(f"/profile/strengths/{first}/remove")
        assert answer.status == (200 if htmx else 303)
    assert strengths(portal) == ["Свадебные наборы"]


def test_somebody_elses_strength_stays(portal):
    portal.run(lambda: db.session.execute(insert(Strength).values(person_id=portal.cast.bob.id, name="Касса", key="касса")))
    theirs = portal.one(select(Strength.id))
    portal.client(portal.cast.ann).post(f"/profile/strengths/{theirs}/remove")
    assert strengths(portal, portal.cast.bob) == ["Касса"]


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "я" * 41, "я" * 100_000])
def test_refused_strengths(portal, htmx, typed):
    answer = portal.client(portal.cast.ann, htmx).post("/profile/strengths", {"strength": typed})
    assert answer.status == 422 and 'id="strength-error"' in answer
    assert strengths(portal) == []


def test_eight_are_enough_also_at_once(portal):
    for number in range(6):
        portal.client(portal.cast.ann).post("/profile/strengths", {"strength": f"Умение {number}"})
    clients = [portal.client(portal.cast.ann) for _ in range(5)]
    together = threading.Barrier(5)

    def add(number):
        together.wait()
        clients[number].post("/profile/strengths", {"strength": f"Ещё {number}"})

    threads = [threading.Thread(target=add, args=(number,)) for number in range(5)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(strengths(portal)) == 8
    assert portal.client(portal.cast.ann).post("/profile/strengths", {"strength": "Девятое"}).status == 422


def test_colleagues_words_are_offered(portal):
    portal.run(
        lambda: db.session.execute(
            insert(Strength),
            [{"person_id": who.id, "name": "Хрусталь", "key": "хрусталь"} for who in (portal.cast.bob, portal.cast.vera)],
        )
    )
    client = portal.client(portal.cast.ann, htmx=True)
    assert 'value="Хрусталь"' in client.get("/profile")
    assert "Хрусталь" in client.get("/profile/strengths?strength=хр")
    for typed in ("", "х", "%%", "щщ", "\0\0"):
        assert "<option" not in client.get("/profile/strengths", query_string={"strength": typed})


def test_queries_of_the_profile(portal):
    client = portal.client(portal.cast.ann)
    with portal.queries() as statements:
        assert client.get("/profile").status == 200
    assert len(statements) <= 12
