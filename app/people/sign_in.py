"""Signing in and out with personnel number, e-mail or login and password."""

from flask import Blueprint, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import or_, select
from werkzeug.security import check_password_hash

from app import hx
from app.extensions import db
from app.guard import public
from app.people.models import Person
from app.people.sessions import open_session

bp = Blueprint("sign_in", __name__)


@bp.get("/sign-in")
@public
def form() -> ResponseReturnValue:
    """Show the sign-in page."""
    return hx.page("sign_in/form.html", login="", error="")


@bp.post("/sign-in")
@public
def create() -> ResponseReturnValue:
    """Sign in and go where the person wanted to go."""
    login = request.form.get("login", "").strip()
    person = db.session.scalar(select(Person).where(or_(Person.login == login, Person.personnel_number == login)))
    if (
        person is None
        or not person.password_hash
        or not check_password_hash(person.password_hash, request.form.get("password", ""))
    ):
        return hx.page("sign_in/form.html", status=422, login=login, error=_("Wrong number or password."))
    token = open_session(person, device=request.user_agent.string)
    db.session.commit()
    session.clear()
    session["_user_id"] = token
    session.permanent = True
    return hx.go(hx.back("feed.index"))


@bp.post("/sign-out")
def destroy() -> ResponseReturnValue:
    """End the session."""
    session.clear()
    return hx.go("/sign-in")
