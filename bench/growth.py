"""The same company a hundred times as old: its rows copied by the database itself, two million posts in a minute.

Copies are older than what they are copied from and are for the same audiences, so a page shows the same entries before and
after: what differs is only how much lies beneath. The log, the complaints, the stores and the staff list grow likewise.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

DATABASE = "ritm.sqlite3"
# The company of the demo is two years old; each copy is so much older than the one before.
DAYS = 730
# Of what hangs on entries one copy in four, since more would only fill the disk; and of complaints those that are decided,
# since of one person and one thing only one may be open.
WHICH = {"comment": "WHERE k % 4 = 0", "reaction": "WHERE k % 4 = 0", "report": "WHERE resolved_at IS NOT NULL"}
TABLES = ("entry", "comment", "reaction", "entry_topic", "change", "report", "store", "person")
# What a copy does not take along: it must be unique, or would stand on top of pages.
LEFT_OUT = {"nonce", "pinned_at", "login", "badge_hash"}
# Keys that nobody of the company has: of one audience, and of so many, each of them with a few of the oldest entries.
APART, MANY, EACH = ("group:9001", "group:9002"), 300, 30
# A demo's log is short; so many lines and decided complaints stand in it before it grows.
CHANGES, REPORTS = 10_000, 300


def prepare(folder: Path) -> None:
    """Add what the demo has little of: lines of the log and decided complaints."""
    ago = "strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || n || ' hours') || '000'"
    changes = f"SELECT {ago}, 1 + n % 400, 'person.moved', 'person', 1 + n % 400, 'Иванова Ольга, 01146', '{{}}'"
    reports = f"SELECT n * 7, 1 + n % 400, 'other', '', {ago}, {ago}, 4, 'kept'"
    with closing(sqlite3.connect(folder / DATABASE)) as base:
        base.execute(
            f"{_numbers(CHANGES)} INSERT INTO change (at, actor_id, verb, subject_kind, subject_id, subject_name, details) "
            f"{changes} FROM numbers ORDER BY n DESC"
        )
        base.execute(
            f"{_numbers(REPORTS)} INSERT INTO report "
            "(entry_id, reporter_id, reason, text, created_at, resolved_at, resolved_by_id, decision) "
            f"{reports} FROM numbers ORDER BY n DESC"
        )
        base.commit()


def grow(source: Path, target: Path, times: int) -> None:
    """Make `target` from `source`, with `times` as many rows in each of TABLES."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source / "media", target / "media", dirs_exist_ok=True)
    with closing(sqlite3.connect(source / DATABASE)) as base, closing(sqlite3.connect(target / DATABASE)) as copy:
        base.backup(copy)
    with closing(sqlite3.connect(target / DATABASE, isolation_level=None)) as base:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
            base.execute(f"PRAGMA {pragma}")
        indexes = _take_indexes(base)
        highest = {
            table: base.execute(f"SELECT max(id) FROM {table}").fetchone()[0] for table in TABLES if _has_id(base, table)
        }
        base.execute("BEGIN")
        base.execute(f"CREATE TEMP TABLE copy AS {_numbers(times - 1)} SELECT n AS k FROM numbers")
        for table in TABLES:
            _copy(base, table, highest)
        _set_apart(base)
        base.execute("COMMIT")
        for statement in indexes:
            base.execute(statement)
        base.execute("ANALYZE")
        base.execute("PRAGMA journal_mode=WAL")


def _copy(base: sqlite3.Connection, table: str, highest: dict[str, int]) -> None:
    """Copy the rows of a table under new ids; what belongs to an entry belongs to the entry's copy."""
    steps = {"id": highest.get(table), "entry_id": highest["entry"], "parent_id": highest["comment"]}
    if table == "person":
        # As many stores again, for the more people; a chain does not grow by filling its stores.
        steps["store_id"] = highest["store"]
    values = {}
    for column in _columns(base, table):
        if column in steps:
            values[column] = f"{column} + k * {steps[column]}"
        elif column in ("published_at", "created_at", "at", "resolved_at"):
            values[column] = f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-' || (k * {DAYS}) || ' days') || '000'"
        elif column in ("number_key", "personnel_number", "key"):
            values[column] = f"{column} || '-' || k"
        elif column not in LEFT_OUT:
            values[column] = column
    rows = f"FROM copy, {table} {WHICH.get(table, '')}"
    base.execute(f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} {rows}")


def _set_apart(base: sqlite3.Connection) -> None:
    """Give some of the oldest entries to audiences with the keys of APART."""
    oldest = base.execute("SELECT min(id) FROM entry WHERE id > (SELECT max(id) * 9 / 10 FROM entry)").fetchone()[0]
    first = base.execute("SELECT max(id) + 1 FROM audience").fetchone()[0]
    few, many = APART
    for number in range(1 + MANY):
        base.execute("INSERT INTO audience (id, spec) VALUES (?, ?)", (first + number, f"set apart {number}"))
        key = few if number == 0 else many
        base.execute("INSERT INTO audience_key (audience_id, key) VALUES (?, ?)", (first + number, key))
        begin = oldest + number * EACH
        base.execute("UPDATE entry SET audience_id = ? WHERE id BETWEEN ? AND ?", (first + number, begin, begin + EACH - 1))


def _take_indexes(base: sqlite3.Connection) -> list[str]:
    """Drop the indexes of the tables that grow, and return what makes them again: once is faster than row by row."""
    marks = ", ".join("?" for _ in TABLES)
    query = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})"
    found = base.execute(query, TABLES).fetchall()
    for name, _sql in found:
        base.execute(f"DROP INDEX {name}")
    return [sql for _name, sql in found]


def _columns(base: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in base.execute(f"PRAGMA table_info({table})")]


def _has_id(base: sqlite3.Connection, table: str) -> bool:
    return "id" in _columns(base, table)


def _numbers(count: int) -> str:
    return f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
