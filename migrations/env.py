"""Runs migrations inside the application, so that they use its database and its habits."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import text

from app.database import UTCDateTime
from app.extensions import Base, db


def render_item(kind: str, thing: Any, _context: Any) -> str | bool:
    """Write our own column types as the plain types beneath: a migration must not change when the code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UTCDateTime) else False


def run() -> None:
    """Migrate over one connection, foreign keys off on SQLite, where rebuilding a table would delete its children."""
    engine = db.engine
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # Through the driver and before BEGIN: inside a transaction the PRAGMA does nothing, silently.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"the migration left rows without their parents: {broken[:3]}")


if context.is_offline_mode():
    raise SystemExit("offline migrations are not supported: the portal migrates a live database")
with current_app.app_context():
    run()
