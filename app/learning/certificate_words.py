"""What states and days of certificates are called."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.learning.certificates import State, state_of
from app.ui import day

STATES = {
    State.VALID: _l("valid"),
    State.ENDING: _l("ends soon"),
    State.EXPIRED: _l("has run out"),
    State.RENEWED: _l("renewed"),
    State.REVOKED: _l("taken back"),
}
TAGS = {State.VALID: "tag--good", State.ENDING: "tag--care", State.EXPIRED: "tag--bad", State.REVOKED: "tag--bad"}


def state_words(certificate: Any, today: date) -> str:
    """Say in a sentence until when it is valid, or since when it is not."""
    state = state_of(certificate, today)
    if state == State.REVOKED:
        return _("taken back")
    if state == State.RENEWED:
        return _("a newer one took its place")
    if certificate.valid_until is None:
        return _("valid for ever")
    if state == State.EXPIRED:
        return _("ran out on %(date)s", date=day(certificate.valid_until))
    return _("valid until %(date)s", date=day(certificate.valid_until))


def term_words(months: int | None) -> str:
    """Say how long certificates of a course are valid."""
    if months is None:
        return _("valid for ever")
    return ngettext("valid for %(num)d month", "valid for %(num)d months", months)


GLOBALS = {
    "state_of_certificate": state_of,
    "names_of_certificate_states": STATES,
    "tags_of_certificates": TAGS,
    "certificate_words": state_words,
    "certificate_term": term_words,
}
