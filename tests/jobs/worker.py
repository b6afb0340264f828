"""A worker in a process of its own, which knows the tests' tasks; settings come from the environment."""

from app import create_app, jobs
from tests.jobs import tasks

if __name__ == "__main__":
    assert tasks.leave_mark
    jobs.work(create_app(), threads=2)
