"""Packages of the SCORM standards, what lies in them, and how far everybody has come in each of their parts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UTCDateTime, now
from app.extensions import Base, db
from app.learning.models import Lesson, LessonFile


class ScormPackage(Base):
    """What was found in an uploaded archive; all versions that name its key share it."""

    __tablename__ = "scorm_package"
    __table_args__ = (CheckConstraint("standard IN ('1.2', '2004')", name="standard"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # The archive in the media store, as it came.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    standard: Mapped[str] = mapped_column(String(4))
    edition: Mapped[str] = mapped_column(String(4), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    # What can be launched, in order: the fields of `scorm_manifest.Item`.
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # It has rules of sequence that the player leaves aside.
    has_rules: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    @classmethod
    def of(cls, lesson: Lesson) -> ScormPackage | None:
        """Return the package of a lesson."""
        named = select(LessonFile.key).where(LessonFile.lesson_id == lesson.id, LessonFile.role == "package")
        return db.session.scalar(select(cls).where(cls.key.in_(named)))


class ScormFile(Base):
    """Where a file lies in its archive, so that it is read without looking through the whole."""

    __tablename__ = "scorm_file"

    package_id: Mapped[int] = mapped_column(ForeignKey("scorm_package.id", ondelete="CASCADE"), primary_key=True)
    # Its path with capitals folded: packages are made on systems that do not tell them apart.
    path: Mapped[str] = mapped_column(String(720), primary_key=True)
    offset: Mapped[int]
    is_deflated: Mapped[bool]
    packed: Mapped[int]
    size: Mapped[int]
    crc: Mapped[str] = mapped_column(String(8))


class ScormState(Base):
    """What somebody's run through one part of a package has come to, as the part itself reports."""

    __tablename__ = "scorm_state"
    __table_args__ = (
        UniqueConstraint("lesson_id", "person_id", "place"),
        Index("ix_scorm_state_person", "person_id", "lesson_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Which of the package's items, counted from 0.
    place: Mapped[int]
    # Each launch is a turn; only the latest is listened to, and of it only what is newer than the last word.
    turn: Mapped[int] = mapped_column(default=0)
    word: Mapped[int] = mapped_column(default=0)
    # Everything that the part has said, {"cmi.…": "…"}, as JSON in plain ASCII: what no database could hold stays escaped.
    said: Mapped[str] = mapped_column(Text, default="{}")
    # "", "incomplete", "completed" and "", "passed", "failed": both standards in the words of the newer.
    completion: Mapped[str] = mapped_column(String(12), default="")
    success: Mapped[str] = mapped_column(String(8), default="")
    # Of a hundred.
    score: Mapped[int | None]
    # How far, of a hundred, where the part tells.
    progress: Mapped[int | None]
    # In former turns, and in this one.
    seconds_before: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    launched_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ScormInteraction(Base):
    """One answer that somebody gave inside a package, as the package reports it: words of a stranger, shown escaped."""

    __tablename__ = "scorm_interaction"

    state_id: Mapped[int] = mapped_column(ForeignKey("scorm_state.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(250), default="")
    kind: Mapped[str] = mapped_column(String(20), default="")
    question: Mapped[str] = mapped_column(String(500), default="")
    given: Mapped[str] = mapped_column(String(1000), default="")
    right: Mapped[str] = mapped_column(String(1000), default="")
    result: Mapped[str] = mapped_column(String(20), default="")
    seconds: Mapped[int | None]
