"""Sign-in sessions as rows, so that each can be listed and ended; a signed cookie alone could not be.

The cookie carries a random token, the row its hash. `Viewer` is what a request knows of the person at the keyboard:
read as columns in one query, because every page needs it and building entities would cost more than the rest of the page.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from blinker import Signal
from sqlalchemy import ForeignKey, Index, Select, String, bindparam, func, or_, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.database import UTCDateTime, in_passing, now
from app.extensions import Base, db
from app.people.models import City, Person, RoleGrant, Store, roles_of
from app.people.permissions import Permission, Position, Role, permissions_of

# Sent with the token of a session that has just begun, in the transaction that began it.
began = Signal("session began")

# A terminal is shared: two minutes without a touch lock it.
IDLE_ON_TERMINAL = timedelta(minutes=2)
# "Last seen" is written at most this often; a page view must not cost a write each time.
SEEN_EVERY = timedelta(minutes=5)
SEEN_EVERY_ON_TERMINAL = timedelta(seconds=15)
LIFETIME = timedelta(days=180)
# So long after a sign-in with the password its owner is not asked for it again.
PROVED_FOR = timedelta(minutes=15)


class Terminal(Base):
    """A browser enrolled to a store: there, and only there, a PIN is enough to sign in."""

    __tablename__ = "terminal"

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), index=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    # Hash of the secret in the terminal's own long-lived cookie.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    enrolled_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    enrolled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    store: Mapped[Store] = relationship(lazy="joined", innerjoin=True)


class SignIn(Base):
    """One sign-in of one person on one device, until it is ended or runs out."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person_open", "person_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    terminal_id: Mapped[int | None] = mapped_column(ForeignKey("terminal.id"), index=True)
    device: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # "out", "idle", "replaced", "elsewhere", "dismissed", "password", "revoked"
    end_cause: Mapped[str] = mapped_column(String(20), default="")
    # By what the person proved who he is: "password", "pin" or "link".
    how: Mapped[str] = mapped_column(String(10), default="password")

    person: Mapped[Person] = relationship()
    terminal: Mapped[Terminal | None] = relationship()

    def end(self, cause: str) -> None:
        """End the session now; the next request with its cookie is a stranger's."""
        if self.ended_at is None:
            self.ended_at = now()
            self.end_cause = cause

    @property
    def is_proved(self) -> bool:
        """Tell whether a password or a link opened the session just now, so that it need not be asked again."""
        return self.how in ("password", "link") and self.created_at + PROVED_FOR > now()

    @classmethod
    def last_of(cls, person_id: int) -> Select[Any]:
        """Select when a person was last seen on any device."""
        return select(func.max(cls.seen_at)).where(cls.person_id == person_id)

    @classmethod
    def open_of(cls, person_id: int) -> Select[Any]:
        """Select the sessions of a person that are still open, the last seen first; locked terminals are not."""
        moment = now()
        alive = or_(cls.terminal_id.is_(None), cls.seen_at > moment - IDLE_ON_TERMINAL - SEEN_EVERY_ON_TERMINAL)
        return (
            select(cls)
            .options(joinedload(cls.terminal))
            .where(cls.person_id == person_id, cls.ended_at.is_(None), cls.created_at > moment - LIFETIME, alive)
            .order_by(cls.seen_at.desc(), cls.id.desc())
            .limit(100)
        )


class Face(NamedTuple):
    """What the frame shows of the viewer."""

    id: int
    name: str
    photo_key: str | None
    store_name: str


@dataclass(frozen=True, slots=False)
class Viewer:
    """The person who makes this request, as every page needs him; what flask-login calls the user."""

    id: int
    session_id: int
    session_seen_at: datetime
    personnel_number: str
    first_name: str
    last_name: str
    position: str
    hired_on: date | None
    locale: str | None
    photo_key: str | None
    stream_seen_at: datetime | None
    stream_before_at: datetime | None
    store_id: int
    store_name: str
    is_office: bool
    city_id: int
    city_name: str
    zone_name: str
    terminal_id: int | None
    granted: tuple[str, ...]

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def itself(self) -> Viewer:
        """Return the viewer behind flask-login's `current_user`, which looks him up anew each time it is asked something."""
        return self

    @property
    def name(self) -> str:
        """Return the name as colleagues say it."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def face(self) -> Face:
        """Return what the frame shows of him."""
        return Face(self.id, self.name, self.photo_key, self.store_name)

    @cached_property
    def zone(self) -> ZoneInfo:
        """Return the zone in which this person reads dates."""
        return ZoneInfo(self.zone_name)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Return all roles of the person."""
        return roles_of(self.position, self.granted)

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Return everything the person may do."""
        return permissions_of(self.roles)

    def can(self, permission: Permission | str) -> bool:
        """Tell whether a role of the person allows it."""
        return permission in self.permissions

    @property
    def is_director(self) -> bool:
        """Tell whether the person leads a store."""
        return self.position == Position.DIRECTOR

    @property
    def today(self) -> date:
        """Return today's date where the person is."""
        return now().astimezone(self.zone).date()

    def get_id(self) -> str:
        """Refuse: the session cookie holds a token, set by `sign_in`, not an id."""
        raise NotImplementedError("use sign_in()")


def hash_token(token: str) -> str:
    """Return what the database keeps of a random secret; a plain digest, since 32 random bytes cannot be guessed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def open_session(person: Person, *, device: str, terminal: Terminal | None = None, how: str = "password") -> str:
    """Add a session row and return the token for the cookie; on a terminal whoever was signed in before is out."""
    if terminal is not None:
        db.session.execute(
            update(SignIn)
            .where(SignIn.terminal_id == terminal.id, SignIn.ended_at.is_(None))
            .values(ended_at=now(), end_cause="replaced")
        )
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignIn(
            token_hash=hash_token(token),
            person_id=person.id,
            terminal_id=terminal and terminal.id,
            device=device[:120],
            how=how,
        )
    )
    db.session.flush()
    began.send(token)
    return token


def end_sessions(person_id: int, cause: str, *, keep: int | None = None) -> int:
    """End all sessions of a person but `keep`; return how many were open."""
    done = db.session.execute(
        update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.id != (keep or 0))
        .values(ended_at=now(), end_cause=cause)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


# Made once: putting a statement together takes longer than executing it.
_VIEWERS = (
    select(
        Person.id,
        SignIn.id.label("session_id"),
        SignIn.seen_at.label("session_seen_at"),
        SignIn.created_at.label("session_created_at"),
        SignIn.ended_at.label("session_ended_at"),
        Person.personnel_number,
        Person.first_name,
        Person.last_name,
        Person.position,
        Person.hired_on,
        Person.dismissed_on,
        Person.locale,
        Person.photo_key,
        Person.stream_seen_at,
        Person.stream_before_at,
        Person.store_id,
        Store.name.label("store_name"),
        Store.is_office,
        City.id.label("city_id"),
        City.name.label("city_name"),
        City.zone.label("zone_name"),
        SignIn.terminal_id,
        RoleGrant.role,
    )
    .select_from(SignIn)
    .join(Person, Person.id == SignIn.person_id)
    .join(Store, Store.id == Person.store_id)
    .join(City, City.id == Store.city_id)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
)
_BY_TOKEN = _VIEWERS.where(SignIn.token_hash == bindparam("token_hash"))
_BY_SESSION = _VIEWERS.where(SignIn.id == bindparam("session_id"))


def load_viewer(token: str) -> Viewer | None:
    """Return the viewer of a session token, or None: unknown, ended, idle too long, or dismissed since.

    One query; dismissal and the end of the session count from the very next request.
    """
    return _alive(db.session.connection().execute(_BY_TOKEN, {"token_hash": hash_token(token)}).all())


def viewer_of_session(session_id: int) -> Viewer | None:
    """Return the viewer of a session that a signed address of the portal's own names, under the same conditions."""
    return _alive(db.session.connection().execute(_BY_SESSION, {"session_id": session_id}).all())


def _alive(rows: Sequence[Any]) -> Viewer | None:
    """Return the viewer of a session's rows, or None where it is over."""
    if not rows:
        return None
    row = rows[0]
    moment = now()
    if row.session_ended_at is not None or row.session_created_at + LIFETIME < moment:
        return None
    if row.terminal_id is not None and row.session_seen_at + IDLE_ON_TERMINAL + SEEN_EVERY_ON_TERMINAL < moment:
        return None
    if row.dismissed_on is not None and row.dismissed_on <= moment.astimezone(ZoneInfo(row.zone_name)).date():
        return None
    fields: dict[str, Any] = {name: getattr(row, name) for name in _VIEWER_COLUMNS}
    return Viewer(granted=tuple(r.role for r in rows if r.role), **fields)


_VIEWER_COLUMNS = tuple(name for name in Viewer.__dataclass_fields__ if name != "granted")


def touch(viewer: Viewer) -> None:
    """Note that the session is in use, seldom enough that reading stays reading."""
    every = SEEN_EVERY_ON_TERMINAL if viewer.terminal_id else SEEN_EVERY
    moment = now()
    if viewer.session_seen_at + every < moment:
        with in_passing():
            db.session.execute(update(SignIn).where(SignIn.id == viewer.session_id).values(seen_at=moment))
