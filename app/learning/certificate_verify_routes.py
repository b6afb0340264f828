"""The page on which anybody verifies a certificate by its number, without signing in."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app import hx
from app.database import now
from app.extensions import db, limiter
from app.guard import public
from app.learning import certificate_numbers, certificates
from app.people.models import Person

bp = Blueprint("verify", __name__, url_prefix="/verify")


def _unknown(answer: Response) -> bool:
    """Count numbers that fit but were never given: one hits such a number by guessing alone, not by mistyping."""
    return answer.status_code == 404


LIMIT = limiter.limit("60 per 15 minutes", deduct_when=_unknown)


@bp.get("")
@public
@LIMIT
def index() -> ResponseReturnValue:
    """Let people type the number of a certificate."""
    typed = certificate_numbers.typed(request.args.get("number", ""))
    if typed:
        return hx.go(f"/verify/{_spelled(typed)}")
    return _answer(hx.page("certificates/verify.html", number="", certificate=None, state=None, is_whole=False))


@bp.get("/<number>")
@public
@LIMIT
def show(number: str) -> ResponseReturnValue:
    """Say whether a certificate is valid, whose it is by surname and initials, for which course, and its days."""
    typed = certificate_numbers.typed(number)
    is_whole = certificate_numbers.is_whole(typed)
    certificate = certificates.of_number(typed) if is_whole else None
    state = None
    if certificate is not None:
        zone = db.session.get_one(Person, certificate.person_id).store.zone
        state = certificates.state_of(certificate, now().astimezone(zone).date())
    status = 200 if certificate is not None else 404 if is_whole else 422
    known = {"certificate": certificate, "state": state, "is_whole": is_whole, "number": _spelled(typed)}
    return _answer(hx.page("certificates/verify.html", status=status, **known))


def _spelled(typed: str) -> str:
    return certificate_numbers.grouped(typed) if len(typed) == certificate_numbers.LENGTH else typed


def _answer(answer: Response) -> Response:
    """Let no search engine know, and nothing on the way keep, who learned what."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Cache-Control"] = "no-store"
    return answer
