"""What a person shows of himself: the photo, a few words, what he is good at, and to whom the contacts are open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import contains_eager, selectinload

from app.database import insert_once
from app.errors import Refused
from app.extensions import db
from app.media import drop, keep, new_key
from app.people.log import person_label
from app.people.models import Person, Store, Strength, log_change
from app.people.names import fold, tidy
from app.people.permissions import Permission
from app.people.sessions import Viewer
from app.pictures import AVATAR_SIZES

MAX_STRENGTHS = 8
STRENGTH_LIMIT = 40
ABOUT_LIMIT = 1000
PHOTO_NAME = re.compile(r"[0-9a-f]{32}")
# So many of the newest strengths are looked through for suggestions, however many there are.
_SAMPLE = 400


class Contacts(NamedTuple):
    """Phone and e-mail as far as the viewer may see them."""

    phone: str
    email: str


def shown(person_id: int) -> Select[Any]:
    """Select a person with store, city, strengths and roles, as the person's page needs him."""
    return (
        select(Person)
        .join(Person.store)
        .join(Store.city)
        .options(contains_eager(Person.store).contains_eager(Store.city))
        .options(selectinload(Person.strengths), selectinload(Person.role_grants))
        .where(Person.id == person_id)
    )


def contacts_for(viewer: Viewer, person: Person) -> Contacts:
    """Return the contacts that the viewer may see: all of them for oneself and HR, else what the person chose to show.

    A former employee's are shown to nobody but HR and administrators.
    """
    if viewer.id == person.id or viewer.can(Permission.EDIT_PEOPLE):
        return Contacts(person.phone, person.email)
    if not person.is_employed():
        return Contacts("", "")
    return Contacts(person.phone if person.shows_phone else "", person.email if person.shows_email else "")


def describe(person: Person, about: str, locale: str, shows_phone: bool, shows_email: bool) -> None:
    """Keep what the person says of himself, in which language the portal speaks to him, and who sees the contacts."""
    person.about = re.sub(r"\n{3,}", "\n\n", "\n".join(tidy(line) for line in about.splitlines())).strip()
    person.locale = locale
    person.shows_phone, person.shows_email = shows_phone, shows_email


def change_photo(person: Person, files: Mapping[int, bytes]) -> None:
    """Show another photo; the old one is shown to nobody from the commit on. Logged, since cards in caches show photos."""
    _drop_files(person)
    person.photo_key = new_key("avatar")
    keep({f"{person.photo_key}-{size}.webp": data for size, data in files.items()})
    log_change("person.photo_changed", person, actor_id=person.id, name=person_label(person))
    db.session.flush()


def remove_photo(person: Person, actor_id: int) -> bool:
    """Take the photo away; tell whether there was one."""
    if person.photo_key is None:
        return False
    _drop_files(person)
    person.photo_key = None
    log_change("person.photo_removed", person, actor_id=actor_id, name=person_label(person))
    db.session.flush()
    return True


def photo_file(person_id: int, name: str, size: int) -> str | None:
    """Return the media key of a variant of a person's present photo, None for anything else."""
    if size not in AVATAR_SIZES or not PHOTO_NAME.fullmatch(name):
        return None
    key = db.session.scalar(select(Person.photo_key).where(Person.id == person_id))
    return f"{key}-{size}.webp" if key and key.rsplit("/", 1)[-1] == name else None


def add_strength(person: Person, text: str) -> bool:
    """Add something the person is good at; the same twice, also in other letters, is one."""
    name = tidy(text)[: STRENGTH_LIMIT + 1].rstrip(".,;")
    if not name:
        raise Refused(_("Write what you are good at, in a word or two."), field="strength")
    if len(name) > STRENGTH_LIMIT:
        raise Refused(_("At most %(limit)d characters: a word or two.", limit=STRENGTH_LIMIT), field="strength")
    # The row is locked, so that two windows cannot both add the eighth.
    db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    held = set(db.session.scalars(select(Strength.key).where(Strength.person_id == person.id)))
    if fold(name) in held:
        return False
    if len(held) >= MAX_STRENGTHS:
        raise Refused(_("Eight are enough: take one away first."), field="strength")
    db.session.expire(person, ["strengths"])
    return insert_once(Strength, person_id=person.id, name=name, key=fold(name))


def drop_strength(person: Person, strength_id: int) -> None:
    """Take one of the person's own strengths away; nothing happens when it is gone already."""
    db.session.execute(delete(Strength).where(Strength.id == strength_id, Strength.person_id == person.id))
    db.session.expire(person, ["strengths"])


def suggestions(person: Person, size: int = 8) -> list[str]:
    """Return what colleagues often say they are good at and this person does not say yet."""
    newest = db.session.execute(select(Strength.key, Strength.name).order_by(Strength.id.desc()).limit(_SAMPLE)).all()
    held = {strength.key for strength in person.strengths}
    names = {row.key: row.name for row in newest}
    common = Counter(row.key for row in newest if row.key not in held).most_common(size)
    return [names[key] for key, _count in common]


def completions(text: str, size: int = 6) -> list[str]:
    """Return strengths of colleagues that begin with what is typed."""
    typed = fold(text[:STRENGTH_LIMIT])
    if len(typed) < 2:
        return []
    statement = (
        select(func.min(Strength.name))
        .where(Strength.key.startswith(typed, autoescape=True))
        .group_by(Strength.key)
        .order_by(Strength.key)
        .limit(size)
    )
    return list(db.session.scalars(statement))


def _drop_files(person: Person) -> None:
    if person.photo_key is not None:
        drop(f"{person.photo_key}-{size}.webp" for size in AVATAR_SIZES)
