"""How announcements have come through lately, one by one, and how news reaches each store over some weeks.

Stores stand by city and name, never by their numbers, and with rounded ones: the page is to find where news gets stuck,
not to set stores against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select

from app.announcements import measures
from app.announcements.counting import FIRST_HAND
from app.announcements.measures import Counts
from app.announcements.models import Announcement, AnnouncementReach, newest_first, newest_of
from app.announcements.reach import PAGE, fold
from app.announcements.reach_words import Segment, bar
from app.announcements.sums import COUNT_COLUMNS, Sum, stuck_here, sums_of
from app.content.cards import Position
from app.content.models import Entry
from app.database import now, read_rows
from app.people.models import City, Store
from app.people.small_stores import FEWEST

# Fewer than elsewhere: each stands for the counts of all stores.
ANNOUNCEMENTS = 12
WEEKS = (4, 8, 12)
# What the way of a store follows from.
WEIGHED = ("audience", "absent", "read72", "directors", "directors_read", "directors_read72")
# In seconds.
KEPT_FOR = 600
WAYS = ("stuck", "first-hand", "between", "unknown")


class Row(NamedTuple):
    """An announcement and how far it has come; no counts where its audience is too small to be told of."""

    about: Any
    counts: Counts | None
    stuck: int
    is_settled: bool

    @property
    def first_hand(self) -> float | None:
        """Return FirstHand72."""
        return measures.first_hand(self.counts) if self.counts else None

    @property
    def bar(self) -> list[Segment]:
        """Return the shares of the states."""
        return bar(self.counts) if self.counts else []


class Way(NamedTuple):
    """How news reaches a store: a word of `WAYS`, and the share that reads first-hand in steps of five per cent."""

    store_id: int
    name: str
    city: str
    city_id: int
    way: str
    share: float | None
    announcements: int
    stuck: int


def announcements(before: Position | None = None) -> tuple[list[Row], Position | None]:
    """Read one page of announcements, newest first, and where the next begins."""
    statement: Any = select(
        Announcement.id, Announcement.title, Announcement.importance, Announcement.published_at.label("at")
    ).where(Announcement.listed())
    if before is not None:
        statement = statement.where(before.older(Announcement.published_at, Announcement.id))
    found = read_rows(newest_first(statement).limit(ANNOUNCEMENTS + 1))
    shown = found[:ANNOUNCEMENTS]
    sums = sums_of((row.id, row.at) for row in shown)
    rows = [_row(one, sums.get(one.id)) for one in shown]
    return rows, Position(shown[-1].at, shown[-1].id) if len(found) > ANNOUNCEMENTS else None


def ways(weeks: int) -> tuple[Way, ...]:
    """Return how news has reached each store over some weeks, by city and name, from what is shown of it by itself.

    Kept for ten minutes: of weeks, nobody sees the difference.
    """
    lately = newest_first(select(Announcement.id, Announcement.published_at).where(*_lately(weeks))).limit(1)
    newest = next(iter(read_rows(lately)), None)
    return _ways(weeks, newest and tuple(newest), int(now().timestamp()) // KEPT_FOR)


@lru_cache(maxsize=2 * len(WEEKS))
def _ways(weeks: int, _newest: Any, _moment: int) -> tuple[Way, ...]:
    found = []
    for row in read_rows(_over_weeks(weeks)):
        counts = Counts(**{name: getattr(row, name) for name in WEIGHED})
        share = measures.first_hand(counts)
        found.append(
            Way(
                store_id=row.store_id,
                name=row.name,
                city=row.city,
                city_id=row.city_id,
                way=measures.over_weeks(counts, row.announcements),
                # Exact ones would set stores of nearly equal share against each other.
                share=round(share * 20) / 20 if share is not None else None,
                announcements=row.announcements,
                stuck=row.stuck,
            )
        )
    return tuple(sorted(found, key=lambda way: (fold(way.city), fold(way.name))))


def page_of(found: Sequence[Way], way: str, city_id: int | None, after: int | None) -> tuple[list[Way], int | None]:
    """Return one page of these stores, and after which the next begins."""
    wanted = [one for one in found if way in ("", one.way) and city_id in (None, one.city_id)]
    ids = [one.store_id for one in wanted]
    start = ids.index(after) + 1 if after in ids else 0
    shown = wanted[start : start + PAGE]
    return shown, shown[-1].store_id if len(wanted) > start + PAGE else None


def around(found: Sequence[Way]) -> dict[str, Any]:
    """Return what stands around the list: how many stores there are of each way, and the cities to choose from."""
    counts = {name: sum(one.way == name for one in found) for name in WAYS}
    return {"counts": counts, "cities": sorted({(one.city, one.city_id) for one in found})}


def lately_in(store_id: int, besides: int, size: int = 6) -> list[tuple[Any, Counts]]:
    """Read how the last announcements have come through in a store, where it stands by itself."""
    of_store = (AnnouncementReach.store_id == store_id, AnnouncementReach.alone)
    there = select(1).where(AnnouncementReach.announcement_id == Entry.id, *of_store).correlate(Entry).exists()
    ids = [row.id for row in read_rows(newest_of(there, Entry.id != besides).limit(size))]
    statement = (
        select(*COUNT_COLUMNS, Announcement.id, Announcement.title, Announcement.published_at)
        .join(AnnouncementReach, AnnouncementReach.announcement_id == Announcement.id)
        .where(Announcement.id.in_(ids), Announcement.listed(), AnnouncementReach.store_id == store_id)
    )
    found = sorted(read_rows(statement), key=lambda row: (row.published_at, row.id), reverse=True)
    return [(row, Counts(*row[: len(Counts._fields)])) for row in found]


def _row(one: Any, found: Sum | None) -> Row:
    is_settled = one.at + FIRST_HAND <= now()
    if found is None or found.counts.audience < FEWEST:
        return Row(one, None, 0, is_settled)
    return Row(one, found.counts, found.stuck if is_settled else 0, is_settled)


def _lately(weeks: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that an announcement is of the last weeks and its 72 hours are over."""
    settled = now() - FIRST_HAND
    return (
        Announcement.listed(),
        Announcement.kind == "announcement",
        Announcement.published_at > settled - timedelta(weeks=weeks),
        Announcement.published_at <= settled,
    )


def _over_weeks(weeks: int) -> Select[Any]:
    """Select the sums of the last weeks by store, of announcements in which a store stands by itself."""
    sums = [func.sum(getattr(AnnouncementReach, name)).label(name) for name in WEIGHED]
    summed = (
        select(
            *sums,
            AnnouncementReach.store_id,
            func.count().label("announcements"),
            stuck_here().label("stuck"),
        )
        .where(
            AnnouncementReach.announcement_id.in_(select(Announcement.id).where(*_lately(weeks))),
            AnnouncementReach.alone,
        )
        .group_by(AnnouncementReach.store_id)
        .subquery()
    )
    return (
        select(summed, Store.name, Store.city_id, City.name.label("city"))
        .join(Store, Store.id == summed.c.store_id)
        .join(City, City.id == Store.city_id)
        .where(Store.closed_at.is_(None))
    )
