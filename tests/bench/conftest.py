"""A small demo company for the tests of budgets: real texts and photos, the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask_migrate import upgrade
from sqlalchemy import select, text

from app import create_app
from app.content import cards
from app.demo.filling import fill
from app.extensions import db
from app.people.models import Person
from app.people.sessions import open_session
from bench.measures import addresses
from tests.conftest import Client, Portal, TestConfig


class Company(Portal):
    """The demo company, its clients by login, and the addresses that are measured."""

    def as_(self, login: str, htmx: bool = False) -> Client:
        """Return a browser in which somebody is signed in."""
        with self.app.app_context():
            person = db.session.scalars(select(Person).where(Person.login == login)).one()
            token = open_session(person, device="test")
            db.session.commit()
        return Client(self.app, token, htmx)

    def forget_cards(self) -> None:
        """Let the next page draw all its cards."""
        cards._cache.cards.clear()


@pytest.fixture(scope="session")
def company(scratch: Path) -> Iterator[Company]:
    """Yield the demo company on SQLite: what is counted here does not depend on the database."""
    folder = scratch / "budgets"
    folder.mkdir()
    app = create_app(TestConfig(folder, f"sqlite:///{folder / 'ritm.sqlite3'}"))
    with app.app_context():
        upgrade()
        fill(people=150, posts=500, pictures=12)
        db.session.commit()
        # Without numbers of its own SQLite takes every table for a large one, as it will be one day.
        db.session.execute(text("DELETE FROM sqlite_stat1"))
        db.session.commit()
        db.engine.dispose()
    made = Company(app)
    made.places = addresses(folder)
    made.cast = SimpleNamespace()
    yield made
