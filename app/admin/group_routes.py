"""The pages of groups: made, filled by name or by pasted numbers, thinned, closed."""

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app import hx
from app.admin import groups
from app.admin.forms import GroupForm, NumbersForm
from app.content.audience import Group
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.people.permissions import Permission

bp = Blueprint("groups", __name__)
ACTS = {"close": groups.close, "reopen": groups.reopen, "delete": groups.remove}


@bp.get("/admin/groups")
@requires(Permission.EDIT_GROUPS)
def index() -> ResponseReturnValue:
    """Show all groups and the form that makes one."""
    return hx.page("groups/index.html", groups=groups.listed(), form=GroupForm(None))


@bp.post("/admin/groups")
@requires(Permission.EDIT_GROUPS)
def create() -> ResponseReturnValue:
    """Make a group."""
    form = GroupForm()
    try:
        if form.validate_on_submit():
            group = groups.make(form.name.data, current_user.id)
            db.session.commit()
            return hx.go(f"/admin/groups/{group.id}")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    return hx.page("groups/index.html", status=422, groups=groups.listed(), form=form)


@bp.get("/admin/groups/<int:group_id>")
@requires(Permission.EDIT_GROUPS)
def show(group_id: int) -> ResponseReturnValue:
    """Show who is in a group; with ?q= who could come in, with ?after= the further ones."""
    group, text = _group(group_id), request.args.get("q", "")
    if hx.is_fragment() and "q" in request.args:
        return hx.fragment("groups/_candidates.html", group=group, text=text, candidates=groups.candidates(group, text))
    return _page(group)


@bp.post("/admin/groups/<int:group_id>")
@requires(Permission.EDIT_GROUPS)
def rename(group_id: int) -> ResponseReturnValue:
    """Call a group otherwise."""
    group, form = _group(group_id), GroupForm()
    try:
        if form.validate_on_submit():
            groups.rename(group, form.name.data, current_user.id)
            db.session.commit()
            flash(_("Saved."), "good")
            return hx.go(f"/admin/groups/{group_id}")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    return _page(_group(group_id), form=form, status=422)


@bp.post("/admin/groups/<int:group_id>/add")
@requires(Permission.EDIT_GROUPS)
def add(group_id: int) -> ResponseReturnValue:
    """Add people who were found by name."""
    group = _group(group_id)
    ids = [int(text) for text in request.form.getlist("person") if text.isascii() and text.isdigit() and len(text) < 10]
    groups.add(group, ids[:500], current_user.id)
    db.session.commit()
    if hx.is_fragment():
        return _page(group, template="groups/_added.html")
    return hx.go(hx.back("groups.show", group_id=group_id))


@bp.post("/admin/groups/<int:group_id>/numbers")
@requires(Permission.EDIT_GROUPS)
def add_numbers(group_id: int) -> ResponseReturnValue:
    """Add the people of pasted personnel numbers, and say which nobody has."""
    group, form = _group(group_id), NumbersForm()
    try:
        if form.validate_on_submit():
            added = groups.add_numbers(group, form.numbers.data, current_user.id)
            db.session.commit()
            return _page(group, added=added)
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    return _page(_group(group_id), numbers_form=form, status=422)


@bp.post("/admin/groups/<int:group_id>/people/<int:person_id>/remove")
@requires(Permission.EDIT_GROUPS)
def take_out(group_id: int, person_id: int) -> ResponseReturnValue:
    """Take somebody out of a group."""
    group = _group(group_id)
    groups.take_out(group, person_id, current_user.id)
    db.session.commit()
    if hx.is_fragment():
        return hx.fragment("groups/_taken_out.html")
    return hx.go(hx.back("groups.show", group_id=group_id))


@bp.post("/admin/groups/<int:group_id>/<any(close, reopen, delete):verb>")
@requires(Permission.EDIT_GROUPS)
def turn(group_id: int, verb: str) -> ResponseReturnValue:
    """Close a group, open it again, or delete one that was never used."""
    group = _group(group_id)
    try:
        ACTS[verb](group, current_user.id)
    except Refused as refused:
        db.session.rollback()
        form = GroupForm(None, obj=(group := _group(group_id)))
        form.refuse(refused)
        return _page(group, form=form, status=422)
    db.session.commit()
    return hx.go("/admin/groups" if verb == "delete" else f"/admin/groups/{group_id}")


def _group(group_id: int) -> Group:
    return db.session.get(Group, group_id) or abort(404)


def _page(
    group: Group,
    form: GroupForm | None = None,
    numbers_form: NumbersForm | None = None,
    added: groups.Added | None = None,
    status: int = 200,
    template: str = "groups/show.html",
) -> ResponseReturnValue:
    after, text = hx.asked_id("after"), request.values.get("q", "")
    found = groups.members(group, after)
    shown = found[: groups.PAGE]
    if hx.is_fragment() and after is not None:
        template = "groups/_rows.html"
    return hx.page(
        template,
        status=status,
        group=group,
        members=shown,
        following=shown[-1].id if len(found) > groups.PAGE else None,
        first=after is None,
        text=text,
        candidates=groups.candidates(group, text),
        used=groups.is_used(group),
        form=form or GroupForm(None, obj=group),
        numbers_form=numbers_form or NumbersForm(None),
        added=added,
        added_words=ngettext("%(num)d person added", "%(num)d people added", added.new) if added else "",
    )
