"""The kinds of news that announcements make."""

from flask_babel import lazy_gettext as _l

from app.announcements import joining
from app.notifications import kinds

kinds.register(
    kinds.Kind(
        "announcement",
        _l("Announcements of head office"),
        _l("New announcement"),
        _l("New announcement"),
        "announce",
        named=True,
    ),
    kinds.Kind(
        "mandatory",
        _l("Announcements to be confirmed"),
        _l("An announcement waits for your confirmation"),
        _l("An announcement waits for your confirmation"),
        "check",
        named=True,
    ),
    kinds.Kind(
        "urgent",
        _l("Urgent announcements"),
        _l("Urgent announcement: read it now"),
        _l("Urgent announcement: read it now"),
        "flag",
        named=True,
    ),
    kinds.Kind(
        "reminder",
        _l("Reminders of what I have not read"),
        _l("A reminder: head office asks you to read this"),
        _l("A reminder: head office asks you to read this"),
        "bell",
    ),
    kinds.Kind(
        joining.NEWS,
        _l("What came before me and still holds"),
        _l("What you missed"),
        _l("What you missed"),
        "announce",
        by_now=joining.in_words,
    ),
)
