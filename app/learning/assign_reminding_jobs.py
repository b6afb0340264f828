"""Reminders of assignments: three days before, on the day, after it up to three times; and what directors hear.

A row says which reminder comes next and when. One conditional update moves it on and tells whose it was: a second worker,
or the same one after it died, finds nothing there. Whoever is away is reminded when he is back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from app.database import now, read_rows
from app.extensions import db
from app.jobs import every
from app.learning import assign_dates, assign_rows
from app.learning.assign_filling_jobs import PORTION, soon
from app.learning.assign_models import Assignee, Assignment
from app.notifications.telling import tell
from app.people.absences import Absence
from app.people.models import City, Person, Store
from app.people.permissions import Position

KINDS = {assign_dates.SOON: "due", assign_dates.TODAY: "due_today"}


class _Batch(NamedTuple):
    """Rows that one update moves on, and what it tells: nothing where it only waits."""

    assignment_id: int
    stage: int
    told: int | None
    then: assign_dates.Next


@every(timedelta(minutes=15))
def remind_due() -> None:
    """Remind a portion of those whose reminder has come due."""
    rows = read_rows(_due())
    away = _absences([row.person_id for row in rows])
    batches: dict[_Batch, list[int]] = {}
    for row in rows:
        batches.setdefault(_batch(row, away.get(row.person_id, ())), []).append(row.id)
    for batch, ids in sorted(batches.items(), key=lambda one: one[1][0]):
        _remind(batch, ids)
    if len(rows) == PORTION:
        soon(remind_due)


@every(timedelta(minutes=15))
def mark_overdue() -> None:
    """Note a portion of those whose day has passed, and tell the directors of their stores."""
    late = (Assignee.is_open(), Assignee.overdue_at.is_(None), Assignee.due_at <= now(), Assignment.cancelled_at.is_(None))
    ids = db.session.scalars(
        select(Assignee.id).join(Assignment).where(*late).order_by(Assignee.due_at, Assignee.id).limit(PORTION)
    ).all()
    changed = assign_rows.mark_overdue(list(ids))
    _tell_directors({row.store_id for row in changed}, {row.person_id for row in changed})
    if len(ids) == PORTION:
        soon(mark_overdue)


def _due() -> Any:
    return (
        select(
            Assignee.id,
            Assignee.assignment_id,
            Assignee.person_id,
            Assignee.stage,
            Assignee.due_on,
            City.zone,
        )
        .join(Assignment, Assignment.id == Assignee.assignment_id)
        .join(Store, Store.id == Assignee.store_id)
        .join(City, City.id == Store.city_id)
        .where(Assignee.remind_at <= now(), Assignee.is_open(), Assignment.cancelled_at.is_(None))
        .order_by(Assignee.remind_at, Assignee.id)
        .limit(PORTION)
    )


def _batch(row: Any, away: Iterable[tuple[date, date]]) -> _Batch:
    zone = ZoneInfo(row.zone)
    today = now().astimezone(zone).date()
    until = max((ends_on for starts_on, ends_on in away if starts_on <= today <= ends_on), default=None)
    if until is not None:
        back = assign_dates.put_off(row.stage, until + assign_dates.DAY, zone)
        return _Batch(row.assignment_id, row.stage, None, back)
    told = assign_dates.reminder_of(row.stage, row.due_on, today)
    return _Batch(row.assignment_id, row.stage, told, assign_dates.following(told, row.due_on, today, zone))


def _remind(batch: _Batch, ids: Sequence[int]) -> None:
    still = (Assignee.id.in_(ids), Assignee.stage == batch.stage, Assignee.remind_at <= now(), Assignee.is_open())
    statement = update(Assignee).where(*still).values(stage=batch.then.stage, remind_at=batch.then.at)
    moved = db.session.scalars(statement.returning(Assignee.person_id).execution_options(synchronize_session=False)).all()
    if batch.told is None or not moved:
        return
    assignment = db.session.get_one(Assignment, batch.assignment_id)
    kind = KINDS.get(batch.told, "overdue")
    group = f"{kind}:{assignment.id}:{batch.told}"
    tell(kind, moved, group=group, path=assignment.address, words=assignment.title)


def _absences(people: Iterable[int]) -> dict[int, list[tuple[date, date]]]:
    """Return the days on which people are away around now, whatever the date is where they are."""
    day = now().date()
    around = (Absence.starts_on <= day + assign_dates.DAY, Absence.ends_on >= day - assign_dates.DAY)
    statement = select(Absence.person_id, Absence.starts_on, Absence.ends_on)
    found: dict[int, list[tuple[date, date]]] = {}
    for row in read_rows(statement.where(Absence.person_id.in_(list(people)), *around)):
        found.setdefault(row.person_id, []).append((row.starts_on, row.ends_on))
    return found


def _tell_directors(stores: set[int], late: set[int]) -> None:
    """Tell directors that somebody of theirs is late; of one store, what was not seen yet stays one notice."""
    leads = (Person.position == Position.DIRECTOR, Person.store_id.in_(stores), Person.employed())
    for row in read_rows(select(Person.id, Person.store_id).where(*leads).order_by(Person.id)):
        if late - {row.id}:
            tell("team_overdue", [row.id], group=f"team-overdue:{row.store_id}", path="/assignments/team")
