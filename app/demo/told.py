"""What lies in people's inboxes: announcements of the last fortnight, and what colleagues did with one's newest posts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.content.text import one_line
from app.demo.announcing import Planned
from app.demo.company import Worker
from app.demo.rows import Noted, insert_all
from app.notifications.models import Notice, NoticeActor

LATELY = timedelta(days=14)
# What is older was seen on some visit since; visitors find news of the last days.
SEEN_SINCE = timedelta(hours=30)


class Told:
    """Gathers notices and inserts them."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.notices: list[dict[str, Any]] = []
        self.actors: list[dict[str, Any]] = []

    def of_announcement(self, planned: Planned, entry_id: int, receipts: list[dict[str, Any]]) -> None:
        """Tell everybody to whom it was sent; seen by whoever has opened it since."""
        if not planned.times or planned.times[-1] < self.moment - LATELY or planned.ends_at(self.moment) < self.moment:
            return
        at, importance = planned.times[-1], planned.source.importance
        told: dict[str, Any] = {
            "kind": "announcement" if importance == "ordinary" else importance,
            "group_key": f"announcement:{entry_id}:{len(planned.times)}",
            "entry_id": entry_id,
            "path": f"/announcements/{entry_id}",
            "words": planned.title,
            "urgent": importance == "urgent",
        }
        for receipt in receipts:
            if not receipt["late"]:
                opened = receipt["opened_at"]
                again = receipt["confirmed_at"] if len(planned.times) > 1 else opened
                self._add(receipt["person_id"], at, again, **told)

    def of_post(self, noted: Noted) -> None:
        """Tell the author of a post who answered and who thanked."""
        post = noted.post
        if post.at < self.moment - LATELY or post.deleted_at is not None or post.text.complaint is not None:
            return
        path = f"/posts/{noted.entry_id}"
        about = {"entry_id": noted.entry_id, "words": one_line(post.body.body), "urgent": False}
        thanks = [(who, at) for who, at in post.thanks if at <= self.moment]
        self._gather(post.author, "thanks", f"thanks:post-{noted.entry_id}", thanks, path=path, **about)
        said = [
            (place, remark)
            for place, remark in enumerate(post.remarks)
            if remark.author is not post.author and remark.deleted_at is None and not remark.is_reported
        ]
        if said:
            place, last = said[-1]
            about["words"] = one_line(last.body.body)
            acts = [(remark.author.id, remark.at) for _place, remark in said]
            path = f"/comments/{noted.comment_id + place}"
            self._gather(post.author, "comment", f"comment:post-{noted.entry_id}", acts, path=path, **about)

    def insert(self) -> None:
        """Insert what was gathered."""
        insert_all(Notice, self.notices)
        insert_all(NoticeActor, self.actors)

    def _gather(self, whom: Worker, kind: str, group: str, acts: list[tuple[int, datetime]], **about: Any) -> None:
        latest = dict(sorted(acts, key=lambda act: act[1]))
        if not latest or whom.dismissed is not None:
            return
        at = max(latest.values())
        seen = at + timedelta(hours=3) if at < self.moment - SEEN_SINCE else None
        self._add(whom.id, at, seen, kind=kind, group_key=group, **about)
        self.actors += [{"notice_id": len(self.notices), "person_id": who, "at": when} for who, when in latest.items()]

    def _add(self, person_id: int, at: datetime, seen: datetime | None, **about: Any) -> None:
        row = {"id": len(self.notices) + 1, "person_id": person_id, "created_at": at, "updated_at": at, "seen_at": seen}
        self.notices.append({**row, **about})
