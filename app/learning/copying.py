"""Copies of lessons: a new version begins as one of the newest, a duplicate as one of another course."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.learning import scorm_packages
from app.learning.models import CourseVersion, Lesson, LessonFile, Question
from app.media import drop

LESSON_COLUMNS = (
    *("place", "kind", "title", "body", "body_html", "minutes", "optional"),
    *("pass_mark", "attempts", "pause_minutes", "time_limit", "drawn", "shuffled"),
    *("criteria", "wanted"),
)
FILE_COLUMNS = ("owner_id", "role", "name", "size", "content_type", "key", "width", "height")
QUESTION_COLUMNS = ("place", "kind", "text", "explanation", "options", "forgiving")


def copy_lessons(source: CourseVersion, target: CourseVersion, same_lines: bool = True) -> None:
    """Copy all lessons with their files and questions; in `same_lines` what was passed once stays passed."""
    for lesson in db.session.scalars(
        Lesson.of(source.id).options(selectinload(Lesson.files), selectinload(Lesson.questions))
    ):
        copy_lesson(lesson, target, same_lines)


def copy_lesson(lesson: Lesson, target: CourseVersion, same_lines: bool) -> Lesson:
    """Copy one lesson into a version."""
    made = Lesson(**_values(lesson, LESSON_COLUMNS), origin_id=lesson.line_id if same_lines else None)
    files = {file.id: LessonFile(**_values(file, FILE_COLUMNS)) for file in lesson.files}
    made.files = list(files.values())
    for question in lesson.questions:
        copied = Question(**_values(question, QUESTION_COLUMNS), origin_id=question.line_id if same_lines else None)
        copied.picture = files.get(question.picture_id) if question.picture_id is not None else None
        made.questions.append(copied)
    target.lessons.append(made)
    return made


def remove_version(version: CourseVersion) -> None:
    """Delete a draft version; nobody has begun it."""
    for lesson in list(version.lessons):
        remove_lesson(lesson)
    db.session.flush()
    db.session.delete(version)


def remove_lesson(lesson: Lesson) -> None:
    """Delete a lesson of a draft, and the files that no other version has."""
    keys = [file.key for file in lesson.files]
    db.session.execute(delete(Question).where(Question.lesson_id == lesson.id))
    db.session.execute(delete(LessonFile).where(LessonFile.lesson_id == lesson.id))
    lesson.version.lessons.remove(lesson)
    db.session.delete(lesson)
    db.session.flush()
    drop_unused(keys)


def drop_unused(keys: list[str]) -> None:
    """Delete files that no row names any more."""
    if keys:
        used = set(db.session.scalars(select(LessonFile.key).where(LessonFile.key.in_(keys))))
        gone = [key for key in keys if key not in used]
        scorm_packages.forget(gone)
        drop(gone)


def _values(row: object, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(row, name) for name in names}
