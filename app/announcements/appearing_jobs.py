"""What happens by itself: announcements appear at their time, and whoever joins an audience later gets what still holds."""

from datetime import timedelta

from sqlalchemy import select

from app.announcements import receipts
from app.announcements.appearing import appear, recent, still_asked
from app.announcements.models import Announcement
from app.database import now
from app.extensions import db
from app.jobs import every


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
