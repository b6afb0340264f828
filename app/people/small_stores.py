"""Stores of fewer than five people are shown together: of one or two people a number would be a name.

Nothing here knows of the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

# What is said of fewer people could be told of each of them.
FEWEST = 5


class Place(NamedTuple):
    """A store and how many of its people the numbers are of."""

    store_id: int
    city_id: int
    people: int


class Group(NamedTuple):
    """Stores whose numbers are shown as one: a single one, the small ones of a city, or the small cities (no `city_id`)."""

    city_id: int | None
    store_ids: tuple[int, ...]
    people: int

    @property
    def is_store(self) -> bool:
        """Tell whether it is one store, shown under its own name."""
        return self.city_id is not None and len(self.store_ids) == 1

    @property
    def key(self) -> str:
        """Return what the group is called in addresses."""
        if self.city_id is None:
            return "rest"
        return str(self.store_ids[0]) if self.is_store else f"city-{self.city_id}"


def grouped(places: Iterable[Place]) -> list[Group]:
    """Divide stores into groups of at least five people, so that neither they nor the sums of cities tell of fewer.

    A small store goes with the other small ones of its city, and if they are still too few, with the next smallest; a city
    of too few goes with other such cities, and if these are too few, with the next smallest city. Empty for an audience of
    fewer than five.
    """
    alive = sorted((place for place in places if place.people > 0), key=lambda place: place.city_id)
    cities = [list(city) for _id, city in groupby(alive, key=lambda place: place.city_id)]
    cities.sort(key=lambda city: (sum(place.people for place in city), city[0].city_id))
    together: list[Place] = []
    while cities and (_people(cities[0]) < FEWEST or 0 < _people(together) < FEWEST):
        together += cities.pop(0)
    if _people(together) + sum(map(_people, cities)) < FEWEST:
        return []
    groups = [group for city in cities for group in _of_city(city)]
    return [*groups, *([_group(None, together)] if together else [])]


def _of_city(city: list[Place]) -> list[Group]:
    by_size = sorted(city, key=lambda place: (place.people, place.store_id))
    together: list[Place] = []
    while by_size and (by_size[0].people < FEWEST or 0 < _people(together) < FEWEST):
        together.append(by_size.pop(0))
    city_id = city[0].city_id
    return [_group(city_id, [place]) for place in by_size] + ([_group(city_id, together)] if together else [])


def _group(city_id: int | None, places: list[Place]) -> Group:
    return Group(city_id, tuple(sorted(place.store_id for place in places)), _people(places))


def _people(places: list[Place]) -> int:
    return sum(place.people for place in places)
