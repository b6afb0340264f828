"""What the tests of sign-in, invitations and terminals share: passwords, PINs, and browsers that go through doors."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import update

from app.extensions import db
from app.people.models import Person
from app.people.passwords import hash_secret
from app.people.terminals import COOKIE
from tests.conftest import SECRET, Client, Portal

PASSWORD = "кот лампа ваза"
PIN = "7391"


@cache
def hashed(secret: str) -> str:
    """Return the hash of a secret, computed once for all tests."""
    return hash_secret(secret)


def give(portal: Portal, person: Any, password: str | None = PASSWORD, pin: str | None = None, **fields: Any) -> None:
    """Give somebody of the cast a password, a PIN and whatever else."""

    def act() -> None:
        values = {"password_hash": password and hashed(password), "pin_hash": pin and hashed(pin), **fields}
        db.session.execute(update(Person).where(Person.id == person.id).values(**values))

    portal.run(act)


def sign_in(client: Client, login: str, password: str = PASSWORD, **fields: Any) -> Any:
    """Send the sign-in form."""
    answer = client.post("/sign-in", {"login": login, "password": password, **fields})
    renew(client)
    return answer


def pin_in(client: Client, person: Any, pin: str = PIN, **fields: Any) -> Any:
    """Send the PIN form of a terminal."""
    answer = client.post("/terminal", {"person": person.id, "pin": pin, **fields})
    renew(client)
    return answer


def renew(client: Client) -> None:
    """Take a fresh token, as the next page would hand one out: a new session has none of the former one's."""
    secret = secrets.token_hex(20)
    with client.raw.session_transaction() as session:
        session["csrf_token"] = secret
    client.csrf = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(secret)


def at_terminal(portal: Portal, terminal: Any, htmx: bool = False) -> Client:
    """Return the browser of an enrolled terminal where nobody is signed in."""
    client = portal.client(htmx=htmx)
    client.raw.set_cookie(COOKIE, terminal.secret)
    return client


def token_of(client: Client) -> str | None:
    """Return the token in the cookie of a browser."""
    with client.raw.session_transaction() as session:
        return session.get("_user_id")


def is_inside(client: Client) -> bool:
    """Tell whether a browser is let into the portal."""
    answer = client.get("/profile/security")
    return answer.status == 200 and not answer.location


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run acts in threads that start together; return what each came to."""
    barrier, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index: int) -> None:
        barrier.wait()
        found[index] = acts[index]()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return found
