"""When people are away: on vacation, ill, on leave. Whoever is away is not counted among those whom news did not reach."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UTCDateTime, now
from app.extensions import Base
from app.people.models import Person


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
