"""The counts by store, and how they are kept in step with receipts; `recount` is the truth that tests compare with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, not_, select, update

from app.announcements.measures import Counts
from app.announcements.models import Announcement, AnnouncementReach, Receipt
from app.database import insert_of, insert_once, now
from app.extensions import db

FIRST_HAND = timedelta(hours=72)
# What is counted in each store, by the names of the columns.
COUNTS = (*Counts._fields, "late")


def counts_of(receipt: Receipt, published_at: datetime) -> dict[str, int]:
    """Return what one receipt adds to the counts of its store; says in Python what `counted` says in SQL."""
    if receipt.late:
        return {"late": 1}
    here = not receipt.absent
    in_time = receipt.read_at is not None and receipt.read_at <= published_at + FIRST_HAND
    leads = receipt.leads and here
    found = {
        "audience": True,
        "absent": receipt.absent,
        "told_only": receipt.told_at is not None and receipt.opened_at is None,
        "opened": receipt.opened_at is not None,
        "read": receipt.read_at is not None,
        "confirmed": receipt.confirmed_at is not None,
        "understood": receipt.understood_at is not None,
        "read72": here and in_time,
        "directors": leads,
        "directors_read": leads and receipt.read_at is not None,
        "directors_read72": leads and in_time,
    }
    return {name: int(bool(value)) for name, value in found.items()}


def counted(announcement: Announcement) -> Select[Any]:
    """Select the counts by store as the receipts have them."""
    published = announcement.published_at or now()
    in_time = Receipt.read_at <= published + FIRST_HAND
    leads = and_(Receipt.leads, not_(Receipt.absent))
    conditions = {
        "audience": literal(True),
        "absent": Receipt.absent,
        "told_only": and_(Receipt.told_at.is_not(None), Receipt.opened_at.is_(None)),
        "opened": Receipt.opened_at.is_not(None),
        "read": Receipt.read_at.is_not(None),
        "confirmed": Receipt.confirmed_at.is_not(None),
        "understood": Receipt.understood_at.is_not(None),
        "read72": and_(not_(Receipt.absent), in_time),
        "directors": leads,
        "directors_read": and_(leads, Receipt.read_at.is_not(None)),
        "directors_read72": and_(leads, in_time),
    }
    columns = [
        func.sum(case((and_(not_(Receipt.late), condition), 1), else_=0)).label(name)
        for name, condition in conditions.items()
    ]
    late = func.sum(case((Receipt.late, 1), else_=0)).label("late")
    shown: list[Any] = [Receipt.store_id, late, *columns]
    return select(*shown).where(Receipt.announcement_id == announcement.id).group_by(Receipt.store_id)


def recount(announcement: Announcement) -> None:
    """Count by store from the receipts."""
    lock_all(announcement.id)
    for row in db.session.execute(counted(announcement)):
        values = {name: int(getattr(row, name) or 0) for name in COUNTS}
        where = {"announcement_id": announcement.id, "store_id": row.store_id}
        if not insert_once(AnnouncementReach, **where, **values):
            db.session.execute(update(AnnouncementReach).filter_by(**where).values(**values))


def lock(announcement_id: int, store_id: int) -> None:
    """Take the row of a store's counts, making it where there is none; SQLite has the whole file already."""
    insert_once(AnnouncementReach, announcement_id=announcement_id, store_id=store_id, **dict.fromkeys(COUNTS, 0))
    of_store = (AnnouncementReach.announcement_id == announcement_id, AnnouncementReach.store_id == store_id)
    db.session.execute(select(AnnouncementReach.store_id).where(*of_store).with_for_update())


def lock_all(announcement_id: int) -> None:
    """Take the rows of all stores of an announcement, in one order."""
    of_it = AnnouncementReach.announcement_id == announcement_id
    rows = select(AnnouncementReach.store_id).where(of_it).order_by(AnnouncementReach.store_id)
    db.session.execute(rows.with_for_update())


def add(announcement_id: int, store_id: int, differences: dict[str, int]) -> None:
    """Add differences to the counts of a store."""
    changes = {name: getattr(AnnouncementReach, name) + by for name, by in differences.items() if by}
    if changes:
        db.session.execute(
            update(AnnouncementReach)
            .where(AnnouncementReach.announcement_id == announcement_id, AnnouncementReach.store_id == store_id)
            .values(changes)
            .execution_options(synchronize_session=False)
        )


def count_late(added: Mapping[tuple[int, int], int]) -> None:
    """Add so many late readers to the counts of stores, given as {(announcement, store): people}, making missing rows."""
    if not added:
        return
    make = insert_of(db.session.get_bind().dialect.name)
    none = dict.fromkeys(COUNTS, 0)
    # In one order, so that two who add to the same rows wait for each other and not both.
    rows = [{**none, "announcement_id": of, "store_id": store, "late": added[of, store]} for of, store in sorted(added)]
    counted = make(AnnouncementReach).values(rows)
    late = AnnouncementReach.late + counted.excluded.late
    db.session.execute(counted.on_conflict_do_update(index_elements=["announcement_id", "store_id"], set_={"late": late}))
