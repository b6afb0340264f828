"""The learners' pages of paths: the list, and one path with what comes next."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import hx
from app.extensions import db
from app.learning import assign_due, path_ways

bp = Blueprint("paths", __name__, url_prefix="/paths")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show the paths that the viewer may go, and those that he has completed."""
    return hx.page(
        "assignments/path_index.html",
        rows=assign_due.on_paths(current_user),
        completed=assign_due.completed_paths(current_user),
    )


@bp.get("/<int:path_id>")
def show(path_id: int) -> ResponseReturnValue:
    """Show the courses of a path in order: done, open or locked and why, and what to do next."""
    path = db.session.scalar(assign_due.path_of(current_user, path_id)) or abort(404)
    return hx.page(
        "assignments/path_show.html",
        path=path,
        way=path_ways.ways_of(current_user.id, [path_id])[path_id],
        due=assign_due.due_of(current_user, path_id=path_id),
    )
