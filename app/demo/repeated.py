"""Three questions a shift in the demo: what people passed comes back to them, and they know it still, or not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from app.activity.models import Activity
from app.demo.company import Worker
from app.learning import grading
from app.learning.models import Course, Question
from app.learning.review_models import A_DAY, INTERVALS, ReviewAnswer, ReviewCard, ReviewDay
from app.learning.review_schedule import after

# So far back people have answered; what came before is not told.
SINCE = timedelta(days=60)
# Of a hundred who passed a quiz, so many answer what is offered; of a hundred days, so many are shifts with a calm minute.
TAKE_PART, SHIFTS = 75, 50
# Those whom visitors sign in as were off for some days, so that questions wait for them.
OFF = timedelta(days=8)


@dataclass
class Card:
    """Where somebody stands with a question."""

    line_id: int
    course_id: int
    due_on: date
    step: int = 0
    answered_at: datetime | None = None


class Repeated:
    """Makes the rows of what people repeated."""

    def __init__(self, moment: datetime, rng: random.Random, given: Callable[[Question, bool], Any]) -> None:
        self.moment, self.rng, self.given = moment, rng, given
        self.newest: dict[int, dict[int, Question]] = {}
        self.cards: dict[int, dict[int, Card]] = {}
        self.workers: dict[int, Worker] = {}
        self.last = 0

    def know(self, course: Course) -> None:
        """Note the wordings that are asked: those of the newest version."""
        newest = max((one for one in course.versions if one.number is not None), key=lambda one: one.number or 0)
        self.newest[course.id] = {one.line_id: one for lesson in newest.lessons for one in lesson.questions}

    def put_down(self, worker: Worker, course_id: int, questions: Sequence[Question], at: datetime) -> None:
        """Put down what somebody has just passed."""
        passed = at.astimezone(worker.shop.town.zone).date()
        self.workers[worker.id] = worker
        mine = self.cards.setdefault(worker.id, {})
        for question in questions:
            due_on = passed + timedelta(days=INTERVALS[0])
            mine.setdefault(question.line_id, Card(question.line_id, course_id, due_on))

    def rows(self, heads: dict[int, float]) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Yield each row with its table: of everybody's shifts until yesterday, and of where that leaves him."""
        for worker_id, cards in self.cards.items():
            worker = self.workers[worker_id]
            today = self.moment.astimezone(worker.shop.town.zone).date()
            day: dict[str, Any] = {}
            if worker.login is not None or self.rng.random() * 100 < TAKE_PART:
                until = today - (OFF if worker.login is not None else timedelta(days=1))
                answers = list(self._shifts(worker, list(cards.values()), until, heads[worker_id]))
                if worker.login is not None:
                    self._forget_some(answers, cards, today)
                for answer in answers:
                    self.last += 1
                    yield ReviewAnswer, {"id": self.last, "person_id": worker_id, **answer}
                    yield Activity, self._act(worker_id, answer)
                    day = {"day": answer["day"], "answered": answer["number"]}
            if day:
                yield ReviewDay, {"person_id": worker_id, **day}
            for card in cards.values():
                yield ReviewCard, {"person_id": worker_id, **vars(card)}

    def _shifts(self, worker: Worker, cards: list[Card], until: date, head: float) -> Iterator[dict[str, Any]]:
        """Yield what somebody answered, day by day."""
        day = max(min(card.due_on for card in cards), until - SINCE)
        while day <= until:
            if worker.works_on(day) and self.rng.random() * 100 < SHIFTS:
                asked = [card for card in cards if card.due_on <= day and card.line_id in self.newest[card.course_id]]
                asked.sort(key=lambda card: (card.due_on, card.step, card.line_id))
                for number, card in enumerate(asked[:A_DAY], 1):
                    yield self._answer(worker, card, day, number, head)
            day += timedelta(days=1)

    def _forget_some(self, answers: list[dict[str, Any]], cards: dict[int, Card], today: date) -> None:
        """Let a visitor's last answers have been wrong until enough is due for a shift."""
        last = {answer["line_id"]: answer for answer in answers}
        for card in sorted(cards.values(), key=lambda card: (card.due_on, card.line_id)):
            if sum(one.due_on <= today for one in cards.values()) >= A_DAY:
                return
            question, answer = self.newest[card.course_id].get(card.line_id), last.get(card.line_id)
            if question is None or answer is None:
                continue
            given = self.given(question, False)
            if not grading.is_right(question.kind, question.options, given, question.forgiving):
                card.step, card.due_on = after(card.step, False, answer["day"])
                answer.update(given=given, right=False, due_on=card.due_on)

    def _answer(self, worker: Worker, card: Card, day: date, number: int, head: float) -> dict[str, Any]:
        question = self.newest[card.course_id][card.line_id]
        given = self.given(question, self.rng.random() < head + 0.04 * card.step)
        right = grading.is_right(question.kind, question.options, given, question.forgiving)
        card.step, card.due_on = after(card.step, right, day)
        begun = datetime.combine(day, time(10, self.rng.randrange(60)), worker.shop.town.zone)
        card.answered_at = begun.astimezone(self.moment.tzinfo) + timedelta(seconds=17 * number)
        return {
            "course_id": card.course_id,
            "line_id": card.line_id,
            "question_id": question.id,
            "day": day,
            "number": number,
            "given": given,
            "right": right,
            "due_on": card.due_on,
            "at": card.answered_at,
        }

    def _act(self, worker_id: int, answer: dict[str, Any]) -> dict[str, Any]:
        said = {"right": answer["right"], "number": answer["number"]}
        act = {"at": answer["at"], "verb": "review.answered", "actor_id": worker_id, "data": said}
        return {**act, "subject_kind": "review_answer", "subject_id": self.last}
