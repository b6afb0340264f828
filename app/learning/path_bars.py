"""Why a course of a path may not be begun yet.

A path bars only what it opens: whoever sees a course by its own audience, or was assigned it by itself, begins it when he
likes, and the path merely says in which order it leads.
"""

from __future__ import annotations

from sqlalchemy import or_, select

from app.content.audience import audiences_of
from app.extensions import db
from app.learning import path_ways
from app.learning.assign_models import Assignee, Assignment, State, paths_assigned_to
from app.learning.models import Course
from app.learning.path_models import Path, PathCourse
from app.people.permissions import Permission
from app.people.sessions import Viewer


def bar(viewer: Viewer, course: Course) -> str:
    """Say why somebody may not begin a course yet; nothing where he may."""
    if viewer.can(Permission.TEACH) or _sees_it_himself(viewer, course):
        return ""
    reasons = []
    for path_id, way in path_ways.ways_of(viewer.id, _paths_with(viewer, course.id)).items():
        found = way.stop(course.id)
        if found is not None and path_id:
            step, stop = found
            if stop.is_open:
                return ""
            reasons.append(step.reason)
    return reasons[0] if reasons else ""


def _sees_it_himself(viewer: Viewer, course: Course) -> bool:
    of_course = (Assignment.course_id == course.id, Assignment.cancelled_at.is_(None))
    mine = (Assignee.person_id == viewer.id, Assignee.state != State.WITHDRAWN)
    assigned = select(Assignee.id).join(Assignment, Assignment.id == Assignee.assignment_id).where(*of_course, *mine)
    seen = select(Course.id).where(Course.id == course.id, or_(Course.seen_by(viewer), assigned.exists()))
    return db.session.scalar(seen) is not None


def _paths_with(viewer: Viewer, course_id: int) -> list[int]:
    mine = or_(Path.audience_id.in_(audiences_of(viewer)), Path.id.in_(paths_assigned_to(viewer)))
    statement = select(Path.id).join(PathCourse, PathCourse.path_id == Path.id)
    live = (Path.published_at.is_not(None), Path.deleted_at.is_(None), PathCourse.course_id == course_id)
    return list(db.session.scalars(statement.where(mine, *live)))
