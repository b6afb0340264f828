"""One's own keys: password, PIN, badge, and the devices on which one is signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import move_clock
from app.people.models import Change, Person
from app.people.sessions import SignIn
from tests.doors import PASSWORD, PIN, at_terminal, give, is_inside, pin_in, renew, sign_in

NEW = "синяя кружка луна"


def inside(portal, htmx=False, age=timedelta(hours=1)):
    """Return a browser in which ann signed in some time ago."""
    give(portal, portal.cast.ann)
    client = portal.client(htmx=htmx)
    sign_in(client, "1001")
    move_clock(age)
    return client


def change(client, old=PASSWORD, new=NEW):
    return client.post("/profile/security/password", {"old": old, "password": new})


def test_changing_the_password_ends_all_other_sessions(portal, htmx):
    client = inside(portal, htmx)
    phone = portal.client(portal.cast.ann)
    assert change(client).location == "/profile/security"
    assert is_inside(client) and not is_inside(phone)
    assert sign_in(portal.client(), "1001", NEW).location == "/"
    assert sign_in(portal.client(), "1001", PASSWORD).status == 422
    assert "password.changed" in [row[0] for row in portal.rows(select(Change.verb))]


def test_the_present_password_is_asked_for(portal):
    client = inside(portal)
    answer = change(client, old="не тот пароль")
    assert answer.status == 422 and "Пароль не подходит" in answer
    assert sign_in(portal.client(), "1001", PASSWORD).location == "/"


def test_guessing_the_present_password_is_limited(portal):
    client = inside(portal)
    for _ in range(5):
        change(client, old="не тот пароль")
    assert "Слишком много" in change(client)
    assert is_inside(client)


def test_a_weak_password_is_refused(portal):
    assert "берут многие" in change(inside(portal), new="qwerty123")


def test_setting_a_pin_asks_for_the_password(portal, htmx):
    client = inside(portal, htmx)
    assert "Пароль не подходит" in client.post("/profile/security/pin", {"pin": PIN})
    assert "Пароль не подходит" in client.post("/profile/security/pin", {"pin": PIN, "proof": "не тот"})
    assert client.post("/profile/security/pin", {"pin": PIN, "proof": PASSWORD}).location == "/profile/security"
    pc = at_terminal(portal, portal.terminal(portal.stores.raduga))
    assert pin_in(pc, portal.cast.ann).location == "/"


def test_right_after_the_password_it_is_not_asked_again(portal):
    client = inside(portal, age=timedelta(minutes=5))
    assert 'name="proof"' not in client.get("/profile/security")
    assert client.post("/profile/security/pin", {"pin": PIN}).location == "/profile/security"


def test_a_pin_proves_nothing_for_another_pin(portal):
    give(portal, portal.cast.ann, pin=PIN)
    pc = at_terminal(portal, portal.terminal(portal.stores.raduga))
    pin_in(pc, portal.cast.ann)
    assert pc.post("/profile/security/pin", {"pin": "8264"}).status == 422
    assert pin_in(at_terminal(portal, portal.terminal(portal.stores.raduga)), portal.cast.ann).location == "/"


@pytest.mark.parametrize(
    "pin", ["", "123", "1234567", "12a4", "0000", "1234", "4321", "1212", "123123", "1985", "2026", "1001", "01001", "4567"]
)
def test_a_pin_that_is_easy_to_guess_is_refused(portal, pin):
    client = inside(portal, age=timedelta(minutes=1))
    give(portal, portal.cast.ann, phone="+79161234567")
    assert client.post("/profile/security/pin", {"pin": pin}).status == 422
    assert portal.one(select(Person.pin_hash).where(Person.id == portal.cast.ann.id)) is None


def test_the_pin_is_never_shown_again(portal):
    client = inside(portal)
    assert "8264" not in client.post("/profile/security/pin", {"pin": "8264", "proof": "не тот"})


def test_devices_are_listed_in_words(portal):
    give(portal, portal.cast.ann)
    phone = portal.client()
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1"
    phone.post("/sign-in", {"login": "1001", "password": PASSWORD}, headers={"User-Agent": agent})
    pc = at_terminal(portal, portal.terminal(portal.stores.raduga))
    sign_in(pc, "1001")
    page = phone.get("/profile/security")
    assert "Safari, iPhone" in page and "Терминал магазина «Радуга»" in page
    assert page.text.count("это устройство") == 1


def test_ending_one_other_session(portal, htmx):
    client = inside(portal, htmx)
    phone = portal.client(portal.cast.ann)
    other = portal.one(select(SignIn.id).order_by(SignIn.id.desc()))
    assert client.post(f"/profile/security/sessions/{other}/end").location == "/profile/security"
    assert not is_inside(phone) and is_inside(client)
    assert portal.one(select(SignIn.end_cause).where(SignIn.id == other)) == "elsewhere"


def test_somebody_elses_session_is_not_there(portal):
    client = inside(portal)
    phone = portal.client(portal.cast.bob)
    other = portal.one(select(SignIn.id).where(SignIn.person_id == portal.cast.bob.id))
    assert client.post(f"/profile/security/sessions/{other}/end").status == 404
    assert client.post(f"/profile/security/sessions/{2**31 - 2}/end").status == 404
    assert is_inside(phone)


def test_ending_all_others(portal):
    client = inside(portal)
    phones = [portal.client(portal.cast.ann) for _ in range(2)]
    bob = portal.client(portal.cast.bob)
    client.post("/profile/security/sessions/end")
    assert "Вы вышли на 2 устройствах" in client.get("/profile/security")
    assert is_inside(client) and is_inside(bob) and not any(is_inside(phone) for phone in phones)


def test_a_badge_is_made_shown_and_renewed(portal, htmx):
    client = inside(portal, htmx)
    assert "Бейджа пока нет" in client.get("/profile/security/badge")
    assert client.post("/profile/security/badge").location == "/profile/security/badge"
    first = portal.one(select(Person.badge_hash).where(Person.id == portal.cast.ann.id))
    assert "<svg aria-hidden" in client.get("/profile/security/badge")
    client.post("/profile/security/badge")
    assert portal.one(select(Person.badge_hash).where(Person.id == portal.cast.ann.id)) not in (None, first)


def test_signed_in_for_half_a_year_and_no_longer(portal):
    client = inside(portal, age=timedelta(days=179))
    renew(client)
    assert is_inside(client)
    move_clock(timedelta(days=181))
    assert not is_inside(client)
