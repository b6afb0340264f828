"""The staff list in the browser: upload, look, correct, confirm, undo; and the staff as a workbook."""

from io import BytesIO

from flask import Blueprint, Flask, Response, abort, current_app, flash, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app import hx
from app.errors import Refused
from app.extensions import db
from app.guard import requires
from app.navigation import Place, register
from app.people import import_runs, import_words, staff_export
from app.people.import_forms import ACCEPTED, ConfirmForm, TermsForm, UploadForm, columns_of
from app.people.imports import StaffImport, StaffImportChange
from app.people.permissions import Permission
from app.people.staff_list_headings import FIELDS
from app.tables import XLSX

bp = Blueprint("imports", __name__)
HISTORY = 20
# So many of each kind stand on the page itself, and so many on a page of their own.
SHOWN, PAGE = 5, 100
LARGEST_FILE = 64 << 20


def init_app(app: Flask) -> None:
    """Register the addresses and the place in the navigation."""
    app.register_blueprint(bp)
    app.jinja_env.filters.update(import_said=import_words.said, import_day=import_words.day)
    app.jinja_env.globals.update(import_place=import_words.place)
    register(app, Place("imports.index", _l("Staff import"), "upload", 10, "manage", (Permission.IMPORT_PEOPLE,)))


@bp.get("/people/imports")
@requires(Permission.IMPORT_PEOPLE)
def index() -> ResponseReturnValue:
    """Show the upload and what was imported before."""
    return _index(UploadForm(None))


@bp.post("/people/imports")
@requires(Permission.IMPORT_PEOPLE)
def create() -> ResponseReturnValue:
    """Take a staff list in, to be read in a job."""
    form = UploadForm()
    try:
        if form.validate_on_submit():
            content = _content(form.file.data.stream)
            terms = {"on": form.effective_on.data, "absent": form.absent.data, "actor_id": current_user.id}
            staff_import = import_runs.upload(form.file.data.filename or "", content, **terms)
            db.session.commit()
            return hx.go(f"/people/imports/{staff_import.id}")
    except Refused as refused:
        form.refuse(refused)
    db.session.rollback()
    return _index(form, 422)


@bp.get("/people/imports/<int:import_id>")
@requires(Permission.IMPORT_PEOPLE)
def show(import_id: int) -> ResponseReturnValue:
    """Show an import as far as it is: being read, failed, ready to be confirmed, applied, undone."""
    staff_import = _load(import_id)
    if not hx.is_fragment():
        return _page(staff_import)
    if not staff_import.is_running:
        return hx.go(f"/people/imports/{import_id}")
    return hx.fragment("imports/_progress.html", list=staff_import)


@bp.post("/people/imports/<int:import_id>")
@requires(Permission.IMPORT_PEOPLE)
def update(import_id: int) -> ResponseReturnValue:
    """Compare again on other terms."""
    staff_import, form = _load(import_id), TermsForm()
    if not form.validate_on_submit():
        return _page(staff_import, 422, terms=form)
    import_runs.change_terms(staff_import, form.effective_on.data, form.absent.data)
    db.session.commit()
    return hx.go(f"/people/imports/{import_id}")


@bp.post("/people/imports/<int:import_id>/columns")
@requires(Permission.IMPORT_PEOPLE)
def columns(import_id: int) -> ResponseReturnValue:
    """Read again with the columns as the user says they are."""
    staff_import, fields = _load(import_id), columns_of(request.form)
    try:
        if not set(fields.values()) <= set(FIELDS):
            abort(400)
        import_runs.change_columns(staff_import, request.form.get("sheet", 0, type=int), fields)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _page(_load(import_id), 422, columns_error=str(refused), columns_given=fields)
    return hx.go(f"/people/imports/{import_id}")


@bp.post("/people/imports/<int:import_id>/apply")
@requires(Permission.IMPORT_PEOPLE)
def apply(import_id: int) -> ResponseReturnValue:
    """Confirm: have the changes applied."""
    staff_import, form = _load(import_id), ConfirmForm()
    try:
        import_runs.confirm(staff_import, sure=form.sure.data)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return _page(_load(import_id), 422, confirm=form)
    return hx.go(f"/people/imports/{import_id}")


@bp.post("/people/imports/<int:import_id>/restart")
@requires(Permission.IMPORT_PEOPLE)
def restart(import_id: int) -> ResponseReturnValue:
    """Start a job again that seems to have been killed."""
    import_runs.restart(_load(import_id))
    db.session.commit()
    return hx.go(f"/people/imports/{import_id}")


@bp.post("/people/imports/<int:import_id>/undo")
@requires(Permission.IMPORT_PEOPLE)
def undo(import_id: int) -> ResponseReturnValue:
    """Take an applied import back as a whole."""
    try:
        import_runs.take_back(_load(import_id), current_user.id)
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        return _page(_load(import_id), 422, undo_error=str(refused))
    flash(_("The import is undone: the staff is as it was before."), "good")
    return hx.go(f"/people/imports/{import_id}")


@bp.post("/people/imports/<int:import_id>/discard")
@requires(Permission.IMPORT_PEOPLE)
def discard(import_id: int) -> ResponseReturnValue:
    """Forget a list that was not applied."""
    import_runs.give_up(_load(import_id))
    db.session.commit()
    flash(_("The list is discarded. Nothing was changed."), "good")
    return hx.go("/people/imports")


@bp.get("/people/imports/<int:import_id>/<any(hired, moved, renamed, promoted, reassigned, dismissed, updated):kind>")
@requires(Permission.IMPORT_PEOPLE)
def changes(import_id: int, kind: str) -> ResponseReturnValue:
    """Show all changes of a kind, page by page."""
    staff_import = _load(import_id)
    rows, following = _changes(import_id, kind, PAGE, hx.asked_id("after") or 0)
    given = {"list": staff_import, "kind": kind, "title": import_words.KINDS[kind], "rows": rows, "following": following}
    if hx.is_fragment():
        return hx.fragment("imports/_changes.html", **given)
    return hx.page("imports/changes.html", **given)


@bp.get("/people/imports/<int:import_id>/refused.xlsx")
@requires(Permission.IMPORT_PEOPLE)
def refused(import_id: int) -> ResponseReturnValue:
    """Answer the refused rows as a workbook, to be corrected and sent to the accounting."""
    file = BytesIO()
    staff_export.write_refused(file, _load(import_id).refused)
    return _workbook(file, _("refused-rows") + ".xlsx")


@bp.get("/people/staff.xlsx")
@requires(Permission.IMPORT_PEOPLE)
def staff() -> ResponseReturnValue:
    """Answer the staff as a workbook."""
    file = BytesIO()
    staff_export.write_workbook(file)
    return _workbook(file, _("staff") + f"-{current_user.today.isoformat()}.xlsx")


def _load(import_id: int) -> StaffImport:
    return db.session.get(StaffImport, import_id) or abort(404)


def _content(stream: BytesIO) -> bytes:
    content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Refused(import_words.FAILURES["too_large"], field="file")
    return content


def _index(form: UploadForm, status: int = 200) -> ResponseReturnValue:
    found = db.session.scalars(StaffImport.latest(hx.asked_id("before")).limit(HISTORY + 1)).all()
    return hx.page(
        "imports/index.html",
        status=status,
        form=form,
        accepted=ACCEPTED,
        lists=found[:HISTORY],
        older=found[HISTORY - 1].id if len(found) > HISTORY else None,
        words=import_words,
    )


def _page(
    staff_import: StaffImport,
    status: int = 200,
    terms: TermsForm | None = None,
    confirm: ConfirmForm | None = None,
    **errors: object,
) -> ResponseReturnValue:
    is_shown = staff_import.status in ("ready", "applied", "undone")
    kinds = [kind for kind in import_words.KINDS if is_shown and staff_import.counts.get(kind)]
    return hx.page(
        "imports/show.html",
        status=status,
        list=staff_import,
        terms=terms or TermsForm(None, obj=staff_import),
        confirm=confirm or ConfirmForm(None),
        sections=[(kind, *_changes(staff_import.id, kind, SHOWN)) for kind in kinds],
        words=import_words,
        default_zone=current_app.config["DEFAULT_ZONE"],
        **errors,
    )


def _changes(import_id: int, kind: str, size: int, after: int = 0) -> tuple[list[StaffImportChange], int | None]:
    rows = list(db.session.scalars(StaffImportChange.of_kind(import_id, kind, after).limit(size + 1)))
    return rows[:size], rows[size - 1].id if len(rows) > size else None


def _workbook(file: BytesIO, name: str) -> Response:
    file.seek(0)
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)
