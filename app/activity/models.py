"""The row of each act, and the one signal that tells of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from blinker import Signal
from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UTCDateTime, now
from app.extensions import Base, db

# Sent with the Activity row as sender and `subject` as keyword.
happened = Signal("happened")
# Sent with a viewer who has an entry and what is said under it before his eyes; `entry_id` as keyword. Not an act.
looked = Signal("looked")


class Activity(Base):
    """One act of one person upon one thing: "post.published", "comment.added"; append-only."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_subject", "subject_kind", "subject_id", "id"),
        Index("ix_activity_actor", "actor_id", "id"),
        Index("ix_activity_verb", "verb", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    verb: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(verb: str, actor_id: int | None, subject: Any, **data: Any) -> Activity:
    """State that something took place, in the transaction in which it does; the last line of an act.

    `verb` is "noun.past_participle"; `subject` a flushed row with an integer id.
    """
    activity = Activity(
        verb=verb, actor_id=actor_id, subject_kind=subject.__tablename__, subject_id=subject.id, data=data, at=now()
    )
    db.session.add(activity)
    happened.send(activity, subject=subject)
    db.session.flush()
    return activity
