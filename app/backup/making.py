"""Making a backup: the rows of one moment, then the files that this moment may name.

A transaction that only reads sees one moment of the database, on SQLite (WAL) as on PostgreSQL, and stops nobody from
writing. Files are copied after it has begun: whatever it names was stored before, and what is deleted meanwhile stays in
the store for a day (app/media.py). So the backup has every file its rows name, and perhaps a few that they do not yet.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import Connection

from app.backup import rows
from app.backup.parts import (
    ABOUT,
    CHUNK,
    COUNTS,
    FORMAT,
    SUMS,
    Summed,
    Unusable,
    forget_members,
    known_revisions,
    revision_of,
    said_plainly,
    seal_of,
)
from app.database import now, reading
from app.extensions import Base, db
from app.media import media


def backup(path: Path, tell: Callable[[str], None] = lambda _line: None) -> dict[str, Any]:
    """Write everything into one file, which appears whole or not at all; return the counts of rows and files."""
    with said_plainly("Making the backup"), _appearing(path) as file, tempfile.TemporaryFile(dir=path.parent) as sums:
        whole = Summed(file)
        with tarfile.open(fileobj=cast(IO[bytes], whole), mode="w") as tar, _moment() as connection:
            made = Parts(tar, sums, path.parent, int(now().timestamp()))
            counts = _add_all(made, connection, tell)
        file.write(seal_of(whole))
    return counts


@dataclass
class Parts:
    """The tar as it grows, and beside it the digests of its members."""

    tar: tarfile.TarFile
    sums: IO[bytes]
    scratch: Path
    seconds: int

    def add(self, name: str, size: int, source: IO[bytes]) -> None:
        """Add a member of a known size."""
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, self.seconds, 0o600
        summed = Summed(source)
        self.tar.addfile(info, cast(IO[bytes], summed))
        forget_members(self.tar)
        self.sums.write(f"{summed.digest.hexdigest()}  {name}\n".encode())

    def add_json(self, name: str, value: Any) -> None:
        """Add a small member."""
        data = _as_json(value)
        self.add(name, len(data), io.BytesIO(data))


def _add_all(made: Parts, connection: Connection, tell: Callable[[str], None]) -> dict[str, Any]:
    about = {
        "format": FORMAT,
        "schema": _newest(connection),
        "made_at": now().isoformat(),
        "database": connection.dialect.name,
    }
    made.add_json(ABOUT, about)
    tables = {}
    for table in Base.metadata.sorted_tables:
        tables[table.name] = _add_rows(made, connection, table)
        tell(f"{table.name}: {tables[table.name]} rows")
    counts = {"tables": tables, "media": _add_media(made)}
    tell(f"{counts['media']} files")
    size = made.sums.tell()
    made.sums.seek(0)
    made.add(SUMS, size, made.sums)
    made.add_json(COUNTS, counts)
    return counts


def _add_rows(made: Parts, connection: Connection, table: Any) -> int:
    """Add a table, compressed on the way through a scratch file, since a member's size stands before it."""
    columns = rows.columns_of(table)
    written = 0
    with tempfile.TemporaryFile(dir=made.scratch) as scratch:
        zipped = gzip.GzipFile(fileobj=scratch, mode="wb", mtime=0, compresslevel=4)
        # Line by line, packing would take twice as long.
        with zipped, io.BufferedWriter(zipped, CHUNK) as lines:
            lines.write(_as_json(columns._asdict()))
            for row in rows.read(connection, table):
                lines.write(_as_json(row))
                written += 1
        size = scratch.tell()
        scratch.seek(0)
        made.add(f"tables/{table.name}.jsonl.gz", size, scratch)
    return written


def _add_media(made: Parts) -> int:
    store, added = media(), 0
    keys = store.keys()
    for key in keys:
        try:
            size, file = store.size(key), store.open(key)
        except FileNotFoundError:
            # An upload that was rolled back a moment ago; no row of this moment names it.
            continue
        with file:
            made.add(f"media/{key}", size, file)
        added += 1
    return added


@contextmanager
def _moment() -> Iterator[Connection]:
    """Open a transaction that sees one moment of the database and holds nobody up."""
    with reading(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection
        connection.rollback()


def _newest(connection: Connection) -> str:
    """Return the schema's revision; the models can read no other than the newest."""
    revision, newest = revision_of(connection), known_revisions()[0]
    if revision != newest:
        raise Unusable(f"The database is at schema {revision}, the portal at {newest}. First run: flask db upgrade")
    return newest


@contextmanager
def _appearing(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that takes its name only when it is complete and on the disk; nobody else may read it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _as_json(value: Any) -> bytes:
    return _ENCODE(value).encode() + b"\n"


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
