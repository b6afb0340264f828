"""What kinds of lessons and questions are called, and answers as people read them."""

from __future__ import annotations

from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.learning.models import LessonKind, QuestionKind
from app.learning.quizzes import Asked

LESSON_NAMES = {
    LessonKind.TEXT: _l("Text"),
    LessonKind.DOCUMENT: _l("Document"),
    LessonKind.VIDEO: _l("Video"),
    LessonKind.QUIZ: _l("Quiz"),
    LessonKind.TASK: _l("Task"),
    LessonKind.SCORM: _l("SCORM package"),
}
LESSON_HINTS = {
    LessonKind.TEXT: _l("What is to be read, with pictures"),
    LessonKind.DOCUMENT: _l("A PDF, a table or a text to be opened"),
    LessonKind.VIDEO: _l("A video file with captions"),
    LessonKind.QUIZ: _l("Questions that show what was understood"),
    LessonKind.TASK: _l("Answered by a text or photos, checked by a person"),
    LessonKind.SCORM: _l("A lesson made in another program"),
}
LESSON_ICONS = {
    LessonKind.TEXT: "text",
    LessonKind.DOCUMENT: "file",
    LessonKind.VIDEO: "film",
    LessonKind.QUIZ: "quiz",
    LessonKind.TASK: "task",
    LessonKind.SCORM: "package",
}
QUESTION_NAMES = {
    QuestionKind.SINGLE: _l("One right answer"),
    QuestionKind.MULTIPLE: _l("Several right answers"),
    QuestionKind.ORDER: _l("Put in order"),
    QuestionKind.MATCH: _l("Find the pairs"),
    QuestionKind.SHORT: _l("Short answer in words"),
}
# What an answer to a task consists of.
WANTED_NAMES = {
    "text": _l("A text"),
    "photos": _l("Photos"),
    "both": _l("A text and photos"),
}


def said_answer(asked: Asked) -> str:
    """Say what was answered in the words of the options."""
    if asked.answer is None:
        return _("no answer")
    given: Any = asked.answer.given
    options = asked.question.options
    if asked.question.kind == QuestionKind.SHORT:
        return str(given)
    if asked.question.kind == QuestionKind.MATCH:
        return "; ".join(f"{option['text']} — {options[pair]['pair']}" for option, pair in zip(options, given, strict=True))
    joint = " → " if asked.question.kind == QuestionKind.ORDER else "; "
    return joint.join(options[place]["text"] for place in given)


def two_places(number: float) -> str:
    """Write a number with two places behind the comma, as the reader's language does."""
    return format_decimal(number, "0.00")
