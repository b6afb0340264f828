"""Whether an answer is right: pure rules, without database or request."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from app.learning.models import QuestionKind

# How many slips of the pen a short answer may have, by the length of what was expected.
ONE_SLIP_FROM, TWO_SLIPS_FROM = 5, 10


def is_right(kind: str, options: Sequence[dict[str, Any]], given: Any, forgiving: bool = False) -> bool:
    """Tell whether what was given answers the question; half right is not right."""
    if kind == QuestionKind.SHORT:
        return any(says(str(given or ""), option["text"], forgiving) for option in options)
    if kind == QuestionKind.ORDER:
        return given == list(range(len(options)))
    if kind == QuestionKind.MATCH:
        # Two options may have the same pair: what counts is what it says.
        return (
            isinstance(given, list)
            and len(given) == len(options)
            and all(
                isinstance(pair, int) and plain(options[pair]["pair"]) == plain(option["pair"])
                for pair, option in zip(given, options, strict=True)
            )
        )
    right = [place for place, option in enumerate(options) if option.get("right")]
    return sorted(given or []) == right


def says(given: str, accepted: str, forgiving: bool = False) -> bool:
    """Tell whether a short answer says what was expected: letter case, ё, spaces and marks at its end do not matter."""
    typed, wanted = plain(given), plain(accepted)
    if typed == wanted:
        return bool(wanted)
    if not forgiving or not typed or any(character.isdigit() for character in wanted):
        return False
    allowed = 2 if len(wanted) >= TWO_SLIPS_FROM else 1 if len(wanted) >= ONE_SLIP_FROM else 0
    return abs(len(typed) - len(wanted)) <= allowed and slips(typed, wanted) <= allowed


def plain(text: str) -> str:
    """Return a text as comparison sees it."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").replace("–", "-").replace("—", "-")
    return " ".join(folded.split()).strip(" .,;:!?\"'«»()")


def slips(first: str, second: str) -> int:
    """Count the letters to add, leave out, exchange or swap with the next until both are the same (Damerau's distance)."""
    before: list[int] = []
    previous = list(range(len(second) + 1))
    for row, a in enumerate(first, 1):
        current = [row]
        for column, b in enumerate(second, 1):
            cost = min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (a != b))
            swapped = row > 1 and column > 1 and a == second[column - 2] and first[row - 2] == b
            current.append(min(cost, before[column - 2] + 1) if swapped else cost)
        before, previous = previous, current
    return previous[-1]


def score_of(right: int, asked: int) -> int:
    """Return how many of a hundred were right, rounded down: 79.9 is not 80."""
    return 100 * right // asked if asked else 0
