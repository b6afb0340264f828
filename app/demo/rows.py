"""Planned posts as rows, inserted batch by batch, with every count equal to the rows that it counts."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, Table, insert
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from app.activity.models import Activity
from app.content.audience import Audience
from app.content.models import Comment, CommentLike, Entry, EntryTopic, Mention, Photo, Reaction, Topic
from app.demo.company import Company
from app.demo.drawing.scenes import Scene
from app.demo.gallery import ALT, Gallery, key_of
from app.demo.plan import Post, Remark
from app.demo.reading import sections
from app.extensions import db

BATCH = 500
NOTED = 200


def insert_all(table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows at once, columns that they do not name by their defaults."""
    if not rows:
        return
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        _copy(connection, table.__table__, rows)
    else:
        connection.execute(insert(table.__table__), rows)


def _copy(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows as a stream, which PostgreSQL takes at a fifth of what statements cost."""
    given = rows[0].keys()
    defaults = {
        c.name: c.default.arg
        for c in table.columns
        if c.name not in given and isinstance(c.default, ScalarElementColumnDefault)
    }
    lists = [column.name for column in table.columns if isinstance(column.type, JSON) and column.name in given]
    names = ", ".join(f'"{name}"' for name in (*given, *defaults))
    rest = tuple(defaults.values())
    cursor = connection.connection.cursor()
    with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as stream:
        for row in rows:
            for name in lists:
                row[name] = json.dumps(row[name], ensure_ascii=False)
            stream.write_row((*(row[name] for name in given), *rest))
    cursor.close()


class Noted(NamedTuple):
    """A written post that something is still to happen to: its row's id and that of its first comment."""

    post: Post
    entry_id: int
    comment_id: int


class Rows:
    """Turns planned posts into rows with ids of their own and inserts them batch by batch."""

    def __init__(self, company: Company, moment: datetime, gallery: Gallery, rng: random.Random) -> None:
        self.company, self.moment, self.gallery, self.rng = company, moment, gallery, rng
        self.rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        self.entry_id = self.comment_id = 0
        # The newest posts, and all that were complained about or pinned.
        self.noted: list[Noted] = []
        self.audience_ids: dict[tuple[str, ...], int] = {}
        self.topic_ids = self._topics()

    def _topics(self) -> dict[str, int]:
        found = {}
        for number, line in enumerate(sections("topics")["topics"], 1):
            slug, name = line.split(maxsplit=1)
            found[slug] = number
            self.rows[Topic].append({"id": number, "slug": slug, "name": name})
        insert_all(Topic, self.rows.pop(Topic))
        return found

    def add(self, post: Post) -> None:
        """Note all rows of a post."""
        self.entry_id += 1
        entry_id = self.entry_id
        self._note(post)
        complaint = post.text.complaint
        hidden = complaint is not None and complaint.decision == "hidden"
        shown = [remark for remark in post.remarks if remark.deleted_at is None and not (remark.is_reported and hidden)]
        self.rows[Entry].append(
            {
                "id": entry_id,
                "kind": "post",
                "author_id": post.author.id,
                "store_id": post.author.shop.id,
                "audience_id": self.audience_id(post.audience),
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
                "comment_count": len(shown),
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
        self.add_photos(entry_id, post.photos, post.author.id, post.at)
        self._mention(entry_id, None, post.body.mentions)
        self.add_remarks(entry_id, post.remarks)
        if post.fresh:
            self._record(entry_id, post)
        if len(self.rows[Entry]) >= BATCH:
            self.flush()

    def _note(self, post: Post) -> None:
        """Keep in mind what `extras` needs, and no more than a few hundred posts."""
        self.noted.append(Noted(post, self.entry_id, self.comment_id + 1))
        if len(self.noted) > 2 * NOTED:
            old, new = self.noted[:-NOTED], self.noted[-NOTED:]
            self.noted = [one for one in old if one.post.text.complaint or one.post.pinned_at] + new

    def add_photos(self, entry_id: int, scenes: list[Scene], owner_id: int, at: datetime) -> None:
        """Note and store the photos of an entry."""
        for place, scene in enumerate(scenes):
            key = key_of("photo", entry_id, place)
            picture = self.gallery.store(scene, key)
            self.rows[Photo].append(
                {
                    "entry_id": entry_id,
                    "owner_id": owner_id,
                    "place": place,
                    "key": key,
                    "width": picture.width,
                    "height": picture.height,
                    "widths": picture.widths,
                    "alt": ALT[scene.family],
                    "created_at": at,
                }
            )

    def add_remarks(self, entry_id: int, remarks: list[Remark]) -> None:
        """Note the comments under an entry."""
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

    def audience_id(self, keys: tuple[str, ...]) -> int:
        """Return the audience of these keys."""
        if keys not in self.audience_ids:
            audience = Audience.of(keys)
            db.session.flush()
            self.audience_ids[keys] = audience.id
        return self.audience_ids[keys]

    def flush(self) -> None:
        """Insert what has been noted."""
        for table in (Entry, EntryTopic, Photo, Reaction, Comment, CommentLike, Mention):
            insert_all(table, self.rows.pop(table, []))
        insert_all(Activity, sorted(self.rows.pop(Activity, []), key=lambda act: act["at"]))
