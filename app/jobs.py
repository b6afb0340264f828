"""Work that no request should wait for: letters, large imports.

Huey keeps the queue in a SQLite file or in Redis; by default a thread of the serving process works it off, so that a
small company runs one command. Tasks take ids, never rows, and do nothing the second time.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer

from app.database import after_transaction
from app.extensions import db

log = logging.getLogger(__name__)
_tasks: dict[str, Callable[..., Any]] = {}


def task(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a module-level function a job; `later(function, …)` runs it after the commit, inside an application context."""
    _tasks[f"{function.__module__}.{function.__name__}"] = function
    return function


def init_app(app: Flask) -> None:
    """Open the queue that the configuration names."""
    huey: Huey
    if app.testing and not app.config.get("QUEUE_FILE"):
        huey = MemoryHuey("ritm", immediate=True)
    elif app.config["REDIS_URL"]:
        huey = RedisHuey("ritm", url=app.config["REDIS_URL"])
    else:
        huey = SqliteHuey("ritm", filename=str(app.config.get("QUEUE_FILE") or app.config["DATA_DIR"] / "jobs.sqlite3"))

    def run(name: str, args: list[Any], kwargs: dict[str, Any]) -> None:
        with app.app_context():
            try:
                _tasks[name](*args, **kwargs)
            finally:
                db.session.remove()

    app.extensions["jobs"] = (huey, huey.task(retries=5, retry_delay=30, name="ritm_run")(run))


def later(app: Flask, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Queue a job once the present transaction has been committed; a rolled-back act leaves no letter behind."""
    name = f"{function.__module__}.{function.__name__}"
    if name not in _tasks:
        raise LookupError(f"{name} is not a task")
    enqueue = app.extensions["jobs"][1]
    after_transaction(committed=lambda: enqueue(name, list(args), kwargs))


def work(app: Flask, threads: int = 2) -> None:
    """Work off the queue until stopped; what `flask worker` runs."""
    huey, _ = app.extensions["jobs"]
    Consumer(huey, workers=threads, periodic=False).run()


def work_inside(app: Flask) -> None:
    """Work off the queue in a thread of this process; several processes share one queue safely."""
    huey, _ = app.extensions["jobs"]

    def loop() -> None:
        idle = 0.1
        while True:
            try:
                job = huey.dequeue()
                if job is None:
                    schedule = huey.read_schedule()
                    for due in schedule:
                        huey.enqueue(due)
                    idle = min(2.0, idle * 1.5)
                    stop.wait(idle)
                else:
                    idle = 0.1
                    huey.execute(job)
            except Exception:
                log.exception("a job failed")
                stop.wait(2)

    stop = threading.Event()
    threading.Thread(target=loop, name="jobs", daemon=True).start()
