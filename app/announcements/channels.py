"""Whom an announcement would reach, and how: counted as the editor chooses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import and_, case, exists, func, not_, select

from app import mail
from app.content.audience import check_key, people_in
from app.extensions import db
from app.notifications.models import PushSubscription
from app.people.models import Person, Store


class Channels(NamedTuple):
    """People and stores of an audience; how many of them letters, pushes, or neither reach; who has never had access."""

    people: int
    stores: int
    mail: int
    push: int
    neither: int
    strangers: int


def channels(keys: Iterable[str]) -> Channels:
    """Count whom these keys reach today and by which channels, with one query."""
    chosen = list(keys)
    for key in chosen:
        check_key(key)
    has_mail = Person.email != "" if mail.is_set_up() else Person.email.is_(None)
    has_push = (
        exists().where(PushSubscription.person_id == Person.id, PushSubscription.failed_at.is_(None)).correlate(Person)
    )
    stranger = and_(Person.password_hash.is_(None), Person.pin_hash.is_(None))
    conditions = (has_mail, has_push, not_(has_mail | has_push), stranger)
    row = db.session.execute(
        select(
            func.count(Person.id),
            func.count(Person.store_id.distinct()),
            *(func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions),
        )
        .join(Store, Store.id == Person.store_id)
        .where(people_in(chosen))
    ).one()
    return Channels(*map(int, row))
