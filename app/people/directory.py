"""The directory: who works where and is good at what, found by words as one types them.

People are listed by their folded names and read by keyset over ix_person_name_key. A word fits the beginning of any part
of a name, in any order; all words together may also name what somebody is good at, or a personnel number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, literal, or_, select, tuple_

from app.extensions import db
from app.people.models import City, Person, Store, Strength
from app.people.names import fold, number_key
from app.people.permissions import Permission, Position
from app.people.sessions import Viewer

PAGE = 30
# More words than a name has would only make the query longer.
MAX_WORDS = 5

PERSON_COLUMNS = (
    Person.id,
    Person.name_key,
    Person.personnel_number,
    Person.first_name,
    Person.last_name,
    (Person.first_name + " " + Person.last_name).label("name"),
    Person.photo_key,
    Person.position,
    Person.position_title,
    Person.dismissed_on,
    Person.store_id,
    Store.name.label("store_name"),
    Store.is_office,
    City.name.label("city_name"),
)


class Wanted(NamedTuple):
    """What the directory is asked for; `former` is listened to only from those who may edit people."""

    words: str = ""
    city_id: int | None = None
    store_id: int | None = None
    position: Position | None = None
    former: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is asked for, so that an empty answer can say so."""
        return any(self)


class Found(NamedTuple):
    """One page of the directory, and the id after which the next begins; None at the end."""

    people: Sequence[Any]
    strengths: Mapping[int, list[str]]
    following: int | None


def page_of(viewer: Viewer, wanted: Wanted, after: int | None = None, size: int = PAGE) -> Found:
    """Read one page of people by keyset; three short queries for any number of people."""
    statement = _placed(select(*PERSON_COLUMNS)).where(*_conditions(viewer, wanted))
    if after is not None:
        key = db.session.scalar(select(Person.name_key).where(Person.id == after)) or ""
        statement = statement.where(tuple_(Person.name_key, Person.id) > tuple_(literal(key), literal(after)))
    rows = db.session.execute(statement.order_by(Person.name_key, Person.id).limit(size + 1)).all()
    shown = rows[:size]
    return Found(shown, strengths_of([row.id for row in shown]), shown[-1].id if len(rows) > size else None)


def ids_named(text: str, size: int = 20) -> tuple[int, ...]:
    """Return the first people, former ones too, whom a name or a personnel number fits, for filters of other lists."""
    words = words_of(text)
    if not words:
        return ()
    fits = or_(named(words), Person.number_key == number_key(text))
    return tuple(db.session.scalars(select(Person.id).where(fits).order_by(Person.name_key, Person.id).limit(size)))


def strengths_of(person_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return what people are good at, as {person id: ["витрины", "стекло"]}, in one query."""
    found: dict[int, list[str]] = {}
    if person_ids:
        statement = select(Strength.person_id, Strength.name).where(Strength.person_id.in_(person_ids)).order_by(Strength.id)
        for person_id, name in db.session.execute(statement):
            found.setdefault(person_id, []).append(name)
    return found


def colleagues_of_store(store_id: int) -> Sequence[Any]:
    """Return the people who work in a store as columns, directors and seniors first."""
    return db.session.execute(_placed(Person.of_store(store_id).with_only_columns(*PERSON_COLUMNS))).all()


def cities() -> Sequence[Any]:
    """Return the cities that may be chosen, by name."""
    return db.session.execute(select(City.id, City.name).order_by(City.key)).all()


def stores_in(city_id: int | None) -> Sequence[Any]:
    """Return the open stores of a city by name; none before a city is chosen, for a large chain has thousands."""
    if city_id is None:
        return []
    statement = select(Store.id, Store.name).where(Store.city_id == city_id, Store.closed_at.is_(None)).order_by(Store.key)
    return db.session.execute(statement).all()


def named(words: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that each word begins some part of the name."""
    return and_(*(_begins_a_word(Person.name_key, word) for word in words))


def words_of(text: str) -> list[str]:
    """Split what was typed into folded words, as many as are of use."""
    return fold(text[:200]).split()[:MAX_WORDS]


def _placed(statement: Any) -> Any:
    return statement.join(Store, Store.id == Person.store_id).join(City, City.id == Store.city_id)


def _conditions(viewer: Viewer, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if not (wanted.former and viewer.can(Permission.EDIT_PEOPLE)):
        conditions.append(Person.employed())
    if wanted.city_id is not None:
        conditions.append(Store.city_id == wanted.city_id)
    if wanted.store_id is not None:
        conditions.append(Person.store_id == wanted.store_id)
    if wanted.position is not None:
        conditions.append(Person.position == wanted.position)
    if words := words_of(wanted.words):
        conditions.append(_fits(viewer, words))
    return conditions


def _fits(viewer: Viewer, words: Sequence[str]) -> ColumnElement[bool]:
    skilled = select(Strength.person_id).where(*(_begins_a_word(Strength.key, word) for word in words))
    ways = [named(words), Person.id.in_(skilled)]
    if len(words) == 1 and words[0][0].isdigit():
        number = number_key(words[0])
        # Whoever looks after people sees numbers and may search by their beginning; others must know the whole one.
        beginning = Person.number_key.startswith(number, autoescape=True)
        ways.append(beginning if viewer.can(Permission.EDIT_PEOPLE) else Person.number_key == number)
    return or_(*ways)


def _begins_a_word(column: Any, word: str) -> ColumnElement[bool]:
    escaped = word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    starts = [column.like(f"{escaped}%", escape="\\")]
    starts += [column.like(f"%{before}{escaped}%", escape="\\") for before in (" ", "-")]
    return or_(*starts)
