"""A terminal's own page: enrolling by code, picking a name or scanning a badge, the PIN; locking and staying awake."""

from flask import Blueprint, Response, abort, current_app, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import hx
from app.errors import Refused
from app.extensions import db, limiter
from app.guard import public
from app.media import media
from app.people import profiles
from app.people.access_forms import EnrolForm
from app.people.badges import looks_like_badge
from app.people.devices import device_name
from app.people.models import Person
from app.people.sessions import Terminal
from app.people.sign_in import end_former, enter, greet, leave
from app.people.sign_in_routes import cleared
from app.people.terminal_sign_in import person_of_badge, sign_in_by_password, sign_in_by_pin
from app.people.terminals import COOKIE, COOKIE_LIFETIME, enrol, people_of, person_on, terminal_here

bp = Blueprint("terminal", __name__)


def _wrong_code(answer: Response) -> bool:
    """Count wrong codes only: a wrong PIN is counted for its person and closes the door to nobody else."""
    return answer.status_code == 422 and "code" in request.form


@bp.get("/terminal")
@public
def show() -> ResponseReturnValue:
    """Ask for the code that enrols this browser; on a terminal, who signs in, and then for the PIN."""
    terminal = terminal_here()
    if terminal is None:
        return hx.page("terminal/enrol.html", form=EnrolForm(formdata=None))
    if current_user.is_authenticated:
        return hx.go(hx.back("feed.index"))
    if "_user_id" in session:
        # The session ran out: what the former person chose goes with it.
        leave()
    if "person" in request.args:
        return _person_page(terminal, request.args["person"])
    return _pick_page(terminal)


@bp.post("/terminal")
@public
@limiter.limit("60 per 15 minutes", deduct_when=_wrong_code)
def create() -> ResponseReturnValue:
    """Enrol the browser, find whose badge was scanned, or sign in, as far as it is with this browser."""
    terminal = terminal_here()
    if terminal is None:
        return _enrol()
    if "badge" in request.form:
        return _find(terminal, request.form["badge"].strip())
    return _sign_in(terminal)


@bp.post("/terminal/lock")
@public
def lock() -> ResponseReturnValue:
    """End a session that nobody touched for two minutes."""
    end_former("idle")
    db.session.commit()
    leave()
    return cleared(hx.go("/terminal"))


@bp.get("/terminal/awake")
def awake() -> ResponseReturnValue:
    """Take note that somebody is typing or reading on a terminal; the guard has noted it by now."""
    return hx.nothing()


@bp.get("/terminal/photo/<int:person_id>/<name>-<int:size>.webp")
@public
def photo(person_id: int, name: str, size: int) -> ResponseReturnValue:
    """Answer the photo of somebody whose name this terminal offers, to a browser where nobody is signed in."""
    terminal = terminal_here()
    offered = terminal is not None and person_on(terminal, person_id) is not None
    key = (profiles.photo_file(person_id, name, size) if offered else None) or abort(404)
    try:
        answer = Response(media().get(key), content_type="image/webp")
    except FileNotFoundError:
        abort(404)
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def _enrol() -> ResponseReturnValue:
    form = EnrolForm()
    if not form.validate_on_submit():
        return hx.page("terminal/enrol.html", status=422, form=form)
    try:
        secret = enrol(form.code.data, device_name(request.user_agent.string))
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return hx.page("terminal/enrol.html", status=422, form=form)
    # The director who did this at the shared PC must not stay signed in on it for half a year.
    end_former("replaced")
    db.session.commit()
    leave()
    return _with_cookie(hx.go("/terminal"), secret)


def _find(terminal: Terminal, text: str) -> ResponseReturnValue:
    """Go to the PIN of whoever's badge was scanned; anything else that was typed there is the beginning of a name."""
    if not looks_like_badge(text):
        return _pick_page(terminal, query=text[:80])
    try:
        person = person_of_badge(terminal, text)
    except Refused as refused:
        return _pick_page(terminal, status=422, error=str(refused))
    return hx.go(f"/terminal?person={person.id}")


def _sign_in(terminal: Terminal) -> ResponseReturnValue:
    person_id = _number(request.form.get("person", ""))
    by_password = "password" in request.form
    sign_in, secret = (sign_in_by_password, "password") if by_password else (sign_in_by_pin, "pin")
    try:
        token = sign_in(terminal, person_id, request.form.get(secret, "")[:1000])
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        again = terminal_here() or abort(404)
        return _person_page(again, str(person_id), status=422, error=str(refused), by_password=by_password)
    enter(token)
    greet(person_id)
    return hx.go(hx.back("feed.index"))


def _pick_page(terminal: Terminal, status: int = 200, query: str = "", error: str = "") -> ResponseReturnValue:
    people = db.session.scalars(people_of(terminal, query)).all()
    answer = hx.page("terminal/pick.html", status=status, terminal=terminal, people=people, query=query, error=error)
    # Browsers let no cookie live longer than 400 days: a terminal in use renews its own.
    return _with_cookie(answer, request.cookies.get(COOKIE, ""))


def _person_page(
    terminal: Terminal, person_id: str, status: int = 200, error: str = "", by_password: bool = False
) -> ResponseReturnValue:
    person: Person = person_on(terminal, _number(person_id)) or abort(404)
    by_password = by_password or person.pin_hash is None or "password" in request.args
    return hx.page(
        "terminal/pin.html", status=status, terminal=terminal, person=person, error=error, by_password=by_password
    )


def _with_cookie(answer: Response, secret: str) -> Response:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(COOKIE, secret, max_age=COOKIE_LIFETIME, httponly=True, secure=secure, samesite="Lax")
    return answer


def _number(text: str) -> int:
    """Return an id that a database can hold, 0 for anything else: it belongs to nobody."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
