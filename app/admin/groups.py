"""Groups: hand-made lists of people, for audiences that no rule describes.

What was published to a group stays its members'. A group in use can therefore be closed, which takes it out of the
choice, but not deleted: its posts would reach nobody any more without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, func, literal, select, tuple_
from sqlalchemy.exc import IntegrityError

from app.content.audience import AudienceKey, Group, GroupMember
from app.content.models import Entry
from app.database import insert_all_once, now
from app.errors import Refused
from app.extensions import db
from app.people.directory import PERSON_COLUMNS, understood
from app.people.directory import named as named_like
from app.people.models import City, Person, Store, log_change
from app.people.names import number_key

PAGE = 50
SUGGESTIONS = 8
# So many pasted numbers at once are a chain's whole staff; more is a mistake.
MAX_NUMBERS = 30_000
_CHUNK = 500


class Added(NamedTuple):
    """What became of a list of personnel numbers."""

    new: int
    already: int
    unknown: list[str]


def listed() -> Sequence[Any]:
    """Read the groups by name with the number of their members who work here, open ones first."""
    people = (
        select(func.count(GroupMember.person_id))
        .join(Person, Person.id == GroupMember.person_id)
        .where(GroupMember.group_id == Group.id, Person.employed())
        .correlate(Group)
        .scalar_subquery()
    )
    statement = select(Group.id, Group.name, Group.closed_at, people.label("people"))
    return db.session.execute(statement.order_by(Group.closed_at.is_not(None), Group.name, Group.id)).all()


def members(group: Group, after: int | None = None) -> Sequence[Any]:
    """Read one page of a group's members by name, and one more where another page follows."""
    statement = (
        select(*PERSON_COLUMNS)
        .join(GroupMember, GroupMember.person_id == Person.id)
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .where(GroupMember.group_id == group.id)
        .order_by(Person.name_key, Person.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        key = db.session.scalar(select(Person.name_key).where(Person.id == after)) or ""
        statement = statement.where(tuple_(Person.name_key, Person.id) > tuple_(literal(key), literal(after)))
    return db.session.execute(statement).all()


def candidates(group: Group, text: str) -> Sequence[Any]:
    """Return a few people whose names fit and who are not in the group yet."""
    words = understood(text)
    if not words:
        return []
    inside = select(GroupMember.person_id).where(GroupMember.group_id == group.id)
    statement = (
        select(*PERSON_COLUMNS)
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .where(Person.employed(), named_like(words), Person.id.not_in(inside))
        .order_by(Person.name_key, Person.id)
        .limit(SUGGESTIONS)
    )
    return db.session.execute(statement).all()


def make(name: str, actor_id: int) -> Group:
    """Make an empty group."""
    group = Group(name=name)
    db.session.add(group)
    _save()
    log_change("group.made", group, actor_id=actor_id, group_name=[None, name])
    return group


def rename(group: Group, name: str, actor_id: int) -> None:
    """Call a group otherwise."""
    before, group.name = group.name, name
    _save()
    if before != name:
        log_change("group.renamed", group, actor_id=actor_id, group_name=[before, name])


def add(group: Group, person_ids: Iterable[int], actor_id: int) -> int:
    """Add people who work here; return how many were new."""
    wanted = list(person_ids)
    known = db.session.scalars(select(Person.id).where(Person.id.in_(wanted), Person.employed())).all()
    new = insert_all_once(GroupMember, [{"group_id": group.id, "person_id": person_id} for person_id in known])
    if new:
        log_change("group.filled", group, actor_id=actor_id, people=[None, new])
    return new


def add_numbers(group: Group, text: str, actor_id: int) -> Added:
    """Add the people of pasted personnel numbers; tell which numbers nobody has who works here."""
    written = {number_key(part): part for part in re.split(r"[\s,;]+", text) if number_key(part)}
    if not written:
        raise Refused(_("Paste at least one personnel number."), field="numbers")
    if len(written) > MAX_NUMBERS:
        raise Refused(_("That is too many numbers for one time."), field="numbers")
    keys = list(written)
    found: dict[str, int] = {}
    for start in range(0, len(keys), _CHUNK):
        of_numbers = select(Person.number_key, Person.id).where(Person.number_key.in_(keys[start : start + _CHUNK]))
        found.update((key, person_id) for key, person_id in db.session.execute(of_numbers.where(Person.employed())))
    rows = [{"group_id": group.id, "person_id": person_id} for person_id in sorted(set(found.values()))]
    new = insert_all_once(GroupMember, rows)
    if new:
        log_change("group.filled", group, actor_id=actor_id, people=[None, new])
    return Added(new, len(found) - new, [written[key] for key in keys if key not in found])


def take_out(group: Group, person_id: int, actor_id: int) -> bool:
    """Take somebody out of a group; tell whether he was in it."""
    one = (GroupMember.group_id == group.id, GroupMember.person_id == person_id)
    gone = bool(db.session.execute(delete(GroupMember).where(*one)).rowcount)  # type: ignore[attr-defined]
    if gone:
        person = db.session.get_one(Person, person_id)
        log_change("group.thinned", group, actor_id=actor_id, people=[person.full_name, None])
    return gone


def close(group: Group, actor_id: int) -> None:
    """Take a group out of the choice; what was published to it stays its members'."""
    if group.closed_at is None:
        group.closed_at = now()
        log_change("group.closed", group, actor_id=actor_id)


def reopen(group: Group, actor_id: int) -> None:
    """Offer a closed group again."""
    if group.closed_at is not None:
        group.closed_at = None
        log_change("group.reopened", group, actor_id=actor_id)


def remove(group: Group, actor_id: int) -> None:
    """Delete a group that nothing was ever published to."""
    if is_used(group):
        raise Refused(_("Something was published to this group. Close it instead: then it is not offered any more."))
    db.session.execute(delete(GroupMember).where(GroupMember.group_id == group.id))
    log_change("group.deleted", group, actor_id=actor_id, group_name=[group.name, None])
    db.session.delete(group)
    db.session.flush()


def is_used(group: Group) -> bool:
    """Tell whether anything was published to an audience of which the group is part."""
    keyed = select(AudienceKey.audience_id).where(AudienceKey.key == f"group:{group.id}")
    return db.session.scalar(select(Entry.id).where(Entry.audience_id.in_(keyed)).limit(1)) is not None


def _save() -> None:
    try:
        db.session.flush()
    except IntegrityError:
        raise Refused(_("There is a group of that name already."), field="name") from None
