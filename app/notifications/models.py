"""Notices, the choices people made about them, and the deliveries that carry them out of the portal."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, Time, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.content.models import Entry
from app.database import UTCDateTime, now
from app.extensions import Base
from app.people.models import Person

UNSEEN = "seen_at IS NULL"
PLANNED = "done_at IS NULL"


class Notice(Base):
    """Something that one person should hear of, together with its like: four answers to one post are one notice."""

    __tablename__ = "notice"
    __table_args__ = (
        # What is gathered while it is unseen; once seen, the next like it begins anew.
        Index(
            "uq_notice_unseen",
            "person_id",
            "group_key",
            unique=True,
            sqlite_where=text(UNSEEN),
            postgresql_where=text(UNSEEN),
        ),
        Index("ix_notice_person", "person_id", "updated_at", "id"),
        Index("ix_notice_entry", "entry_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(40))
    # What is gathered: "comment:post-7".
    group_key: Mapped[str] = mapped_column(String(120))
    # What it is about; whoever may no longer see that is told nothing of it.
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    # Where it leads: the first that is unseen, not the last.
    path: Mapped[str] = mapped_column(String(200))
    # The beginning of what was said, for whoever reads the notice alone.
    words: Mapped[str] = mapped_column(String(200), default="")
    urgent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    entry: Mapped[Entry | None] = relationship()
    person: Mapped[Person] = relationship(innerjoin=True)


class NoticeActor(Base):
    """Somebody whose act is part of a notice; each counts once, however often he acts."""

    __tablename__ = "notice_actor"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class ChannelChoice(Base):
    """What a person wants to hear by which channel, where it differs from the kind's own default."""

    __tablename__ = "channel_choice"
    __table_args__ = (CheckConstraint("channel IN ('mail', 'push')", name="channel"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    wanted: Mapped[bool]


class PushSubscription(Base):
    """A browser that asked to be told by push, with the keys that only it can read what is sent with."""

    __tablename__ = "push_subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    endpoint: Mapped[str] = mapped_column(String(600), unique=True)
    keys: Mapped[dict[str, Any]] = mapped_column(JSON)
    device: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Delivery(Base):
    """One gathering of news for one person by one channel: planned for an hour, then carried out or dropped."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("channel IN ('mail', 'push')", name="channel"),
        CheckConstraint("kind IN ('gathered', 'urgent', 'digest')", name="kind"),
        # One gathering at a time for each person and channel: what comes meanwhile joins it.
        Index(
            "uq_delivery_planned",
            "person_id",
            "channel",
            "kind",
            unique=True,
            sqlite_where=text(PLANNED),
            postgresql_where=text(PLANNED),
        ),
        Index("ix_delivery_person", "person_id", "channel", "done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10), default="gathered")
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # How many notices it carried; none: everything had been seen by then.
    carried: Mapped[int] = mapped_column(default=0)

    person: Mapped[Person] = relationship(innerjoin=True)


class DeliveredNotice(Base):
    """A notice that a delivery carried: what went out is not sent again until something new joins it."""

    __tablename__ = "delivered_notice"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True, index=True)
    channel: Mapped[str] = mapped_column(String(10))
    notice_updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PushMessage(Base):
    """One push on its way to one browser, and what became of it."""

    __tablename__ = "push_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("push_subscription.id", ondelete="CASCADE"), index=True)
    # What the service worker shows: {"title", "body", "path", "tag"}.
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # From here on the push service may have it: never again.
    handed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(String(80), default="")


class QuietHours(Base):
    """When a person wants to be left alone, by the clock of his store's zone."""

    __tablename__ = "quiet_hours"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)


class PortalKey(Base):
    """A secret that the portal made for itself and must keep: phones know the other half of it."""

    __tablename__ = "portal_key"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
