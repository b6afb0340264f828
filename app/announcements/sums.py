"""The counts of announcements over all their stores, for lists: exact, or some seconds old where the stores are many.

A chain of thousands of stores has a row of counts for each of them, and thirty announcements stand on a page. Adding these
up again for every look would cost more than the rest of the page; a total that each reader changes would be a row for which
twenty thousand readers queue. So sums of many stores are kept for some seconds, and those of few are added up each time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, select

from app.announcements.measures import Counts
from app.announcements.models import AnnouncementReach
from app.content.card_cache import Cache
from app.database import now, read_rows
from app.people.small_stores import FEWEST

# From so many stores on sums are kept, for so many seconds.
MANY, KEPT_FOR = 200, 15
COUNT_COLUMNS = tuple(getattr(AnnouncementReach, name) for name in Counts._fields)


class Sum(NamedTuple):
    """The counts of all stores of an announcement, and in how many it is stuck once its 72 hours are over."""

    counts: Counts
    stuck: int


def sums_of(published: Iterable[tuple[int, datetime]]) -> dict[int, Sum]:
    """Return the sums of announcements, given with when they appeared, by their ids."""
    keys = {announcement_id: (announcement_id, at, moment()) for announcement_id, at in published}
    kept = {announcement_id: _cache.get(key) for announcement_id, key in keys.items()}
    found = {announcement_id: known for announcement_id, known in kept.items() if known is not None}
    asked = [announcement_id for announcement_id in keys if announcement_id not in found]
    for row in read_rows(_summed(), {"ids": asked}) if asked else ():
        found[row.announcement_id] = Sum(Counts(*map(int, row[: len(Counts._fields)])), int(row.stuck))
        if row.stores >= MANY:
            _cache.put(keys[row.announcement_id], found[row.announcement_id])
    return found


def moment() -> int:
    """Return the moment for which what is kept is true, as part of its key."""
    return int(now().timestamp()) // KEPT_FOR


def stuck_here() -> ColumnElement[int]:
    """Return what adds up to the number of stores at whose director an announcement is stuck; says `is_stuck` in SQL."""
    reach = AnnouncementReach
    others = reach.audience - reach.absent - reach.directors
    in_time = reach.read72 - reach.directors_read72
    stuck = and_(reach.alone, reach.directors_read > 0, others >= FEWEST, 2 * in_time < others)
    return func.sum(case((stuck, 1), else_=0))


@cache
def _summed() -> Select[Any]:
    sums: list[Any] = [func.sum(column).label(column.name) for column in COUNT_COLUMNS]
    return (
        select(*sums, AnnouncementReach.announcement_id, stuck_here().label("stuck"), func.count().label("stores"))
        .where(AnnouncementReach.announcement_id.in_(bindparam("ids", expanding=True)))
        .group_by(AnnouncementReach.announcement_id)
    )


_cache: Cache[Sum] = Cache(1000)
