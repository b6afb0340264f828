"""Terminals: browsers enrolled to a store, on which its people sign in by name or badge and PIN."""

from __future__ import annotations

import secrets
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, or_, select, true, update
from sqlalchemy.orm import contains_eager

from app.database import now
from app.errors import Refused
from app.extensions import db
from app.people.access import TerminalCode
from app.people.models import City, Person, Store, log_change
from app.people.names import fold
from app.people.permissions import Permission
from app.people.sessions import SignIn, Terminal, Viewer, hash_token

COOKIE = "ritm_terminal"
# Browsers cut longer lives to 400 days; each opening of the terminal page renews it.
COOKIE_LIFETIME = 400 * 24 * 3600


def terminal_here() -> Terminal | None:
    """Return the terminal that this browser is, if it is one and was not taken out of service."""
    secret = request.cookies.get(COOKIE)
    if not secret or len(secret) > 100:
        return None
    mine = select(Terminal).where(Terminal.token_hash == hash_token(secret), Terminal.revoked_at.is_(None))
    return db.session.scalar(mine)


def enrol(code: str, device: str) -> str:
    """Make this browser a terminal of the code's store; return the secret for its cookie."""
    used = TerminalCode.spend(code)
    if used is None:
        raise Refused(_("This code does not fit. It is valid for 10 minutes and once; ask for a new one."), "code")
    secret = secrets.token_urlsafe(32)
    terminal = Terminal(
        store_id=used.store_id, name=device[:80], token_hash=hash_token(secret), enrolled_by_id=used.created_by_id
    )
    db.session.add(terminal)
    db.session.flush()
    log_change("terminal.enrolled", terminal, actor_id=used.created_by_id, name=_name(terminal))
    return secret


def issue_code(viewer: Viewer, store: Store) -> TerminalCode:
    """Make a code that enrols a browser to a store; the store's former code is void."""
    log_change("terminal.code_issued", store, actor_id=viewer.id)
    return TerminalCode.make(store.id, viewer.id)


def rename(viewer: Viewer, terminal: Terminal, name: str) -> None:
    """Give a terminal a name by which its store knows it."""
    before, terminal.name = terminal.name, name
    log_change("terminal.renamed", terminal, actor_id=viewer.id, name=_name(terminal), terminal_name=[before, name])


def revoke(viewer: Viewer, terminal: Terminal) -> None:
    """Take a terminal out of service; whoever is signed in on it is out at once."""
    if terminal.revoked_at is not None:
        return
    terminal.revoked_at = now()
    open_there = update(SignIn).where(SignIn.terminal_id == terminal.id, SignIn.ended_at.is_(None))
    db.session.execute(open_there.values(ended_at=now(), end_cause="revoked"))
    log_change("terminal.revoked", terminal, actor_id=viewer.id, name=_name(terminal))


def people_of(terminal: Terminal, query: str = "") -> Select[Any]:
    """Select who may sign in on a terminal, by name; `query` is the beginning of a first or last name."""
    people = select(Person).where(Person.store_id == terminal.store_id, Person.employed())
    if key := fold(query)[:80]:
        key = key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        begins = [Person.name_key.like(f"{start}{key}%", escape="\\") for start in ("", "% ")]
        people = people.where(or_(*begins))
    return people.order_by(Person.last_name, Person.first_name, Person.id).limit(400)


def person_on(terminal: Terminal, person_id: int) -> Person | None:
    """Return somebody of the terminal's own store who may sign in on it."""
    return db.session.scalar(people_of(terminal).where(Person.id == person_id))


def reaches(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on stores whose terminals the viewer looks after: all of them, or a director's own."""
    return true() if viewer.can(Permission.MANAGE_TERMINALS) else Store.id == (viewer.store_id if viewer.is_director else 0)


def in_reach(viewer: Viewer) -> Select[Any]:
    """Select the terminals in service that the viewer looks after, by city and store."""
    return (
        select(Terminal)
        .join(Terminal.store)
        .join(Store.city)
        .options(contains_eager(Terminal.store).contains_eager(Store.city))
        .where(Terminal.revoked_at.is_(None), reaches(viewer))
        .order_by(City.name, Store.name, Terminal.id)
    )


def stores_in_reach(viewer: Viewer) -> Select[Any]:
    """Select the stores that the viewer may give a terminal to."""
    return Store.listed().where(reaches(viewer))


def codes_in_reach(viewer: Viewer) -> Select[Any]:
    """Select the codes that can still be used, with their stores."""
    return (
        select(TerminalCode)
        .join(TerminalCode.store)
        .options(contains_eager(TerminalCode.store))
        .where(TerminalCode.unspent(), reaches(viewer))
        .order_by(TerminalCode.id.desc())
        .limit(50)
    )


def note_seen(terminal: Terminal) -> None:
    """Remember that somebody used the terminal; locks its row, so that two sign-ins at once come one after the other."""
    mine = update(Terminal).where(Terminal.id == terminal.id, Terminal.revoked_at.is_(None)).values(seen_at=now())
    if not db.session.execute(mine).rowcount:  # type: ignore[attr-defined]
        raise Refused(_("This terminal was taken out of service."))


def _name(terminal: Terminal) -> str:
    store = db.session.get_one(Store, terminal.store_id)
    return ", ".join(part for part in (store.name, terminal.name) if part)
