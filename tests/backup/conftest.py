"""A portal with a little of everything in it, and looks at what a portal holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, insert, text

from app import create_app
from app.backup import rows
from app.content.audience import EVERYBODY, Audience
from app.content.models import Comment, Photo
from app.database import now, reading
from app.extensions import Base, db
from app.feed.models import Post
from app.media import keep, media
from app.people.imports import StaffImport
from tests.conftest import Portal, TestConfig

PICTURE = b"RIFF\x00picture" * 5000


@pytest.fixture
def lived_in(portal: Portal) -> Iterator[Portal]:
    """Return the portal with posts, an answer to a comment, a photo, and values that databases tell apart: NULL and null."""
    portal.run(lambda: _live(portal))
    yield portal
    with portal.context():
        for key in list(media().keys()):
            media().delete(key)


def _live(portal: Portal) -> None:
    ann, bob = portal.cast.ann, portal.cast.bob
    audience = Audience.of([EVERYBODY])
    db.session.flush()
    entry = Post(author_id=ann.id, store_id=ann.store_id, audience_id=audience.id, body="Бокалы 😀", published_at=now())
    db.session.add(entry)
    db.session.flush()
    asked_at = datetime(2026, 3, 1, 4, 5, 6, 789, UTC)
    first = Comment(entry_id=entry.id, author_id=bob.id, body="Как?", body_html="Как?", created_at=asked_at)
    db.session.add(first)
    db.session.flush()
    db.session.add(Comment(entry_id=entry.id, author_id=ann.id, parent_id=first.id, body="Так.", body_html="Так."))
    add_photo(entry.id, ann.id, "0" * 32)
    for known in ({}, {"columns": {"0": "number"}}):
        db.session.execute(insert(StaffImport).values(file_name="list.xlsx", effective_on=now().date(), **known))


def add_photo(entry_id: int | None, owner_id: int, name: str, data: bytes = PICTURE) -> None:
    """Store a photo with one variant and its row."""
    key = f"photo/{name[:2]}/{name}"
    keep({f"{key}-480.webp": data})
    db.session.add(Photo(entry_id=entry_id, owner_id=owner_id, place=0, key=key, width=480, height=320, widths=[480]))


def rows_of(app: Flask) -> dict[str, list[Any]]:
    """Return every row of every table, in the form that belongs to no database."""
    with app.app_context(), reading(), db.engine.connect() as connection:
        found = {table.name: list(rows.read(connection, table)) for table in Base.metadata.sorted_tables}
        connection.rollback()
        return found


def files_of(app: Flask) -> dict[str, str]:
    """Return the digest of every stored file."""
    with app.app_context():
        return {key: hashlib.sha256(media().get(key)).hexdigest() for key in media().keys()}  # noqa: SIM118


def state(app: Flask) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """Return everything a portal holds."""
    return rows_of(app), files_of(app)


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Portal]:
    """Return another portal on another database of each kind, with nothing in it and no tables yet."""
    folder = tmp_path / "elsewhere"
    address = f"sqlite:///{folder / 'ritm.sqlite3'}"
    server = None
    if request.param == "postgresql":
        server = create_engine(request.getfixturevalue("postgresql_address"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS elsewhere WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE elsewhere"))
        address = server.url.set(database="elsewhere").render_as_string(hide_password=False)
    app = create_app(TestConfig(folder, address))
    yield Portal(app)
    with app.app_context():
        db.engine.dispose()
    if server is not None:
        server.dispose()
