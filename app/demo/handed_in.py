"""Answers to the demo's tasks: handed in, read by the director, sent back with a word, accepted; some wait in the queue."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.content.text import render
from app.demo.company import Company, Worker
from app.demo.crowd import Deck
from app.learning.models import Lesson
from app.people.permissions import Position

TEXTS = Path(__file__).parent / "texts"
# Of a hundred first answers; a second one is accepted.
SENT_BACK = 22
# So many wait in the store of the director whom visitors sign in as.
KEPT = 2


# Returns the next moment at which somebody has time for it.
AtWork = Callable[[Worker, datetime], datetime]


class HandedIn:
    """Makes the rows of answers to tasks."""

    def __init__(self, company: Company, moment: datetime, rng: random.Random, at_work: AtWork) -> None:
        self.moment, self.rng, self.at_work = moment, rng, at_work
        self.rows: list[dict[str, Any]] = []
        self.teacher = company.by_login("editor")
        self.shown, self.kept = company.by_login("director").shop, 0
        day = moment.date()
        leads = [one for one in company.workers if one.position == Position.DIRECTOR and one.works_on(day)]
        self.directors = {one.shop.id: one for one in leads}
        self.bodies = Deck((TEXTS / "answers.txt").read_text("utf-8").strip().split("\n\n"), rng)
        remarks = [line.partition(" ")[::2] for line in (TEXTS / "remarks.txt").read_text("utf-8").splitlines()]
        self.remarks = {state: Deck([words for one, words in remarks if one == state], rng) for state, _words in remarks}

    def answer(self, lesson: Lesson, course_id: int, worker: Worker, at: datetime) -> tuple[bool, datetime, datetime | None]:
        """Hand in until it is accepted or waits; return whether it was, the last moment, and since when it waits."""
        if worker.shop is self.shown and worker.login is None and self.kept < KEPT:
            # Whoever looks at the demo as a director finds something to check.
            self.kept += 1
            at = max(at, self.moment - timedelta(hours=7 * self.kept))
            self._hand_in(lesson, course_id, worker, 1, at)
            return False, at, at
        for number in (1, 2):
            row = self._hand_in(lesson, course_id, worker, number, at)
            checked = self.at_work(worker, at + timedelta(days=self.rng.randint(1, 3)))
            if checked > self.moment:
                return False, at, at
            back = number == 1 and self.rng.random() * 100 < SENT_BACK
            self._decide(row, "sent_back" if back else "accepted", worker, checked)
            if not back:
                return True, checked, None
            at = self.at_work(worker, checked + timedelta(days=self.rng.randint(1, 6)))
            if at > self.moment:
                return False, checked, None
        return False, at, None

    def _hand_in(self, lesson: Lesson, course_id: int, worker: Worker, number: int, at: datetime) -> dict[str, Any]:
        body = self.bodies.draw()
        row: dict[str, Any] = {
            "lesson_id": lesson.id,
            "course_id": course_id,
            "person_id": worker.id,
            "number": number,
            "body": body,
            "body_html": render(body),
            "handed_in_at": at,
            "state": "waiting",
            "decided_at": None,
            "decided_by_id": None,
            "remark": "",
        }
        self.rows.append(row)
        return row

    def _decide(self, row: dict[str, Any], state: str, worker: Worker, at: datetime) -> None:
        checker = self.directors.get(worker.shop.id, self.teacher)
        if checker is worker or checker.hired > at.date():
            checker = self.teacher
        row.update(state=state, decided_at=at, decided_by_id=checker.id, remark=self.remarks[state].draw())
