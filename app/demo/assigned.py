"""The demo's learning paths and assignments: done, begun, late, called off, with the log of each."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.content.text import render
from app.demo.company import Company, Worker
from app.demo.crowd import Crowd
from app.demo.rows import Rows, insert_all
from app.extensions import db
from app.learning import assign_dates, assign_rows
from app.learning.assign_models import Assignee, Assignment, AssignmentEvent, State
from app.learning.models import Enrolment
from app.learning.path_models import Path, PathCompletion, PathCourse, PathStep

# Steps as (how many of them are needed, the courses).
PATHS = (
    (
        "Первый месяц",
        "Всё, с чем легче начинать: знакомство, безопасность и касса, потом один материал на выбор. "
        "Упаковка — для тех, кому интересно.",
        ("everybody",),
        190,
        ((1, ("welcome",)), (2, ("safety", "cash")), (1, ("crystal", "porcelain", "wine")), (0, ("packing",))),
    ),
    (
        "Знаток стекла",
        "Три курса о материалах, в любом порядке внутри шага. Кто прошёл, того и спрашивают коллеги.",
        ("everybody",),
        80,
        ((2, ("crystal", "wine")), (1, ("porcelain",))),
    ),
)


class Assigned:
    """Writes down what people are to learn until when, from what they have learned."""

    def __init__(self, company: Company, writer: Rows, crowd: Crowd, courses: dict[str, int], moment: datetime) -> None:
        self.company, self.writer, self.crowd, self.courses, self.moment = company, writer, crowd, courses, moment
        self.editor, self.hr = company.by_login("editor"), company.by_login("hr")
        ways = select(Enrolment.course_id, Enrolment.person_id, Enrolment.begun_at, Enrolment.completed_at)
        self.ways = {(row.course_id, row.person_id): (row.begun_at, row.completed_at) for row in db.session.execute(ways)}
        self.assignment_id = self.row_id = 0
        self.rows: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []

    def write(self) -> None:
        """Insert the paths, the assignments, who has them and what happened to each."""
        paths = [self._path(number, *about) for number, about in enumerate(PATHS, 1)]
        today = self.moment.date()
        director = self.company.by_login("director")
        note = "Ежегодный инструктаж: перед декабрём, когда покупателей больше всего."
        self._assign(self.hr, {"course_id": self.courses["safety"], "due_on": today + timedelta(days=9), "note": note}, 21)
        about = {"path_id": paths[0][0], "due_days": 30, "due_from": "hired"}
        self._assign(self.hr, about, 170, ("newcomers:90",), steps=paths[0][1])
        note = "Девочки и мальчики, в пятницу сдача смены по новым правилам. Кому что неясно — спрашивайте меня."
        own = {"course_id": self.courses["cash"], "due_on": today - timedelta(days=4), "store_id": director.shop.id}
        self._assign(director, {**own, "note": note}, 25, (f"store:{director.shop.id}",))
        about = {"course_id": self.courses["porcelain"], "due_on": today + timedelta(days=2)}
        self._assign(self.editor, about, 12, ("position:seller",))
        wrong = {"course_id": self.courses["wine"], "due_on": today - timedelta(days=30)}
        self._assign(self.editor, wrong, 60, ("role:director",), cancelled="Назначили не тем: курс для продавцов.")
        insert_all(Assignee, self.rows)
        insert_all(AssignmentEvent, sorted(self.events, key=lambda event: event["at"]))
        db.session.flush()
        stores: dict[int, set[int]] = {}
        for row in self.rows:
            stores.setdefault(row["assignment_id"], set()).add(row["store_id"])
        for assignment_id in sorted(stores):
            assign_rows.count_anew(assignment_id, stores[assignment_id])

    def _path(
        self, path_id: int, title: str, body: str, keys: tuple[str, ...], days: int, steps: tuple[Any, ...]
    ) -> tuple[int, list[tuple[int, list[int]]]]:
        at = self.moment - timedelta(days=days, hours=3)
        audience_id = self.writer.audience_id(keys)
        self.writer.flush()
        row = {"id": path_id, "author_id": self.editor.id, "audience_id": audience_id, "title": title, "body": body}
        insert_all(Path, [{**row, "body_html": render(body), "created_at": at - timedelta(days=2), "published_at": at}])
        found = []
        for place, (needed, names) in enumerate(steps):
            step = PathStep(path_id=path_id, place=place, needed=needed)
            db.session.add(step)
            db.session.flush()
            ids = [self.courses[name] for name in names]
            of_step = {"path_id": path_id, "step_id": step.id}
            insert_all(PathCourse, [{**of_step, "course_id": one, "place": number} for number, one in enumerate(ids)])
            found.append((needed, ids))
        done = {worker.id: self._completed(worker, found) for worker in self.crowd.audience(keys)}
        ends = {person_id: max(ended, at) for person_id, ended in done.items() if ended is not None}
        rows = [{"path_id": path_id, "person_id": person_id, "completed_at": end} for person_id, end in ends.items()]
        insert_all(PathCompletion, rows)
        return path_id, found

    def _assign(
        self,
        author: Worker,
        about: dict[str, Any],
        days: int,
        keys: tuple[str, ...] = ("everybody",),
        *,
        steps: list[tuple[int, list[int]]] | None = None,
        cancelled: str = "",
    ) -> None:
        at = self.moment - timedelta(days=days, hours=1)
        self.assignment_id += 1
        audience_id = self.writer.audience_id(keys)
        self.writer.flush()
        blank = {"course_id": None, "path_id": None, "due_on": None, "due_days": None, "store_id": None}
        row = {**blank, "due_from": "assigned", "note": "", **about, "id": self.assignment_id, "audience_id": audience_id}
        row |= {"author_id": author.id, "created_at": at, "filled_at": at + timedelta(minutes=1)}
        called_off = at + timedelta(days=1) if cancelled else None
        if called_off is not None:
            row |= {"cancelled_at": called_off, "cancelled_by_id": author.id, "cancel_reason": cancelled}
        insert_all(Assignment, [row])
        self._event("made", at, author.id)
        if called_off is not None:
            self._event("cancelled", called_off, author.id)
        needed = steps or [(1, [about["course_id"]])]
        for worker in self.crowd.audience(keys):
            # Whoever came later got it on his first day.
            first = datetime.combine(worker.hired, time(7), UTC)
            self._give(row, worker, max(at, first), "joined" if first > at else "audience", needed, called_off)

    def _give(
        self,
        assignment: dict[str, Any],
        worker: Worker,
        at: datetime,
        cause: str,
        steps: list[tuple[int, list[int]]],
        called_off: datetime | None,
    ) -> None:
        self.row_id += 1
        zone = worker.shop.town.zone
        on, days, since = (assignment[name] for name in ("due_on", "due_days", "due_from"))
        due_on = assign_dates.due_day(on, days, since, today=at.astimezone(zone).date(), hired_on=worker.hired)
        due_at = assign_dates.end_of(due_on, zone)
        until = called_off or self.moment
        moments = (self._begun(worker, steps), self._completed(worker, steps))
        begun, done = (one if one is not None and one <= until else None for one in moments)
        row = {
            "id": self.row_id,
            "assignment_id": self.assignment_id,
            "person_id": worker.id,
            "store_id": worker.shop.id,
            "state": State.DONE if done else State.BEGUN if begun else State.ASSIGNED,
            "assigned_at": at,
            "due_on": due_on,
            "due_at": due_at,
            "begun_at": begun,
            "done_at": done,
            "withdrawn_at": None,
            "cause": "",
            "overdue_at": None,
            "remind_at": None,
            "stage": assign_dates.NEVER,
        }
        self._event("assigned", at, None, row, cause)
        for what, when in (("begun", begun), ("done", done)):
            if when is not None:
                early = when < at
                self._event(what, max(at, when), None if early else worker.id, row, "before" if early else "")
        if row["state"] != State.DONE:
            if called_off is not None:
                row.update(state=State.WITHDRAWN, withdrawn_at=called_off, cause="cancelled")
                self._event("withdrawn", called_off, None, row, "cancelled")
            else:
                self._wait(row, due_on, zone, worker)
        self.rows.append(row)

    def _wait(self, row: dict[str, Any], due_on: date, zone: Any, worker: Worker) -> None:
        """Say which reminder comes next; who is late was told of it already."""
        today = self.moment.astimezone(zone).date()
        coming = assign_dates.first_reminder(due_on, today, zone)
        if row["due_at"] <= self.moment:
            row["overdue_at"] = row["due_at"]
            self._event("overdue", row["due_at"], None, row)
            coming = assign_dates.following(assign_dates.LATE, due_on, today, zone)
        row.update(stage=coming.stage, remind_at=coming.at)

    def _begun(self, worker: Worker, steps: list[tuple[int, list[int]]]) -> datetime | None:
        found = [self.ways[one, worker.id][0] for _n, ids in steps for one in ids if (one, worker.id) in self.ways]
        return min(found, default=None)

    def _completed(self, worker: Worker, steps: list[tuple[int, list[int]]]) -> datetime | None:
        """Return when the last needed course was completed, None while one is missing."""
        ends: list[datetime] = []
        for needed, ids in steps:
            done = sorted(end for one in ids if (end := self.ways.get((one, worker.id), (None, None))[1]) is not None)
            if len(done) < needed:
                return None
            ends += done[:needed]
        return max(ends, default=None)

    def _event(
        self, what: str, at: datetime, actor_id: int | None, row: dict[str, Any] | None = None, cause: str = ""
    ) -> None:
        about = {"assignee_id": row["id"] if row else None, "person_id": row["person_id"] if row else None}
        event = {"at": at, "assignment_id": self.assignment_id, **about, "what": what, "cause": cause, "actor_id": actor_id}
        self.events.append(event)
