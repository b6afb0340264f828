"""Every change of a receipt, each in step with the counts of its store.

Whoever changes receipts first takes the row of counts (or all rows of the announcement), then looks at the receipt, and
adds the difference (counting.py); so two people reading at once cannot lose one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Select, exists, literal, select, update

from app.announcements.apart import set_apart
from app.announcements.counting import FIRST_HAND, add, count_late, counts_of, lock, lock_all, recount
from app.announcements.models import Announcement, Importance, Receipt
from app.content.audience import people_in
from app.database import UTCDateTime, insert_of, now
from app.extensions import db
from app.people.absences import Absence
from app.people.models import Person, Store
from app.people.permissions import Position
from app.people.sessions import Viewer

# Absences noted afterwards still change the picture of announcements so young.
WEIGHED_AGAIN = timedelta(days=120)


def freeze(announcement: Announcement) -> None:
    """Give everybody of the audience but the author a receipt; one statement, so that nobody sees half an audience."""
    db.session.execute(_insert(_people(announcement).add_columns(literal(False))))
    recount(announcement)
    set_apart(announcement.id)


def add_late(announcement: Announcement, person_id: int | None = None) -> int:
    """Give receipts to those who have joined the audience since, or to one of them; return how many there were."""
    people = _people(announcement).where(
        ~exists().where(Receipt.announcement_id == announcement.id, Receipt.person_id == Person.id).correlate(Person)
    )
    if person_id is not None:
        people = people.where(Person.id == person_id)
    made = _insert(people.add_columns(literal(True), literal(True)), "unheard").returning(Receipt.store_id)
    stores = db.session.scalars(made).all()
    count_late(Counter((announcement.id, store_id) for store_id in stores))
    return len(stores)


def add_missed(viewer: Viewer, missed: Select[int]) -> None:
    """Give somebody late receipts of all that he missed, selected by its id, with one statement."""
    rows = missed.add_columns(
        literal(viewer.id),
        literal(viewer.store_id),
        literal(viewer.is_director),
        Announcement.importance != Importance.ORDINARY,
        # In whose rate he counts is not asked of a late reader.
        literal(False),
        literal(True),
        literal(True),
    )
    made = db.session.scalars(_insert(rows, "unheard").returning(Receipt.announcement_id)).all()
    count_late({(announcement_id, viewer.store_id): 1 for announcement_id in made})


def note_opened(announcement: Announcement, person_id: int, at: datetime) -> Receipt | None:
    """Note that somebody has the announcement before him for the first time; None where it is not, or he has no receipt.

    This happens while he only reads, so it is as short as it can be: one conditional update, which takes the receipt before
    the counts. Whoever holds the counts meanwhile and wants the receipt gets it, since nobody waits long in passing.
    """
    first = (Receipt.announcement_id == announcement.id, Receipt.person_id == person_id, Receipt.opened_at.is_(None))
    opened = update(Receipt).where(*first).values(opened_at=at).returning(*Receipt.__table__.c)
    row = db.session.execute(opened, execution_options={"synchronize_session": False}).one_or_none()
    if row is None or announcement.published_at is None:
        return None
    receipt = Receipt(**row._mapping)
    before = counts_of(Receipt(**{**row._mapping, "opened_at": None}), announcement.published_at)
    after = counts_of(receipt, announcement.published_at)
    add(announcement.id, receipt.store_id, {name: after[name] - before[name] for name in after})
    return receipt


def note_joined(announcement: Announcement, person_id: int, at: datetime) -> Receipt | None:
    """Give whoever has joined the audience since a receipt that says that the announcement is before him."""
    people = _people(announcement).where(Person.id == person_id).add_columns(literal(True), literal(at, UTCDateTime()))
    made = _insert(people, "opened_at").returning(*Receipt.__table__.c)
    row = db.session.execute(made).one_or_none()
    if row is None:
        return note_opened(announcement, person_id, at)
    count_late({(announcement.id, row.store_id): 1})
    return Receipt(**row._mapping)


def note_read(announcement: Announcement, person_id: int, at: datetime, seconds: int = 0) -> Receipt | None:
    """Note that somebody has read to the end."""
    return _change(announcement, person_id, lambda receipt: _read(receipt, at, seconds))


def note_confirmed(announcement: Announcement, person_id: int, at: datetime) -> Receipt | None:
    """Note that somebody says he knows what it says; which implies that he read it."""

    def confirm(receipt: Receipt) -> None:
        _read(receipt, at)
        if receipt.confirmed_at is None:
            receipt.confirmed_at = at
            receipt.confirmed_version = announcement.edition
        receipt.waits = bool(announcement.question) and receipt.understood_at is None

    return _change(announcement, person_id, confirm)


def note_answer(announcement: Announcement, person_id: int, at: datetime, right: bool) -> Receipt | None:
    """Note an answer to the check question."""

    def answer(receipt: Receipt) -> None:
        if receipt.understood_at is not None:
            return
        if not right:
            receipt.wrong_answers += 1
            return
        _read(receipt, at)
        receipt.understood_at = at
        receipt.waits = receipt.waits and receipt.confirmed_at is None

    return _change(announcement, person_id, answer)


def note_told(announcement: Announcement, person_ids: Iterable[int], at: datetime | None) -> None:
    """Note that people were told at a briefing; None takes it back."""

    def tell(receipt: Receipt) -> None:
        receipt.told_at = at and (receipt.told_at or at)

    for person_id in sorted(set(person_ids)):
        _change(announcement, person_id, tell)


def reopen(announcement: Announcement) -> None:
    """Let everybody confirm, and answer, anew."""
    lock_all(announcement.id)
    _update(announcement.id, confirmed_at=None, understood_at=None, waits=announcement.asks)
    recount(announcement)


def stop_asking(announcement: Announcement) -> None:
    """Ask no question any more of those who have confirmed."""
    _update(announcement.id, Receipt.confirmed_at.is_not(None), waits=False)


def weigh_absence(person_id: int) -> None:
    """Look anew at whether somebody was away during the first 72 hours, after his absences have changed."""
    days = db.session.execute(select(Absence.starts_on, Absence.ends_on).where(Absence.person_id == person_id)).all()
    lately = db.session.scalars(
        select(Announcement)
        .join(Receipt, Receipt.announcement_id == Announcement.id)
        .where(Receipt.person_id == person_id, Receipt.late.is_(False), Announcement.published_at > now() - WEIGHED_AGAIN)
    ).all()
    for announcement in lately:
        first, last = _first_days(announcement)
        away = any(day.starts_on <= first and day.ends_on >= last for day in days)
        _change(announcement, person_id, partial(_set_absent, away=away))


def receipt_of(announcement_id: int, person_id: int) -> Receipt | None:
    """Return somebody's receipt."""
    return db.session.get(Receipt, (announcement_id, person_id))


def _open(receipt: Receipt, at: datetime) -> None:
    receipt.opened_at = receipt.opened_at or at


def _read(receipt: Receipt, at: datetime, seconds: int = 0) -> None:
    _open(receipt, at)
    if receipt.read_at is None:
        receipt.read_at = at
        receipt.seconds = seconds


def _change(announcement: Announcement, person_id: int, act: Callable[[Receipt], None]) -> Receipt | None:
    """Change one receipt and the counts of its store; None for whoever has none."""
    store_id = db.session.scalar(
        select(Receipt.store_id).where(Receipt.announcement_id == announcement.id, Receipt.person_id == person_id)
    )
    if store_id is None or announcement.published_at is None:
        return None
    lock(announcement.id, store_id)
    receipt = db.session.scalars(
        select(Receipt)
        .where(Receipt.announcement_id == announcement.id, Receipt.person_id == person_id)
        .execution_options(populate_existing=True)
    ).one()
    before = counts_of(receipt, announcement.published_at)
    act(receipt)
    db.session.flush()
    after = counts_of(receipt, announcement.published_at)
    add(announcement.id, store_id, {name: after[name] - before[name] for name in after})
    return receipt


def _people(announcement: Announcement) -> Select[Any]:
    """Select the columns of receipts for the audience of this moment."""
    return (
        select(
            literal(announcement.id),
            Person.id,
            Person.store_id,
            Person.position == Position.DIRECTOR,
            literal(announcement.asks),
            _is_away(announcement),
        )
        .join(Store, Store.id == Person.store_id)
        .where(people_in(announcement.audience.key_list), Person.id != announcement.author_id)
    )


def _insert(people: Select[Any], *more: str) -> Any:
    """Return the statement that inserts receipts, of columns as `_people` selects them, for those who have none."""
    make = insert_of(db.session.get_bind().dialect.name)
    columns = ["announcement_id", "person_id", "store_id", "leads", "waits", "absent", "late", *more]
    return make(Receipt).from_select(columns, people).on_conflict_do_nothing()


def _set_absent(receipt: Receipt, away: bool) -> None:
    receipt.absent = away


def _first_days(announcement: Announcement) -> tuple[date, date]:
    published = announcement.published_at or now()
    return published.date(), (published + FIRST_HAND).date()


def _is_away(announcement: Announcement) -> Any:
    first, last = _first_days(announcement)
    return (
        exists().where(Absence.person_id == Person.id, Absence.starts_on <= first, Absence.ends_on >= last).correlate(Person)
    )


def _update(announcement_id: int, *conditions: Any, **values: Any) -> None:
    db.session.execute(
        update(Receipt)
        .where(Receipt.announcement_id == announcement_id, *conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
