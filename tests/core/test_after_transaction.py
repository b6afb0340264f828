"""What is done outside of the database waits for the outermost transaction; savepoints decide nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app import jobs
from app.database import after_transaction, move_clock
from app.extensions import db
from app.media import drop, keep, media
from app.people.models import Person

KEY = "avatar/ab/abcd-96.webp"


@pytest.fixture
def said(portal):
    with portal.context():
        heard: list[str] = []
        after_transaction(lambda: heard.append("committed"), lambda: heard.append("rolled back"))
        yield heard


def test_savepoints_decide_nothing(said):
    with db.session.begin_nested():
        db.session.execute(text("SELECT 1"))
    with pytest.raises(ValueError), db.session.begin_nested():
        raise ValueError
    assert said == []
    db.session.commit()
    assert said == ["committed"]


def test_a_rolled_back_transaction_is_told_once(said):
    db.session.execute(select(Person.id))
    db.session.rollback()
    db.session.commit()
    assert said == ["rolled back"]


def test_a_session_that_is_closed_counts_as_rolled_back(said):
    db.session.execute(select(Person.id))
    db.session.remove()
    assert said == ["rolled back"]


def test_files_follow_the_transaction(portal):
    with portal.context():
        keep({KEY: b"picture"})
        db.session.rollback()
        with pytest.raises(FileNotFoundError):
            media().get(KEY)
        keep({KEY: b"picture"})
        db.session.commit()
        drop([KEY])
        db.session.rollback()
        assert media().get(KEY) == b"picture"
        drop([KEY])
        db.session.commit()
        # For a day, in case a backup is being made.
        assert media().get(KEY) == b"picture"
        move_clock(timedelta(days=1, seconds=1))
        jobs.run_due(portal.app)
        with pytest.raises(FileNotFoundError):
            media().get(KEY)
