"""The life of a course: begun as a draft, published version by version, put into the archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from app.activity import record
from app.content import photos
from app.content.once import add_once, former_of
from app.content.publishing import audience_from
from app.content.text import clean, excerpt, render
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.forms import tidy
from app.learning import copying
from app.learning.about import TITLE_LIMIT, check_about
from app.learning.models import Course, CourseVersion, Lesson, LessonKind
from app.people.models import log_change
from app.people.sessions import Viewer


@dataclass
class About:
    """What an editor's form says a course is."""

    title: str
    body: str
    keys: Sequence[str] = ()
    in_order: bool = False
    photo_ids: Sequence[int] = ()
    dropped: Sequence[int] = ()
    alts: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))


def create(viewer: Viewer, about: About, nonce: str = "") -> Course:
    """Begin a course that nobody but editors knows; the same form sent twice is one course."""
    former = former_of(Course, viewer.id, nonce)
    if former is not None:
        return former
    course = Course(author_id=viewer.id, store_id=viewer.store_id, nonce=nonce or None, created_at=now())
    _check(about)
    course.audience = audience_from(about.keys)
    former = add_once(Course, course)
    if former is not None:
        return former
    course.versions.append(CourseVersion())
    _take(viewer, course, about)
    db.session.flush()
    return course


def change(viewer: Viewer, course: Course, about: About) -> None:
    """Take over what the form says of the course itself; this holds at once, for learners too."""
    _check(about)
    course.audience = audience_from(about.keys)
    _take(viewer, course, about)
    course.version += 1
    db.session.flush()


def draft_of(course: Course) -> CourseVersion:
    """Return the version that editors work on; the first act upon a published course makes it, as a copy of the newest."""
    standing = _draft(course.id)
    if standing is not None:
        return standing
    newest = newest_of(course.id)
    version = CourseVersion(course_id=course.id)
    try:
        with db.session.begin_nested():
            db.session.add(version)
    except IntegrityError:
        # Another editor has begun it a moment ago.
        return db.session.scalars(_drafts(course.id)).one()
    if newest is not None:
        copying.copy_lessons(newest, version)
    db.session.flush()
    return version


def shown_to_editors(course: Course) -> CourseVersion | None:
    """Return the draft, else the newest version."""
    return _draft(course.id) or newest_of(course.id)


def newest_of(course_id: int) -> CourseVersion | None:
    """Return the newest published version."""
    of_course = (CourseVersion.course_id == course_id, CourseVersion.number.is_not(None))
    return db.session.scalar(select(CourseVersion).where(*of_course).order_by(CourseVersion.number.desc()).limit(1))


def publish(viewer: Viewer, course: Course) -> CourseVersion:
    """Let the draft be what everybody who begins from now on learns; whoever has begun keeps what he began."""
    # Of two editors who publish at once, the second finds nothing new.
    db.session.refresh(course, with_for_update=True)
    version = _draft(course.id)
    if version is None:
        raise Refused(_("There is nothing new to publish: change something first."))
    _check_whole(version)
    course.edition += 1
    version.number = course.edition
    version.published_at = now()
    version.published_by_id = viewer.id
    course.lesson_count = len(version.lessons)
    course.minutes = sum(lesson.minutes for lesson in version.lessons if not lesson.optional)
    course.version += 1
    first = course.published_at is None
    if first:
        course.published_at = version.published_at
    db.session.flush()
    record("course.published" if first else "course.renewed", viewer.id, course)
    return version


def discard_draft(viewer: Viewer, course: Course) -> None:
    """Throw the draft away: the published version stays; a course that has none goes altogether."""
    version = _draft(course.id)
    if course.edition == 0:
        course.deleted_at = now()
        log_change("course.discarded", course, actor_id=viewer.id, name=course.title)
    elif version is not None:
        copying.remove_version(version)
    db.session.flush()


def archive(viewer: Viewer, course: Course) -> None:
    """Let nobody begin it any more."""
    if course.archived_at is None and course.published_at is not None:
        course.archived_at = now()
        course.pinned_at = None
        course.version += 1
        db.session.flush()
        record("course.archived", viewer.id, course)


def unarchive(viewer: Viewer, course: Course) -> None:
    """Bring it back from the archive."""
    if course.archived_at is not None:
        course.archived_at = None
        course.version += 1
        db.session.flush()
        record("course.unarchived", viewer.id, course)


def duplicate(viewer: Viewer, course: Course) -> Course:
    """Begin a new course with the same lessons: a draft of its own, with its own lines of statistics."""
    title = _("%(title)s (copy)", title=course.title)[:TITLE_LIMIT]
    about = About(title=title, body=course.body, keys=course.audience.key_list, in_order=course.in_order)
    made = create(viewer, about)
    source = shown_to_editors(course)
    if source is not None:
        copying.copy_lessons(source, made.versions[0], same_lines=False)
    db.session.flush()
    return made


def of_editor(course_id: int) -> Course | None:
    """Return any course that was not thrown away, as editors handle it."""
    return db.session.scalar(select(Course).where(Course.id == course_id, Course.deleted_at.is_(None)))


def _check(about: About) -> None:
    check_about(about.title, about.body, about.keys, untitled=_("Give the course a title."))


def _take(viewer: Viewer, course: Course, about: About) -> None:
    course.title = tidy(about.title)
    course.body = clean(about.body)
    course.body_html = render(course.body)
    course.excerpt_html = excerpt(course.body)
    course.in_order = about.in_order
    photos.detach(course, set(about.dropped))
    photos.attach(course, viewer.id, about.photo_ids)
    photos.describe(course, dict(about.alts))


def _check_whole(version: CourseVersion) -> None:
    """Refuse to publish what a learner could not get through."""
    if not version.lessons:
        raise Refused(_("Add a lesson first: there is nothing to learn yet."))
    if all(lesson.optional for lesson in version.lessons):
        raise Refused(_("All lessons are optional: the course would be done before it begins."))
    for lesson in version.lessons:
        if lesson.kind == LessonKind.QUIZ and not lesson.questions:
            raise Refused(_("“%(title)s” has no questions yet.", title=lesson.title))
        if lesson.kind == LessonKind.QUIZ and lesson.drawn > len(lesson.questions):
            raise Refused(_("“%(title)s” is to draw more questions than it has.", title=lesson.title))
        if lesson.kind == LessonKind.VIDEO and not _has(lesson, "video"):
            raise Refused(_("“%(title)s” has no video yet.", title=lesson.title))
        if lesson.kind == LessonKind.TASK and not lesson.body:
            raise Refused(_("“%(title)s” does not say yet what is to be done.", title=lesson.title))
        if lesson.kind == LessonKind.DOCUMENT and not _has(lesson, "document"):
            raise Refused(_("“%(title)s” has no document yet.", title=lesson.title))
        if lesson.kind == LessonKind.SCORM and not _has(lesson, "package"):
            raise Refused(_("“%(title)s” has no package yet.", title=lesson.title))


def _has(lesson: Lesson, role: str) -> bool:
    return any(file.role == role for file in lesson.files)


def _drafts(course_id: int) -> Select[CourseVersion]:
    return select(CourseVersion).where(CourseVersion.course_id == course_id, CourseVersion.number.is_(None))


def _draft(course_id: int) -> CourseVersion | None:
    return db.session.scalar(_drafts(course_id))
