"""Pages of invitations: who of a store has come in, the sheet to print, and the link that people open."""

from flask import Blueprint, Response, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import hx, mail
from app.database import reading
from app.errors import Refused
from app.extensions import db, limiter
from app.guard import public, requires
from app.people import invitations
from app.people.access import AccessLink
from app.people.access_forms import CodeForm, NewPasswordForm
from app.people.codes import grouped, typed
from app.people.models import Person, Store
from app.people.passwords import check_password, hash_secret
from app.people.permissions import Permission
from app.people.qr import qr
from app.people.resets import address_of
from app.people.sessions import SignIn
from app.people.sign_in import enter

bp = Blueprint("invitations", __name__)


def _unknown(answer: Response) -> bool:
    """Count what was tried in vain: a printed code has 49 bits, and whoever only mistypes is not stopped."""
    return answer.status_code == 404


@bp.get("/invitations")
@requires(Permission.INVITE)
def index() -> ResponseReturnValue:
    """Show how far each store is; a director goes straight to his own."""
    rows = invitations.progress(current_user)
    if len(rows) == 1:
        return hx.go(f"/stores/{rows[0].store.id}/invitations")
    return hx.page("invitations/index.html", rows=rows)


@bp.get("/stores/<int:store_id>/invitations")
@requires(Permission.INVITE)
def show(store_id: int) -> ResponseReturnValue:
    """Show who of a store has come in and whom to invite."""
    return _page(_store(store_id))


@bp.post("/stores/<int:store_id>/invitations")
@requires(Permission.INVITE)
def create(store_id: int) -> ResponseReturnValue:
    """Make invitations for the chosen people and go to the sheet."""
    store = _store(store_id)
    try:
        invitations.invite(current_user, store, request.form.getlist("people", type=int))
    except Refused as refused:
        return _page(store, status=422, error=str(refused))
    db.session.commit()
    return hx.go(f"/stores/{store_id}/invitations/sheet")


@bp.post("/stores/<int:store_id>/invitations/send")
@requires(Permission.INVITE)
def send(store_id: int) -> ResponseReturnValue:
    """Mail invitations to those of the chosen people who have an address."""
    store = _store(store_id)
    try:
        sent = invitations.send_invitations(current_user, store, request.form.getlist("people", type=int))
    except Refused as refused:
        return _page(store, status=422, error=str(refused))
    db.session.commit()
    flash(ngettext("%(num)d letter is on its way.", "%(num)d letters are on their way.", sent))
    return hx.go(f"/stores/{store_id}/invitations")


@bp.get("/stores/<int:store_id>/invitations/sheet")
@requires(Permission.INVITE)
def sheet(store_id: int) -> ResponseReturnValue:
    """Show the open invitations of a store as strips to print and cut."""
    store = _store(store_id)
    opened = [guest for guest in invitations.guests(current_user, store) if guest.link is not None]
    return hx.page("invitations/sheet.html", store=store, guests=opened, address_of=address_of, qr=qr, grouped=grouped)


@bp.get("/people/<int:person_id>/access")
@requires(Permission.INVITE)
def access(person_id: int) -> ResponseReturnValue:
    """Show how a person can come in, and the open link if there is one."""
    return _access_page(_helped(person_id))


@bp.post("/people/<int:person_id>/access")
@requires(Permission.INVITE)
def give_access(person_id: int) -> ResponseReturnValue:
    """Make a one-use link for a person who cannot come in."""
    person = _helped(person_id)
    invitations.make_link(current_user, person)
    db.session.commit()
    return hx.go(f"/people/{person_id}/access")


@bp.get("/i")
@public
@limiter.limit("200 per 15 minutes", deduct_when=_unknown)
def type_code() -> ResponseReturnValue:
    """Let people type the code of their invitation."""
    code = typed(request.args.get("code", ""))
    return hx.go(f"/i/{code}") if code else hx.page("invitations/code.html", form=CodeForm(formdata=None))


@bp.get("/i/<code>")
@public
@limiter.limit("200 per 15 minutes", deduct_when=_unknown)
def open_link(code: str) -> ResponseReturnValue:
    """Greet the person a link is for; looking does not use it up, for programs look at links before people do."""
    return _link_page(code, NewPasswordForm(formdata=None), status=200)


@bp.post("/i/<code>")
@public
@limiter.limit("200 per 15 minutes", deduct_when=_unknown)
def accept(code: str) -> ResponseReturnValue:
    """Set the password and come in."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            hashed = _hashed(code, form.password.data)
            token = invitations.accept(_open_link(code), hashed)
            db.session.commit()
            enter(token)
            return hx.go("/welcome")
        except Refused as refused:
            db.session.rollback()
            form.refuse(refused)
    return _link_page(code, form, status=422)


def _hashed(code: str, password: str) -> str:
    """Check a password against the rules and hash it, all outside of the transaction that will set it."""
    with reading():
        owner = invitations.owner_of(_open_link(code).person)
        db.session.rollback()
    check_password(password, owner)
    return hash_secret(password)


def _open_link(code: str) -> AccessLink:
    link: AccessLink | None = db.session.scalar(AccessLink.of_code(code))
    if link is None or not link.is_open:
        raise Refused(_("This link does not open the door any more."))
    return link


def _link_page(code: str, form: NewPasswordForm, status: int) -> ResponseReturnValue:
    link = db.session.scalar(AccessLink.of_code(code))
    if link is None:
        return hx.page("invitations/unknown.html", status=404, form=CodeForm(formdata=None))
    if not link.is_open or not link.person.is_employed():
        return hx.page("invitations/closed.html", status=410, link=link)
    return hx.page("invitations/open.html", status=status, link=link, form=form)


def _page(store: Store, status: int = 200, error: str = "") -> ResponseReturnValue:
    people = invitations.guests(current_user, store)
    chosen = set(request.form.getlist("people", type=int)) if request.method == "POST" else None
    return hx.page(
        "invitations/show.html",
        status=status,
        store=store,
        guests=people,
        chosen=chosen,
        error=error,
        with_mail=mail.is_set_up(),
    )


def _access_page(person: Person) -> ResponseReturnValue:
    link = db.session.scalar(AccessLink.open_of(person.id))
    seen = db.session.scalar(SignIn.last_of(person.id))
    return hx.page(
        "invitations/access.html", person=person, link=link, seen=seen, address_of=address_of, qr=qr, grouped=grouped
    )


def _store(store_id: int) -> Store:
    store: Store | None = db.session.scalar(invitations.stores_of(current_user).where(Store.id == store_id))
    return store or abort(404)


def _helped(person_id: int) -> Person:
    person: Person | None = db.session.scalar(invitations.helped(current_user).where(Person.id == person_id))
    return person or abort(404)
