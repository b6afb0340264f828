"""Rows in a form that belongs to no database: a JSON list a row, the kinds of the columns said once above them.

Columns are described by the backup itself and not by today's models, so that a backup of an older schema can be loaded into
that older schema and then be migrated.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Text,
    Time,
    cast,
    column,
    func,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.types import TypeEngine

from app.database import UTCDateTime

# How many rows are in memory at a time.
BATCH = 1000


class Columns(NamedTuple):
    """The columns of one table: names and kinds, side by side."""

    names: list[str]
    kinds: list[str]


def columns_of(source: Table) -> Columns:
    """Describe a table of the models."""
    return Columns([c.name for c in source.columns], [_kind(c.type) for c in source.columns])


def read(connection: Connection, source: Table) -> Iterator[list[Any]]:
    """Yield the rows of a table in the order of their keys, each as a list that JSON can hold."""
    columns = columns_of(source)
    # As text, since NULL and JSON's null would both come back as None.
    wanted = [
        cast(c, Text).label(c.name) if kind == "json" else c for c, kind in zip(source.columns, columns.kinds, strict=True)
    ]
    write_out = [OUT.get(kind) for kind in columns.kinds]
    statement = select(*wanted).order_by(*source.primary_key.columns).execution_options(yield_per=BATCH)
    for row in connection.execute(statement):
        yield [value if out is None or value is None else out(value) for value, out in zip(row, write_out, strict=True)]


def write(connection: Connection, name: str, columns: Columns, rows: Iterable[list[Any]]) -> int:
    """Insert rows, a batch at a time; return how many there were."""
    target = table(name, *(column(n, TYPES[kind]) for n, kind in zip(*columns, strict=True)))
    read_in = [IN.get(kind) for kind in columns.kinds]
    waiting, written = iter(rows), 0
    while batch := list(islice(waiting, BATCH)):
        connection.execute(
            insert(target),
            [
                {
                    name: value if into is None or value is None else into(value)
                    for name, value, into in zip(columns.names, row, read_in, strict=True)
                }
                for row in batch
            ],
        )
        written += len(batch)
    return written


def count(connection: Connection, name: str) -> int:
    """Count the rows of a table."""
    return int(connection.execute(select(func.count()).select_from(table(name))).scalar_one())


def restart_ids(connection: Connection, source: Table) -> None:
    """Let PostgreSQL give out ids after those that were inserted; SQLite does so by itself."""
    if connection.dialect.name != "postgresql" or source.autoincrement_column is None:
        return
    name = source.autoincrement_column.name
    connection.execute(
        text(
            f'SELECT setval(sequence, COALESCE((SELECT MAX("{name}") FROM "{source.name}"), 1), '  # noqa: S608
            f'EXISTS (SELECT 1 FROM "{source.name}")) FROM pg_get_serial_sequence(:table, :column) AS sequence '
            "WHERE sequence IS NOT NULL"
        ),
        {"table": f'"{source.name}"', "column": name},
    )


def _kind(kind: TypeEngine[Any]) -> str:
    for name, classes in KINDS.items():
        if isinstance(kind, classes):
            return name
    raise TypeError(f"a backup does not know how to keep {kind!r}; teach it in {__name__}")


def _json_in(value: str) -> Any:
    found = json.loads(value)
    return JSON.NULL if found is None else found


# Narrow kinds before wider ones: a Float is a Numeric, too.
KINDS: dict[str, tuple[type[TypeEngine[Any]], ...] | type[TypeEngine[Any]]] = {
    "moment": (UTCDateTime, DateTime),
    "date": Date,
    "time": Time,
    "boolean": Boolean,
    "integer": Integer,
    "float": Float,
    "decimal": Numeric,
    "json": JSON,
    "bytes": LargeBinary,
    "text": String,
}
TYPES: dict[str, TypeEngine[Any]] = {
    "moment": UTCDateTime(),
    "date": Date(),
    "time": Time(),
    "boolean": Boolean(),
    "integer": Integer(),
    "float": Float(),
    "decimal": Numeric(),
    "json": JSON(none_as_null=True),
    "bytes": LargeBinary(),
    "text": String(),
}
OUT: dict[str, Callable[[Any], Any]] = {
    "moment": datetime.isoformat,
    "date": date.isoformat,
    "time": time.isoformat,
    "decimal": str,
    "bytes": lambda value: base64.b64encode(value).decode(),
}
IN: dict[str, Callable[[Any], Any]] = {
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "decimal": Decimal,
    "bytes": base64.b64decode,
    "json": _json_in,
}
