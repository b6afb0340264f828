"""What an editor says of the certificates of a course; it holds for those that are given from then on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.activity import record
from app.database import insert_once, now
from app.errors import Refused
from app.extensions import db
from app.forms import tidy
from app.learning.certificate_models import MOST_DAYS, MOST_MONTHS, CertificateRule
from app.learning.models import Course
from app.people.models import log_change
from app.people.sessions import Viewer

WORDS_LIMIT = 300
# The shortest month there is.
SHORTEST = 28


@dataclass
class Wish:
    """What the form says."""

    is_on: bool
    # None for ever.
    months: int | None = 12
    opens_days: int = 30
    words: str = ""
    # Months were asked for, but none were given.
    is_incomplete: bool = False


def rule_of(course_id: int) -> CertificateRule | None:
    """Return what was said of the certificates of a course."""
    return db.session.get(CertificateRule, course_id)


def save(viewer: Viewer, course: Course, wish: Wish) -> None:
    """Take over what the form says; the log keeps what was said before. Saying the same again changes nothing."""
    words = tidy(wish.words)
    _check(wish, words)
    blank: dict[str, Any] = {"is_on": False, "months": 12, "opens_days": 30, "words": "", "changed_at": now()}
    insert_once(CertificateRule, course_id=course.id, **blank)
    rule = db.session.scalars(select(CertificateRule).where(CertificateRule.course_id == course.id).with_for_update()).one()
    was = _said(rule)
    rule.is_on, rule.months, rule.opens_days, rule.words = wish.is_on, wish.months, wish.opens_days, words
    changes = {name: [was[name], value] for name, value in _said(rule).items() if was[name] != value}
    if not changes:
        return
    rule.changed_at, rule.changed_by_id = now(), viewer.id
    db.session.flush()
    log_change("course.certificates", course, actor_id=viewer.id, name=course.title, **changes)  # type: ignore[arg-type]
    record("course.certificates", viewer.id, course)


def _said(rule: CertificateRule) -> dict[str, Any]:
    names = {"gives_certificates": rule.is_on, "months": rule.months, "opens_days": rule.opens_days, "words": rule.words}
    return dict(names)


def _check(wish: Wish, words: str) -> None:
    if len(words) > WORDS_LIMIT:
        raise Refused(_("Too long: %(n)d characters at most.", n=WORDS_LIMIT), "words")
    if wish.is_incomplete:
        raise Refused(_("Say for how many months."), "months")
    if wish.months is not None and not 1 <= wish.months <= MOST_MONTHS:
        raise Refused(_("From %(least)d to %(most)d months.", least=1, most=MOST_MONTHS), "months")
    if not 0 <= wish.opens_days <= MOST_DAYS:
        raise Refused(_("From %(least)d to %(most)d days.", least=0, most=MOST_DAYS), "opens_days")
    if wish.months is not None and wish.opens_days >= SHORTEST * wish.months:
        raise Refused(_("Renewal must open later than the certificate is given: fewer days, or more months."), "opens_days")
