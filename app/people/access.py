"""The ways in: invitations and forgotten passwords as one-use links, codes that enrol a terminal, and counted guesses."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UTCDateTime, now
from app.extensions import Base
from app.people.models import Person, Store

INVITATION_LIFETIME = timedelta(days=14)
RESET_LIFETIME = timedelta(hours=2)
TERMINAL_CODE_LIFETIME = timedelta(minutes=10)
# At most so many wrong tries for one person (and one terminal) within the window; others are not locked out by them.
GUESSES = 5
GUESS_WINDOW = timedelta(minutes=15)


class AccessLink(Base):
    """A link that lets one person set a password once: printed on an invitation, or sent when it was forgotten."""

    __tablename__ = "access_link"
    __table_args__ = (CheckConstraint("kind IN ('invitation', 'reset')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # A newer link, a dismissal or a director makes the older ones void.
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], innerjoin=True)


class TerminalCode(Base):
    """A code of one use and ten minutes that makes a browser a terminal of a store."""

    __tablename__ = "terminal_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    store: Mapped[Store] = relationship(innerjoin=True)


class Attempt(Base):
    """One try to sign in or to enrol, written before the secret is looked at, so that parallel guesses count too."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_subject", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # "pin:person:terminal", "password:person", "code:terminal-candidate": what the limit holds for.
    subject: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    succeeded: Mapped[bool] = mapped_column(default=False)
