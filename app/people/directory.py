"""The directory: who works where and is good at what, found by words as one types them.

People are listed by their folded names and read by keyset over ix_person_name_key. What is typed fits the beginnings of
words: of a name, in any order, or of what somebody is good at; digits fit a personnel number. The database itself keeps
these words in `person_word` (migration 0005), whoever writes, so that a search reads a range of an index: found people
come in the order of the word that fits, then of their names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, String, and_, column, literal, select, table, tuple_

from app.extensions import db
from app.people.models import City, Person, Store, Strength
from app.people.names import fold, number_key
from app.people.permissions import Permission, Position
from app.people.sessions import Viewer

PAGE = 30
# Filled by the database alone, see migration 0005; no model, for nothing else may write it.
_WORD = table("person_word", column("word", String), column("name_key", String), column("person_id", Integer))
_OTHER = _WORD.alias("other")
# Greater than any character of a word.
_LAST = "\U0010ffff"
# What the keys of the Latin layout write on the Russian one.
_RUSSIAN_KEYS = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")
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
    """Read one page of people by keyset; a few short queries for any number of people."""
    statement = _placed(select(*PERSON_COLUMNS)).where(*_conditions(viewer, wanted))
    order: tuple[Any, ...] = (Person.name_key, Person.id)
    place: Any = select(Person.name_key)
    if words := understood(wanted.words):
        whole_numbers = not viewer.can(Permission.EDIT_PEOPLE)
        statement = statement.join(_WORD, _WORD.c.person_id == Person.id).where(*_fit(words, whole_numbers))
        order = (_WORD.c.word, _WORD.c.name_key, Person.id)
        place = select(_WORD.c.word, _WORD.c.name_key).join(Person, Person.id == _WORD.c.person_id)
        place = place.where(*_fit(words, whole_numbers))
    if after is not None and (last := db.session.execute(place.where(Person.id == after)).first()):
        statement = statement.where(tuple_(*order) > tuple_(*map(literal, last), literal(after)))
    rows = db.session.execute(statement.order_by(*order).limit(size + 1)).all()
    shown = rows[:size]
    return Found(shown, strengths_of([row.id for row in shown]), shown[-1].id if len(rows) > size else None)


def ids_named(text: str, size: int = 20) -> tuple[int, ...]:
    """Return the first people, former ones too, whom a name or a personnel number fits, for filters of other lists."""
    words = understood(text)
    if not words:
        return ()
    return tuple(db.session.scalars(select(Person.id).where(named(words)).order_by(Person.name_key, Person.id).limit(size)))


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
    """Return the condition that each word begins some word of the person."""
    return and_(*(Person.id.in_(select(_OTHER.c.person_id).where(_begins(_OTHER, word, True))) for word in words))


def words_of(text: str) -> list[str]:
    """Split what was typed into folded words, as many as are of use."""
    return fold(text[:200]).replace("-", " ").split()[:MAX_WORDS]


def understood(text: str) -> list[str]:
    """Return the words of a text, or what its keys are in Russian where nobody has a word that begins so."""
    words = words_of(text)
    if not any("a" <= letter <= "z" for word in words for letter in word):
        return words
    if db.session.scalar(select(_WORD.c.person_id).where(_begins(_WORD, words[0], False)).limit(1)) is not None:
        return words
    return words_of(text.lower().translate(_RUSSIAN_KEYS))


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
    return conditions


def _fit(words: Sequence[str], whole_numbers: bool) -> list[ColumnElement[bool]]:
    """Return the conditions on a row of words: the longest, which fits fewest, leads; the person has the others too.

    Of several words of one person that begin alike the first counts, so that nobody comes twice.
    """
    leading = max(words, key=len)
    before = select(_OTHER.c.word).where(
        _OTHER.c.person_id == _WORD.c.person_id, _begins(_OTHER, leading, whole_numbers), _OTHER.c.word < _WORD.c.word
    )
    others = (
        select(_OTHER.c.word).where(_OTHER.c.person_id == _WORD.c.person_id, _begins(_OTHER, word, whole_numbers))
        for word in words
        if word != leading
    )
    return [_begins(_WORD, leading, whole_numbers), ~before.exists(), *(other.exists() for other in others)]


def _begins(words: Any, typed: str, whole_numbers: bool) -> ColumnElement[bool]:
    """Return the range of words that begin so; those who do not look after people must know a whole number."""
    if typed[0].isdigit():
        typed = number_key(typed)
        if whole_numbers:
            return words.c.word == typed
    return and_(words.c.word >= typed, words.c.word < typed + _LAST)
