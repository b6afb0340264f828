"""Cities, stores and the people who work in them; the personnel number is the key of a person."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from blinker import Signal
from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    Time,
    UniqueConstraint,
    case,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from app.database import UTCDateTime, now
from app.extensions import Base, db
from app.people.permissions import GRANTED_ROLES, Permission, Position, Role, permissions_of

# Sent with each line of the log that is written by itself, in its transaction: whoever follows people hears it. A staff list
# writes its lines in bulk and is heard of as a whole, by "import.applied".
logged = Signal("logged")


class City(Base):
    """A city with stores; `key` is the name as comparison sees it, `zone` its IANA time zone."""

    __tablename__ = "city"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    zone: Mapped[str] = mapped_column(String(64))


class Store(Base):
    """A store of the chain, or its head office (`is_office`); two cities may have stores of one name."""

    __tablename__ = "store"
    __table_args__ = (UniqueConstraint("city_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("city.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(120))
    is_office: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Working hours by the clock of its zone; news goes out within them.
    opens_at: Mapped[time] = mapped_column(Time, default=time(10), server_default="10:00:00")
    closes_at: Mapped[time] = mapped_column(Time, default=time(20), server_default="20:00:00")

    city: Mapped[City] = relationship(lazy="joined", innerjoin=True)

    @property
    def zone(self) -> ZoneInfo:
        """Return the store's time zone: that of its city."""
        return ZoneInfo(self.city.zone)

    @property
    def hours(self) -> str:
        """Return the working hours as people write them: 10:00–20:00."""
        return f"{self.opens_at:%H:%M}–{self.closes_at:%H:%M}"

    @classmethod
    def listed(cls) -> Select[Any]:
        """Select the open stores by city and name."""
        return (
            select(cls)
            .join(City)
            .options(contains_eager(cls.city))
            .where(cls.closed_at.is_(None))
            .order_by(City.name, cls.name)
        )


class Person(Base):
    """Somebody of the staff list, employed or dismissed; never deleted, for authorship stays."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("position IN ('director', 'senior', 'seller', 'intern', 'other')", name="position"),
        Index("ix_person_store_employed", "store_id", "dismissed_on"),
        Index("ix_person_name", "last_name", "first_name", "id"),
        # Who leads which store, without a walk through all who work there.
        Index(
            "ix_person_director",
            "store_id",
            sqlite_where=text("position = 'director'"),
            postgresql_where=text("position = 'director'"),
        ),
        # The directory walks people in the order of their names as comparison sees them.
        Index("ix_person_name_key", "name_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # As the list writes it (01146), and as comparison sees it (1146).
    personnel_number: Mapped[str] = mapped_column(String(40))
    number_key: Mapped[str] = mapped_column(String(40), unique=True)
    last_name: Mapped[str] = mapped_column(String(80))
    first_name: Mapped[str] = mapped_column(String(80))
    middle_name: Mapped[str] = mapped_column(String(80), default="")
    # "фамилия имя отчество" folded (ё → е, lower case), what search and mentions compare.
    name_key: Mapped[str] = mapped_column(String(250))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    position: Mapped[str] = mapped_column(String(20), default=Position.SELLER)
    position_title: Mapped[str] = mapped_column(String(120), default="")
    hired_on: Mapped[date | None]
    dismissed_on: Mapped[date | None]
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    # A short name to sign in with, where there is one (demo, administrators).
    login: Mapped[str | None] = mapped_column(String(40), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    pin_hash: Mapped[str | None] = mapped_column(String(255))
    # Hash of the secret in the badge's QR code; a new badge makes the old one void.
    badge_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    # What the badge's secret is made from, together with the portal's key, so that its owner can print it again.
    badge_nonce: Mapped[str | None] = mapped_column(String(32))
    locale: Mapped[str | None] = mapped_column(String(5))
    photo_key: Mapped[str | None] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(Text, default="")
    # Whether colleagues see the phone and the e-mail: each person's own choice; HR and administrators always do.
    shows_phone: Mapped[bool] = mapped_column(default=False)
    shows_email: Mapped[bool] = mapped_column(default=False)
    # When the stream was last opened, and the visit before that: what came between is marked new.
    stream_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stream_before_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    store: Mapped[Store] = relationship(innerjoin=True)
    role_grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="person", foreign_keys="RoleGrant.person_id", cascade="all, delete-orphan"
    )
    strengths: Mapped[list[Strength]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="Strength.id"
    )

    @property
    def name(self) -> str:
        """Return the name as colleagues say it: Ольга Иванова."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def full_name(self) -> str:
        """Return the name as documents write it: Иванова Ольга Петровна."""
        return " ".join(part for part in (self.last_name, self.first_name, self.middle_name) if part)

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles granted and those that follow from the position."""
        return roles_of(self.position, (grant.role for grant in self.role_grants))

    def can(self, permission: Permission) -> bool:
        """Tell whether one of the roles allows it; how far it reaches is the rule's own business."""
        return permission in permissions_of(self.roles)

    def is_employed(self, on: date | None = None) -> bool:
        """Tell whether the person works here on a day, today by default in the store's zone."""
        if self.dismissed_on is None:
            return True
        return self.dismissed_on > (on or now().astimezone(self.store.zone).date())

    @classmethod
    def employed(cls, on: date | None = None) -> ColumnElement[bool]:
        """Return the condition that a person works here; the day of dismissal already counts as gone."""
        return or_(cls.dismissed_on.is_(None), cls.dismissed_on > (on or now().date()))

    @classmethod
    def of_store(cls, store_id: int) -> Select[Any]:
        """Select the people who work in a store, directors and seniors first."""
        order = {position: index for index, position in enumerate(Position)}
        rank = case(order, value=cls.position, else_=9)
        return (
            select(cls).where(cls.store_id == store_id, cls.employed()).order_by(rank, cls.last_name, cls.first_name, cls.id)
        )


class RoleGrant(Base):
    """A role that an administrator gave to a person."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint("role IN ('editor', 'hr', 'management', 'administrator')", name="role"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(back_populates="role_grants", foreign_keys=[person_id])


class Strength(Base):
    """Something a person is good at and lets colleagues ask about, in his own words."""

    __tablename__ = "strength"
    __table_args__ = (UniqueConstraint("person_id", "key"), Index("ix_strength_key", "key", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(60))

    person: Mapped[Person] = relationship(back_populates="strengths")


class Change(Base):
    """One line of the log: who changed which person, role, terminal or setting, and how; append-only."""

    __tablename__ = "change"
    __table_args__ = (
        # The log is read newest first by (at, id): all of it, of one thing, of one actor or of one verb.
        Index("ix_change_at", "at", "id"),
        Index("ix_change_subject", "subject_kind", "subject_id", "at", "id"),
        Index("ix_change_actor", "actor_id", "at", "id"),
        Index("ix_change_verb", "verb", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # Nobody: the command line or the portal itself.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verb: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    # What the subject was called then: "Иванова Ольга Петровна, 01146".
    subject_name: Mapped[str] = mapped_column(String(200), default="")
    # {"field": [before, after]}
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])


def log_change(verb: str, subject: Any, *, actor_id: int | None, name: str = "", kind: str = "", **details: Any) -> Change:
    """Add a line to the log in the present transaction; `details` are the fields with [before, after]."""
    change = Change(
        verb=verb,
        actor_id=actor_id,
        subject_kind=kind or subject.__tablename__,
        subject_id=getattr(subject, "id", None),
        subject_name=(name or getattr(subject, "full_name", "") or getattr(subject, "name", ""))[:200],
        details=details,
    )
    db.session.add(change)
    logged.send(change)
    return change


def speak(person_id: int, locale: str) -> None:
    """Let a person read the portal in another language from now on, on all devices."""
    db.session.execute(update(Person).where(Person.id == person_id).values(locale=locale))


def roles_of(position: str, granted: Any) -> frozenset[Role]:
    """Return all roles of somebody with this position and these grants."""
    roles = {Role.EMPLOYEE, *(Role(role) for role in granted if role in GRANTED_ROLES)}
    if position == Position.DIRECTOR:
        roles.add(Role.DIRECTOR)
    return frozenset(roles)
