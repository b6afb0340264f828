"""The worked example of the page that says how reach is computed; its numbers are computed, not written."""

from __future__ import annotations

from typing import Any

from app.announcements import measures
from app.announcements.measures import Counts
from app.announcements.reach_words import bar

# A store of twelve and its director, one of whom is on vacation. Five have read in time, the director among them.
STORE = Counts(
    audience=13,
    absent=1,
    told_only=4,
    opened=8,
    read=6,
    confirmed=5,
    understood=4,
    read72=5,
    directors=1,
    directors_read=1,
    directors_read72=1,
)
# After how many minutes its six readers had read it.
LAGS = (35, 90, 240, 1500, 3900, 5400)


def example() -> dict[str, Any]:
    """Return the counts of the example and what follows from them."""
    return {
        "counts": STORE,
        "states": measures.states(STORE),
        "bar": bar(STORE),
        "first_hand": measures.first_hand(STORE),
        "others": STORE.expected - STORE.directors,
        "others_read72": STORE.read72 - STORE.directors_read72,
        "others_first_hand": measures.others_first_hand(STORE),
        "relay": measures.relay(STORE),
        "is_stuck": measures.is_stuck(STORE, True),
        "lags": LAGS,
        "median": measures.median_lag(LAGS),
        "first_hand_share": measures.FIRST_HAND_SHARE,
        "enough": measures.ENOUGH_ANNOUNCEMENTS,
    }
