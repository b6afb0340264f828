"""Signing in and out, and what to do about a forgotten password."""

from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import hx, mail
from app.errors import Refused
from app.extensions import db, limiter
from app.guard import public
from app.jobs import later
from app.people.access_forms import ForgottenForm, SignInForm
from app.people.resets import ask_for_reset, send_resets
from app.people.sign_in import end_former, enter, leave, let_in, prove
from app.people.terminals import terminal_here

bp = Blueprint("sign_in", __name__)


def _failed(answer: Response) -> bool:
    """Count what failed, and generously: many people stand behind the one address of a store or a proxy."""
    return answer.status_code == 422


@bp.get("/sign-in")
@public
def form() -> ResponseReturnValue:
    """Show the sign-in page; on a terminal its people pick their names instead, unless a guest wants to sign in."""
    if current_user.is_authenticated:
        return hx.go(hx.back("feed.index"))
    if "guest" not in request.args and terminal_here() is not None:
        return hx.go(_to_terminal())
    return hx.page("sign_in/form.html", form=SignInForm(formdata=None), terminal=terminal_here())


@bp.post("/sign-in")
@public
@limiter.limit("600 per 15 minutes", deduct_when=_failed)
def create() -> ResponseReturnValue:
    """Sign in and go where the person wanted to go."""
    form = SignInForm()
    if form.validate_on_submit():
        try:
            token = let_in(prove(form.login.data, form.password.data))
            db.session.commit()
            enter(token)
            return hx.go(hx.back("feed.index"))
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused)
    return hx.page("sign_in/form.html", status=422, form=form, terminal=terminal_here())


@bp.post("/sign-out")
@public
def destroy() -> ResponseReturnValue:
    """End the session, on the server too."""
    end_former("out")
    db.session.commit()
    leave()
    terminal = terminal_here()
    return cleared(hx.go("/terminal")) if terminal is not None else hx.go("/sign-in")


@bp.get("/sign-in/forgotten")
@public
def forgotten() -> ResponseReturnValue:
    """Ask whose password is to be set anew, or say whom to ask where no letters are sent."""
    return hx.page("sign_in/forgotten.html", form=ForgottenForm(formdata=None), with_mail=mail.is_set_up())


@bp.post("/sign-in/forgotten")
@public
@limiter.limit("60 per hour")
def send_reset() -> ResponseReturnValue:
    """Send a link to whoever it is; the answer, and the time it takes, tell nobody whether there is such a person."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return hx.page("sign_in/forgotten.html", status=422, form=form, with_mail=mail.is_set_up())
    if ask_for_reset(form.login.data):
        later(current_app._get_current_object(), send_resets, form.login.data)  # type: ignore[attr-defined]
    db.session.commit()
    return hx.page("sign_in/sent.html", with_mail=mail.is_set_up())


def cleared(answer: Response) -> Response:
    """Let the browser forget what the former person's pages left in it; what is cached there is everybody's."""
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


def _to_terminal() -> str:
    """Return the terminal page; whose session ran out must not lead the next person to where he was."""
    wanted = None if "_user_id" in session else hx.safe_path(request.args.get("next"))
    return f"/terminal?{urlencode({'next': wanted})}" if wanted else "/terminal"
