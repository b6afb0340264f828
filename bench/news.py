"""`python -m bench.news PEOPLE ANNOUNCEMENTS`: gives a company so many people and announcements, on either database.

Run upon the company that the environment names; `make` does so upon a copy. The latest announcements are for everybody;
older ones are for those who were there first, who thereby got all of them. The first pages of lists thus show the same in a
small company and in a large one: what differs is only how much lies beneath.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Integer, String, and_, case, cast, func, insert, literal, null, select, text, true, update

from app import create_app
from app.announcements import counting, writing
from app.announcements.models import Announcement, AnnouncementReach, Receipt
from app.content.audience import EVERYBODY, Audience, Group, GroupMember
from app.content.models import Entry
from app.database import UTCDateTime, now
from app.database import writing as writing_lock
from app.extensions import db
from app.people.models import Person, Store
from app.people.permissions import Position
from app.people.small_stores import FEWEST
from app.people.viewers import viewer_of
from bench import servers
from bench.growth import DATABASE

# So many announcements, at so many a week, are for everybody; they fill the first pages.
LATEST, APART = 60, timedelta(hours=13)
HOLDS = timedelta(days=60)
# What must be unique, or lets somebody in.
NUMBERED, LEFT_OUT = {"number_key", "personnel_number", "key"}, {"login", "badge_hash", "password_hash", "pin_hash"}
TEXT = "# Новые цены на бокалы\n\n" + "С понедельника бокалы на ножке стоят по-новому, старые ценники снимаем вечером. " * 14
# People and announcements: what the demo's company is given, and a chain after three years.
SMALL, LARGE = (450, 60), (20_000, 2_000)
TITLE = "Новые цены на бокалы"


def make(company: Path, target: Path, people: int, announcements: int) -> Path:
    """Copy a company and give it so much, unless a former run has left it."""
    if not (target / "made").exists():
        print(f"making {announcements} announcements for {people} people …", flush=True)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(company / "media", target / "media")
        with closing(sqlite3.connect(company / DATABASE)) as base, closing(sqlite3.connect(target / DATABASE)) as copy:
            base.backup(copy)
        command = [sys.executable, "-m", "bench.news", str(people), str(announcements)]
        subprocess.run(command, env=servers.settings(target), cwd=servers.ROOT, check=True)
        (target / "made").touch()
    return target


def addresses(company: Path) -> dict[str, str]:
    """Return what the addresses of the pages of announcements are filled in with."""
    query = (
        "SELECT id, published_at FROM entry WHERE title LIKE ? AND kind = 'announcement' ORDER BY published_at DESC LIMIT 40"
    )
    with closing(sqlite3.connect(company / DATABASE)) as base:
        rows = base.execute(query, (f"{TITLE}, %",)).fetchall()
        store = base.execute("SELECT store_id FROM person WHERE login = 'seller'").fetchone()[0]
    number, at = rows[35]
    older = f"{re.sub('[-:.]', '', at).replace(' ', 'T')}-{number}"
    return {"announcement": str(rows[20][0]), "older": older, "store": str(store)}


def main() -> None:
    """Make what the arguments ask for."""
    people, announcements = map(int, sys.argv[1:3])
    with create_app(commands=False).app_context(), writing_lock():
        if db.engine.dialect.name == "sqlite":
            db.session.execute(text("PRAGMA cache_size=-400000"))
        first = db.session.scalar(select(func.count(Person.id))) or 1
        hire(-(-people // first) - 1)
        announce(announcements)
        db.session.commit()
        db.session.execute(text("ANALYZE"))
        db.session.commit()


def hire(times: int) -> None:
    """Add so many times the people and stores there are: a chain does not grow by filling its stores."""
    if times < 1:
        return
    begin = select(literal(1, Integer()).label("k")).cte("copy", recursive=True)
    copy = begin.union_all(select(begin.c.k + 1).where(begin.c.k < times))
    stores = db.session.scalar(select(func.max(Store.id))) or 0
    for model in (Store, Person):
        table: Any = model.__table__
        highest = db.session.scalar(select(func.max(table.c.id))) or 0
        steps = {"id": highest, "store_id": stores}
        values = {column.name: _copied(column, copy.c.k, steps) for column in table.c if column.name not in LEFT_OUT}
        db.session.execute(insert(table).from_select(list(values), select(*values.values()).join_from(table, copy, true())))


def _copied(column: Any, k: Any, steps: dict[str, int]) -> Any:
    if column.name in steps:
        return column + k * steps[column.name]
    return column + "-" + cast(k, String) if column.name in NUMBERED else column


def announce(many: int) -> None:
    """Publish so many announcements one after another, the last of them now, and let most of their readers read."""
    editor_id = db.session.scalars(select(Person.id).where(Person.login == "editor")).one()
    editor = viewer_of(editor_id)
    assert editor is not None
    content = writing.Content(title=TITLE, body=TEXT, keys=[EVERYBODY])
    group = Group(name="Были здесь раньше")
    db.session.add(group)
    db.session.flush()
    model = writing.draft(editor, content)
    first = db.session.scalars(select(func.max(Person.id)).where(~Person.personnel_number.contains("-"))).one()
    moment, last = now(), db.session.scalar(select(func.max(Entry.id))) or 0
    entry: Any = Entry.__table__
    told: Any = Announcement.__table__
    # Or the schedule would give the older ones to everybody who came later.
    there = select(literal(group.id), Person.id).where(Person.id <= first)
    db.session.execute(insert(GroupMember).from_select(["group_id", "person_id"], there))
    earlier = Audience.of([f"group:{group.id}"]).id
    own = {"id", "published_at", "title", "nonce", "audience_id"}
    entries = {column.name: column for column in entry.c if column.name not in own}
    for number in range(many):
        published, made = moment - number * APART, last + 1 + number
        importance = "urgent" if number % 40 == 7 else "mandatory" if number % 5 == 1 else "ordinary"
        asks, valid_until = importance != "ordinary", published + HOLDS if number % 5 < 3 else None
        named = {"id": literal(made), "published_at": _at(published), "title": literal(f"{TITLE}, {number + 1}")}
        named["audience_id"] = literal(model.audience_id if number < LATEST else earlier)
        rows = select(*entries.values(), *named.values()).where(entry.c.id == model.id)
        db.session.execute(insert(entry).from_select([*entries, *named], rows))
        said = {"id": made, "importance": importance, "valid_until": valid_until, "words": model.words, "edition": 1}
        more = {"asks_from": 1, "question": "", "answers": [], "passage": ""}
        db.session.execute(insert(told).values(**said, **more))
        _receive(made, published, asks, editor_id, None if number < LATEST else first)
        _count(made, published)
    db.session.delete(model)


def _receive(made: int, published: datetime, asks: bool, author_id: int, until: int | None) -> None:
    """Give everybody, or those up to an id, a receipt; four of five have read it, some of them too late."""
    dice = (Person.id * 7 + made * 13) % 20
    moments = [(dice < 11, published + timedelta(hours=5)), (dice < 16, published + timedelta(hours=90))]
    read = case(*[(turn, _at(min(at, now()))) for turn, at in moments], else_=null())
    confirmed = case((and_(literal(asks), dice < 16), _at(min(moments[0][1], now()))), else_=null())
    values: dict[str, Any] = {
        "announcement_id": literal(made),
        "person_id": Person.id,
        "store_id": Person.store_id,
        "leads": Person.position == Position.DIRECTOR,
        "waits": and_(literal(asks), dice >= 16),
        "opened_at": case((dice < 18, _at(published + timedelta(minutes=5))), else_=null()),
        "read_at": read,
        "confirmed_at": confirmed,
        "confirmed_version": case((and_(literal(asks), dice < 16), 1), else_=null()),
    }
    people = select(*values.values()).where(Person.employed(), Person.id != author_id)
    if until is not None:
        people = people.where(Person.id <= until)
    db.session.execute(insert(Receipt).from_select(list(values), people))


def _count(made: int, published: datetime) -> None:
    """Count by store, as `recount` does, with one statement."""
    counted = counting.counted(Announcement(id=made, published_at=published)).subquery()
    names = ["store_id", *counting.COUNTS]
    rows = select(literal(made), *(counted.c[name] for name in names))
    db.session.execute(insert(AnnouncementReach).from_select(["announcement_id", *names], rows))
    of_it = (AnnouncementReach.announcement_id == made, AnnouncementReach.audience >= FEWEST)
    db.session.execute(update(AnnouncementReach).where(*of_it).values(alone=True))


def _at(moment: datetime) -> Any:
    return literal(moment, UTCDateTime())


if __name__ == "__main__":
    main()
