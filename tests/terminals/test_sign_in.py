"""Signing in on a terminal: a name or a badge, then the PIN; only at one's own store, and nobody locks a colleague out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.database import move_clock
from app.extensions import db
from app.people.access import Attempt
from app.people.badges import badge_of, renew_badge
from app.people.models import Person
from app.people.sessions import SignIn
from tests.doors import PASSWORD, PIN, at_once, at_terminal, give, is_inside, pin_in, renew, sign_in, token_of

MANY = "Слишком много неверных попыток"


@pytest.fixture
def terminal(portal):
    """Return a terminal of ann's, bob's and dina's store, all of whom have a PIN."""
    for person in (portal.cast.ann, portal.cast.bob, portal.cast.vera):
        give(portal, person, pin=PIN)
    return portal.terminal(portal.stores.raduga)


def badge(portal, person):
    def make():
        row = db.session.get_one(Person, person.id)
        renew_badge(row)
        return badge_of(row)

    return portal.run(make)


def test_pick_the_name_and_enter_the_pin(portal, terminal, htmx):
    pc = at_terminal(portal, terminal, htmx=htmx)
    page = pc.get("/terminal")
    assert f"/terminal?person={portal.cast.ann.id}" in page
    assert 'name="pin"' in pc.get(f"/terminal?person={portal.cast.ann.id}")
    assert pin_in(pc, portal.cast.ann).location == "/"
    assert is_inside(pc)
    row = portal.rows(select(SignIn.terminal_id, SignIn.how, SignIn.person_id))[0]
    assert row == (terminal.id, "pin", portal.cast.ann.id)


def test_only_people_who_work_at_this_store_are_offered(portal, terminal):
    give(portal, portal.cast.bob, pin=PIN, dismissed_on=date(2024, 5, 1))
    page = at_terminal(portal, terminal).get("/terminal")
    assert "Авторова" in page and "Директорова" in page
    assert "Борисов" not in page and "Казанцева" not in page
    assert page.text.index("Авторова") < page.text.index("Директорова")


@pytest.mark.parametrize("text", ["авт", "АНН", "Анна", "авторова анна"])
def test_part_of_a_name_narrows_the_choice(portal, terminal, text):
    answer = at_terminal(portal, terminal).post("/terminal", {"badge": text})
    assert answer.status == 200
    assert "Авторова" in answer and "Борисов" not in answer


@pytest.mark.parametrize("text", ["%", "_", "\\", "щщщ", "\x00", "😀" * 40])
def test_odd_names_are_nobodys(portal, terminal, text):
    answer = at_terminal(portal, terminal).post("/terminal", {"badge": text})
    assert answer.status == 200
    assert ("Авторова" in answer) == (text == "\x00")


def test_a_badge_says_who_and_the_pin_still_counts(portal, terminal):
    pc = at_terminal(portal, terminal)
    answer = pc.post("/terminal", {"badge": f"{badge(portal, portal.cast.ann)}\n"})
    assert answer.location == f"/terminal?person={portal.cast.ann.id}"
    assert not is_inside(pc)


def test_a_new_badge_makes_the_former_void(portal, terminal):
    former = badge(portal, portal.cast.ann)
    badge(portal, portal.cast.ann)
    assert "не действует" in at_terminal(portal, terminal).post("/terminal", {"badge": former})


def test_the_badge_of_another_store_and_of_somebody_dismissed(portal, terminal):
    pc = at_terminal(portal, terminal)
    assert "из другого магазина" in pc.post("/terminal", {"badge": badge(portal, portal.cast.vera)})
    scanned = badge(portal, portal.cast.bob)
    give(portal, portal.cast.bob, pin=PIN, dismissed_on=date(2024, 5, 1))
    assert "не действует" in pc.post("/terminal", {"badge": scanned})


def test_a_pin_works_at_ones_own_store_only(portal, terminal):
    pc = at_terminal(portal, terminal)
    assert pin_in(pc, portal.cast.vera).status in (404, 422)
    assert not is_inside(pc)


def test_a_pin_works_on_no_other_browser(portal, terminal):
    stranger = portal.client()
    pin_in(stranger, portal.cast.ann)
    assert not is_inside(stranger)
    forged = at_terminal(portal, terminal)
    forged.raw.set_cookie("ritm_terminal", "x" * 43)
    pin_in(forged, portal.cast.ann)
    assert not is_inside(forged)
    assert sign_in(portal.client(), "1001", PIN).status == 422


def test_who_moved_to_another_store_uses_the_terminal_there(portal, terminal):
    give(portal, portal.cast.ann, pin=PIN, store_id=portal.stores.ring)
    assert not is_inside(_after(pin_in, at_terminal(portal, terminal), portal.cast.ann))
    there = at_terminal(portal, portal.terminal(portal.stores.ring))
    pin_in(there, portal.cast.ann)
    assert is_inside(there)


def _after(act, client, person):
    act(client, person)
    return client


def test_without_a_pin_the_password_opens_and_leads_to_choosing_one(portal, terminal):
    give(portal, portal.cast.ann, pin=None)
    pc = at_terminal(portal, terminal)
    page = pc.get(f"/terminal?person={portal.cast.ann.id}")
    assert "ещё нет PIN-кода" in page and 'name="password"' in page and 'value="/welcome"' in page
    answer = pc.post("/terminal", {"person": portal.cast.ann.id, "password": PASSWORD, "next": "/welcome"})
    renew(pc)
    assert answer.location == "/welcome"
    # The password was typed just now: it is not asked for again.
    assert 'name="proof"' not in pc.get("/welcome")
    assert pc.post("/profile/security/pin", {"pin": "8264", "next": "/welcome"}).location == "/welcome"
    again = at_terminal(portal, terminal)
    assert pin_in(again, portal.cast.ann, "8264").location == "/"


def test_who_never_came_in_is_told_to_ask_for_an_invitation(portal, terminal):
    page = at_terminal(portal, terminal).get(f"/terminal?person={portal.cast.dina.id}")
    assert "приглашение" in page and 'name="pin"' not in page and 'name="password"' not in page


@pytest.mark.parametrize("person", ["", "0", "x", "-1", "99999999999999999999", "\x00"])
def test_nobody_is_not_found(portal, terminal, person):
    pc = at_terminal(portal, terminal)
    assert pc.get("/terminal", query_string={"person": person}).status == 404
    assert pc.post("/terminal", {"person": person, "pin": PIN}).status == 404


def test_five_wrong_pins_and_colleagues_go_on(portal, terminal):
    pc = at_terminal(portal, terminal)
    for _ in range(5):
        assert "PIN-код не подходит" in pin_in(pc, portal.cast.ann, "0000")
    assert MANY in pin_in(pc, portal.cast.ann)
    assert pin_in(pc, portal.cast.bob).location == "/"
    move_clock(timedelta(minutes=15, seconds=1))
    assert pin_in(pc, portal.cast.ann).location == "/"


def test_the_limit_holds_for_this_terminal_and_not_for_another(portal, terminal):
    pc = at_terminal(portal, terminal)
    for _ in range(5):
        pin_in(pc, portal.cast.ann, "0000")
    other = at_terminal(portal, portal.terminal(portal.stores.raduga))
    assert pin_in(other, portal.cast.ann).location == "/"


def test_parallel_and_forged_guesses_share_the_limit(portal, terminal):
    def guess(number):
        forged = {"X-Forwarded-For": f"10.0.0.{number}"}
        pc = at_terminal(portal, terminal)
        return pc.post("/terminal", {"person": portal.cast.ann.id, "pin": "0000"}, headers=forged).text

    answers = at_once([lambda number=number: guess(number) for number in range(16)])
    assert len([answer for answer in answers if "PIN-код не подходит" in answer]) <= 5
    assert all("PIN-код не подходит" in answer or MANY in answer for answer in answers)
    assert portal.count(Attempt) <= 5


def test_two_sign_ins_at_once_leave_one_session(portal, terminal):
    people = [portal.cast.ann, portal.cast.bob] * 3
    answers = at_once([lambda person=person: pin_in(at_terminal(portal, terminal), person).status for person in people])
    assert set(answers) == {303}
    assert portal.count(SignIn, SignIn.ended_at.is_(None)) == 1


def test_a_new_sign_in_ends_the_former_session(portal, terminal):
    pc = at_terminal(portal, terminal)
    pin_in(pc, portal.cast.ann)
    former = token_of(pc)
    pin_in(pc, portal.cast.bob)
    with pc.raw.session_transaction() as session:
        session["_user_id"] = former
    assert not is_inside(pc)
    assert portal.one(select(SignIn.end_cause).where(SignIn.person_id == portal.cast.ann.id)) == "replaced"


def test_the_sign_in_page_of_a_terminal_is_the_choice_of_names(portal, terminal):
    pc = at_terminal(portal, terminal)
    assert pc.get("/sign-in").location == "/terminal"
    assert pc.get("/sign-in?next=/people").location == "/terminal?next=%2Fpeople"
    assert "Вы гость" in pc.get("/sign-in?guest=1")


def test_a_guest_signs_in_with_the_password_and_is_locked_like_everybody(portal, terminal):
    pc = at_terminal(portal, terminal)
    assert sign_in(pc, "01003").location == "/"
    assert portal.one(select(SignIn.terminal_id)) == terminal.id
    assert "terminal-bar" in pc.get("/profile/security") and "Радуга, Москва" in pc.get("/profile/security")
    move_clock(timedelta(minutes=3))
    assert not is_inside(pc)
