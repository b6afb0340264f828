"""Signing in on a terminal: a name or a badge says who, a PIN that it is true. Works at the person's own store only."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from app.database import reading
from app.errors import Refused
from app.extensions import db
from app.people.guesses import forgive, guess
from app.people.models import Person
from app.people.passwords import fits
from app.people.sessions import Terminal, hash_token
from app.people.sign_in import Proof, held, let_in, open_here, password_subject
from app.people.terminals import person_on


def sign_in_by_pin(terminal: Terminal, person_id: int, pin: str) -> str:
    """Open a session for one of the store's people; return the token for `enter`."""
    with reading():
        person = person_on(terminal, person_id)
        hashed, terminal_id = person.pin_hash if person else None, terminal.id
        db.session.rollback()
    if person is None:
        raise Refused(_("You do not work at this store by the staff list. Sign in with number and password."), "pin")
    if hashed is None:
        raise Refused(_("You have no PIN yet. Sign in with your password once and choose one."), "pin")
    wrong = Refused(_("This is not your PIN."), "pin")
    attempt_id = guess(f"pin:{person_id}:{terminal_id}", lambda: fits(pin, hashed), wrong)
    held(person_id)
    person = person_on(db.session.get_one(Terminal, terminal_id), person_id)
    if person is None or person.pin_hash != hashed:
        raise wrong
    forgive(attempt_id)
    return open_here(person, "pin")


def sign_in_by_password(terminal: Terminal, person_id: int, password: str) -> str:
    """Open a session for one of the store's people who has no PIN yet or forgot it."""
    with reading():
        person = person_on(terminal, person_id)
        hashed = person.password_hash if person else None
        db.session.rollback()
    wrong = Refused(_("This is not your password. Check the keyboard layout and Caps Lock."), "password")
    attempt_id = guess(password_subject(person_id), lambda: fits(password, hashed), wrong)
    return let_in(Proof(person_id, hashed, attempt_id))


def person_of_badge(terminal: Terminal, badge: str) -> Person:
    """Return whose badge was scanned; refuse one of another store, where a PIN would not count."""
    person = db.session.scalar(select(Person).where(Person.badge_hash == hash_token(badge), Person.employed()))
    if person is None:
        raise Refused(_("This badge is not valid. Pick your name, and get a new badge on your profile."), "badge")
    if person.store_id != terminal.store_id:
        raise Refused(_("This badge is of another store. Here, sign in with number and password."), "badge")
    return person
