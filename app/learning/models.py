"""Courses, their versions and lessons, questions, and how far everybody has come.

What learners see belongs to a version: whoever has begun one keeps it while editors write the next. A version's lessons and
questions are rows of their own; `origin_id` says which of them are one lesson (one question) through all versions, so that
what was passed once stays passed, and statistics go on.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Select, String, Text, UniqueConstraint, false, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.content.models import Entry
from app.database import UTCDateTime, now
from app.extensions import Base

OPEN_ATTEMPT = "submitted_at IS NULL"
DRAFT = "number IS NULL"


class LessonKind(StrEnum):
    """What a lesson consists of besides its text."""

    TEXT = "text"
    DOCUMENT = "document"
    VIDEO = "video"
    QUIZ = "quiz"
    TASK = "task"
    SCORM = "scorm"


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    ORDER = "order"
    MATCH = "match"
    SHORT = "short"


class Course(Entry):
    """A course; nobody but editors knows it while the entry's `published_at` is empty.

    Title, description, cover (the first photo), audience and comments are the entry's. `edition`, `lesson_count` and
    `minutes` are those of the newest published version, for lists.
    """

    __tablename__ = "course"
    __mapper_args__ = {"polymorphic_identity": "course"}

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    # Lessons open one after the other.
    in_order: Mapped[bool] = mapped_column(default=False, server_default=false())
    edition: Mapped[int] = mapped_column(default=0, server_default="0")
    lesson_count: Mapped[int] = mapped_column(default=0, server_default="0")
    minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    # Nobody begins it any more; whoever has begun may end it.
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    versions: Mapped[list[CourseVersion]] = relationship(back_populates="course", order_by="CourseVersion.id")


class CourseVersion(Base):
    """What a course consists of in one of its editions; without a number it is the draft that editors work on."""

    __tablename__ = "course_version"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        # Two editors who begin a draft at once get the same one.
        Index("ix_course_version_draft", "course_id", unique=True, sqlite_where=text(DRAFT), postgresql_where=text(DRAFT)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int | None]
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    course: Mapped[Course] = relationship(back_populates="versions", innerjoin=True)
    lessons: Mapped[list[Lesson]] = relationship(back_populates="version", order_by="(Lesson.place, Lesson.id)")


class Lesson(Base):
    """One step of a version."""

    __tablename__ = "lesson"
    __table_args__ = (
        CheckConstraint("kind IN ('text', 'document', 'video', 'quiz', 'scorm', 'task')", name="kind"),
        CheckConstraint("minutes BETWEEN 0 AND 600", name="minutes"),
        CheckConstraint("wanted IN ('text', 'photos', 'both')", name="wanted"),
        Index("ix_lesson_version", "version_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    # The first lesson of this line through the versions; its own id where it is the first.
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"), index=True)
    place: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    # Rendered and cleaned when it was written; where a picture stands in the text, a mark says which.
    body_html: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int] = mapped_column(default=5)
    # The course is done without it.
    optional: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Of a quiz: how many of a hundred must be right, how often one may try (0: as often as one likes), how long one waits
    # before the next try, how many minutes one has (0: no limit), how many questions are drawn (0: all), and whether answers
    # are shuffled.
    pass_mark: Mapped[int] = mapped_column(default=80, server_default="80")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    pause_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    time_limit: Mapped[int] = mapped_column(default=0, server_default="0")
    drawn: Mapped[int] = mapped_column(default=0, server_default="0")
    shuffled: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Of a task: what is looked at when it is checked, a line each, and what an answer consists of.
    criteria: Mapped[str] = mapped_column(Text, default="", server_default="")
    wanted: Mapped[str] = mapped_column(String(10), default="text", server_default="text")

    version: Mapped[CourseVersion] = relationship(back_populates="lessons", innerjoin=True)
    files: Mapped[list[LessonFile]] = relationship(order_by="LessonFile.id", back_populates="lesson")
    questions: Mapped[list[Question]] = relationship(order_by="(Question.place, Question.id)", back_populates="lesson")

    @classmethod
    def of(cls, version_id: int) -> Select[Lesson]:
        """Select the lessons of a version in order."""
        return select(cls).where(cls.version_id == version_id).order_by(cls.place, cls.id)

    @property
    def line_id(self) -> int:
        """Return the id under which this lesson is known through all versions."""
        return self.origin_id or self.id


class LessonFile(Base):
    """A document, a video, its poster, its captions or a picture; of nobody's but its owner while its form is not sent.

    Versions share what lies behind a key: it goes when the last row that names it does.
    """

    __tablename__ = "lesson_file"
    __table_args__ = (
        CheckConstraint("role IN ('document', 'video', 'poster', 'captions', 'picture', 'package')", name="role"),
        Index("ix_lesson_file_key", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    content_type: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(80))
    # Of pictures, so that a page does not jump while they come.
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    lesson: Mapped[Lesson | None] = relationship(back_populates="files")


class Question(Base):
    """A question of a quiz.

    `options` by kind: single and multiple [{"text", "right"}]; order [{"text"}] in the right order; match
    [{"text", "pair"}]; short [{"text"}], each an accepted answer. Answers name options by their place here, whatever order
    they were shown in.
    """

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("kind IN ('single', 'multiple', 'order', 'match', 'short')", name="kind"),
        Index("ix_question_lesson", "lesson_id", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    place: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(1000))
    # Shown after the quiz, and when the question comes back weeks later.
    explanation: Mapped[str] = mapped_column(String(1000), default="")
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # A short answer may have a slip of the pen.
    forgiving: Mapped[bool] = mapped_column(default=False, server_default=false())
    # A picture among the files of its lesson.
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("lesson_file.id"), index=True)

    picture: Mapped[LessonFile | None] = relationship()
    lesson: Mapped[Lesson] = relationship(back_populates="questions", innerjoin=True)

    @property
    def line_id(self) -> int:
        """Return the id under which this question is known through all versions."""
        return self.origin_id or self.id


class Enrolment(Base):
    """That somebody has begun a course, in which version, and how far he has come."""

    __tablename__ = "enrolment"
    __table_args__ = (Index("ix_enrolment_person", "person_id", "seen_at"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    # A course with certificates is gone through again and again: `begun_at`, the counts and `completed_at` are this round's.
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # When he last opened something of it, and which lesson: where "go on" leads.
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lesson.id"))
    # In step with `lesson_progress`, for lists: lessons, those done, and minutes left, of lessons that are not optional.
    needed: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    minutes_left: Mapped[int] = mapped_column(default=0)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # In whichever round: what paths and assignments ask, for nothing that was opened closes when a course is begun anew.
    first_completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    course: Mapped[Course] = relationship(innerjoin=True)
    version: Mapped[CourseVersion] = relationship(innerjoin=True)


class LessonProgress(Base):
    """How far somebody has come in a lesson."""

    __tablename__ = "lesson_progress"
    __table_args__ = (Index("ix_lesson_progress_lesson", "lesson_id", "done_at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # Seconds of the video, so that another device goes on where this one stopped.
    position: Mapped[int] = mapped_column(default=0)
    # The best result of a quiz, of a hundred.
    score: Mapped[int | None]
    # Since when the answer to a task waits to be checked; None before and after.
    handed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class QuizAttempt(Base):
    """One try at a quiz: which questions were drawn, in which order, and what became of it.

    `drawn` is [[question id, [places of its options as shown]]]; it never changes, so that a lost line shows the same again.
    """

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        UniqueConstraint("lesson_id", "person_id", "number"),
        # One at a time: begun twice at once is begun once.
        Index(
            "ix_quiz_attempt_open",
            "lesson_id",
            "person_id",
            unique=True,
            sqlite_where=text(OPEN_ATTEMPT),
            postgresql_where=text(OPEN_ATTEMPT),
        ),
        Index("ix_quiz_attempt_person", "person_id", "lesson_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # By the server's clock; None for no limit.
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    drawn: Mapped[list[Any]] = mapped_column(JSON)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # How many of a hundred were right; None until it is submitted.
    score: Mapped[int | None]
    passed: Mapped[bool] = mapped_column(default=False, server_default=false())

    lesson: Mapped[Lesson] = relationship(innerjoin=True)


class QuizAnswer(Base):
    """What somebody answered to one question of an attempt, kept the moment it was given."""

    __tablename__ = "quiz_answer"
    __table_args__ = (Index("ix_quiz_answer_question", "question_id"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempt.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    # Places of options (single, multiple, order), {place: place of its pair} as pairs (match), or the words (short).
    given: Mapped[Any] = mapped_column(JSON)
    right: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
