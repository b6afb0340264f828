"""Lessons of a draft: added, changed, moved, copied, removed; their text with pictures in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import func, select

from app.content.text import clean, render
from app.errors import Refused
from app.extensions import db
from app.forms import tidy
from app.learning import copying, lesson_files
from app.learning.courses import draft_of, shown_to_editors
from app.learning.models import Course, CourseVersion, Lesson, LessonFile, LessonKind
from app.people.sessions import Viewer

TITLE_LIMIT = 160
TEXT_LIMIT = 30_000
LONGEST = 600
MOST_LESSONS = 100
# A line that says only this is where a picture stands: "[фото 2]".
_PLACE = re.compile(r"^\[(?:фото|рисунок|рис\.?|photo|picture) *(\d{1,2})\]$", re.I | re.M)
_MARK = re.compile(r"<!--(\d{1,2})-->")


@dataclass
class Content:
    """What an editor's form says a lesson is; the numbers are those of a quiz, explained at the columns."""

    title: str
    body: str = ""
    minutes: int = 5
    optional: bool = False
    file_ids: Sequence[int] = ()
    dropped: Sequence[int] = ()
    pass_mark: int = 80
    attempts: int = 0
    pause_minutes: int = 0
    time_limit: int = 0
    drawn: int = 0
    shuffled: bool = False
    # Those of a task.
    criteria: str = ""
    wanted: str = "text"


class Part(NamedTuple):
    """A piece of a lesson's text: words, or a picture."""

    words: Markup | None = None
    picture: LessonFile | None = None


# What an answer to a task may consist of.
WANTED = ("text", "photos", "both")
CRITERIA_LIMIT = 3_000
LIMITS = {
    "minutes": (0, LONGEST),
    "pass_mark": (1, 100),
    "attempts": (0, 100),
    "pause_minutes": (0, 10_080),
    "time_limit": (0, 600),
    "drawn": (0, 500),
}


def add(viewer: Viewer, course: Course, kind: str, content: Content) -> Lesson:
    """Put a new lesson behind the others."""
    version = draft_of(course)
    _check_room(version)
    lesson = Lesson(kind=LessonKind(kind), place=max((one.place for one in version.lessons), default=-1) + 1, title="")
    _check(content)
    version.lessons.append(lesson)
    _take(viewer, lesson, content)
    db.session.flush()
    return lesson


def change(viewer: Viewer, lesson: Lesson, content: Content) -> None:
    """Take over what the form says of a lesson of the draft."""
    _check(content)
    _take(viewer, lesson, content)
    db.session.flush()


def in_draft(course: Course, lesson_id: int) -> Lesson | None:
    """Return the lesson as editors change it: of the draft, which the first change of a published course makes.

    The address may still name the lesson of the published version: its copy is meant.
    """
    named = _named(course, lesson_id)
    if named is None or named.version.number is None:
        return named
    return _copy_in(draft_of(course), named)


def shown(course: Course, lesson_id: int) -> Lesson | None:
    """Return the lesson as editors look at it: where a draft has its copy, that one; looking makes no draft."""
    named = _named(course, lesson_id)
    version = shown_to_editors(course)
    if named is None or version is None or named.version_id == version.id:
        return named
    return _copy_in(version, named)


def move(lesson: Lesson, by: int) -> None:
    """Move a lesson one place up (-1) or down (1); at the end it stays."""
    order = list(lesson.version.lessons)
    here = order.index(lesson)
    put(lesson, here + by)


def put(lesson: Lesson, place: int) -> None:
    """Put a lesson at a place, counted from 0; the others close up."""
    order = [one for one in lesson.version.lessons if one is not lesson]
    order.insert(max(0, min(place, len(order))), lesson)
    for number, one in enumerate(order):
        one.place = number
    db.session.flush()
    db.session.expire(lesson.version, ["lessons"])


def duplicate(lesson: Lesson) -> Lesson:
    """Put a copy of a lesson right behind it."""
    _check_room(lesson.version)
    made = copying.copy_lesson(lesson, lesson.version, same_lines=False)
    made.title = _("%(title)s (copy)", title=lesson.title)[:TITLE_LIMIT]
    db.session.flush()
    put(made, list(lesson.version.lessons).index(lesson) + 1)
    return made


def remove(lesson: Lesson) -> None:
    """Take a lesson out of the draft; published versions keep theirs."""
    copying.remove_lesson(lesson)


def of_version(version: CourseVersion) -> Sequence[Lesson]:
    """Return the lessons of a version in order."""
    return db.session.scalars(Lesson.of(version.id)).all()


def parts_of(lesson: Lesson) -> list[Part]:
    """Return the text of a lesson with its pictures where they belong; those that no line names come last."""
    pictures = [file for file in lesson.files if file.role == "picture" and not _is_asked(lesson, file)]
    left = dict(enumerate(pictures, 1))
    parts: list[Part] = []
    for place, piece in enumerate(_MARK.split(lesson.body_html)):
        if place % 2 == 0:
            # Cleaned when it was written.
            parts.extend([Part(words=Markup(piece))] if piece.strip() else [])  # noqa: S704
        elif (picture := left.pop(int(piece), None)) is not None:
            parts.append(Part(picture=picture))
    return [*parts, *(Part(picture=picture) for picture in left.values())]


def _named(course: Course, lesson_id: int) -> Lesson | None:
    """Return a lesson of any version of the course."""
    named = db.session.get(Lesson, lesson_id)
    return named if named is not None and named.version.course_id == course.id else None


def _copy_in(version: CourseVersion, lesson: Lesson) -> Lesson | None:
    """Return what a version has of a lesson's line."""
    return db.session.scalar(Lesson.of(version.id).where(Lesson.origin_id == lesson.line_id))


def _is_asked(lesson: Lesson, file: LessonFile) -> bool:
    """Tell whether a picture belongs to a question."""
    return lesson.kind == LessonKind.QUIZ and any(question.picture_id == file.id for question in lesson.questions)


def html_of(body: str) -> str:
    """Render a cleaned text; a mark stands where a picture belongs."""
    pieces = _PLACE.split(body)
    return "".join(f"<!--{piece}-->" if place % 2 else render(piece, document=True) for place, piece in enumerate(pieces))


def _check_room(version: CourseVersion) -> None:
    """Refuse more lessons than a course may have."""
    count = db.session.scalar(select(func.count()).where(Lesson.version_id == version.id)) or 0
    if count >= MOST_LESSONS:
        raise Refused(_("A course has at most %(n)d lessons. Make two of it.", n=MOST_LESSONS))


def _check(content: Content) -> None:
    title = tidy(content.title)
    if not title:
        raise Refused(_("Give the lesson a title."), "title")
    if len(title) > TITLE_LIMIT:
        raise Refused(_("The title is too long: %(n)d characters at most.", n=TITLE_LIMIT), "title")
    if len(clean(content.body)) > TEXT_LIMIT:
        raise Refused(_("The text is too long: %(n)d characters at most. Make two lessons of it.", n=TEXT_LIMIT), "body")
    if len(clean(content.criteria)) > CRITERIA_LIMIT:
        raise Refused(_("Too long: %(n)d characters at most.", n=CRITERIA_LIMIT), "criteria")
    if content.wanted not in WANTED:
        raise Refused(_("Choose what the answer consists of."), "wanted")
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(content, name) <= most:
            raise Refused(_("Enter a number from %(least)d to %(most)d.", least=least, most=most), name)


def _take(viewer: Viewer, lesson: Lesson, content: Content) -> None:
    lesson.title = tidy(content.title)
    lesson.body = clean(content.body)
    lesson.body_html = html_of(lesson.body)
    lesson.minutes = content.minutes
    lesson.optional = content.optional
    if lesson.kind == LessonKind.QUIZ:
        for name in ("pass_mark", "attempts", "pause_minutes", "time_limit", "drawn", "shuffled"):
            setattr(lesson, name, getattr(content, name))
    if lesson.kind == LessonKind.TASK:
        lesson.criteria = clean(content.criteria)
        lesson.wanted = content.wanted
    _take_files(viewer, lesson, content.file_ids, content.dropped)


def _take_files(viewer: Viewer, lesson: Lesson, file_ids: Iterable[int], dropped: Iterable[int]) -> None:
    lesson_files.detach(lesson, dropped)
    lesson_files.attach(lesson, viewer.id, file_ids)
