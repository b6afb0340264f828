"""`flask demo`: makes the company once, says each time how to sign in, keeps off a database that has people of its own."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.content.models import Entry
from app.extensions import db
from app.people.access import TerminalCode
from app.people.models import Person

SMALL = ("demo", "--people", "20", "--posts", "60", "--pictures", "1")


@pytest.fixture
def run(bare):
    """Return `flask demo` of a small company, and what it prints."""
    return lambda: bare.app.test_cli_runner().invoke(args=SMALL)


def test_the_second_start_finds_the_company(bare, run):
    first = run()
    assert first.exit_code == 0, first.output
    people, posts = bare.count(Person), bare.count(Entry, Entry.kind == "post")
    assert posts == 60
    second = run()
    assert second.exit_code == 0
    assert (bare.count(Person), bare.count(Entry, Entry.kind == "post")) == (people, posts)
    for login in ("seller", "intern", "director", "editor", "hr", "management", "admin"):
        assert re.search(rf"^  {login} ", second.output, re.MULTILINE)
    assert "password demo" in second.output
    assert "PIN 1357" in second.output


def test_the_printed_code_enrols_a_terminal_once(bare, run):
    run()
    code = re.search(r"code ([A-Z0-9-]+)", run().output)[1]

    def spend():
        spent = TerminalCode.spend(code)
        return spent and spent.store_id

    seller = bare.one(select(Person.store_id).where(Person.login == "seller"))
    assert bare.run(spend) == seller
    assert bare.run(spend) is None


def test_a_new_start_makes_the_former_code_void(bare, run):
    old = re.search(r"code ([A-Z0-9-]+)", run().output)[1]
    run()
    assert bare.run(lambda: TerminalCode.spend(old)) is None


def test_people_who_are_there_already_stay_alone(portal):
    before = portal.count(Person)
    refused = portal.app.test_cli_runner().invoke(args=SMALL)
    assert refused.exit_code == 1
    assert "people of its own" in refused.output
    with portal.context():
        assert db.session.scalar(select(Entry.id)) is None
    assert portal.count(Person) == before
