"""Stores and cities: listed for everybody, kept by HR; nobody is left in a closed store."""

from datetime import date, time

import pytest
from sqlalchemy import insert, select, update

from app.extensions import db
from app.people.models import Change, City, Person, Store

HOURS = {"opens_at": "10:00", "closes_at": "20:00"}


def store_of(portal, store_id):
    return portal.one(select(Store).where(Store.id == store_id))


def test_the_list_says_who_leads(portal):
    answer = portal.client(portal.cast.vera).get("/stores")
    assert answer.status == 200
    for words in ("Владивосток", "Радуга", "Дина Директорова", "главный офис"):
        assert words in answer
    only = portal.client(portal.cast.vera).get(f"/stores?city={portal.cities['Казань']}")
    assert "Кольцо" in only and "Радуга" not in only


def test_a_long_list_goes_on(portal):
    rows = [{"city_id": portal.cities["Казань"], "name": f"Точка {n:03d}", "key": f"точка {n:03d}"} for n in range(130)]
    portal.run(lambda: db.session.execute(insert(Store), rows))
    client = portal.client(portal.cast.ann, htmx=True)
    first = portal.client(portal.cast.ann).get("/stores")
    further = first.text.split('id="further"')[1].split('href="')[1].split('"')[0]
    rest = client.get(further)
    assert "Точка 129" in rest and "Радуга" in rest and "Точка 001" not in rest and "<html" not in rest


def test_the_page_shows_people_directors_first_and_no_ranks(portal):
    answer = portal.client(portal.cast.vera).get(f"/stores/{portal.stores.raduga}")
    assert answer.status == 200
    assert answer.text.index("Дина Директорова") < answer.text.index("Анна Авторова")
    assert "/invitations" not in answer and "/edit" not in answer


def test_the_director_finds_what_he_looks_after(portal):
    dina = portal.client(portal.cast.dina)
    assert f"/stores/{portal.stores.raduga}/invitations" in dina.get(f"/stores/{portal.stores.raduga}")
    assert f"/stores/{portal.stores.ring}/invitations" not in dina.get(f"/stores/{portal.stores.ring}")


def test_former_people_are_not_shown(portal):
    gone = update(Person).where(Person.id == portal.cast.bob.id).values(dismissed_on=date(2025, 1, 1))
    portal.run(lambda: db.session.execute(gone))
    assert "Борис Борисов" not in portal.client(portal.cast.ann).get(f"/stores/{portal.stores.raduga}")


def test_adding_and_changing(portal, htmx):
    client = portal.client(portal.cast.hana, htmx)
    answer = client.post("/stores", {"name": "ТЦ «Парк»", "city_id": portal.cities["Казань"], **HOURS})
    made = portal.one(select(Store).where(Store.key == "парк"))
    assert answer.location == f"/stores/{made.id}" and made.is_office is False
    later = {"opens_at": "09:30", "closes_at": "22:00"}
    client.post(f"/stores/{made.id}", {"name": "Сад", "city_id": portal.cities["Москва"], "is_office": "y", **later})
    assert portal.one(select(Change.details).order_by(Change.id.desc()).limit(1)) == {
        "store_name": ["ТЦ «Парк»", "Сад"],
        "city": ["Казань", "Москва"],
        "is_office": [False, True],
        "hours": ["10:00–20:00", "09:30–22:00"],
    }
    assert "09:30–22:00" in portal.client(portal.cast.vera).get(f"/stores/{made.id}")


def test_news_keeps_the_hours_of_the_form(portal):
    client = portal.client(portal.cast.hana)
    form = client.get(f"/stores/{portal.stores.mayak}/edit")
    assert 'value="10:00"' in form and 'value="20:00"' in form
    fields = {"name": "Маяк", "city_id": store_of(portal, portal.stores.mayak).city_id}
    client.post(f"/stores/{portal.stores.mayak}", {**fields, "opens_at": "08:00", "closes_at": "08:00"})
    kept = store_of(portal, portal.stores.mayak)
    assert kept.opens_at == kept.closes_at == time(8)
    assert "круглосуточно" in client.get(f"/stores/{portal.stores.mayak}")


@pytest.mark.parametrize(
    "sent",
    [
        {"name": ""},
        {"name": "КОЛЬЦО"},
        {"name": "я" * 121},
        {"name": "Сад", "city_id": "999"},
        {"opens_at": ""},
        {"closes_at": "25:61"},
    ],
)
def test_refused_stores(portal, sent):
    fields = {"name": "Сад", "city_id": portal.cities["Казань"], **HOURS, **sent}
    before = portal.count(Store)
    assert portal.client(portal.cast.hana).post("/stores", fields).status == 422
    answer = portal.client(portal.cast.hana).post(f"/stores/{portal.stores.mayak}", fields)
    assert answer.status == 422
    assert portal.count(Store) == before and store_of(portal, portal.stores.mayak).name == "Маяк"
    assert portal.count(Change) == 0


def test_a_store_with_people_is_not_closed(portal, htmx):
    client = portal.client(portal.cast.hana, htmx)
    answer = client.post(f"/stores/{portal.stores.mayak}/close")
    assert answer.status == 422 and "ещё работает 1 человек" in answer
    move = update(Person).where(Person.id == portal.cast.ivan.id).values(store_id=portal.stores.ring)
    portal.run(lambda: db.session.execute(move))
    client.post(f"/stores/{portal.stores.mayak}/close")
    assert store_of(portal, portal.stores.mayak).closed_at is not None
    assert "Маяк" not in client.get("/stores") and "Маяк" in client.get("/stores?closed=1")
    assert "Маяк" not in portal.client(portal.cast.ann).get("/stores?closed=1")
    client.post(f"/stores/{portal.stores.mayak}/reopen")
    assert store_of(portal, portal.stores.mayak).closed_at is None


def test_cities_and_their_zones(portal, htmx):
    client = portal.client(portal.cast.hana, htmx)
    client.post("/cities", {"name": "г. Омск", "zone": "Asia/Omsk"})
    city = portal.one(select(City).where(City.key == "омск"))
    client.post(f"/cities/{city.id}", {"name": "Омск", "zone": "Asia/Novosibirsk"})
    assert portal.one(select(City.zone).where(City.id == city.id)) == "Asia/Novosibirsk"
    verbs = [row.verb for row in portal.rows(select(Change.verb).order_by(Change.id))]
    assert verbs == ["city.added", "city.changed"]
    for wrong in ({"name": "Казань"}, {"name": ""}, {"zone": "Moon/Base"}, {"zone": ""}):
        assert client.post("/cities", {"name": "Тула", "zone": "Europe/Moscow", **wrong}).status == 422
    assert "МСК" in client.get("/cities")


@pytest.mark.parametrize("who", ["ann", "dina", "ed", "mark"])
def test_others_may_not(portal, who):
    client, store, city = portal.client(getattr(portal.cast, who)), portal.stores.mayak, portal.cities["Казань"]
    for path in ("/stores/new", f"/stores/{store}/edit", "/cities", "/cities/new", f"/cities/{city}/edit"):
        assert client.get(path).status == 403
    for path in ("/stores", f"/stores/{store}", f"/stores/{store}/close", "/cities", f"/cities/{city}"):
        assert client.post(path, {"name": "Моё", "city_id": city, "zone": "Europe/Moscow"}).status == 403
    assert portal.count(Change) == 0


def test_missing_ones_are_not_found(portal):
    client = portal.client(portal.cast.hana)
    for path in ("/stores/999", "/stores/999/edit", "/cities/999/edit"):
        assert client.get(path).status == 404
    for path in ("/stores/999", "/stores/999/close", "/cities/999"):
        assert client.post(path, {"name": "x"}).status == 404


def test_queries_do_not_grow(portal):
    client = portal.client(portal.cast.ann)
    for number, path in enumerate(("/stores", f"/stores/{portal.stores.raduga}")):
        with portal.queries() as few:
            client.get(path)
        rows = [
            {
                "personnel_number": f"7{number}{i:03d}",
                "number_key": f"7{number}{i:03d}",
                "last_name": "Яковлева",
                "first_name": "Яна",
                "name_key": "яковлева яна",
                "store_id": portal.stores.raduga,
                "position": "director",
            }
            for i in range(30)
        ]
        portal.run(lambda rows=rows: db.session.execute(insert(Person), rows))
        with portal.queries() as many:
            client.get(path)
        assert len(many) == len(few) <= 12
