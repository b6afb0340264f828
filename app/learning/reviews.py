"""Three questions a shift: what is due today, answered one by one, each once a day whatever is pressed how often."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, bindparam, func, literal, or_, select, update
from sqlalchemy import Date as DateType
from sqlalchemy.orm import joinedload

from app.activity import record
from app.database import insert_once, now
from app.errors import Refused
from app.extensions import db
from app.learning import grading, quizzes
from app.learning.models import Course, Question, QuestionKind
from app.learning.quizzes import Asked
from app.learning.review_models import A_DAY, ReviewAnswer, ReviewCard, ReviewDay
from app.learning.review_schedule import after, current_questions
from app.people.sessions import Viewer


class Turn(NamedTuple):
    """Where somebody stands today: the question that is next, and how many were answered of how many."""

    asked: Asked | None
    answered: int
    of: int

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more is asked today."""
        return self.asked is None


def count() -> Select[int]:
    """Select whether questions are to be offered to somebody now, as 0 or 1; executed with `audience.binds_of`.

    It stands in the query that counts what waits at all places, which every page has.
    """
    viewer_id: Any = bindparam("viewer_id")
    today: Any = bindparam("today", type_=DateType())
    rests = or_(ReviewDay.is_put_off, ReviewDay.answered >= A_DAY)
    resting = select(1).where(ReviewDay.person_id == viewer_id, ReviewDay.day == today, rests).exists()
    due = _due(viewer_id, today, Course.seen_by_binds()).with_only_columns(literal(1)).where(~resting).limit(1)
    return select(func.count()).select_from(due.subquery())


def turn_of(viewer: Viewer) -> Turn:
    """Return what is next today, without a lock."""
    day = db.session.get(ReviewDay, viewer.id)
    answered = day.answered if day is not None and day.day == viewer.today else 0
    due = _due(viewer.id, viewer.today, Course.seen_by(viewer)).order_by(*_OLDEST_AND_WEAKEST).limit(A_DAY - answered)
    lines = list(db.session.execute(due)) if answered < A_DAY else []
    asked = _asked(viewer, lines[0].line_id, lines[0].question_id, answered + 1) if lines else None
    return Turn(asked, answered, answered + len(lines))


def asked_now(viewer: Viewer, line_id: int, number: int = 1) -> Asked | None:
    """Return a question if it is due for somebody, in its newest wording; None for what is not his, dropped or not due."""
    due = _due(viewer.id, viewer.today, Course.seen_by(viewer)).where(ReviewCard.line_id == line_id)
    found = db.session.execute(due).first()
    return _asked(viewer, line_id, found.question_id, number) if found is not None else None


def answer_of(viewer: Viewer, line_id: int) -> ReviewAnswer | None:
    """Return what somebody answered to a question today."""
    mine = (ReviewAnswer.person_id == viewer.id, ReviewAnswer.line_id == line_id, ReviewAnswer.day == viewer.today)
    return db.session.scalar(select(ReviewAnswer).options(joinedload(ReviewAnswer.question)).where(*mine))


def answer(viewer: Viewer, line_id: int, question_id: int | None, values: list[str]) -> ReviewAnswer | None:
    """Take an answer; the first of a day counts, and is returned to whoever sends another. None: it is not asked now."""
    day = _begin_day(viewer)
    former = answer_of(viewer, line_id)
    if former is not None:
        return former
    asked = asked_now(viewer, line_id, day.answered + 1) if day.answered < A_DAY else None
    if asked is None:
        return None
    if question_id not in (None, asked.question.id):
        raise Refused(_("The question was just changed. Please answer it as it stands now."), "answer")
    given = quizzes.read_answer(asked.question, values)
    right = grading.is_right(asked.question.kind, asked.question.options, given, asked.question.forgiving)
    return _keep(viewer, day, asked, line_id, given, right)


def put_off(viewer: Viewer) -> None:
    """Offer nothing more today."""
    _begin_day(viewer).is_put_off = True


def visible_picture(viewer: Viewer, line_id: int) -> Any:
    """Return the picture of a question that somebody is asked or has answered today."""
    asked, answered = asked_now(viewer, line_id), answer_of(viewer, line_id)
    question = asked.question if asked is not None else answered.question if answered is not None else None
    return question.picture if question is not None else None


def shown_order(question: Question, mark: str) -> list[int]:
    """Return the places of a question's options as they are shown: mixed, and the same under one mark."""

    def drawn(place: int) -> bytes:
        return hashlib.sha256(f"{mark}:{question.id}:{place}".encode()).digest()

    order = sorted(range(len(question.options)), key=drawn)
    # What is to be put in order must not stand in it.
    in_order = question.kind == QuestionKind.ORDER and order == sorted(order)
    return order[::-1] if in_order else order


_OLDEST_AND_WEAKEST = (ReviewCard.due_on, ReviewCard.step, ReviewCard.line_id)


def _due(viewer_id: Any, today: Any, is_seen: ColumnElement[bool]) -> Any:
    """Select the lines that are due for somebody and still asked, with their wordings."""
    return (
        current_questions(ReviewCard.line_id)
        .with_only_columns(ReviewCard.line_id, Question.id.label("question_id"))
        .join(ReviewCard, ReviewCard.course_id == Course.id)
        .where(ReviewCard.person_id == viewer_id, ReviewCard.due_on <= today, is_seen)
    )


def _asked(viewer: Viewer, line_id: int, question_id: int, number: int) -> Asked:
    with_picture = joinedload(Question.picture)
    question = db.session.get_one(Question, question_id, options=[with_picture])
    order = shown_order(question, f"{viewer.id}:{viewer.today}")
    return Asked(number, question, [(place, question.options[place]) for place in order], None)


def _begin_day(viewer: Viewer) -> ReviewDay:
    """Return the row of somebody's day, a fresh one on a new day; others of his requests wait until this one is done."""
    insert_once(ReviewDay, person_id=viewer.id, day=viewer.today, answered=0, is_put_off=False)
    day = db.session.get_one(ReviewDay, viewer.id, populate_existing=True, with_for_update=True)
    if day.day != viewer.today:
        day.day, day.answered, day.is_put_off = viewer.today, 0, False
    return day


def _keep(viewer: Viewer, day: ReviewDay, asked: Asked, line_id: int, given: Any, right: bool) -> ReviewAnswer:
    mine = (ReviewCard.person_id == viewer.id, ReviewCard.line_id == line_id)
    card = db.session.execute(select(ReviewCard.step, ReviewCard.course_id).where(*mine)).one()
    step, due_on = after(card.step, right, viewer.today)
    db.session.execute(
        update(ReviewCard)
        .where(*mine)
        .values(step=step, due_on=due_on, answered_at=now())
        .execution_options(synchronize_session=False)
    )
    day.answered += 1
    what: dict[str, Any] = {"line_id": line_id, "question_id": asked.question.id, "given": given, "right": right}
    kept = ReviewAnswer(
        person_id=viewer.id, course_id=card.course_id, day=viewer.today, number=day.answered, due_on=due_on, **what
    )
    db.session.add(kept)
    db.session.flush()
    record("review.answered", viewer.id, kept, right=right, number=day.answered)
    return kept
