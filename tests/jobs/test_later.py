"""A job belongs to the transaction that wants it, runs once after it, and is tried again when it fails."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import jobs
from app.content.models import Topic
from app.database import move_clock, now
from app.extensions import db
from app.jobs import ATTEMPTS, Job, later
from tests.jobs import tasks


def test_a_job_runs_after_the_commit_and_its_row_goes(bare):
    with bare.context():
        later(bare.app, tasks.leave_mark, "glass")
        assert db.session.scalars(select(Topic)).all() == []
        db.session.commit()
    assert bare.count(Topic) == 1
    assert bare.count(Job) == 0


def test_a_rolled_back_act_leaves_no_job(bare):
    with bare.context():
        later(bare.app, tasks.leave_mark, "glass")
        db.session.rollback()
        # The next commit of the same session must not find the former job.
        db.session.add(Topic(slug="other", name="other"))
        db.session.commit()
    assert bare.count(Job) == 0
    assert bare.rows(select(Topic.slug)) == [("other",)]


def test_a_savepoint_neither_sends_a_job_early_nor_loses_it(bare):
    with bare.context():
        later(bare.app, tasks.leave_mark, "kept")
        with db.session.begin_nested():
            later(bare.app, tasks.leave_mark, "inner")
        try:
            with db.session.begin_nested():
                later(bare.app, tasks.leave_mark, "undone")
                raise ValueError
        except ValueError:
            pass
        assert db.session.scalars(select(Topic.slug)).all() == []
        db.session.commit()
    assert {slug for (slug,) in bare.rows(select(Topic.slug))} == {"kept", "inner"}
    assert bare.count(Job) == 0


def test_a_delayed_job_waits_for_its_hour(bare):
    with bare.context():
        later(bare.app, tasks.leave_mark, "glass", after=timedelta(hours=1))
        db.session.commit()
    assert jobs.run_due(bare.app) == 0
    move_clock(timedelta(hours=1, seconds=1))
    assert jobs.run_due(bare.app) == 1
    assert bare.count(Topic) == 1


def test_a_failed_job_leaves_nothing_and_comes_later_and_later(bare, caplog):
    caplog.set_level(logging.CRITICAL)
    with bare.context():
        later(bare.app, tasks.fail, "glass")
        db.session.commit()
    waits = []
    for attempt in range(1, ATTEMPTS):
        assert bare.count(Topic) == 0
        assert bare.one(select(Job.attempts)) == attempt
        assert jobs.run_due(bare.app) == 0, "not due yet"
        wait = bare.one(select(Job.due_at)) - now()
        waits.append(round(wait.total_seconds()))
        move_clock(bare.one(select(Job.due_at)) - now() + _ahead())
        assert jobs.run_due(bare.app) == 1
    assert waits == [30 * 4**n for n in range(ATTEMPTS - 1)]
    job = bare.rows(select(Job.failed_at, Job.error, Job.attempts))[0]
    assert job.failed_at is not None
    assert job.error == "ValueError"
    assert job.attempts == ATTEMPTS


def test_what_was_given_up_is_listed_and_tried_again(bare, caplog):
    caplog.set_level(logging.CRITICAL)
    with bare.context():
        db.session.add(Job(task="tests.jobs.tasks.leave_mark", args=["glass"], kwargs={}, failed_at=now(), error="OSError"))
        db.session.commit()
    run = bare.app.test_cli_runner().invoke
    assert "tests.jobs.tasks.leave_mark  OSError" in run(args=["jobs", "list"]).output
    assert "1 jobs will be tried again" in run(args=["jobs", "retry"]).output
    assert jobs.run_due(bare.app) == 1
    assert bare.count(Topic) == 1
    assert "No jobs wait." in run(args=["jobs", "list"]).output


def test_a_job_that_kills_its_worker_each_time_is_given_up(bare):
    with bare.context():
        db.session.add(Job(task="tests.jobs.tasks.leave_mark", args=["glass"], kwargs={}, attempts=ATTEMPTS))
        db.session.commit()
    jobs.run_due(bare.app)
    assert bare.one(select(Job.error)) == "WorkerDied"
    assert bare.count(Topic) == 0


def test_a_job_taken_over_by_another_worker_is_not_done_twice(bare, caplog):
    caplog.set_level(logging.CRITICAL)
    with bare.context():
        db.session.add(Job(task="tests.jobs.tasks.leave_mark", args=["glass"], kwargs={}))
        db.session.commit()
        job_id = db.session.scalar(select(Job.id))
        db.session.rollback()
        slow = jobs._claim(job_id)
        assert slow is not None
        assert jobs._claim(job_id) is None, "leased"
        move_clock(jobs.LEASE + timedelta(seconds=1))
        fast = jobs._claim(job_id)
        assert fast is not None
        jobs._call(fast)
        jobs._call(slow)
    assert bare.count(Topic) == 1
    assert bare.count(Job) == 0


def test_only_tasks_can_be_queued(bare):
    with bare.context(), pytest.raises(LookupError):
        later(bare.app, logging.getLogger, "glass")


def _ahead() -> timedelta:
    from datetime import UTC, datetime  # noqa: PLC0415

    return now() - datetime.now(UTC)
