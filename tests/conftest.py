"""The suite's foundation: both databases, the cast, and clients that are signed in.

A test that asks for `portal` runs twice, on SQLite and on PostgreSQL, against the same migrated schema. CSRF protection
stays on: clients send the token as a browser would.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event, func, insert, select, text
from werkzeug.test import TestResponse

from app import create_app
from app.config import Config
from app.database import move_clock, reading
from app.extensions import Base, db, limiter
from app.people.models import City, Person, RoleGrant, Store
from app.people.sessions import Terminal, Viewer, hash_token, load_viewer, open_session
from tests import servers

SECRET = "a secret for the tests, and for nothing else"


def pytest_runtest_makereport(item: pytest.Item, call: Any) -> None:
    """In CI a skipped test is a failed one: there, everything can run."""
    if os.environ.get("CI") == "true" and call.excinfo is not None and call.excinfo.errisinstance(pytest.skip.Exception):
        call.excinfo = pytest.ExceptionInfo.from_exc_info(_as_failure(call.excinfo.value))


def _as_failure(skipped: BaseException) -> Any:
    try:
        raise AssertionError(f"skipped although CI=true: {skipped}")
    except AssertionError as error:
        return type(error), error, error.__traceback__


class TestConfig(Config):
    """Settings of the tests: a folder of their own, jobs at once."""

    __test__ = False

    def __init__(self, folder: Path, database: str) -> None:
        super().__init__()
        self.TESTING = True
        self.SECRET_KEY = SECRET
        self.DATA_DIR = folder
        self.SQLALCHEMY_DATABASE_URI = database
        self.REDIS_URL = self.MAIL_URL = self.MEDIA_URL = self.BASE_URL = ""
        self.RATELIMIT_STORAGE_URI = "memory://"
        self.DEMO = False
        # As the test client knows it: the portal is http://localhost, packages are http://localhost:8001.
        self.CONTENT_PORT, self.CONTENT_URL = 8001, "http://localhost:8001"
        # Thousands of sign-ins a run: the same steps as in earnest, fewer rounds.
        self.HASH_METHOD = "scrypt:1024:8:1"
        self.BABEL_DEFAULT_LOCALE = "ru"


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """Yield a folder of this worker, outside of everything that a test looks into."""
    with tempfile.TemporaryDirectory(prefix="ritm-tests-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def postgresql_address(scratch: Path) -> Iterator[str]:
    """Yield the address of a real PostgreSQL server."""
    if servers.postgresql_folder() is None:
        pytest.skip("PostgreSQL is not installed")
    with servers.postgresql(scratch / "postgresql") as address:
        yield address


@pytest.fixture(scope="session")
def _apps() -> dict[str, Flask]:
    return {}


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, scratch: Path, _apps: dict[str, Flask]) -> Iterator[Flask]:
    """Yield the application on an empty, migrated database of each kind."""
    kind = request.param
    if kind not in _apps:
        folder = scratch / kind
        folder.mkdir(parents=True, exist_ok=True)
        address = f"sqlite:///{folder / 'ritm.sqlite3'}"
        if kind == "postgresql":
            address = request.getfixturevalue("postgresql_address")
        made = create_app(TestConfig(folder, address))
        with made.app_context():
            upgrade()
        _apps[kind] = made
    yield _apps[kind]
    move_clock(timedelta())
    empty(_apps[kind])
    # What one test asked too often, or left in the media folder, is not the next one's.
    limiter.reset()
    shutil.rmtree(_apps[kind].config["DATA_DIR"] / "media", ignore_errors=True)


def empty(app: Flask) -> None:
    """Delete all rows, so that the next test begins with none; ids begin at 1 again."""
    with app.app_context(), db.engine.connect() as connection:
        tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
            for name in tables:
                connection.execute(text(f'DELETE FROM "{name}"'))
            connection.commit()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
            return
        some = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)
        filled = [f'"{row[0]}"' for row in connection.execute(text(some))]
        if filled:
            connection.execute(text(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE"))
        connection.commit()


class Answer:
    """What the portal answered, with the words that tests ask for."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.location = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.response.get_data(as_text=True)

    def __contains__(self, words: str) -> bool:
        return words in self.text


class Client:
    """A browser: signed in as somebody, sending tokens like a form, with or without htmx."""

    def __init__(self, app: Flask, token: str | None, htmx: bool = False) -> None:
        self.app = app
        self.raw: FlaskClient = app.test_client()
        self.htmx = htmx
        secret = secrets.token_hex(20)
        with self.raw.session_transaction() as session:
            session["csrf_token"] = secret
            if token:
                session["_user_id"] = token
        self.csrf = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(secret)

    def get(self, path: str, **kwargs: Any) -> Answer:
        """Open an address."""
        return Answer(self.raw.get(path, headers=self._headers(kwargs.pop("headers", {})), **kwargs))

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Answer:
        """Send a form with its token."""
        fields = {"csrf_token": self.csrf, **(data or {})}
        return Answer(self.raw.post(path, data=fields, headers=self._headers(kwargs.pop("headers", {})), **kwargs))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {**({"HX-Request": "true"} if self.htmx else {}), **more}


class Portal:
    """The application of a test, its cast, and looks into its database that hold no lock."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.cast = SimpleNamespace()

    @contextmanager
    def context(self) -> Iterator[None]:
        """Work inside the application; commit oneself what is to stay."""
        with self.app.app_context():
            try:
                yield
            finally:
                db.session.rollback()

    def rows(self, statement: Any) -> list[Any]:
        """Read rows."""
        with self.context(), reading():
            return list(db.session.execute(statement).all())

    def one(self, statement: Any) -> Any:
        """Read one value."""
        with self.context(), reading():
            value = db.session.scalar(statement)
            db.session.expunge_all()
            return value

    def count(self, model: Any, *where: Any) -> int:
        """Count rows."""
        return int(self.one(select(func.count()).select_from(model).where(*where)) or 0)

    def run(self, act: Any) -> Any:
        """Call something inside the application and commit."""
        with self.app.app_context():
            result = act()
            db.session.commit()
            return result

    @contextmanager
    def queries(self) -> Iterator[list[str]]:
        """Collect the statements that reach the database meanwhile; no page's number of them may grow with the data."""
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", note)

    def viewer(self, person: Any) -> Viewer:
        """Return the person as requests know him, by a session of his own."""
        with self.app.app_context():
            token = open_session(db.session.get(Person, person.id), device="test")
            db.session.commit()
            viewer = load_viewer(token)
            db.session.rollback()
            assert viewer is not None
            return viewer

    def client(self, person: Any = None, htmx: bool = False, terminal: Any = None) -> Client:
        """Return a browser signed in as a person, or a stranger's."""
        return Client(self.app, self.token(person, terminal) if person is not None else None, htmx)

    def token(self, person: Any, terminal: Any = None) -> str:
        """Open a session for a person and return its token."""
        with self.app.app_context():
            place = db.session.get(Terminal, terminal.id) if terminal is not None else None
            token = open_session(db.session.get(Person, person.id), device="test", terminal=place)
            db.session.commit()
            return token

    def terminal(self, store_id: int) -> Any:
        """Enrol a terminal of a store; its cookie's secret is `terminal.secret`."""
        secret = secrets.token_urlsafe(32)

        def make() -> int:
            terminal = Terminal(store_id=store_id, name="Касса", token_hash=hash_token(secret))
            db.session.add(terminal)
            db.session.flush()
            return terminal.id

        return SimpleNamespace(id=self.run(make), store_id=store_id, secret=secret)


@pytest.fixture
def bare(app: Flask) -> Portal:
    """Return the portal with nobody in it."""
    return Portal(app)


CITIES = {"Москва": "Europe/Moscow", "Казань": "Europe/Moscow", "Владивосток": "Asia/Vladivostok"}
STORES = {"Радуга": "Москва", "Кольцо": "Казань", "Маяк": "Владивосток", "Офис": "Москва"}
# name: (number, last, first, middle, store, position, roles)
CAST: dict[str, tuple[str, str, str, str, str, str, tuple[str, ...]]] = {
    "ann": ("01001", "Авторова", "Анна", "Ивановна", "Радуга", "seller", ()),
    "bob": ("01002", "Борисов", "Борис", "Петрович", "Радуга", "seller", ()),
    "vera": ("01003", "Казанцева", "Вера", "Олеговна", "Кольцо", "seller", ()),
    "ivan": ("01004", "Стажёров", "Иван", "Ильич", "Маяк", "intern", ()),
    "dina": ("01005", "Директорова", "Дина", "Львовна", "Радуга", "director", ()),
    "ed": ("01006", "Редакторов", "Эдуард", "Ильич", "Офис", "other", ("editor",)),
    "hana": ("01007", "Кадрова", "Хана", "Юрьевна", "Офис", "other", ("hr",)),
    "mark": ("01008", "Главный", "Марк", "Юрьевич", "Офис", "other", ("management",)),
    "root": ("01009", "Админова", "Рута", "Яновна", "Офис", "other", ("administrator",)),
}


@pytest.fixture
def portal(bare: Portal) -> Portal:
    """Return the portal with the cast in it: portal.cast.ann and the others, with id and store_id."""
    return furnish(bare)


def furnish(bare: Portal) -> Portal:
    """Put the cast with their cities and stores into an empty portal."""
    with bare.app.app_context():
        cities = {
            name: db.session.execute(
                insert(City).values(name=name, key=name.casefold(), zone=zone).returning(City.id)
            ).scalar_one()
            for name, zone in CITIES.items()
        }
        stores = {
            name: db.session.execute(
                insert(Store)
                .values(name=name, key=name.casefold(), city_id=cities[city], is_office=name == "Офис")
                .returning(Store.id)
            ).scalar_one()
            for name, city in STORES.items()
        }
        for who, (number, last, first, middle, store, position, roles) in CAST.items():
            person_id = db.session.execute(
                insert(Person)
                .values(
                    personnel_number=number,
                    number_key=number.lstrip("0"),
                    last_name=last,
                    first_name=first,
                    middle_name=middle,
                    name_key=f"{last} {first} {middle}".casefold().replace("ё", "е"),
                    store_id=stores[store],
                    position=position,
                    hired_on=date(2024, 3, 1),
                )
                .returning(Person.id)
            ).scalar_one()
            for role in roles:
                db.session.execute(insert(RoleGrant).values(person_id=person_id, role=role))
            name = f"{first} {last}"
            setattr(bare.cast, who, SimpleNamespace(id=person_id, store_id=stores[store], number=number, name=name))
        db.session.commit()
    bare.stores = SimpleNamespace(**{"raduga": stores["Радуга"], "ring": stores["Кольцо"], "mayak": stores["Маяк"]})
    bare.cities = cities
    return bare


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def htmx(request: pytest.FixtureRequest) -> bool:
    """Run a test without and with htmx: the effect must be the same."""
    return bool(request.param)
