"""The workbook that questions are written into: a sheet to fill in, one of examples, one that explains the columns."""

from __future__ import annotations

import tempfile
from typing import IO

from flask_babel import gettext as _

from app.learning.models import QuestionKind
from app.learning.questions import LEAST, MOST_OPTIONS, MOST_QUESTIONS, OPTION_LIMIT, TEXT_LIMIT
from app.learning.words import QUESTION_NAMES
from app.tables import Blank, write_blanks

# So many columns for answers are drawn; up to ten are read.
DRAWN = 6


def workbook() -> IO[bytes]:
    """Write the template into a temporary file, open and at its beginning; whoever answers it closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    headings = _headings()
    widths = (28, 44, *(22 for _n in range(DRAWN)), 18, 40, 18)
    choices = {0: [str(words) for words in QUESTION_NAMES.values()], len(headings) - 1: [_("yes"), _("no")]}
    blanks = (
        Blank(_("Questions"), headings, (), widths, choices),
        Blank(_("Examples"), headings, examples(), widths),
        Blank(_("How to fill in"), (_("Column"), _("What is written there")), _explained(), (34, 100)),
    )
    write_blanks(file, blanks, MOST_QUESTIONS)
    file.seek(0)
    return file


def examples() -> list[tuple[str, ...]]:
    """Return a row for each kind of question, as it is to be written."""
    rows = (
        _row(
            *(QuestionKind.SINGLE, _("Why does crystal ring?"), "1", _("Lead makes the glass heavy and sonorous.")),
            answers=(_("Because of lead"), _("Because of colour"), _("Because of its shape")),
        ),
        _row(
            *(QuestionKind.MULTIPLE, _("What do you do when a guest has broken a glass?"), "1; 3", ""),
            answers=(_("Ask whether anybody is hurt"), _("Ask for payment at once"), _("Sweep up the splinters")),
        ),
        _row(
            *(QuestionKind.ORDER, _("In which order is a wine glass packed?"), "", ""),
            answers=(_("Wrap it in paper"), _("Put a divider in"), _("Close the box")),
        ),
        _row(
            *(QuestionKind.MATCH, _("Which glass for which drink?"), "", ""),
            answers=(_("Water = Tumbler"), _("Sparkling wine = Flute"), _("Cognac = Snifter")),
        ),
        _row(
            *(QuestionKind.SHORT, _("What is a tall narrow glass for sparkling wine called?"), "", ""),
            answers=(_("flute"), _("flute glass")),
            forgiving=_("yes"),
        ),
    )
    return list(rows)


def _headings() -> tuple[str, ...]:
    answers = (_("Answer %(n)d", n=number) for number in range(1, DRAWN + 1))
    return (
        _("Kind of question"),
        _("Question"),
        *answers,
        _("Numbers of the right answers"),
        _("Explanation"),
        _("A slip of the pen does not matter"),
    )


def _row(
    kind: QuestionKind, text: str, right: str, explanation: str, answers: tuple[str, ...], forgiving: str = ""
) -> tuple[str, ...]:
    return (str(QUESTION_NAMES[kind]), text, *(answers + ("",) * DRAWN)[:DRAWN], right, explanation, forgiving)


def _explained() -> list[tuple[str, str]]:
    """Say of each column what belongs into it."""
    headings = _headings()
    kinds = ", ".join(f"«{words}»" for words in QUESTION_NAMES.values())
    short = _("Each accepted wording in a cell of its own; letter case does not matter.")
    few = LEAST[QuestionKind.ORDER]
    return [
        (headings[0], _("One of: %(kinds)s. Choose it from the list in the cell.", kinds=kinds)),
        (headings[1], _("The question itself, up to %(n)d characters. Without it a row makes no question.", n=TEXT_LIMIT)),
        (
            _("Answer 1, Answer 2, …"),
            _("An answer in each cell, up to %(n)d characters; up to %(most)d columns.", n=OPTION_LIMIT, most=MOST_OPTIONS),
        ),
        (str(QUESTION_NAMES[QuestionKind.ORDER]), _("At least %(n)d answers, written in the right order.", n=few)),
        (str(QUESTION_NAMES[QuestionKind.MATCH]), _("Both sides in one cell with the sign “=” between: Water = Tumbler.")),
        (
            str(QUESTION_NAMES[QuestionKind.SHORT]),
            short,
        ),
        (headings[-3], _("For one or several right answers: their numbers with semicolons between, for example: 1; 3.")),
        (headings[-2], _("May stay empty. Learners read it after the quiz.")),
        (headings[-1], _("Of short answers alone: “yes” forgives a typing error.")),
        (_("The other columns"), _("Are passed over. The columns may stand in any order.")),
    ]
