"""What a director sees and does for the store he leads: what its team still has to read, and «Рассказал(а) на планёрке».

Names stand only beside what everybody has to confirm. Of ordinary announcements there are counts, and those only where
neither they nor the rest are fewer than five people; the director, who knows what he himself has read, is in none of them.
Told is not read: a briefing notes who was there and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, exists, func, or_, select, update

from app.activity import record
from app.announcements import receipts
from app.announcements.appearing import recent, still_asked
from app.announcements.measures import few_or
from app.announcements.models import Announcement, AnnouncementReach, Briefing, BriefingPerson, Receipt, newest_first
from app.content.cards import Position
from app.database import insert_all_once, insert_once, now, read_rows
from app.errors import Refused
from app.extensions import db
from app.people.absences import away_on
from app.people.models import Person
from app.people.permissions import Permission
from app.people.sessions import Viewer
from app.people.small_stores import FEWEST

PAGE = 10
# Mandatory announcements with names.
NAMED = 12


class Member(NamedTuple):
    """Somebody of the team, and what of one announcement is known of him."""

    id: int
    name: str
    photo_key: str | None
    position: str
    position_title: str
    away: bool
    # Of a mandatory announcement alone; else always False.
    waits: bool = False
    read: bool = False


class ToConfirm(NamedTuple):
    """A mandatory announcement and who of the team has not confirmed it."""

    about: Any
    people: list[Member]
    briefed_at: datetime | None


class Ordinary(NamedTuple):
    """An ordinary announcement, and of how many people it may be said how many have read it."""

    about: Any
    people: int
    # None: too few people for a figure; `nearly` then says on which side they are.
    read: int | None
    nearly: str
    briefed_at: datetime | None


class Told(NamedTuple):
    """An announcement as the form of a briefing shows it."""

    about: Any
    people: list[Member]
    briefing: Briefing | None
    there: frozenset[int]
    # Noted on an earlier day: it is not changed any more.
    is_closed: bool
    # Whether the director can read it himself: it may be for his sellers alone.
    opens: bool


def to_confirm(viewer: Viewer) -> tuple[list[ToConfirm], bool]:
    """Return what the team still has to confirm, the most urgent first, with the names of who has not.

    Also whether there is more: a store that is so far behind begins with the first.
    """
    team = {member.id: member for member in _team(viewer)}
    asked = read_rows(
        select(*_ABOUT)
        .join(Receipt, Receipt.announcement_id == Announcement.id)
        .where(Receipt.person_id.in_(team), Receipt.waits, *still_asked())
        .group_by(Announcement.id, *_ABOUT[1:])
        .order_by((Announcement.importance == "urgent").desc(), Announcement.published_at.desc(), Announcement.id.desc())
        .limit(NAMED + 1)
    )
    shown = {row.id: row for row in asked[:NAMED]}
    waiting: dict[int, list[Member]] = {announcement_id: [] for announcement_id in shown}
    whose = (Receipt.announcement_id.in_(shown), Receipt.person_id.in_(team), Receipt.waits)
    for row in read_rows(select(Receipt.announcement_id, Receipt.person_id, Receipt.read_at).where(*whose)):
        member = team[row.person_id]._replace(waits=True, read=row.read_at is not None)
        waiting[row.announcement_id].append(member)
    briefed = _briefed(viewer, list(shown))
    found = [
        ToConfirm(about, sorted(waiting[about.id], key=lambda one: one.name), briefed.get(about.id))
        for about in shown.values()
    ]
    return found, len(asked) > NAMED


def ordinary(viewer: Viewer, before: Position | None = None) -> tuple[list[Ordinary], Position | None]:
    """Read one page of the ordinary announcements that the store was sent, newest first, and where the next begins."""
    statement = select(*_ABOUT).where(*still_asked(), recent(), Announcement.importance == "ordinary", _was_sent(viewer))
    if before is not None:
        statement = statement.where(before.older(Announcement.published_at, Announcement.id))
    found = read_rows(newest_first(statement).limit(PAGE + 1))
    shown = found[:PAGE]
    ids = [row.id for row in shown]
    counts = {row.announcement_id: row for row in read_rows(_counts(viewer, ids))} if ids else {}
    briefed = _briefed(viewer, ids)
    rows = [_ordinary(row, counts.get(row.id), briefed.get(row.id)) for row in shown]
    return rows, Position(shown[-1].published_at, shown[-1].id) if len(found) > PAGE else None


def told(viewer: Viewer, announcement_id: int) -> Told | None:
    """Return whom a director can have told of an announcement; None where his store was not sent it."""
    statement = select(*_ABOUT).where(Announcement.id == announcement_id, Announcement.listed(), _was_sent(viewer))
    about = db.session.execute(statement).one_or_none()
    if about is None:
        return None
    receipts_of = {
        row.person_id: row
        for row in read_rows(
            select(Receipt.person_id, Receipt.waits, Receipt.read_at)
            .join(Person, Person.id == Receipt.person_id)
            .where(Receipt.announcement_id == announcement_id, Person.store_id == viewer.store_id)
        )
    }
    is_named = about.importance != "ordinary"
    people = [
        member._replace(
            waits=is_named and receipts_of[member.id].waits, read=is_named and receipts_of[member.id].read_at is not None
        )
        for member in _team(viewer)
        if member.id in receipts_of
    ]
    opens = viewer.id in receipts_of or viewer.can(Permission.ANNOUNCE)
    briefing = db.session.get(Briefing, (announcement_id, viewer.store_id))
    if briefing is None:
        there = frozenset(member.id for member in people if not member.away)
        return Told(about, people, None, there, False, opens)
    there = frozenset(one.person_id for one in briefing.people)
    return Told(about, people, briefing, there, _day_of(viewer, briefing.at) != viewer.today, opens)


def brief(viewer: Viewer, announcement_id: int, people: Collection[int]) -> bool:
    """Note who was there when a director told his team; the same once more changes nothing. Tell whether it did.

    On the same day it can be corrected.
    """
    found = told(viewer, announcement_id)
    if found is None:
        raise LookupError(announcement_id)
    chosen = {member.id for member in found.people if member.id in set(people)}
    if found.is_closed:
        raise Refused(_("The briefing was noted on an earlier day and is not changed any more."))
    if not chosen:
        raise Refused(_("Tick at least one person who was there."), "people")
    of_it = {"announcement_id": announcement_id, "store_id": viewer.store_id}
    insert_once(Briefing, **of_it, by_id=viewer.id, at=now())
    db.session.execute(select(Briefing.at).filter_by(**of_it).with_for_update())
    there = set(db.session.scalars(select(BriefingPerson.person_id).filter_by(**of_it)))
    if there == chosen:
        return False
    announcement = db.session.get_one(Announcement, announcement_id)
    gone = there - chosen
    db.session.execute(delete(BriefingPerson).filter_by(**of_it).where(BriefingPerson.person_id.in_(gone)))
    insert_all_once(BriefingPerson, [{**of_it, "person_id": person_id} for person_id in sorted(chosen - there)])
    db.session.execute(update(Briefing).filter_by(**of_it).values(by_id=viewer.id))
    elsewhere = set(
        db.session.scalars(
            select(BriefingPerson.person_id).where(
                BriefingPerson.announcement_id == announcement_id, BriefingPerson.person_id.in_(gone)
            )
        )
    )
    receipts.note_told(announcement, chosen - there, now())
    receipts.note_told(announcement, gone - elsewhere, None)
    record("announcement.briefed", viewer.id, announcement, store=viewer.store_id, people=len(chosen))
    return True


def _team(viewer: Viewer) -> list[Member]:
    """Return who works in the director's store besides him, by name."""
    away = exists().where(away_on(viewer.today)).correlate(Person)
    rows = read_rows(
        select(
            Person.id,
            (Person.first_name + " " + Person.last_name).label("name"),
            Person.photo_key,
            Person.position,
            Person.position_title,
            away.label("away"),
        )
        .where(Person.store_id == viewer.store_id, Person.employed(viewer.today), Person.id != viewer.id)
        .order_by(Person.name_key, Person.id)
    )
    return [Member(row.id, row.name, row.photo_key, row.position, row.position_title, bool(row.away)) for row in rows]


_ABOUT = (
    Announcement.id,
    Announcement.title,
    Announcement.importance,
    Announcement.published_at,
    Announcement.valid_until,
)


def _was_sent(viewer: Viewer) -> Any:
    return (
        exists()
        .where(
            AnnouncementReach.announcement_id == Announcement.id,
            AnnouncementReach.store_id == viewer.store_id,
            or_(AnnouncementReach.audience > 0, AnnouncementReach.late > 0),
        )
        .correlate(Announcement)
    )


def _counts(viewer: Viewer, ids: Sequence[int]) -> Any:
    """Select how many of the present team were sent these, and how many have read them."""
    # Looked up by person and announcement; a join would walk everybody to whom these were sent.
    team = [member.id for member in _team(viewer)]
    return (
        select(Receipt.announcement_id, func.count().label("people"), func.count(Receipt.read_at).label("read"))
        .where(Receipt.announcement_id.in_(ids), Receipt.person_id.in_(team))
        .group_by(Receipt.announcement_id)
    )


def _ordinary(about: Any, counts: Any, briefed_at: datetime | None) -> Ordinary:
    people, read = (counts.people, counts.read) if counts is not None else (0, 0)
    if people < FEWEST:
        return Ordinary(about, people, None, "", briefed_at)
    figure = few_or(read, people)
    nearly = "" if figure is not None else "most" if people - read < FEWEST and read >= people - read else "few"
    return Ordinary(about, people, figure, nearly, briefed_at)


def _briefed(viewer: Viewer, ids: Sequence[int]) -> dict[int, datetime]:
    if not ids:
        return {}
    of_store = (Briefing.store_id == viewer.store_id, Briefing.announcement_id.in_(ids))
    return {row.announcement_id: row.at for row in read_rows(select(Briefing.announcement_id, Briefing.at).where(*of_store))}


def _day_of(viewer: Viewer, moment: datetime) -> Any:
    return moment.astimezone(viewer.zone).date()
