"""What the words of a package mean: completed or not, passed or not, how many points, how long. Pure rules.

SCORM 1.2 says one word for completion and success, SCORM 2004 says two; here both end as two, in the words of 2004.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.errors import Refused

Said = Mapping[str, str]

MOST_KEYS = 6_000
LONGEST_KEY = 200
# SCORM 2004 grants 64,000 characters of suspend data and SCORM 1.2 only 4,096, which half of the programs ignore.
LONGEST_VALUE = 65_536
# Counted as it is written, six characters for a Cyrillic letter.
LONGEST_ALL = 1_000_000
MOST_INTERACTIONS = 500
_KEY = re.compile(r"(cmi|adl)(\.[A-Za-z0-9_]{1,60}){1,8}")
_INTERACTION = re.compile(r"cmi\.interactions\.(\d{1,4})\.")
_TIME_12 = re.compile(r"(\d{1,6}):(\d{1,2}):(\d{1,2})(?:\.\d{1,9})?")
_TIME_2004 = re.compile(
    r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d{1,9})?S)?)?"
)
_LENGTHS = (31_536_000, 2_592_000, 86_400, 3_600, 60, 1)
_DECIMAL = re.compile(r"-?\d{1,9}(\.\d{1,15})?")


class Outcome(NamedTuple):
    """What a part has come to."""

    completion: str = ""
    success: str = ""
    score: int | None = None
    progress: int | None = None

    @property
    def is_done(self) -> bool:
        """Tell whether the part is done: completed and not failed, or passed while nothing is said of completion."""
        if self.success == "failed":
            return False
        return self.completion == "completed" or (self.success == "passed" and self.completion == "")


class Interaction(NamedTuple):
    """One answer as a package reports it."""

    number: int
    name: str
    kind: str
    question: str
    given: str
    right: str
    result: str
    seconds: int | None


def outcome(standard: str, item: Mapping[str, Any], said: Said) -> Outcome:
    """Return what a part's words come to, by the marks that the manifest sets."""
    return _outcome_12(item, said) if standard == "1.2" else _outcome_2004(item, said)


def _outcome_12(item: Mapping[str, Any], said: Said) -> Outcome:
    """Read `lesson_status`; where the manifest has a mastery score, points decide between passed and failed."""
    status = said.get("cmi.core.lesson_status", "")
    raw = number(said.get("cmi.core.score.raw"))
    completion = {"completed": "completed", "passed": "completed", "failed": "completed"}.get(status, "")
    if status in ("incomplete", "browsed"):
        completion = "incomplete"
    success = status if status in ("passed", "failed") else ""
    if item.get("mastery") is not None and raw is not None and completion == "completed":
        success = "passed" if raw >= item["mastery"] else "failed"
    return Outcome(completion, success, _points(said, "cmi.core.score"))


def _outcome_2004(item: Mapping[str, Any], said: Said) -> Outcome:
    """Read `completion_status` and `success_status`; the manifest's marks decide where the part gives a measure."""
    completion = {"completed": "completed", "incomplete": "incomplete", "not attempted": "incomplete"}.get(
        said.get("cmi.completion_status", ""), ""
    )
    progress = number(said.get("cmi.progress_measure"))
    if item.get("threshold") is not None and progress is not None:
        completion = "completed" if progress >= item["threshold"] else "incomplete"
    success = said.get("cmi.success_status", "")
    success = success if success in ("passed", "failed") else ""
    scaled = number(said.get("cmi.score.scaled"))
    if item.get("passing") is not None and scaled is not None:
        success = "passed" if scaled >= item["passing"] else "failed"
    points = _percent(scaled) if scaled is not None else _points(said, "cmi.score")
    return Outcome(completion, success, points, _percent(progress) if progress is not None else None)


def _points(said: Said, at: str) -> int | None:
    """Return raw points as so many of a hundred, between the least and the most where the part says them."""
    raw, least, most = (number(said.get(f"{at}.{name}")) for name in ("raw", "min", "max"))
    if raw is None:
        return None
    least = least or 0.0
    if most is None or most <= least:
        return _percent(raw / 100)
    return _percent((raw - least) / (most - least))


def _percent(share: float) -> int:
    return round(100 * max(0.0, min(share, 1.0)))


def seconds_of(standard: str, said: Said) -> int | None:
    """Return how long the part says that this turn took."""
    if standard == "1.2":
        return duration(said.get("cmi.core.session_time", ""))
    return duration(said.get("cmi.session_time", ""))


def duration(text: str) -> int | None:
    """Read 0001:02:03.50 or PT1H2M3S as seconds; None for anything else."""
    if match := _TIME_12.fullmatch(text):
        hours, minutes, seconds = (int(part) for part in match.groups())
        return 3600 * hours + 60 * minutes + seconds
    if (match := _TIME_2004.fullmatch(text)) and any(match.groups()):
        return sum(length * int(part or 0) for length, part in zip(_LENGTHS, match.groups(), strict=True))
    return None


def number(text: str | None) -> float | None:
    """Read a plain decimal."""
    return float(text) if text and _DECIMAL.fullmatch(text) else None


def checked(sent: Any) -> dict[str, str]:
    """Return what a package's page sent, if it has the shape of SCORM's data; from a stranger's page anything may come."""
    if not isinstance(sent, dict) or len(sent) > MOST_KEYS:
        raise Refused("shape")
    for key, value in sent.items():
        if not isinstance(value, str) or len(value) > LONGEST_VALUE:
            raise Refused("value")
        if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
            raise Refused("key")
    return sent


def touched(said: Said) -> set[int]:
    """Return the numbers of the interactions that some words are about."""
    found = {int(match[1]) for key in said if (match := _INTERACTION.match(key))}
    return {one for one in found if one < MOST_INTERACTIONS}


def interaction(number: int, said: Said) -> Interaction:
    """Return an answer in words that any database holds."""
    at = f"cmi.interactions.{number}."
    given = said.get(at + "learner_response") or said.get(at + "student_response") or ""
    patterns = (said.get(f"{at}correct_responses.{place}.pattern", "") for place in range(5))
    return Interaction(
        number,
        plain(said.get(at + "id", ""), 250),
        plain(said.get(at + "type", ""), 20),
        plain(said.get(at + "description", ""), 500),
        plain(given, 1000),
        plain(" | ".join(filter(None, patterns)), 1000),
        plain(said.get(at + "result", ""), 20),
        duration(said.get(at + "latency", "")),
    )


def plain(text: str, most: int) -> str:
    """Return a text without what a database cannot keep, so long at most."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")[:most]
