"""Going through a course again: its certificate ends or is gone, so its holder begins a new round from nothing.

A round begins with `enrolment.begun_at`: attempts at quizzes, answers to tasks and runs of packages from before belong to
former rounds. They stay where they are, for statistics; how far one had come in the lessons is kept with the round.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from app.activity import record
from app.database import alone_with, insert_once, now, read_rows
from app.errors import Refused
from app.extensions import db
from app.learning import quizzes
from app.learning.certificate_models import Certificate, CertificateRule, FormerRound
from app.learning.certificates import State, state_of
from app.learning.courses import newest_of
from app.learning.models import Course, CourseVersion, Enrolment, Lesson, LessonProgress
from app.people.sessions import Viewer

MOST = 50


class Standing(NamedTuple):
    """What the certificates of a course are to somebody: the rule, his newest one, whether he may begin it anew."""

    rule: CertificateRule | None
    certificate: Certificate | None
    state: State | None
    may_begin_anew: bool

    @property
    def gives(self) -> bool:
        """Tell whether completing the course gives a certificate."""
        return self.rule is not None and self.rule.is_on


def standing_of(viewer: Viewer, course: Course, enrolment: Enrolment | None) -> Standing:
    """Read what the certificates of a course are to somebody."""
    mine = (Certificate.course_id == CertificateRule.course_id) & (Certificate.person_id == viewer.id)
    both = select(CertificateRule, Certificate).outerjoin(Certificate, mine).where(CertificateRule.course_id == course.id)
    # A course without a rule has never given any.
    found = db.session.execute(both.order_by(Certificate.round.desc()).limit(1)).first()
    rule, certificate = found if found is not None else (None, None)
    state = state_of(certificate, viewer.today) if certificate is not None else None
    return Standing(rule, certificate, state, _may(course, enrolment, rule, state))


def begin_anew(viewer: Viewer, course: Course) -> None:
    """Begin the next round of a completed course in its newest version; begun twice is begun once."""
    # In the order in which finishing a lesson takes them: first the lessons, then the enrolment.
    known = db.session.scalars(_progress(viewer.id, course.id).with_for_update()).all()
    enrolment = db.session.get(Enrolment, (course.id, viewer.id))
    if enrolment is None:
        raise Refused(_("Begin the course first."))
    alone_with(enrolment)
    if enrolment.completed_at is None:
        return
    newest = newest_of(course.id)
    if newest is None or course.archived_at is not None:
        raise Refused(_("This course is closed: nobody begins it any more."))
    if not standing_of(viewer, course, enrolment).may_begin_anew:
        raise Refused(_("The course cannot be gone through again now: your certificate is still valid."))
    moment = now()
    _keep(enrolment, known)
    quizzes.close_open(viewer.id, course.id)
    # What waits for a check goes on waiting, and counts in the new round.
    of_course = (LessonProgress.person_id == viewer.id, LessonProgress.lesson_id.in_([one.lesson_id for one in known]))
    gone = delete(LessonProgress).where(*of_course, LessonProgress.handed_in_at.is_(None))
    db.session.execute(gone.execution_options(synchronize_session=False))
    needed = [lesson for lesson in newest.lessons if not lesson.optional]
    fresh: dict[str, Any] = {"round": enrolment.round + 1, "version_id": newest.id, "begun_at": moment, "seen_at": moment}
    fresh |= {"lesson_id": None, "needed": len(needed), "done": 0, "completed_at": None}
    fresh["minutes_left"] = sum(lesson.minutes for lesson in needed)
    mine = (Enrolment.course_id == course.id, Enrolment.person_id == viewer.id)
    db.session.execute(update(Enrolment).where(*mine).values(fresh).execution_options(synchronize_session=False))
    db.session.expire_all()
    record("course.begun_anew", viewer.id, course)


def to_renew(viewer: Viewer) -> Sequence[Any]:
    """Read what somebody is to renew: certificates that end soon or have run out, what ends first before the rest."""
    mine = (Certificate.person_id == viewer.id, Certificate.standing(), Certificate.renews_on <= viewer.today)
    statement = (
        select(
            Certificate.id,
            Certificate.course_id,
            Certificate.valid_until,
            Certificate.renews_on,
            Course.title,
            (Enrolment.completed_at.is_(None)).label("begun_anew"),
            Enrolment.done,
            Enrolment.needed,
            Enrolment.minutes_left,
            Enrolment.lesson_id,
            Course.minutes,
        )
        .select_from(Certificate)
        .join(Course, Course.id == Certificate.course_id)
        .join(CertificateRule, CertificateRule.course_id == Certificate.course_id)
        .join(Enrolment, (Enrolment.course_id == Certificate.course_id) & (Enrolment.person_id == viewer.id))
        .where(*mine, *renewable(), Course.opened_by(viewer))
    )
    return read_rows(statement.order_by(Certificate.valid_until, Certificate.id).limit(MOST))


def renewable() -> tuple[Any, ...]:
    """Return the conditions on Course and CertificateRule under which its certificates can be renewed."""
    return CertificateRule.is_on, Course.archived_at.is_(None), Course.listed()


def _may(course: Course, enrolment: Enrolment | None, rule: CertificateRule | None, state: State | None) -> bool:
    if enrolment is None or enrolment.completed_at is None or rule is None or not rule.is_on:
        return False
    # Whoever completed the course before it gave certificates has none, and gets one by going through it again.
    return course.archived_at is None and state in (None, State.ENDING, State.EXPIRED, State.REVOKED)


def _progress(person_id: int, course_id: int) -> Any:
    lessons = select(Lesson.id).join(CourseVersion, CourseVersion.id == Lesson.version_id)
    of_course = (LessonProgress.person_id == person_id, LessonProgress.lesson_id.in_(lessons.where(_is(course_id))))
    return select(LessonProgress).where(*of_course).order_by(LessonProgress.lesson_id)


def _is(course_id: int) -> Any:
    return CourseVersion.course_id == course_id


def _keep(enrolment: Enrolment, known: Sequence[LessonProgress]) -> None:
    lessons = [
        {"lesson": one.lesson_id, "score": one.score, "done_at": one.done_at.isoformat() if one.done_at else None}
        for one in known
    ]
    moments = {"begun_at": enrolment.begun_at, "completed_at": enrolment.completed_at, "ended_at": now()}
    of_it = {"course_id": enrolment.course_id, "person_id": enrolment.person_id, "round": enrolment.round}
    insert_once(FormerRound, **of_it, **moments, version_id=enrolment.version_id, lessons=lessons)
