"""A terminal locks: two minutes without a touch, or "sign out"; nothing of the former person is left, drafts are kept."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.content.models import Draft
from app.database import move_clock
from app.people.sessions import SignIn
from tests.doors import PIN, at_terminal, give, is_inside, pin_in, renew, token_of


@pytest.fixture
def pc(portal):
    """Return a terminal on which ann is signed in."""
    give(portal, portal.cast.ann, pin=PIN)
    give(portal, portal.cast.bob, pin=PIN)
    client = at_terminal(portal, portal.terminal(portal.stores.raduga))
    pin_in(client, portal.cast.ann)
    return client


def test_idle_for_two_minutes_is_locked_on_the_server(pc):
    move_clock(timedelta(minutes=1, seconds=59))
    assert is_inside(pc)
    move_clock(timedelta(minutes=5))
    assert not is_inside(pc)


def test_a_touch_keeps_it_open(pc):
    for minute in range(1, 6):
        move_clock(timedelta(minutes=minute))
        assert pc.get("/terminal/awake").status == 204
    assert is_inside(pc)


def test_a_poll_keeps_nobody_signed_in(pc):
    for minute in range(1, 4):
        move_clock(timedelta(minutes=minute))
        pc.get("/terminal/awake", headers={"X-Poll": "1"})
    assert not is_inside(pc)


def test_the_bar_says_whose_session_it_is_and_how_to_leave(portal, pc):
    page = pc.get("/profile/security")
    for words in ("terminal-bar", "Радуга, Москва", portal.cast.ann.name, 'data-seconds="120"', 'action="/sign-out"'):
        assert words in page
    assert "terminal-bar" not in portal.client(portal.cast.bob).get("/profile/security")


@pytest.mark.parametrize("way", ["/sign-out", "/terminal/lock"])
def test_leaving_goes_to_the_names_and_leaves_nothing(portal, pc, way):
    token = token_of(pc)
    page = pc.get("/profile/security")
    assert page.headers["Cache-Control"] == "no-store"
    renew(pc)
    answer = pc.post(way)
    assert answer.location == "/terminal"
    assert '"storage"' in answer.headers["Clear-Site-Data"]
    assert token_of(pc) is None
    names = pc.get("/terminal")
    assert names.headers["Cache-Control"] == "no-store"
    with pc.raw.session_transaction() as session:
        session["_user_id"] = token
    assert not is_inside(pc)
    assert portal.one(select(SignIn.end_cause)) == {"/sign-out": "out", "/terminal/lock": "idle"}[way]


def test_a_phone_is_not_cleared(portal):
    answer = portal.client(portal.cast.ann).post("/sign-out")
    assert "Clear-Site-Data" not in answer.headers


def test_the_session_cookie_of_a_terminal_ends_with_the_browser(portal, pc):
    answer = pc.post("/terminal", {"person": portal.cast.bob.id, "pin": PIN})
    cookie = next(v for n, v in answer.headers if n == "Set-Cookie" and v.startswith("ritm="))
    assert "Expires" not in cookie and "Max-Age" not in cookie


def test_the_next_person_does_not_land_where_the_former_was(pc):
    move_clock(timedelta(minutes=5))
    answer = pc.get("/people?q=кто-то")
    assert answer.location.startswith("/sign-in")
    assert pc.get(answer.location).location == "/terminal"


def test_the_language_of_the_former_person_does_not_stay(portal, pc):
    pc.post("/language", {"language": "en"})
    assert "Sign out" in pc.get("/profile/security")
    pc.post("/sign-out")
    assert "Кто вы?" in pc.get("/terminal")


def test_what_was_typed_waits_for_the_same_person(portal, pc):
    """A form sent after the lock is not lost: it is its author's draft, offered at the next sign-in."""
    move_clock(timedelta(minutes=5))
    answer = pc.post("/posts", {"body": "Витрина к празднику", "audience": "everybody"})
    assert answer.location.startswith("/sign-in")
    assert portal.rows(select(Draft.person_id, Draft.form)) == [(portal.cast.ann.id, "/posts")]
    pin_in(pc, portal.cast.bob)
    assert "Витрина" not in pc.get("/posts/new")
    assert "/drafts" not in _flashes(pc.get("/profile/security"))
    renew(pc)
    pc.post("/sign-out")
    renew(pc)
    pin_in(pc, portal.cast.ann)
    assert "/drafts" in _flashes(pc.get("/profile/security"))
    assert "Витрина к празднику" in pc.get("/posts/new")


def test_pins_and_badges_stay_out_of_the_log(portal, pc, caplog):
    caplog.set_level(logging.DEBUG)
    pin_in(pc, portal.cast.bob, "736251")
    pc.post("/terminal", {"badge": "73625173625173625173"})
    renew(pc)
    pc.post("/sign-out")
    renew(pc)
    pin_in(pc, portal.cast.bob, PIN)
    assert "736251" not in caplog.text and PIN not in caplog.text


def _flashes(page):
    return "".join(line for line in page.text.splitlines() if 'role="status"' in line)
