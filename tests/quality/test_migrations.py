"""Migrations go up and down on both databases with rows in every table, and survive being killed.

The harness knows no revision by name: it walks them all, so a new one is tested by existing. A migration that changes
rows on purpose says so in `CHANGES`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, text

from app import create_app
from app.database import MIGRATIONS
from app.extensions import Base, db
from tests.conftest import TestConfig
from tests.quality.databases import DERIVED, everything, fill_empty_tables, fresh_address, orphans, partial_indexes, shape

ROOT = Path(__file__).resolve().parent.parent.parent
# {revision: {"table.column", …}} whose values that revision changes in existing rows, going up or down.
CHANGES: dict[str, set[str]] = {}
# Runs `flask db upgrade` and dies, as by a power cut, right before the statement of a given number.
KILLER = """
import os, signal, sys
from sqlalchemy import Engine, event
from flask_migrate import upgrade
from app import create_app
left = int(sys.argv[1])
app = create_app()
@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, *_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
with app.app_context():
    upgrade()
print("finished")
"""


def revisions() -> list[str]:
    """Return all revisions, the first one first."""
    script = ScriptDirectory(str(MIGRATIONS))
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """Yield the address of an empty database of each kind."""
    server = request.getfixturevalue("postgresql_address") if request.param == "postgresql" else None
    with fresh_address(request.param, tmp_path / "database", server) as made:
        yield made


@pytest.fixture
def app(address, tmp_path):
    """Yield an application on that empty database."""
    made = create_app(TestConfig(tmp_path, address))
    with made.app_context():
        yield made
        db.engine.dispose()


def test_history_is_one_line():
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_up_down_and_up_again_with_rows(app):
    line = revisions()
    for number, revision in enumerate(line):
        upgrade(revision=revision)
        with db.engine.begin() as connection:
            fill_empty_tables(connection)
            before = everything(connection)
        assert all(before.values()), f"no row in {[name for name, rows in before.items() if not rows]}"
        if number + 1 < len(line):
            following = line[number + 1]
            upgrade(revision=following)
            _assert_kept(before, following)
            downgrade(revision=revision)
            _assert_kept(before, following)
    downgrade(revision="base")
    with db.engine.connect() as connection:
        left = set(inspect(connection).get_table_names()) - {"alembic_version"}
    assert not left, f"downgrade leaves {left}"
    upgrade()
    with db.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) >= Base.metadata.tables.keys()


def _assert_kept(before, revision):
    with db.engine.connect() as connection:
        after = everything(connection)
    assert not orphans(db.engine)
    changed = CHANGES.get(revision, set())
    for table, rows in before.items():
        if table in after:
            common = [c for c in rows[0] if f"{table}.{c}" not in changed and (not after[table] or c in after[table][0])]
            was = [{name: row[name] for name in common} for row in rows]
            now = [{name: row[name] for name in common} for row in after[table]]
            assert now == was, f"{revision} changes rows of {table}; if it is meant to, say so in CHANGES"


def test_migrations_make_what_the_models_say(app, tmp_path, request):
    """The schema that migrations make equals the one that the models describe, to the last check and index."""
    upgrade()
    kind = db.engine.dialect.name
    server = request.getfixturevalue("postgresql_address") if kind == "postgresql" else None
    with fresh_address(kind, tmp_path / "models", server) as address:
        engine = create_engine(address)
        Base.metadata.create_all(engine)
        with engine.connect() as described, db.engine.connect() as migrated:
            wanted, made = shape(described), shape(migrated)
            assert made.keys() == wanted.keys() | DERIVED, f"tables: {made.keys() ^ wanted.keys()}"
            for table in wanted:
                for part in wanted[table]:
                    assert made[table][part] == wanted[table][part], f"{table}: {part}"
            assert partial_indexes(migrated) == partial_indexes(described)
        engine.dispose()


@pytest.mark.parametrize("statement", [3, 20, 45, 70])
def test_killed_in_the_middle_and_run_again(address, tmp_path, statement):
    environment = {
        **os.environ,
        "RITM_DATABASE_URL": address,
        "RITM_DATA_DIR": str(tmp_path),
        "RITM_SECRET_KEY": "for this test only, nothing else",
    }
    killed = subprocess.run(
        [sys.executable, "-c", KILLER, str(statement)], env=environment, cwd=ROOT, capture_output=True, check=False
    )
    assert killed.returncode == -9, killed.stderr.decode()[-2000:]
    app = create_app(TestConfig(tmp_path, address))
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            assert set(inspect(connection).get_table_names()) >= Base.metadata.tables.keys()
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == revisions()[-1]
        with db.engine.begin() as connection:
            fill_empty_tables(connection)
        db.engine.dispose()


def test_starting_twice_at_once_migrates_once(address, tmp_path):
    """Two machines that start at the same moment both find the schema whole in the end."""
    environment = {
        **os.environ,
        "RITM_DATABASE_URL": address,
        "RITM_DATA_DIR": str(tmp_path),
        "RITM_SECRET_KEY": "for this test only, nothing else",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    both = [subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    errors = [process.communicate(timeout=120)[1].decode()[-1500:] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
