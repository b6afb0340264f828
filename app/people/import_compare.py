"""Compare a staff list with the staff: who is hired, moved, renamed, promoted, dismissed, and which rows are refused.

Nothing is written here. A change holds the fields that change, before and after, so that it can be shown, checked again
when it is applied, and undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.database import now, reading
from app.extensions import db
from app.people.cities import known_city
from app.people.import_staff import (
    BATCH,
    NO_CITY,
    Known,
    Staff,
    as_json,
    city_key,
    fold_name,
    is_higher,
    is_initial,
    place_keys,
    same_person,
)
from app.people.names import fold, number_key, place_key
from app.people.permissions import Position
from app.people.staff_list import RefusedRow, StaffRow
from app.people.staff_list_places import Place

# Somebody may be in the list before his first day, but not for ever.
LATEST_FIRST_DAY = timedelta(days=366)
KEPT_NOTES = 200
COUNTED = ("hired", "moved", "renamed", "promoted", "reassigned", "dismissed", "updated", "unchanged")


@dataclass
class Terms:
    """How the list is meant: from which day on it holds, what becomes of absent people, who asks."""

    on: date
    absent: str = "keep"
    actor_id: int | None = None
    # Whoever chooses an administrator's address could become administrator by it.
    may_change_administrators: bool = True


@dataclass
class Comparison:
    """What a list would change; iterate `changes()` to the end, then the numbers are there."""

    staff: Staff
    terms: Terms
    counts: Counter[str] = field(default_factory=Counter)
    refused: list[RefusedRow] = field(default_factory=list)
    # [row, code]: what was not understood in people who are taken in.
    notes: list[tuple[int, str]] = field(default_factory=list)
    new_stores: list[Place] = field(default_factory=list)
    # Cities whose time zone is a guess.
    strange_cities: list[str] = field(default_factory=list)
    _rows: dict[str, StaffRow] = field(default_factory=dict)
    _listed: set[str] = field(default_factory=set)
    _widths: Counter[int] = field(default_factory=Counter)
    _stores_named: set[tuple[str, str]] = field(default_factory=set)
    _by_store_key: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for at in self.staff.stores:
            self._by_store_key.setdefault(at[1], []).append(at)

    def add(self, row: StaffRow | RefusedRow) -> None:
        """Take one row of the list in; of two rows with one number one is refused."""
        key = number_key(row.number)
        if key:
            self._listed.add(key)
        if isinstance(row, RefusedRow):
            self.refused.append(row)
            return
        if row.number.isdecimal() and row.number.startswith("0"):
            self._widths[len(row.number)] += 1
        if row.hired and row.hired > max(self.terms.on, now().date()) + LATEST_FIRST_DAY:
            self._refuse(row, "hired_in_future")
            return
        first = self._rows.setdefault(key, row)
        if first is not row:
            kept = self._better(first, row)
            self._rows[key] = kept
            same = fold_name(first.name) == fold_name(row.name)
            self._refuse(row if kept is first else first, "same_person_twice" if same else "number_twice")

    @property
    def is_empty(self) -> bool:
        """Tell whether the list names nobody at all."""
        return not self._rows and not self.refused

    def changes(self) -> Iterator[dict[str, Any]]:
        """Yield the changes as rows of `staff_import_change`; afterwards counts, refusals and notes are complete."""
        keys = list(self._rows)
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            known = self.staff.find(some)
            for key in some:
                if change := self._change(key, self._rows[key], known.get(key)):
                    self.counts.update(change["verbs"])
                    yield change
        yield from self._absences()
        self.refused.sort(key=lambda refused: refused.row)
        self.counts["refused"] = len(self.refused)
        self.counts["people"] = len(self._rows)

    def _better(self, first: StaffRow, second: StaffRow) -> StaffRow:
        """Return which of two rows with one number counts: of one person his main and present job, else the first."""
        if fold_name(first.name) == fold_name(second.name):
            return max((first, second), key=lambda row: (not row.second_job, row.dismissed is None, row.hired or date.min))
        key = number_key(first.number)
        with reading():
            known = self.staff.find([key]).get(key)
            db.session.rollback()
        if known and same_person(known.name, second.name) and not same_person(known.name, first.name):
            return second
        return first

    def _change(self, key: str, row: StaffRow, known: Known | None) -> dict[str, Any] | None:
        if known is not None and not same_person(known.name, row.name):
            self._refuse(row, "another_person")
            return None
        place = self._place(row, known)
        self.notes += [(row.row, note) for note in row.notes if len(self.notes) < KEPT_NOTES]
        if place is None and (known is None or row.store):
            self._refuse(row, "which_city" if row.store else "no_store")
            return None
        if place is not None:
            self._stores_named.add(place_keys(place))
        after = self._hired(row, place) if known is None else self._differences(row, known, place)
        verbs = ["hired"] if known is None else self._verbs(known, after)
        if not verbs:
            self.counts["unchanged"] += 1
            return None
        before = {} if known is None else {name: as_json(getattr(known, name)) for name in after}
        name = " ".join(filter(None, row.name))
        if "store" in before:
            before["store_id"] = known and known.store_id
        return {
            "person_id": known and known.id,
            "is_new": known is None,
            "row": row.row,
            "number": known.personnel_number if known else after["personnel_number"],
            "number_key": key,
            "name": name,
            "verbs": verbs,
            "before": before,
            "after": {name: as_json(value) for name, value in after.items()},
        }

    def _hired(self, row: StaffRow, place: Place | None) -> dict[str, Any]:
        assert place is not None  # noqa: S101 - rows of new people without a store were refused
        return {
            "personnel_number": self._padded(row.number),
            "last_name": row.name.last,
            "first_name": row.name.first,
            "middle_name": row.name.middle,
            "city": place.city,
            "store": place.store,
            "position": row.position or Position.OTHER,
            "position_title": row.title,
            "hired_on": row.hired,
            "dismissed_on": row.dismissed,
            "phone": row.phone,
            "email": row.email,
        }

    def _differences(self, row: StaffRow, known: Known, place: Place | None) -> dict[str, Any]:
        """Return the fields in which the list differs; what it leaves empty stays as it is."""
        after: dict[str, Any] = {}
        for name, told, had in zip(("last_name", "first_name", "middle_name"), row.name, known.name, strict=True):
            if told and fold(told) != fold(had) and not (is_initial(told) and fold(had).startswith(fold(told).rstrip("."))):
                after[name] = told
        if place is not None and place != (known.city, known.store):
            after |= {"city": place.city, "store": place.store}
        if row.position is not None and row.position != known.position:
            after["position"] = row.position
        if row.title and fold(row.title).replace("-", " ") != fold(known.position_title).replace("-", " "):
            after["position_title"] = row.title
        if row.hired and row.hired != known.hired_on:
            after["hired_on"] = row.hired
        if row.dismissed != known.dismissed_on and (row.dismissed or self._is_back(known)):
            after["dismissed_on"] = row.dismissed
        if row.phone and row.phone != known.phone:
            after["phone"] = row.phone
        if row.email and row.email != known.email and self._may_write_to(known):
            after["email"] = row.email
        return after

    def _is_back(self, known: Known) -> bool:
        """Tell whether a list without a dismissal contradicts one: a list of an earlier day does not."""
        return known.dismissed_on is not None and known.dismissed_on <= self.terms.on

    def _may_write_to(self, known: Known) -> bool:
        return self.terms.may_change_administrators or known.id not in self.staff.administrators

    def _verbs(self, known: Known, after: dict[str, Any]) -> list[str]:
        verbs = []
        if "dismissed_on" in after:
            if after["dismissed_on"] is None:
                verbs.append("hired")
            elif known.dismissed_on is None:
                verbs.append("dismissed")
        if "store" in after:
            verbs.append("moved")
        if {"last_name", "first_name", "middle_name"} & after.keys():
            verbs.append("renamed")
        if "position" in after:
            verbs.append("promoted" if is_higher(after["position"], known.position) else "reassigned")
        return verbs or (["updated"] if after else [])

    def _absences(self) -> Iterator[dict[str, Any]]:
        """Count the employed people whom the list does not name, and dismiss those it must have named, if that is wanted.

        A list of one store says nothing about the others: only stores that it names lose people by it. Whoever looks after
        the portal never does, nor does he who uploads the list.
        """
        for known in self.staff.everybody():
            left = known.dismissed_on is not None and known.dismissed_on <= self.terms.on
            if known.number_key in self._listed or left or (known.hired_on and known.hired_on > self.terms.on):
                continue
            self.counts["absent"] += 1
            at = place_keys(Place(known.city, known.store))
            if at not in self._stores_named or known.id in self.staff.administrators or known.id == self.terms.actor_id:
                self.counts["absent_elsewhere"] += 1
                continue
            self.counts["absent_here"] += 1
            if self.terms.absent == "dismiss":
                self.counts["dismissed"] += 1
                yield {
                    "person_id": known.id,
                    "is_new": False,
                    "row": None,
                    "number": known.personnel_number,
                    "number_key": known.number_key,
                    "name": " ".join(filter(None, known.name)),
                    "verbs": ["dismissed"],
                    "before": {"dismissed_on": as_json(known.dismissed_on)},
                    "after": {"dismissed_on": self.terms.on.isoformat()},
                }

    def _place(self, row: StaffRow, known: Known | None) -> Place | None:
        """Return city and store under the names that the portal has for them; new ones are noted."""
        if not row.store:
            if not row.city or (known and city_key(known.city) == place_key(row.city)):
                return None
            # A chain with one store in each city may name only the city.
            return self._known_or_new(Place(row.city, row.city))
        if row.city:
            return self._known_or_new(Place(row.city, row.store))
        store_key = place_key(row.store)
        found = self._by_store_key.get(store_key, [])
        if len(found) > 1:
            # Stores of one name in two cities: whoever works in one of them stays there.
            here = place_keys(Place(known.city, known.store)) if known else None
            return self.staff.stores[here] if here in found else None
        return self.staff.stores[found[0]] if found else self._known_or_new(Place(NO_CITY, row.store))

    def _known_or_new(self, place: Place) -> Place:
        at = place_keys(place)
        if at not in self.staff.stores:
            if at[0] not in self.staff.cities and known_city(place.city) is None:
                self.strange_cities.append(place.city)
            place = Place(self.staff.cities.setdefault(at[0], place.city), place.store)
            self.staff.stores[at] = place
            self._by_store_key.setdefault(at[1], []).append(at)
            self.new_stores.append(place)
        return self.staff.stores[at]

    def _padded(self, number: str) -> str:
        """Give a number back the noughts that a spreadsheet took from it, where the rest of the list has them."""
        if not self._widths or not number.isdecimal():
            return number
        return number.zfill(self._widths.most_common(1)[0][0])

    def _refuse(self, row: StaffRow, reason: str) -> None:
        self.refused.append(RefusedRow(row.row, reason, row.text, row.number))


def compare(rows: Iterable[StaffRow | RefusedRow], staff: Staff, terms: Terms) -> Comparison:
    """Take in all rows of a list; the changes follow by `changes()`."""
    comparison = Comparison(staff, terms)
    for row in rows:
        comparison.add(row)
    return comparison
