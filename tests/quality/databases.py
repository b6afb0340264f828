"""Databases of a test's own: empty ones of both kinds, rows in every table, looks at everything that is in there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, Table, create_engine, inspect, select, text, types
from sqlalchemy.engine import Connection

# Filled by Alembic alone.
ALEMBIC = "alembic_version"
# Tables that triggers keep from others: no model names them and no backup carries them.
DERIVED = {"person_word"}


@contextmanager
def fresh_address(kind: str, folder: Path, server: str | None) -> Iterator[str]:
    """Yield the address of an empty database; on PostgreSQL one beside the suite's own."""
    if kind == "sqlite":
        folder.mkdir(parents=True, exist_ok=True)
        yield f"sqlite:///{folder / 'ritm.sqlite3'}"
        return
    assert server is not None
    name = "d" + hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    control = create_engine(server, isolation_level="AUTOCOMMIT")
    with control.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with control.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        control.dispose()


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables as the database has them, parents first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != ALEMBIC]


def everything(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all tables as {table: [row, …]}, in a settled order."""
    return {
        table.name: sorted((dict(row._mapping) for row in connection.execute(select(table))), key=str)
        for table in tables_of(connection)
    }


def fill_empty_tables(connection: Connection) -> list[str]:
    """Put one row into each empty table and return which they were; every column has a value where it can."""
    inspector = inspect(connection)
    filled = []
    tables = tables_of(connection)
    for table in tables:
        if connection.execute(select(table).limit(1)).first() is not None:
            continue
        allowed, empty = _allowed_values(inspector, table), _left_empty(inspector, table)
        row = {}
        for column in table.columns:
            if column.name in empty:
                continue
            parents = [key.column for key in column.foreign_keys]
            if parents and parents[0].table is table:
                continue  # a row that is its own parent would tell nothing
            if parents:
                row[column.name] = connection.execute(select(parents[0]).limit(1)).scalar()
            else:
                row[column.name] = allowed.get(column.name, _value(column.type, f"{table.name} {column.name}"))
        connection.execute(table.insert().values(row))
        filled.append(table.name)
    return filled


def _allowed_values(inspector: Any, table: Table) -> dict[str, str]:
    """Return {column: a value that its CHECK allows}, as far as checks name values."""
    allowed = {}
    for check in inspector.get_check_constraints(table.name):
        words = [word for word in re.findall(r"'([^']*)'", check["sqltext"]) if word]
        places = {column.name: match.start() for column in table.columns if (match := _named(column.name, check["sqltext"]))}
        if words and places:
            allowed[min(places, key=lambda name: places[name])] = words[0]
    return allowed


def _left_empty(inspector: Any, table: Table) -> set[str]:
    """Return the second of each two columns of which a CHECK wants one and not the other."""
    checks = "\n".join(check["sqltext"] for check in inspector.get_check_constraints(table.name))
    return set(re.findall(r"\bIS NULL\)* <> \(*(\w+) IS NULL", checks))


def _named(name: str, sql: str) -> re.Match[str] | None:
    """Find a column in a check; what follows "::" is a type that may have the same name."""
    return re.search(rf"(?<!:)\b{name}\b", sql)


def _value(kind: types.TypeEngine[Any], words: str) -> Any:
    """Return something that a column of this type holds."""
    if isinstance(kind, types.Boolean):
        return False
    if isinstance(kind, types.Integer):
        return 1
    if isinstance(kind, types.Numeric):
        return 1
    if isinstance(kind, types.DateTime):
        return datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC if getattr(kind, "timezone", False) else None)
    if isinstance(kind, types.Time):
        return time(10, 30)
    if isinstance(kind, types.Date):
        return date(2026, 3, 4)
    if isinstance(kind, types.JSON):
        return {}
    if isinstance(kind, types.LargeBinary):
        return words.encode()
    return words[: getattr(kind, "length", None) or 60]


def shape(connection: Connection) -> dict[str, Any]:
    """Return what the database says of its schema: columns, keys, checks, indexes; for comparing two schemas."""
    inspector = inspect(connection)
    found = {}
    for name in inspector.get_table_names():
        if name == ALEMBIC:
            continue
        found[name] = {
            "columns": {
                c["name"]: (str(c["type"]), c["nullable"], c.get("primary_key", 0)) for c in inspector.get_columns(name)
            },
            "key": sorted(inspector.get_pk_constraint(name)["constrained_columns"]),
            "parents": sorted(
                (k["name"], k["constrained_columns"], k["referred_table"], str(k["options"]))
                for k in inspector.get_foreign_keys(name)
            ),
            "checks": sorted((c["name"], _same(c["sqltext"])) for c in inspector.get_check_constraints(name)),
            "uniques": sorted((u["name"], u["column_names"]) for u in inspector.get_unique_constraints(name)),
            "indexes": sorted((i["name"], i["column_names"], bool(i["unique"])) for i in inspector.get_indexes(name)),
        }
    return found


def _same(sql: str) -> str:
    return re.sub(r"[\s()\"]+", "", sql)


def partial_indexes(connection: Connection) -> dict[str, str]:
    """Return {index: its definition} for comparing conditions, which inspectors read differently."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
    else:
        found = connection.execute(text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"))
    own = (f"ix_{table}" for table in DERIVED)
    passed_over = (ALEMBIC, *own, *(f"pk_{table}" for table in DERIVED))
    return {name: _same(sql) for name, sql in found if not name.startswith(passed_over)}


def orphans(engine: Engine) -> list[Any]:
    """Return rows whose parents are missing; PostgreSQL lets none come about."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        return list(connection.execute(text("PRAGMA foreign_key_check")).all())
