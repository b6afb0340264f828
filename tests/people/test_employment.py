"""Staff kept by hand: taken on, corrected, dismissed, taken on again; logged, and never by who may not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.database import move_clock, now
from app.people.models import Change, Person, RoleGrant
from app.people.sessions import SignIn
from tests.doors import at_once


def fields(portal, **more):
    return {
        "last_name": "Новикова",
        "first_name": "Алёна",
        "middle_name": "",
        "personnel_number": "02001",
        "store_id": portal.stores.ring,
        "position": "seller",
        "position_title": "",
        "hired_on": "2026-11-01",
        "phone": "8 (916) 123-45-67",
        "email": "Alena@Example.ru",
        **more,
    }


def corrected(portal, **more):
    """Return what the form of vera sends, with corrections."""
    vera = {"last_name": "Казанцева", "first_name": "Вера", "middle_name": "Олеговна", "personnel_number": "01003"}
    return fields(portal, **{**vera, "hired_on": "2024-03-01", "phone": "", "email": "", **more})


def last_change(portal):
    return portal.one(select(Change).order_by(Change.id.desc()).limit(1))


def test_taking_on(portal, htmx):
    answer = portal.client(portal.cast.hana, htmx).post("/people", fields(portal))
    person = portal.one(select(Person).where(Person.number_key == "2001"))
    assert answer.location == f"/people/{person.id}"
    assert (person.name_key, person.phone, person.email) == ("новикова алена", "+79161234567", "alena@example.ru")
    change = last_change(portal)
    assert change.verb == "person.hired" and change.actor_id == portal.cast.hana.id
    assert change.details["store"] == [None, "Кольцо, Казань"]


@pytest.mark.parametrize(
    "wrong,sentence",
    [
        ({"personnel_number": "1003"}, "уже есть у другого человека"),
        ({"personnel_number": "…"}, "цифры или буквы"),
        ({"last_name": "  "}, "Введите фамилию"),
        ({"phone": "когда-нибудь"}, "не похоже на номер"),
        ({"email": "нет"}, "не похоже на адрес"),
        ({"store_id": "999999"}, ""),
        ({"position": "emperor"}, ""),
        ({"hired_on": "вчера"}, ""),
        ({"last_name": "я" * 81}, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(portal, wrong, sentence):
    people = portal.count(Person)
    answer = portal.client(portal.cast.hana).post("/people", fields(portal, **wrong))
    assert answer.status == 422 and sentence in answer and "Алёна" in answer
    assert portal.count(Person) == people and portal.count(Change) == 0


def test_correcting_logs_before_and_after(portal, htmx):
    answer = portal.client(portal.cast.hana, htmx).post(
        f"/people/{portal.cast.vera.id}",
        corrected(portal, last_name="Ёлкина", position="senior", store_id=portal.stores.raduga),
    )
    assert answer.location == f"/people/{portal.cast.vera.id}"
    person = portal.one(select(Person).where(Person.id == portal.cast.vera.id))
    assert person.name_key == "елкина вера олеговна" and person.store_id == portal.stores.raduga
    assert last_change(portal).details == {
        "last_name": ["Казанцева", "Ёлкина"],
        "position": ["seller", "senior"],
        "store": ["Кольцо, Казань", "Радуга, Москва"],
    }


def test_correcting_nothing_logs_nothing(portal):
    portal.client(portal.cast.hana).post(f"/people/{portal.cast.vera.id}", corrected(portal))
    assert portal.count(Change) == 0


def test_further_fields_have_no_effect(portal):
    extra = {"login": "root", "password_hash": "x", "id": "1", "role": "administrator", "dismissed_on": "2020-01-01"}
    portal.client(portal.cast.hana).post(f"/people/{portal.cast.vera.id}", corrected(portal, **extra))
    person = portal.one(select(Person).where(Person.id == portal.cast.vera.id))
    assert person.login is None and person.password_hash is None and person.dismissed_on is None
    assert portal.count(RoleGrant) == 4


def test_hr_cannot_redirect_an_administrators_letters(portal):
    root = {"last_name": "Админова", "first_name": "Рута", "middle_name": "Яновна", "personnel_number": "01009"}
    sent = corrected(portal, **root, email="hana@example.ru", position="other")
    answer = portal.client(portal.cast.hana).post(f"/people/{portal.cast.root.id}", sent)
    assert answer.status == 422 and "может изменить только администратор" in answer
    assert portal.one(select(Person.email).where(Person.id == portal.cast.root.id)) == ""
    assert portal.client(portal.cast.root).post(f"/people/{portal.cast.root.id}", sent).status == 303


def test_dismissal_ends_access_at_the_next_request(portal, htmx):
    bob = portal.client(portal.cast.bob)
    assert bob.get("/people").status == 200
    sent = {"dismissed_on": now().date().isoformat()}
    answer = portal.client(portal.cast.hana, htmx).post(f"/people/{portal.cast.bob.id}/dismiss", sent)
    assert answer.location.endswith("/edit")
    assert bob.get("/people").location.startswith("/sign-in")
    assert portal.one(select(SignIn.end_cause).where(SignIn.person_id == portal.cast.bob.id)) == "dismissed"
    assert last_change(portal).verb == "person.dismissed"


def test_a_dismissal_to_come_waits_for_its_day(portal):
    bob = portal.client(portal.cast.bob)
    leaving = now().date() + timedelta(days=3)
    hana = portal.client(portal.cast.hana)
    hana.post(f"/people/{portal.cast.bob.id}/dismiss", {"dismissed_on": leaving.isoformat()})
    assert bob.get("/people").status == 200
    hana.post(f"/people/{portal.cast.bob.id}/rehire")
    assert last_change(portal).verb == "person.stayed"
    hana.post(f"/people/{portal.cast.bob.id}/dismiss", {"dismissed_on": leaving.isoformat()})
    move_clock(timedelta(days=4))
    assert bob.get("/people").location.startswith("/sign-in")


def test_taking_on_again_gives_no_roles_back(portal):
    root = portal.client(portal.cast.root)
    root.post(f"/people/{portal.cast.ed.id}/dismiss", {"dismissed_on": "2026-01-01"})
    root.post(f"/people/{portal.cast.ed.id}/rehire", {"hired_on": "2026-05-01"})
    person = portal.one(select(Person).where(Person.id == portal.cast.ed.id))
    assert person.dismissed_on is None and person.hired_on == date(2026, 5, 1)
    assert portal.count(RoleGrant, RoleGrant.person_id == portal.cast.ed.id) == 0


@pytest.mark.parametrize(
    "who,sent,sentence",
    [
        ("hana", "2026-01-01", "Себя уволить нельзя"),
        ("root", "2026-01-01", "последний администратор"),
        ("bob", "2020-01-01", "не может быть раньше"),
        ("bob", "", "Выберите день"),
    ],
)
def test_refused_dismissals(portal, who, sent, sentence):
    person = getattr(portal.cast, who)
    answer = portal.client(portal.cast.hana).post(f"/people/{person.id}/dismiss", {"dismissed_on": sent})
    assert answer.status == 422 and sentence in answer
    assert portal.one(select(Person.dismissed_on).where(Person.id == person.id)) is None


@pytest.mark.parametrize("who", ["ann", "dina", "ed", "mark"])
def test_others_may_not(portal, who):
    client, before = portal.client(getattr(portal.cast, who)), portal.count(Person)
    vera = portal.cast.vera.id
    for path in ("/people/new", f"/people/{vera}/edit"):
        assert client.get(path).status == 403
    for path in ("/people", f"/people/{vera}", f"/people/{vera}/dismiss", f"/people/{vera}/rehire"):
        assert client.post(path, fields(portal, dismissed_on="2026-01-01")).status == 403
    assert portal.count(Person) == before and portal.count(Change) == 0


def test_missing_people_are_not_found(portal):
    client = portal.client(portal.cast.hana)
    assert client.get("/people/999999/edit").status == 404
    for path in ("", "/dismiss", "/rehire"):
        assert client.post(f"/people/999999{path}", fields(portal)).status == 404


def test_two_take_on_the_same_number_at_once(portal):
    clients = [portal.client(portal.cast.hana) for _ in range(2)]
    answers = at_once([lambda client=client: client.post("/people", fields(portal)).status for client in clients])
    assert sorted(answers) == [303, 422]
    assert portal.count(Person, Person.number_key == "2001") == 1
