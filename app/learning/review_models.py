"""Repeating what was learned: where somebody stands with a question, what he answered, and how his day is going."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UTCDateTime, now
from app.extensions import Base
from app.learning.models import Question

# Days until a question comes back: the first after it was passed or forgotten, each following one after a right answer.
INTERVALS = (1, 3, 7, 21, 60)
A_DAY = 3


class ReviewCard(Base):
    """Where somebody stands with a question that he has passed; the question is named by its line through the versions."""

    __tablename__ = "review_card"
    __table_args__ = (
        CheckConstraint("step BETWEEN 0 AND 4", name="step"),
        # What is due: the oldest first, of one day what sits worst.
        Index("ix_review_card_due", "person_id", "due_on", "step", "line_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True, index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    # Which of the intervals it waits for: how often it was known in a row.
    step: Mapped[int] = mapped_column(default=0)
    # By the calendar of the person's store.
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ReviewAnswer(Base):
    """One answer of a shift; never changed. A question is asked at most once a day, and three of them."""

    __tablename__ = "review_answer"
    __table_args__ = (
        UniqueConstraint("person_id", "line_id", "day"),
        UniqueConstraint("person_id", "day", "number"),
        CheckConstraint("number BETWEEN 1 AND 3", name="number"),
        Index("ix_review_answer_course", "course_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    # The wording that was answered.
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    day: Mapped[date]
    # Which of the day's three it was.
    number: Mapped[int]
    # As in `QuizAnswer`.
    given: Mapped[Any] = mapped_column(JSON)
    right: Mapped[bool] = mapped_column(default=False, server_default=false())
    # When it comes back, as it was told.
    due_on: Mapped[date]
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    question: Mapped[Question] = relationship(foreign_keys=[question_id], innerjoin=True)


class ReviewDay(Base):
    """How somebody's last day of questions went; its row is what two devices of his wait for each other at."""

    __tablename__ = "review_day"
    __table_args__ = (CheckConstraint("answered BETWEEN 0 AND 3", name="answered"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    day: Mapped[date]
    answered: Mapped[int] = mapped_column(default=0)
    # "Later" was pressed: nothing is offered until tomorrow.
    is_put_off: Mapped[bool] = mapped_column(default=False, server_default=false())
