"""Doors before several processes: a code opens once, and guessing is counted in one place, whoever it comes from."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.people.access import GUESSES, AccessLink, Attempt, TerminalCode
from app.people.models import Person
from app.people.sessions import SignIn, Terminal
from app.people.terminals import COOKIE
from tests.doors import PASSWORD, PIN, hashed

WRONG_PIN, WRONG_PASSWORD, MANY = "PIN-код не подходит", "не подходит", "Слишком много неверных попыток"


def forged(number):
    """Return headers that name somebody else's address, each time another one."""
    there = f"10.0.{number}.7"
    return {"X-Forwarded-For": there, "X-Real-IP": there, "Forwarded": f"for={there}"}


def with_secrets(served):
    """Return somebody new with a password and a PIN."""
    with served.portal.context():
        known = {"password_hash": hashed(PASSWORD), "pin_hash": hashed(PIN)}
    return served.newcomer(**known)


def terminal_of(served):
    """Return an enrolled terminal of ann's store."""
    return served.portal.terminal(served.cast.ann.store_id)


def test_of_thirty_with_one_invitation_one_comes_in(served):
    person = served.newcomer()
    code = served.portal.run(lambda: AccessLink.make(person.id, "invitation", served.cast.dina.id).code)
    passwords = [f"кружка номер луна {'абвгдежзик'[number % 10]} {number}" for number in range(30)]
    acts = [lambda word=word: served.browser().post(f"/i/{code}", {"password": word}) for word in passwords]
    replies = served.crowd(*acts)
    assert sorted(reply.status for reply in replies) == [303] + [410] * 29
    assert served.portal.count(SignIn, SignIn.person_id == person.id) == 1
    assert served.acts("person.came_in", person.id) <= 1
    won = next(word for word, reply in zip(passwords, replies, strict=True) if reply.status == 303)
    assert served.browser().post("/sign-in", {"login": person.number, "password": won}).status == 303


def test_a_terminal_code_enrols_one(served):
    code = served.portal.run(lambda: TerminalCode.make(served.portal.stores.mayak, served.cast.root.id).code)
    replies = served.crowd(lambda: served.browser().post("/terminal", {"code": code}), times=12)
    assert sorted(reply.status for reply in replies) == [303] + [422] * 11
    assert served.portal.count(Terminal, Terminal.store_id == served.portal.stores.mayak) == 1


def test_pins_are_guessed_five_times_and_colleagues_come_in(served):
    victim, colleague, terminal = with_secrets(served), with_secrets(served), terminal_of(served)

    def guess(number):
        pc = served.browser(**{COOKIE: terminal.secret})
        return pc.post("/terminal", {"person": victim.id, "pin": f"{number:04}"}, headers=forged(number))

    def come_in():
        return served.browser(**{COOKIE: terminal.secret}).post("/terminal", {"person": colleague.id, "pin": PIN})

    replies = served.crowd(*[lambda number=number: guess(number) for number in range(29)], come_in)
    assert replies[29].status == 303
    # Those who came at the same moment may have stood in each other's way; one after another they use up what is left.
    replies = replies[:29] + [guess(number) for number in range(29, 35)]
    assert all(WRONG_PIN in reply.text or MANY in reply.text for reply in replies)
    assert len([reply for reply in replies if WRONG_PIN in reply.text]) <= 5
    assert served.portal.count(Attempt, Attempt.subject.contains(f":{victim.id}:")) <= 5
    # The right one comes too late now, from wherever it is sent.
    last = served.browser(**{COOKIE: terminal.secret})
    assert MANY in last.post("/terminal", {"person": victim.id, "pin": PIN}, headers=forged(99)).text
    assert served.portal.count(SignIn, SignIn.person_id == victim.id) == 0


def test_passwords_are_guessed_five_times_and_colleagues_come_in(served):
    victim, colleague = with_secrets(served), with_secrets(served)

    def guess(number):
        form = {"login": victim.number, "password": f"не тот пароль {number}"}
        return served.browser().post("/sign-in", form, headers=forged(number))

    def come_in():
        return served.browser().post("/sign-in", {"login": colleague.number, "password": PASSWORD})

    replies = served.crowd(*[lambda number=number: guess(number) for number in range(29)], come_in)
    assert replies[29].status == 303
    replies = replies[:29] + [guess(number) for number in range(29, 35)]
    assert all(WRONG_PASSWORD in reply.text or MANY in reply.text for reply in replies)
    assert len([reply for reply in replies if MANY not in reply.text]) <= 5
    right = {"login": victim.number, "password": PASSWORD}
    assert MANY in served.browser().post("/sign-in", right, headers=forged(99)).text
    assert served.portal.count(SignIn, SignIn.person_id == victim.id) == 0


def test_signing_in_on_one_terminal_at_once_leaves_one_session(served):
    people, terminal = [with_secrets(served), with_secrets(served)], terminal_of(served)

    def come_in(person):
        return served.browser(**{COOKIE: terminal.secret}).post("/terminal", {"person": person.id, "pin": PIN})

    replies = served.crowd(*[lambda person=person: come_in(person) for person in people], times=8)
    assert {reply.status for reply in replies} <= {303, 422}
    assert served.portal.count(SignIn, SignIn.terminal_id == terminal.id, SignIn.ended_at.is_(None)) == 1


def test_dismissed_while_coming_in_nobody_stays_inside(served):
    person = with_secrets(served)
    hr, form = served.browser("hana"), {"dismissed_on": date(2024, 5, 1).isoformat()}

    def come_in():
        return served.browser().post("/sign-in", {"login": person.number, "password": PASSWORD})

    served.crowd(*[come_in] * 7, lambda: hr.post(f"/people/{person.id}/dismiss", form), times=16)
    assert served.portal.one(select(Person.dismissed_on).where(Person.id == person.id)) == date(2024, 5, 1)
    assert served.portal.count(SignIn, SignIn.person_id == person.id, SignIn.ended_at.is_(None)) == 0


def test_a_new_password_while_the_old_one_comes_in_leaves_no_session_of_the_old(served):
    """Whoever knows the old password and is quick must not stay inside."""
    for _ in range(3):
        person = with_secrets(served)
        owner = served.browser_of(person)
        change = {"old": PASSWORD, "password": "синяя кружка луна"}

        def come_in(number=person.number):
            return served.browser().post("/sign-in", {"login": number, "password": PASSWORD})

        # As many as may try at the same moment: a sixth would be told to wait, and that might be the owner.
        crowd = [*[come_in] * (GUESSES - 1), lambda owner=owner, form=change: owner.post("/profile/security/password", form)]
        assert served.crowd(*crowd, times=len(crowd))[-1].status == 303
        open_still = served.portal.rows(
            select(SignIn.how, SignIn.end_cause).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
        )
        assert len(open_still) <= 1, open_still
        assert served.browser().post("/sign-in", {"login": person.number, "password": PASSWORD}).status == 422


def test_a_session_ended_here_is_over_in_the_other_process(served):
    """Nothing of a session is remembered by a process."""
    person = with_secrets(served)
    browser = served.browser_of(person)
    assert {reply.status for reply in served.crowd(lambda: browser.get("/more"), times=8)} == {200}
    assert browser.post("/sign-out").status == 303
    for reply in served.crowd(lambda: browser.get("/more"), times=12):
        assert reply.headers["Location"].startswith("/sign-in")
