"""How far news has come, as numbers: what every page, workbook and worked example of reach computes with.

Nothing here knows of the database. A share of fewer than five people would tell of single ones, so there is none, and
stores of fewer than five stand together (docs/decisions/0050-reach.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.people.small_stores import FEWEST

# How far a reader has come, the farthest first; each of the audience is in exactly one of these.
STATES = ("understood", "confirmed", "read", "opened", "told", "none")
# A share of stores over weeks that is called first-hand, and how many announcements it takes to say so.
FIRST_HAND_SHARE = 0.75
STUCK_SHARE = 0.5
ENOUGH_ANNOUNCEMENTS = 3


class Counts(NamedTuple):
    """The counts of a store or of several, as `AnnouncementReach` explains them."""

    audience: int = 0
    absent: int = 0
    told_only: int = 0
    opened: int = 0
    read: int = 0
    confirmed: int = 0
    understood: int = 0
    read72: int = 0
    directors: int = 0
    directors_read: int = 0
    directors_read72: int = 0

    @property
    def expected(self) -> int:
        """Return how many could have read it in time: the audience without those who were away."""
        return self.audience - self.absent

    @property
    def unread(self) -> int:
        """Return how many have not read it."""
        return self.audience - self.read


def total(parts: Iterable[Counts]) -> Counts:
    """Add counts up."""
    return Counts(*map(sum, zip(*parts, strict=True))) if (parts := list(parts)) else Counts()


def first_hand(counts: Counts) -> float | None:
    """Return FirstHand72: read or better within 72 hours, of the audience without those who were away."""
    return _share(counts.read72, counts.expected)


def others_first_hand(counts: Counts) -> float | None:
    """Return FirstHand72 of a store's people without its director."""
    return _share(counts.read72 - counts.directors_read72, counts.expected - counts.directors)


def relay(counts: Counts) -> float | None:
    """Return Relay: who was told and has not opened it, of the audience."""
    return _share(counts.told_only, counts.audience)


def is_stuck(counts: Counts, is_settled: bool) -> bool:
    """Tell whether news stopped at the director: he read it, and fewer than half of the others did so in 72 hours.

    Not before these hours are over: until then everybody may still read it in time.
    """
    others = others_first_hand(counts)
    return is_settled and counts.directors_read > 0 and others is not None and others < STUCK_SHARE


def states(counts: Counts) -> dict[str, int]:
    """Return how many have come exactly so far, as {state: people}; they add up to the audience."""
    # What asks for no confirmation is understood without one.
    asked = max(counts.confirmed, counts.understood)
    return {
        "understood": counts.understood,
        "confirmed": asked - counts.understood,
        "read": counts.read - asked,
        "opened": counts.opened - counts.read,
        "told": counts.told_only,
        "none": counts.audience - counts.opened - counts.told_only,
    }


def median_lag(lags: Sequence[int]) -> int | None:
    """Return after how long half of the readers had read it, from the lags of all of them in any order."""
    if len(lags) < FEWEST:
        return None
    return sorted(lags)[(len(lags) - 1) // 2]


def over_weeks(counts: Counts, announcements: int) -> str:
    """Say how news reaches a store over some weeks: "first-hand", "stuck", "between", or "unknown" while there is little."""
    share, others = first_hand(counts), others_first_hand(counts)
    if announcements < ENOUGH_ANNOUNCEMENTS or share is None:
        return "unknown"
    if counts.directors_read > 0 and others is not None and others < STUCK_SHARE:
        return "stuck"
    return "first-hand" if share >= FIRST_HAND_SHARE else "between"


def few_or(count: int, of: int) -> int | None:
    """Return a count where neither it nor the rest is one to four people, else None: "fewer than five"."""
    return count if FEWEST <= count <= of - FEWEST else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole >= FEWEST else None
