"""The kinds of news that certificates make."""

from flask_babel import lazy_gettext as _l

from app.notifications import kinds

kinds.register(
    kinds.Kind(
        "certificate",
        _l("My certificates"),
        _l("You have a certificate"),
        _l("You have a certificate"),
        "check",
        push=False,
        named=True,
    ),
    kinds.Kind(
        "certificate_revoked",
        _l("A certificate of mine was taken back"),
        _l("Your certificate was taken back; the page says why"),
        _l("Your certificate was taken back; the page says why"),
        "flag",
        named=True,
    ),
    kinds.Kind(
        "certificate_renewal",
        _l("When a certificate of mine is to be renewed"),
        _l("A certificate ends soon: go through the course again"),
        _l("A certificate ends soon: go through the course again"),
        "calendar",
        named=True,
    ),
    kinds.Kind(
        "certificate_expired",
        _l("When a certificate of mine has run out"),
        _l("A certificate has run out: go through the course again"),
        _l("A certificate has run out: go through the course again"),
        "clock",
        named=True,
    ),
    kinds.Kind(
        "team_certificates",
        _l("When a certificate of somebody of my team has run out"),
        _l("A certificate of somebody of your team has run out"),
        _l("A certificate of somebody of your team has run out"),
        "people",
        push=False,
    ),
)
