"""The demo's certificates: for a year and for ever; valid, ending, run out, renewed once already, taken back."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, delete, func, select, update

from app.activity.models import Activity
from app.demo.company import Company, Worker
from app.demo.rows import insert_all
from app.extensions import db
from app.learning import certificate_dates, certificate_numbers, certificates
from app.learning.certificate_dates import Term
from app.learning.certificate_models import Certificate, CertificateRule, FormerRound
from app.learning.models import Course, Enrolment, Lesson, LessonProgress, QuizAnswer, QuizAttempt

# {course: how many months its certificates are valid, the sentence on the sheet}
RULES: dict[str, tuple[int | None, str]] = {
    "safety": (12, "прошёл(а) ежегодное обучение и проверку знаний по курсу"),
    "crystal": (None, ""),
}
OPENS_DAYS = 30
# Of a hundred whose certificate has run out, and whose is about to.
RENEWED, RENEWED_EARLY, BEGUN_ANEW = 80, 35, 40
# What visitors find when they sign in: something to renew, and something that was.
SET = {"seller": "left", "director": "renewed"}
WHY = "Проверку знаний сдавал другой сотрудник: курс нужно пройти заново."


class Certified:
    """Gives certificates to those who have completed a course, and lets some of them renew theirs."""

    def __init__(self, company: Company, courses: dict[str, int], moment: datetime, rng: random.Random) -> None:
        self.company, self.courses, self.moment, self.rng = company, courses, moment, rng
        self.workers = {worker.id: worker for worker in company.workers}
        self.rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        self.numbers: set[str] = set()
        self.has_begun_again = False
        self.attempt_id = db.session.scalar(select(func.max(QuizAttempt.id))) or 0

    def write(self) -> None:
        """Insert what courses give, and what was given."""
        author = self.company.by_login("editor")
        for name, (months, words) in RULES.items():
            rule = {"course_id": self.courses[name], "is_on": True, "months": months, "opens_days": OPENS_DAYS}
            more = {"words": words, "changed_at": self.moment - timedelta(days=425), "changed_by_id": author.id}
            insert_all(CertificateRule, [rule | more])
            self._give(self.courses[name], months, words)
        self._take_back()
        for table in (FormerRound, QuizAttempt, QuizAnswer, Certificate):
            insert_all(table, self.rows[table])
        insert_all(Activity, sorted(self.rows[Activity], key=lambda act: act["at"]))
        db.session.flush()

    def _give(self, course_id: int, months: int | None, words: str) -> None:
        title = db.session.get_one(Course, course_id).title
        ways = select(Enrolment).where(Enrolment.course_id == course_id, Enrolment.completed_at.is_not(None))
        for way in db.session.scalars(ways.order_by(Enrolment.person_id)).all():
            worker, ended = self.workers[way.person_id], way.completed_at or self.moment
            about = {"person_id": worker.id, "course_id": course_id, "version_id": way.version_id, "title": title}
            about |= {"words": words, "full_name": f"{worker.last} {worker.first} {worker.middle}".strip()}
            about["short_name"] = certificates.initialled(worker.last, worker.first, worker.middle)
            about["company"] = current_app.config["BRAND"]
            term = self._certificate(about, 1, ended, months)
            if term.valid_until is not None and term.renews_on is not None:
                self._renew(way, worker, about, months, term)

    def _certificate(self, about: dict[str, Any], number: int, at: datetime, months: int | None) -> Term:
        zone = self.workers[about["person_id"]].shop.town.zone
        day = at.astimezone(zone).date()
        term = certificate_dates.term(day, months, OPENS_DAYS)
        stage, following = 0, None
        if term.valid_until is not None and term.renews_on is not None:
            stage = certificate_dates.reached(term.valid_until, term.renews_on, self.moment.astimezone(zone).date())
            following = certificate_dates.following(term.valid_until, term.renews_on, stage)
        days = {"issued_on": day, "valid_until": term.valid_until, "renews_on": term.renews_on}
        self.rows[Certificate].append(
            {
                "id": len(self.rows[Certificate]) + 1,
                "number": self._number(),
                **about,
                "round": number,
                "issued_at": at,
                **days,
                "remind_on": following,
                "stage": stage,
                "renewed_at": None,
                "revoked_at": None,
                "revoked_by_id": None,
                "revoked_why": "",
            }
        )
        self._record("certificate.issued", about["person_id"], "certificate", len(self.rows[Certificate]), at)
        return term

    def _renew(self, way: Enrolment, worker: Worker, about: dict[str, Any], months: int | None, term: Term) -> None:
        """Let somebody go through the course again, or begin to, or leave it."""
        today = self.moment.date()
        valid_until, renews_on = term
        if valid_until is None or renews_on is None or renews_on > today or worker.dismissed is not None:
            return
        over = valid_until < today
        fate = SET.get(worker.login or "")
        chance = self.rng.randrange(100)
        if fate == "renewed" or (fate is None and chance < (RENEWED if over else RENEWED_EARLY)):
            ended = way.completed_at or self.moment
            first, last = (renews_on - ended.date()).days, (self.moment - ended).days
            self._go_again(way, about, months, self.rng.randint(min(first, last), min(last, first + OPENS_DAYS + 9)))
        elif fate is None and ((over and not self.has_begun_again) or self.rng.randrange(100) < BEGUN_ANEW):
            # Somebody is always on the way, however small the company.
            self.has_begun_again = True
            self._begin_again(way)

    def _go_again(self, way: Enrolment, about: dict[str, Any], months: int | None, days: int) -> None:
        """Let the second round go as the first did, so many days later."""
        later, ended = timedelta(days=days), way.completed_at or self.moment
        self.rows[Certificate][-1] |= {"renewed_at": ended + later, "remind_on": None}
        known = self._keep(way, way.begun_at + later)
        self._try_again(way.person_id, [row.lesson_id for row in known], later)
        table = LessonProgress.__table__
        of_it = (table.c.person_id == way.person_id, table.c.lesson_id == bindparam("which"))
        moved = update(table).where(*of_it)  # type: ignore[arg-type]
        rows = [
            {
                "which": row.lesson_id,
                "to_begun": row.begun_at + later,
                "to_done": row.done_at + later if row.done_at is not None else None,
            }
            for row in known
        ]
        values: dict[str, Any] = {"begun_at": bindparam("to_begun"), "done_at": bindparam("to_done")}
        db.session.connection().execute(moved.values(values), rows)
        way.round, way.begun_at, way.seen_at, way.completed_at = 2, way.begun_at + later, ended + later, ended + later
        db.session.flush()
        self._record("course.begun_anew", way.person_id, "course", way.course_id, way.begun_at)
        self._record("course.completed", way.person_id, "course", way.course_id, ended + later)
        self._certificate(about, 2, ended + later, months)

    def _begin_again(self, way: Enrolment) -> None:
        begun = self.moment - timedelta(days=self.rng.randint(0, 4), hours=3)
        known = self._keep(way, begun)
        mine = (LessonProgress.person_id == way.person_id, LessonProgress.lesson_id.in_([row.lesson_id for row in known]))
        db.session.execute(delete(LessonProgress).where(*mine))
        lessons = db.session.scalars(Lesson.of(way.version_id)).all()
        way.round, way.begun_at, way.seen_at, way.completed_at = 2, begun, begun, None
        way.done, way.lesson_id = 0, lessons[0].id
        way.minutes_left = sum(lesson.minutes for lesson in lessons if not lesson.optional)
        db.session.flush()
        self._record("course.begun_anew", way.person_id, "course", way.course_id, begun)

    def _keep(self, way: Enrolment, ended: datetime) -> Sequence[LessonProgress]:
        """Keep the first round as it was."""
        of_version = select(Lesson.id).where(Lesson.version_id == way.version_id)
        mine = (LessonProgress.person_id == way.person_id, LessonProgress.lesson_id.in_(of_version))
        known = db.session.scalars(select(LessonProgress).where(*mine).order_by(LessonProgress.lesson_id)).all()
        lessons = [
            {"lesson": row.lesson_id, "score": row.score, "done_at": row.done_at.isoformat() if row.done_at else None}
            for row in known
        ]
        of_it = {"course_id": way.course_id, "person_id": way.person_id, "round": 1, "version_id": way.version_id}
        moments = {"begun_at": way.begun_at, "completed_at": way.completed_at, "ended_at": ended}
        self.rows[FormerRound].append({**of_it, **moments, "lessons": lessons})
        return known

    def _try_again(self, person_id: int, lesson_ids: list[int], later: timedelta) -> None:
        """Let the attempt by which somebody passed be taken again, with the same answers."""
        mine = (QuizAttempt.person_id == person_id, QuizAttempt.lesson_id.in_(lesson_ids))
        attempts = db.session.scalars(select(QuizAttempt).where(*mine).order_by(QuizAttempt.number)).all()
        for attempt in {one.lesson_id: one for one in attempts}.values():
            self.attempt_id += 1
            names = ("lesson_id", "person_id", "drawn", "score", "passed")
            row = {name: getattr(attempt, name) for name in names} | {"id": self.attempt_id, "number": attempt.number + 1}
            for name in ("begun_at", "ends_at", "submitted_at"):
                at = getattr(attempt, name)
                row[name] = at + later if at is not None else None
            self.rows[QuizAttempt].append(row)
            for answer in db.session.scalars(select(QuizAnswer).where(QuizAnswer.attempt_id == attempt.id)):
                given = {"question_id": answer.question_id, "given": answer.given, "right": answer.right}
                self.rows[QuizAnswer].append({"attempt_id": self.attempt_id, **given, "at": answer.at + later})

    def _take_back(self) -> None:
        """Let HR have taken one back."""
        mine = [row for row in self.rows[Certificate] if row["renewed_at"] is None and row["valid_until"] is not None]
        mine = [row for row in mine if not self.workers[row["person_id"]].login and row["valid_until"] > self.moment.date()]
        for row in mine[len(mine) // 2 : len(mine) // 2 + 1]:
            at = max(row["issued_at"] + timedelta(hours=1), self.moment - timedelta(days=6))
            row |= {"revoked_at": at, "revoked_by_id": self.company.by_login("hr").id, "revoked_why": WHY}

    def _number(self) -> str:
        while True:
            number = certificate_numbers.complete("".join(self.rng.choices(certificate_numbers.SYMBOLS, k=7)))
            if number not in self.numbers:
                self.numbers.add(number)
                return number

    def _record(self, verb: str, person_id: int, kind: str, subject_id: int, at: datetime) -> None:
        act = {"at": at, "verb": verb, "actor_id": person_id, "data": {}}
        self.rows[Activity].append({**act, "subject_kind": kind, "subject_id": subject_id})
