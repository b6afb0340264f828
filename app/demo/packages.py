"""What came of the demo's SCORM packages: each part as it would have reported, with the answers that were given."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime

from app.learning.models import Lesson
from app.learning.scorm_models import ScormInteraction, ScormPackage, ScormState
from app.learning.scorm_sample import PAGES, QUESTIONS

LETTERS = "abc"


class Runs:
    """Makes the rows of everybody's runs through packages."""

    def __init__(self, add: Callable[..., None], rng: random.Random) -> None:
        self.add, self.rng = add, rng
        self.last = 0
        self.packages: dict[int, ScormPackage | None] = {}

    def run(self, lesson: Lesson, person_id: int, opened: datetime, ended: datetime) -> int:
        """Add the states of a package that somebody has passed; return the result."""
        if lesson.id not in self.packages:
            self.packages[lesson.id] = ScormPackage.of(lesson)
        package = self.packages[lesson.id]
        assert package is not None  # noqa: S101
        wrong = self.rng.choice((None, None, None, 0, 2))
        parts = len(package.items)
        for place in range(parts):
            self.last += 1
            is_last = place == parts - 1
            score = (100 if wrong is None else 67) if is_last else None
            at = opened + (ended - opened) * (place + 1) / parts
            self.add(
                ScormState,
                id=self.last,
                lesson_id=lesson.id,
                person_id=person_id,
                place=place,
                turn=1,
                word=2,
                said=json.dumps(_said(package.standard, is_last, parts, score, wrong)),
                completion="completed",
                success="passed" if is_last else "",
                score=score,
                progress=100 if package.standard == "2004" and is_last else None,
                seconds_before=0,
                seconds=int((ended - opened).total_seconds()) // parts,
                begun_at=opened,
                launched_at=opened,
                changed_at=at,
                done_at=at,
            )
        for number, question in enumerate(QUESTIONS):
            given = _given(question["right"], number == wrong)
            self.add(
                ScormInteraction,
                state_id=self.last,
                number=number,
                name=question["id"],
                kind="choice",
                question=question["text"] if package.standard == "2004" else "",
                given=LETTERS[given],
                right=LETTERS[question["right"]],
                result="wrong" if number == wrong else "correct",
                seconds=self.rng.randint(4, 40),
            )
        return 100 if wrong is None else 67


def _said(standard: str, is_last: bool, parts: int, score: int | None, wrong: int | None) -> dict[str, str]:
    """Return the words of a part, so that whoever opens it again finds its last page."""
    older = standard == "1.2"
    answers = "".join(str(_given(one["right"], number == wrong)) for number, one in enumerate(QUESTIONS))
    pages = len(PAGES) if parts == 1 else 0 if is_last else 1
    steps = pages + (len(QUESTIONS) if is_last else 0)
    at = "cmi.core." if older else "cmi."
    said = {f"{at}{'lesson_' if older else ''}location": str(steps), f"{at}exit": "suspend"}
    if is_last:
        said |= {"cmi.suspend_data": answers, f"{at}score.raw": str(score)}
    if older:
        said["cmi.core.lesson_status"] = "passed" if is_last else "completed"
    else:
        said["cmi.completion_status"] = "completed"
        if is_last:
            said |= {"cmi.success_status": "passed", "cmi.score.scaled": str((score or 0) / 100)}
    return said


def _given(right: int, is_wrong: bool) -> int:
    return (right + is_wrong) % len(LETTERS)
