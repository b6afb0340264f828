"""A director's team: who is to learn what, where everybody stands, whoever is late before the others."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case, func, select

from app.database import now, read_rows
from app.extensions import db
from app.learning.assign_lists import STATE, SUBJECT, joined
from app.learning.assign_models import STILL_OPEN, Assignee, Assignment, State
from app.people.absences import Absence, away_on
from app.people.models import Person, Store
from app.people.permissions import Permission
from app.people.sessions import Viewer

PAGE = 20
# So many of what one person is to learn; his own page has the rest.
SHOWN = 5


class Member(NamedTuple):
    """Somebody of the team with what he is to learn, what is due first."""

    id: int
    name: str
    photo_key: str | None
    away: bool
    open: int
    late: int
    done: int
    due_at: datetime | None
    rows: list[Any]

    @property
    def more(self) -> int:
        """Return how many are not shown."""
        return self.open - len(self.rows)


def members(viewer: Viewer, after: int | None = None) -> tuple[list[Member], int | None]:
    """Read one page of the team, and behind whom the next begins: who is late first, then by the day that comes next."""
    found = [_member(row) for row in read_rows(_team(viewer))]
    found.sort(key=lambda one: (one.due_at is None, one.due_at or now(), one.name))
    ids = [one.id for one in found]
    start = ids.index(after) + 1 if after in ids else 0
    shown = found[start : start + PAGE]
    rows: dict[int, list[Any]] = {one.id: [] for one in shown}
    for row in read_rows(_rows(list(rows))):
        rows[row.person_id].append(row)
    page = [one._replace(rows=rows[one.id]) for one in shown]
    return page, shown[-1].id if len(found) > start + PAGE else None


def learner(viewer: Viewer, person_id: int) -> Person | None:
    """Return somebody whose learning the viewer may look at: himself, of the store he leads, anybody for HR."""
    person = db.session.get(Person, person_id)
    if person is None or person_id == viewer.id or (viewer.can(Permission.EDIT_PEOPLE) and viewer.can(Permission.TEACH)):
        return person
    leads = viewer.can(Permission.LEAD_STORE) and person.store_id == viewer.store_id and person.is_employed()
    return person if leads else None


def _team(viewer: Viewer) -> Any:
    standing = select(
        Assignee.person_id,
        func.sum(case((Assignee.state.in_(STILL_OPEN), 1), else_=0)).label("open"),
        func.sum(case((Assignee.state.in_(STILL_OPEN) & (Assignee.due_at <= now()), 1), else_=0)).label("late"),
        func.sum(case((Assignee.state == State.DONE, 1), else_=0)).label("done"),
        func.min(case((Assignee.state.in_(STILL_OPEN), Assignee.due_at))).label("due_at"),
    )
    standing = standing.join(Assignment, Assignment.id == Assignee.assignment_id).where(
        Assignee.store_id == viewer.store_id, Assignee.state != State.WITHDRAWN, Assignment.cancelled_at.is_(None)
    )
    counted = standing.group_by(Assignee.person_id).subquery()
    return (
        select(
            Person.id,
            (Person.first_name + " " + Person.last_name).label("name"),
            Person.photo_key,
            select(Absence.id).where(away_on(viewer.today)).correlate(Person).exists().label("away"),
            func.coalesce(counted.c.open, 0).label("open"),
            func.coalesce(counted.c.late, 0).label("late"),
            func.coalesce(counted.c.done, 0).label("done"),
            counted.c.due_at,
        )
        .join(Store, Store.id == Person.store_id)
        .outerjoin(counted, counted.c.person_id == Person.id)
        .where(Person.store_id == viewer.store_id, Person.employed(viewer.today))
    )


def _member(row: Any) -> Member:
    return Member._make((*row, []))


def _rows(people: list[int]) -> Any:
    """Select the first open rows of each of these people."""
    place = func.row_number().over(partition_by=Assignee.person_id, order_by=(Assignee.due_at, Assignee.id))
    standing = (Assignee.person_id.in_(people), Assignee.state.in_(STILL_OPEN), Assignment.cancelled_at.is_(None))
    ranked = (
        select(Assignee.id, place.label("place"))
        .join(Assignment, Assignment.id == Assignee.assignment_id)
        .where(*standing)
        .subquery()
    )
    statement = joined(select(Assignee.person_id, *STATE, *SUBJECT).select_from(Assignee), Assignee.person_id)
    return (
        statement.join(ranked, ranked.c.id == Assignee.id)
        .where(ranked.c.place <= SHOWN)
        .order_by(Assignee.due_at, Assignee.id)
    )
