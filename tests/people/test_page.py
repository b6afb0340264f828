"""A person's page: who it is, what was posted, contacts by the person's own choice, more for HR."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from app.content.audience import Audience
from app.content.models import Entry
from app.database import now
from app.extensions import db
from app.people.models import Person


def change(portal, person, **values):
    portal.run(lambda: db.session.execute(update(Person).where(Person.id == person.id).values(**values)))


def post(portal, author, keys, body, store_id=None):
    def make():
        audience = Audience.of(keys)
        db.session.flush()
        values = {"author_id": author.id, "store_id": store_id or author.store_id, "audience_id": audience.id}
        moment = now() - timedelta(minutes=5)
        db.session.execute(
            insert(Entry).values(kind="post", body=body, body_html=f"<p>{body}</p>", published_at=moment, **values)
        )

    portal.run(make)


def test_the_page_says_who_it_is(portal):
    answer = portal.client(portal.cast.ann).get(f"/people/{portal.cast.vera.id}")
    assert answer.status == 200
    assert "Вера Казанцева" in answer and "Продавец" in answer and "Кольцо, Казань" in answer
    assert portal.cast.vera.number not in answer


def test_posts_are_those_of_the_viewers_audiences(portal):
    post(portal, portal.cast.vera, ["everybody"], "Для всех")
    post(portal, portal.cast.vera, [f"store:{portal.stores.ring}"], "Только для своих")
    page = portal.client(portal.cast.ann).get(f"/people/{portal.cast.vera.id}")
    assert "Для всех" in page and "Только для своих" not in page
    assert "Только для своих" in portal.client(portal.cast.vera).get(f"/people/{portal.cast.vera.id}")


@pytest.mark.parametrize("field,value", [("phone", "+79161112233"), ("email", "vera@example.ru")])
def test_contacts_are_shown_by_choice(portal, field, value):
    shown = {"phone": "+7 916 111-22-33", "email": "vera@example.ru"}[field]
    change(portal, portal.cast.vera, **{field: value})
    address = f"/people/{portal.cast.vera.id}"
    assert shown not in portal.client(portal.cast.ann).get(address)
    assert shown not in portal.client(portal.cast.dina).get(address)
    for who in ("vera", "hana", "root"):
        assert shown in portal.client(getattr(portal.cast, who)).get(address)
    change(portal, portal.cast.vera, **{f"shows_{field}": True})
    assert shown in portal.client(portal.cast.ann).get(address)


def test_a_former_employee_keeps_authorship_and_shows_no_contacts(portal):
    post(portal, portal.cast.vera, ["everybody"], "Моя витрина")
    change(portal, portal.cast.vera, phone="+79161112233", shows_phone=True, dismissed_on=date(2025, 1, 1))
    page = portal.client(portal.cast.ann).get(f"/people/{portal.cast.vera.id}")
    assert "Здесь больше не работает" in page and "Моя витрина" in page
    assert "111-22-33" not in page


def test_hr_sees_number_and_changes_and_where_to_act(portal):
    page = portal.client(portal.cast.hana).get(f"/people/{portal.cast.vera.id}")
    assert portal.cast.vera.number in page and f"/people/{portal.cast.vera.id}/edit" in page
    assert f"/people/{portal.cast.vera.id}/roles" not in page
    assert f"/people/{portal.cast.vera.id}/roles" in portal.client(portal.cast.root).get(f"/people/{portal.cast.vera.id}")
    assert "/edit" not in portal.client(portal.cast.ann).get(f"/people/{portal.cast.vera.id}")


def test_a_director_helps_his_own_people_in(portal):
    dina = portal.client(portal.cast.dina)
    link = "/people/{}/access"
    bob, vera = portal.cast.bob.id, portal.cast.vera.id
    assert link.format(bob) in dina.get(f"/people/{bob}") and dina.get(link.format(bob)).status == 200
    assert link.format(vera) not in dina.get(f"/people/{vera}")
    assert link.format(bob) not in portal.client(portal.cast.ann).get(f"/people/{bob}")


@pytest.mark.parametrize("person_id", ["999999", "0", "99999999999999999999"])
def test_missing_people_are_not_found(portal, person_id):
    assert portal.client(portal.cast.ann).get(f"/people/{person_id}").status == 404


def test_older_posts_come_as_a_fragment_and_as_a_page(portal):
    for number in range(25):
        post(portal, portal.cast.vera, ["everybody"], f"Запись {number:02d}")
    address = f"/people/{portal.cast.vera.id}"
    first = portal.client(portal.cast.ann).get(address)
    further = first.text.split('id="older"')[1].split('href="')[1].split('"')[0]
    assert further.startswith(f"{address}?before=")
    assert "<html" not in portal.client(portal.cast.ann, htmx=True).get(further)
    older = portal.client(portal.cast.ann).get(further)
    assert "<html" in older and "Запись 00" in older and "Запись 24" not in older


def test_queries_do_not_grow(portal):
    client = portal.client(portal.cast.hana)
    for number in range(15):
        post(portal, portal.cast.vera, ["everybody"], f"Запись {number}")
    with portal.queries() as statements:
        client.get(f"/people/{portal.cast.vera.id}")
    assert len(statements) <= 12
