"""The kinds of news that announcements make."""

from flask_babel import lazy_gettext as _l

from app.notifications import kinds

kinds.register(
    kinds.Kind(
        "announcement",
        _l("Announcements of head office"),
        _l("Head office announces: %(words)s"),
        _l("Head office announces: %(words)s"),
        "pin",
    ),
    kinds.Kind(
        "mandatory",
        _l("Announcements to be confirmed"),
        _l("To be confirmed: %(words)s"),
        _l("To be confirmed: %(words)s"),
        "check",
    ),
    kinds.Kind(
        "urgent",
        _l("Urgent announcements"),
        _l("Urgent: %(words)s"),
        _l("Urgent: %(words)s"),
        "flag",
    ),
)
