"""Putting the demo company into an empty database: in batches, with every count equal to its rows, and all of it or nothing.

Everything happens in the caller's one transaction; an interrupted start leaves the database empty and the next begins anew.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select, text

from app.database import now
from app.demo.announced import Announced
from app.demo.company import COMPANY, Company, make_company
from app.demo.drawing.scenes import album
from app.demo.extras import add_extras
from app.demo.gallery import Gallery
from app.demo.life import Life
from app.demo.rows import Rows
from app.demo.staff import insert_people
from app.demo.teaching import Teaching
from app.extensions import Base, db
from app.people.models import Change, log_change

SEED = 2026
# While so much is written, SQLite keeps this much of the indexes at hand (KiB); its usual 4 MiB would go back and forth.
CACHE = 200_000
MADE = "demo.made"

Say = Callable[[str], None]


def is_made() -> bool:
    """Tell whether the demo company is in the database."""
    return db.session.scalar(select(Change.id).where(Change.verb == MADE)) is not None


def fill(
    *,
    people: int = 450,
    posts: int = 2400,
    seed: int = SEED,
    moment: datetime | None = None,
    pictures: int | None = None,
    say: Say = lambda _: None,
) -> Company:
    """Make the chain and its two years of life up to `moment` in an empty database; the caller commits.

    The same numbers, seed and moment give the same rows. Memory does not grow with the number of posts. `pictures` says
    how many different ones are drawn, all there are unless told otherwise.
    """
    # Drawing takes longest and needs no database.
    gallery = Gallery(len(album()) if pictures is None else pictures)
    say(f"{len(gallery.pictures)} pictures")
    moment = (moment or now()).replace(microsecond=0)
    rng = random.Random(seed)
    company = make_company(max(people, 12), moment.date(), rng)
    _make_room()
    insert_people(company, moment)
    say(f"{sum(w.works_on(moment.date()) for w in company.workers)} people in {len(company.shops) - 1} stores")
    writer = Rows(company, moment, gallery, rng)
    life = Life(company, posts, moment, gallery, rng)
    for number, post in enumerate(life.happen(), 1):
        writer.add(post)
        if number % 50_000 == 0:
            say(f"{number:,} posts".replace(",", " "))
    writer.flush()
    add_extras(company, writer.noted, moment, rng)
    Announced(company, writer, moment, rng).write()
    # Drawn apart, so that the chain's posts stay the same whatever is learned.
    Teaching(company, writer, moment, random.Random(seed + 1)).write()
    log_change(MADE, None, actor_id=None, kind="demo", name=COMPANY)
    db.session.flush()
    _step_sequences()
    db.session.execute(text("ANALYZE"))
    return company


def _make_room() -> None:
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(text(f"PRAGMA cache_size=-{CACHE}"))


def _step_sequences() -> None:
    """Let PostgreSQL's sequences go on behind the ids given here."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        highest = db.session.scalar(select(func.max(column)))
        if highest is not None:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            db.session.execute(select(func.setval(sequence, highest)))
