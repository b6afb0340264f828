"""Telling people: one notice each, gathered with its like, in the transaction of the act that they are told of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, insert, literal, or_, select, update

from app.content.audience import people_in
from app.content.models import Entry
from app.database import insert_new, now
from app.extensions import db
from app.notifications.kinds import KINDS
from app.notifications.models import DeliveredNotice, Notice, NoticeActor
from app.notifications.planning import plan
from app.people.models import Person, Store

# As many people at a time as one statement holds on both databases.
BATCH = 400


def tell(
    kind: str,
    people: Iterable[int],
    *,
    group: str,
    path: str,
    entry: Entry | None = None,
    actor_id: int | None = None,
    words: str = "",
    urgent: bool = False,
) -> None:
    """Tell people of something; nobody hears of what he did himself, and former staff hear nothing.

    Notices with the same `group` that were not seen yet become one.
    """
    if kind not in KINDS:
        raise LookupError(f"{kind} is no kind of news")
    wanted = sorted(set(people) - {actor_id})
    moment = now()
    for start in range(0, len(wanted), BATCH):
        chosen = _reachable(wanted[start : start + BATCH], entry)
        fresh: dict[str, object] = {
            "kind": kind,
            "group_key": group,
            "entry_id": entry.id if entry is not None else None,
            "path": path,
            "words": words[:200],
            "urgent": urgent,
            "created_at": moment,
            "updated_at": moment,
        }
        insert_new(Notice, [{"person_id": person_id, **fresh} for person_id in chosen], Notice.id)
        _join(chosen, group, actor_id, moment)
        plan(chosen, kind, urgent)


def untell(group: str, actor_id: int) -> None:
    """Take an act back out of notices that nobody has seen yet: what was undone at once is no news."""
    unseen = select(Notice.id).where(Notice.group_key == group, Notice.seen_at.is_(None))
    db.session.execute(
        delete(NoticeActor).where(NoticeActor.person_id == actor_id, NoticeActor.notice_id.in_(unseen)),
        execution_options={"synchronize_session": False},
    )
    db.session.execute(
        delete(Notice).where(
            Notice.group_key == group,
            Notice.seen_at.is_(None),
            ~exists().where(NoticeActor.notice_id == Notice.id),
            ~exists().where(DeliveredNotice.notice_id == Notice.id),
        ),
        execution_options={"synchronize_session": False},
    )


def _reachable(ids: Sequence[int], entry: Entry | None) -> list[int]:
    """Return who of them works here and sees the entry: a notice must not tell of what one may not know."""
    statement = select(Person.id).where(Person.id.in_(ids))
    if entry is None:
        statement = statement.where(Person.employed())
    else:
        of_audience = people_in(entry.audience.key_list)
        statement = statement.join(Store, Store.id == Person.store_id).where(
            Person.employed(), or_(of_audience, Person.id == entry.author_id)
        )
    return list(db.session.scalars(statement.order_by(Person.id)))


def _join(people: Sequence[int], group: str, actor_id: int | None, moment: datetime) -> None:
    """Let the notices bear the moment of their latest act, and the actor among their people."""
    unseen = (Notice.person_id.in_(people), Notice.group_key == group, Notice.seen_at.is_(None))
    db.session.execute(
        update(Notice).where(*unseen).values(updated_at=moment), execution_options={"synchronize_session": False}
    )
    if actor_id is None or not people:
        return
    without = ~exists().where(NoticeActor.notice_id == Notice.id, NoticeActor.person_id == actor_id).correlate(Notice)
    db.session.execute(
        update(NoticeActor)
        .where(NoticeActor.person_id == actor_id, NoticeActor.notice_id.in_(select(Notice.id).where(*unseen)))
        .values(at=moment),
        execution_options={"synchronize_session": False},
    )
    rows = select(Notice.id, literal(actor_id), literal(moment, NoticeActor.at.type)).where(*unseen, without)
    db.session.execute(insert(NoticeActor).from_select(["notice_id", "person_id", "at"], rows))
