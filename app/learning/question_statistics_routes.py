"""The page on which authors see how the questions of a quiz do, and the same as a workbook."""

import tempfile
from typing import Any

from flask import Blueprint, abort, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import hx
from app.guard import requires
from app.learning import question_statistics as statistics
from app.learning.course_routes import load
from app.learning.models import Question
from app.learning.words import QUESTION_NAMES
from app.people.permissions import Permission
from app.tables import XLSX, write_table

bp = Blueprint("question_statistics", __name__, url_prefix="/courses/<int:course_id>")
WIDTHS = (6, 60, 26, 12, 12, 12, 18, 24, 80)


@bp.get("/statistics")
@requires(Permission.TEACH)
def show(course_id: int) -> ResponseReturnValue:
    """Show the questions of one quiz in figures; nobody is named."""
    course = load(course_id)
    quizzes = statistics.quizzes_of(course)
    if not quizzes:
        return hx.page("learning/statistics.html", course=course, quizzes=quizzes, quiz=None)
    quiz = _asked(quizzes)
    sort = "hard" if request.args.get("sort") == "hard" else "order"
    figures = statistics.figures_of(quiz, sort)
    start = hx.asked_id("from") or 0
    shown = figures[start : start + statistics.PAGE]
    more = start + statistics.PAGE if start + statistics.PAGE < len(figures) else None
    given: dict[str, Any] = {
        "questions": statistics.questions_of(shown),
        "wrong": statistics.wrong_of(quiz, shown),
        "people": statistics.people_in(quiz),
        "least": statistics.LEAST,
        "enough": statistics.ENOUGH,
    }
    around: dict[str, Any] = {"course": course, "quizzes": quizzes, "quiz": quiz, "sort": sort, "more": more}
    template = "learning/_figures.html" if hx.is_fragment() and start else "learning/statistics.html"
    return hx.page(template, figures=shown, **around, **given)


@bp.get("/statistics.xlsx")
@requires(Permission.TEACH)
def export(course_id: int) -> ResponseReturnValue:
    """Answer the questions of a quiz in figures as a workbook, by the same rule of who is hidden."""
    quizzes = statistics.quizzes_of(load(course_id))
    if not quizzes:
        abort(404)
    quiz = _asked(quizzes)
    figures = statistics.figures_of(quiz)
    questions, wrong = statistics.questions_of(figures), statistics.wrong_of(quiz, figures)
    file = tempfile.TemporaryFile()  # noqa: SIM115
    rows = [_cells(one, questions[one.line_id], wrong.get(one.line_id, [])) for one in figures]
    write_table(file, _("Questions in figures"), _headings(), rows, WIDTHS)
    file.seek(0)
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"questions-{course_id}-{quiz.line_id}.xlsx")


def _asked(quizzes: list[statistics.Quiz]) -> statistics.Quiz:
    """Return the quiz that the address asks for, else the first."""
    line_id = hx.asked_id("quiz")
    if line_id is None:
        return quizzes[0]
    return next((quiz for quiz in quizzes if quiz.line_id == line_id), None) or abort(404)


def _headings() -> tuple[str, ...]:
    return (
        *("№", _("Question"), _("Kind of question"), _("Answered"), _("Right"), _("Right, per cent")),
        *(_("Discrimination"), _("Remark"), _("Wrong answers, the most frequent first")),
    )


def _cells(one: statistics.Figures, question: Question, wrong: list[statistics.Chosen]) -> tuple[Any, ...]:
    """Return the cells of a question; of one that too few have answered no figure."""
    about = (one.number, question.text, str(QUESTION_NAMES[question.kind]))  # type: ignore[index]
    if not one.is_known:
        return (*about, None, None, None, None, _("too few answers so far"), None)
    told = None if one.discrimination is None else round(one.discrimination, 2)
    remark = _("tells people badly apart") if one.is_weak else ""
    said = "; ".join(f"{chosen.words} ({chosen.times})" for chosen in wrong)
    return (*about, one.answers, one.right, one.share, told, remark, said)
