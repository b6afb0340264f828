"""Who somebody is: found by personnel number, e-mail or login, proved by a password, let in with a session of the browser.

The steps stand apart because each has a transaction of its own: finding takes no lock, the guess is counted before the
secret is looked at, hashing holds nothing, and only letting in writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import flash, request, session
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import or_, select

from app.database import reading
from app.errors import Refused
from app.extensions import db
from app.forms import tidy
from app.people.devices import device_name
from app.people.guesses import forgive, guess
from app.people.models import Person
from app.people.names import number_key
from app.people.passwords import fits
from app.people.sessions import SignIn, hash_token, open_session
from app.people.terminals import note_seen, terminal_here

# Called with the id of whoever came in on a shared computer; what they return is said on the first page.
arrivals: list[Callable[[int], Markup | None]] = []


class Known(NamedTuple):
    """What signing in needs to know of a person."""

    id: int
    password_hash: str | None


class Proof(NamedTuple):
    """A password that was right: whose, against which hash, by which counted guess."""

    person_id: int
    password_hash: str | None
    attempt_id: int


def find(login: str) -> Known | None:
    """Return whoever the words mean: 1146 and 01146 are one number, case does not matter in an e-mail."""
    login = tidy(login)
    with reading():
        found = db.session.execute(_known_as(login)).all()
        db.session.rollback()
    if len(found) > 1:
        raise Refused(_("Several colleagues share this e-mail. Sign in with your personnel number."), "login")
    return Known(found[0].id, found[0].password_hash) if found else None


def prove(login: str, password: str) -> Proof:
    """Check a password; five wrong ones for one person close the door to that person's account for a while.

    Somebody unknown takes as long and is answered the same.
    """
    known = find(login)
    subject = password_subject(known.id) if known else f"password:?{hashlib.sha256(tidy(login).encode()).hexdigest()[:24]}"
    hashed = known.password_hash if known else None
    wrong = Refused(_("Number or password is wrong. Check the keyboard layout and Caps Lock."), "password")
    attempt_id = guess(subject, lambda: fits(password, hashed), wrong)
    return Proof(known.id if known else 0, hashed, attempt_id)


def prove_again(person_id: int, password: str, field: str) -> int:
    """Check the password of somebody who is signed in; counts as a guess like any other. Returns its id for `forgive`."""
    with reading():
        hashed = db.session.scalar(select(Person.password_hash).where(Person.id == person_id))
        db.session.rollback()
    wrong = Refused(_("This is not your password."), field)
    return guess(password_subject(person_id), lambda: fits(password, hashed), wrong)


def let_in(proof: Proof) -> str:
    """Open a session for whoever proved a password; return the token for `enter`."""
    person = held(proof.person_id)
    if person is None or person.password_hash != proof.password_hash:
        # Changed while it was being checked.
        raise Refused(_("Number or password is wrong. Check the keyboard layout and Caps Lock."), "password")
    forgive(proof.attempt_id)
    return open_here(person, "password")


def held(person_id: int) -> Person | None:
    """Read a person anew and let nobody change him until the commit.

    A dismissal or a new password ends the sessions that there are: one that is opened at that moment must be among them.
    """
    lock = {"of": Person, "key_share": True}
    return db.session.get(Person, person_id, populate_existing=True, with_for_update=lock)


def open_here(person: Person, how: str) -> str:
    """Open a session of this browser, which on an enrolled terminal locks by itself; the browser's former session ends."""
    if not person.is_employed():
        raise Refused(_("By the staff list you no longer work here. If that is wrong, ask your director or HR."))
    end_former("replaced")
    terminal = terminal_here()
    if terminal is not None:
        note_seen(terminal)
    return open_session(person, device=device_name(request.user_agent.string), terminal=terminal, how=how)


def end_former(cause: str) -> None:
    """End the session that this browser's cookie names, whoever's it is."""
    token = session.get("_user_id")
    former = db.session.scalar(select(SignIn).where(SignIn.token_hash == hash_token(token))) if token else None
    if former is not None:
        former.end(cause)


def enter(token: str) -> None:
    """Put the token into a fresh cookie; call it after the commit. On a terminal the cookie ends with the browser."""
    terminal, language = terminal_here(), session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session["_user_id"] = token
    session.permanent = terminal is None
    if terminal is not None:
        session["place"] = f"{terminal.store.name}, {terminal.store.city.name}"
    db.session.rollback()


def leave() -> None:
    """Empty the cookie; only one's own browser keeps the language that was chosen on it."""
    language = session.get("language") if terminal_here() is None else None
    session.clear()
    if language:
        session["language"] = language


def greet(person_id: int) -> None:
    """Say what waits for somebody who came in: a text that a lock interrupted."""
    with reading():
        for words in filter(None, (arrival(person_id) for arrival in arrivals)):
            flash(words, "care")
        db.session.rollback()


def password_subject(person_id: int) -> str:
    """Return under what the guesses at a person's password are counted."""
    return f"password:{person_id}"


def _known_as(login: str) -> Any:
    """Select those whom the words may mean; the e-mail of somebody dismissed counts only if nobody else has it."""
    if "@" in login:
        mine = Person.email == login.casefold()[:254]
        employed = select(Person.id).where(mine, Person.employed())
        return select(Person.id, Person.password_hash).where(mine, or_(Person.employed(), ~employed.exists())).limit(2)
    key = number_key(login)[:40]
    number = Person.number_key == key
    named = Person.login == login.casefold()[:40]
    taken = select(Person.id).where(number).exists()
    return select(Person.id, Person.password_hash).where(or_(number, named & ~taken)).limit(2)
