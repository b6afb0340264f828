"""The staff as a comparison sees it: everybody and every store under their keys, and when two of them are the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from sqlalchemy import Select, case, select

from app.extensions import db
from app.people.models import City, Person, RoleGrant, Store
from app.people.names import FullName, fold, name_key, place_key
from app.people.permissions import Position, Role
from app.people.staff_list_places import Place

# So many people are read at a time.
BATCH = 500
# The city of stores whose city nobody has said; its key is one that no name folds to.
NO_CITY = "?"
_RANK = {Position.INTERN: 0, Position.SELLER: 1, Position.SENIOR: 2, Position.DIRECTOR: 3}


class Known(NamedTuple):
    """A person as the portal has him."""

    id: int
    personnel_number: str
    number_key: str
    last_name: str
    first_name: str
    middle_name: str
    store_id: int
    store: str
    city: str
    position: str
    position_title: str
    hired_on: date | None
    dismissed_on: date | None
    phone: str
    email: str

    @property
    def name(self) -> FullName:
        """Return the parts of the name."""
        return FullName(self.last_name, self.first_name, self.middle_name)


_CITY = case((City.key == NO_CITY, NO_CITY), else_=City.name)
_KNOWN_COLUMNS = (
    *(Person.id, Person.personnel_number, Person.number_key, Person.last_name, Person.first_name, Person.middle_name),
    *(Person.store_id, Store.name.label("store"), _CITY.label("city"), Person.position, Person.position_title),
    *(Person.hired_on, Person.dismissed_on, Person.phone, Person.email),
)


def known_people() -> Select[Any]:
    """Select people in the order of `Known`."""
    return select(*_KNOWN_COLUMNS).select_from(Person).join(Person.store).join(Store.city)


@dataclass
class Staff:
    """Every store, and people as they are asked for: a hundred thousand at once would not fit beside the list."""

    # {(city key, store key): the names}
    stores: dict[tuple[str, str], Place]
    cities: dict[str, str]
    administrators: Collection[int]

    @classmethod
    def load(cls) -> Staff:
        """Read the stores and who administers."""
        places = [Place(*row) for row in db.session.execute(select(_CITY, Store.name).select_from(Store).join(City))]
        administrators = select(RoleGrant.person_id).where(RoleGrant.role == Role.ADMINISTRATOR)
        return cls(
            stores={place_keys(place): place for place in places},
            cities={city_key(name): name for name in db.session.scalars(select(_CITY))},
            administrators=frozenset(db.session.scalars(administrators)),
        )

    @staticmethod
    def find(keys: list[str]) -> dict[str, Known]:
        """Return the people of these numbers, by number."""
        rows = db.session.execute(known_people().where(Person.number_key.in_(keys)))
        return {row.number_key: Known(*row.t) for row in rows}

    @staticmethod
    def everybody() -> Iterator[Known]:
        """Yield all people, some hundred at a time."""
        last = 0
        while rows := db.session.execute(known_people().where(Person.id > last).order_by(Person.id).limit(BATCH)).all():
            yield from (Known(*row.t) for row in rows)
            last = rows[-1].id


def same_person(one: FullName, other: FullName) -> bool:
    """Tell whether two names under one number can be one person: renamed by marriage, misspelt, with initials.

    Last and first name both different means that a number was given to somebody else, which must not overwrite anybody.
    """
    return _alike(one.last, other.last) or _alike(one.first, other.first)


def is_initial(name: str) -> bool:
    """Tell whether a name is only its first letter: О."""
    return len(name.rstrip(".")) == 1


def is_higher(position: str, than: str) -> bool:
    """Tell whether a position is a step up; positions outside the store are neither above nor below."""
    ranks = [_RANK.get(Position(value)) for value in (position, than)]
    return ranks[0] is not None and ranks[1] is not None and ranks[0] > ranks[1]


def fold_name(name: FullName) -> str:
    """Return a name as comparison sees it."""
    return name_key(*name)


def city_key(name: str) -> str:
    """Return a city's key; NO_CITY is its own."""
    return name if name == NO_CITY else place_key(name)


def place_keys(place: Place) -> tuple[str, str]:
    """Return a place as comparison sees it."""
    return city_key(place.city), place_key(place.store)


def as_json(value: Any) -> Any:
    """Return a value as a change keeps it: days as text."""
    return value.isoformat() if isinstance(value, date) else value


def _alike(one: str, other: str) -> bool:
    one, other = fold(one), fold(other)
    if is_initial(one) or is_initial(other):
        return one[:1] == other[:1]
    return one == other or (bool(one and other) and SequenceMatcher(None, one, other).ratio() >= 0.8)
