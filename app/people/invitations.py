"""Invitations: printed or mailed links by which people come in for the first time, and links for a forgotten password."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import contains_eager, selectinload

from app import mail
from app.errors import Refused
from app.extensions import db
from app.people.access import AccessLink, void_links
from app.people.guesses import clear
from app.people.models import City, Person, Store, log_change
from app.people.passwords import Owner
from app.people.permissions import Permission, Role
from app.people.resets import address_of
from app.people.sessions import Viewer, end_sessions
from app.people.sign_in import held, open_here, password_subject


class Guest(NamedTuple):
    """Somebody of a store as the page of invitations shows him: has he signed in, which link is open."""

    person: Person
    link: AccessLink | None


class Progress(NamedTuple):
    """How far a store is with its invitations."""

    store: Store
    people: int
    inside: int
    invited: int

    @property
    def missing(self) -> int:
        """Return how many have neither come in nor an invitation."""
        return self.people - self.inside - self.invited

    @property
    def waits(self) -> bool:
        """Tell whether somebody has not come in yet."""
        return self.inside < self.people


def reaches(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on stores whose people the viewer may invite: all of them, or a director's own."""
    return true() if viewer.can(Permission.EDIT_PEOPLE) else Store.id == (viewer.store_id if viewer.is_director else 0)


def stores_of(viewer: Viewer) -> Select[Any]:
    """Select the stores whose people the viewer may invite."""
    return Store.listed().where(reaches(viewer))


def progress(viewer: Viewer) -> list[Progress]:
    """Return for each store how many work there, how many have signed in, how many hold an open invitation."""
    opened = select(AccessLink.person_id).where(AccessLink.unspent()).distinct().subquery()
    counted = (
        select(
            Store,
            func.count(Person.id),
            func.count(Person.password_hash),
            func.count(opened.c.person_id).filter(Person.password_hash.is_(None)),
        )
        .join(City, City.id == Store.city_id)
        .join(Person, and_(Person.store_id == Store.id, Person.employed()))
        .outerjoin(opened, opened.c.person_id == Person.id)
        .options(contains_eager(Store.city))
        .where(reaches(viewer), Store.closed_at.is_(None))
        .group_by(Store.id, City.id)
        .order_by(City.name, Store.name)
    )
    return [Progress(*row) for row in db.session.execute(counted)]


def guests(viewer: Viewer, store: Store) -> list[Guest]:
    """Return the people of a store whom the viewer may invite, with their open links, by name."""
    people = db.session.scalars(_helped_by(viewer).where(Person.store_id == store.id).limit(1000)).all()
    mine = select(AccessLink).join(Person, Person.id == AccessLink.person_id)
    links = db.session.scalars(mine.where(Person.store_id == store.id, AccessLink.unspent()))
    by_person = {link.person_id: link for link in links}
    return [Guest(person, by_person.get(person.id)) for person in people]


def helped(viewer: Viewer) -> Select[Any]:
    """Select the people to whom the viewer may hand a link.

    Whoever hands a link over could use it himself, so nobody may do so for somebody with more power than his own: a
    director for those of his store without a role of head office, HR for all but administrators.
    """
    return _helped_by(viewer).join(Store, Store.id == Person.store_id).where(reaches(viewer))


def invite(viewer: Viewer, store: Store, person_ids: Iterable[int]) -> list[AccessLink]:
    """Make a link for each of these people of a store; their older links are void."""
    chosen = set(person_ids)
    people = [guest.person for guest in guests(viewer, store) if guest.person.id in chosen]
    if not people:
        raise Refused(_("Choose whom to invite."), "people")
    return [make_link(viewer, person) for person in people]


def make_link(viewer: Viewer, person: Person) -> AccessLink:
    """Make an invitation for somebody who never came in, else a link for a forgotten password."""
    kind = "invitation" if person.password_hash is None else "reset"
    link = AccessLink.make(person.id, kind, viewer.id)
    log_change("invitation.made" if kind == "invitation" else "reset.made", person, actor_id=viewer.id)
    return link


def send_invitations(viewer: Viewer, store: Store, person_ids: Iterable[int]) -> int:
    """Mail a link to each of these people who has an address; return how many letters were written."""
    if not mail.is_set_up():
        raise Refused(_("E-mail is not set up. Print the invitations instead."))
    chosen = set(person_ids)
    people = [guest.person for guest in guests(viewer, store) if guest.person.id in chosen and guest.person.email]
    if not people:
        raise Refused(_("None of the chosen people has an e-mail address. Print their invitations."), "people")
    for person in people:
        _mail_link(person, make_link(viewer, person))
    return len(people)


def accept(link: AccessLink, hashed: str) -> str:
    """Set a password by a link and open a session; of two at once exactly one comes in. Returns the token for `enter`."""
    person = held(link.person_id)
    if person is None or not person.is_employed() or not link.spend():
        raise Refused(_("This link was used a moment ago. Sign in with the password that was set then."))
    set_password(person, hashed)
    return open_here(person, "link")


def set_password(person: Person, hashed: str, *, keep: int | None = None) -> None:
    """Set a password; every other session of the person and every open link ends with the old one."""
    verb = "password.changed" if person.password_hash else "person.came_in"
    person.password_hash = hashed
    void_links(person.id)
    clear(password_subject(person.id))
    end_sessions(person.id, "password", keep=keep)
    log_change(verb, person, actor_id=person.id)


def owner_of(person: Person) -> Owner:
    """Return what must not be this person's password or PIN."""
    names = (person.first_name, person.last_name, person.login or "", person.email.partition("@")[0])
    return Owner(person.number_key, names, person.phone)


def _helped_by(viewer: Viewer) -> Select[Any]:
    granted = Person.role_grants
    people = select(Person).options(selectinload(granted)).where(Person.employed())
    if not viewer.can(Permission.EDIT_PEOPLE):
        people = people.where(~granted.any())
    elif not viewer.can(Permission.GRANT_ROLES):
        people = people.where(~granted.any(role=Role.ADMINISTRATOR))
    return people.order_by(Person.last_name, Person.first_name, Person.id)


def _mail_link(person: Person, link: AccessLink) -> None:
    template = "invitation" if link.kind == "invitation" else "reset"
    with force_locale(person.locale or current_app.config["BABEL_DEFAULT_LOCALE"]):
        words = render_template(f"invitations/{template}_letter.txt", person=person, address=address_of(link))
        mail.send(person.email, _("Invitation to %(portal)s", portal=current_app.config["BRAND"]), words)
