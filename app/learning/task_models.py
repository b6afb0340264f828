"""What learners hand in for tasks, and what was said of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UTCDateTime, now
from app.extensions import Base
from app.learning.models import Course, Lesson
from app.people.models import Person

WAITING = "state = 'waiting'"


class TaskState(StrEnum):
    """What became of an answer."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"


class TaskAnswer(Base):
    """One answer to a task; whoever is sent back hands in another, and this one stays as it was."""

    __tablename__ = "task_answer"
    __table_args__ = (
        UniqueConstraint("lesson_id", "person_id", "number"),
        # The same form sent twice is one answer, even where the first was sent back in between.
        UniqueConstraint("person_id", "nonce"),
        CheckConstraint("state IN ('waiting', 'accepted', 'sent_back')", name="state"),
        CheckConstraint("state = 'waiting' OR decided_at IS NOT NULL", name="decided"),
        # One at a time: two windows hand in once.
        Index(
            "ix_task_answer_open",
            "lesson_id",
            "person_id",
            unique=True,
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        # The queue, the oldest first.
        Index("ix_task_answer_waiting", "handed_in_at", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
        Index("ix_task_answer_person", "person_id", "lesson_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    # The lesson's, so that the queue need not go through versions.
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    nonce: Mapped[str | None] = mapped_column(String(40))
    handed_in_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    state: Mapped[str] = mapped_column(String(10), default=TaskState.WAITING)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # What to mend, or what was good; the words of whoever has checked it.
    remark: Mapped[str] = mapped_column(Text, default="")

    lesson: Mapped[Lesson] = relationship(innerjoin=True)
    course: Mapped[Course] = relationship(innerjoin=True)
    person: Mapped[Person] = relationship(innerjoin=True, foreign_keys=[person_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    photos: Mapped[list[TaskPhoto]] = relationship(order_by="TaskPhoto.place", back_populates="answer")


class TaskPhoto(Base):
    """A photo of an answer: its variants lie in the media store as those of posts do; seen by its owner and who checks."""

    __tablename__ = "task_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("task_answer.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    place: Mapped[int] = mapped_column(default=0)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    widths: Mapped[list[int]] = mapped_column(JSON)

    answer: Mapped[TaskAnswer] = relationship(back_populates="photos", innerjoin=True)
