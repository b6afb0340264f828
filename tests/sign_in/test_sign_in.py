"""Signing in with number, e-mail or login and a password."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from app.people.sessions import SignIn
from tests.doors import PASSWORD, give, is_inside, renew, sign_in, token_of

WRONG = "Номер или пароль не подходит"


@pytest.mark.parametrize("login", ["01001", "1001", " 01001 ", "1001.0"])
def test_by_personnel_number(portal, htmx, login):
    give(portal, portal.cast.ann)
    client = portal.client(htmx=htmx)
    answer = sign_in(client, login)
    assert answer.location == "/"
    assert answer.status == (200 if htmx else 303)
    assert is_inside(client)


@pytest.mark.parametrize("login", ["anna@ritm.example", "Anna@Ritm.Example", " ANNA@RITM.EXAMPLE "])
def test_by_email_whatever_its_case(portal, login):
    give(portal, portal.cast.ann, email="anna@ritm.example")
    client = portal.client()
    assert sign_in(client, login).location == "/"
    assert is_inside(client)


def test_by_short_login(portal):
    give(portal, portal.cast.ann, login="seller")
    client = portal.client()
    assert sign_in(client, "Seller").location == "/"


def test_a_number_goes_before_somebody_elses_login(portal):
    give(portal, portal.cast.ann, login="1002")
    give(portal, portal.cast.bob, password="другой пароль тут")
    client = portal.client()
    assert sign_in(client, "1002").status == 422
    assert sign_in(client, "1002", "другой пароль тут").location == "/"


def test_a_shared_email_asks_for_the_number(portal):
    give(portal, portal.cast.ann, email="shop@ritm.example")
    give(portal, portal.cast.bob, email="shop@ritm.example")
    answer = sign_in(portal.client(), "shop@ritm.example")
    assert answer.status == 422
    assert "Войдите по табельному номеру" in answer


def test_the_email_of_somebody_dismissed_goes_to_whoever_has_it_now(portal):
    give(portal, portal.cast.ann, email="shop@ritm.example", dismissed_on=date(2024, 5, 1))
    give(portal, portal.cast.bob, email="shop@ritm.example")
    assert sign_in(portal.client(), "shop@ritm.example").location == "/"


def test_wrong_and_unknown_are_answered_the_same(portal):
    give(portal, portal.cast.ann)
    wrong, unknown, no_password = (sign_in(portal.client(), login, "не тот пароль") for login in ("01001", "09999", "01002"))
    assert wrong.status == unknown.status == no_password.status == 422
    assert WRONG in wrong and WRONG in unknown and WRONG in no_password
    assert wrong.text.count("notice--bad") == unknown.text.count("notice--bad") == 1


def test_what_was_typed_stays_but_not_the_password(portal):
    give(portal, portal.cast.ann)
    answer = sign_in(portal.client(), "01001", "почти верно")
    assert 'value="01001"' in answer
    assert "почти верно" not in answer


def test_empty_fields_say_what_to_enter(portal):
    answer = sign_in(portal.client(), "", "")
    assert answer.status == 422
    assert "Введите табельный номер или почту" in answer
    assert "Введите пароль" in answer


@pytest.mark.parametrize("text", ["\x00", "😀" * 300, "'; --", "a@b@c", "%", "x" * 5000])
def test_odd_texts_are_refused_in_peace(portal, text):
    give(portal, portal.cast.ann)
    assert sign_in(portal.client(), text, text).status == 422


def test_a_password_with_odd_letters_is_a_password(portal):
    give(portal, portal.cast.ann, password="ваза 😀 ﬁ ё")
    assert sign_in(portal.client(), "1001", "ваза 😀 fi ё").location == "/"


def test_goes_where_one_wanted_to_go(portal, htmx):
    give(portal, portal.cast.ann)
    asked = portal.client().get("/people?q=анна&city=1")
    assert parse_qs(urlsplit(asked.location).query) == {"next": ["/people?q=анна&city=1"]}
    client = portal.client(htmx=htmx)
    assert 'value="/people?city=1"' in client.get("/sign-in?next=/people?city=1")
    assert sign_in(client, "1001", next="/people?city=1").location == "/people?city=1"


@pytest.mark.parametrize("away", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1"])
def test_next_leads_nowhere_else(portal, away):
    give(portal, portal.cast.ann)
    assert sign_in(portal.client(), "1001", next=away).location == "/"


def test_the_cookie_is_new_and_lives_long(portal):
    give(portal, portal.cast.ann)
    client = portal.client(portal.cast.bob)
    before = token_of(client)
    answer = sign_in(client, "1001")
    cookie = next(value for name, value in answer.headers if name == "Set-Cookie" and value.startswith("ritm="))
    assert "Expires=" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert token_of(client) != before
    # Who was signed in on this browser before is out on the server too.
    assert portal.one(select(SignIn.end_cause).where(SignIn.person_id == portal.cast.bob.id)) == "replaced"


def test_a_token_set_by_somebody_else_opens_nothing(portal):
    give(portal, portal.cast.ann)
    client = portal.client()
    with client.raw.session_transaction() as session:
        session["_user_id"] = "chosen by an attacker"
    sign_in(client, "1001")
    assert token_of(client) != "chosen by an attacker"
    assert is_inside(client)


def test_the_page_sends_whoever_is_in_on(portal):
    client = portal.client(portal.cast.ann)
    assert client.get("/sign-in").location == "/"
    assert client.get("/sign-in?next=/people").location == "/people"


def test_signing_out_ends_the_session_on_the_server(portal, htmx):
    client = portal.client(portal.cast.ann, htmx=htmx)
    token = token_of(client)
    assert client.post("/sign-out").location == "/sign-in"
    assert portal.one(select(SignIn.end_cause)) == "out"
    with client.raw.session_transaction() as session:
        session["_user_id"] = token
    assert not is_inside(client)


def test_signing_out_twice_is_no_error(portal):
    client = portal.client(portal.cast.ann)
    client.post("/sign-out")
    renew(client)
    assert client.post("/sign-out").location == "/sign-in"


def test_somebody_dismissed_is_told_so_only_with_the_right_password(portal):
    give(portal, portal.cast.ann, dismissed_on=date(2024, 5, 1))
    assert WRONG in sign_in(portal.client(), "1001", "не тот пароль")
    answer = sign_in(portal.client(), "1001", PASSWORD)
    assert answer.status == 422
    assert "вы здесь больше не работаете" in answer
    assert portal.count(SignIn) == 0


def test_dismissal_ends_access_at_the_next_request(portal):
    client = portal.client(portal.cast.ann)
    assert is_inside(client)
    give(portal, portal.cast.ann, dismissed_on=date(2024, 5, 1))
    assert not is_inside(client)


def test_the_demo_offers_its_sign_ins_only_in_the_demo(portal):
    assert "демонстрация" not in portal.client().get("/sign-in")
    portal.app.config["DEMO"] = True
    try:
        page = portal.client().get("/sign-in")
    finally:
        portal.app.config["DEMO"] = False
    assert "демонстрация" in page
    assert 'value="director"' in page
