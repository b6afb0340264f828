"""What the answers of shifts tell: everybody how well his own courses sit, authors what is forgotten, never by whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, case, func, select

from app.database import now
from app.extensions import db
from app.learning.courses import newest_of
from app.learning.models import Course, Lesson, Question
from app.learning.review_models import INTERVALS, ReviewAnswer, ReviewCard
from app.people.sessions import Viewer

WINDOW = timedelta(days=28)
# So many people must have answered before a question's share is shown.
LEAST = 5
MOST = 50
FIRM = len(INTERVALS) - 1


class Strength(NamedTuple):
    """How well somebody's questions of one course sit: how many there are, how many sit firmly, and what is next."""

    course_id: int
    title: str
    questions: int
    firm: int
    steps: int
    due_on: date

    @property
    def share(self) -> int:
        """Return how much of the way to the longest interval is gone, of a hundred."""
        return 100 * self.steps // (FIRM * self.questions)


class Forgotten(NamedTuple):
    """A question of a course as people knew it within the window; nothing where too few were asked."""

    question: Question
    answers: int
    right: int
    people: int

    @property
    def is_known(self) -> bool:
        """Tell whether enough people answered."""
        return self.people >= LEAST

    @property
    def share(self) -> int:
        """Return how many of a hundred answers were right."""
        return 100 * self.right // self.answers if self.answers else 0


def strengths_of(viewer: Viewer) -> list[Strength]:
    """Return how well one's own courses sit, what is due first."""
    firm = func.sum(case((ReviewCard.step == FIRM, 1), else_=0))
    rows = db.session.execute(
        select(
            Course.id,
            Course.title,
            func.count().label("questions"),
            firm.label("firm"),
            func.sum(ReviewCard.step).label("steps"),
            func.min(ReviewCard.due_on).label("due_on"),
        )
        .join(ReviewCard, ReviewCard.course_id == Course.id)
        .where(ReviewCard.person_id == viewer.id, Course.listed(), Course.archived_at.is_(None), Course.seen_by(viewer))
        .group_by(Course.id, Course.title)
        .order_by(func.min(ReviewCard.due_on), Course.id)
        .limit(MOST)
    )
    return [Strength(*row) for row in rows]


def lately(viewer: Viewer) -> Row[Any]:
    """Return how many questions somebody answered within the window, and how many right."""
    right = func.coalesce(func.sum(case((ReviewAnswer.right, 1), else_=0)), 0)
    since = viewer.today - WINDOW
    mine = (ReviewAnswer.person_id == viewer.id, ReviewAnswer.day > since)
    return db.session.execute(select(func.count().label("answers"), right.label("right")).where(*mine)).one()


def forgotten_in(course: Course) -> list[Forgotten]:
    """Return the questions of the newest version by how well they are known, the worst first, the unknown last."""
    newest = newest_of(course.id)
    if newest is None:
        return []
    of_version = select(Question).join(Lesson, Lesson.id == Question.lesson_id).where(Lesson.version_id == newest.id)
    questions = db.session.scalars(of_version.order_by(Lesson.place, Question.place, Question.id)).all()
    known = {row.line_id: row for row in _answers(course.id)}
    found = [_forgotten(question, known.get(question.line_id)) for question in questions]
    return sorted(found, key=lambda one: (not one.is_known, one.share if one.is_known else 0))


def _answers(course_id: int) -> Sequence[Row[Any]]:
    right = func.sum(case((ReviewAnswer.right, 1), else_=0))
    people = func.count(ReviewAnswer.person_id.distinct())
    return db.session.execute(
        select(ReviewAnswer.line_id, func.count().label("answers"), right.label("right"), people.label("people"))
        .where(ReviewAnswer.course_id == course_id, ReviewAnswer.at > now() - WINDOW)
        .group_by(ReviewAnswer.line_id)
    ).all()


def _forgotten(question: Question, row: Any) -> Forgotten:
    return Forgotten(question, row.answers, row.right, row.people) if row is not None else Forgotten(question, 0, 0, 0)
