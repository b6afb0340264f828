"""How often a secret may be guessed: five times in fifteen minutes for one person, whoever guesses and from wherever.

A try is written and committed before the secret is looked at. Whoever commits as the n-th sees n tries, so that guesses
made at the same moment share one limit. Addresses and forwarding headers play no part.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from flask_babel import ngettext
from sqlalchemy import delete, update

from app.database import now, reading
from app.errors import Refused
from app.extensions import db
from app.people.access import GUESS_WINDOW, GUESSES, Attempt

KEPT_FOR = timedelta(days=1)


def guess(subject: str, check: Callable[[], bool], wrong: Refused) -> int:
    """Let a secret be tried once: raise Refused where the limit is reached, or `wrong` where it does not fit.

    Returns the try's id for `forgive`. Commits what the session holds, and leaves it outside of any transaction.
    """
    attempt = Attempt(subject=subject[:120], at=now())
    db.session.execute(delete(Attempt).where(Attempt.at < now() - KEPT_FOR))
    db.session.add(attempt)
    db.session.flush()
    attempt_id = attempt.id
    db.session.commit()
    with reading():
        tries = list(db.session.scalars(Attempt.failed(subject[:120])))
        db.session.rollback()
    if len(tries) > GUESSES:
        forget(attempt_id)
        db.session.commit()
        raise Refused(_try_again(tries))
    if not check():
        raise wrong
    return attempt_id


def forgive(attempt_id: int) -> None:
    """Note that a try was right, so that it counts no more."""
    db.session.execute(update(Attempt).where(Attempt.id == attempt_id).values(succeeded=True))


def forget(attempt_id: int) -> None:
    """Take a try away that never came to look at the secret: it must not make the wait longer."""
    db.session.execute(delete(Attempt).where(Attempt.id == attempt_id))


def clear(subject: str) -> None:
    """Forget all tries for a subject: the secret is a new one."""
    db.session.execute(delete(Attempt).where(Attempt.subject == subject))


def _try_again(tries: list[datetime]) -> str:
    # Room is made when the oldest but one of those that fill the limit leaves the window.
    free_at = tries[GUESSES] + GUESS_WINDOW
    minutes = max(1, ceil((free_at - now()).total_seconds() / 60))
    return ngettext(
        "Too many wrong tries. Try again in %(num)d minute.", "Too many wrong tries. Try again in %(num)d minutes.", minutes
    )
