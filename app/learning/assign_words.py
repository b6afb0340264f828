"""What days, states, events and causes of assignments are called."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.database import now
from app.learning.assign_dates import DAY
from app.learning.assign_models import State
from app.locale import language, zone
from app.ui import short_day

STATES = {
    State.ASSIGNED: _l("not begun"),
    State.BEGUN: _l("begun"),
    State.DONE: _l("completed"),
    State.WITHDRAWN: _l("withdrawn"),
}
EVENTS = {
    "made": _l("Assigned to its audience"),
    "cancelled": _l("Called off"),
    "assigned": _l("Assigned"),
    "returned": _l("Assigned again"),
    "begun": _l("Begun"),
    "done": _l("Completed"),
    "overdue": _l("The day has passed"),
    "withdrawn": _l("Withdrawn"),
    "nudged": _l("Reminded by hand"),
}
CAUSES = {
    "": "",
    "audience": _l("belongs to its audience"),
    "joined": _l("joined its audience later"),
    "before": _l("before it was assigned"),
    "completed": _l("everything needed is done"),
    "path_changed": _l("the path was made shorter"),
    "left": _l("left its audience"),
    "dismissed": _l("does not work here any more"),
    "cancelled": _l("the assignment was called off"),
    "archived": _l("put into the archive"),
}


def due_words(due_on: date, due_at: datetime) -> str:
    """Say until when something is to be done, or for how many days it has been late, by the clock of the learner's store."""
    present = now()
    if due_at <= present:
        return ngettext("%(num)d day late", "%(num)d days late", (present - due_at) // DAY + 1)
    if due_at - present <= DAY:
        return _("today is the last day")
    if due_at - present <= 2 * DAY:
        return _("until tomorrow")
    return _("until %(date)s", date=short_day(due_on, present.astimezone(zone()).year, language()))


def is_late(due_at: datetime) -> bool:
    """Tell whether a day has passed where the learner is."""
    return due_at <= now()


def state_words(state: str) -> str:
    """Say how far somebody has come."""
    return str(STATES[State(state)])


def rule_words(due_on: date | None, due_days: int | None, due_from: str) -> str:
    """Say until when an assignment is to be done, as its author has chosen."""
    if due_on is not None:
        return _("until %(date)s", date=short_day(due_on, 0, language()))
    if due_from == "hired":
        return ngettext("%(num)d day from the first day at work", "%(num)d days from the first day at work", due_days or 0)
    return ngettext("%(num)d day from being assigned", "%(num)d days from being assigned", due_days or 0)


FILTERS = {
    "sentence": lambda words: words[:1].upper() + words[1:],
    "is_late": is_late,
    "learning_state": state_words,
    "event_words": lambda what: str(EVENTS.get(what, what)),
    "cause_words": lambda cause: str(CAUSES.get(cause, cause)),
}
