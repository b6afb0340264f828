"""A worker killed in the middle of a staff list, by the power: another takes it up, and everybody is there once."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select, update

from app import create_app
from app.database import now
from app.extensions import db
from app.jobs import Job
from app.people import import_runs
from app.people.imports import StaffImport, StaffImportChange
from app.people.models import Change, Person, Store
from tests import servers
from tests.conftest import SECRET, Portal, TestConfig
from tests.imports.acts import as_csv
from tests.jobs.test_worker import until

PEOPLE = 2000
NUMBERS = [str(500_000 + number) for number in range(PEOPLE)]


@contextmanager
def worker(portal):
    """Run `flask worker`, as a company does."""
    environment = {
        **os.environ,
        "RITM_DATA_DIR": str(portal.app.config["DATA_DIR"]),
        "RITM_DATABASE_URL": portal.app.config["SQLALCHEMY_DATABASE_URI"],
        "RITM_SECRET_KEY": SECRET,
    }
    process = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "worker"], cwd=servers.ROOT, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)


def with_queue(portal):
    """Return the portal as a server sees it whose jobs are a worker's: nothing is run here."""
    config = TestConfig(portal.app.config["DATA_DIR"], portal.app.config["SQLALCHEMY_DATABASE_URI"])
    config.QUEUE_FILE = config.DATA_DIR / "jobs.sqlite3"
    config.QUEUE_FILE.unlink(missing_ok=True)
    return Portal(create_app(config))


def status(portal):
    return portal.one(select(StaffImport.status))


def in_hand(portal):
    """Tell whether a worker has the list's job, which it is not done with."""
    return portal.count(Job, Job.task.contains("import"), Job.attempts > 0) == 1


def killed_in_the_middle(portal, stays):
    with worker(portal) as process:
        until(lambda: in_hand(portal))
        process.kill()
        process.wait(20)
    assert status(portal) == stays and in_hand(portal), "it was over before it could be killed"
    # The lease of two minutes runs out.
    portal.run(lambda: db.session.execute(update(Job).values(due_at=now() - timedelta(seconds=1))))


def test_killed_while_reading_and_while_applying(portal):
    place = ["Пермь", "Планета", "Продавец", "01.11.2026", "", "", ""]
    rows = [[number, f"Пак {'Ян' * (at % 5 + 1)} Викторович", *place] for at, number in enumerate(NUMBERS)]
    sending, hana = with_queue(portal), portal.cast.hana.id
    sending.run(lambda: import_runs.upload("list.csv", as_csv(*rows), on=None, absent="keep", actor_id=hana))
    killed_in_the_middle(portal, "reading")
    with worker(portal):
        until(lambda: status(portal) == "ready")
    assert portal.count(StaffImportChange) == PEOPLE
    sending.run(lambda: import_runs.confirm(db.session.scalars(select(StaffImport)).one()))
    killed_in_the_middle(portal, "applying")
    assert portal.count(Person, Person.personnel_number.in_(NUMBERS)) in (0, PEOPLE), "half of a list went in"
    with worker(portal):
        until(lambda: status(portal) == "applied" and not in_hand(portal))
    assert portal.count(Person, Person.personnel_number.in_(NUMBERS)) == PEOPLE
    assert portal.count(StaffImportChange) == PEOPLE == portal.count(Change, Change.verb == "person.hired")
    assert portal.count(Change, Change.verb == "import.applied") == portal.count(Store, Store.name == "Планета") == 1
