"""The ways in: invitations and forgotten passwords as one-use links, codes that enrol a terminal, and counted guesses."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Select, String, and_, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UTCDateTime, now
from app.extensions import Base, db
from app.people import codes
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
    LENGTH = 12

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    # What the code is made from, together with the portal's key: a sheet can be printed again while it is valid.
    nonce: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # A newer link, a dismissal or a director makes the older ones void.
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id], innerjoin=True)

    @property
    def code(self) -> str:
        """Return what is printed, mailed and typed."""
        return codes.derive(self.__tablename__, self.nonce, self.LENGTH)

    @property
    def is_open(self) -> bool:
        """Tell whether the link still opens the door."""
        return self.used_at is None and self.revoked_at is None and self.expires_at > now()

    @classmethod
    def unspent(cls) -> ColumnElement[bool]:
        """Return the condition that a link still opens the door."""
        return and_(cls.used_at.is_(None), cls.revoked_at.is_(None), cls.expires_at > now())

    @classmethod
    def of_code(cls, code: str) -> Select[Any]:
        """Select the link with a code, spent or not, with its person."""
        return select(cls).where(cls.token_hash == codes.kept(codes.typed(code)))

    @classmethod
    def open_of(cls, person_id: int) -> Select[Any]:
        """Select the link of a person that still opens the door."""
        return select(cls).where(cls.person_id == person_id, cls.unspent()).order_by(cls.id.desc()).limit(1)

    @classmethod
    def make(cls, person_id: int, kind: str, by_id: int | None) -> AccessLink:
        """Make a link for a person; the older ones open nothing any more."""
        void_links(person_id)
        nonce = secrets.token_hex(16)
        lifetime = INVITATION_LIFETIME if kind == "invitation" else RESET_LIFETIME
        link = cls(person_id=person_id, kind=kind, nonce=nonce, created_by_id=by_id, expires_at=now() + lifetime)
        link.token_hash = codes.kept(link.code)
        db.session.add(link)
        db.session.flush()
        return link

    def spend(self) -> bool:
        """Use the link up; False where somebody was quicker, or it has run out."""
        mine = update(AccessLink).where(AccessLink.id == self.id, AccessLink.unspent()).values(used_at=now())
        return bool(db.session.execute(mine).rowcount)  # type: ignore[attr-defined]


def void_links(person_id: int) -> None:
    """Make all links of a person void."""
    mine = update(AccessLink).where(AccessLink.person_id == person_id, AccessLink.unspent())
    db.session.execute(mine.values(revoked_at=now()))


class TerminalCode(Base):
    """A code of one use and ten minutes that makes a browser a terminal of a store."""

    __tablename__ = "terminal_code"
    LENGTH = 8

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(32))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    store: Mapped[Store] = relationship(innerjoin=True)

    @property
    def code(self) -> str:
        """Return what is typed on the terminal."""
        return codes.derive(self.__tablename__, self.nonce, self.LENGTH)

    @classmethod
    def unspent(cls) -> ColumnElement[bool]:
        """Return the condition that a code can still be used."""
        return and_(cls.used_at.is_(None), cls.expires_at > now())

    @classmethod
    def open_of(cls, store_id: int) -> Select[Any]:
        """Select the code of a store that can still be used, the newest first."""
        return select(cls).where(cls.store_id == store_id, cls.unspent()).order_by(cls.id.desc()).limit(1)

    @classmethod
    def make(cls, store_id: int, by_id: int | None, lifetime: timedelta = TERMINAL_CODE_LIFETIME) -> TerminalCode:
        """Make a code for a store; the one before it is void."""
        db.session.execute(update(cls).where(cls.store_id == store_id, cls.unspent()).values(expires_at=now()))
        made = cls(store_id=store_id, nonce=secrets.token_hex(16), created_by_id=by_id, expires_at=now() + lifetime)
        made.code_hash = codes.kept(made.code)
        db.session.add(made)
        db.session.flush()
        return made

    @classmethod
    def spend(cls, code: str) -> TerminalCode | None:
        """Use a code up and return it; None for a wrong, spent or expired one, and for the slower of two at once."""
        mine = update(cls).where(cls.code_hash == codes.kept(codes.typed(code)), cls.unspent()).values(used_at=now())
        found = db.session.execute(mine.returning(cls.id)).scalar()
        return db.session.get(cls, found) if found is not None else None


class Attempt(Base):
    """One try to sign in or to enrol, written before the secret is looked at, so that parallel guesses count too."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_subject", "subject", "at"), Index("ix_attempt_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    # "pin:person:terminal", "password:person", "code:address": what the limit holds for.
    subject: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    succeeded: Mapped[bool] = mapped_column(default=False)

    @classmethod
    def failed(cls, subject: str) -> Select[Any]:
        """Select when the failed and undecided tries of the window were, the latest first."""
        recent = (cls.subject == subject, cls.at > now() - GUESS_WINDOW, cls.succeeded.is_(False))
        return select(cls.at).where(*recent).order_by(cls.at.desc()).limit(GUESSES + 1)
