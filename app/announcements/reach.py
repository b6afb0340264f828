"""How far one announcement has come: as a whole, by city and by store, in numbers that tell of no single person.

Everything is read from the counts by store. Only the lags of readers come from receipts, of this one announcement, and once
for each number of its readers: what nobody has read since cannot have changed.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from app.announcements import measures
from app.announcements.counting import FIRST_HAND
from app.announcements.measures import Counts
from app.announcements.models import Announcement, AnnouncementReach, Briefing, Receipt
from app.announcements.reach_words import Segment, bar
from app.announcements.sums import COUNT_COLUMNS, MANY, moment
from app.content.audience import Audience
from app.content.card_cache import Cache
from app.database import now, read_rows
from app.extensions import db
from app.locale import language
from app.people.models import City, Person, Store
from app.people.small_stores import Group, Place, grouped

PAGE = 20
VIEWS = ("stores", "cities")
SORTS = ("name", "first_hand", "unread")
MINUTE = timedelta(minutes=1)
# Of how many announcements the lags of readers are kept, and of how many whole pictures, which take a megabyte each.
LAGS_KEPT, PICTURES_KEPT = 64, 8


class About(NamedTuple):
    """What the pages of reach say of an announcement itself."""

    id: int
    title: str
    importance: str
    published_at: datetime
    valid_until: datetime | None
    archived_at: datetime | None
    question: str
    edition: int
    author: str
    audience: str

    @property
    def settled_at(self) -> datetime:
        """Return when the first 72 hours are over."""
        return self.published_at + FIRST_HAND

    @property
    def is_settled(self) -> bool:
        """Tell whether the first 72 hours are over."""
        return self.settled_at <= now()

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is asked any more."""
        return self.archived_at is not None or (self.valid_until is not None and self.valid_until <= now())

    @property
    def asks(self) -> bool:
        """Tell whether readers are asked to confirm."""
        return self.importance != "ordinary"


class Line(NamedTuple):
    """The numbers of a store, of several small ones together, or of a city; `lag` in minutes."""

    key: str
    name: str
    city: str
    city_id: int | None
    # Where it is one store, its id.
    store_id: int | None
    counts: Counts
    lag: int | None
    is_stuck: bool

    @property
    def first_hand(self) -> float | None:
        """Return FirstHand72."""
        return measures.first_hand(self.counts)

    @property
    def relay(self) -> float | None:
        """Return Relay."""
        return measures.relay(self.counts)

    @property
    def bar(self) -> list[Segment]:
        """Return the shares of the states, from the farthest on."""
        return bar(self.counts)


class Picture(NamedTuple):
    """All of them; none where the audience is too small to be told of."""

    whole: Line
    stores: list[Line]
    cities: list[Line]

    @property
    def stuck(self) -> int:
        """Return in how many stores it is stuck at the director."""
        return sum(line.is_stuck for line in self.stores)


class Asked(NamedTuple):
    """What of the list is asked for."""

    view: str = "stores"
    sort: str = "name"
    city_id: int | None = None
    words: str = ""
    only_stuck: bool = False


def about(announcement_id: int) -> About | None:
    """Read what is said of an announcement that has appeared and was not deleted."""
    statement: Any = (
        select(
            Announcement.id,
            Announcement.title,
            Announcement.importance,
            Announcement.published_at,
            Announcement.valid_until,
            Announcement.archived_at,
            Announcement.question,
            Announcement.edition,
            (Person.first_name + " " + Person.last_name).label("author"),
            Audience.spec.label("audience"),
        )
        .join(Person, Person.id == Announcement.author_id)
        .join(Audience, Audience.id == Announcement.audience_id)
        .where(Announcement.id == announcement_id, Announcement.published_at.is_not(None), Announcement.deleted_at.is_(None))
    )
    row = db.session.execute(statement).one_or_none()
    return About(*row) if row is not None else None


def picture_of(one: About) -> Picture | None:
    """Return the numbers of an announcement; None where its audience is too small to be told of.

    Those of many stores are kept for some seconds, as their sums are.
    """
    key = (one.id, one.published_at, one.is_settled, language(), moment())
    kept = _pictures.get(key)
    if kept is not None:
        return kept
    found = _picture(one)
    if found is not None and len(found.stores) >= MANY:
        _pictures.put(key, found)
    return found


def _picture(one: About) -> Picture | None:
    rows = {row.store_id: row for row in read_rows(_COUNTED, {"announcement_id": one.id})}
    counts = {store_id: Counts(*row[: len(Counts._fields)]) for store_id, row in rows.items()}
    groups = grouped(Place(row.store_id, row.city_id, row.audience) for row in rows.values())
    if not groups:
        return None
    whole = measures.total(counts.values())
    cities = Counter(group.city_id for group in groups)
    lags = _lags(one.id, one.published_at, whole.read, tuple(groups))

    def line(group: Group) -> Line:
        first = rows[group.store_ids[0]]
        found = counts[first.store_id] if group.is_store else measures.total(counts[one] for one in group.store_ids)
        if group.is_store:
            names = (first.name, first.city, group.city_id, first.store_id)
        elif group.city_id is not None:
            words = _("Other stores of the city") if cities[group.city_id] > 1 else _("Stores of the city together")
            names = (words, first.city, group.city_id, None)
        else:
            names = (_("Small cities together"), "", None, None)
        stuck = group.is_store and measures.is_stuck(found, one.is_settled)
        return Line(group.key, *names, found, lags.get(group.key), stuck)

    lines = [line(group) for group in groups]
    everybody = Line("all", "", "", None, None, whole, lags.get("all"), False)
    return Picture(everybody, sorted(lines, key=_by_name), _cities(lines, lags))


def page_of(picture: Picture, asked: Asked, after: str = "") -> tuple[list[Line], str | None]:
    """Return one page of the list that is asked for, and after which line the next begins."""
    lines = picture.cities if asked.view == "cities" else picture.stores
    wanted = [line for line in lines if _is_wanted(line, asked)]
    if asked.sort == "first_hand":
        wanted.sort(key=lambda line: (line.first_hand is None, line.first_hand or 0))
    elif asked.sort == "unread":
        wanted.sort(key=lambda line: -line.counts.unread)
    keys = [line.key for line in wanted]
    start = keys.index(after) + 1 if after in keys else 0
    shown = wanted[start : start + PAGE]
    return shown, shown[-1].key if len(wanted) > start + PAGE else None


def line_of(picture: Picture | None, store_id: int) -> Line | None:
    """Return the line of a store that is shown by itself."""
    return next((line for line in picture.stores if line.store_id == store_id), None) if picture else None


def briefing_of(announcement_id: int, store_id: int) -> datetime | None:
    """Return when the team of a store was told."""
    of_store = (Briefing.announcement_id == announcement_id, Briefing.store_id == store_id)
    return db.session.scalar(select(Briefing.at).where(*of_store))


def fold(words: str) -> str:
    """Return words as a filter compares them."""
    return words.casefold().replace("ё", "е")


_COUNTED = (
    select(*COUNT_COLUMNS, AnnouncementReach.store_id, Store.name, Store.city_id, City.name.label("city"))
    .join(Store, Store.id == AnnouncementReach.store_id)
    .join(City, City.id == Store.city_id)
    .where(AnnouncementReach.announcement_id == bindparam("announcement_id"))
)
_pictures: Cache[Picture] = Cache(PICTURES_KEPT)
_READERS = (
    select(Receipt.store_id, Receipt.read_at)
    .where(Receipt.announcement_id == bindparam("announcement_id"), Receipt.read_at.is_not(None), Receipt.late.is_(False))
    .order_by(Receipt.store_id, Receipt.read_at)
)


@lru_cache(maxsize=LAGS_KEPT)
def _lags(announcement_id: int, published_at: datetime, _readers: int, groups: tuple[Group, ...]) -> dict[str, int]:
    """Return the lags to the median readers in minutes, as {group, "city-<id>" or "all": minutes}.

    Kept under the number of readers: whoever has read stays a reader, and when he did does not change.
    """
    of_stores: dict[int, list[int]] = {}
    for row in read_rows(_READERS, {"announcement_id": announcement_id}):
        of_stores.setdefault(row.store_id, []).append(max(0, (row.read_at - published_at) // MINUTE))
    gathered: dict[str, list[int]] = {"all": [lag for lags in of_stores.values() for lag in lags]}
    for group in groups:
        lags = [lag for store_id in group.store_ids for lag in of_stores.get(store_id, ())]
        gathered[group.key] = lags
        if group.city_id is not None:
            gathered.setdefault(f"all-of-{group.city_id}", []).extend(lags)
    medians = {key: measures.median_lag(lags) for key, lags in gathered.items()}
    return {key: lag for key, lag in medians.items() if lag is not None}


def _cities(lines: list[Line], lags: dict[str, int]) -> list[Line]:
    found: dict[int | None, list[Line]] = {}
    for line in lines:
        found.setdefault(line.city_id, []).append(line)
    cities = []
    for city_id, parts in found.items():
        counts = measures.total(line.counts for line in parts)
        key, name = (f"all-of-{city_id}", parts[0].city) if city_id is not None else ("rest", parts[0].name)
        cities.append(Line(key, name, "", city_id, None, counts, lags.get(key), False))
    return sorted(cities, key=_by_name)


def _by_name(line: Line) -> tuple[Any, ...]:
    """Sort by city and store; what stands for several comes after them."""
    return (line.city_id is None, fold(line.city), line.store_id is None, fold(line.name))


def _is_wanted(line: Line, asked: Asked) -> bool:
    return (
        (asked.city_id is None or line.city_id == asked.city_id)
        and (not asked.only_stuck or line.is_stuck)
        and (not asked.words or fold(asked.words) in fold(f"{line.city} {line.name}"))
    )
