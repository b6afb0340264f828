"""What assignments and paths listen to: courses begun, completed and closed, people who come, move and go."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.activity import Activity, happened, record
from app.database import one_at_a_time
from app.extensions import db
from app.learning import assign_rows, path_ways
from app.learning.assign_filling_jobs import cancel_rows, fill, follow_path, look_over, settle_person, soon
from app.learning.assign_models import Assignment
from app.learning.path_models import Path, PathCourse
from app.people.models import Change, logged

# Changes of one person, and those that may concern anybody.
OF_PERSON = frozenset({"hired", "corrected", "dismissed", "rehired", "stayed"})
OF_MANY = frozenset(
    {
        *("import.applied", "import.undone", "group.filled", "group.thinned", "group.deleted"),
        *("role.granted", "role.taken", "store.changed", "city.changed"),
    }
)


def connect() -> None:
    """Begin to listen."""
    happened.connect(hear)
    logged.connect(follow)


def hear(activity: Activity, *, subject: Any) -> None:
    """Follow how far a learner comes, and what becomes of courses and paths."""
    reaction = ACTS.get(activity.verb)
    if reaction is not None:
        reaction(activity, subject)


def follow(change: Change) -> None:
    """Follow people: whoever comes gets what is for him, whoever leaves is asked no more."""
    noun, _, verb = change.verb.partition(".")
    of_person = noun == "person" and verb in OF_PERSON
    if not of_person and change.verb not in OF_MANY:
        return
    if db.session.scalar(_any()) is None:
        return
    if of_person or noun == "role":
        soon(settle_person, change.subject_id)
    else:
        soon(look_over)


def _any() -> Any:
    return select(Assignment.id).where(Assignment.cancelled_at.is_(None)).limit(1)


def _begun(activity: Activity, course: Any) -> None:
    if activity.actor_id is not None:
        assign_rows.begin(activity.actor_id, course.id)


def _completed(activity: Activity, course: Any) -> None:
    person_id = activity.actor_id
    if person_id is None:
        return
    of_course = select(PathCourse.path_id).where(PathCourse.course_id == course.id)
    path_ids = db.session.scalars(of_course).all()
    if path_ids:
        # Two courses of one path completed at once must not overlook each other.
        one_at_a_time(f"paths of {person_id}")
    made = path_ways.complete(path_ids, [person_id])
    for path_id, _person in made:
        record("path.completed", person_id, db.session.get_one(Path, path_id))
    assign_rows.finish(person_id, course_id=course.id, path_ids=[path_id for path_id, _person in made])


def _course_closed(activity: Activity, course: Any) -> None:
    """Ask nobody for a course any more that he cannot begin; paths may be at their end without it."""
    for assignment_id in _of(Assignment.course_id == course.id):
        soon(cancel_rows, assignment_id, "archived", activity.actor_id, True)
    for path_id in db.session.scalars(select(PathCourse.path_id).where(PathCourse.course_id == course.id)):
        soon(follow_path, path_id)


def _course_back(activity: Activity, course: Any) -> None:
    for assignment_id in _of(Assignment.course_id == course.id):
        soon(fill, assignment_id)


def _path_closed(activity: Activity, path: Path) -> None:
    for assignment_id in _of(Assignment.path_id == path.id):
        soon(cancel_rows, assignment_id, "archived", activity.actor_id, True)


def _path_back(activity: Activity, path: Path) -> None:
    for assignment_id in _of(Assignment.path_id == path.id):
        soon(fill, assignment_id)


def _path_changed(activity: Activity, path: Path) -> None:
    soon(follow_path, path.id)


def _of(condition: Any) -> list[int]:
    return list(db.session.scalars(select(Assignment.id).where(condition, Assignment.cancelled_at.is_(None))))


ACTS = {
    "course.begun": _begun,
    "course.completed": _completed,
    "course.archived": _course_closed,
    "course.unarchived": _course_back,
    "path.archived": _path_closed,
    "path.unarchived": _path_back,
    "path.published": _path_changed,
    "path.changed": _path_changed,
}
