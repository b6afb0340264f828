"""The inbox and one's own choices about it."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx, mail
from app.database import now
from app.extensions import csrf, db
from app.guard import public
from app.notifications import choices, inbox, letters
from app.notifications.digest_posts import posts_of_week
from app.notifications.forms import QuietForm
from app.notifications.kinds import KINDS

bp = Blueprint("notifications", __name__)
MOMENT = "%Y%m%dT%H%M%S%f"


@bp.get("/notifications")
def index() -> ResponseReturnValue:
    """Show what the viewer was told of."""
    page = inbox.page_of(current_user, request.args.get("before"))
    template = "notifications/_lines.html" if hx.is_fragment() else "notifications/index.html"
    return hx.page(template, page=page, opened_at=f"{now():{MOMENT}}")


@bp.get("/notifications/week")
def week() -> ResponseReturnValue:
    """Show the weekly letter as a page: what waits, what is unseen, and what colleagues were thanked for most."""
    lines, posts = inbox.unseen_lines(current_user), posts_of_week(current_user)
    return hx.page("notifications/week.html", page=inbox.Page(lines, None), posts=posts)


@bp.get("/notifications/count")
def count() -> ResponseReturnValue:
    """Answer the bell with its number, asked for from time to time; 204 while it is the same."""
    if not hx.is_fragment():
        return hx.go("/notifications")
    found = inbox.unseen_count(current_user)
    if request.args.get("shown", type=int) == found:
        return hx.nothing()
    return hx.fragment("notifications/_bell.html", count=found)


@bp.post("/notifications/seen")
def see_all() -> ResponseReturnValue:
    """Mark everything seen that stood on the page when it was opened."""
    try:
        until = datetime.strptime(request.form.get("until", "") + "+0000", MOMENT + "%z").astimezone(UTC)
    except ValueError:
        abort(400)
    inbox.see_all(current_user, until)
    db.session.commit()
    return hx.go("/notifications")


@bp.get("/notifications/<int:notice_id>")
def follow(notice_id: int) -> ResponseReturnValue:
    """Go where a notice leads; it is seen by that."""
    path = inbox.path_of(current_user, notice_id) or abort(404)
    inbox.note_seen(current_user, notice_id=notice_id)
    return hx.go(path)


@bp.get("/notifications/settings")
def settings() -> ResponseReturnValue:
    """Show what the viewer hears by which channel, and when not."""
    return _settings(QuietForm(obj=choices.quiet_of(current_user.id)))


@bp.post("/notifications/settings")
def choose() -> ResponseReturnValue:
    """Take over what the viewer wants to hear by which channel."""
    choices.choose(current_user.id, set(request.form.getlist("wanted")))
    db.session.commit()
    flash(_("Saved."), "good")
    return hx.go("/notifications/settings")


@bp.post("/notifications/quiet")
def quiet() -> ResponseReturnValue:
    """Take over the viewer's quiet hours; empty times take them away."""
    form = QuietForm()
    if not form.validate():
        return _settings(form, 422)
    choices.keep_quiet(current_user.id, form.starts.data, form.ends.data)
    db.session.commit()
    flash(_("Saved."), "good")
    return hx.go("/notifications/settings")


@bp.get("/notifications/unsubscribe/<token>")
@public
def unsubscribe_form(token: str) -> ResponseReturnValue:
    """Ask whether letters are to stop; opening a link alone, as mail scanners do, stops nothing."""
    _person_id, kind = letters.read_unsubscribe_token(token) or abort(404)
    label = KINDS[kind].label if kind in KINDS else ""
    return hx.page("notifications/unsubscribe.html", token=token, label=label, done=False)


@bp.post("/notifications/unsubscribe/<token>")
@csrf.exempt
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Stop letters at one click, also of a mail program (RFC 8058), which has neither a session nor a form's token."""
    person_id, kind = letters.read_unsubscribe_token(token) or abort(404)
    choices.stop(person_id, kind, "mail")
    db.session.commit()
    label = KINDS[kind].label if kind in KINDS else ""
    return hx.page("notifications/unsubscribe.html", token=token, label=label, done=True)


def _settings(form: QuietForm, status: int = 200) -> ResponseReturnValue:
    rows = choices.rows_of(current_user)
    has_mail = mail.is_set_up() and bool(choices.address_of(current_user.id))
    return hx.page("notifications/settings.html", status=status, rows=rows, form=form, has_mail=has_mail)
