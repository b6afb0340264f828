"""What one form makes, it makes once: slow phones post twice, and the second is silently the first."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.extensions import db


class MadeByForm(Protocol):
    """A row that a form makes, unique by its author and the form's mark."""

    author_id: Any
    nonce: Any


Made = TypeVar("Made", bound=MadeByForm)


def former_of(kind: type[Made], author_id: int, nonce: str | None) -> Made | None:
    """Return what this very form has already made; `nonce` is the random mark that it carries."""
    if not nonce:
        return None
    return db.session.scalar(select(kind).where(kind.author_id == author_id, kind.nonce == nonce))


def add_once(kind: type[Made], made: Made) -> Made | None:
    """Add something new; return what the same form made where it came by two ways at once and the other was first."""
    author_id, nonce = made.author_id, made.nonce
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        former = former_of(kind, author_id, nonce)
        if former is None:
            raise
        return former
    return None
