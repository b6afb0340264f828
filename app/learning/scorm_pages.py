"""What the portal's own pages show of a package: the frame it runs in, how far one has come, what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Response
from sqlalchemy import or_, select

from app.content.cards import Position
from app.extensions import db
from app.guard import CSP
from app.learning import scorm_links
from app.learning.models import Course, Lesson
from app.learning.scorm_content import SANDBOX
from app.learning.scorm_links import Launch
from app.learning.scorm_models import ScormInteraction, ScormPackage, ScormState
from app.learning.scorm_runtime import Standing, standing_of
from app.people.models import Person
from app.people.sessions import Viewer

PAGE = 25
# So many answers of one run are shown; packages that ask more are read in their own program.
MOST_SHOWN = 100


class Player(NamedTuple):
    """A package in a page."""

    package: ScormPackage | None
    standing: Standing | None
    # Where it is run; None where nobody has set up an origin for packages.
    origin: str | None
    address: str = ""
    sandbox: str = SANDBOX


class Run(NamedTuple):
    """Somebody's run through one part, and what he answered there."""

    state: ScormState
    person: str
    title: str
    answers: list[ScormInteraction]


class Runs(NamedTuple):
    """One page of runs and where the next begins; None at the end."""

    rows: list[Run]
    following: Position | None


def player(viewer: Viewer, course: Course, lesson: Lesson, is_preview: bool = False) -> Player:
    """Return what the page of a lesson needs to run its package."""
    package = ScormPackage.of(lesson)
    standing = standing_of(viewer.id, lesson) if package is not None and not is_preview else None
    origin, portal = scorm_links.content_origin(), scorm_links.portal_origin()
    if package is None or origin is None or portal is None:
        return Player(package, standing, None)
    word = scorm_links.sign(Launch(package.id, course.id, lesson.id, viewer.session_id, portal, is_preview))
    return Player(package, standing, origin, f"{origin}/{word}/play")


def framed(answer: Response, player: Player | None) -> Response:
    """Let a page hold the frame of the origin of packages; every other page holds frames of the portal's own alone."""
    if player is not None and player.origin is not None:
        answer.headers["Content-Security-Policy"] = f"{CSP}; frame-src {player.origin}"
    return answer


def runs_of(lesson: Lesson, before: Position | None) -> Runs:
    """Read one page of what learners have come to, in all versions of the lesson, the latest first."""
    line = select(Lesson.id).where(or_(Lesson.id == lesson.line_id, Lesson.origin_id == lesson.line_id))
    statement = (
        select(ScormState, (Person.first_name + " " + Person.last_name).label("person"))
        .join(Person, Person.id == ScormState.person_id)
        .where(ScormState.lesson_id.in_(line), ScormState.turn > 0)
    )
    if before is not None:
        statement = statement.where(before.older(ScormState.changed_at, ScormState.id))
    found = db.session.execute(statement.order_by(ScormState.changed_at.desc(), ScormState.id.desc()).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    answers = _answers([row.ScormState.id for row in shown])
    package = ScormPackage.of(lesson)
    titles = [item["title"] for item in package.items] if package is not None else []
    rows = [_run(row, titles, answers) for row in shown]
    last = rows[-1].state if len(found) > PAGE else None
    return Runs(rows, Position(last.changed_at, last.id) if last is not None else None)


def _run(row: Any, titles: Sequence[str], answers: dict[int, list[ScormInteraction]]) -> Run:
    state = row.ScormState
    # A part that another version of the package had has no name any more.
    title = titles[state.place] if state.place < len(titles) else ""
    return Run(state, row.person, title if len(titles) > 1 else "", answers.get(state.id, []))


def _answers(state_ids: Sequence[int]) -> dict[int, list[ScormInteraction]]:
    found: dict[int, list[ScormInteraction]] = {}
    asked = select(ScormInteraction).where(ScormInteraction.state_id.in_(state_ids), ScormInteraction.number < MOST_SHOWN)
    for one in db.session.scalars(asked.order_by(ScormInteraction.state_id, ScormInteraction.number)):
        found.setdefault(one.state_id, []).append(one)
    return found
