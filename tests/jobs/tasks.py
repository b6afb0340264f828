"""Tasks of the tests, known to the tests' own process and to the workers that it starts."""

import time
from pathlib import Path

from app.content.models import Topic
from app.extensions import db
from app.jobs import task


@task
def leave_mark(name: str) -> None:
    """Write one row and leave the commit to the runner."""
    db.session.add(Topic(slug=name, name=name))


@task
def leave_mark_slowly(name: str, folder: str) -> None:
    """Say that work has begun, wait until somebody opens the gate, then write."""
    (Path(folder) / f"{name}.begun").write_text("")
    while not (Path(folder) / "gate").exists():
        time.sleep(0.02)
    db.session.add(Topic(slug=name, name=name))


@task
def fail(name: str) -> None:
    """Write a row, then break: the row must not stay."""
    db.session.add(Topic(slug=name, name=name))
    db.session.flush()
    raise ValueError("a canary that belongs in the server's log alone")
