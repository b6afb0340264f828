"""Assignments: who is to learn what until when, how far everybody has come, and the log of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Select, String, UniqueConstraint, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.content.audience import Audience
from app.content.models import Entry
from app.database import UTCDateTime, now
from app.extensions import Base
from app.learning.models import Course
from app.learning.path_models import Path, PathCourse
from app.people.models import Person
from app.people.sessions import Viewer

OPEN = "state IN ('assigned', 'begun')"
TO_REMIND = "remind_at IS NOT NULL"
TO_MARK = "overdue_at IS NULL AND state IN ('assigned', 'begun')"


class State(StrEnum):
    """How far somebody has come; overdue is whoever is in one of the first two after the day."""

    ASSIGNED = "assigned"
    BEGUN = "begun"
    DONE = "done"
    WITHDRAWN = "withdrawn"


STILL_OPEN = (State.ASSIGNED, State.BEGUN)


class Assignment(Base):
    """A course or a path that people are to complete until a day.

    `audience` holds whom it is for, now and later; without one it is for those named in `assignment_name`. One that a
    director made for his store (`store_id`) reaches nobody outside of it.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("(course_id IS NULL) <> (path_id IS NULL)", name="subject"),
        CheckConstraint("(due_on IS NULL) <> (due_days IS NULL)", name="due"),
        CheckConstraint("due_days BETWEEN 1 AND 366", name="due_days"),
        CheckConstraint("due_from IN ('assigned', 'hired')", name="due_from"),
        UniqueConstraint("author_id", "nonce"),
        Index("ix_assignment_course", "course_id"),
        Index("ix_assignment_path", "path_id"),
        Index("ix_assignment_store", "store_id", "id"),
        Index("ix_assignment_cancelled", "cancelled_at", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    path_id: Mapped[int | None] = mapped_column(ForeignKey("path.id"))
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("audience.id"), index=True)
    store_id: Mapped[int | None] = mapped_column(ForeignKey("store.id"))
    # The last day, or so many days from when it reached somebody or from his first day.
    due_on: Mapped[date | None]
    due_days: Mapped[int | None]
    due_from: Mapped[str] = mapped_column(String(10), default="assigned", server_default="assigned")
    # Why, in the words of whoever assigned it.
    note: Mapped[str] = mapped_column(String(500), default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # When everybody who belonged to it at first had it; whoever gets it later has joined.
    filled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancel_reason: Mapped[str] = mapped_column(String(300), default="")
    nonce: Mapped[str | None] = mapped_column(String(40))

    course: Mapped[Course | None] = relationship()
    path: Mapped[Path | None] = relationship()
    audience: Mapped[Audience | None] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id], innerjoin=True)
    canceller: Mapped[Person | None] = relationship(foreign_keys=[cancelled_by_id])

    @property
    def title(self) -> str:
        """Return what is to be learned."""
        subject = self.course or self.path
        return subject.title if subject is not None else ""

    @property
    def address(self) -> str:
        """Return the page of what is to be learned."""
        return f"/courses/{self.course_id}" if self.course_id is not None else f"/paths/{self.path_id}"

    @property
    def spec(self) -> str:
        """Return the keys of its audience as one string; empty where people were named."""
        return self.audience.spec if self.audience is not None else ""


class AssignmentName(Base):
    """Somebody whom a director named."""

    __tablename__ = "assignment_name"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Assignee(Base):
    """One person in one assignment; written by a job, in step with whom the assignment is for."""

    __tablename__ = "assignee"
    __table_args__ = (
        CheckConstraint("state IN ('assigned', 'begun', 'done', 'withdrawn')", name="state"),
        UniqueConstraint("assignment_id", "person_id"),
        # One's own, what is due first; a store's; the counts of an assignment.
        Index("ix_assignee_person", "person_id", "state", "due_at"),
        Index("ix_assignee_store", "assignment_id", "store_id", "state", "overdue_at"),
        Index("ix_assignee_team", "store_id", "state", "due_at"),
        Index("ix_assignee_remind", "remind_at", sqlite_where=text(TO_REMIND), postgresql_where=text(TO_REMIND)),
        Index("ix_assignee_mark", "due_at", sqlite_where=text(TO_MARK), postgresql_where=text(TO_MARK)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Where he works, as far as the portal's job has followed.
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    state: Mapped[str] = mapped_column(String(10), default=State.ASSIGNED)
    assigned_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # The last day by the clock of his store, and the moment at which that day ends there.
    due_on: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Why it was withdrawn: a word of `assign_words.CAUSES`.
    cause: Mapped[str] = mapped_column(String(20), default="")
    # When the portal noted that the day had passed.
    overdue_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The next reminder: when, and which (assign_dates).
    remind_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stage: Mapped[int] = mapped_column(default=0, server_default="0")
    # The last time that somebody reminded him by hand.
    nudged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    assignment: Mapped[Assignment] = relationship(innerjoin=True)
    person: Mapped[Person] = relationship(innerjoin=True)

    @classmethod
    def is_open(cls) -> ColumnElement[bool]:
        """Return the condition that it is still to be done."""
        return cls.state.in_(STILL_OPEN)


class AssignmentEvent(Base):
    """One change of state: who, what, when and why; append-only."""

    __tablename__ = "assignment_event"
    __table_args__ = (Index("ix_assignment_event_assignment", "assignment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    # Empty where it is about the assignment as a whole.
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("assignee.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # A word of `assign_words.EVENTS`, and of `assign_words.CAUSES`.
    what: Mapped[str] = mapped_column(String(20))
    cause: Mapped[str] = mapped_column(String(20), default="")
    # Whoever did it by hand; nobody where the portal did.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class AssignmentCount(Base):
    """How far a store has come with an assignment, counted as its rows change, so that lists need not count."""

    __tablename__ = "assignment_count"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), primary_key=True, index=True)
    # Without those from whom it was withdrawn; of them, those who have begun and not done, have done, are late.
    people: Mapped[int] = mapped_column(default=0, server_default="0")
    begun: Mapped[int] = mapped_column(default=0, server_default="0")
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    overdue: Mapped[int] = mapped_column(default=0, server_default="0")


def paths_assigned_to(viewer: Viewer) -> Select[Any]:
    """Select the ids of paths that somebody was assigned and that were not withdrawn."""
    return _assigned_to(viewer, Assignment.path_id)


def opens_course(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a course is open to somebody because it was assigned, or belongs to a path of his."""
    of_path = select(PathCourse.course_id).join(Path, Path.id == PathCourse.path_id)
    mine = or_(Path.seen_by(viewer), Path.id.in_(paths_assigned_to(viewer)))
    ids = _assigned_to(viewer, Assignment.course_id).union_all(of_path.where(mine))
    return Entry.id.in_(ids)


def _assigned_to(viewer: Viewer, column: Any) -> Select[Any]:
    standing = (Assignee.person_id == viewer.id, Assignee.state != State.WITHDRAWN, Assignment.cancelled_at.is_(None))
    return select(column).join(Assignee, Assignee.assignment_id == Assignment.id).where(*standing, column.is_not(None))
