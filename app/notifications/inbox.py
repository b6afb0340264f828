"""The inbox: what one was told, the latest first, and how much of it is still unseen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, func, literal, or_, select, tuple_, update

from app.content.audience import binds_of
from app.content.cards import Position
from app.content.models import Entry
from app.database import in_passing, is_passing, now, read_rows
from app.extensions import db
from app.notifications.kinds import KINDS, say
from app.notifications.models import Notice, NoticeActor
from app.people.models import Person
from app.people.sessions import Viewer

PAGE = 30
# The frame says "99+": nobody counts further, and the query need not either.
MOST_COUNTED = 100


class Line(NamedTuple):
    """A notice as the inbox shows it."""

    id: int
    kind: str
    icon: str
    sentence: str
    words: str
    path: str
    at: datetime
    seen: bool
    # The face beside it: of whoever acted last; None where nobody is to be named.
    actor_id: int | None
    actor_name: str
    photo_key: str | None


class Page(NamedTuple):
    """One page of the inbox and where the next begins."""

    lines: list[Line]
    following: Position | None


def page_of(viewer: Viewer, before: str | None = None) -> Page:
    """Read one page of the viewer's notices; two queries whatever their number."""
    statement = _shown_to(viewer).order_by(Notice.updated_at.desc(), Notice.id.desc())
    if (place := Position.read(before)) is not None:
        statement = statement.where(tuple_(Notice.updated_at, Notice.id) < tuple_(literal(place.at), literal(place.id)))
    rows = db.session.execute(statement.limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    following = Position(shown[-1].updated_at, shown[-1].id) if len(rows) > PAGE else None
    return Page(lines_of(viewer, shown), following)


def unseen_lines(viewer: Viewer) -> list[Line]:
    """Read the latest of what the viewer has not seen."""
    statement = _shown_to(viewer).where(Notice.seen_at.is_(None))
    statement = statement.order_by(Notice.updated_at.desc(), Notice.id.desc()).limit(PAGE)
    return lines_of(viewer, db.session.execute(statement).all())


def unseen_count(viewer: Viewer) -> int:
    """Count what the viewer has not seen, up to MOST_COUNTED."""
    return int(db.session.scalar(unseen(), binds_of(viewer)) or 0)


def path_of(viewer: Viewer, notice_id: int) -> str | None:
    """Return where a notice of the viewer's leads; None for what is not his or out of his sight."""
    return db.session.scalar(_shown_to(viewer).where(Notice.id == notice_id).with_only_columns(Notice.path))


def note_seen(viewer: Viewer, *, notice_id: int | None = None, entry_id: int | None = None) -> None:
    """Note, even while only reading, that a notice or everything about an entry is before the viewer's eyes.

    Writes only where something was unseen, so that reading stays reading.
    """
    which = Notice.id == notice_id if notice_id is not None else Notice.entry_id == entry_id
    if is_passing():
        _see(Notice.person_id == viewer.id, which)
    elif read_rows(_UNSEEN_OF, {"viewer_id": viewer.id, "notice_id": notice_id, "entry_id": entry_id}):
        with in_passing():
            _see(Notice.person_id == viewer.id, which)


def see_all(viewer: Viewer, until: datetime) -> int:
    """Note that the viewer has seen everything up to a moment; what came while he looked stays new."""
    return _see(Notice.person_id == viewer.id, Notice.updated_at <= until)


def settle(group: str) -> None:
    """Let nobody be told any more of what is over: what is unseen of it is no news."""
    _see(Notice.group_key == group)


def settle_for(person_id: int, group: str) -> None:
    """Let one person not be told any more of what is over for him."""
    _see(Notice.person_id == person_id, Notice.group_key == group)


def is_unseen(person_id: int, group: str) -> bool:
    """Tell whether somebody has a notice of this group before him that he has not seen."""
    return bool(read_rows(_UNSEEN_IN, {"person_id": person_id, "group_key": group}))


def lines_of(viewer: Viewer, rows: Sequence[Row[Any]]) -> list[Line]:
    """Say notices in words, with the names of those who acted last."""
    actors, counts = _actors_of([row.id for row in rows])
    return [_line(viewer, row, actors.get(row.id, []), counts.get(row.id, 0)) for row in rows]


def columns() -> Any:
    """Select the columns that lines are made of."""
    return select(
        Notice.id, Notice.kind, Notice.path, Notice.words, Notice.entry_id, Notice.updated_at, Notice.seen_at
    ).outerjoin(Entry, Entry.id == Notice.entry_id)


def _shown_to(viewer: Viewer) -> Any:
    """Select the viewer's notices; what is out of his sight by now takes its notices along."""
    return _allowed(columns(), viewer.id, Entry.seen_by(viewer))


def unseen() -> Select[int]:
    """Select how many of the viewer's notices are unseen, up to MOST_COUNTED; executed with `audience.binds_of`."""
    statement = select(Notice.id).outerjoin(Entry, Entry.id == Notice.entry_id).where(Notice.seen_at.is_(None))
    found = _allowed(statement, bindparam("viewer_id"), Entry.seen_by_binds()).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(found)


def _allowed(statement: Any, viewer_id: Any, seen: Any) -> Any:
    visible = Entry.published_at.is_not(None) & Entry.deleted_at.is_(None) & seen
    allowed = visible & or_(Entry.hidden_at.is_(None), Entry.author_id == viewer_id)
    return statement.where(Notice.person_id == viewer_id, or_(Notice.entry_id.is_(None), allowed))


def _see(*which: Any) -> int:
    done = db.session.execute(
        update(Notice).where(*which, Notice.seen_at.is_(None)).values(seen_at=now()),
        execution_options={"synchronize_session": False},
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _actors_of(notice_ids: Sequence[int]) -> tuple[dict[int, list[Row[Any]]], dict[int, int]]:
    """Return the last two people of each notice and how many there are."""
    if not notice_ids:
        return {}, {}
    of_notice = NoticeActor.notice_id
    ranked = (
        select(
            of_notice,
            NoticeActor.person_id,
            func.row_number()
            .over(partition_by=of_notice, order_by=(NoticeActor.at.desc(), NoticeActor.person_id))
            .label("rank"),
            func.count().over(partition_by=of_notice).label("people"),
        )
        .where(of_notice.in_(notice_ids))
        .subquery()
    )
    rows = db.session.execute(
        select(ranked.c.notice_id, ranked.c.people, Person.id, Person.first_name, Person.last_name, Person.photo_key)
        .join(Person, Person.id == ranked.c.person_id)
        .where(ranked.c.rank <= 2)
        .order_by(ranked.c.notice_id, ranked.c.rank)
    ).all()
    actors: dict[int, list[Row[Any]]] = {}
    counts: dict[int, int] = {}
    for row in rows:
        actors.setdefault(row.notice_id, []).append(row)
        counts[row.notice_id] = row.people
    return actors, counts


def _line(viewer: Viewer, row: Row[Any], actors: list[Row[Any]], count: int) -> Line:
    names = [f"{actor.first_name} {actor.last_name}".strip() for actor in actors]
    last = actors[0] if actors else None
    by_now = KINDS[row.kind].by_now
    now_said = by_now(viewer) if by_now is not None and row.seen_at is None else ""
    sentence = say(row.kind, names, count, row.words)
    return Line(
        id=row.id,
        kind=row.kind,
        icon=KINDS[row.kind].icon,
        sentence=f"{sentence}: {now_said}" if now_said else sentence,
        words=row.words,
        path=row.path,
        at=row.updated_at,
        seen=row.seen_at is not None,
        actor_id=last.id if last is not None else None,
        actor_name=names[0] if names else "",
        photo_key=last.photo_key if last is not None else None,
    )


_UNSEEN_IN = select(Notice.id).where(
    Notice.person_id == bindparam("person_id"), Notice.group_key == bindparam("group_key"), Notice.seen_at.is_(None)
)
# Made once: it is asked whenever somebody opens an entry.
_UNSEEN_OF = (
    select(Notice.id)
    .where(
        Notice.person_id == bindparam("viewer_id"),
        or_(Notice.id == bindparam("notice_id"), Notice.entry_id == bindparam("entry_id")),
        Notice.seen_at.is_(None),
    )
    .limit(1)
)
