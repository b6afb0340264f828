"""Which stores of an announcement have enough people for numbers of their own."""

from __future__ import annotations

from sqlalchemy import select, update

from app.announcements.models import AnnouncementReach
from app.extensions import db
from app.people.models import Store
from app.people.small_stores import Place, grouped


def set_apart(announcement_id: int) -> None:
    """Decide which stores have enough people for numbers of their own, so that no sum tells of the others."""
    rows = db.session.execute(
        select(AnnouncementReach.store_id, Store.city_id, AnnouncementReach.audience)
        .join(Store, Store.id == AnnouncementReach.store_id)
        .where(AnnouncementReach.announcement_id == announcement_id)
    )
    groups = grouped(Place(*row) for row in rows)
    alone = [group.store_ids[0] for group in groups if group.is_store]
    db.session.execute(
        update(AnnouncementReach)
        .where(AnnouncementReach.announcement_id == announcement_id, AnnouncementReach.store_id.in_(alone))
        .values(alone=True)
        .execution_options(synchronize_session=False)
    )
