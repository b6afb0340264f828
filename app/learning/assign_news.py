"""The kinds of news that assignments make."""

from flask_babel import lazy_gettext as _l

from app.notifications import kinds

kinds.register(
    kinds.Kind(
        "assigned",
        _l("What I am to learn"),
        _l("A course or a path was assigned to you"),
        _l("A course or a path was assigned to you"),
        "learn",
        named=True,
    ),
    kinds.Kind(
        "due",
        _l("Three days before a day for learning"),
        _l("Three days or less are left to learn this"),
        _l("Three days or less are left to learn this"),
        "calendar",
        named=True,
    ),
    kinds.Kind(
        "due_today",
        _l("On the last day for learning"),
        _l("Today is the last day to learn this"),
        _l("Today is the last day to learn this"),
        "clock",
        named=True,
    ),
    kinds.Kind(
        "overdue",
        _l("What I have not learned in time"),
        _l("The day has passed, and this is not completed yet"),
        _l("The day has passed, and this is not completed yet"),
        "flag",
        named=True,
    ),
    kinds.Kind(
        "nudge",
        _l("When I am reminded to learn"),
        _l("%(who)s asks you to complete this"),
        _l("%(who)s ask you to complete this"),
        "bell",
        named=True,
    ),
    kinds.Kind(
        "team_overdue",
        _l("When somebody of my team is late with learning"),
        _l("Somebody of your team has not learned in time"),
        _l("Somebody of your team has not learned in time"),
        "people",
        push=False,
    ),
)
