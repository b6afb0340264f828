"""Opening an invitation: looking costs nothing, one password is set once, and old links say what to do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.database import move_clock
from app.people.access import AccessLink
from app.people.codes import grouped
from app.people.models import Change, Person
from app.people.sessions import SignIn
from tests.doors import at_once, at_terminal, give, is_inside, renew, sign_in

NEW = "синяя кружка луна"


@pytest.fixture
def code(portal):
    """Return the code of an invitation for ann."""
    return portal.run(lambda: AccessLink.make(portal.cast.ann.id, "invitation", portal.cast.dina.id).code)


def accept(client, code, password=NEW):
    answer = client.post(f"/i/{code}", {"password": password})
    renew(client)
    return answer


def test_from_the_sheet_to_the_welcome(portal, htmx, code):
    client = portal.client(htmx=htmx)
    page = client.get(f"/i/{code}")
    assert "Добро пожаловать, Анна" in page and "01001" in page
    assert accept(client, code).location == "/welcome"
    assert is_inside(client)
    welcome = client.get("/welcome")
    assert "PIN-код для терминала" in welcome and "/profile" in welcome
    assert portal.one(select(SignIn.how)) == "link"
    assert portal.one(select(Change.verb)) == "person.came_in"
    assert sign_in(portal.client(), "01001", NEW).location == "/"


def test_looking_does_not_use_it_up(portal, code):
    for _ in range(3):
        assert portal.client().get(f"/i/{code}").status == 200
    assert portal.client().raw.head(f"/i/{code}").status_code == 200
    assert accept(portal.client(), code).location == "/welcome"


def test_it_opens_once(portal, code):
    accept(portal.client(), code)
    answer = accept(portal.client(), code, "совсем другой пароль")
    assert answer.status == 410
    assert "уже воспользовались" in answer
    assert sign_in(portal.client(), "01001", NEW).location == "/"


def test_of_many_at_once_exactly_one_comes_in(portal, code):
    passwords = [f"кружка номер луна {number}" for number in "абвгде"]
    answers = at_once([lambda password=password: accept(portal.client(), code, password) for password in passwords])
    assert sorted(answer.status for answer in answers) == [303, 410, 410, 410, 410, 410]
    assert portal.count(SignIn) == 1
    won = next(password for password, answer in zip(passwords, answers, strict=True) if answer.status == 303)
    assert sign_in(portal.client(), "01001", won).location == "/"


@pytest.mark.parametrize("spelled", [str.lower, grouped, "russian"])
def test_the_code_is_read_as_it_was_meant(portal, code, spelled):
    text = code.translate(str.maketrans("ACEHKMPTX", "АСЕНКМРТХ")).lower() if spelled == "russian" else spelled(code)
    answer = portal.client().get("/i", query_string={"code": text})
    assert answer.location == f"/i/{code}"
    assert "Добро пожаловать" in portal.client().get(f"/i/{text}")


@pytest.mark.parametrize("text", ["ACEHACEHACEH", "x", "😀" * 20, "1" * 3000])
def test_a_wrong_code_says_what_to_do(portal, text):
    answer = portal.client().get(f"/i/{text}")
    assert answer.status == 404
    assert "Такого кода нет" in answer
    assert portal.client().post(f"/i/{text}", {"password": NEW}).status == 404


def test_it_runs_out_after_fourteen_days(portal, code):
    move_clock(timedelta(days=13, hours=23))
    assert portal.client().get(f"/i/{code}").status == 200
    move_clock(timedelta(days=14, seconds=1))
    assert "Срок ссылки истёк" in portal.client().get(f"/i/{code}")
    assert accept(portal.client(), code).status == 410


def test_for_somebody_dismissed_it_does_nothing(portal, code):
    give(portal, portal.cast.ann, password=None, dismissed_on=date(2024, 5, 1))
    assert "больше не работаете" in portal.client().get(f"/i/{code}")
    assert accept(portal.client(), code).status == 410
    assert portal.one(select(Person.password_hash).where(Person.id == portal.cast.ann.id)) is None


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "Придумайте пароль"),
        ("коротко", "не меньше 8"),
        ("password", "берут многие"),
        ("qwerty12345!", "берут многие"),
        ("йцукенгш", "берут многие"),
        ("Пароль2026", "берут многие"),
        ("12345678", "берут многие"),
        ("19850412", "берут многие"),
        ("аааааааааа", "берут многие"),
        ("00001001", "берут многие"),
        ("Авторова1", "вашим именем"),
        ("анна1234567", "вашим именем"),
        ("х" * 129, "берут многие|не больше 128"),
        ("ваза " * 300, "не больше 128"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(portal, code, password, words):
    answer = accept(portal.client(), code, password)
    assert answer.status == 422
    assert any(word in answer for word in words.split("|"))
    assert portal.one(select(AccessLink.used_at)) is None


@pytest.mark.parametrize("password", ["три слова вместе", "Kx9!mQ2z", "пр0вода и лампа", "😀🎈ваза и кот"])
def test_a_good_password_is_taken(portal, code, password):
    assert accept(portal.client(), code, password).location == "/welcome"
    assert sign_in(portal.client(), "01001", password).location == "/"


def test_on_a_terminal_it_makes_a_session_that_locks(portal, code):
    pc = at_terminal(portal, portal.terminal(portal.stores.raduga))
    accept(pc, code)
    assert is_inside(pc)
    move_clock(timedelta(minutes=3))
    assert not is_inside(pc)


def test_whoever_was_signed_in_on_that_browser_is_out(portal, code):
    client = portal.client(portal.cast.bob)
    accept(client, code)
    assert portal.one(select(SignIn.end_cause).where(SignIn.person_id == portal.cast.bob.id)) == "replaced"
