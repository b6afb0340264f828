"""Drafts: what somebody typed and has not sent, kept under the address that its form is sent to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import bindparam, delete, func, select, update

from app.content.models import Draft
from app.content.text import BODY_LIMIT
from app.database import insert_once, now, read_rows
from app.extensions import db

FORM = re.compile(r"/[a-z]{1,30}(/[0-9]{1,10})?(/[a-z]{1,30})?")
# One's own forms only, and never a password.
FIELDS = (
    "body", "audience", "topics", "photo", "dropped", "parent", "mention", "reason", "text", "title", "based_on",
    "importance", "when", "publish_at", "valid_until", "question", "answer1", "answer2", "answer3", "answer4", "answer5",
    "right", "passage", "ask_again", "file", "dropped_file", "subject", "whom", "people", "due", "due_on", "due_days",
)  # fmt: skip
MOST = 50
KEPT_FOR = timedelta(days=30)
# So long after the last letter a draft is offered by itself when its author comes back.
REMINDED_FOR = timedelta(days=3)


def save_draft(person_id: int, form: str, fields: Mapping[str, list[str]]) -> bool:
    """Keep the fields of a form; an empty text takes the draft away. False for what is no form of the portal."""
    if not FORM.fullmatch(form):
        return False
    if not any(text.strip() for name in ("body", "title") for text in fields.get(name, [])):
        drop_draft(person_id, form)
        return True
    kept = {
        name: [value[: 2 * BODY_LIMIT].replace("\x00", "") for value in fields[name][:60]]
        for name in FIELDS
        if name in fields
    }
    values = {"fields": kept, "updated_at": now()}
    mine = update(Draft).where(Draft.person_id == person_id, Draft.form == form).values(**values)
    if db.session.execute(mine).rowcount:  # type: ignore[attr-defined]
        return True
    if (db.session.scalar(select(func.count()).where(Draft.person_id == person_id)) or 0) >= MOST:
        return False
    if not insert_once(Draft, person_id=person_id, form=form, **values):
        # The same form is open in a second window, which was first.
        db.session.execute(mine)
    return True


def form_of(path: str, fields: Mapping[str, list[str]]) -> str:
    """Return the address that names the draft of a form: each answer to a comment is a form of its own."""
    if path == "/drafts":
        return (fields.get("form") or [""])[0]
    parent = (fields.get("parent") or [""])[0]
    return f"/comments/{parent}/reply" if path.endswith("/comments") and parent.isdigit() else path


def page_of(form: str) -> str:
    """Return the page on which the form of a draft stands."""
    if form.endswith("/comments"):
        return f"{form.removesuffix('/comments')}#comments"
    if form.endswith("/reply"):
        return form
    return f"{form}/edit" if form.rsplit("/", 1)[-1].isdigit() else f"{form}/new"


def drafts_of(person_id: int) -> Sequence[Draft]:
    """Return all that a person has typed and not sent, the latest first."""
    return db.session.scalars(
        select(Draft)
        .where(Draft.person_id == person_id, Draft.updated_at > now() - KEPT_FOR, _TYPED)
        .order_by(Draft.updated_at.desc())
    ).all()


def reminder(person_id: int) -> Markup | None:
    """Return the sentence that offers what a lock or a lost line kept from being sent, to its author alone."""
    last = db.session.scalar(select(func.max(Draft.updated_at)).where(Draft.person_id == person_id, _TYPED))
    if last is None or last < now() - REMINDED_FOR:
        return None
    return Markup('{} <a href="/drafts">{}</a>').format(_("You have a text that was not sent."), _("Open drafts"))


def draft_of(person_id: int, form: str) -> dict[str, Any]:
    """Return the kept fields of a form as {name: [values]}, empty where there are none."""
    found = read_rows(_FIELDS, {"person_id": person_id, "form": form})
    return dict(found[0].fields) if found else {}


def drop_draft(person_id: int, form: str) -> None:
    """Forget a draft: it was sent, or thrown away."""
    if FORM.fullmatch(form):
        db.session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.form == form))


# Forms have an address; what a feature keeps between two steps under another name is no text that somebody typed.
_TYPED = Draft.form.startswith("/")
# Made once: it is asked on every page with a form.
_FIELDS = select(Draft.fields).where(Draft.person_id == bindparam("person_id"), Draft.form == bindparam("form"))
