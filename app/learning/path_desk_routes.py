"""The editors' pages of paths: the desk, a path, its steps and what becomes of it."""

from typing import Any

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import hx
from app.content import audience_picker, cards
from app.content.audience import check_key, reach
from app.content.drafts import draft_of, drop_draft
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.learning import paths
from app.learning.path_forms import PathForm
from app.learning.path_models import Path
from app.people.permissions import Permission

bp = Blueprint("path_desk", __name__, url_prefix="/paths")

FATES = {"publish": paths.publish, "archive": paths.archive, "unarchive": paths.unarchive, "discard": paths.discard}


@bp.get("/desk")
@requires(Permission.TEACH)
def desk() -> ResponseReturnValue:
    """Show the published paths, those that are being made, and the archive."""
    shelf = request.args.get("shelf", "published")
    if shelf not in paths.SHELVES:
        abort(404)
    page = paths.shelf(shelf, cards.Position.read(request.args.get("before")))
    template = "assignments/_path_rows.html" if hx.is_fragment() else "assignments/path_desk.html"
    return hx.page(template, page=page, shelf=shelf)


@bp.get("/new")
@requires(Permission.TEACH)
def new() -> ResponseReturnValue:
    """Show the form of a path, with what was typed before and not sent."""
    kept = draft_of(current_user.id, "/paths")
    return _form(PathForm.blank(kept, None), None, from_draft=bool(kept))


@bp.post("")
@requires(Permission.TEACH)
def create() -> ResponseReturnValue:
    """Begin a path, and go to its courses."""
    return _take(PathForm(), None)


@bp.get("/<int:path_id>/edit")
@requires(Permission.TEACH)
def edit(path_id: int) -> ResponseReturnValue:
    """Show a path as its editors have it."""
    return _page(load(path_id))


@bp.get("/<int:path_id>/about")
@requires(Permission.TEACH)
def about(path_id: int) -> ResponseReturnValue:
    """Show the form of a path that is there."""
    path = load(path_id)
    kept = draft_of(current_user.id, f"/paths/{path_id}")
    return _form(PathForm.blank(kept, path), path, from_draft=bool(kept))


@bp.post("/<int:path_id>")
@requires(Permission.TEACH)
def update(path_id: int) -> ResponseReturnValue:
    """Take over what the form says of the path itself."""
    return _take(PathForm(), load(path_id))


@bp.post("/<int:path_id>/courses")
@requires(Permission.TEACH)
def add_course(path_id: int) -> ResponseReturnValue:
    """Put a course into the path: as the next step, or into the step that the form names."""
    path = load(path_id)
    return _arrange(path, lambda: paths.add_course(current_user, path, _sent("course_id") or 0, _sent("step_id")))


@bp.post("/<int:path_id>/courses/<int:course_id>/drop")
@requires(Permission.TEACH)
def drop_course(path_id: int, course_id: int) -> ResponseReturnValue:
    """Take a course out of the path."""
    path = load(path_id)
    return _arrange(path, lambda: paths.drop_course(current_user, path, course_id))


@bp.post("/<int:path_id>/steps/<int:step_id>/<any(up, down):way>")
@requires(Permission.TEACH)
def move(path_id: int, step_id: int, way: str) -> ResponseReturnValue:
    """Move a step up or down."""
    path = load(path_id)
    return _arrange(path, lambda: paths.move(current_user, path, step_id, -1 if way == "up" else 1))


@bp.post("/<int:path_id>/steps/<int:step_id>/need")
@requires(Permission.TEACH)
def need(path_id: int, step_id: int) -> ResponseReturnValue:
    """Say how many courses of a step are needed."""
    path = load(path_id)
    return _arrange(path, lambda: paths.need(current_user, path, step_id, _sent("needed")))


@bp.post("/<int:path_id>/<any(publish, archive, unarchive, discard):fate>")
@requires(Permission.TEACH)
def decide(path_id: int, fate: str) -> ResponseReturnValue:
    """Publish it, archive it, bring it back, or throw a draft away."""
    path = load(path_id)
    try:
        FATES[fate](current_user, path)
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "bad")
        return hx.go(f"/paths/{path_id}/edit")
    db.session.commit()
    return hx.go("/paths/desk" if path.deleted_at is not None else f"/paths/{path_id}/edit")


def load(path_id: int) -> Path:
    """Return a path as editors handle it, or 404."""
    return paths.of_editor(path_id) or abort(404)


def _sent(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _arrange(path: Path, act: Any) -> ResponseReturnValue:
    """Do something with the steps, and show them anew."""
    path_id = path.id
    try:
        act()
    except Refused as refused:
        db.session.rollback()
        if hx.is_fragment():
            return _page(load(path_id), str(refused), status=422)
        flash(str(refused), "bad")
        return hx.go(f"/paths/{path_id}/edit")
    db.session.commit()
    return _page(load(path_id)) if hx.is_fragment() else hx.go(f"/paths/{path_id}/edit#steps")


def _page(path: Path, refused: str = "", status: int = 200) -> ResponseReturnValue:
    template = "assignments/_path_steps.html" if hx.is_fragment() else "assignments/path_edit.html"
    return hx.page(template, status=status, path=path, choices=paths.course_choices(path), refused=refused)


def _take(form: PathForm, path: Path | None) -> ResponseReturnValue:
    address = "/paths" if path is None else f"/paths/{path.id}"
    if "count" in request.form:
        return _form(form, path)
    if form.has_errors or not form.validate_on_submit():
        return _form(form, path, status=422)
    try:
        if audience_picker.unknown(current_user, form.audience.data, path.audience.key_list if path is not None else ()):
            raise Refused(_("Choose who is to see it once more: this choice is not known."), "audience")
        if path is None:
            path = paths.create(current_user, form.about, (form.nonce.data or "")[:40])
        else:
            paths.change(current_user, path, form.about)
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _form(form, load(path.id) if path is not None and path.id else None, status=422)
    drop_draft(current_user.id, address)
    db.session.commit()
    return hx.go(f"/paths/{path.id}/edit")


def _form(form: PathForm, path: Path | None, status: int = 200, from_draft: bool = False) -> Any:
    keys = [key for key in form.audience.data if _known(key)]
    template = "assignments/_path_form.html" if hx.is_fragment() else "assignments/path_about.html"
    return hx.page(
        template,
        status=status,
        form=form,
        path=path,
        from_draft=from_draft,
        sections=audience_picker.offered(current_user, keys),
        chosen=set(keys),
        reach=reach(keys),
    )


def _known(key: str) -> bool:
    try:
        check_key(key)
    except ValueError:
        return False
    return True
