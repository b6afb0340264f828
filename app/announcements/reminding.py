"""Reminding those who have not read an announcement: at most once a day each, by the channels that they want.

One statement marks whom the reminder is for, so two presses at once remind once; jobs then tell them in batches, as they
do when an announcement appears.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, func, or_, select, update

from app.activity import Activity, record
from app.announcements.appearing import TOLD_AT_ONCE
from app.announcements.models import Announcement, Receipt
from app.announcements.sums import moment as moment_kept
from app.content.audience import people_in
from app.content.card_cache import Cache
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.jobs import later, task
from app.notifications.telling import tell
from app.people.absences import away_on, today_there
from app.people.models import City, Person, Store
from app.people.permissions import Permission
from app.people.sessions import Viewer

EVERY = timedelta(hours=24)
# Counted so far; beyond it nobody needs the last figure.
COUNTED = 1000
_counted: Cache[int] = Cache(64)


class Reminders(NamedTuple):
    """Whom a reminder would reach now, and the last one: when, by whom, how many people."""

    people: int
    last_at: datetime | None
    last_by: str
    last_people: int

    @property
    def is_many(self) -> bool:
        """Tell whether there are more than were counted."""
        return self.people > COUNTED


def may_remind(viewer: Viewer) -> bool:
    """Tell whether somebody who sees reach may also remind: editors and HR; management looks on."""
    return viewer.can(Permission.ANNOUNCE) or viewer.can(Permission.EDIT_PEOPLE)


def reminders_of(announcement_id: int, audience: str, size: int = 0) -> Reminders:
    """Tell whom a reminder would reach now, and when the last one was.

    Of an announcement that went to many, `size` of them, the number is some seconds old, but never from before a reminder.
    """
    last = db.session.execute(
        select(Activity.at, Activity.data, (Person.first_name + " " + Person.last_name).label("name"))
        .join(Person, Person.id == Activity.actor_id)
        .where(
            Activity.subject_kind == "announcement",
            Activity.subject_id == announcement_id,
            Activity.verb == "announcement.reminded",
        )
        .order_by(Activity.id.desc())
        .limit(1)
    ).one_or_none()
    key = (announcement_id, audience, size, last and last.at, moment_kept())
    people = _counted.get(key) if size > COUNTED else None
    if people is None:
        people = _count_due(announcement_id, audience)
        _counted.put(key, people)
    if last is None:
        return Reminders(people, None, "", 0)
    return Reminders(people, last.at, last.name, last.data["people"])


def _count_due(announcement_id: int, audience: str) -> int:
    due = _due(announcement_id, audience).where(_not_lately(now())).limit(COUNTED + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(due)) or 0


def remind(viewer: Viewer, announcement: Announcement) -> int:
    """Remind whoever has not read it, or not confirmed what he is to confirm; return how many people that is."""
    if announcement.published_at is None or announcement.is_over:
        raise Refused(_("Nothing is asked any more, so nobody is reminded."))
    moment = now()
    marked = db.session.execute(
        update(Receipt)
        .where(
            Receipt.announcement_id == announcement.id,
            # Asked of the row itself, so that whoever waited for another press finds it done.
            _not_lately(moment),
            Receipt.person_id.in_(_due(announcement.id, announcement.audience.spec)),
        )
        .values(reminded_at=moment)
        .execution_options(synchronize_session=False)
    )
    people = int(marked.rowcount)  # type: ignore[attr-defined]
    if not people:
        raise Refused(_("Nobody is left to be reminded today."))
    _tell_later(announcement.id, moment, 0)
    record("announcement.reminded", viewer.id, announcement, people=people)
    return people


@task
def tell_reminded(announcement_id: int, moment: str, after: int = 0) -> None:
    """Tell the next thousand of those whom a reminder is for and who have not read in the meantime."""
    announcement = db.session.get(Announcement, announcement_id)
    if announcement is None or announcement.is_over:
        return
    at = datetime.fromisoformat(moment)
    marked = (Receipt.announcement_id == announcement_id, Receipt.reminded_at == at, Receipt.person_id > after)
    chosen = select(Receipt.person_id).where(*marked, _is_open())
    people = db.session.scalars(chosen.order_by(Receipt.person_id).limit(TOLD_AT_ONCE)).all()
    if not people:
        return
    tell(
        "reminder",
        people,
        # A group of its own: the notice of the announcement itself may lie unseen, and would swallow it.
        group=f"reminder:{announcement_id}:{at:%Y%m%d%H%M%S}",
        path=f"/announcements/{announcement_id}",
        entry=announcement,
        words=announcement.title,
        urgent=announcement.is_urgent,
    )
    if len(people) == TOLD_AT_ONCE:
        _tell_later(announcement_id, at, people[-1])


def _tell_later(announcement_id: int, moment: datetime, after: int) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    later(app, tell_reminded, announcement_id, moment.isoformat(), after)


def _due(announcement_id: int, audience: str) -> Select[Any]:
    """Select who was sent it, has not read or confirmed it, is of its audience still, and not away today where he works."""
    away = exists().where(away_on(today_there()))
    return (
        select(Receipt.person_id)
        .join(Person, Person.id == Receipt.person_id)
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .where(
            Receipt.announcement_id == announcement_id,
            _is_open(),
            people_in(audience.split("|")),
            ~away.correlate(Person, City),
        )
    )


def _is_open() -> ColumnElement[bool]:
    return or_(Receipt.read_at.is_(None), Receipt.waits)


def _not_lately(moment: datetime) -> ColumnElement[bool]:
    return or_(Receipt.reminded_at.is_(None), Receipt.reminded_at <= moment - EVERY)
