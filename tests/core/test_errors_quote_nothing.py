"""An error of the database tells what broke, never what somebody wrote: it goes into the log with its traceback."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from app.content.models import Topic
from app.extensions import db

CANARY = "Kanarienvogel-93184"
BREAKING = {
    "a key twice": lambda: [insert(Topic).values(slug=CANARY, name=CANARY)] * 2,
    "a value missing": lambda: [text("INSERT INTO topic (slug, name) VALUES (:canary, NULL)").bindparams(canary=CANARY)],
    "no number": lambda: [text("SELECT * FROM topic WHERE id = CAST(:canary AS JSON)").bindparams(canary=CANARY)],
}


@pytest.mark.parametrize("what", BREAKING)
def test_what_was_written_stands_in_no_error(bare, caplog, what):
    with bare.context():
        try:
            for statement in BREAKING[what]():
                db.session.execute(statement)
        except DBAPIError as error:
            logging.getLogger("app.errors").exception("unexpected")
            assert CANARY not in str(error) + str(error.orig)
        else:
            # SQLite takes anything for a number.
            assert what == "no number" and db.engine.dialect.name == "sqlite"
            return
    assert "Traceback" in caplog.text and CANARY not in caplog.text
