"""The log of changes in words: every verb is a sentence, every field has a name, every value reads as people say it.

`log_change` writes codes, so that a line means the same in every language; here they become words. The suite walks the
code and fails on a verb that has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from babel.dates import format_date
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, literal, or_, select, tuple_
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.locale import language
from app.people.models import Change, Person
from app.people.permissions import POSITION_NAMES, ROLE_NAMES, Position, Role

PAGE = 50
BATCH = 1000

VERBS = {
    "course.discarded": _l("Course thrown away"),
    "course.certificates": _l("Certificates of a course changed"),
    "certificate.revoked": _l("Certificate taken back"),
    "certificate.restored": _l("Certificate given back"),
    "path.discarded": _l("Path thrown away"),
    "person.hired": _l("Taken on"),
    "person.corrected": _l("Personal details corrected"),
    "person.moved": _l("Moved to another store"),
    "person.renamed": _l("Name changed"),
    "person.promoted": _l("Position changed"),
    "person.dismissed": _l("Dismissed"),
    "person.rehired": _l("Taken on again"),
    "person.stayed": _l("Dismissal cancelled"),
    "person.unhired": _l("Taking on undone"),
    "person.restored": _l("Change undone"),
    "absence.noted": _l("Absence noted"),
    "absence.ended": _l("Absence ended"),
    "absence.removed": _l("Absence deleted"),
    "person.photo_changed": _l("Photo changed"),
    "person.photo_removed": _l("Photo taken away"),
    "role.granted": _l("Role given"),
    "role.taken": _l("Role taken away"),
    "person.came_in": _l("Came in for the first time"),
    "import.applied": _l("Staff list applied"),
    "import.undone": _l("Staff list undone"),
    "store.opened": _l("Store added"),
    "store.changed": _l("Store changed"),
    "store.closed": _l("Store closed"),
    "store.reopened": _l("Store opened again"),
    "city.added": _l("City added"),
    "city.changed": _l("City changed"),
    "group.made": _l("Group made"),
    "group.renamed": _l("Group renamed"),
    "group.filled": _l("People added to a group"),
    "group.thinned": _l("People taken out of a group"),
    "group.closed": _l("Group closed"),
    "group.reopened": _l("Group opened again"),
    "group.deleted": _l("Group deleted"),
    "invitation.made": _l("Invitation made"),
    "invitation.sent": _l("Invitation sent"),
    "reset.made": _l("Link for a new password made"),
    "password.changed": _l("Password changed"),
    "pin.changed": _l("PIN changed"),
    "badge.renewed": _l("New badge"),
    "session.ended": _l("Signed out by somebody"),
    "terminal.code_issued": _l("Terminal code issued"),
    "terminal.enrolled": _l("Terminal enrolled"),
    "terminal.renamed": _l("Terminal renamed"),
    "terminal.revoked": _l("Terminal switched off"),
    "entry.hidden": _l("Post hidden"),
    "entry.shown": _l("Post shown again"),
    "entry.kept": _l("Report on a post: nothing wrong"),
    "entry.reopened": _l("Report on a post opened again"),
    "comment.hidden": _l("Comment hidden"),
    "comment.shown": _l("Comment shown again"),
    "comment.kept": _l("Report on a comment: nothing wrong"),
    "comment.reopened": _l("Report on a comment opened again"),
    "entry.pinned": _l("Post pinned"),
    "entry.unpinned": _l("Post unpinned"),
    "announcement.archived": _l("Announcement put into the archive"),
    "announcement.unarchived": _l("Announcement brought back from the archive"),
    "topic.added": _l("Topic added"),
    "topic.renamed": _l("Topic renamed"),
    "topic.retired": _l("Topic taken out of the choice"),
    "topic.restored": _l("Topic offered again"),
    "demo.made": _l("Demo company made"),
}
KINDS = {
    "course": _l("Course"),
    "certificate": _l("Certificates"),
    "path": _l("Learning paths"),
    "person": _l("People"),
    "store": _l("Stores"),
    "city": _l("Cities"),
    "people_group": _l("Groups"),
    "staff_import": _l("Imports"),
    "terminal": _l("Terminals"),
    "entry": _l("Posts"),
    "announcement": _l("Announcements"),
    "comment": _l("Comments"),
    "topic": _l("Topics"),
    "demo": _l("Demo"),
}
FIELDS = {
    "personnel_number": _l("Personnel number"),
    "last_name": _l("Last name"),
    "first_name": _l("First name"),
    "middle_name": _l("Middle name"),
    "position": _l("Position"),
    "position_title": _l("Position in the staff list"),
    "store": _l("Store"),
    "store_name": _l("Store's name"),
    "city": _l("City"),
    "city_name": _l("City's name"),
    "group_name": _l("Group's name"),
    "people": _l("People"),
    "hired_on": _l("Hired on"),
    "dismissed_on": _l("Dismissed on"),
    "days": _l("Days"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "role": _l("Role"),
    "zone": _l("Time zone"),
    "is_office": _l("Head office"),
    "hours": _l("Working hours"),
    "changed": _l("Name"),
    "reason": _l("Reason"),
    "terminal_name": _l("Name of the terminal"),
    "gives_certificates": _l("Gives certificates"),
    "months": _l("Months"),
    "opens_days": _l("Renewal opens, days before the end"),
    "words": _l("The sentence on the sheet"),
}


class Asked(NamedTuple):
    """Which lines of the log are asked for; days are those of the reader's zone, as moments."""

    kind: str = ""
    verb: str = ""
    # Lines about these people or by them; None: everybody.
    people: tuple[int, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


class Said(NamedTuple):
    """One field of a line in words; `before` and `after` are empty where there was or is nothing."""

    label: str
    before: str
    after: str


def lines(asked: Asked, before: int | None = None, size: int = PAGE) -> Sequence[Change]:
    """Read one page of the log, newest first, and one line more where another page follows."""
    statement = _asked(asked).options(joinedload(Change.actor))
    if before is not None:
        at = select(Change.at).where(Change.id == before).scalar_subquery()
        statement = statement.where(tuple_(Change.at, Change.id) < tuple_(at, literal(before)))
    return db.session.scalars(statement.limit(size + 1)).all()


def of_person(person_id: int, size: int = 10) -> Sequence[Change]:
    """Read the last changes of a person, newest first."""
    about = _asked(Asked(kind="person")).where(Change.subject_id == person_id)
    return db.session.scalars(about.options(joinedload(Change.actor)).limit(size)).all()


def every_line(asked: Asked) -> Iterator[Change]:
    """Read all lines asked for, a batch at a time, so that a log of years fits into memory."""
    last: int | None = None
    while True:
        batch = lines(asked, last, BATCH)
        yield from batch[:BATCH]
        if len(batch) <= BATCH:
            return
        last = batch[BATCH - 1].id
        db.session.expunge_all()


def verb_choices() -> list[tuple[str, str]]:
    """Return the verbs for a filter, in the order of their words."""
    return list(_verb_choices(language()))


@cache
def _verb_choices(_spoken: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((verb, str(words)) for verb, words in VERBS.items()), key=lambda choice: choice[1].casefold()))


def verb_words(verb: str) -> str:
    """Say what was done."""
    return _word(language(), "verb", verb)


def kind_words(kind: str) -> str:
    """Say what sort of thing it was done to."""
    return _word(language(), "kind", kind)


@lru_cache(maxsize=1000)
def _word(_spoken: str, sort: str, code: str) -> str:
    """Say a code in the language of the request; once for all the lines and pages that show it."""
    return str({"verb": VERBS, "kind": KINDS, "field": FIELDS}[sort].get(code, code))


def details(change: Change) -> list[Said]:
    """Say which fields changed, and from what to what."""
    said = []
    for field, value in change.details.items():
        pair = value if isinstance(value, list) and len(value) == 2 else [None, value]
        said.append(Said(_word(language(), "field", field), _words(field, pair[0]), _words(field, pair[1])))
    return said


def _asked(asked: Asked) -> Select[Any]:
    statement = select(Change).order_by(Change.at.desc(), Change.id.desc())
    if asked.kind:
        statement = statement.where(Change.subject_kind == asked.kind)
    if asked.people is not None:
        about = and_(Change.subject_kind == "person", Change.subject_id.in_(asked.people))
        statement = statement.where(or_(about, Change.actor_id.in_(asked.people)))
    if asked.verb:
        statement = statement.where(Change.verb == asked.verb)
    if asked.since is not None:
        statement = statement.where(Change.at >= asked.since)
    if asked.until is not None:
        statement = statement.where(Change.at < asked.until)
    return statement


def _words(field: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(_words(field, part) for part in value)
    text = str(value)
    if field == "position" and text in Position._value2member_map_:
        return str(POSITION_NAMES[Position(text)])
    if field == "role" and text in Role._value2member_map_:
        return str(ROLE_NAMES[Role(text)])
    if field.endswith("_on"):
        return _day(text)
    return text


def _day(text: str) -> str:
    try:
        return format_date(date.fromisoformat(text), "d MMMM y", locale=language())
    except ValueError:
        return text


def person_label(person: Person) -> str:
    """Return how a person is called in the log: Иванова Ольга Петровна, 01146."""
    return f"{person.full_name}, {person.personnel_number}"
