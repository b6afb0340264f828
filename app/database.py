"""How the portal talks to its database: transactions that cannot lose an update, times that keep their zone.

SQLite's driver defaults lose updates without an error and ignore foreign keys, so every connection is set up here.
Reading requests take a snapshot (BEGIN), everything else takes the write lock at once (BEGIN IMMEDIATE) and waits for it.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context, request
from sqlalchemy import DateTime, Dialect, Engine, Row, event, literal_column, text, types
from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, SessionTransaction

from app.extensions import db

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# What one request may wait for the write lock before the reader is told to try again.
BUSY_SECONDS = 10

_ahead = timedelta()

# What PostgreSQL adds to an error: "Failing row contains (…)", the values of a key, those of a statement.
QUOTING = re.compile(r"\n(DETAIL|CONTEXT):.*", re.DOTALL)

# How long a write in passing waits for the lock.
PASSING_MILLISECONDS = 100
_patience: ContextVar[int | None] = ContextVar("patience", default=None)

# True, False: what the next BEGIN is to be; None: by the request's method.
_writing: ContextVar[bool | None] = ContextVar("writing", default=None)


class UTCDateTime(types.TypeDecorator[datetime]):
    """Keep points in time as UTC and hand them back aware; SQLite would drop the offset silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a point in time needs a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """Return the present moment in UTC; the one clock of the portal, so that tests can move it."""
    return datetime.now(UTC) + _ahead


def move_clock(by: timedelta) -> None:
    """Set how far ahead of the machine's the portal's clock goes; tests live through weeks with it."""
    global _ahead
    _ahead = by


@contextmanager
def writing() -> Iterator[None]:
    """Take the write lock at the next BEGIN even inside a reading request, as "last seen" does."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def in_passing() -> Iterator[None]:
    """Write and commit what a reading request can do without, as "last seen" is.

    Reading must go on while somebody else holds the lock for long, so this waits for it no longer than an eye blinks and
    leaves the write undone then.
    """
    db.session.rollback()
    impatient = _patience.set(PASSING_MILLISECONDS)
    try:
        with writing():
            if db.session.get_bind().dialect.name != "sqlite":
                db.session.execute(text(f"SET LOCAL lock_timeout = {PASSING_MILLISECONDS}"))
            yield
            db.session.commit()
    except OperationalError:
        db.session.rollback()
    finally:
        _patience.reset(impatient)


def is_passing() -> bool:
    """Tell whether the present transaction writes in passing, so that whoever would write thus too writes along."""
    return _patience.get() is not None


@contextmanager
def reading() -> Iterator[None]:
    """Take no lock at the next BEGIN even inside a writing request: whoever only looks must not make others wait."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


def insert_once(table: Any, **values: Any) -> bool:
    """Insert a row unless its unique key is there already; tell whether it was new. Safe in a race on both databases."""
    return insert_all_once(table, [values]) == 1


def alone_with(row: Any) -> None:
    """Read a row anew and keep others from changing it until the transaction ends: what follows from it happens once."""
    db.session.refresh(row, with_for_update=True)


def one_at_a_time(what: str) -> None:
    """Let one transaction at a time go on from here, for rules over several rows that no constraint can hold."""
    if db.session.get_bind().dialect.name != "sqlite":  # there, writers wait for each other anyway
        db.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


def insert_new(table: Any, rows: list[dict[str, Any]], *columns: Any) -> list[Any]:
    """Insert rows unless their unique key is there already; return the columns of those that were new."""
    if not rows:
        return []
    make = insert_of(db.session.get_bind().dialect.name)
    statement = make(table).values(rows).on_conflict_do_nothing().returning(*columns)
    return list(db.session.execute(statement).all())


@cache
def insert_of(dialect: str) -> Callable[..., Any]:
    """Return the `insert` of a dialect, which knows conflicts; only that dialect's modules are loaded."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert


def read_rows(statement: Any, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
    """Read columns by the connection, not the session: they need none of the bookkeeping of entities.

    What the session has not flushed is not seen; acts that read after they have written flush first.
    """
    return db.session.connection().execute(statement, values).all()


def schema_revision() -> str | None:
    """Return which migration the database stands at; raises what keeps the database away."""
    revision = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    db.session.rollback()
    return revision


def insert_all_once(table: Any, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert many rows as `insert_once` does one; return how many were new."""
    make = insert_of(db.session.get_bind().dialect.name)
    done = 0
    for start in range(0, len(rows), 1000):
        chunk = make(table).values([dict(row) for row in rows[start : start + 1000]]).on_conflict_do_nothing()
        # What comes back is counted: with psycopg `rowcount` is -1 after an insert, which would read as "new".
        done += len(db.session.execute(chunk.returning(literal_column("1"))).all())
    return done


def after_transaction(committed: Callable[[], Any] | None = None, rolled_back: Callable[[], Any] | None = None) -> None:
    """Do something outside of the database once the present transaction is over: delete files, queue a job.

    Savepoints within it do not count: only what the outermost transaction comes to is final.
    """
    session = db.session()
    if not session.in_transaction():
        session.begin()
    session.info.setdefault("after_transaction", []).append((committed, rolled_back))


def init_app(app: Flask) -> None:
    """Create the data folder and set up each connection of the engine."""
    app.config["DATA_DIR"].mkdir(parents=True, exist_ok=True)
    sqlite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    options: dict[str, Any] = dict(app.config.get("SQLALCHEMY_ENGINE_OPTIONS") or {})
    # A log must not quote what people wrote, nor the digests of their secrets.
    options.setdefault("hide_parameters", not app.debug)
    if sqlite:
        options.setdefault("connect_args", {}).setdefault("timeout", BUSY_SECONDS)
    else:
        # A server that was stopped and started again must not cost a request more than one ping.
        options.setdefault("pool_pre_ping", True)
        options.setdefault("connect_args", {}).setdefault("connect_timeout", 5)
        # Like SQLite's: whoever waits for a lock for long is told so, and keeps no thread from the others.
        options["connect_args"].setdefault("options", f"-c lock_timeout={BUSY_SECONDS}s")
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        set_up(db.engine)


def set_up(engine: Engine) -> None:
    """Register the habits of connections, transactions and errors on an engine."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "handle_error", _without_detail)
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _without_detail(context: ExceptionContext) -> None:
    """Take out of an error what PostgreSQL quotes of the row: errors are written into logs."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None:
            error.args = tuple(QUOTING.sub("", part) if isinstance(part, str) else part for part in error.args)


def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        # In KiB and for each of some ten connections; what is not in it the system has in its own cache.
        "cache_size=-4000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    write = _writing.get()
    if write is None:
        write = not (has_request_context() and request.method in SAFE_METHODS)
    patience = _patience.get()
    if not write or patience is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
        return
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout={patience}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


@event.listens_for(db.session, "after_commit")
def _on_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        _finish(session, 0)


@event.listens_for(db.session, "after_transaction_end")
def _on_end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        _finish(session, 1)


def _finish(session: Session, outcome: int) -> None:
    for acts in session.info.pop("after_transaction", ()):
        if acts[outcome] is not None:
            acts[outcome]()
