"""The stream's walk finds exactly what the plain condition finds, in its order, whoever looks."""

import random
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select, text

from app.content import cards, walk
from app.content.audience import Audience, AudienceKey, Group, GroupMember
from app.content.models import Entry
from app.database import now
from app.extensions import db

SIZE = 5


@pytest.fixture
def company(portal):
    """Fill the portal with entries for all sorts of audiences, some of them of the same moment, hidden or deleted."""
    chance = random.Random(20)
    specs = ["everybody", "", *(f"store:{store}" for store in vars(portal.stores).values()), "position:seller"]
    specs += [f"city:{city}" for city in portal.cities.values()] + ["group:1", "group:1|position:seller", "role:editor"]

    def fill():
        db.session.execute(insert(Group).values(id=1, name="Хор"))
        db.session.execute(insert(GroupMember).values(group_id=1, person_id=portal.cast.ivan.id))
        for number, spec in enumerate(specs, 1):
            db.session.execute(insert(Audience).values(id=number, spec=spec))
            for key in filter(None, spec.split("|")):
                db.session.execute(insert(AudienceKey).values(audience_id=number, key=key))
        people = list(vars(portal.cast).values())
        begin = now() - timedelta(days=30)
        rows = []
        for _ in range(600):
            author = chance.choice(people)
            at = begin + timedelta(hours=chance.randrange(300))
            fate = chance.random()
            rows.append(
                {
                    "kind": "post",
                    "author_id": author.id,
                    "store_id": author.store_id,
                    "audience_id": chance.randint(1, len(specs)),
                    "created_at": at,
                    "published_at": None if fate < 0.05 else at,
                    "deleted_at": at if 0.05 < fate < 0.1 else None,
                    "hidden_at": at if 0.1 < fate < 0.15 else None,
                }
            )
        db.session.execute(insert(Entry.__table__), rows)

    portal.run(fill)
    return portal


@pytest.mark.parametrize("who", ["ann", "vera", "ivan", "dina", "ed", "root"])
def test_the_walk_finds_what_the_plain_condition_finds(company, who):
    viewer = company.viewer(getattr(company.cast, who))
    with company.context():
        plain = select(Entry.id).where(Entry.listed(), Entry.seen_by(viewer))
        wanted = list(db.session.scalars(plain.order_by(Entry.published_at.desc(), Entry.id.desc())))
        assert len(set(wanted)) == len(wanted) > 4 * SIZE
        assert list(all_pages(viewer)) == wanted


def test_whoever_belongs_to_nothing_sees_his_own(company):
    nobody = company.viewer(company.cast.ivan)
    with company.context():
        db.session.execute(AudienceKey.__table__.delete())
        own = select(Entry.id).where(Entry.listed(), Entry.author_id == nobody.id)
        assert sorted(all_pages(nobody)) == sorted(db.session.scalars(own))


@pytest.mark.parametrize("older", [False, True])
def test_the_index_finds_each_audience_by_itself(company, older):
    """The plan is what keeps a small store's stream fast among millions of other entries."""
    viewer = company.viewer(company.cast.ann)
    with company.context():
        lite = db.engine.dialect.name == "sqlite"
        if not lite:
            # So few rows would rather be read from end to end; what counts is that the index can do it.
            db.session.execute(text("SET LOCAL enable_seqscan = off"))
            db.session.execute(text("SET LOCAL enable_bitmapscan = off"))
        before = cards.Position(now(), 1) if older else None
        statement, values = sent_by(
            lambda: db.session.execute(cards._stream(db.engine.dialect.name, older), walk.binds(viewer, SIZE, before))
        )
        explain = "EXPLAIN QUERY PLAN " if lite else "EXPLAIN "
        rows = db.session.connection().exec_driver_sql(explain + statement, values).all()
    plan = "\n".join(row[3] if lite else row[0] for row in rows)
    found = r"ix_entry_stream \(audience_id=\?" if lite else r"ix_entry_stream.*\n *Index Cond: \(\(?audience_id = "
    assert len(re.findall(found, plan)) == (2 if lite else 1), plan
    assert not re.search(r"SCAN entry|Seq Scan on entry", plan), plan


def sent_by(act):
    """Return the last statement that an act sends to the database, and its values."""
    sent = []

    def note(_connection, _cursor, statement, values, *_rest):
        sent.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return sent[-1]


def all_pages(viewer):
    """Turn the pages from the newest to the oldest, yielding ids."""
    before = None
    while True:
        rows = db.session.execute(
            cards._stream(db.engine.dialect.name, before is not None), walk.binds(viewer, SIZE, before)
        ).all()
        yield from (row.id for row in rows[:SIZE])
        if len(rows) <= SIZE:
            return
        before = cards.Position(rows[SIZE - 1].published_at, rows[SIZE - 1].id)
