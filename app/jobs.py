"""Work that no request should wait for: letters, large imports, files that may go.

A job is a row, written in the transaction of the act that wants it: a rolled-back act leaves none, a committed one cannot
lose it. Huey (a SQLite file, or Redis) only carries the word "there is a job" to a worker at once; when a worker starts,
and once a minute, it looks for rows whose word was lost, whose hour has come, or whose worker died. Why this is so:
docs/decisions/0005-jobs.md.

What a task leaves uncommitted is committed together with the end of its job, and so takes place once, whatever dies when.
What it does besides (a letter, a commit of its own) it must recognise the second time. Tasks take ids, never rows, and
keep slow work out of the transaction, as requests do.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from flask import Flask
from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from sqlalchemy import JSON, Index, String, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UTCDateTime, after_transaction, insert_once, now, reading, writing
from app.extensions import Base, db

log = logging.getLogger(__name__)
# How long a worker may be silent before its job is given to another.
LEASE = timedelta(minutes=2)
# Half a minute, then 2, 8, 32 minutes, 2, 9, 36 hours: a mail server may be away for a night or a weekend.
FIRST_RETRY = timedelta(seconds=30)
ATTEMPTS = 8

_tasks: dict[str, Callable[..., Any]] = {}
_periods: dict[str, timedelta] = {}


class Job(Base):
    """A call that is still to be made; the row goes when it has been.

    `due_at` is when a worker may take it. Taking it moves `due_at` on by a lease, which the worker renews while it works:
    a job whose worker was killed comes due again by itself.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "failed_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(String(120))
    args: Mapped[list[Any]] = mapped_column(JSON)
    kwargs: Mapped[dict[str, Any]] = mapped_column(JSON)
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    # Given up; `flask jobs retry` tries again.
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The kind of the last error; what it says may hold what nobody else should read, and is only in the server's log.
    error: Mapped[str] = mapped_column(String(80), default="")


class Schedule(Base):
    """When a recurring task was last begun; the row that one process of many wins."""

    __tablename__ = "schedule"

    task: Mapped[str] = mapped_column(String(120), primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Claim(NamedTuple):
    """A job in a worker's hands: which of its attempts this is tells the worker from one that took over."""

    id: int
    task: str
    args: list[Any]
    kwargs: dict[str, Any]
    attempts: int


def task(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a module-level function a job; `later(app, function, …)` runs it after the commit, in an application context."""
    _tasks[_name(function)] = function
    return function


def every(period: timedelta) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function without arguments a job that begins anew after each period, once whatever the number of processes."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        _periods[_name(function)] = period
        return task(function)

    return register


def later(app: Flask, function: Callable[..., Any], *args: Any, after: timedelta = timedelta(), **kwargs: Any) -> None:
    """Write a job into the present transaction; a worker takes it once this is committed, and not before `after`.

    The arguments are kept as JSON.
    """
    name = _name(function)
    if name not in _tasks:
        raise LookupError(f"{name} is not a task")
    row = {"task": name, "args": list(args), "kwargs": kwargs, "due_at": now() + after}
    job_id = db.session.execute(insert(Job).values(**row).returning(Job.id)).scalar_one()
    if not after:
        after_transaction(committed=lambda: _send_word(app, job_id))


def init_app(app: Flask) -> None:
    """Open the queue that the configuration names."""
    huey = _queue(app)

    def run_one(job_id: int) -> None:
        run(app, job_id)

    def run_all() -> None:
        begin_schedules(app)
        run_due(app)

    wake = huey.task(name="ritm_job")(run_one)
    # A worker busy for ten minutes need not look ten times.
    huey.periodic_task(lambda _now: True, name="ritm_due", expires=55)(run_all)
    huey.on_startup(name="ritm_due")(run_all)
    app.extensions["jobs"] = (huey, wake)
    app.extensions["jobs_inside"] = None


def work(app: Flask, threads: int = 2) -> None:
    """Work off jobs until stopped, finishing what is in hand; what `flask worker` runs."""
    Consumer(_huey(app), workers=threads, graceful_signal="TERM", shutdown_timeout=30, **PACE).run()


def work_inside(app: Flask) -> None:
    """Work off jobs in a thread of this process; several processes share the work safely."""
    consumer = _Inside(_huey(app), workers=1, **PACE)
    consumer.start()
    app.extensions["jobs_inside"] = consumer


def stop_inside(app: Flask, seconds: float = 5) -> None:
    """Let the job in hand end before the process does; one that takes longer is taken up by another after its lease."""
    consumer = app.extensions["jobs_inside"]
    if consumer is not None:
        consumer.stop_flag.set()
        for _, thread in consumer.worker_threads:
            thread.join(seconds)


def begin_schedules(app: Flask) -> int:
    """Write the jobs of recurring tasks whose period is over; return how many this process began."""
    begun = 0
    for name, period in _periods.items():
        with app.app_context(), writing():
            moment = now()
            insert_once(Schedule, task=name, begun_at=datetime(2000, 1, 1, tzinfo=UTC))
            won = db.session.execute(
                update(Schedule).where(Schedule.task == name, Schedule.begun_at <= moment - period).values(begun_at=moment)
            )
            if won.rowcount:  # type: ignore[attr-defined]
                later(app, _tasks[name])
                begun += 1
            db.session.commit()
            db.session.remove()
    return begun


def run_due(app: Flask) -> int:
    """Run every job whose hour has come; return how many this worker took."""
    taken = 0
    while due := _due_ids(app):
        ran = sum(run(app, job_id) for job_id in due)
        if not ran:
            break
        taken += ran
    return taken


def run(app: Flask, job_id: int) -> bool:
    """Run a job if it is still to be run and nobody else has it; tell whether it was taken."""
    with app.app_context(), writing():
        try:
            claim = _claim(job_id)
            if claim is None:
                return False
            with _lease_kept(app, claim):
                _call(claim)
        finally:
            db.session.remove()
    return True


def _call(claim: Claim) -> None:
    try:
        _tasks[claim.task](*claim.args, **claim.kwargs)
        done = db.session.execute(delete(Job).where(*_mine(claim)))
        if done.rowcount:  # type: ignore[attr-defined]
            db.session.commit()
        else:
            # Another worker took over while this one was held up; what it did not commit is the other's to do.
            db.session.rollback()
            log.warning("job %s %s: taken over by another worker", claim.id, claim.task)
    except Exception as error:
        db.session.rollback()
        log.exception("job %s %s failed, attempt %s", claim.id, claim.task, claim.attempts)
        _put_off(claim, type(error).__name__)


def _claim(job_id: int) -> Claim | None:
    """Take the job with one conditional UPDATE, which one worker of many wins on both databases."""
    moment = now()
    row = db.session.execute(
        update(Job)
        .where(Job.id == job_id, Job.due_at <= moment, Job.failed_at.is_(None))
        .values(due_at=moment + LEASE, attempts=Job.attempts + 1)
        .returning(Job.id, Job.task, Job.args, Job.kwargs, Job.attempts)
    ).first()
    if row is not None and row.attempts > ATTEMPTS:
        # Its worker died each time, and would again.
        db.session.execute(update(Job).where(Job.id == job_id).values(failed_at=moment, error="WorkerDied"))
        row = None
    db.session.commit()
    return None if row is None else Claim(*row)


def _put_off(claim: Claim, error: str) -> None:
    """Let a failed job come due later and later, or give it up."""
    wait = FIRST_RETRY * 4 ** (claim.attempts - 1)
    given_up = now() if claim.attempts >= ATTEMPTS else None
    db.session.execute(update(Job).where(*_mine(claim)).values(due_at=now() + wait, failed_at=given_up, error=error[:80]))
    db.session.commit()


def _mine(claim: Claim) -> tuple[Any, Any]:
    return Job.id == claim.id, Job.attempts == claim.attempts


@contextmanager
def _lease_kept(app: Flask, claim: Claim) -> Iterator[None]:
    """Renew the lease while the job is being worked on; when the process dies, so does this."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(LEASE.total_seconds() / 4):
            try:
                with app.app_context(), writing():
                    db.session.execute(update(Job).where(*_mine(claim)).values(due_at=now() + LEASE))
                    db.session.commit()
            except Exception:
                # The job itself may hold the write lock for a while; the next renewal will do.
                log.warning("job %s: could not renew the lease", claim.id, exc_info=True)

    thread = threading.Thread(target=renew, name=f"lease-{claim.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()


def _due_ids(app: Flask) -> list[int]:
    with app.app_context(), reading():
        due = select(Job.id).where(Job.failed_at.is_(None), Job.due_at <= now()).order_by(Job.due_at, Job.id).limit(100)
        ids = list(db.session.scalars(due))
        db.session.rollback()
        return ids


def _send_word(app: Flask, job_id: int) -> None:
    """Tell a worker of a job that was just committed; if the word gets lost, the job is found within a minute."""
    try:
        app.extensions["jobs"][1](job_id)
    except Exception:
        log.warning("job %s: the queue is away", job_id, exc_info=True)


def _queue(app: Flask) -> Huey:
    if app.config["REDIS_URL"]:
        return RedisHuey("ritm", url=app.config["REDIS_URL"], results=False)
    if app.testing and not app.config.get("QUEUE_FILE"):
        return MemoryHuey("ritm", immediate=True, results=False)
    file = app.config.get("QUEUE_FILE") or app.config["DATA_DIR"] / "jobs.sqlite3"
    return SqliteHuey("ritm", filename=str(file), results=False, cache_mb=1)


def _huey(app: Flask) -> Huey:
    huey: Huey = app.extensions["jobs"][0]
    return huey


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__name__}"


# A letter leaves within two seconds; nothing is ever put on Huey's own schedule.
PACE: dict[str, Any] = {"max_delay": 2.0, "scheduler_interval": 10}


class _Inside(Consumer):
    """Huey's consumer as a guest: signals belong to the server that it runs in."""

    def _set_signal_handlers(self) -> None:
        pass
