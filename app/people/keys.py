"""Changing one's own password and PIN: the old password first, hashing outside of the transaction that writes."""

from __future__ import annotations

from app.database import reading
from app.extensions import db
from app.people.guesses import forgive
from app.people.invitations import owner_of, set_password
from app.people.models import Person, log_change
from app.people.passwords import Owner, check_password, check_pin, hash_secret
from app.people.sessions import SignIn, Viewer
from app.people.sign_in import held, prove_again


def change_password(viewer: Viewer, old: str, new: str) -> None:
    """Set another password for whoever knows the present one; ends the person's other sessions."""
    check_password(new, _owner(viewer))
    attempt_id = prove_again(viewer.id, old, "old")
    hashed = hash_secret(new)
    # First the person, then the tries: of two windows that do so the other way round, each would wait for the other.
    held(viewer.id)
    forgive(attempt_id)
    set_password(db.session.get_one(Person, viewer.id), hashed, keep=viewer.session_id)


def set_pin(viewer: Viewer, pin: str, proof: str | None) -> None:
    """Set a PIN; the password is asked unless the session began with it a few minutes ago."""
    check_pin(pin, _owner(viewer))
    attempt_id = None if is_proved(viewer) else prove_again(viewer.id, proof or "", "proof")
    hashed = hash_secret(pin)
    if attempt_id is not None:
        forgive(attempt_id)
    person = db.session.get_one(Person, viewer.id)
    person.pin_hash = hashed
    log_change("pin.changed", person, actor_id=viewer.id)


def is_proved(viewer: Viewer) -> bool:
    """Tell whether the viewer's session began with password or link just now."""
    with reading():
        session = db.session.get(SignIn, viewer.session_id)
        proved = session is not None and session.is_proved
        db.session.rollback()
    return proved


def _owner(viewer: Viewer) -> Owner:
    with reading():
        owner = owner_of(db.session.get_one(Person, viewer.id))
        db.session.rollback()
    return owner
