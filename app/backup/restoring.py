"""Restoring a backup: proved whole, laid out aside, then put in place by one transaction.

Nothing of the portal is touched before the last step. The rows go first into a scratch SQLite database of the backup's own
schema, where foreign keys are checked and migrations run; new files go beside the present ones, whose names never collide;
then one transaction replaces all rows. Whatever fails before its commit leaves the portal as it was.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from app.backup import rows
from app.backup.making import backup
from app.backup.parts import (
    ABOUT,
    CHUNK,
    COUNTS,
    FORMAT,
    MEDIA,
    SUMS,
    TABLE,
    Unusable,
    check_seal,
    forget_members,
    known_revisions,
    revision_of,
    said_plainly,
)
from app.database import MIGRATIONS, now, reading, set_up
from app.extensions import Base, db
from app.media import media


def restore(
    path: Path, scratch: Path, replace: bool = False, copy: bool = True, tell: Callable[[str], None] = lambda _line: None
) -> dict[str, Any]:
    """Put the portal back as the backup has it; return the counts of rows and files.

    A portal with people in it is only replaced when told so, and then keeps a backup of itself in `scratch` first.
    """
    with said_plainly("Restoring"), path.open("rb") as file:
        tell("Checking the backup …")
        check_seal(file, path.stat().st_size)
        inhabited = _check_target(replace)
        with tempfile.TemporaryDirectory(dir=scratch, prefix=".restore-") as folder, _engine(Path(folder)) as aside:
            tell("Laying it out aside …")
            with _insides_trusted():
                counts = _lay_out(file, aside, tell)
            if inhabited and copy:
                kept = scratch / f"before-restore-{now():%Y%m%d-%H%M%S}.tar"
                backup(kept)
                tell(f"The portal as it is now is kept in {kept}")
            with closing(sqlite3.connect(Path(folder) / "files.sqlite3")) as known, _files_added(file, known):
                tell("Putting it in place …")
                _put_in_place(aside)
    return counts


# What reading such a file may come to.
STRANGE = (
    tarfile.TarError,
    gzip.BadGzipFile,
    zlib.error,
    EOFError,
    SQLAlchemyError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)


@contextmanager
def _insides_trusted() -> Iterator[None]:
    """Say in a sentence what a file that is sealed rightly, but not filled by the portal, may come to."""
    try:
        yield
    except STRANGE as error:
        raise Unusable(f"The backup contradicts itself and cannot be restored: {type(error).__name__}.") from error


def _check_target(replace: bool) -> bool:
    """Prepare an empty database; refuse one with people in it, unless it is to be replaced; tell whether it has any."""
    newest = known_revisions()[0]
    with reading(), db.engine.connect() as connection:
        revision = revision_of(connection)
        inhabited = revision is not None and connection.execute(text("SELECT 1 FROM person LIMIT 1")).first() is not None
        connection.rollback()
    if revision is None:
        _migrate(db.engine, newest)
    elif revision != newest:
        raise Unusable(f"The database is at schema {revision}, the portal at {newest}. First run: flask db upgrade")
    if inhabited and not replace:
        raise Unusable("There are people in this portal. To put the backup in its place, say --replace.")
    return inhabited


def _lay_out(file: IO[bytes], aside: Engine, tell: Callable[[str], None]) -> dict[str, Any]:
    """Load the rows into the scratch database, check them and bring them to today's schema; return the counts."""
    counts: dict[str, Any] = {}
    loaded: dict[str, int] = {}
    with aside.connect() as connection:
        for name, member in _members(file):
            if name == ABOUT:
                _begin_aside(aside, connection, json.loads(member.read()))
            elif found := TABLE.fullmatch(name):
                loaded[found[1]] = _load(connection, found[1], member)
                tell(f"{found[1]}: {loaded[found[1]]} rows")
            elif name == COUNTS:
                counts = json.loads(member.read())
        connection.commit()
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        connection.rollback()
    if broken or loaded != counts.get("tables"):
        raise Unusable("The backup contradicts itself: rows are missing. It cannot be restored.")
    _migrate(aside, known_revisions()[0])
    return counts


def _begin_aside(aside: Engine, connection: Connection, about: dict[str, Any]) -> None:
    """Make the tables that the backup was made from; refuse what a later version made."""
    if about.get("format") != FORMAT or about.get("schema") not in known_revisions():
        raise Unusable("The backup was made by a newer version of the portal. Update the portal first.")
    _migrate(aside, about["schema"])
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    # If the power fails, the scratch is of no use anyway.
    driver.execute("PRAGMA synchronous=OFF")


def _load(connection: Connection, name: str, member: IO[bytes]) -> int:
    with gzip.GzipFile(fileobj=member) as lines:
        columns = rows.Columns(**json.loads(lines.readline()))
        return rows.write(connection, name, columns, (json.loads(line) for line in lines))


def _put_in_place(aside: Engine) -> None:
    """Replace all rows of the portal in one transaction."""
    with aside.connect() as source, db.engine.connect() as target:
        driver: Any = target.connection.driver_connection
        if target.dialect.name == "sqlite":
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with target.begin():
                _empty(target)
                for table in Base.metadata.sorted_tables:
                    rows.write(target, table.name, rows.columns_of(table), rows.read(source, table))
                    rows.restart_ids(target, table)
        except SQLAlchemyError as error:
            raise Unusable(
                f"The database refused the rows: {getattr(error, 'orig', error)}. Nothing was changed."
            ) from error
        finally:
            if target.dialect.name == "sqlite":
                driver.execute("PRAGMA foreign_keys=ON")
            source.rollback()


def _empty(target: Connection) -> None:
    names = [f'"{table.name}"' for table in reversed(Base.metadata.sorted_tables)]
    if target.dialect.name == "postgresql":
        # Rather give up than queue everybody behind a lock that somebody holds.
        target.execute(text("SET LOCAL lock_timeout = '30s'"))
        target.execute(text(f"TRUNCATE {', '.join(names)}"))
        return
    for name in names:
        target.execute(text(f"DELETE FROM {name}"))  # noqa: S608


@contextmanager
def _files_added(file: IO[bytes], known: sqlite3.Connection) -> Iterator[None]:
    """Add the backup's files; afterwards take away those it lacks, or, if what follows fails, those that were added.

    Keys are listed in a scratch database, since there may be a million of them.
    """
    store = media()
    present = store.keys()
    known.execute("CREATE TABLE present (key TEXT PRIMARY KEY) WITHOUT ROWID")
    known.execute("CREATE TABLE added (key TEXT PRIMARY KEY) WITHOUT ROWID")
    known.executemany("INSERT INTO present VALUES (?)", ((key,) for key in present))
    try:
        for name, member in _members(file):
            if found := MEDIA.fullmatch(name):
                if known.execute("DELETE FROM present WHERE key = ?", (found[1],)).rowcount == 0:
                    known.execute("INSERT INTO added VALUES (?)", (found[1],))
                elif _same(member, store.open(found[1])):
                    continue
                member.seek(0)
                store.put(found[1], cast(BinaryIO, member))
        yield
    except BaseException:
        _delete(known, "added")
        raise
    _delete(known, "present")


def _delete(known: sqlite3.Connection, table: str) -> None:
    for (key,) in known.execute(f"SELECT key FROM {table}"):  # noqa: S608
        media().delete(key)


def _same(one: IO[bytes], other: IO[bytes]) -> bool:
    with other:
        while (here := one.read(CHUNK)) == other.read(CHUNK):
            if not here:
                return True
    return False


def _members(file: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the backup's parts in order: name and contents."""
    file.seek(0)
    with tarfile.open(fileobj=file, mode="r:") as tar:
        while (info := tar.next()) is not None:
            contents = tar.extractfile(info)
            if contents is None or not (
                info.name in (ABOUT, SUMS, COUNTS) or TABLE.fullmatch(info.name) or MEDIA.fullmatch(info.name)
            ):
                raise Unusable("This is not a backup of Ritm.")
            yield info.name, contents
            forget_members(tar)


@contextmanager
def _engine(folder: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{folder / 'rows.sqlite3'}", poolclass=NullPool)
    set_up(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def _migrate(engine: Engine, revision: str) -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    command.upgrade(config, revision)
