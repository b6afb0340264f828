"""The pages of three questions a shift: one question a screen, its answer, one's own strength, what authors learn of it."""

from typing import Any

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.learning import review_lists, reviews, serving
from app.learning.course_routes import load
from app.people.permissions import Permission

bp = Blueprint("reviews", __name__)


@bp.get("/reviews")
def index() -> ResponseReturnValue:
    """Show the next question of the day, or that the day's are done."""
    turn = reviews.turn_of(current_user)
    template = "reviews/_next.html" if hx.is_fragment() else "reviews/index.html"
    return hx.page(template, turn=turn, error="", given=None)


@bp.post("/reviews/<int:line_id>")
def answer(line_id: int) -> ResponseReturnValue:
    """Take an answer and say whether it is right; of several answers of a day the first counts."""
    sent = request.form.getlist("answer")
    question_id = request.form.get("question", type=int)
    try:
        kept = reviews.answer(current_user, line_id, question_id, sent)
    except Refused as refused:
        db.session.rollback()
        return _again(line_id, str(refused), sent)
    db.session.commit()
    if kept is None:
        flash(_("This question is not asked now."), "care")
        return hx.go("/reviews")
    if not hx.is_fragment():
        return hx.go(f"/reviews/{line_id}")
    return _answered("reviews/_answered.html", line_id)


@bp.get("/reviews/<int:line_id>")
def show(line_id: int) -> ResponseReturnValue:
    """Show what was answered to a question today."""
    return _answered("reviews/_answered.html" if hx.is_fragment() else "reviews/answered.html", line_id)


@bp.get("/reviews/<int:line_id>/picture")
def picture(line_id: int) -> ResponseReturnValue:
    """Answer the picture of a question that is asked today."""
    return serving.answer(reviews.visible_picture(current_user, line_id) or abort(404))


@bp.post("/reviews/later")
def later() -> ResponseReturnValue:
    """Offer no questions for the rest of the day."""
    reviews.put_off(current_user)
    db.session.commit()
    return hx.go(hx.back("feed.index"))


@bp.get("/reviews/strength")
def strength() -> ResponseReturnValue:
    """Show everybody how well his own courses sit; nobody else sees it."""
    turn = reviews.turn_of(current_user)
    found, lately = review_lists.strengths_of(current_user), review_lists.lately(current_user)
    return hx.page("reviews/strength.html", turn=turn, strengths=found, lately=lately)


@bp.get("/courses/<int:course_id>/forgotten")
@requires(Permission.TEACH)
def forgotten(course_id: int) -> ResponseReturnValue:
    """Show editors which questions of a course are forgotten; nobody is named."""
    course = load(course_id)
    found = review_lists.forgotten_in(course)
    return hx.page("reviews/forgotten.html", course=course, questions=found, least=review_lists.LEAST)


def _answered(template: str, line_id: int) -> ResponseReturnValue:
    kept = reviews.answer_of(current_user, line_id)
    if kept is None:
        return hx.go("/reviews")
    asked = reviews.Asked(kept.number, kept.question, [], kept)
    return hx.page(template, kept=kept, asked=asked, turn=reviews.turn_of(current_user), today=current_user.today)


def _again(line_id: int, error: str, sent: list[str]) -> ResponseReturnValue:
    """Show the question once more, with what was sent."""
    turn = reviews.turn_of(current_user)
    asked: Any = reviews.asked_now(current_user, line_id, turn.answered + 1)
    if asked is None:
        return hx.go("/reviews")
    template = "reviews/_next.html" if hx.is_fragment() else "reviews/index.html"
    return hx.page(template, status=422, turn=turn._replace(asked=asked), error=error, given=sent)
