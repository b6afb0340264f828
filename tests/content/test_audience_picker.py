"""The audience picker: what it offers, and how many people each choice reaches."""

from datetime import date

import pytest
from sqlalchemy import update

from app.content.audience import Group, GroupMember
from app.database import now
from app.extensions import db
from app.people.models import Person, Store


def reach(portal, *keys, who=None):
    query = "&".join(f"audience={key}" for key in keys)
    return portal.client(who or portal.cast.ann).get(f"/audience/reach?{query}")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (["everybody"], "9 человек в 4 магазинах"),
        (["", "store:{raduga}"], "3 человека в 1 магазине"),
        (["store:{raduga}", "position:seller"], "4 человека в 2 магазинах"),
        (["position:director"], "1 человек в 1 магазине"),
        (["role:editor"], "1 человек в 1 магазине"),
        (["newcomers:30"], "Пока никто"),
        ([], "Пока никто"),
    ],
)
def test_reach_is_told_in_words(portal, keys, words):
    assert words in " ".join(reach(portal, *(key.format(raduga=portal.stores.raduga) for key in keys)).text.split())


def test_the_dismissed_and_newcomers_count_as_of_today(portal):
    def change():
        db.session.execute(update(Person).where(Person.id == portal.cast.bob.id).values(dismissed_on=date(2025, 1, 1)))
        db.session.execute(update(Person).where(Person.id == portal.cast.ivan.id).values(hired_on=now().date()))

    portal.run(change)
    assert "8 человек" in reach(portal, "everybody")
    assert "1 человек" in reach(portal, "newcomers:14")


@pytest.mark.parametrize("key", ["x", "city:", "city:abc", "store:-1", "role:boss", "newcomers:7", "city:99999999999999"])
def test_senseless_keys_are_refused(portal, key):
    assert reach(portal, key).status == 400


def test_it_offers_ones_own_first_and_only_what_is_open(portal):
    def arrange():
        group = Group(name="Хор")
        db.session.add_all([group, Group(name="Закрытая", closed_at=now())])
        db.session.flush()
        db.session.add(GroupMember(group_id=group.id, person_id=portal.cast.bob.id))
        db.session.execute(update(Store).where(Store.id == portal.stores.mayak).values(closed_at=now()))

    portal.run(arrange)
    page = portal.client(portal.cast.vera).get("/posts/new").text
    assert page.index("Кольцо") < page.index("Радуга")
    assert page.count(f'value="store:{portal.stores.ring}"') == 1
    assert "Хор" in page
    assert "Закрытая" not in page
    assert "Маяк" not in page


def test_a_store_that_was_closed_meanwhile_is_refused_or_kept(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    fields = {"body": "Для Маяка", "audience": f"store:{portal.stores.mayak}"}
    client.post("/posts", fields)
    portal.run(lambda: db.session.execute(update(Store).where(Store.id == portal.stores.mayak).values(closed_at=now())))
    assert client.post("/posts", fields).status == 422
    assert client.post("/posts/1", {**fields, "body": "Правка"}).status == (200 if htmx else 303)
