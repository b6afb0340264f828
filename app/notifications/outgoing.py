"""What goes out, for the administrator: what waits, what failed and why, and a letter to try the mail server with."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select

from app import mail
from app.database import now
from app.extensions import db
from app.mail import Letter
from app.notifications.models import Delivery, PushMessage, PushSubscription
from app.people.models import Person

PAGE = 50


class Queue(NamedTuple):
    """How much waits: gatherings whose hour has not come, letters and pushes under way; and the latest failures."""

    planned: int
    letters: int
    pushes: int
    failed_letters: list[Any]
    failed_pushes: list[Any]
    next_due: Any


def queue() -> Queue:
    """Read the state of everything on its way out; counts stop at a thousand, for nobody reads further."""
    waiting = select(Delivery.id).where(Delivery.done_at.is_(None))
    letters = select(Letter.id).where(Letter.sent_at.is_(None), Letter.failed_at.is_(None))
    pushes = select(PushMessage.id).where(PushMessage.sent_at.is_(None), PushMessage.failed_at.is_(None))
    return Queue(
        planned=_counted(waiting),
        letters=_counted(letters),
        pushes=_counted(pushes),
        failed_letters=list(db.session.scalars(_failed(Letter))),
        failed_pushes=list(
            db.session.execute(
                _failed(PushMessage)
                .join(PushSubscription, PushSubscription.id == PushMessage.subscription_id)
                .join(Person, Person.id == PushSubscription.person_id)
                .with_only_columns(PushMessage.failed_at, PushMessage.error, Person.first_name, Person.last_name)
            )
        ),
        next_due=db.session.scalar(select(func.min(Delivery.due_at)).where(Delivery.done_at.is_(None))),
    )


def try_mail(address: str) -> None:
    """Write a letter to the administrator himself, to see whether letters leave."""
    subject = _("A letter to try the mail with")
    mail.send(
        address, subject, _("If you read this, the portal's letters arrive. Sent at %(time)s.", time=f"{now():%H:%M} UTC")
    )


def _counted(statement: Any) -> int:
    return int(db.session.scalar(select(func.count()).select_from(statement.limit(1000).subquery())) or 0)


def _failed(table: Any) -> Any:
    return select(table).where(table.failed_at.is_not(None)).order_by(table.id.desc()).limit(PAGE)
