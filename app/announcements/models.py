"""Announcements, their versions and files, and what each person of the audience has done with them.

The audience is frozen into receipts at the moment of publishing. Counts by store stand in `announcement_reach`, in step
with the receipts (app/announcements/receipts.py): lists and pictures of reach read those and never the receipts.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, false, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.content.models import Entry
from app.database import UTCDateTime, now
from app.extensions import Base
from app.people.models import Person, Store


class Importance(StrEnum):
    """What an announcement asks of its readers: nothing, that they confirm it, that they do so at once."""

    ORDINARY = "ordinary"
    MANDATORY = "mandatory"
    URGENT = "urgent"


class Announcement(Entry):
    """Something head office says to an audience; a draft while the entry's `published_at` is empty.

    `edition` counts the versions that readers have seen. (The entry's own `version` counts changes of its card.)
    """

    __tablename__ = "announcement"
    __table_args__ = (  # type: ignore[assignment]
        CheckConstraint("importance IN ('ordinary', 'mandatory', 'urgent')", name="importance"),
        # What is to appear at a time, for the schedule that looks every minute.
        Index(
            "ix_announcement_publish",
            "publish_at",
            sqlite_where=text("publish_at IS NOT NULL"),
            postgresql_where=text("publish_at IS NOT NULL"),
        ),
    )
    __mapper_args__ = {"polymorphic_identity": "announcement"}

    id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    importance: Mapped[str] = mapped_column(String(10), default=Importance.ORDINARY)
    # When it is to appear by itself: a wish, gone once it is fulfilled. The entry's `published_at` is when it appeared.
    publish_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edition: Mapped[int] = mapped_column(default=1)
    # Confirmations of earlier editions do not count.
    asks_from: Mapped[int] = mapped_column(default=1)
    # The check question, empty for none; answers as [{"text": …, "right": true}].
    question: Mapped[str] = mapped_column(String(300), default="")
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # The words of the text that answer the question: a wrong answer leads back there.
    passage: Mapped[str] = mapped_column(String(300), default="")
    # How many words the text has: how long reading takes follows from it.
    words: Mapped[int] = mapped_column(default=0)

    files: Mapped[list[AnnouncementFile]] = relationship(
        order_by="AnnouncementFile.id", back_populates="announcement", foreign_keys="AnnouncementFile.announcement_id"
    )
    versions: Mapped[list[AnnouncementVersion]] = relationship(order_by="AnnouncementVersion.number")

    @property
    def asks(self) -> bool:
        """Tell whether readers are asked to confirm."""
        return self.importance != Importance.ORDINARY

    @property
    def is_urgent(self) -> bool:
        """Tell whether readers are asked to confirm at once."""
        return self.importance == Importance.URGENT

    @property
    def is_over(self) -> bool:
        """Tell whether nobody is asked anything any more: in the archive, or no longer valid."""
        return self.archived_at is not None or (self.valid_until is not None and self.valid_until <= now())


class AnnouncementVersion(Base):
    """What an announcement said in one of its editions."""

    __tablename__ = "announcement_version"

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(String(300), default="")
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # Whether it asked everybody to confirm anew.
    asked: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship(innerjoin=True)


class AnnouncementFile(Base):
    """A document that comes with an announcement; of nobody's but its owner while the form that brought it is not sent."""

    __tablename__ = "announcement_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int | None] = mapped_column(ForeignKey("announcement.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    content_type: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    announcement: Mapped[Announcement | None] = relationship(back_populates="files", foreign_keys=[announcement_id])


class Receipt(Base):
    """One person of a frozen audience: what he has heard, read, confirmed and understood of one announcement.

    Changed only by app/announcements/receipts.py, which keeps the counts by store in step.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        Index("ix_receipt_person", "person_id", "announcement_id"),
        Index("ix_receipt_store", "announcement_id", "store_id", "read_at"),
        # What still waits for somebody: asked on every page of the stream, so it must not walk all that he ever got.
        # In the words of each database's statements, or it is not found by them.
        Index("ix_receipt_waiting", "person_id", sqlite_where=text("waits = 1"), postgresql_where=text("waits")),
        # Whom somebody has yet to tell of what he missed.
        Index("ix_receipt_unheard", "person_id", sqlite_where=text("unheard = 1"), postgresql_where=text("unheard")),
    )

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    # Where he worked, and whether he led that store, when the audience was frozen.
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    leads: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Joined the audience after it was frozen; shown what he missed, counted in no rate.
    late: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Joined late and was not told of it yet.
    unheard: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Away during all of the first 72 hours.
    absent: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Something is still asked of him: to confirm, or to answer the question of what he has to confirm.
    waits: Mapped[bool] = mapped_column(default=False, server_default=false())
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # How long the page was in sight until it was read.
    seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    # Emptied when a new version asks again; `confirmed_version` goes on saying which one was confirmed last.
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_version: Mapped[int | None]
    understood_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    wrong_answers: Mapped[int] = mapped_column(default=0, server_default="0")
    # When the portal last reminded him.
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    announcement: Mapped[Announcement] = relationship(innerjoin=True)
    person: Mapped[Person] = relationship(innerjoin=True)


class AnnouncementReach(Base):
    """How far an announcement has come in one store.

    All but `late` count those who were in the audience when it was frozen. `opened`, `read`, `confirmed` and `understood`
    mean "so far or farther"; `told_only` are those who were told and have not opened it; `read72` read it within 72 hours
    and were not absent. The `directors` columns are the part of `audience − absent`, `read` and `read72` that leads the
    store.
    """

    __tablename__ = "announcement_reach"

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), primary_key=True, index=True)
    # Whether its numbers are shown by themselves: decided once, when the audience is frozen (measures.py, `grouped`).
    alone: Mapped[bool] = mapped_column(default=False, server_default=false())
    audience: Mapped[int] = mapped_column(default=0)
    late: Mapped[int] = mapped_column(default=0)
    absent: Mapped[int] = mapped_column(default=0)
    told_only: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    read: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int] = mapped_column(default=0)
    understood: Mapped[int] = mapped_column(default=0)
    read72: Mapped[int] = mapped_column(default=0)
    directors: Mapped[int] = mapped_column(default=0)
    directors_read: Mapped[int] = mapped_column(default=0)
    directors_read72: Mapped[int] = mapped_column(default=0)

    store: Mapped[Store] = relationship(innerjoin=True)


class Briefing(Base):
    """«Рассказал(а) на планёрке»: a director told the team of a store about an announcement."""

    __tablename__ = "briefing"

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    people: Mapped[list[BriefingPerson]] = relationship(cascade="all, delete-orphan")


class BriefingPerson(Base):
    """Somebody who was there."""

    __tablename__ = "briefing_person"
    __table_args__ = (
        ForeignKeyConstraint(
            ["announcement_id", "store_id"], ["briefing.announcement_id", "briefing.store_id"], ondelete="CASCADE"
        ),
        Index("ix_briefing_person_person", "person_id"),
    )

    announcement_id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


def newest_of(*conditions: Any) -> Any:
    """Select ids and moments of the announcements that have appeared and fulfil conditions, newest first.

    Walks one index and looks into no row: whatever else a row says, above all whether it is listed, is asked afterwards, of
    those that were found. Else a reader of few among thousands would have all of them read.
    """
    entry = Entry.__table__.c
    walk = select(entry.id, entry.published_at).where(entry.kind == "announcement", entry.published_at.is_not(None))
    return walk.where(*conditions).order_by(entry.published_at.desc(), entry.id.desc())


def newest_first(statement: Any, at: Any = None) -> Any:
    """Order a statement about announcements by when they appeared, in the words by which its index is found."""
    moment = Announcement.published_at if at is None else at
    return statement.where(Announcement.kind == "announcement").order_by(moment.desc(), Entry.__table__.c.id.desc())
