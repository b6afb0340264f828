"""Learning paths: courses in steps, and who has completed a path.

A path is no entry: what is said is said under its courses. It has no versions either: each course has its own, what somebody
has completed is a row of its own, and what he has begun stays open to him (docs/decisions/0065-paths-and-assignments.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, UniqueConstraint, false, or_, select, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.content.audience import Audience, audiences_of
from app.database import UTCDateTime, now
from app.extensions import Base
from app.learning.models import Course
from app.people.models import Person
from app.people.permissions import Permission
from app.people.sessions import Viewer


class Path(Base):
    """An ordered list of courses; nobody but editors knows it while `published_at` is empty."""

    __tablename__ = "path"
    __table_args__ = (UniqueConstraint("author_id", "nonce"), Index("ix_path_audience", "audience_id", "published_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    # Rendered and cleaned when it was written.
    body_html: Mapped[str] = mapped_column(Text, default="")
    # Steps open one after the other; else all are open from the beginning.
    in_order: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Nobody new is led along it; it stays with those to whom it was assigned.
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Random, from the form: the same form sent twice is one path.
    nonce: Mapped[str | None] = mapped_column(String(40))

    author: Mapped[Person] = relationship(innerjoin=True)
    audience: Mapped[Audience] = relationship(innerjoin=True)
    steps: Mapped[list[PathStep]] = relationship(order_by="(PathStep.place, PathStep.id)", back_populates="path")

    @classmethod
    def seen_by(cls, viewer: Viewer) -> Any:
        """Return the condition that a path is published and the viewer belongs to its audience."""
        return cls.published_at.is_not(None) & cls.deleted_at.is_(None) & cls.audience_id.in_(audiences_of(viewer))

    @classmethod
    def opened_by(cls, viewer: Viewer, assigned: Any) -> Select[Any]:
        """Select what the viewer may open by its address; `assigned` selects the ids of paths that he is to go."""
        mine = or_(cls.audience_id.in_(audiences_of(viewer)), cls.id.in_(assigned), _teaches(viewer))
        return select(cls).where(cls.published_at.is_not(None), cls.deleted_at.is_(None), mine)


class PathStep(Base):
    """One step: a course, or several of which some are needed. None needed: the step is optional."""

    __tablename__ = "path_step"
    __table_args__ = (
        CheckConstraint("needed BETWEEN 0 AND 50", name="needed"),
        Index("ix_path_step_path", "path_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    path_id: Mapped[int] = mapped_column(ForeignKey("path.id"))
    place: Mapped[int] = mapped_column(default=0)
    needed: Mapped[int] = mapped_column(default=1, server_default="1")

    path: Mapped[Path] = relationship(back_populates="steps", innerjoin=True)
    courses: Mapped[list[PathCourse]] = relationship(
        order_by="(PathCourse.place, PathCourse.course_id)", back_populates="step"
    )


class PathCourse(Base):
    """A course in a step; a path has each course once."""

    __tablename__ = "path_course"
    __table_args__ = (Index("ix_path_course_course", "course_id", "path_id"), Index("ix_path_course_step", "step_id"))

    path_id: Mapped[int] = mapped_column(ForeignKey("path.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("path_step.id"))
    place: Mapped[int] = mapped_column(default=0)

    step: Mapped[PathStep] = relationship(back_populates="courses", innerjoin=True)
    course: Mapped[Course] = relationship(innerjoin=True)


class PathCompletion(Base):
    """That somebody has completed a path: it stays so, whatever becomes of the path."""

    __tablename__ = "path_completion"

    path_id: Mapped[int] = mapped_column(ForeignKey("path.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    completed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


def _teaches(viewer: Viewer) -> Any:
    return true() if viewer.can(Permission.TEACH) else false()
