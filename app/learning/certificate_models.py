"""Which courses give certificates, the certificates given, and the rounds in which people went through a course before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    or_,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UTCDateTime, now
from app.extensions import Base
from app.learning.models import Course
from app.people.models import Person

STANDING = "renewed_at IS NULL AND revoked_at IS NULL"
TO_REMIND = "remind_on IS NOT NULL"
MOST_MONTHS = 120
MOST_DAYS = 180


class CertificateRule(Base):
    """That a course gives certificates, and which; switched off it gives no new ones and keeps its words.

    A change holds for what is given from then on: each certificate keeps what it said.
    """

    __tablename__ = "certificate_rule"
    __table_args__ = (
        CheckConstraint(f"months BETWEEN 1 AND {MOST_MONTHS}", name="months"),
        CheckConstraint(f"opens_days BETWEEN 0 AND {MOST_DAYS}", name="opens_days"),
        # A certificate that could be renewed the day it was given would never rest.
        CheckConstraint("months IS NULL OR opens_days < 28 * months", name="opens_within"),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    is_on: Mapped[bool] = mapped_column(default=True, server_default=true())
    # How long a certificate is valid; None for ever.
    months: Mapped[int | None]
    # So many days before the end the course may be gone through again.
    opens_days: Mapped[int] = mapped_column(default=30, server_default="30")
    # What stands on the sheet between name and course; the portal's own sentence where it is empty.
    words: Mapped[str] = mapped_column(String(300), default="")
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    course: Mapped[Course] = relationship(innerjoin=True)


class Certificate(Base):
    """What somebody was given for completing a course in one round; it says for ever what it said that day."""

    __tablename__ = "certificate"
    __table_args__ = (
        # Completed twice at once is given once.
        UniqueConstraint("person_id", "course_id", "round"),
        CheckConstraint("(valid_until IS NULL) = (renews_on IS NULL)", name="renews"),
        CheckConstraint("renews_on <= valid_until", name="renews_within"),
        # Lists: the newest first, of all and of a course.
        Index("ix_certificate_issued", "issued_at", "id"),
        Index("ix_certificate_course", "course_id", "issued_at", "id"),
        Index("ix_certificate_remind", "remind_on", sqlite_where=text(TO_REMIND), postgresql_where=text(TO_REMIND)),
        # Of one person and course the newest that was not taken back: what is true now.
        Index(
            "ix_certificate_standing",
            "person_id",
            "course_id",
            "valid_until",
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Without the dash that people read it with.
    number: Mapped[str] = mapped_column(String(8), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    round: Mapped[int]
    # As they were when it was given.
    full_name: Mapped[str] = mapped_column(String(250))
    short_name: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(String(300), default="")
    company: Mapped[str] = mapped_column(String(120))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # By the calendar of the learner's store; the last day counts.
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    renews_on: Mapped[date | None]
    # What the learner is told next, and which of it he was told last (certificate_dates).
    remind_on: Mapped[date | None]
    stage: Mapped[int] = mapped_column(default=0, server_default="0")
    # A newer one took its place.
    renewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_why: Mapped[str] = mapped_column(String(300), default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id], innerjoin=True)
    course: Mapped[Course] = relationship(innerjoin=True)
    revoked_by: Mapped[Person | None] = relationship(foreign_keys=[revoked_by_id])

    @property
    def name(self) -> str:
        """Return how the log calls it."""
        return f"{self.full_name}: {self.title}"

    @classmethod
    def standing(cls) -> ColumnElement[bool]:
        """Return the condition that nothing took its place and nobody took it back; it may have run out."""
        return and_(cls.renewed_at.is_(None), cls.revoked_at.is_(None))

    @classmethod
    def valid(cls, today: date) -> ColumnElement[bool]:
        """Return the condition that it holds on a day."""
        return and_(cls.standing(), or_(cls.valid_until.is_(None), cls.valid_until >= today))


class FormerRound(Base):
    """A round that somebody went through before he began the course anew; `lessons` is what he had done in it.

    Attempts at quizzes and answers to tasks stay where they are: those of a round lie between its two moments.
    """

    __tablename__ = "former_round"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # [{"lesson": id, "score": of a hundred or null, "done_at": moment or null}]
    lessons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
