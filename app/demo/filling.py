"""Putting the demo company into an empty database: in batches, with every count equal to its rows, and all of it or nothing.

Everything happens in the caller's one transaction; an interrupted start leaves the database empty and the next begins anew.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import func, insert, select, text

from app.activity.models import Activity
from app.content.audience import Audience, Group, GroupMember
from app.content.models import (
    Comment,
    CommentLike,
    Entry,
    EntryTopic,
    Mention,
    Photo,
    Reaction,
    Topic,
)
from app.content.text import mention_key
from app.database import now
from app.demo.company import COMPANY, Company, Worker, make_company, sections
from app.demo.gallery import ALT, Gallery, key_of, store_portrait
from app.demo.life import Life, Post, Remark
from app.demo.scenes import album
from app.extensions import Base, db
from app.people.models import Change, City, Person, RoleGrant, Store, Strength, log_change
from app.people.passwords import hash_secret

# The contract's word for every demo sign-in; no secret of anybody.
PASSWORD = "demo"  # noqa: S105
PIN = "1357"
SEED = 2026
BATCH = 500
# While so much is written, SQLite keeps this much of the indexes at hand (KiB); its usual 16 MiB would go back and forth.
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
    _insert_people(company, moment)
    say(f"{sum(w.works_on(moment.date()) for w in company.workers)} people in {len(company.shops) - 1} stores")
    writer = _Rows(company, moment, gallery, rng)
    life = Life(company, posts, moment, gallery, rng)
    for number, post in enumerate(life.happen(), 1):
        writer.add(post)
        if number % 50_000 == 0:
            say(f"{number:,} posts".replace(",", " "))
    writer.flush()
    writer.finish()
    log_change(MADE, None, actor_id=None, kind="demo", name=COMPANY)
    db.session.flush()
    _step_sequences()
    db.session.execute(text("ANALYZE"))
    return company


def _make_room() -> None:
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(text(f"PRAGMA cache_size=-{CACHE}"))


def _insert(table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.connection().execute(insert(table.__table__), rows)


def _insert_people(company: Company, moment: datetime) -> None:
    """Insert cities, stores, people with their roles and strengths, and a hand-made group."""
    # Both secrets are the same for all and hashed once: hashing is made to be slow.
    password, pin = hash_secret(PASSWORD), hash_secret(PIN)
    towns = {shop.town.id: shop.town for shop in company.shops}
    _insert(City, [{"id": t.id, "name": t.name, "key": mention_key(t.name), "zone": t.zone.key} for t in towns.values()])
    _insert(
        Store,
        [
            {"id": s.id, "city_id": s.town.id, "name": s.name, "key": mention_key(s.name), "is_office": s.is_office}
            for s in company.shops
        ],
    )
    workers = company.workers
    _insert(Person, [_person(worker, password, pin, moment) for worker in workers])
    admin = company.by_login("admin")
    _insert(
        RoleGrant,
        [
            {"person_id": worker.id, "role": role, "granted_at": moment - timedelta(days=700), "granted_by_id": admin.id}
            for worker in workers
            for role in worker.roles
        ],
    )
    strengths = chain.from_iterable((worker, name) for worker in workers for name in worker.strengths)
    pairs = list(zip(*[iter(strengths)] * 2, strict=True))
    _insert(Strength, [{"person_id": worker.id, "name": name, "key": mention_key(name)} for worker, name in pairs])
    _insert(Group, [{"id": 1, "name": "Витринная группа"}])
    _insert(GroupMember, [{"group_id": 1, "person_id": w.id} for w in workers if w.number.endswith(("3", "7"))])


def _person(worker: Worker, password: str, pin: str, moment: datetime) -> dict[str, Any]:
    full = f"{worker.last} {worker.first} {worker.middle}".strip()
    seen = moment - timedelta(hours=20) if worker.login else None
    return {
        "id": worker.id,
        "personnel_number": worker.number,
        "number_key": worker.number.lstrip("0"),
        "last_name": worker.last,
        "first_name": worker.first,
        "middle_name": worker.middle,
        "name_key": mention_key(full),
        "store_id": worker.shop.id,
        "position": str(worker.position),
        "position_title": worker.title,
        "hired_on": worker.hired,
        "dismissed_on": worker.dismissed,
        "phone": "" if worker.id % 3 == 0 else f"+79{worker.id % 90 + 10:02}{worker.id * 7919 % 10_000_000:07}",
        "email": f"{worker.login or 'u' + worker.number}@grani.example" if worker.shop.is_office else "",
        "login": worker.login,
        "password_hash": password if worker.dismissed is None else None,
        "pin_hash": pin if worker.dismissed is None else None,
        "photo_key": store_portrait(worker) if has_portrait(worker) else None,
        "about": worker.about,
        "stream_seen_at": seen,
        "stream_before_at": seen,
        "created_at": moment - timedelta(days=730),
    }


def has_portrait(worker: Worker) -> bool:
    """Tell whether somebody has put up a portrait: a good third, and never more than a few hundred."""
    return worker.login not in (None, "intern") or (worker.id % 5 in (1, 3) and worker.id < 700 and not worker.dismissed)


class _Rows:
    """Turns planned posts into rows with ids of their own and inserts them batch by batch."""

    def __init__(self, company: Company, moment: datetime, gallery: Gallery, rng: random.Random) -> None:
        self.company, self.moment, self.gallery, self.rng = company, moment, gallery, rng
        self.rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        self.entry_id = self.comment_id = 0
        self.audience_ids: dict[tuple[str, ...], int] = {}
        self.topic_ids = self._topics()

    def _topics(self) -> dict[str, int]:
        found = {}
        for number, line in enumerate(sections("topics")["topics"], 1):
            slug, name = line.split(maxsplit=1)
            found[slug] = number
            self.rows[Topic].append({"id": number, "slug": slug, "name": name})
        _insert(Topic, self.rows.pop(Topic))
        return found

    def add(self, post: Post) -> None:
        """Note all rows of a post."""
        self.entry_id += 1
        entry_id = self.entry_id
        remarks = [remark for remark in post.remarks if remark.deleted_at is None]
        self.rows[Entry].append(
            {
                "id": entry_id,
                "kind": "post",
                "author_id": post.author.id,
                "store_id": post.author.shop.id,
                "audience_id": self._audience_id(post.audience),
                "body": post.body.body,
                "body_html": post.body.html,
                "excerpt_html": post.body.excerpt,
                "created_at": post.at,
                "published_at": post.at,
                "edited_at": post.edited_at,
                "deleted_at": post.deleted_at,
                "pinned_at": post.pinned_at,
                "like_count": len(post.likes),
                "thanks_count": len(post.thanks),
                "comment_count": len(remarks),
                "photo_count": len(post.photos),
                "version": 1,
            }
        )
        for slug in post.text.topics:
            self.rows[EntryTopic].append({"entry_id": entry_id, "topic_id": self.topic_ids[slug]})
        for kind, reactions in (("like", post.likes), ("thanks", post.thanks)):
            self.rows[Reaction] += [
                {"entry_id": entry_id, "person_id": who, "kind": kind, "at": at} for who, at in reactions
            ]
        self._add_photos(entry_id, post)
        self._mention(entry_id, None, post.body.mentions)
        self._add_remarks(entry_id, post.remarks)
        if post.fresh:
            self._record(entry_id, post)
        if len(self.rows[Entry]) >= BATCH:
            self.flush()

    def _add_photos(self, entry_id: int, post: Post) -> None:
        for place, scene in enumerate(post.photos):
            key = key_of("photo", entry_id, place)
            picture = self.gallery.store(scene, key)
            self.rows[Photo].append(
                {
                    "entry_id": entry_id,
                    "owner_id": post.author.id,
                    "place": place,
                    "key": key,
                    "width": picture.width,
                    "height": picture.height,
                    "widths": picture.widths,
                    "alt": ALT[scene.family],
                    "created_at": post.at,
                }
            )

    def _add_remarks(self, entry_id: int, remarks: list[Remark]) -> None:
        first = self.comment_id + 1
        for remark in remarks:
            self.comment_id += 1
            self.rows[Comment].append(
                {
                    "id": self.comment_id,
                    "entry_id": entry_id,
                    "parent_id": None if remark.parent is None else first + remark.parent,
                    "author_id": remark.author.id,
                    "body": remark.body.body,
                    "body_html": remark.body.html,
                    "created_at": remark.at,
                    "edited_at": remark.edited_at,
                    "deleted_at": remark.deleted_at,
                    "like_count": len(remark.likes),
                }
            )
            self.rows[CommentLike] += [
                {"comment_id": self.comment_id, "person_id": who, "at": remark.at} for who in remark.likes
            ]
            self._mention(entry_id, self.comment_id, remark.body.mentions)

    def _mention(self, entry_id: int, comment_id: int | None, people: tuple[int, ...]) -> None:
        self.rows[Mention] += [{"entry_id": entry_id, "comment_id": comment_id, "person_id": who} for who in people]

    def _record(self, entry_id: int, post: Post) -> None:
        """Note the acts themselves, as `record` would have."""
        entry = {"subject_kind": "entry", "subject_id": entry_id, "data": {}}
        acts = [{"at": post.at, "verb": "post.published", "actor_id": post.author.id, **entry}]
        acts += [{"at": at, "verb": "post.liked", "actor_id": who, **entry} for who, at in post.likes]
        acts += [{"at": at, "verb": "post.thanked", "actor_id": who, **entry} for who, at in post.thanks]
        for place, remark in enumerate(reversed(post.remarks)):
            said = {"subject_kind": "comment", "subject_id": self.comment_id - place, "data": {}}
            acts.append({"at": remark.at, "verb": "comment.added", "actor_id": remark.author.id, **said})
        self.rows[Activity] += acts

    def _audience_id(self, keys: tuple[str, ...]) -> int:
        if keys not in self.audience_ids:
            audience = Audience.of(keys)
            db.session.flush()
            self.audience_ids[keys] = audience.id
        return self.audience_ids[keys]

    def flush(self) -> None:
        """Insert what has been noted."""
        for table in (Entry, EntryTopic, Photo, Reaction, Comment, CommentLike, Mention):
            _insert(table, self.rows.pop(table, []))
        _insert(Activity, sorted(self.rows.pop(Activity, []), key=lambda act: act["at"]))

    def finish(self) -> None:
        """Add what visitors find of their own."""


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
