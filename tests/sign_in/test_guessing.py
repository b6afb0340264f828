"""Guessing passwords: five tries in fifteen minutes for one person, in parallel too, and nobody else is locked out."""

from __future__ import annotations

from datetime import timedelta

from app.database import move_clock
from app.people.access import Attempt
from app.people.sessions import SignIn
from tests.doors import at_once, give, sign_in

MANY = "Слишком много неверных попыток"


def wrong(portal, login="1001", **kwargs):
    return portal.client().post("/sign-in", {"login": login, "password": "не тот пароль"}, **kwargs)


def test_the_sixth_try_is_refused_even_with_the_right_password(portal):
    give(portal, portal.cast.ann)
    for _ in range(5):
        assert "не подходит" in wrong(portal)
    answer = sign_in(portal.client(), "1001")
    assert answer.status == 422
    assert f"{MANY}. Попробуйте через 15 минут." in answer
    assert portal.count(SignIn) == 0


def test_it_opens_again_when_it_said_it_would(portal):
    give(portal, portal.cast.ann)
    for _ in range(5):
        wrong(portal)
    move_clock(timedelta(minutes=14))
    assert "Попробуйте через 1 минуту." in sign_in(portal.client(), "1001")
    move_clock(timedelta(minutes=15, seconds=1))
    assert sign_in(portal.client(), "1001").location == "/"


def test_refused_tries_do_not_make_the_wait_longer(portal):
    give(portal, portal.cast.ann)
    for _ in range(5):
        wrong(portal)
    move_clock(timedelta(minutes=10))
    for _ in range(5):
        assert MANY in wrong(portal)
    move_clock(timedelta(minutes=15, seconds=1))
    assert sign_in(portal.client(), "1001").location == "/"


def test_colleagues_are_not_locked_out(portal):
    give(portal, portal.cast.ann)
    give(portal, portal.cast.bob)
    for _ in range(7):
        wrong(portal)
    assert sign_in(portal.client(), "1002").location == "/"


def test_right_passwords_do_not_count(portal):
    give(portal, portal.cast.ann)
    for _ in range(8):
        assert sign_in(portal.client(), "1001").location == "/"


def test_all_spellings_of_one_person_share_the_limit(portal):
    give(portal, portal.cast.ann, email="anna@ritm.example", login="seller")
    for login in ("1001", "01001", "anna@ritm.example", "ANNA@ritm.example", "seller"):
        wrong(portal, login)
    assert MANY in wrong(portal, "Seller")


def test_somebody_unknown_is_limited_the_same(portal):
    for _ in range(5):
        wrong(portal, "09999")
    assert MANY in wrong(portal, "09999")


def test_forged_forwarding_headers_change_nothing(portal):
    give(portal, portal.cast.ann)
    for number in range(5):
        forged = {
            "X-Forwarded-For": f"10.0.0.{number}",
            "X-Real-IP": f"10.0.1.{number}",
            "Forwarded": f"for=10.0.2.{number}",
        }
        wrong(portal, headers=forged)
    assert MANY in wrong(portal, headers={"X-Forwarded-For": "10.9.9.9"})


def test_parallel_guesses_share_the_limit(portal):
    give(portal, portal.cast.ann)
    answers = at_once([lambda: wrong(portal).text for _ in range(16)])
    looked = [answer for answer in answers if "не подходит" in answer]
    assert all("не подходит" in answer or MANY in answer for answer in answers)
    assert len(looked) <= 5
    assert portal.count(Attempt) <= 5


def test_parallel_right_passwords_are_never_an_error(portal):
    give(portal, portal.cast.ann)
    answers = at_once([lambda: sign_in(portal.client(), "1001").status for _ in range(6)])
    assert set(answers) <= {303, 422}
    assert sign_in(portal.client(), "1001").location == "/"
