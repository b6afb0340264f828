"""Assigning a course or a path, calling that off, and reminding one person by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from app.activity import record
from app.content.once import add_once, former_of
from app.content.publishing import audience_from
from app.database import alone_with, insert_all_once, now
from app.errors import Refused
from app.extensions import db
from app.forms import tidy
from app.learning import assign_dates, assign_rows, assign_whom
from app.learning.assign_filling_jobs import cancel_rows, fill, soon
from app.learning.assign_models import STILL_OPEN, Assignee, Assignment, AssignmentName
from app.notifications.telling import tell
from app.people.absences import Absence
from app.people.models import City, Person, Store
from app.people.permissions import Permission
from app.people.sessions import Viewer

NOTE_LIMIT = 500
REASON_LIMIT = 300
FARTHEST = timedelta(days=731)
LONGEST = 366


@dataclass
class Wish:
    """What a form says: what, for whom, until when, why. `subject` is "course:5" or "path:3"."""

    subject: str
    keys: Sequence[str] = ()
    # A director's own: everybody of his store, or these people of it.
    of_store: bool = False
    people: Sequence[int] = ()
    due: str = "on"
    due_on: date | None = None
    due_days: int | None = None
    note: str = ""


def assign(viewer: Viewer, wish: Wish, nonce: str = "") -> Assignment:
    """Assign something; people get it from a job. The same form sent twice is one assignment."""
    former = former_of(Assignment, viewer.id, nonce)
    if former is not None:
        return former
    assignment = Assignment(author_id=viewer.id, created_at=now(), nonce=nonce or None, note=_note(wish.note))
    _take_subject(viewer, assignment, wish.subject)
    _take_due(viewer, assignment, wish)
    names = _take_people(viewer, assignment, wish)
    former = add_once(Assignment, assignment)
    if former is not None:
        return former
    insert_all_once(AssignmentName, [{"assignment_id": assignment.id, "person_id": one} for one in names])
    assign_rows.log_whole(assignment.id, "made", viewer.id)
    soon(fill, assignment.id)
    record("assignment.made", viewer.id, assignment)
    return assignment


def cancel(viewer: Viewer, assignment: Assignment, reason: str) -> None:
    """Call an assignment off, with a reason for whoever asks later; cancelled twice is cancelled once."""
    alone_with(assignment)
    if assignment.cancelled_at is not None:
        return
    words = tidy(reason)
    if not words:
        raise Refused(_("Say why, in a few words: whoever had to learn it may ask."), "reason")
    if len(words) > REASON_LIMIT:
        raise Refused(_("At most %(n)d characters.", n=REASON_LIMIT), "reason")
    assignment.cancelled_at, assignment.cancelled_by_id, assignment.cancel_reason = now(), viewer.id, words
    db.session.flush()
    assign_rows.log_whole(assignment.id, "cancelled", viewer.id)
    soon(cancel_rows, assignment.id, "cancelled", viewer.id)
    record("assignment.cancelled", viewer.id, assignment)


def nudge(viewer: Viewer, assignee: Assignee) -> None:
    """Remind somebody of an assignment by hand; once a day at most, whoever presses and however often."""
    person = assignee.person
    zone: ZoneInfo = person.store.zone
    today = now().astimezone(zone).date()
    if assignee.state not in STILL_OPEN or assignee.assignment.cancelled_at is not None:
        raise Refused(_("Nothing is asked any more, so nobody is reminded."))
    away = (Absence.person_id == person.id, Absence.starts_on <= today, Absence.ends_on >= today)
    if db.session.scalar(select(Absence.id).where(*away).limit(1)) is not None:
        raise Refused(_("%(name)s is away: remind after that.", name=person.name))
    of_row = (Assignee.id == assignee.id, Assignee.is_open())
    lately = or_(Assignee.nudged_at.is_(None), Assignee.nudged_at < assign_dates.start_of(today, zone))
    statement = update(Assignee).where(*of_row, lately).values(nudged_at=now())
    if not db.session.execute(statement.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]
        raise Refused(_("%(name)s was reminded of this today already.", name=person.name))
    assign_rows.log(assignee, "nudged", viewer.id)
    about: dict[str, Any] = {"path": assignee.assignment.address, "words": assignee.assignment.title}
    tell("nudge", [person.id], group=f"nudge:{assignee.id}:{today}", actor_id=viewer.id, **about)


def of_viewer(viewer: Viewer, assignment_id: int) -> Assignment | None:
    """Return an assignment that the viewer looks after: any for editors and HR, those of his store for a director."""
    assignment = db.session.get(Assignment, assignment_id)
    if assignment is None or viewer.can(Permission.TEACH):
        return assignment
    leads = viewer.can(Permission.LEAD_STORE) and assignment.store_id == viewer.store_id
    return assignment if leads else None


def row_of(viewer: Viewer, row_id: int) -> Assignee | None:
    """Return a row that the viewer may look at: his own, one of the store he leads, any for editors and HR."""
    row = db.session.get(Assignee, row_id)
    if row is None or row.person_id == viewer.id or viewer.can(Permission.TEACH):
        return row
    leads = viewer.can(Permission.LEAD_STORE) and row.person.store_id == viewer.store_id
    return row if leads else None


def may_nudge(viewer: Viewer, row: Assignee) -> bool:
    """Tell whether somebody may remind by hand: editors, HR and the director, and not himself."""
    leads = viewer.can(Permission.LEAD_STORE) and row.person.store_id == viewer.store_id
    return row.person_id != viewer.id and (leads or viewer.can(Permission.TEACH))


def choices(viewer: Viewer) -> tuple[Sequence[Any], Sequence[Any]]:
    """Read the courses and the paths that somebody may assign."""
    courses, paths = assign_whom.choosable_by(viewer, viewer.can(Permission.TEACH))
    return db.session.execute(courses).all(), db.session.execute(paths).all()


def team_of(store_id: int) -> Sequence[Any]:
    """Read who works in a store, for a form."""
    name = (Person.last_name + " " + Person.first_name).label("name")
    statement = select(Person.id, name).join(Store, Store.id == Person.store_id).join(City, City.id == Store.city_id)
    return db.session.execute(
        statement.where(Person.store_id == store_id, Person.employed()).order_by(Person.name_key, Person.id)
    ).all()


def _note(text: str) -> str:
    note = tidy(text)
    if len(note) > NOTE_LIMIT:
        raise Refused(_("At most %(n)d characters.", n=NOTE_LIMIT), "body")
    return note


def _take_subject(viewer: Viewer, assignment: Assignment, subject: str) -> None:
    kind, _colon, number = subject.partition(":")
    courses, paths = assign_whom.choosable_by(viewer, viewer.can(Permission.TEACH))
    known = {"course": courses, "path": paths}.get(kind)
    good = known is not None and number.isascii() and number.isdigit() and len(number) < 10
    ids = {row.id for row in db.session.execute(known)} if good and known is not None else set()
    if not good or int(number) not in ids:
        raise Refused(_("Choose what is to be learned."), "subject")
    setattr(assignment, f"{kind}_id", int(number))


def _take_due(viewer: Viewer, assignment: Assignment, wish: Wish) -> None:
    if wish.due == "on":
        if wish.due_on is None:
            raise Refused(_("Choose the last day."), "due_on")
        if wish.due_on < viewer.today:
            raise Refused(_("This day has passed already."), "due_on")
        if wish.due_on > viewer.today + FARTHEST:
            raise Refused(_("That is more than two years ahead: check the year."), "due_on")
        assignment.due_on = wish.due_on
        return
    if wish.due not in ("assigned", "hired"):
        raise Refused(_("Choose until when."), "due")
    if wish.due_days is None or not 1 <= wish.due_days <= LONGEST:
        raise Refused(_("Enter a number from %(least)d to %(most)d.", least=1, most=LONGEST), "due_days")
    assignment.due_days, assignment.due_from = wish.due_days, wish.due


def _take_people(viewer: Viewer, assignment: Assignment, wish: Wish) -> list[int]:
    """Say whom it is for; a director reaches his own store alone."""
    if not wish.of_store and not wish.people and viewer.can(Permission.TEACH):
        if not wish.keys:
            raise Refused(_("Choose who is to learn it."), "audience")
        assignment.audience = audience_from(wish.keys)
        return []
    assignment.store_id = viewer.store_id
    if wish.of_store:
        assignment.audience = audience_from([f"store:{viewer.store_id}"])
        return []
    team = {row.id for row in team_of(viewer.store_id)}
    names = sorted(set(wish.people) & team)
    if not names:
        raise Refused(_("Choose who is to learn it."), "people")
    return names
