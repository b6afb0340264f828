"""Running a package: a part is launched, says how it goes, and is done by its own word.

A launch is a turn. Of two devices the one that launched last is listened to; the other is told so at its next word. Within a
turn words are numbered: one that came before, or comes twice, changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, select, update

from app.database import insert_once, now
from app.errors import Refused
from app.extensions import db
from app.learning import scorm_rules, taking
from app.learning.models import Course, Enrolment, Lesson, LessonProgress
from app.learning.scorm_models import ScormInteraction, ScormPackage, ScormState
from app.people.sessions import Viewer

# What the portal hands over anew at each launch; a part's old word about it would only be in the way.
_OURS = (
    *("cmi.core.entry", "cmi.core.exit", "cmi.core.session_time", "cmi.core.total_time", "cmi.core.student_id"),
    *("cmi.core.student_name", "cmi.core.credit", "cmi.core.lesson_mode", "cmi.launch_data", "cmi.comments_from_lms"),
    *("cmi.student_data.mastery_score", "cmi.student_data.max_time_allowed", "cmi.student_data.time_limit_action"),
    *("cmi.entry", "cmi.exit", "cmi.session_time", "cmi.total_time", "cmi.learner_id", "cmi.learner_name", "cmi.credit"),
    *("cmi.mode", "cmi.max_time_allowed", "cmi.time_limit_action", "cmi.scaled_passing_score", "cmi.completion_threshold"),
)


class Elsewhere(Exception):
    """Another device has launched the part since."""


class Standing(NamedTuple):
    """How far somebody has come in a package: the states of its parts by their places."""

    package: ScormPackage
    states: Mapping[int, ScormState]

    @property
    def needed(self) -> list[int]:
        """Return the places of the parts that must be done."""
        return needed(self.package)

    @property
    def done(self) -> int:
        """Count the needed parts that are done."""
        return sum(place in self.states and self.states[place].done_at is not None for place in self.needed)

    @property
    def score(self) -> int | None:
        """Return the points of all parts that have some, of a hundred."""
        return _mean([state.score for state in self.states.values() if state.score is not None])

    @property
    def has_failed(self) -> bool:
        """Tell whether a part says that it was not passed."""
        return any(state.success == "failed" for state in self.states.values())

    @property
    def minutes(self) -> int:
        """Return how long it took so far."""
        return (sum(state.seconds_before + state.seconds for state in self.states.values()) + 59) // 60


def needed(package: ScormPackage) -> list[int]:
    """Return the places of the parts that must be done: those that are shown, or all where none is."""
    shown = [place for place, item in enumerate(package.items) if not item["is_hidden"]]
    return shown or list(range(len(package.items)))


def standing_of(person_id: int, lesson: Lesson) -> Standing | None:
    """Read how far somebody has come; None where the lesson has no package."""
    package = ScormPackage.of(lesson)
    if package is None:
        return None
    begun_at = db.session.scalar(_enrolment(person_id, lesson))
    states = db.session.scalars(select(ScormState).where(*_of(person_id, lesson))).all()
    fresh = [state for state in states if begun_at is None or state.begun_at >= begun_at]
    return Standing(package, {state.place: state for state in fresh})


def launch(viewer: Viewer, course: Course, lesson: Lesson, package: ScormPackage, place: int) -> dict[str, Any]:
    """Begin a turn of a part; return what its page needs to go on where the last one stopped."""
    item = package.items[place]
    state = _held(viewer.id, lesson, place)
    begun_at = db.session.scalar(_enrolment(viewer.id, lesson))
    if begun_at is not None and state.begun_at < begun_at:
        # The course was begun anew: what was said before belongs to the former time.
        _wipe(state)
    said: dict[str, str] = json.loads(state.said)
    is_first = not said
    state.turn += 1
    state.word = 0
    state.seconds_before += state.seconds
    state.seconds = 0
    state.launched_at = state.changed_at = now()
    if not item["is_sco"]:
        # A page that is only looked at says nothing: being opened is all there is to it.
        state.completion = "completed"
        state.done_at = state.done_at or now()
    db.session.flush()
    if not item["is_sco"]:
        _settle(viewer, course, lesson, package)
    left_off = said.get("cmi.core.exit") or said.get("cmi.exit") or ""
    entry = "ab-initio" if is_first else "" if state.done_at and left_off not in ("suspend", "") else "resume"
    return {"turn": state.turn, "said": handed(viewer, package, item, said, entry, state.seconds_before)}


def handed(
    viewer: Viewer, package: ScormPackage, item: Mapping[str, Any], said: Mapping[str, str], entry: str, seconds: int
) -> dict[str, str]:
    """Return what a part finds when it asks: its own words, and what the portal says of learner and part."""
    kept = {key: value for key, value in said.items() if key not in _OURS}
    # No number of the accounting: the page is a stranger's.
    learner = {"id": f"ritm-{viewer.id}", "name": f"{viewer.last_name}, {viewer.first_name}"}
    if package.standard == "1.2":
        told = {
            "cmi.core.student_id": learner["id"],
            "cmi.core.student_name": learner["name"],
            "cmi.core.credit": "credit",
            "cmi.core.lesson_mode": "normal",
            "cmi.core.entry": entry,
            "cmi.core.total_time": f"{seconds // 3600:04d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.00",
            "cmi.launch_data": item["launch_data"],
            "cmi.student_data.mastery_score": _written(item["mastery"]),
            "cmi.student_data.max_time_allowed": item["max_time"],
            "cmi.student_data.time_limit_action": item["time_action"],
        }
    else:
        told = {
            "cmi.learner_id": learner["id"],
            "cmi.learner_name": learner["name"],
            "cmi.credit": "credit",
            "cmi.mode": "normal",
            "cmi.entry": entry,
            "cmi.total_time": f"PT{seconds}S",
            "cmi.launch_data": item["launch_data"],
            "cmi.scaled_passing_score": _written(item["passing"]),
            "cmi.completion_threshold": _written(item["threshold"]),
            "cmi.time_limit_action": item["time_action"],
        }
    return {**kept, **{key: value for key, value in told.items() if value or key.endswith("entry")}}


def listen(viewer: Viewer, course: Course, lesson: Lesson, package: ScormPackage, sent: Any) -> bool:
    """Keep what a part says; tell whether the lesson is done. Raises `Elsewhere` for a turn that is over."""
    place, turn, word = _numbers(sent, package)
    told = scorm_rules.checked(sent.get("said"))
    state = _held(viewer.id, lesson, place)
    if turn != state.turn:
        raise Elsewhere
    if word <= state.word:
        return _is_done(viewer.id, lesson)
    said: dict[str, str] = {**json.loads(state.said), **told}
    written = json.dumps(said)
    if len(said) > scorm_rules.MOST_KEYS or len(written) > scorm_rules.LONGEST_ALL:
        raise Refused("size")
    moment = now()
    result = scorm_rules.outcome(package.standard, package.items[place], said)
    # A page's own clock is believed as far as the server's goes.
    elapsed = max(0, int((moment - state.launched_at).total_seconds()))
    spent = scorm_rules.seconds_of(package.standard, said)
    state.word, state.said, state.changed_at = word, written, moment
    state.completion, state.success, state.score, state.progress = result
    state.seconds = elapsed if spent is None else min(spent, elapsed + 5)
    if result.is_done and state.done_at is None:
        state.done_at = moment
    db.session.flush()
    _note_interactions(state.id, told, said)
    _settle(viewer, course, lesson, package)
    return _is_done(viewer.id, lesson)


def restart(person_id: int, lesson: Lesson) -> None:
    """Forget what the parts have said, so that one begins anew; that the lesson was done stays."""
    for state in db.session.scalars(select(ScormState).where(*_of(person_id, lesson)).with_for_update()):
        _wipe(state)
        state.turn += 1
    db.session.flush()


def _held(person_id: int, lesson: Lesson, place: int) -> ScormState:
    """Return the state of a part, made at first need, and keep others from changing it until the transaction ends."""
    moment = now()
    values = {"turn": 0, "word": 0, "said": "{}", "completion": "", "success": "", "seconds_before": 0, "seconds": 0}
    insert_once(
        ScormState,
        **{"lesson_id": lesson.id, "person_id": person_id, "place": place, **values},
        **{"begun_at": moment, "launched_at": moment, "changed_at": moment},
    )
    mine = select(ScormState).where(*_of(person_id, lesson), ScormState.place == place)
    return db.session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one()


def _wipe(state: ScormState) -> None:
    state.said, state.word, state.completion, state.success = "{}", 0, "", ""
    state.score = state.progress = state.done_at = None
    state.seconds_before = state.seconds = 0
    state.begun_at = now()
    db.session.execute(delete(ScormInteraction).where(ScormInteraction.state_id == state.id))


def _settle(viewer: Viewer, course: Course, lesson: Lesson, package: ScormPackage) -> None:
    """Let the lesson follow from its parts: its best result, and its end once all needed parts are done."""
    # What was done before the course was begun anew counts no more.
    since = func.coalesce(_enrolment(viewer.id, lesson).scalar_subquery(), ScormState.begun_at)
    of_round = (*_of(viewer.id, lesson), ScormState.begun_at >= since)
    rows = db.session.execute(select(ScormState.place, ScormState.done_at, ScormState.score).where(*of_round)).all()
    score = _mean([row.score for row in rows if row.score is not None])
    if score is not None:
        insert_once(LessonProgress, person_id=viewer.id, lesson_id=lesson.id, begun_at=now(), position=0)
        better = func.coalesce(LessonProgress.score, -1) < score
        mine = (LessonProgress.person_id == viewer.id, LessonProgress.lesson_id == lesson.id)
        db.session.execute(
            update(LessonProgress).where(*mine, better).values(score=score).execution_options(synchronize_session=False)
        )
    done = {row.place for row in rows if row.done_at is not None}
    if done.issuperset(needed(package)) and not _is_done(viewer.id, lesson):
        taking.note_done(viewer, course, lesson)


def _note_interactions(state_id: int, told: Mapping[str, str], said: Mapping[str, str]) -> None:
    """Write the answers anew that something was said of."""
    numbers = scorm_rules.touched(told)
    if not numbers:
        return
    db.session.execute(
        delete(ScormInteraction).where(ScormInteraction.state_id == state_id, ScormInteraction.number.in_(numbers))
    )
    rows = [{"state_id": state_id, **scorm_rules.interaction(number, said)._asdict()} for number in sorted(numbers)]
    db.session.execute(insert(ScormInteraction), rows)


def _is_done(person_id: int, lesson: Lesson) -> bool:
    done_at = select(LessonProgress.done_at).where(
        LessonProgress.person_id == person_id, LessonProgress.lesson_id == lesson.id
    )
    return db.session.scalar(done_at) is not None


def _numbers(sent: Any, package: ScormPackage) -> tuple[int, int, int]:
    """Return which part speaks, in which turn, its how manieth word."""
    if not isinstance(sent, dict):
        raise Refused("shape")
    numbers = [sent.get(name) for name in ("place", "turn", "word")]
    if not all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < 2**31 for one in numbers):
        raise Refused("numbers")
    place, turn, word = (int(one) for one in numbers if one is not None)
    if place >= len(package.items) or not package.items[place]["is_sco"]:
        raise Refused("place")
    return place, turn, word


def _of(person_id: int, lesson: Lesson) -> tuple[Any, ...]:
    return (ScormState.person_id == person_id, ScormState.lesson_id == lesson.id)


def _enrolment(person_id: int, lesson: Lesson) -> Any:
    of_it = (Enrolment.version_id == lesson.version_id, Enrolment.person_id == person_id)
    return select(Enrolment.begun_at).where(*of_it)


def _mean(points: Sequence[int]) -> int | None:
    return round(sum(points) / len(points)) if points else None


def _written(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
