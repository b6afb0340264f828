"""A company served by real processes on each kind of database, kept for the whole run.

What races in threads of one process may be saved by that process: its locks, its caches, its one connection. Here many
browsers send at once over real sockets to a gunicorn of two processes, as a company runs it. Nothing is cleaned between
the tests: each makes what it looks at, as in a portal that lives.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import create_engine, delete, or_, select, text

from app.activity import Activity
from app.content.models import Entry
from app.database import now
from app.extensions import db
from app.jobs import Job
from app.people.access import Attempt
from app.people.models import Person
from tests.content import making
from tests.doors import at_once
from tests.quality.wire import Company, Reply, Wire
from tests.servers import Gunicorn, running

CROWD = 30


class Served:
    """A company, the server before it, and crowds that press the same button at once."""

    def __init__(self, company: Company, server: Gunicorn) -> None:
        self.company, self.server = company, server
        self.portal, self.cast, self.address = company.portal, company.portal.cast, server.address

    def browser(self, who: str | None = None, **cookies: str) -> Wire:
        """Return a browser of somebody of the cast, or a stranger's."""
        return self.company.wire(self.address, who) if who else self.company.stranger(self.address, **cookies)

    def browser_of(self, person: Any) -> Wire:
        """Return the browser of somebody who is not of the cast."""
        return Wire(self.company.app, self.address, self.portal.token(person))

    def crowd(self, *acts: Callable[[], Reply], times: int = CROWD) -> list[Reply]:
        """Let so many do something at once, by turns one act or another; no answer may be a failure of the server."""
        replies = at_once([acts[number % len(acts)] for number in range(times)])
        assert None not in replies, "somebody got no answer"
        assert not [reply.text[:2000] for reply in replies if reply.status >= 500]
        return replies

    def post(self, author: str = "ann", **more: Any) -> int:
        """Let somebody have published a post."""
        return making.post(self.portal, getattr(self.cast, author), **more)

    def entry(self, entry_id: int) -> Any:
        """Return an entry as it is now."""
        return self.portal.one(select(Entry).where(Entry.id == entry_id))

    def acts(self, verb: str, subject_id: int) -> int:
        """Count what was recorded of a thing."""
        return self.portal.count(Activity, Activity.verb == verb, Activity.subject_id == subject_id)

    def newcomer(self, **more: Any) -> Any:
        """Take somebody on at ann's store who is in no other test."""
        number = str(secrets.randbelow(10**9) + 10**9)
        person = Person(
            personnel_number=number, number_key=number, last_name="Новикова", first_name="Нина", name_key="новикова нина",
            store_id=self.cast.ann.store_id, position="seller", hired_on=date(2024, 3, 1), **more,
        )  # fmt: skip

        def add() -> Any:
            db.session.add(person)
            db.session.flush()
            return SimpleNamespace(id=person.id, store_id=person.store_id, number=number)

        return self.portal.run(add)

    def until(self, true: Callable[[], Any], seconds: float = 40) -> None:
        """Wait until something holds; fail if it never does."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it never came"
            time.sleep(0.05)

    def until_jobs_are_done(self) -> None:
        """Wait until the serving processes have worked off what acts left behind, but for what is to be done later."""
        self.until(lambda: self.portal.count(Job, or_(Job.attempts > 0, Job.due_at <= now())) == 0)


@contextmanager
def _serving(folder: Path, database: str) -> Iterator[Served]:
    company = Company(folder, database)
    with running(Gunicorn(company.environment, workers=2, log=folder / "log")) as server:
        yield Served(company, server)
    company.close()


@pytest.fixture(scope="session")
def on_sqlite(scratch: Path) -> Iterator[Served]:
    """Serve a company on SQLite."""
    folder = scratch / "served-sqlite"
    with _serving(folder, f"sqlite:///{folder / 'ritm.sqlite3'}") as served:
        yield served


@pytest.fixture(scope="session")
def on_postgresql(scratch: Path, postgresql_address: str) -> Iterator[Served]:
    """Serve a company on a PostgreSQL database of its own; it goes with the suite's server."""
    control = create_engine(postgresql_address, isolation_level="AUTOCOMMIT")
    with control.connect() as connection:
        connection.execute(text("CREATE DATABASE served"))
    control.dispose()
    with _serving(scratch / "served-postgresql", postgresql_address.rsplit("/", 1)[0] + "/served") as served:
        yield served


@pytest.fixture(params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Return the company on each kind of database; its server's log must hold no traceback of the test's doing."""
    found: Served = request.getfixturevalue(f"on_{request.param}")
    log = found.company.folder / "log"
    before = log.stat().st_size
    yield found
    found.portal.run(lambda: db.session.execute(delete(Attempt)))
    written = log.read_bytes()[before:].decode()
    assert "Traceback" not in written, written[-4000:]
