"""Who learned what: begun, somewhere in the middle, stuck at a quiz, completed; attempts and answers as people give them.

Everybody has a head for it, every question its difficulty; what comes of both is kept by the portal's own rules of grading.
"""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import Any

from app.activity.models import Activity
from app.demo.company import Company, Worker
from app.demo.handed_in import HandedIn
from app.demo.packages import Runs
from app.demo.repeated import Repeated
from app.demo.rows import insert_all
from app.demo.syllabus import Syllabus
from app.extensions import db
from app.learning import grading
from app.learning.models import (
    Course,
    CourseVersion,
    Enrolment,
    Lesson,
    LessonKind,
    LessonProgress,
    Question,
    QuestionKind,
    QuizAnswer,
    QuizAttempt,
)
from app.learning.review_models import ReviewAnswer, ReviewCard, ReviewDay
from app.learning.scorm_models import ScormInteraction, ScormState
from app.learning.task_models import TaskAnswer

# In a chain of many thousands no more than so many learn: what a page shows does not become truer with more.
MOST = 1200
# What those whom visitors sign in as have done of each course: so many lessons, or all.
ALL = 99
SET = {
    "seller": {"welcome": ALL, "crystal": ALL, "safety": ALL, "wine": 1, "cash": 2, "service": 3, "care": 1},
    "intern": {"welcome": 2, "safety": 1},
    "director": {"welcome": ALL, "crystal": ALL, "service": ALL, "safety": ALL, "cash": ALL, "porcelain": 2, "care": ALL},
    "editor": {},
    "hr": {"safety": ALL, "welcome": ALL},
    "management": {"safety": 1},
    "admin": {},
}
SLIPS = ("не помню", "стакан", "стекло", "бокал", "не знаю", "обычное")
FIRST_HOUR, HOURS = 10, 10


class Learners:
    """Makes the rows of everybody's learning."""

    def __init__(self, company: Company, moment: datetime, rng: random.Random) -> None:
        self.company, self.moment, self.rng = company, moment, rng
        self.heads = {worker.id: min(0.98, max(0.35, rng.gauss(0.8, 0.12))) for worker in company.workers}
        self.hardness: dict[int, float] = {}
        self.rows: dict[Any, list[dict[str, Any]]] = {}
        self.attempt_id = 0
        self.handed_in = HandedIn(company, moment, rng, self._at_work)
        self.runs = Runs(self._add, rng)
        self.repeated = Repeated(moment, rng, self._given)

    def learn(self, syllabus: Syllabus, course: Course, audience: list[Worker]) -> None:
        """Let people go through a course since it was published."""
        versions = [version for version in course.versions if version.number is not None]
        for version in versions:
            for lesson in version.lessons:
                for question in lesson.questions:
                    # The one that most get wrong is a question too, and so is the one that nobody does.
                    self.hardness.setdefault(question.line_id, self.rng.choice((0.02, 0.1, 0.15, 0.2, 0.3, 0.45)))
        self.repeated.know(course)
        for worker in self._some(audience):
            known = SET.get(worker.login or "")
            begins = syllabus.name in known if known is not None else self.rng.random() * 100 < syllabus.share
            at = self._begin(worker, course)
            if not begins or at is None:
                continue
            version = [one for one in versions if (one.published_at or at) <= at][-1]
            self._go(syllabus, version, worker, at, known[syllabus.name] if known is not None else None)

    def flush(self) -> None:
        """Insert what was made."""
        for table, row in self.repeated.rows(self.heads):
            self._add(table, **row)
        for table in (Enrolment, LessonProgress, QuizAttempt, QuizAnswer, ScormState, ScormInteraction):
            insert_all(table, self.rows.get(table, []))
        for table in (ReviewCard, ReviewAnswer, ReviewDay):
            insert_all(table, self.rows.get(table, []))
        insert_all(TaskAnswer, self.handed_in.rows)
        insert_all(Activity, sorted(self.rows.get(Activity, []), key=lambda act: act["at"]))
        self.rows = {}
        db.session.flush()

    def _some(self, audience: list[Worker]) -> list[Worker]:
        if len(audience) <= MOST:
            return audience
        chosen = self.rng.sample(audience, MOST)
        return chosen + [one for one in audience if one.login and one not in chosen]

    def _begin(self, worker: Worker, course: Course) -> datetime | None:
        """Return when somebody began: most in the first weeks, newcomers in their first days; None for who had left."""
        published = course.published_at or self.moment
        since = max(published, datetime.combine(worker.hired, time(9), published.tzinfo))
        until = self.moment
        if worker.dismissed is not None:
            until = min(until, datetime.combine(worker.dismissed, time(9), published.tzinfo))
        days = (until - since).days
        if days < 1:
            return None
        later = min(self.rng.expovariate(1 / 20), days * self.rng.random()) if worker.login is None else min(6.0, days / 2)
        return self._at_work(worker, since + timedelta(days=later))

    def _at_work(self, worker: Worker, at: datetime) -> datetime:
        """Return the next moment when the store is open and somebody has time."""
        local = at.astimezone(worker.shop.town.zone)
        minute = (worker.id * 37 + local.minute * 7) % (HOURS * 60)
        free = local.replace(hour=FIRST_HOUR, minute=0, second=self.rng.randrange(60)) + timedelta(minutes=minute)
        found = (free if free >= local else free + timedelta(days=1)).astimezone(at.tzinfo)
        return found if found < self.moment else at

    def _go(self, syllabus: Syllabus, version: CourseVersion, worker: Worker, at: datetime, count: int | None) -> None:
        lessons = list(version.lessons)
        needed = [lesson for lesson in lessons if not lesson.optional]
        if count is None:
            count = ALL if self.rng.random() * 100 < syllabus.done else self.rng.randrange(len(lessons))
        begun, moment, done, last = at, at, 0, None
        completed_at = None
        for lesson in lessons[:count]:
            if lesson.optional and self.rng.random() < 0.5:
                continue
            if self.rng.random() < 0.35:
                moment = self._at_work(worker, moment + timedelta(days=self.rng.randint(1, 4)))
            opened = moment
            moment += timedelta(minutes=max(1, lesson.minutes) * self.rng.uniform(0.6, 1.5))
            if moment > self.moment:
                break
            last = lesson
            waits = None
            if lesson.kind == LessonKind.TASK:
                score, (passed, moment, waits) = None, self.handed_in.answer(lesson, version.course_id, worker, moment)
            else:
                score, passed, moment = self._take(lesson, worker, opened, moment)
            self._progress(worker, lesson, opened, score, moment if passed else None, waits)
            if not passed:
                break
            done += not lesson.optional
            if done == len(needed) and completed_at is None:
                completed_at = moment
        left = needed[done:]
        if completed_at is None and left and self.rng.random() < 0.6 and moment < self.moment - timedelta(hours=1):
            last = left[0]
        self._add(
            Enrolment,
            course_id=version.course_id,
            person_id=worker.id,
            version_id=version.id,
            begun_at=begun,
            seen_at=min(moment, self.moment),
            lesson_id=last.id if last is not None else None,
            needed=len(needed),
            done=done,
            minutes_left=sum(lesson.minutes for lesson in left),
            completed_at=completed_at,
            first_completed_at=completed_at,
        )
        self._record("course.begun", worker, version.course_id, begun)
        if completed_at is not None:
            self._record("course.completed", worker, version.course_id, completed_at)

    def _take(self, lesson: Lesson, worker: Worker, opened: datetime, ended: datetime) -> tuple[int | None, bool, datetime]:
        """Return the best score of a quiz or package, whether it was passed, and when the last attempt ended."""
        if lesson.kind == LessonKind.SCORM:
            return self.runs.run(lesson, worker.id, opened, ended), True, ended
        if lesson.kind != LessonKind.QUIZ:
            return None, True, ended
        best, head = 0, self.heads[worker.id]
        tries = lesson.attempts or 6
        for number in range(1, tries + 1):
            score, asked = self._attempt(lesson, worker, number, opened, ended, head)
            best = max(best, score)
            if score >= lesson.pass_mark:
                self.repeated.put_down(worker, lesson.version.course_id, asked, ended)
                return best, True, ended
            head = min(0.99, head + 0.09)
            opened = ended + timedelta(minutes=lesson.pause_minutes + self.rng.randint(1, 90))
            ended = opened + timedelta(minutes=self.rng.uniform(1, max(2, min(lesson.minutes, lesson.time_limit or 60))))
            if ended > self.moment or self.rng.random() < 0.05:
                break
        return best, False, min(ended, self.moment)

    def _attempt(
        self, lesson: Lesson, worker: Worker, number: int, begun: datetime, ended: datetime, head: float
    ) -> tuple[int, list[Question]]:
        """Return the score and what was asked."""
        questions = list(lesson.questions)
        if lesson.drawn and lesson.drawn < len(questions):
            questions = self.rng.sample(questions, lesson.drawn)
        self.attempt_id += 1
        drawn, right = [], 0
        step = (ended - begun) / (len(questions) + 1)
        for place, question in enumerate(questions, 1):
            order = list(range(len(question.options)))
            if lesson.shuffled or question.kind == QuestionKind.ORDER:
                self.rng.shuffle(order)
            drawn.append([question.id, order])
            knows = self.rng.random() < head + 0.12 - self.hardness[question.line_id] * (1.6 - head)
            given = self._given(question, knows)
            is_right = grading.is_right(question.kind, question.options, given, question.forgiving)
            right += is_right
            self._add(
                QuizAnswer,
                attempt_id=self.attempt_id,
                question_id=question.id,
                given=given,
                right=is_right,
                at=begun + step * place,
            )
        score = grading.score_of(right, len(questions))
        self._add(
            QuizAttempt,
            id=self.attempt_id,
            lesson_id=lesson.id,
            person_id=worker.id,
            number=number,
            begun_at=begun,
            ends_at=begun + timedelta(minutes=lesson.time_limit) if lesson.time_limit else None,
            drawn=drawn,
            submitted_at=ended,
            score=score,
            passed=score >= lesson.pass_mark,
        )
        return score, questions

    def _given(self, question: Question, knows: bool) -> Any:
        """Return what somebody answers; who does not know errs as people do, mostly at the same wrong place."""
        options, places = question.options, list(range(len(question.options)))
        right = [place for place, option in enumerate(options) if option.get("right")]
        wrong = [place for place in places if place not in right]
        if question.kind == QuestionKind.SHORT:
            return options[0]["text"] if knows else self.rng.choice(SLIPS)
        if question.kind == QuestionKind.SINGLE:
            return right if knows else [wrong[0] if self.rng.random() < 0.7 else self.rng.choice(wrong)]
        if question.kind == QuestionKind.MULTIPLE:
            return right if knows else sorted(set(right[: -1 or None]) | set(wrong[: self.rng.randint(0, 1)])) or wrong[:1]
        if not knows:
            place = self.rng.randrange(len(places) - 1)
            places[place], places[place + 1] = places[place + 1], places[place]
        return places

    def _progress(
        self,
        worker: Worker,
        lesson: Lesson,
        begun: datetime,
        score: int | None,
        done: datetime | None,
        waits: datetime | None,
    ) -> None:
        self._add(
            LessonProgress,
            person_id=worker.id,
            lesson_id=lesson.id,
            begun_at=begun,
            position=0,
            score=score,
            done_at=done,
            handed_in_at=waits,
        )
        if done is not None:
            act = {"at": done, "verb": "lesson.done", "actor_id": worker.id, "data": {}}
            self._add(Activity, **act, subject_kind="lesson", subject_id=lesson.id)

    def _record(self, verb: str, worker: Worker, course_id: int, at: datetime) -> None:
        act = {"at": at, "verb": verb, "actor_id": worker.id, "data": {}}
        self._add(Activity, **act, subject_kind="course", subject_id=course_id)

    def _add(self, table: Any, **row: Any) -> None:
        self.rows.setdefault(table, []).append(row)
