"""Files of lessons on their way to the browser: to whoever may see them, whole or in the ranges that players ask for."""

from __future__ import annotations

from flask import Response, request
from sqlalchemy import select
from werkzeug.wsgi import FileWrapper

from app.content.models import Entry
from app.extensions import db
from app.learning import task_checks
from app.learning.models import Course, CourseVersion, Enrolment, Lesson, LessonFile
from app.media import media
from app.people.permissions import Permission
from app.people.sessions import Viewer

# Shown in the page; everything else is to be kept, never to be opened in the portal's name.
INLINE = ("video/mp4", "video/webm", "image/webp", "text/vtt; charset=utf-8")


def visible_file(viewer: Viewer, course_id: int, file_id: int) -> LessonFile | None:
    """Find a file of the version that the viewer goes through, or of a task that he checks; editors find all."""
    statement = (
        select(LessonFile)
        .join(Lesson, Lesson.id == LessonFile.lesson_id)
        .join(CourseVersion, CourseVersion.id == Lesson.version_id)
        .where(LessonFile.id == file_id, CourseVersion.course_id == course_id)
    )
    if viewer.can(Permission.TEACH):
        live = select(Course.id).where(Course.id == course_id, Course.deleted_at.is_(None))
        return db.session.scalar(statement.where(CourseVersion.course_id.in_(live)))
    if viewer.can(Permission.LEAD_STORE):
        checked = db.session.scalar(statement.where(Lesson.id.in_(task_checks.checked_lessons(viewer))))
        if checked is not None:
            return checked
    opened = Entry.visible_to(viewer).with_only_columns(Entry.id).where(Entry.id == course_id)
    goes = select(Enrolment.version_id).where(Enrolment.person_id == viewer.id, Enrolment.course_id == course_id)
    return db.session.scalar(statement.where(CourseVersion.course_id.in_(opened), CourseVersion.id.in_(goes)))


def answer(file: LessonFile) -> Response:
    """Answer a file; a player that asks for a range gets that range (206)."""
    try:
        stream = media().open(file.key)
    except FileNotFoundError:
        return Response(status=404)
    found = Response(FileWrapper(stream), content_type=file.content_type, direct_passthrough=True)
    found.content_length = file.size
    found.call_on_close(stream.close)
    if file.content_type not in INLINE:
        found.headers.set("Content-Disposition", "attachment", filename=file.name)
    found.headers["Cache-Control"] = "no-store"
    found.make_conditional(request, accept_ranges=True, complete_length=file.size)
    return found
