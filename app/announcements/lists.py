"""Lists of announcements, by keyset: a reader's own, and the editors' desk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, func, select, tuple_

from app.announcements.models import Announcement, AnnouncementReach, Receipt, newest_first, newest_of
from app.announcements.sums import sums_of
from app.content.audience import Audience, labels
from app.content.cards import Position
from app.content.models import Entry
from app.database import UTCDateTime, now, read_rows
from app.extensions import db
from app.people.models import Person
from app.people.sessions import Viewer
from app.people.small_stores import FEWEST

PAGE = 20
SHELVES = ("drafts", "scheduled", "published", "archive")


class Progress(NamedTuple):
    """How many of those to whom an announcement was sent have read and confirmed it."""

    people: int
    read: int
    confirmed: int

    @property
    def is_shown(self) -> bool:
        """Tell whether there are enough people for numbers to tell of nobody."""
        return self.people >= FEWEST


class Page(NamedTuple):
    """Rows and where the next page begins; None at the end."""

    rows: Sequence[Row[Any]]
    following: Position | None
    # The audiences of the rows in words, by their specs.
    audiences: dict[str, str]
    # How far those that have appeared came, by their ids.
    progress: dict[int, Progress]


def of_reader(viewer: Viewer, before: Position | None = None) -> Page:
    """Read one page of what a person was sent, newest first."""
    values: dict[str, Any] = {"viewer_id": viewer.id}
    if before is not None:
        values |= {"before_at": before.at, "before_id": before.id}
    walked = read_rows(_walk(before is not None), values)
    found = read_rows(_sent(), {"viewer_id": viewer.id, "ids": [row.id for row in walked[:PAGE]]})
    last = walked[PAGE - 1] if len(walked) > PAGE else None
    rows = sorted(found, key=lambda row: (row.at, row.id), reverse=True)
    return Page(rows, Position(last.published_at, last.id) if last is not None else None, {}, {})


@cache
def _walk(older: bool) -> Any:
    """Select which announcements somebody was sent, from a place on: by what appeared, until a page is full."""
    mine = select(1).where(Receipt.announcement_id == Entry.id, Receipt.person_id == bindparam("viewer_id"))
    conditions: list[Any] = [mine.correlate(Entry).exists()]
    if older:
        place = tuple_(bindparam("before_at", type_=UTCDateTime()), bindparam("before_id"))
        conditions.append(tuple_(Entry.published_at, Entry.id) < place)
    return newest_of(*conditions).limit(PAGE + 1)


@cache
def _sent() -> Any:
    return (
        select(
            Announcement.id,
            Announcement.title,
            Announcement.importance,
            Announcement.published_at.label("at"),
            Announcement.valid_until,
            Announcement.archived_at,
            Receipt.read_at,
            Receipt.waits,
            Receipt.confirmed_at,
            Receipt.understood_at,
        )
        .join(Receipt, Receipt.announcement_id == Announcement.id)
        .where(Receipt.person_id == bindparam("viewer_id"), Announcement.id.in_(bindparam("ids", expanding=True)))
        .where(Announcement.listed())
    )


def shelf(name: str, before: Position | None = None) -> Page:
    """Read one page of the editors' desk: drafts and what is scheduled by when they were begun, the others by appearance."""
    appeared = Announcement.published_at.is_not(None)
    over = Announcement.archived_at.is_not(None)
    by_appearance = name in ("published", "archive")
    at = Announcement.published_at if by_appearance else Announcement.created_at
    conditions = {
        "drafts": (~appeared, Announcement.publish_at.is_(None)),
        "scheduled": (~appeared, Announcement.publish_at.is_not(None)),
        "published": (appeared, ~over),
        "archive": (appeared, over),
    }[name]
    statement: Any = (
        select(
            Announcement.id,
            Announcement.title,
            Announcement.importance,
            Announcement.publish_at,
            Announcement.published_at,
            Announcement.valid_until,
            Announcement.archived_at,
            Announcement.edition,
            at.label("at"),
            Audience.spec.label("audience"),
            (Person.first_name + " " + Person.last_name).label("author"),
        )
        .join(Audience, Audience.id == Announcement.audience_id)
        .join(Person, Person.id == Announcement.author_id)
        .where(Announcement.deleted_at.is_(None), *conditions)
    )
    if before is not None:
        statement = statement.where(before.older(at, Announcement.id))
    rows = read_rows(newest_first(statement, at).limit(PAGE + 1))
    shown = rows[:PAGE]
    following = Position(shown[-1].at, shown[-1].id) if len(rows) > PAGE else None
    specs = {row.audience for row in shown}
    sums = sums_of((row.id, row.published_at) for row in shown if row.published_at is not None)
    progress = {
        one: Progress(found.counts.audience, found.counts.read, found.counts.confirmed) for one, found in sums.items()
    }
    return Page(shown, following, labels(specs) if specs else {}, progress)


def of_editor(announcement_id: int) -> Announcement | None:
    """Return any announcement that was not deleted, as editors handle it."""
    of_id = (Announcement.id == announcement_id, Announcement.deleted_at.is_(None))
    return db.session.scalar(select(Announcement).where(*of_id))


def audience_size(announcement: Announcement) -> int:
    """Count the people to whom an announcement was sent, by the counts of their stores."""
    of_it = AnnouncementReach.announcement_id == announcement.id
    return db.session.scalar(select(func.sum(AnnouncementReach.audience)).where(of_it)) or 0


def thrown_away(announcement_id: int) -> Announcement | None:
    """Return a draft that was thrown away."""
    gone = (Announcement.deleted_at.is_not(None), Announcement.published_at.is_(None))
    return db.session.scalar(select(Announcement).where(Announcement.id == announcement_id, *gone))


def is_over(row: Any) -> bool:
    """Tell whether a row asks nothing any more."""
    return row.archived_at is not None or (row.valid_until is not None and row.valid_until <= now())
