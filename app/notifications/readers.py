"""What planning and delivering need to know of people: how they are reached, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select

from app.extensions import db
from app.notifications.hours import Hours
from app.notifications.models import PushSubscription, QuietHours
from app.people.models import City, Person, Store


def reachable(person_ids: Sequence[int]) -> list[Any]:
    """Read what planning needs of people: address, whether a browser takes pushes, hours and zone."""
    has_push = exists().where(PushSubscription.person_id == Person.id, PushSubscription.failed_at.is_(None))
    return list(
        db.session.execute(
            select(
                Person.id,
                Person.email,
                has_push.correlate(Person).label("has_push"),
                City.zone,
                Store.opens_at,
                Store.closes_at,
                QuietHours.starts,
                QuietHours.ends,
            )
            .join(Store, Store.id == Person.store_id)
            .join(City, City.id == Store.city_id)
            .outerjoin(QuietHours, QuietHours.person_id == Person.id)
            .where(Person.id.in_(person_ids), Person.employed())
        ).all()
    )


def hours_of(person: Any) -> Hours:
    """Return the hours of a row of `reachable`."""
    return Hours(ZoneInfo(person.zone), person.opens_at, person.closes_at, person.starts, person.ends)
