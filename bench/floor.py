"""The floor: the smallest honest program that shows twenty posts, on the same libraries and the same server.

One Flask route, four SQLAlchemy Core statements on SQLite, one Jinja template: 100,000 posts of 450 people with author,
counts of likes and comments, and "liked by me". Nobody signs in, nothing is protected, nothing has an audience. What the
portal does more must fit into the same time again.

    python -m bench.floor FILE        makes the database
    gunicorn "bench.floor:app"        serves it; FLOOR_DATABASE names the file
"""

import os
import random
import sqlite3
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    func,
    insert,
    select,
)

POSTS, PEOPLE, PAGE, ME = 100_000, 450, 20, 7
WORDS = ("витрина", "бокал", "набор", "скидка", "покупатель", "смена", "поставка", "чашка", "праздник", "магазин", "спасибо")

metadata = MetaData()
person = Table("person", metadata, Column("id", Integer, primary_key=True), Column("name", String(80)))
post = Table(
    "post",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("author_id", ForeignKey("person.id")),
    Column("body", Text),
    Column("at", DateTime),
    Index("ix_post_at", "at", "id"),
)
liked = Table(
    "liked",
    metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
)
comment = Table(
    "comment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("post.id"), index=True),
    Column("body", Text),
)

# Made once, as anybody would who is after speed.
newest = (
    select(post.c.id, post.c.body, post.c.at, person.c.name)
    .join(person, person.c.id == post.c.author_id)
    .order_by(post.c.at.desc(), post.c.id.desc())
    .limit(PAGE)
)


def likes_of(ids: list[int]) -> Any:
    """Select how many like each of these posts."""
    return select(liked.c.post_id, func.count()).where(liked.c.post_id.in_(ids)).group_by(liked.c.post_id)


def comments_of(ids: list[int]) -> Any:
    """Select how many comments each of these posts has."""
    return select(comment.c.post_id, func.count()).where(comment.c.post_id.in_(ids)).group_by(comment.c.post_id)


def liked_by_me(ids: list[int]) -> Any:
    """Select which of these posts one likes oneself."""
    return select(liked.c.post_id).where(liked.c.post_id.in_(ids), liked.c.person_id == ME)


app = Flask(__name__, static_folder="../app/static/vendor", static_url_path="/static")


@app.get("/")
def index() -> str:
    """Show the newest posts."""
    with engine.connect() as connection:
        rows = connection.execute(newest).all()
        ids = [row.id for row in rows]
        likes = dict(connection.execute(likes_of(ids)).tuples().all())
        comments = dict(connection.execute(comments_of(ids)).tuples().all())
        mine = set(connection.scalars(liked_by_me(ids)))
    return render_template("floor.html", rows=rows, likes=likes, comments=comments, mine=mine)


def open_database(path: str) -> Engine:
    """Return an engine with the settings that the portal has too."""
    made = create_engine(f"sqlite:///{path}")

    @event.listens_for(made, "connect")
    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-4000"):
            connection.execute(f"PRAGMA {pragma}")

    return made


engine = open_database(os.environ.get("FLOOR_DATABASE", ":memory:"))


def fill(path: Path) -> None:
    """Make the database: the same posts each time."""
    chance = random.Random(1)
    made = open_database(str(path))
    metadata.create_all(made)
    begin = datetime(2026, 1, 1)  # noqa: DTZ001
    with made.begin() as connection:
        connection.execute(insert(person), [{"id": n, "name": f"Ольга Иванова {n}"} for n in range(1, PEOPLE + 1)])
        for first in range(1, POSTS + 1, 10_000):
            ids = range(first, min(first + 10_000, POSTS + 1))
            connection.execute(
                insert(post),
                [
                    {
                        "id": n,
                        "author_id": chance.randint(1, PEOPLE),
                        "body": " ".join(chance.choices(WORDS, k=chance.randint(10, 50))).capitalize(),
                        "at": begin + timedelta(minutes=7 * n),
                    }
                    for n in ids
                ],
            )
            people = range(1, PEOPLE + 1)
            likes = [{"post_id": n, "person_id": who} for n in ids for who in chance.sample(people, chance.randint(0, 8))]
            connection.execute(insert(liked), likes)
            said = [{"post_id": n, "body": "Спасибо, попробуем у себя!"} for n in ids for _ in range(chance.randint(0, 4))]
            connection.execute(insert(comment), said)
    made.dispose()


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
