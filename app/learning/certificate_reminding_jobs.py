"""Reminders of certificates: renewal is open, two weeks and three days before the end, and once it has run out.

A certificate says on which day its holder is told next. One conditional update moves it on and tells whose it was: a second
worker, or the same one after it died, finds nothing there. Whoever is away is told when he is back, of the last stage alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select, update

from app.database import now, read_rows
from app.extensions import db
from app.jobs import every
from app.learning import certificate_dates
from app.learning.assign_filling_jobs import PORTION, soon
from app.learning.certificate_models import Certificate, CertificateRule
from app.learning.certificate_rounds import renewable
from app.learning.models import Course
from app.notifications.telling import tell
from app.people.absences import away_on
from app.people.models import City, Person, Store
from app.people.permissions import Position


@every(timedelta(hours=1))
def remind_certificates(after: int = 0) -> None:
    """Tell a portion of those whose day has come; `after` is the last certificate that was looked at."""
    rows = read_rows(_due(after))
    batches: dict[tuple[int, str], list[Any]] = {}
    stores: dict[int, set[int]] = {}
    for row in rows:
        moved = _move(row)
        if moved is None:
            continue
        batches.setdefault((row.course_id, moved), []).append(row)
        if moved == "certificate_expired":
            stores.setdefault(row.store_id, set()).add(row.person_id)
    for (course_id, kind), told in sorted(batches.items(), key=lambda one: one[0]):
        _tell(course_id, kind, told)
    _tell_directors(stores)
    if len(rows) == PORTION:
        soon(remind_certificates, rows[-1].id)


def _due(after: int) -> Any:
    """Select what may have come due anywhere: the last store begins its day half a day before the portal's clock."""
    farthest = now().date() + certificate_dates.DAY
    away = exists().where(away_on(now().date())).correlate(Person)
    return (
        select(
            Certificate.id,
            Certificate.person_id,
            Certificate.course_id,
            Certificate.stage,
            Certificate.valid_until,
            Certificate.renews_on,
            Person.store_id,
            City.zone,
        )
        .join(Person, Person.id == Certificate.person_id)
        .join(Store, Store.id == Person.store_id)
        .join(City, City.id == Store.city_id)
        .where(
            Certificate.id > after,
            Certificate.remind_on <= farthest,
            Certificate.standing(),
            Person.employed(),
            ~away,
        )
        .order_by(Certificate.id)
        .limit(PORTION)
    )


def _move(row: Any) -> str | None:
    """Move a certificate on to what has come by today; return the kind of news that this is, None where nothing is."""
    today = now().astimezone(ZoneInfo(row.zone)).date()
    stage = certificate_dates.reached(row.valid_until, row.renews_on, today)
    if stage <= row.stage:
        return None
    following = certificate_dates.following(row.valid_until, row.renews_on, stage)
    statement = (
        update(Certificate)
        .where(Certificate.id == row.id, Certificate.stage == row.stage, Certificate.standing())
        .values(stage=stage, remind_on=following)
        .execution_options(synchronize_session=False)
    )
    if not db.session.execute(statement).rowcount:  # type: ignore[attr-defined]
        return None
    return "certificate_expired" if stage == certificate_dates.EXPIRED else "certificate_renewal"


def _tell(course_id: int, kind: str, rows: Sequence[Any]) -> None:
    """Tell those who can do something about it: nobody goes again through a course that is closed or gives none any more."""
    open_to = select(Course.title).join(CertificateRule, CertificateRule.course_id == Course.id)
    title = db.session.scalar(open_to.where(Course.id == course_id, *renewable()))
    if title is None:
        return
    for row in rows:
        tell(kind, [row.person_id], group=f"{kind}:{row.id}", path=f"/courses/{course_id}", words=title)


def _tell_directors(stores: dict[int, set[int]]) -> None:
    """Tell directors that somebody's certificate has run out; of one store, what was not seen yet stays one notice."""
    leads = (Person.position == Position.DIRECTOR, Person.store_id.in_(stores), Person.employed())
    for row in read_rows(select(Person.id, Person.store_id).where(*leads).order_by(Person.id)) if stores else ():
        if stores[row.store_id] - {row.id}:
            group = f"team-certificates:{row.store_id}"
            tell("team_certificates", [row.id], group=group, path="/certificates/all?state=expired")
