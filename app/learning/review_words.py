"""Repeating in words: what the right answer was, how well something sits, when it comes back."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from app.learning.models import Question, QuestionKind
from app.ui import day


def said_right(question: Question) -> str:
    """Say the right answer in the words of the options."""
    texts = [option["text"] for option in question.options]
    if question.kind == QuestionKind.SHORT:
        return str(texts[0])
    if question.kind == QuestionKind.ORDER:
        return " → ".join(texts)
    if question.kind == QuestionKind.MATCH:
        return "; ".join(f"{option['text']} — {option['pair']}" for option in question.options)
    return "; ".join(option["text"] for option in question.options if option.get("right"))


def said_strength(share: int) -> str:
    """Say how well a course sits."""
    if share >= 80:
        return _("sits firmly")
    if share >= 50:
        return _("sits well")
    return _("taking root") if share >= 20 else _("still fresh")


def said_return(due_on: date, today: date) -> str:
    """Say when a question comes back."""
    days = (due_on - today).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(num)d day", "in %(num)d days", days) if days < 30 else day(due_on)


FILTERS = {"said_right": said_right, "said_strength": said_strength, "said_return": said_return}
