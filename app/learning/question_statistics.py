"""What the answers to a quiz tell of its questions: how hard they are, whether they tell those who know from the others.

The first finished attempt of each person counts, through all published versions: later ones have seen the explanations.
Nothing is said of a question that fewer than `LEAST` people answered, so that nobody's answer can be inferred.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import CTE, Float, Integer, Row, Select, Text, case, cast, func, select

from app.database import read_rows
from app.extensions import db
from app.learning.grading import plain
from app.learning.models import Course, CourseVersion, Lesson, LessonKind, Question, QuestionKind, QuizAnswer, QuizAttempt

# So many people must have answered before anything is said, and so many before a question is said to tell people badly
# apart: with fewer, chance alone makes such numbers.
LEAST, ENOUGH = 5, 20
WEAK = 0.2
# So many different answers to a question are read, the most frequent; and so many are shown. What only one person
# typed in his own words stays his.
MOST_READ, MOST_SHOWN = 60, 6
LEAST_WORDS = 2
PAGE = 25
# Less is the noise of adding floats.
NOISE = 1e-9


class Quiz(NamedTuple):
    """A quiz through the published versions of its course."""

    line_id: int
    lesson_ids: list[int]
    title: str


class Figures(NamedTuple):
    """A question in figures."""

    line_id: int
    question_id: int
    number: int
    # In no published version any more but older ones.
    is_gone: bool
    answers: int = 0
    right: int = 0
    # Correlation of this answer with the share of right answers to the others of the same attempt; None: cannot be told.
    discrimination: float | None = None

    @property
    def is_known(self) -> bool:
        """Tell whether enough people have answered."""
        return self.answers >= LEAST

    @property
    def share(self) -> int:
        """Return how many of a hundred answered right."""
        return round(100 * self.right / self.answers) if self.answers else 0

    @property
    def is_weak(self) -> bool:
        """Tell whether it tells those who know from the others badly."""
        return self.answers >= ENOUGH and self.discrimination is not None and self.discrimination < WEAK


class Chosen(NamedTuple):
    """A wrong answer in words, how often it was given, and of how many of a hundred who answered."""

    words: str
    times: int
    share: int


def quizzes_of(course: Course) -> list[Quiz]:
    """Return the quizzes of the published versions in order, under their newest names."""
    statement = (
        select(Lesson.id, func.coalesce(Lesson.origin_id, Lesson.id).label("line_id"), Lesson.title)
        .join(CourseVersion, CourseVersion.id == Lesson.version_id)
        .where(CourseVersion.course_id == course.id, CourseVersion.number.is_not(None), Lesson.kind == LessonKind.QUIZ)
        .order_by(CourseVersion.number.desc(), Lesson.place, Lesson.id)
    )
    found: dict[int, Quiz] = {}
    for row in read_rows(statement):
        found.setdefault(row.line_id, Quiz(row.line_id, [], row.title)).lesson_ids.append(row.id)
    return list(found.values())


def figures_of(quiz: Quiz, sort: str = "order") -> list[Figures]:
    """Return all questions of a quiz in figures: in the order of its newest version, or the hardest first."""
    known = {row.line_id: row for row in read_rows(_sums(quiz))}
    found = [
        _figures(known.get(row.line_id), row.line_id, row.id, number, row.lesson_id != quiz.lesson_ids[0])
        for number, row in enumerate(_newest(quiz), 1)
    ]
    return sorted(found, key=lambda one: (not one.is_known, one.share)) if sort == "hard" else found


def people_in(quiz: Quiz) -> int:
    """Count those who have finished an attempt."""
    ended = select(func.count(QuizAttempt.person_id.distinct())).where(*_ended(quiz))
    return db.session.scalar(ended) or 0


def questions_of(figures: Iterable[Figures]) -> dict[int, Question]:
    """Return the newest wording of some questions, by line."""
    wanted = {one.question_id: one.line_id for one in figures}
    return {wanted[one.id]: one for one in db.session.scalars(select(Question).where(Question.id.in_(wanted)))}


def wrong_of(quiz: Quiz, figures: Sequence[Figures]) -> Mapping[int, list[Chosen]]:
    """Return which wrong answers were given how often, by line, the most frequent first; only of known questions."""
    known = {one.line_id: one for one in figures if one.is_known}
    if not known:
        return {}
    line_id = func.coalesce(Question.origin_id, Question.id)
    ours = select(Question).where(Question.lesson_id.in_(quiz.lesson_ids), line_id.in_(known))
    variants = {one.id: one for one in db.session.scalars(ours)}
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for row in read_rows(_wrong(quiz, list(variants))):
        question = variants[row.question_id]
        for words in _mistakes(question, json.loads(row.given)):
            counts[question.line_id][words] += row.times
    return {key: _shown(counter, known[key].answers, variants, key) for key, counter in counts.items()}


def _shown(counter: Counter[str], answers: int, variants: Mapping[int, Question], line_id: int) -> list[Chosen]:
    typed = any(one.line_id == line_id and one.kind == QuestionKind.SHORT for one in variants.values())
    least = LEAST_WORDS if typed else 1
    shown = [(words, count) for words, count in counter.most_common(MOST_SHOWN) if count >= least]
    return [Chosen(words, count, round(100 * count / answers)) for words, count in shown]


def _mistakes(question: Question, given: Any) -> list[str]:
    """Say what was wrong in an answer, in words: each wrongly marked option, each wrong pair, the whole order or text."""
    options = question.options
    if question.kind == QuestionKind.SHORT:
        return [plain(str(given))]
    if question.kind == QuestionKind.ORDER:
        return [" → ".join(options[place]["text"] for place in given)]
    if question.kind == QuestionKind.MATCH:
        pairs = ((option, options[place]["pair"]) for option, place in zip(options, given, strict=True))
        return [f"{option['text']} — {pair}" for option, pair in pairs if plain(pair) != plain(option["pair"])]
    return [options[place]["text"] for place in given if not options[place].get("right")]


def _ended(quiz: Quiz) -> tuple[Any, ...]:
    return (QuizAttempt.lesson_id.in_(quiz.lesson_ids), QuizAttempt.submitted_at.is_not(None))


def _firsts(quiz: Quiz) -> CTE:
    """Select the first finished attempt of each person, and how many questions it asked."""
    order = func.row_number().over(partition_by=QuizAttempt.person_id, order_by=(QuizAttempt.submitted_at, QuizAttempt.id))
    asked = func.json_array_length(QuizAttempt.drawn).label("asked")
    ended = select(QuizAttempt.id, asked, order.label("at")).where(*_ended(quiz)).subquery()
    return select(ended.c.id, ended.c.asked).where(ended.c.at == 1).cte("firsts")


def _sums(quiz: Quiz) -> Any:
    """Select for each line of questions what its share and its correlation are computed from."""
    firsts = _firsts(quiz)
    is_right = case((QuizAnswer.right, 1), else_=0)
    totals = (
        select(firsts.c.id, firsts.c.asked, func.sum(is_right).label("right"))
        .join(QuizAnswer, QuizAnswer.attempt_id == firsts.c.id)
        .group_by(firsts.c.id, firsts.c.asked)
        .cte("totals")
    )
    others = cast(totals.c.right - is_right, Float) / func.nullif(totals.c.asked - 1, 0)
    line_id = func.coalesce(Question.origin_id, Question.id).label("line_id")
    return (
        select(
            line_id,
            func.count().label("n"),
            func.sum(is_right).label("x"),
            func.count(others).label("m"),
            func.sum(case((others.is_not(None), is_right), else_=0)).label("mx"),
            func.sum(others).label("r"),
            func.sum(others * others).label("rr"),
            func.sum(others * is_right).label("xr"),
        )
        .select_from(totals)
        .join(QuizAnswer, QuizAnswer.attempt_id == totals.c.id)
        .join(Question, Question.id == QuizAnswer.question_id)
        .group_by(line_id)
    )


def _newest(quiz: Quiz) -> Sequence[Row[Any]]:
    """Return the newest question of each line: those of the newest version in order, then those that are gone."""
    line_id = func.coalesce(Question.origin_id, Question.id)
    newest = select(func.max(Question.id)).where(Question.lesson_id.in_(quiz.lesson_ids)).group_by(line_id)
    is_gone = cast(Question.lesson_id != quiz.lesson_ids[0], Integer)
    return read_rows(
        select(Question.id, Question.lesson_id, line_id.label("line_id"))
        .where(Question.id.in_(newest))
        .order_by(is_gone, Question.place, Question.id)
    )


def _wrong(quiz: Quiz, question_ids: list[int]) -> Select[Any]:
    """Select the wrong answers to some questions with their counts, of each question the most frequent."""
    firsts = _firsts(quiz)
    given, count = cast(QuizAnswer.given, Text), func.count()
    order = func.row_number().over(partition_by=QuizAnswer.question_id, order_by=(count.desc(), given))
    counted = (
        select(QuizAnswer.question_id, given.label("given"), count.label("times"), order.label("at"))
        .join(firsts, firsts.c.id == QuizAnswer.attempt_id)
        .where(QuizAnswer.question_id.in_(question_ids), ~QuizAnswer.right)
        .group_by(QuizAnswer.question_id, given)
        .subquery()
    )
    return select(counted.c.question_id, counted.c.given, counted.c.times).where(counted.c.at <= MOST_READ)


def _figures(row: Any, line_id: int, question_id: int, number: int, is_gone: bool) -> Figures:
    if row is None:
        return Figures(line_id, question_id, number, is_gone)
    return Figures(line_id, question_id, number, is_gone, row.n, row.x, _correlation(row) if row.n >= LEAST else None)


def _correlation(row: Any) -> float | None:
    """Return the point-biserial correlation of a right answer with the rest of the attempt."""
    if not row.m:
        return None
    spread = (row.m * row.mx - row.mx**2) * (row.m * row.rr - row.r**2)
    return (row.m * row.xr - row.mx * row.r) / math.sqrt(spread) if spread > NOISE else None
