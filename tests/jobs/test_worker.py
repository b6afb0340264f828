"""Workers in processes of their own: killed in the middle, many at once, by SQLite's queue and by a real Redis."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app import create_app
from app.content.models import Topic
from app.database import now
from app.extensions import db
from app.jobs import Job, later, run_due
from tests import servers
from tests.conftest import SECRET, Portal, TestConfig
from tests.jobs import tasks


@contextmanager
def worker(portal: Portal, folder: Path, redis: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker on the portal's database."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.worker"],
        cwd=servers.ROOT,
        env={
            **os.environ,
            "RITM_DATA_DIR": str(folder),
            "RITM_DATABASE_URL": portal.app.config["SQLALCHEMY_DATABASE_URI"],
            "RITM_SECRET_KEY": SECRET,
            "RITM_REDIS_URL": redis,
        },
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)


def sender(portal: Portal, folder: Path, redis: str = "") -> Portal:
    """Return the portal as a serving process sees it: jobs go to the queue and are not run here."""
    config = TestConfig(portal.app.config["DATA_DIR"], portal.app.config["SQLALCHEMY_DATABASE_URI"])
    config.REDIS_URL = redis
    config.QUEUE_FILE = folder / "jobs.sqlite3"
    return Portal(create_app(config))


def queue(portal: Portal, function: Callable[..., None], *args: str) -> None:
    with portal.context():
        later(portal.app, function, *args)
        db.session.commit()


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something holds; fail if it never does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def test_a_job_whose_worker_is_killed_is_taken_up_and_done_once(bare, tmp_path):
    sending = sender(bare, tmp_path)
    with worker(bare, tmp_path) as first:
        queue(sending, tasks.leave_mark_slowly, "glass", str(tmp_path))
        until((tmp_path / "glass.begun").exists)
        first.send_signal(signal.SIGKILL)
        first.wait(20)
    assert bare.count(Topic) == 0
    # A worker also begins what recurs by itself.
    assert bare.count(Job, Job.task.contains("leave_mark")) == 1
    (tmp_path / "gate").write_text("")
    # The lease of two minutes runs out.
    bare.run(lambda: db.session.execute(update(Job).values(due_at=now() - timedelta(seconds=1))))
    with worker(bare, tmp_path):
        until(lambda: bare.count(Job) == 0)
    assert bare.count(Topic) == 1


def test_a_job_without_word_in_the_queue_is_found(bare, tmp_path):
    sending = sender(bare, tmp_path)
    queue(sending, tasks.leave_mark, "glass")
    (tmp_path / "jobs.sqlite3").unlink()
    with worker(bare, tmp_path):
        until(lambda: bare.count(Topic) == 1)


def test_a_worker_told_to_stop_finishes_what_it_has_in_hand(bare, tmp_path):
    sending = sender(bare, tmp_path)
    with worker(bare, tmp_path) as first:
        queue(sending, tasks.leave_mark_slowly, "glass", str(tmp_path))
        until((tmp_path / "glass.begun").exists)
        first.terminate()
        (tmp_path / "gate").write_text("")
        assert first.wait(30) == 0
    assert bare.count(Topic) == 1
    assert bare.count(Job) == 0


def test_many_workers_do_each_job_once(bare):
    names = [f"job-{n}" for n in range(40)]
    with bare.context():
        db.session.add_all(Job(task="tests.jobs.tasks.leave_mark", args=[name], kwargs={}) for name in names)
        db.session.commit()
    taken: list[int] = []
    threads = [threading.Thread(target=lambda: taken.append(run_due(bare.app))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert bare.count(Job) == 0
    assert {slug for (slug,) in bare.rows(select(Topic.slug))} == set(names)
    assert sum(taken) == len(names)


@pytest.mark.skipif(not shutil.which("redis-server"), reason="Redis is not installed")
def test_jobs_travel_through_a_real_redis(bare, tmp_path):
    with servers.redis(tmp_path / "redis") as (address, server):
        sending = sender(bare, tmp_path, address)
        with worker(bare, tmp_path, address):
            queue(sending, tasks.leave_mark, "first")
            until(lambda: bare.count(Topic) == 1)
        # Redis away: the act is committed all the same, and the job is found without word.
        server.terminate()
        server.wait(20)
        queue(sending, tasks.leave_mark, "second")
    assert bare.count(Job, Job.task.contains("leave_mark")) == 1
    # What recurs may have been left behind too.
    assert run_due(bare.app) >= 1
    assert bare.count(Topic) == 2
