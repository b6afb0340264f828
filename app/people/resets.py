"""A forgotten password: a letter with a link of two hours, or one that a director, HR or an administrator hands over."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import current_app, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Select, or_, select

from app import mail
from app.database import now
from app.extensions import db
from app.forms import tidy
from app.jobs import task
from app.people.access import AccessLink, Attempt
from app.people.models import Person
from app.people.names import number_key

# So many letters may be asked for within the window of guesses for one name or address.
LETTERS = 3


def ask_for_reset(login: str) -> bool:
    """Note that somebody asked for a letter; False, in silence, where it was asked for too often or none can be sent."""
    if not mail.is_set_up():
        return False
    subject = f"forgotten:{hashlib.sha256(tidy(login).casefold().encode()).hexdigest()[:32]}"
    often = len(db.session.scalars(Attempt.failed(subject)).all()) >= LETTERS
    if not often:
        db.session.add(Attempt(subject=subject, at=now()))
        db.session.flush()
    return not often


@task
def send_resets(login: str) -> None:
    """Write a letter with a link to everybody whom the words mean: colleagues may share an address."""
    for person in db.session.scalars(_with_email(login)).all():
        link = AccessLink.make(person.id, "reset", None)
        with force_locale(person.locale or current_app.config["BABEL_DEFAULT_LOCALE"]):
            words = render_template("invitations/reset_letter.txt", person=person, address=address_of(link))
            mail.send(person.email, _("A new password for %(portal)s", portal=current_app.config["BRAND"]), words)


def address_of(link: AccessLink) -> str:
    """Return the whole address of a link, as it is printed and mailed; short enough to be typed."""
    return f"{portal_address()}/i/{link.code}"


def portal_address() -> str:
    """Return where people find the portal; what the browser calls it where nobody set RITM_BASE_URL."""
    return current_app.config["BASE_URL"] or request.host_url.rstrip("/")


def _with_email(login: str) -> Select[Any]:
    login = tidy(login)
    named = (
        Person.email == login.casefold()[:254]
        if "@" in login
        else or_(Person.number_key == number_key(login)[:40], Person.login == login.casefold()[:40])
    )
    return select(Person).where(named, Person.email != "", Person.employed()).limit(5)
