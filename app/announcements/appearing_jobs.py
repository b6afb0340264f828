"""What happens by itself: announcements appear at their time; whoever joins an audience later gets and hears what holds."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, or_, select

from app.announcements import joining, receipts
from app.announcements.appearing import appear, recent, still_asked
from app.announcements.models import Announcement, Receipt
from app.database import now
from app.extensions import db
from app.jobs import every
from app.people.absences import away_on
from app.people.models import City, Person, Store

# When newcomers are told of what they missed, by the clock of their store: all that came together since yesterday is one
# notice, which leaves with the first gathering of the day.
MORNING = range(5, 12)
TOLD_TOGETHER = 400


@every(timedelta(minutes=1))
def publish_due() -> None:
    """Let appear what is to appear by now. It bears the moment at which it did, not the one that was wished for."""
    due = select(Announcement).where(
        Announcement.publish_at <= now(), Announcement.published_at.is_(None), Announcement.deleted_at.is_(None)
    )
    for announcement in db.session.scalars(due.order_by(Announcement.publish_at, Announcement.id)).all():
        appear(announcement, announcement.author_id)
        db.session.commit()


@every(timedelta(hours=1))
def add_late_readers() -> None:
    """Let whoever joined an audience since have what is still valid."""
    for announcement_id in db.session.scalars(select(Announcement.id).where(*still_asked(), recent())).all():
        receipts.add_late(db.session.get_one(Announcement, announcement_id))
        db.session.commit()


@every(timedelta(hours=1))
def tell_newcomers() -> None:
    """Tell whoever joined an audience, and did not sign in since, of what he missed: on the first morning he is here.

    Each batch is a transaction: killed in between, the next run goes on where this one ended.
    """
    for zone in db.session.scalars(select(City.zone).distinct()).all():
        local = now().astimezone(ZoneInfo(zone))
        last = 0
        while local.hour in MORNING and (people := db.session.scalars(_untold(zone, local.date(), last)).all()):
            joining.tell_of(people)
            db.session.commit()
            last = people[-1]


def _untold(zone: str, day: date, after: int) -> Select[Any]:
    """Select the next of those whom nobody has told, who can come in, and who are not away."""
    has_access = or_(Person.password_hash.is_not(None), Person.pin_hash.is_not(None))
    return (
        select(Receipt.person_id)
        .distinct()
        .join(Person, Person.id == Receipt.person_id)
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .where(Receipt.unheard, Receipt.person_id > after, City.zone == zone, has_access, Person.employed(day))
        .where(~exists().where(away_on(day)).correlate(Person))
        .order_by(Receipt.person_id)
        .limit(TOLD_TOGETHER)
    )
