"""Whom "@Ольга Иванова" means: resolved when a text is saved; reading costs nothing, a later namesake changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, or_, select

from app.content.models import Comment, Entry, Mention
from app.content.text import mention_key, mentioned
from app.database import now
from app.extensions import db
from app.people.models import City, Person, Store
from app.people.sessions import Viewer

MAX_MENTIONS = 20
SUGGESTIONS = 6


def name_people(
    entry: Entry, comment: Comment | None, body: str, viewer: Viewer, picked: Iterable[int] = ()
) -> dict[str, int]:
    """Resolve the @names of a body and keep them as rows; return {mention key: person id} for the renderer.

    Of namesakes the one picked in the form is meant, else the one of the writer's store, else nobody.
    """
    keys = mentioned(body)[:MAX_MENTIONS]
    people = _resolve(keys, viewer, set(picked)) if keys else {}
    db.session.execute(
        delete(Mention).where(
            Mention.entry_id == entry.id, Mention.comment_id == (comment.id if comment is not None else None)
        )
    )
    for person_id in sorted(set(people.values())):
        db.session.add(Mention(entry_id=entry.id, comment_id=comment.id if comment else None, person_id=person_id))
    return people


def mentionable(viewer: Viewer, text: str) -> list[Any]:
    """Return a few people whose first or last name begins with the text, colleagues of one's store first."""
    words = mention_key(text).split()[:2]
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
        .order_by(Person.store_id != viewer.store_id, Person.name_key)
        .limit(SUGGESTIONS)
    )
    return list(db.session.execute(statement).all())


def _word(word: str) -> Any:
    escaped = word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return or_(
        Person.name_key.like(f"{escaped}%", escape="\\"),
        Person.name_key.like(f"% {escaped}%", escape="\\"),
    )


def _resolve(keys: list[str], viewer: Viewer, picked: set[int]) -> dict[str, int]:
    conditions = []
    for key in keys:
        if key.isdigit():
            conditions.append(Person.number_key == (key.lstrip("0") or "0"))
        else:
            first, _, last = key.partition(" ")
            orders = (f"{last} {first}", f"{first} {last}")
            conditions.append(or_(*(Person.name_key.startswith(order, autoescape=True) for order in orders)))
    found: dict[str, list[Any]] = {}
    rows = db.session.execute(
        select(Person.id, Person.number_key, Person.first_name, Person.last_name, Person.store_id)
        .where(Person.employed(), or_(*conditions))
        .limit(500)
    )
    for row in rows:
        names = {mention_key(f"{row.first_name} {row.last_name}"), mention_key(f"{row.last_name} {row.first_name}")}
        for key in keys:
            if key in names or (key.isdigit() and row.number_key == (key.lstrip("0") or "0")):
                found.setdefault(key, []).append(row)
    people = {}
    for key, rows_of_key in found.items():
        for choice in (
            [row for row in rows_of_key if row.id in picked],
            [row for row in rows_of_key if row.store_id == viewer.store_id],
            rows_of_key,
        ):
            if len(choice) == 1:
                people[key] = choice[0].id
                break
    return people
