"""The rows of an assignment: given, begun, done, withdrawn, moved; every change logged, every count brought in step.

Each is a conditional change: whoever comes second, from another process or by a repeated job, finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, case, func, insert, or_, select, update

from app.database import insert_all_once, insert_new, now, read_rows
from app.extensions import db
from app.learning import assign_dates, path_ways
from app.learning.assign_models import STILL_OPEN, Assignee, Assignment, AssignmentCount, AssignmentEvent, State
from app.learning.models import Enrolment
from app.learning.path_models import PathCompletion, PathCourse

# Withdrawn for these reasons it comes back when the reason is gone.
RETURNABLE = ("left", "dismissed", "archived")


class Receiver(NamedTuple):
    """Somebody who is to get an assignment, and his withdrawn row where he had it before."""

    id: int
    store_id: int
    hired_on: Any
    zone: str
    row_id: int | None = None


class Ended(NamedTuple):
    """Where a row has changed."""

    id: int
    assignment_id: int
    person_id: int
    store_id: int


def give(assignment: Assignment, receivers: Sequence[Receiver], cause: str) -> list[int]:
    """Give an assignment to people who do not have it; return those of them who still have it to do.

    What somebody has completed before counts at once, whenever that was: nobody learns twice for the sake of a list.
    """
    if not receivers:
        return []
    progress = _progress(assignment, [one.id for one in receivers])
    rows = [_row(assignment, one, progress.get(one.id)) for one in receivers]
    fresh = [row for one, row in zip(receivers, rows, strict=True) if one.row_id is None]
    made = insert_new(Assignee, fresh, Assignee.id, Assignee.person_id)
    back = {one.id: one.row_id for one in receivers if one.row_id is not None}
    given = {row.person_id: row.id for row in made} | _bring_back(back, rows)
    by_person = {row["person_id"]: row for row in rows}
    returned = set(back)
    events = []
    for person_id, row_id in given.items():
        row = Ended(row_id, assignment.id, person_id, by_person[person_id]["store_id"])
        events.append(_event(row, "returned" if person_id in returned else "assigned", cause, None))
        if (state := by_person[person_id]["state"]) != State.ASSIGNED:
            events.append(_event(row, state, "before", None))
    _log(events)
    count_anew(assignment.id, {by_person[person_id]["store_id"] for person_id in given})
    return [person_id for person_id in given if by_person[person_id]["state"] in STILL_OPEN]


def begin(person_id: int, course_id: int) -> None:
    """Note that somebody has begun a course, in all of his assignments that it belongs to."""
    values = {"state": State.BEGUN, "begun_at": now()}
    _step(_of(person_id, course_id), (Assignee.state == State.ASSIGNED,), values, "begun", "", person_id)


def finish(person_id: int, *, course_id: int | None = None, path_ids: Iterable[int] = ()) -> None:
    """Note that somebody has completed a course, or paths, in all of his assignments of them."""
    wanted = or_(Assignment.course_id == course_id, Assignment.path_id.in_(list(path_ids)))
    of_person = (Assignee.person_id == person_id, Assignment.cancelled_at.is_(None), wanted)
    ids = select(Assignee.id).join(Assignment, Assignment.id == Assignee.assignment_id).where(*of_person)
    values = {"state": State.DONE, "done_at": now(), "remind_at": None}
    _step(ids, (Assignee.is_open(),), values, "done", "completed", person_id)


def finish_path(path_id: int, person_ids: Sequence[int]) -> None:
    """Note that people have completed a path by its being changed."""
    of_path = (Assignment.path_id == path_id, Assignment.cancelled_at.is_(None), Assignee.person_id.in_(person_ids))
    ids = select(Assignee.id).join(Assignment, Assignment.id == Assignee.assignment_id).where(*of_path)
    values = {"state": State.DONE, "done_at": now(), "remind_at": None}
    _step(ids, (Assignee.is_open(),), values, "done", "path_changed", None)


def withdraw(row_ids: Sequence[int], cause: str, actor_id: int | None = None) -> None:
    """Take an assignment back from whoever has not completed it."""
    values = {"state": State.WITHDRAWN, "withdrawn_at": now(), "cause": cause, "remind_at": None}
    _step(row_ids, (Assignee.is_open(),), values, "withdrawn", cause, actor_id)


def mark_overdue(row_ids: Sequence[int]) -> list[Ended]:
    """Note that the day of these rows has passed; return those that were not noted before."""
    still = (Assignee.is_open(), Assignee.overdue_at.is_(None))
    return _step(row_ids, still, {"overdue_at": now()}, "overdue", "", None)


def move(people: Mapping[int, tuple[int, str]]) -> None:
    """Let rows follow people to other stores, given as {row: (store, zone)}; the day stays, its end moves."""
    if not people:
        return
    former = read_rows(
        select(Assignee.id, Assignee.assignment_id, Assignee.store_id, Assignee.due_on).where(Assignee.id.in_(people))
    )
    rows = [
        {
            "row": row.id,
            "to_store": people[row.id][0],
            "to_end": assign_dates.end_of(row.due_on, ZoneInfo(people[row.id][1])),
        }
        for row in former
    ]
    table = Assignee.__table__
    statement = update(table).where(table.c.id == bindparam("row"))  # type: ignore[arg-type]
    db.session.connection().execute(statement.values(store_id=bindparam("to_store"), due_at=bindparam("to_end")), rows)
    touched: dict[int, set[int]] = {}
    for row in former:
        touched.setdefault(row.assignment_id, set()).update((row.store_id, people[row.id][0]))
    for assignment_id in sorted(touched):
        count_anew(assignment_id, touched[assignment_id])


def count_anew(assignment_id: int, store_ids: Iterable[int]) -> None:
    """Count the rows of an assignment in some stores; one transaction at a time, so that none forgets another's change."""
    stores = sorted(set(store_ids))
    if not stores:
        return
    blank = {"people": 0, "begun": 0, "done": 0, "overdue": 0}
    insert_all_once(AssignmentCount, [{"assignment_id": assignment_id, "store_id": one, **blank} for one in stores])
    of_stores = (AssignmentCount.assignment_id == assignment_id, AssignmentCount.store_id.in_(stores))
    db.session.execute(
        select(AssignmentCount.store_id).where(*of_stores).order_by(AssignmentCount.store_id).with_for_update()
    )
    found = {row.store_id: row for row in read_rows(_counted(assignment_id, stores))}
    names = ("people", "begun", "done", "overdue")
    rows = [
        {"row_store": one, **{f"to_{name}": int(getattr(found.get(one), name, 0) or 0) for name in names}} for one in stores
    ]
    table = AssignmentCount.__table__
    statement = update(table).where(  # type: ignore[arg-type]
        table.c.assignment_id == assignment_id, table.c.store_id == bindparam("row_store")
    )
    db.session.connection().execute(statement.values({name: bindparam(f"to_{name}") for name in names}), rows)


def log(row: Any, what: str, actor_id: int | None, cause: str = "") -> None:
    """Add a line to the log about one row."""
    _log([_event(Ended(row.id, row.assignment_id, row.person_id, row.store_id), what, cause, actor_id)])


def log_whole(assignment_id: int, what: str, actor_id: int | None, cause: str = "") -> None:
    """Add a line to the log about an assignment as a whole."""
    _log([{"at": now(), "assignment_id": assignment_id, "what": what, "cause": cause, "actor_id": actor_id}])


def _step(
    ids: Any, still: tuple[Any, ...], values: dict[str, Any], what: str, cause: str, actor_id: int | None
) -> list[Ended]:
    """Change rows that are still as they should be; log and count those that were."""
    if isinstance(ids, list | tuple) and not ids:
        return []
    columns = (Assignee.id, Assignee.assignment_id, Assignee.person_id, Assignee.store_id)
    statement = update(Assignee).where(Assignee.id.in_(ids), *still).values(**values).returning(*columns)
    changed = [Ended(*row) for row in db.session.execute(statement.execution_options(synchronize_session=False))]
    _log([_event(row, what, cause, actor_id) for row in changed])
    stores: dict[int, set[int]] = {}
    for row in changed:
        stores.setdefault(row.assignment_id, set()).add(row.store_id)
    # In one order everywhere, so that two transactions never wait for each other.
    for assignment_id in sorted(stores):
        count_anew(assignment_id, stores[assignment_id])
    return changed


def _of(person_id: int, course_id: int) -> Any:
    """Select somebody's rows of assignments to which a course belongs."""
    paths = select(PathCourse.path_id).where(PathCourse.course_id == course_id)
    wanted = or_(Assignment.course_id == course_id, Assignment.path_id.in_(paths))
    return (
        select(Assignee.id)
        .join(Assignment, Assignment.id == Assignee.assignment_id)
        .where(Assignee.person_id == person_id, Assignment.cancelled_at.is_(None), wanted)
    )


class _Progress(NamedTuple):
    begun_at: datetime | None
    done_at: datetime | None


def _progress(assignment: Assignment, people: Sequence[int]) -> dict[int, _Progress]:
    """Return how far people had come with it before they were assigned it."""
    if assignment.course_id is not None:
        mine = (Enrolment.course_id == assignment.course_id, Enrolment.person_id.in_(people))
        rows = read_rows(select(Enrolment.person_id, Enrolment.begun_at, Enrolment.first_completed_at).where(*mine))
        return {row.person_id: _Progress(row.begun_at, row.first_completed_at) for row in rows}
    path_id = assignment.path_id or 0
    path_ways.complete([path_id], people)
    of_path = select(PathCourse.course_id).where(PathCourse.path_id == path_id)
    begun = select(Enrolment.person_id, func.min(Enrolment.begun_at).label("at")).group_by(Enrolment.person_id)
    begun = begun.where(Enrolment.course_id.in_(of_path), Enrolment.person_id.in_(people))
    done = select(PathCompletion.person_id, PathCompletion.completed_at)
    done = done.where(PathCompletion.path_id == path_id, PathCompletion.person_id.in_(people))
    ends = {row.person_id: row.completed_at for row in read_rows(done)}
    found = {row.person_id: _Progress(row.at, ends.get(row.person_id)) for row in read_rows(begun)}
    return {person_id: _Progress(at, at) for person_id, at in ends.items()} | found


def _row(assignment: Assignment, one: Receiver, progress: _Progress | None) -> dict[str, Any]:
    moment, zone = now(), ZoneInfo(one.zone)
    today = moment.astimezone(zone).date()
    rule = (assignment.due_on, assignment.due_days, assignment.due_from)
    due_on = assign_dates.due_day(*rule, today=today, hired_on=one.hired_on)
    reminder = assign_dates.first_reminder(due_on, today, zone)
    done_at = progress.done_at if progress is not None else None
    begun_at = progress.begun_at if progress is not None else None
    state = State.DONE if done_at is not None else State.BEGUN if begun_at is not None else State.ASSIGNED
    return {
        "assignment_id": assignment.id,
        "person_id": one.id,
        "store_id": one.store_id,
        "state": state,
        "assigned_at": moment,
        "due_on": due_on,
        "due_at": assign_dates.end_of(due_on, zone),
        "begun_at": begun_at,
        "done_at": done_at,
        "withdrawn_at": None,
        "cause": "",
        "overdue_at": None,
        "remind_at": reminder.at if done_at is None else None,
        "stage": reminder.stage,
    }


def _bring_back(row_ids: Mapping[int, int | None], rows: Sequence[dict[str, Any]]) -> dict[int, int]:
    """Give withdrawn rows their new values; return {person: row} of those that were still withdrawn."""
    back: dict[int, int] = {}
    for values in rows:
        row_id = row_ids.get(values["person_id"])
        if row_id is None:
            continue
        still = (Assignee.id == row_id, Assignee.state == State.WITHDRAWN)
        statement = update(Assignee).where(*still).values(**values).execution_options(synchronize_session=False)
        if db.session.execute(statement).rowcount:  # type: ignore[attr-defined]
            back[values["person_id"]] = row_id
    return back


def _counted(assignment_id: int, store_ids: Sequence[int]) -> Any:
    late = Assignee.is_open() & Assignee.overdue_at.is_not(None)

    def number(condition: Any, name: str) -> Any:
        return func.sum(case((condition, 1), else_=0)).label(name)

    return (
        select(
            Assignee.store_id,
            func.count().label("people"),
            number(Assignee.state == State.BEGUN, "begun"),
            number(Assignee.state == State.DONE, "done"),
            number(late, "overdue"),
        )
        .where(
            Assignee.assignment_id == assignment_id,
            Assignee.store_id.in_(store_ids),
            Assignee.state != State.WITHDRAWN,
        )
        .group_by(Assignee.store_id)
    )


def _event(row: Ended, what: str, cause: str, actor_id: int | None) -> dict[str, Any]:
    about = {"assignment_id": row.assignment_id, "assignee_id": row.id, "person_id": row.person_id}
    return {**about, "at": now(), "what": what, "cause": cause, "actor_id": actor_id}


def _log(events: list[dict[str, Any]]) -> None:
    if events:
        db.session.execute(insert(AssignmentEvent), events)
