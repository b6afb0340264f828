"""Going through a course: begun, opened, done lesson by lesson, completed. Each act twice is the act once."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, literal, select, update

from app.activity import record
from app.database import UTCDateTime, in_passing, insert_once, now
from app.errors import Refused
from app.extensions import db
from app.learning.courses import newest_of
from app.learning.models import Course, Enrolment, Lesson, LessonKind, LessonProgress
from app.people.models import Person
from app.people.sessions import Viewer

# Each says why somebody may not begin a course yet, in a sentence; nothing where he may.
BARS: list[Callable[[Viewer, Course], str]] = []


class Step(NamedTuple):
    """A lesson as its learner sees it in the list."""

    lesson: Lesson
    progress: LessonProgress | None
    # May be opened: always, or once those before it are done.
    is_open: bool

    @property
    def is_done(self) -> bool:
        """Tell whether it is done."""
        return self.progress is not None and self.progress.done_at is not None

    @property
    def is_waiting(self) -> bool:
        """Tell whether its answer waits to be checked."""
        return self.progress is not None and self.progress.handed_in_at is not None and not self.is_done


class Way(NamedTuple):
    """Somebody's way through a course: its lessons in order, and where to go on."""

    enrolment: Enrolment | None
    steps: list[Step]

    @property
    def following(self) -> Step | None:
        """Return the first lesson that is not done and may be opened: the needed ones first, what waits for others last."""
        left = [step for step in self.steps if not step.is_done and step.is_open]
        return min(left, key=lambda step: (step.is_waiting, step.lesson.optional), default=None)

    @property
    def done(self) -> int:
        """Count the needed lessons that are done."""
        return sum(step.is_done for step in self.steps if not step.lesson.optional)

    @property
    def needed(self) -> int:
        """Count the lessons without which the course is not done."""
        return sum(not step.lesson.optional for step in self.steps)

    @property
    def minutes_left(self) -> int:
        """Return how many minutes the needed lessons that are left take."""
        return sum(step.lesson.minutes for step in self.steps if not step.lesson.optional and not step.is_done)

    def step(self, lesson_id: int) -> Step | None:
        """Return a lesson of the way by its id, or by that of another version's lesson of the same line."""
        found = next((step for step in self.steps if step.lesson.id == lesson_id), None)
        return found or next((step for step in self.steps if step.lesson.origin_id == lesson_id), None)

    def after(self, lesson_id: int) -> Step | None:
        """Return the lesson behind one."""
        places = [place for place, step in enumerate(self.steps) if step.lesson.id == lesson_id]
        return self.steps[places[0] + 1] if places and places[0] + 1 < len(self.steps) else None


def way_of(viewer: Viewer | Person, course: Course) -> Way:
    """Read somebody's way through a course: in the version that he began, else in the newest."""
    enrolment = enrolment_of(viewer, course.id)
    version_id = enrolment.version_id if enrolment is not None else getattr(newest_of(course.id), "id", None)
    if version_id is None:
        return Way(None, [])
    return Way(enrolment, _steps(viewer.id, version_id, course.in_order))


def enrolment_of(viewer: Viewer | Person, course_id: int) -> Enrolment | None:
    """Return what is known of somebody's way through a course."""
    return db.session.get(Enrolment, (course_id, viewer.id))


def begin(viewer: Viewer, course: Course) -> Enrolment:
    """Begin a course in its newest version; begun twice is begun once."""
    standing = enrolment_of(viewer, course.id)
    if standing is not None:
        return standing
    newest = newest_of(course.id)
    if newest is None or course.archived_at is not None:
        raise Refused(_("This course is closed: nobody begins it any more."))
    for bar in BARS:
        if reason := bar(viewer, course):
            raise Refused(reason)
    moment = now()
    needed = sum(not lesson.optional for lesson in newest.lessons)
    values = {"version_id": newest.id, "begun_at": moment, "seen_at": moment, "needed": needed, "done": 0}
    begun = insert_once(Enrolment, course_id=course.id, person_id=viewer.id, minutes_left=course.minutes, **values)
    enrolment = db.session.get_one(Enrolment, (course.id, viewer.id), populate_existing=True)
    if begun:
        record("course.begun", viewer.id, course)
    return enrolment


def note_opened(viewer: Viewer, course: Course, lesson: Lesson) -> None:
    """Note, even while only reading, where somebody is, so that "go on" leads there on any device."""
    enrolment = enrolment_of(viewer, course.id)
    if enrolment is None or enrolment.lesson_id == lesson.id:
        return
    with in_passing():
        of_it = (Enrolment.course_id == course.id, Enrolment.person_id == viewer.id)
        db.session.execute(update(Enrolment).where(*of_it).values(lesson_id=lesson.id, seen_at=now()))


def note_position(viewer: Viewer, lesson: Lesson, seconds: int) -> None:
    """Keep where a video stands."""
    insert_once(LessonProgress, person_id=viewer.id, lesson_id=lesson.id, begun_at=now(), position=0)
    of_it = (LessonProgress.person_id == viewer.id, LessonProgress.lesson_id == lesson.id)
    db.session.execute(update(LessonProgress).where(*of_it).values(position=max(0, min(seconds, 86_400))))


def finish(viewer: Viewer, course: Course, lesson: Lesson) -> bool:
    """Note that somebody says that he has done a lesson; tell whether the course is completed by it just now."""
    if lesson.kind == LessonKind.QUIZ:
        raise Refused(_("A quiz is done when it is passed."))
    if lesson.kind == LessonKind.TASK:
        raise Refused(_("A task is done when its answer is accepted."))
    if lesson.kind == LessonKind.SCORM:
        raise Refused(_("This lesson is done once its package says so."))
    return note_done(viewer, course, lesson)


def note_done(viewer: Viewer | Person, course: Course, lesson: Lesson) -> bool:
    """Note that a lesson is done; tell whether the course is completed by it just now."""
    moment = now()
    insert_once(LessonProgress, person_id=viewer.id, lesson_id=lesson.id, begun_at=moment, position=0)
    of_it = (LessonProgress.person_id == viewer.id, LessonProgress.lesson_id == lesson.id)
    done = db.session.execute(
        update(LessonProgress)
        .where(*of_it, LessonProgress.done_at.is_(None))
        .values(done_at=moment)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
    if done.rowcount:  # type: ignore[attr-defined]
        record("lesson.done", viewer.id, lesson)
    return _advance(viewer, course)


def _advance(viewer: Viewer | Person, course: Course) -> bool:
    """Bring the counts of the enrolment in step; complete the course once all needed lessons are done."""
    of_it = (Enrolment.course_id == course.id, Enrolment.person_id == viewer.id)
    db.session.execute(select(Enrolment.course_id).where(*of_it).with_for_update())
    way, moment = way_of(viewer, course), now()
    values: dict[str, object] = {"done": way.done, "minutes_left": way.minutes_left, "seen_at": moment}
    db.session.execute(update(Enrolment).where(*of_it).values(values).execution_options(synchronize_session=False))
    if way.done < way.needed or way.needed == 0:
        return False
    completed = db.session.execute(
        update(Enrolment)
        .where(*of_it, Enrolment.completed_at.is_(None))
        .values(
            completed_at=moment,
            first_completed_at=func.coalesce(Enrolment.first_completed_at, literal(moment, UTCDateTime)),
        )
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
    if not completed.rowcount:  # type: ignore[attr-defined]
        return False
    record("course.completed", viewer.id, course)
    return True


def _steps(person_id: int, version_id: int, in_order: bool) -> list[Step]:
    mine = (LessonProgress.lesson_id == Lesson.id) & (LessonProgress.person_id == person_id)
    steps: list[Step] = []
    barred = False
    statement = Lesson.of(version_id).outerjoin(LessonProgress, mine).add_columns(LessonProgress)
    for lesson, progress in db.session.execute(statement):
        step = Step(lesson, progress, is_open=not barred)
        steps.append(step)
        barred = barred or (in_order and not lesson.optional and not step.is_done)
    return steps
