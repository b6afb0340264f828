"""The stream's walk finds exactly what the plain condition finds, in its order, whoever looks and however much is not his."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

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


def test_the_index_finds_each_audience_by_itself(company):
    """The plan is what keeps a small store's stream fast among millions of other entries."""
    if company.app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        pytest.skip("PostgreSQL reads a table of this size from end to end, and is right to")
    viewer = company.viewer(company.cast.ann)
    for before in (None, cards.Position(now(), 1)):
        with company.context():
            values = walk.binds(viewer, SIZE, before)
            statement = str(cards._STREAM[before is not None].params(values).compile(db.engine, compile_kwargs={"literal_binds": True}))
            plan = [row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
        scans = [line for line in plan if line.startswith(("SCAN entry", "SCAN audience"))]
        assert not [line for line in scans if not line.endswith("audiences")], plan
        assert sum("ix_entry_stream (audience_id=?" in line for line in plan) == 2, plan


def all_pages(viewer):
    """Turn the pages from the newest to the oldest, yielding ids."""
    before = None
    while True:
        rows = db.session.execute(cards._STREAM[before is not None], walk.binds(viewer, SIZE, before)).all()
        yield from (row.id for row in rows[:SIZE])
        if len(rows) <= SIZE:
            return
        before = cards.Position(rows[SIZE - 1].published_at, rows[SIZE - 1].id)
