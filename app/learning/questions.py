"""Writing questions: what each kind must hold, in the words of a plain form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.content.text import clean
from app.errors import Refused
from app.extensions import db
from app.learning.grading import plain
from app.learning.models import Lesson, Question, QuestionKind

TEXT_LIMIT = 1000
OPTION_LIMIT = 300
MOST_OPTIONS = 10
MOST_QUESTIONS = 500
# At least so many options make a question.
LEAST = {
    QuestionKind.SINGLE: 2,
    QuestionKind.MULTIPLE: 2,
    QuestionKind.ORDER: 3,
    QuestionKind.MATCH: 2,
    QuestionKind.SHORT: 1,
}


@dataclass
class Content:
    """What a form, or a row of a sheet, says a question is."""

    kind: str
    text: str
    # (text, is right, pair), empty ones left out by `options_of`.
    options: Sequence[tuple[str, bool, str]]
    explanation: str = ""
    forgiving: bool = False
    picture_id: int | None = None


def add(lesson: Lesson, content: Content) -> Question:
    """Put a new question behind the others of a quiz."""
    if len(lesson.questions) >= MOST_QUESTIONS:
        raise Refused(_("A quiz has at most %(n)d questions.", n=MOST_QUESTIONS))
    options = options_of(content)
    place = max((one.place for one in lesson.questions), default=-1) + 1
    question = Question(kind=content.kind, place=place, text="", options=options)
    lesson.questions.append(question)
    _take(lesson, question, content, options)
    db.session.flush()
    return question


def change(question: Question, content: Content) -> None:
    """Take over what the form says of a question of the draft."""
    options = options_of(content)
    question.kind = content.kind
    _take(question.lesson, question, content, options)
    db.session.flush()


def move(question: Question, by: int) -> None:
    """Move a question one place up (-1) or down (1)."""
    put(question, list(question.lesson.questions).index(question) + by)


def put(question: Question, place: int) -> None:
    """Put a question at a place, counted from 0; the others close up."""
    order = [one for one in question.lesson.questions if one is not question]
    order.insert(max(0, min(place, len(order))), question)
    for number, one in enumerate(order):
        one.place = number
    db.session.flush()
    db.session.expire(question.lesson, ["questions"])


def remove(question: Question) -> None:
    """Take a question out of the draft."""
    question.lesson.questions.remove(question)
    db.session.delete(question)
    db.session.flush()


def options_of(content: Content) -> list[dict[str, Any]]:
    """Return the options as they are kept; refuse what makes no question of its kind."""
    if content.kind not in list(QuestionKind):
        raise Refused(_("Choose how the question is answered."), "kind")
    if not clean(content.text):
        raise Refused(_("Write the question."), "text")
    if len(clean(content.text)) > TEXT_LIMIT or len(clean(content.explanation)) > TEXT_LIMIT:
        raise Refused(_("Too long: %(n)d characters at most.", n=TEXT_LIMIT), "text")
    kind = QuestionKind(content.kind)
    filled = [(clean(text), right, clean(pair)) for text, right, pair in content.options if clean(text) or clean(pair)]
    if len(filled) < LEAST[kind]:
        few = _("Write at least %(n)d answers.", n=LEAST[kind]) if LEAST[kind] > 1 else _("Write an answer.")
        raise Refused(few, "options")
    if len(filled) > MOST_OPTIONS:
        raise Refused(_("At most %(n)d answers.", n=MOST_OPTIONS), "options")
    if any(len(text) > OPTION_LIMIT or len(pair) > OPTION_LIMIT for text, _right, pair in filled):
        raise Refused(_("An answer has at most %(n)d characters.", n=OPTION_LIMIT), "options")
    _check_texts(kind, filled)
    return _CHECKS[kind](filled)


def _check_texts(kind: QuestionKind, filled: list[tuple[str, bool, str]]) -> None:
    texts = [plain(text) for text, _right, _pair in filled]
    if not all(texts):
        raise Refused(_("Each pair needs both of its sides."), "options")
    if len(set(texts)) < len(texts):
        raise Refused(_("Two answers say the same."), "options")


def _chosen(filled: list[tuple[str, bool, str]], most: int | None) -> list[dict[str, Any]]:
    right = sum(is_right for _text, is_right, _pair in filled)
    if right == 0:
        raise Refused(_("Mark the right answer."), "options")
    if most is not None and right > most:
        raise Refused(_("Only one answer may be right. For several choose another kind of question."), "options")
    return [{"text": text, "right": is_right} for text, is_right, _pair in filled]


def _paired(filled: list[tuple[str, bool, str]]) -> list[dict[str, Any]]:
    if not all(pair for _text, _right, pair in filled):
        raise Refused(_("Each pair needs both of its sides."), "options")
    if len({plain(pair) for _text, _right, pair in filled}) < 2:
        raise Refused(_("All answers have the same pair."), "options")
    return [{"text": text, "pair": pair} for text, _right, pair in filled]


def _plain_texts(filled: list[tuple[str, bool, str]]) -> list[dict[str, Any]]:
    return [{"text": text} for text, _right, _pair in filled]


_CHECKS = {
    QuestionKind.SINGLE: lambda filled: _chosen(filled, 1),
    QuestionKind.MULTIPLE: lambda filled: _chosen(filled, None),
    QuestionKind.ORDER: _plain_texts,
    QuestionKind.MATCH: _paired,
    QuestionKind.SHORT: _plain_texts,
}


def _take(lesson: Lesson, question: Question, content: Content, options: list[dict[str, Any]]) -> None:
    question.text = clean(content.text)
    question.explanation = clean(content.explanation)
    question.options = options
    question.forgiving = content.forgiving and content.kind == QuestionKind.SHORT
    pictures = {file.id: file for file in lesson.files if file.role == "picture"}
    question.picture = pictures.get(content.picture_id or 0)
