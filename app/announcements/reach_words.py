"""How reach is said and drawn: states, shares, spans of time, and the parts of a bar."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.announcements import measures
from app.announcements.measures import Counts
from app.locale import language

STATE_WORDS = {
    "understood": _l("have understood it"),
    "confirmed": _l("have confirmed it"),
    "read": _l("have read it"),
    "opened": _l("have opened it, not read to the end"),
    "told": _l("were only told"),
    "none": _l("nothing yet"),
}


class Segment(NamedTuple):
    """A part of a bar: where it begins and how wide it is, of 100."""

    state: str
    people: int
    x: float
    width: float


def bar(counts: Counts) -> list[Segment]:
    """Return the shares of the states as parts of a bar of 100, without the empty ones."""
    parts: list[Segment] = []
    x = 0.0
    for state, people in measures.states(counts).items():
        if people > 0:
            width = 100 * people / counts.audience
            parts.append(Segment(state, people, round(x, 2), round(width, 2)))
            x += width
    return parts


def state_words(state: str) -> str:
    """Say how far readers have come."""
    return _state_words(language(), state)


@cache
def _state_words(_spoken: str, state: str) -> str:
    """Say a state; once for all the bars that are made of it."""
    return str(STATE_WORDS[state])


def percent(share: float | None) -> str:
    """Say a share; what is not quite nothing or not quite all is not said to be."""
    if share is None:
        return "—"
    return f"{round(100 * share) if share in (0, 1) else min(99, max(1, round(100 * share)))}\N{NO-BREAK SPACE}%"


def span(minutes: int | None) -> str:
    """Say how long something took, in the largest unit that still says something."""
    if minutes is None:
        return "—"
    if minutes < 60:
        return ngettext("%(num)d minute", "%(num)d minutes", max(1, minutes))
    if minutes < 60 * 48:
        return ngettext("%(num)d hour", "%(num)d hours", round(minutes / 60))
    return ngettext("%(num)d day", "%(num)d days", round(minutes / 60 / 24))


FILTERS = {"bar": bar, "first_hand": measures.first_hand, "percent": percent, "span": span, "state_words": state_words}
