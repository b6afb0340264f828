"""Runs migrations inside the application, so that they use its database and its habits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from app.database import UTCDateTime
from app.extensions import Base, db

# Any number will do, as long as it is always this one.
LOCK = 7_472_384


def render_item(kind: str, thing: Any, _context: Any) -> str | bool:
    """Write our own column types as the plain types beneath: a migration must not change when the code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UTCDateTime) else False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out what the database keeps by itself: derived rows, which no model names and no backup carries."""
    return not (kind == "table" and name == "person_word")


def run() -> None:
    """Migrate over one connection, prepared as its kind of database needs it: the portal's own, or a restore's scratch."""
    engine = context.config.attributes.get("engine") or db.engine
    with engine.connect() as connection:
        prepared = on_sqlite if engine.dialect.name == "sqlite" else on_postgresql
        with prepared(connection):
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=True,
                compare_type=True,
                transaction_per_migration=True,
                render_item=render_item,
                include_name=include_name,
            )
            with context.begin_transaction():
                context.run_migrations()


@contextmanager
def on_sqlite(connection: Connection) -> Iterator[None]:
    """Turn foreign keys off, for rebuilding a table would delete its children; look for broken ones afterwards."""
    # Through the driver and before BEGIN: inside a transaction the PRAGMA does nothing, silently.
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")
    if broken:
        raise RuntimeError(f"the migration left rows without their parents: {broken[:3]}")


@contextmanager
def on_postgresql(connection: Connection) -> Iterator[None]:
    """Let one machine migrate: one that starts at the same moment waits, then finds nothing left to do."""
    # Another machine's migration, and a table in use, may take longer than a request may wait.
    connection.execute(text("SET lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
        connection.execute(text("RESET lock_timeout"))
        connection.commit()


if context.is_offline_mode():
    raise SystemExit("offline migrations are not supported: the portal migrates a live database")
with current_app.app_context():
    run()
