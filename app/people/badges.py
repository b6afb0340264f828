"""Badges: a QR code on the name tag that says who stands at a terminal, so that nobody has to look for his name.

A badge is half a key: without the PIN it opens nothing.
"""

from __future__ import annotations

import secrets

from app.extensions import db
from app.people import codes
from app.people.models import Person, log_change
from app.people.sessions import hash_token

# Digits only: a scanner types them the same whatever layout the store PC is in.
LENGTH = 20


def badge_of(person: Person) -> str | None:
    """Return what stands in the QR code of a person's badge, if there is one."""
    return codes.derive("badge", person.badge_nonce, LENGTH, "0123456789") if person.badge_nonce else None


def renew_badge(person: Person) -> None:
    """Give a person a new badge; the old one names nobody any more."""
    person.badge_nonce = secrets.token_hex(16)
    person.badge_hash = hash_token(badge_of(person) or "")
    db.session.flush()
    log_change("badge.renewed", person, actor_id=person.id)


def looks_like_badge(text: str) -> bool:
    """Tell whether a text is what a scanner types for a badge."""
    return len(text) == LENGTH and text.isdigit() and text.isascii()
