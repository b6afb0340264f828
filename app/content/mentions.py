"""Whom "@Ольга Иванова" means: resolved when a text is saved; reading costs nothing, a later namesake changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import ngettext
from sqlalchemy import and_, delete, or_, select

from app.content.audience import people_in
from app.content.models import Comment, Entry, Mention
from app.content.text import mention_key, mentioned
from app.database import now
from app.extensions import db
from app.forms import tidy
from app.people.models import City, Person, Store
from app.people.sessions import Viewer

MAX_MENTIONS = 20
SUGGESTIONS = 6


def name_people(
    entry: Entry, comment: Comment | None, body: str, viewer: Viewer, picked: Iterable[int] = ()
) -> dict[str, int]:
    """Resolve the @names of a body and keep those who see it as rows; return {mention key: person id} for the renderer.

    Of namesakes the one picked in the form is meant, else the one of the writer's store, else nobody. Who does not see
    the entry gets no row: nothing will ever tell him of it.
    """
    keys = mentioned(body)[:MAX_MENTIONS]
    people = _resolve(keys, viewer, set(picked)) if keys else {}
    comment_id = comment.id if comment is not None else None
    named = set(people.values())
    reached = named - {person.id for person in _outside(entry, named)}
    of_text = (Mention.entry_id == entry.id, Mention.comment_id == comment_id)
    db.session.execute(delete(Mention).where(*of_text, Mention.person_id.not_in(reached)))
    known = set(db.session.scalars(select(Mention.person_id).where(*of_text)))
    for person_id in sorted(reached - known):
        db.session.add(Mention(entry_id=entry.id, comment_id=comment_id, person_id=person_id))
    return people


def unreached(viewer: Viewer, entry: Entry, body: str, picked: Iterable[int] = ()) -> str:
    """Say to the author whom of the named this will not reach; empty where all do see it."""
    keys = mentioned(body)[:MAX_MENTIONS]
    people = _outside(entry, set(_resolve(keys, viewer, set(picked)).values())) if keys else []
    if not people:
        return ""
    names = ", ".join(f"{person.first_name} {person.last_name}" for person in people)
    return ngettext(
        "%(names)s does not see this post: it is meant for other colleagues.",
        "%(names)s do not see this post: it is meant for other colleagues.",
        len(people),
        names=names,
    )


def mentionable(viewer: Viewer, text: str) -> list[Any]:
    """Return a few people whose first or last name begins with the text, colleagues of one's store and city first."""
    words = mention_key(tidy(text)).split()[:2]
    if not words or len(words[0]) < 2:
        return []
    statement = (
        select(
            Person.id,
            (Person.first_name + " " + Person.last_name).label("name"),
            Person.photo_key,
            Store.name.label("store_name"),
            City.name.label("city_name"),
        )
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .where(Person.employed(now().date()), Person.id != viewer.id, *(_word(word) for word in words))
        .order_by(Person.store_id != viewer.store_id, Store.city_id != viewer.city_id, Person.name_key)
        .limit(SUGGESTIONS)
    )
    return list(db.session.execute(statement).all())


def _outside(entry: Entry, person_ids: set[int]) -> list[Any]:
    """Return those of these people who do not see the entry."""
    if not person_ids or entry.audience.is_everybody:
        return []
    inside = select(Person.id).join(Store, Store.id == Person.store_id).where(people_in(entry.audience.key_list))
    return list(
        db.session.execute(
            select(Person.id, Person.first_name, Person.last_name)
            .where(Person.id.in_(person_ids), Person.id != entry.author_id, Person.id.not_in(inside))
            .order_by(Person.id)
        ).all()
    )


def _word(word: str) -> Any:
    """Return the condition that the last or the first name begins so; nobody is called by the middle name alone."""
    escaped = word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    patterns = [f"{escaped}%", f"% {escaped}% %"]
    first_name_last = and_(Person.middle_name == "", Person.name_key.like(f"% {escaped}%", escape="\\"))
    return or_(*(Person.name_key.like(pattern, escape="\\") for pattern in patterns), first_name_last)


def _resolve(keys: list[str], viewer: Viewer, picked: set[int]) -> dict[str, int]:
    conditions = []
    for key in keys:
        if key.isdigit():
            conditions.append(Person.number_key == (key.lstrip("0") or "0"))
        else:
            first, _space, last = key.partition(" ")
            orders = (f"{last} {first}", f"{first} {last}")
            conditions.append(or_(*(Person.name_key.startswith(order, autoescape=True) for order in orders)))
    rows = db.session.execute(
        select(Person.id, Person.number_key, Person.first_name, Person.last_name, Person.store_id)
        .where(Person.employed(), or_(*conditions))
        .limit(500)
    ).all()
    found = {key: [row for row in rows if _is_meant(key, row)] for key in keys}
    people = {}
    for key, namesakes in found.items():
        for choice in (
            [row for row in namesakes if row.id in picked],
            [row for row in namesakes if row.store_id == viewer.store_id],
            namesakes,
        ):
            if len(choice) == 1:
                people[key] = choice[0].id
                break
    return people


def _is_meant(key: str, row: Any) -> bool:
    if key.isdigit():
        return bool(row.number_key == (key.lstrip("0") or "0"))
    return key in (mention_key(f"{row.first_name} {row.last_name}"), mention_key(f"{row.last_name} {row.first_name}"))
