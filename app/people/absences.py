"""When people are away: on vacation, ill, on leave. Whoever is away is not counted among those whom news did not reach.

A director notes it for the store he leads, HR and administrators for everybody. Whoever counts by absences hears `changed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from blinker import Signal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Select, String, and_, case, literal, select
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from app.database import UTCDateTime, now, one_at_a_time
from app.errors import Refused
from app.extensions import Base, db
from app.people.log import person_label
from app.people.models import City, Person, log_change
from app.people.permissions import Permission
from app.people.sessions import Viewer

# Sent with a person's id after his absences have changed, in the transaction that changes them.
changed = Signal("absences changed")

KINDS = {"vacation": _l("vacation"), "sick": _l("ill"), "leave": _l("on leave")}
# A leave to bring up a child lasts three years; anything longer is a slip of the year.
LONGEST = timedelta(days=3 * 366)
# What is noted afterwards, or planned ahead.
EARLIEST = FARTHEST = timedelta(days=366)
# Past ones stay in the list so long, so that a slip can be put right.
SHOWN_AFTER = timedelta(days=14)
MOST_SHOWN = 200


class Absence(Base):
    """Days on which a person is away, the first and the last included."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("kind IN ('vacation', 'sick', 'leave')", name="kind"),
        CheckConstraint("ends_on >= starts_on", name="days"),
        Index("ix_absence_person", "person_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(10))
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    person: Mapped[Person] = relationship(innerjoin=True, foreign_keys=[person_id])

    @property
    def words(self) -> str:
        """Say what kind of absence it is."""
        return str(KINDS[self.kind])


def away_on(day: Any) -> ColumnElement[bool]:
    """Return the condition on Absence that it is Person's and covers a day, given as such or as an expression."""
    return and_(Absence.person_id == Person.id, Absence.starts_on <= day, Absence.ends_on >= day)


def today_there() -> ColumnElement[date]:
    """Return today's date where the store of each person is, as an expression upon City: Vladivostok is a night ahead."""
    moment, days = now(), dict[date, list[str]]()
    for zone in db.session.scalars(select(City.zone).distinct()):
        days.setdefault(moment.astimezone(ZoneInfo(zone)).date(), []).append(zone)
    return case(*[(City.zone.in_(zones), literal(day)) for day, zones in days.items()], else_=literal(moment.date()))


def store_of(viewer: Viewer, store_id: int | None) -> int | None:
    """Return the store whose absences the viewer looks after: his own, or any where he may edit people; else None."""
    wanted = store_id or viewer.store_id
    return wanted if wanted == viewer.store_id or viewer.can(Permission.EDIT_PEOPLE) else None


def of_store(store_id: int, today: date) -> Sequence[Absence]:
    """Read who of a store is away, was lately or will be, by the first day."""
    return db.session.scalars(
        _with_person()
        .where(Person.store_id == store_id, Person.employed(today), Absence.ends_on >= today - SHOWN_AFTER)
        .order_by(Absence.starts_on, Person.name_key, Absence.id)
        .limit(MOST_SHOWN)
    ).all()


def people_of(store_id: int, today: date) -> Sequence[Any]:
    """Read who works in a store, for a form."""
    return db.session.execute(
        select(Person.id, (Person.last_name + " " + Person.first_name).label("name"))
        .where(Person.store_id == store_id, Person.employed(today))
        .order_by(Person.name_key, Person.id)
    ).all()


def in_reach_of(viewer: Viewer, absence_id: int) -> Absence | None:
    """Return an absence that the viewer looks after."""
    statement = _with_person().where(Absence.id == absence_id)
    if not viewer.can(Permission.EDIT_PEOPLE):
        statement = statement.where(Person.store_id == viewer.store_id)
    return db.session.scalar(statement)


def note(viewer: Viewer, person: Person, starts_on: date, ends_on: date, kind: str) -> Absence:
    """Note that somebody is away; the same once more is the same absence."""
    _check(viewer, starts_on, ends_on, kind)
    one_at_a_time(f"absences of {person.id}")
    meets = (Absence.person_id == person.id, Absence.starts_on <= ends_on, Absence.ends_on >= starts_on)
    other = db.session.scalars(select(Absence).where(*meets).order_by(Absence.starts_on).limit(1)).first()
    if other is not None:
        if (other.starts_on, other.ends_on, other.kind) == (starts_on, ends_on, kind):
            return other
        raise Refused(_("An absence is noted for some of these days already: end or delete that one first."), "starts_on")
    made = Absence(person_id=person.id, starts_on=starts_on, ends_on=ends_on, kind=kind, noted_by_id=viewer.id)
    db.session.add(made)
    db.session.flush()
    _tell(viewer, person, "absence.noted", None, made)
    return made


def end(viewer: Viewer, absence: Absence) -> None:
    """Note that somebody is back at work today; an absence that begins today or later is taken away."""
    yesterday = viewer.today - timedelta(days=1)
    if absence.ends_on <= yesterday:
        return
    if absence.starts_on > yesterday:
        remove(viewer, absence)
        return
    before, absence.ends_on = _days(absence), yesterday
    db.session.flush()
    _tell(viewer, absence.person, "absence.ended", before, absence)


def remove(viewer: Viewer, absence: Absence) -> None:
    """Take an absence away, as if it had not been noted."""
    person, before = absence.person, _days(absence)
    db.session.delete(absence)
    db.session.flush()
    _tell(viewer, person, "absence.removed", before, None)


def _check(viewer: Viewer, starts_on: date, ends_on: date, kind: str) -> None:
    if kind not in KINDS:
        raise Refused(_("Choose why."), "kind")
    if ends_on < starts_on:
        raise Refused(_("The last day cannot be before the first."), "ends_on")
    if starts_on < viewer.today - EARLIEST:
        raise Refused(_("That is more than a year ago: check the year."), "starts_on")
    if starts_on > viewer.today + FARTHEST:
        raise Refused(_("That is more than a year ahead: check the year."), "starts_on")
    if ends_on - starts_on > LONGEST:
        raise Refused(_("That is more than three years: check the year."), "ends_on")


def _tell(viewer: Viewer, person: Person, verb: str, before: str | None, after: Absence | None) -> None:
    """Log the days without the reason, which is nobody's business but the store's, and let others count anew."""
    days = [before, _days(after) if after is not None else None]
    log_change(verb, person, actor_id=viewer.id, name=person_label(person), days=days)
    changed.send(person.id)


def _days(absence: Absence) -> str:
    return f"{absence.starts_on:%d.%m.%Y}–{absence.ends_on:%d.%m.%Y}"


def _with_person() -> Select[Any]:
    return select(Absence).join(Person, Person.id == Absence.person_id).options(contains_eager(Absence.person))
