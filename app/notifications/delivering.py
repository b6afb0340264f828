"""Carrying out a planned delivery: what is still unseen by then becomes one letter, or one push to each browser.

The letter or push is written in the same transaction that marks its notices as delivered; from there on its own job hands
it over, exactly once. A delivery whose worker was killed therefore begins again, and one that was done does nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, g
from flask_babel import refresh
from sqlalchemy import exists, func, or_, select

from app.content.models import Entry
from app.database import now
from app.extensions import db
from app.jobs import later, task
from app.notifications import letters, pushing
from app.notifications.choices import choices_of, wants
from app.notifications.digest_posts import Missed, posts_missed
from app.notifications.hours import MOST_A_DAY, day_began, is_quiet, next_slot
from app.notifications.inbox import Line, columns, lines_of
from app.notifications.kinds import KINDS
from app.notifications.models import DeliveredNotice, Delivery, Notice
from app.notifications.readers import hours_of, reachable
from app.people.models import Person
from app.people.sessions import Viewer
from app.people.viewers import viewer_of

# A letter that lists more is read by nobody; the rest waits on the portal.
MOST_CARRIED = 15


@task
def carry_out(delivery_id: int) -> None:
    """Send what the person has not seen by now, or nothing."""
    delivery = db.session.get(Delivery, delivery_id)
    if delivery is None or delivery.done_at is not None:
        return
    person = next(iter(reachable([delivery.person_id])), None)
    if person is None:
        delivery.done_at = now()
        return
    if (due := _later_hour(delivery, person)) is not None:
        delivery.due_at = due
        later(current_app._get_current_object(), carry_out, delivery.id, after=due - now())  # type: ignore[attr-defined]
        return
    viewer = viewer_of(delivery.person_id)
    if viewer is not None:
        carried = undelivered(delivery, viewer)
        posts = posts_missed(viewer) if delivery.kind == "digest" else []
        if carried or posts:
            _send(delivery, viewer, carried, posts)
        delivery.carried = len(carried) + len(posts)
    delivery.done_at = now()


def undelivered(delivery: Delivery, viewer: Viewer) -> list[Any]:
    """Read the notices that this delivery is to carry: unseen, still visible, wanted by this channel, not carried before."""
    visible = Entry.listed() & Entry.seen_by(viewer)
    carried = exists().where(
        DeliveredNotice.notice_id == Notice.id,
        DeliveredNotice.channel == delivery.channel,
        DeliveredNotice.notice_updated_at >= Notice.updated_at,
    )
    statement = (
        columns()
        .where(
            Notice.person_id == delivery.person_id,
            Notice.seen_at.is_(None),
            or_(Notice.entry_id.is_(None), visible),
        )
        .order_by(Notice.urgent.desc(), Notice.updated_at.desc())
        .limit(4 * MOST_CARRIED)
    )
    if delivery.kind != "digest":
        statement = statement.where(~carried.correlate(Notice))
    if delivery.kind == "urgent":
        statement = statement.where(Notice.urgent)
    chosen = choices_of([delivery.person_id]).get(delivery.person_id, {})
    rows = [row for row in db.session.execute(statement) if wants(chosen, row.kind, delivery.channel)]
    return [row for row in rows if not _is_over(row.kind, viewer)][:MOST_CARRIED]


def _is_over(kind: str, viewer: Viewer) -> bool:
    """Tell whether nothing is left by now of what a notice told of."""
    by_now = KINDS[kind].by_now
    return by_now is not None and not by_now(viewer)


def _send(delivery: Delivery, viewer: Viewer, rows: list[Any], posts: list[Missed]) -> None:
    reader = db.session.get_one(Person, delivery.person_id)
    g.language = reader.locale or current_app.config["BABEL_DEFAULT_LOCALE"]
    refresh()
    lines: list[Line] = lines_of(viewer, rows)
    if delivery.kind == "digest":
        letters.write_digest(reader, lines, posts)
    elif delivery.channel == "mail":
        letters.write_gathered(reader, lines)
    else:
        pushing.write(reader.id, lines)
    for row in rows:
        db.session.add(
            DeliveredNotice(
                delivery_id=delivery.id,
                notice_id=row.id,
                channel=delivery.channel,
                notice_updated_at=row.updated_at,
            )
        )


def _later_hour(delivery: Delivery, person: Any) -> datetime | None:
    """Return another hour where this one will not do: after a long standstill it may be night, or the day's third is out."""
    moment, hours = now(), hours_of(person)
    if is_quiet(moment, hours):
        return next_slot(moment, hours)
    if delivery.kind != "gathered":
        return None
    local = moment.astimezone(hours.zone).time()
    outside = not (hours.opens <= local <= hours.closes) if hours.opens < hours.closes else False
    sent_today = db.session.scalar(
        select(func.count(Delivery.id)).where(
            Delivery.person_id == delivery.person_id,
            Delivery.channel == delivery.channel,
            Delivery.carried > 0,
            Delivery.done_at >= day_began(moment, hours.zone),
        )
    )
    return next_slot(moment, hours) if outside or (sent_today or 0) >= MOST_A_DAY else None
