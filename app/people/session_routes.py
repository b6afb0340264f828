"""One's own keys: password, PIN, badge, and the devices on which one is signed in."""

from flask import Blueprint, abort, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import hx
from app.database import reading
from app.errors import Refused
from app.extensions import db
from app.people import keys
from app.people.access_forms import ChangePasswordForm, PinForm
from app.people.badges import badge_of, renew_badge
from app.people.devices import is_phone
from app.people.models import Person, log_change
from app.people.qr import qr
from app.people.sessions import SignIn, end_sessions

bp = Blueprint("sessions", __name__)


@bp.get("/profile/security")
def show() -> ResponseReturnValue:
    """Show one's keys and devices."""
    return _page()


@bp.post("/profile/security/password")
def change_password() -> ResponseReturnValue:
    """Change one's password; all other devices are signed out."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            keys.change_password(current_user, form.old.data, form.password.data)
            db.session.commit()
            flash(_("Your password is changed. On all other devices you are signed out."))
            return hx.go("/profile/security")
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused)
    return _page(status=422, password_form=form)


@bp.post("/profile/security/pin")
def set_pin() -> ResponseReturnValue:
    """Set one's PIN for the terminals of one's store."""
    form = PinForm()
    if form.validate_on_submit():
        try:
            keys.set_pin(current_user, form.pin.data, form.proof.data)
            db.session.commit()
            flash(_("Your PIN is set. It works on the terminals of your store."))
            return hx.go(hx.back("sessions.show"))
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused)
    return _page(status=422, pin_form=form)


@bp.get("/profile/security/badge")
def badge() -> ResponseReturnValue:
    """Show one's badge, ready to print."""
    person = _me()
    number = badge_of(person)
    return hx.page("sessions/badge.html", person=person, drawing=qr(number) if number else None)


@bp.post("/profile/security/badge")
def new_badge() -> ResponseReturnValue:
    """Make a badge; the one before opens nothing any more."""
    renew_badge(_me())
    db.session.commit()
    return hx.go("/profile/security/badge")


@bp.post("/profile/security/sessions/<int:session_id>/end")
def end(session_id: int) -> ResponseReturnValue:
    """Sign out on one other device."""
    found = db.session.scalar(SignIn.open_of(current_user.id).where(SignIn.id == session_id)) or abort(404)
    found.end("elsewhere")
    log_change("session.ended", _me(), actor_id=current_user.id)
    db.session.commit()
    flash(_("You are signed out there."))
    return hx.go("/profile/security")


@bp.post("/profile/security/sessions/end")
def end_others() -> ResponseReturnValue:
    """Sign out on all other devices."""
    ended = end_sessions(current_user.id, "elsewhere", keep=current_user.session_id)
    if ended:
        log_change("session.ended", _me(), actor_id=current_user.id)
    db.session.commit()
    flash(ngettext("You are signed out on %(num)d device.", "You are signed out on %(num)d devices.", ended))
    return hx.go("/profile/security")


@bp.get("/welcome")
def welcome() -> ResponseReturnValue:
    """Show a newcomer what makes the next sign-in easy: a PIN for the terminal, a photo for the colleagues."""
    proved = keys.is_proved(current_user)
    return hx.page("sessions/welcome.html", person=_me(), form=PinForm(formdata=None), proved=proved)


def _me() -> Person:
    return db.session.get_one(Person, current_user.id)


def _page(status: int = 200, **forms: object) -> ResponseReturnValue:
    proved = keys.is_proved(current_user)
    with reading():
        context = {
            "person": _me(),
            "sessions": db.session.scalars(SignIn.open_of(current_user.id)).all(),
            "password_form": ChangePasswordForm(formdata=None),
            "pin_form": PinForm(formdata=None),
            "proved": proved,
            "is_phone": is_phone,
            **forms,
        }
        return hx.page("sessions/show.html", status=status, **context)
