"""Certificates: given to whoever completes a course that gives them, taken back, given back.

A certificate is given in the transaction that completes the course, once a round; what it says never changes. Whether it
holds follows from its days and from what became of it, never from a job that may be late.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, literal, or_, select, update
from sqlalchemy.orm import joinedload

from app.activity import record
from app.database import insert_new, now
from app.errors import Refused
from app.extensions import db
from app.forms import tidy
from app.learning import certificate_dates, certificate_numbers
from app.learning.certificate_models import Certificate, CertificateRule
from app.learning.models import Course, Enrolment
from app.notifications.telling import tell
from app.people.models import Person, log_change
from app.people.permissions import Permission
from app.people.sessions import Viewer

# Two of 27 thousand million numbers are hardly ever the same; twice in a row they are not.
TRIES = 5
WHY_LIMIT = 300
# Who sees everybody's, and may take them back.
MAY_ALL = (Permission.TEACH, Permission.EDIT_PEOPLE)


class State(StrEnum):
    """What is true of a certificate on a day."""

    VALID = "valid"
    ENDING = "ending"
    EXPIRED = "expired"
    RENEWED = "renewed"
    REVOKED = "revoked"


def state_of(certificate: Any, today: date) -> State:
    """Tell what is true of a certificate, or of a row with its columns, on a day."""
    if certificate.revoked_at is not None:
        return State.REVOKED
    if certificate.renewed_at is not None:
        return State.RENEWED
    if certificate.valid_until is None or today < certificate.renews_on:
        return State.VALID
    return State.ENDING if today <= certificate.valid_until else State.EXPIRED


def issue(person_id: int, course: Course) -> Certificate | None:
    """Give somebody who has just completed a course its certificate; None where it gives none, or he has this round's."""
    rule = db.session.get(CertificateRule, course.id)
    enrolment = db.session.get(Enrolment, (course.id, person_id))
    if rule is None or not rule.is_on or enrolment is None:
        return None
    person = db.session.get_one(Person, person_id)
    values = _values(person, course, enrolment, rule)
    made: list[Any] = []
    for _try in range(TRIES):
        made = insert_new(Certificate, [{**values, "number": certificate_numbers.draw()}], Certificate.id)
        if made or _has_round(enrolment):
            break
    if not made:
        return None
    certificate = db.session.get_one(Certificate, made[0].id)
    _replace_older(certificate)
    record("certificate.issued", person_id, certificate)
    tell("certificate", [person_id], group=f"certificate:{certificate.id}", path=address_of(certificate), words=course.title)
    return certificate


def revoke(viewer: Viewer, certificate: Certificate, why: str) -> bool:
    """Take a certificate back, with the cause; False where somebody else was first."""
    cause = tidy(why)
    if not cause:
        raise Refused(_("Say why: the holder and the log are told."), "why")
    if len(cause) > WHY_LIMIT:
        raise Refused(_("Too long: %(n)d characters at most.", n=WHY_LIMIT), "why")
    values = {"revoked_at": now(), "revoked_by_id": viewer.id, "revoked_why": cause}
    if not _changed(certificate, Certificate.revoked_at.is_(None), values):
        return False
    log_change("certificate.revoked", certificate, actor_id=viewer.id, reason=[None, cause])
    record("certificate.revoked", viewer.id, certificate)
    _tell(certificate, "certificate_revoked")
    return True


def restore(viewer: Viewer, certificate: Certificate) -> bool:
    """Give a certificate back that was taken by mistake; False where it was not taken."""
    values: dict[str, Any] = {"revoked_at": None, "revoked_by_id": None, "revoked_why": ""}
    # Whoever completes the course at this moment holds his enrolment: the newer one is seen, or sees this.
    mine = (Enrolment.course_id == certificate.course_id, Enrolment.person_id == certificate.person_id)
    db.session.execute(select(Enrolment.course_id).where(*mine).with_for_update())
    newer = (Certificate.round > certificate.round, Certificate.revoked_at.is_(None))
    if certificate.renewed_at is None and db.session.scalar(_of(certificate).where(*newer).limit(1)) is not None:
        # Its holder has gone through the course again in the meantime.
        values["renewed_at"] = now()
    cause = certificate.revoked_why
    if not _changed(certificate, Certificate.revoked_at.is_not(None), values):
        return False
    log_change("certificate.restored", certificate, actor_id=viewer.id, reason=[cause, None])
    record("certificate.restored", viewer.id, certificate)
    _tell(certificate, "certificate")
    return True


def shown(viewer: Viewer, certificate_id: int) -> Certificate | None:
    """Return a certificate to whoever may look at it: its holder, the director of his store, editors and HR."""
    statement = select(Certificate).join(Person, Person.id == Certificate.person_id)
    parts = (joinedload(Certificate.person).joinedload(Person.store), joinedload(Certificate.revoked_by))
    return db.session.scalar(statement.where(Certificate.id == certificate_id, in_sight(viewer)).options(*parts))


def in_sight(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on Certificate, joined with its Person, that the viewer may look at it."""
    own = Certificate.person_id == viewer.id
    if sees_all(viewer):
        return literal(True)
    if viewer.can(Permission.LEAD_STORE):
        return or_(own, (Person.store_id == viewer.store_id) & Person.employed(viewer.today))
    return own


def sees_all(viewer: Viewer) -> bool:
    """Tell whether somebody sees everybody's, and may take them back."""
    return any(viewer.can(permission) for permission in MAY_ALL)


def of_person(person_id: int) -> Sequence[Certificate]:
    """Read somebody's certificates, the newest first."""
    mine = select(Certificate).where(Certificate.person_id == person_id)
    return db.session.scalars(mine.order_by(Certificate.issued_at.desc(), Certificate.id.desc()).limit(200)).all()


def others(certificate: Certificate) -> Sequence[Certificate]:
    """Read the other certificates of the same person for the same course, the newest first."""
    of_it = (Certificate.person_id == certificate.person_id, Certificate.course_id == certificate.course_id)
    statement = select(Certificate).where(*of_it, Certificate.id != certificate.id)
    return db.session.scalars(statement.order_by(Certificate.round.desc()).limit(50)).all()


def of_number(number: str) -> Certificate | None:
    """Return the certificate of a number."""
    return db.session.scalar(select(Certificate).where(Certificate.number == number))


def address_of(certificate: Certificate) -> str:
    """Return the page of a certificate."""
    return f"/certificates/{certificate.id}"


def _values(person: Person, course: Course, enrolment: Enrolment, rule: CertificateRule) -> dict[str, Any]:
    moment = now()
    today = moment.astimezone(person.store.zone).date()
    term = certificate_dates.term(today, rule.months, rule.opens_days)
    return {
        "person_id": person.id,
        "course_id": course.id,
        "version_id": enrolment.version_id,
        "round": enrolment.round,
        "full_name": person.full_name,
        "short_name": initialled(person.last_name, person.first_name, person.middle_name),
        "title": course.title,
        "words": rule.words,
        "company": current_app.config["BRAND"][:120],
        "issued_at": moment,
        "issued_on": today,
        "valid_until": term.valid_until,
        "renews_on": term.renews_on,
        "remind_on": term.renews_on,
        "stage": 0,
        "revoked_why": "",
    }


def initialled(last_name: str, *names: str) -> str:
    """Return surname and initials, which is all that a stranger is told: Иванова О. П."""
    return " ".join([last_name, *(f"{name[0].upper()}." for name in names if name)]).strip()


def _has_round(enrolment: Enrolment) -> bool:
    mine = (Certificate.person_id == enrolment.person_id, Certificate.course_id == enrolment.course_id)
    return bool(db.session.scalar(select(exists().where(*mine, Certificate.round == enrolment.round))))


def _replace_older(certificate: Certificate) -> None:
    older = (Certificate.round < certificate.round, Certificate.standing())
    of_it = (Certificate.person_id == certificate.person_id, Certificate.course_id == certificate.course_id)
    values = {"renewed_at": certificate.issued_at, "remind_on": None}
    db.session.execute(update(Certificate).where(*of_it, *older).values(values).execution_options(synchronize_session=False))


def _of(certificate: Certificate) -> Any:
    of_it = (Certificate.person_id == certificate.person_id, Certificate.course_id == certificate.course_id)
    return select(Certificate.id).where(*of_it)


def _changed(certificate: Certificate, still: ColumnElement[bool], values: dict[str, Any]) -> bool:
    statement = update(Certificate).where(Certificate.id == certificate.id, still).values(values)
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.refresh(certificate)
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _tell(certificate: Certificate, kind: str) -> None:
    what = {"group": f"{kind}:{certificate.id}", "path": address_of(certificate), "words": certificate.title}
    tell(kind, [certificate.person_id], **what)  # type: ignore[arg-type]
