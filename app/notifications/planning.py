"""Planning deliveries: whoever is told of something is due a gathering at the next hour, by each channel that reaches him.

Plans are made in the transaction of the act and carried out by jobs; what one has seen by then is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from app import mail
from app.database import insert_new, now
from app.jobs import later
from app.notifications import delivering
from app.notifications.choices import choices_of, wants
from app.notifications.hours import at_once, next_slot
from app.notifications.models import Delivery
from app.notifications.readers import hours_of, reachable


def plan(person_ids: Sequence[int], kind: str, urgent: bool) -> None:
    """Plan a delivery of this kind of news for each of these people by each channel that he has and wants."""
    if not person_ids:
        return
    moment = now()
    chosen = choices_of(list(person_ids))
    wanted = []
    for person in reachable(person_ids):
        hours = hours_of(person)
        due = at_once(moment, hours) if urgent else next_slot(moment, hours)
        for channel, has in (("mail", bool(person.email) and mail.is_set_up()), ("push", person.has_push)):
            if has and wants(chosen.get(person.id, {}), kind, channel):
                wanted.append(_planned(person.id, channel, "urgent" if urgent else "gathered", due))
    enqueue(wanted, moment)


def enqueue(wanted: list[dict[str, Any]], moment: datetime) -> None:
    """Write deliveries that are not planned already, each with the job that will carry it out."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    for delivery_id, due in insert_new(Delivery, wanted, Delivery.id, Delivery.due_at):
        later(app, delivering.carry_out, delivery_id, after=max(due - moment, moment - moment))


def _planned(person_id: int, channel: str, kind: str, due: datetime) -> dict[str, Any]:
    return {"person_id": person_id, "channel": channel, "kind": kind, "due_at": due, "carried": 0}
