"""The weekly letter: what waits unseen, and what colleagues were thanked for while one was away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select

from app import mail
from app.database import now
from app.extensions import db
from app.jobs import every
from app.notifications.choices import choices_of, wants
from app.notifications.hours import next_slot
from app.notifications.models import Delivery, Notice
from app.notifications.planning import enqueue
from app.notifications.readers import hours_of, reachable
from app.people.models import City, Person, Store

MONDAY = 0
# Planned in the small hours, so that it leaves with the first gathering of the day.
HOURS = range(4, 8)
# Whoever looked in since then has missed nothing.
AWAY = timedelta(days=3)
WEEK = timedelta(days=7)
BATCH = 400


@every(timedelta(hours=1))
def plan_digests() -> None:
    """Plan this week's letters where it is Monday morning; a second run the same morning plans none."""
    moment = now()
    zones = [zone for zone in db.session.scalars(select(City.zone).distinct()) if _is_morning(moment, zone)]
    if not zones or not mail.is_set_up():
        return
    last = 0
    while ids := db.session.scalars(_away(zones, moment).where(Person.id > last).limit(BATCH)).all():
        chosen = choices_of(list(ids))
        enqueue(
            [
                {
                    "person_id": person.id,
                    "channel": "mail",
                    "kind": "digest",
                    "due_at": next_slot(moment, hours_of(person)),
                    "carried": 0,
                }
                for person in reachable(ids)
                if wants(chosen.get(person.id, {}), "digest", "mail")
            ],
            moment,
        )
        last = ids[-1]


def _away(zones: list[str], moment: datetime) -> Any:
    """Select the ids of those who have an address and were not here lately, or have something unseen."""
    had = exists().where(Delivery.person_id == Person.id, Delivery.kind == "digest", Delivery.due_at > moment - WEEK / 2)
    waits = exists().where(Notice.person_id == Person.id, Notice.seen_at.is_(None))
    away = or_(Person.stream_seen_at.is_(None), Person.stream_seen_at < moment - AWAY, waits.correlate(Person))
    return (
        select(Person.id)
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .where(City.zone.in_(zones), Person.employed(), Person.email != "", away, ~had.correlate(Person))
        .order_by(Person.id)
    )


def _is_morning(moment: datetime, zone: str) -> bool:
    local = moment.astimezone(ZoneInfo(zone))
    return local.weekday() == MONDAY and local.hour in HOURS
