"""Announcements as rows: entries with their versions, files, comments, receipts, briefings, and the counts by store."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, literal

from app.activity.models import Activity
from app.announcements.apart import set_apart
from app.announcements.counting import counted
from app.announcements.models import (
    Announcement,
    AnnouncementFile,
    AnnouncementReach,
    AnnouncementVersion,
    Briefing,
    BriefingPerson,
    Receipt,
)
from app.content.documents import EXCEL
from app.content.models import Entry, Reaction
from app.content.text import excerpt, render, without_headings
from app.demo.announcing import Announcing, Planned, sheet_of_window, table_of_days
from app.demo.company import Company, Worker
from app.demo.crowd import Crowd
from app.demo.gallery import key_of
from app.demo.life import season_of
from app.demo.pen import Pen
from app.demo.plan import Remark
from app.demo.receiving import Receiving
from app.demo.rows import Rows, insert_all
from app.demo.told import Told
from app.extensions import db
from app.media import media
from app.people.absences import Absence

RECEIPTS_AT_ONCE = 20_000
FILES = {"xlsx": ("График на праздники.xlsx", EXCEL), "pdf": ("Зимний завтрак, схема.pdf", "application/pdf")}


class Announced:
    """Writes down what was announced."""

    def __init__(self, company: Company, writer: Rows, moment: datetime, rng: random.Random) -> None:
        self.company, self.writer, self.moment, self.rng = company, writer, moment, rng
        self.crowd = Crowd(company)
        self.pen = Pen(self.crowd, rng)
        self.receiving = Receiving(company, moment, rng)
        self.receipts: list[dict[str, Any]] = []
        self.told = Told(moment)
        # When each of those that have appeared did, by their ids.
        self.appeared: dict[int, datetime] = {}

    def write(self) -> None:
        """Plan everything and insert it."""
        self._note_absences()
        for planned in Announcing(self.company, self.crowd, self.moment, self.rng).plan():
            self._write(planned)
        self._flush()
        self._count()
        for noted in self.writer.noted:
            self.told.of_post(noted)
        self.told.insert()

    def _note_absences(self) -> None:
        leaders = {worker.shop.id: worker.id for worker in self.company.workers if worker.position == "director"}
        hr = self.company.by_login("hr").id
        shops = {worker.id: worker.shop.id for worker in self.company.workers}
        rows = [
            {
                "person_id": person_id,
                "starts_on": first,
                "ends_on": last,
                "kind": kind,
                "noted_by_id": leaders.get(shops[person_id], hr) if kind == "sick" else hr,
                "noted_at": self.moment - timedelta(days=max(0, (self.moment.date() - first).days), hours=4),
            }
            for person_id, absences in self.receiving.away.items()
            for first, last, kind in absences
        ]
        insert_all(Absence, rows)

    def _write(self, planned: Planned) -> None:
        self.writer.entry_id += 1
        entry_id = self.writer.entry_id
        receipts: list[dict[str, Any]] = []
        briefed = self.receiving.briefed(planned)
        if planned.at is not None:
            receipts = list(self.receiving.receipts(planned, entry_id, briefed))
            self.appeared[entry_id] = planned.at
        self._insert_entry(planned, entry_id, receipts)
        self._insert_announcement(planned, entry_id)
        self._attach(planned, entry_id)
        self.receipts += receipts
        self.told.of_announcement(planned, entry_id, receipts)
        if len(self.receipts) > RECEIPTS_AT_ONCE:
            self._flush()
        self._brief(entry_id, briefed)

    def _insert_entry(self, planned: Planned, entry_id: int, receipts: list[dict[str, Any]]) -> None:
        body, at = planned.bodies[-1], planned.at
        likes = self._likes(entry_id, receipts)
        remarks = self._remarks(planned, receipts)
        pictures = []
        if planned.source.photo and at is not None:
            gallery = self.writer.gallery
            pictures = gallery.choose((planned.source.photo,), season_of(at.date()), 2, self.rng)
        row = {
            "id": entry_id,
            "kind": "announcement",
            "author_id": planned.author.id,
            "store_id": planned.author.shop.id,
            "audience_id": self.writer.audience_id(planned.audience),
            "title": planned.title,
            "body": body,
            "body_html": render(body, document=True),
            "excerpt_html": excerpt(without_headings(body)),
            "created_at": planned.begun_at,
            "published_at": at,
            "edited_at": planned.times[1] if len(planned.times) > 1 else None,
            "like_count": sum(like["kind"] == "like" for like in likes),
            "thanks_count": sum(like["kind"] == "thanks" for like in likes),
            "comment_count": len(remarks),
            "photo_count": len(pictures),
            "version": len(planned.bodies),
        }
        insert_all(Entry, [row])
        insert_all(Reaction, likes)
        if at is not None:
            self.writer.add_photos(entry_id, pictures, planned.author.id, at)
            self.writer.add_remarks(entry_id, remarks)
            act = {"at": at, "verb": "announcement.published", "actor_id": planned.author.id, "data": {}}
            insert_all(Activity, [{**act, "subject_kind": "announcement", "subject_id": entry_id}])
        self.writer.flush()

    def _insert_announcement(self, planned: Planned, entry_id: int) -> None:
        source = planned.source
        asked = {"question": source.question, "answers": [{"text": text, "right": right} for text, right in source.answers]}
        edition = len(planned.bodies)
        row = {
            "id": entry_id,
            "importance": source.importance,
            "publish_at": planned.publish_at,
            "valid_until": planned.valid_until,
            "archived_at": planned.archived_at,
            "edition": edition,
            "asks_from": edition,
            "passage": source.passage,
            "words": len(planned.bodies[-1].split()),
        }
        insert_all(Announcement, [row | asked])
        asked = {"question": source.question, "answers": [{"text": text, "right": right} for text, right in source.answers]}
        versions = [
            {
                "announcement_id": entry_id,
                "number": number,
                "title": planned.title,
                "body": body,
                "body_html": render(body, document=True),
                **asked,
                "asked": True,
                "at": at,
                "by_id": planned.author.id,
            }
            for number, (body, at) in enumerate(zip(planned.bodies, planned.times, strict=False), 1)
        ]
        for version in versions:
            insert_all(AnnouncementVersion, [version])

    def _attach(self, planned: Planned, entry_id: int) -> None:
        at = planned.at or self.moment
        for place, ending in enumerate(planned.source.files):
            name, content_type = FILES[ending]
            data = table_of_days(self.company, at) if ending == "xlsx" else sheet_of_window(self.writer.gallery, at)
            key = key_of("file", entry_id, place)
            media().put(key, data)
            about = {"name": name, "size": len(data), "content_type": content_type, "key": key, "created_at": at}
            insert_all(AnnouncementFile, [{"announcement_id": entry_id, "owner_id": planned.author.id, **about}])

    def _likes(self, entry_id: int, receipts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Let some of those who have read it say so; never more than a card can be believed to have."""
        read = [row for row in receipts if row["read_at"] is not None]
        some = self.rng.sample(read, min(len(read), self.rng.randint(0, 14)))
        kinds = self.rng.choices(("like", "thanks"), (3, 1), k=len(some))
        return [
            {"entry_id": entry_id, "person_id": row["person_id"], "kind": kind, "at": row["read_at"]}
            for row, kind in zip(some, kinds, strict=True)
        ]

    def _remarks(self, planned: Planned, receipts: list[dict[str, Any]]) -> list[Remark]:
        """Let those who have read it ask, and its author answer."""
        workers = {worker.id: worker for worker in planned.readers}
        asking = [row for row in receipts if row["read_at"] and self._may_ask(workers.get(row["person_id"]))]
        found: list[Remark] = []
        asked = sorted(self.rng.sample(asking, min(len(asking), 4)), key=lambda row: row["read_at"])
        at = planned.at or self.moment
        for words, is_answer in planned.source.said:
            if not asked:
                break
            row = asked[0] if is_answer else asked.pop(0)
            author = planned.author if is_answer else workers[row["person_id"]]
            at = self.receiving.in_shift(author, max(at, row["read_at"]) + timedelta(minutes=self.rng.randint(2, 15)))
            if at > self.moment:
                break
            parent = len(found) - 1 if is_answer and found else None
            found.append(Remark(author, at, self.pen.words(words, author, at.date()), parent))
        return found

    @staticmethod
    def _may_ask(worker: Worker | None) -> bool:
        return worker is not None and not worker.shop.is_office and worker.login is None

    def _brief(self, entry_id: int, briefed: dict[int, tuple[datetime, Worker, set[int]]]) -> None:
        if not briefed:
            return
        rows = [
            {"announcement_id": entry_id, "store_id": shop, "by_id": leader.id, "at": at}
            for shop, (at, leader, _there) in briefed.items()
        ]
        insert_all(Briefing, rows)
        there = [(shop, who) for shop, (_at, _leader, people) in briefed.items() for who in sorted(people)]
        insert_all(
            BriefingPerson, [{"announcement_id": entry_id, "store_id": shop, "person_id": who} for shop, who in there]
        )

    def _flush(self) -> None:
        insert_all(Receipt, self.receipts)
        self.receipts = []

    def _count(self) -> None:
        """Count by store what the receipts say."""
        for entry_id, at in self.appeared.items():
            counts = counted(Announcement(id=entry_id, published_at=at)).add_columns(
                literal(entry_id).label("announcement_id")
            )
            columns = [column.name for column in counts.selected_columns]
            db.session.execute(insert(AnnouncementReach).from_select(columns, counts))
            set_apart(entry_id)
