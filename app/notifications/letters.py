"""Letters with gathered news: a sentence and a link each, a way to stop them in one click, nothing that needs pictures."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadSignature, URLSafeSerializer

from app import mail
from app.notifications.inbox import Line
from app.notifications.kinds import KINDS
from app.people.models import Person

# Every kind at once, as the foot of a gathered letter offers.
EVERYTHING = "*"
SUBJECT_LIMIT = 160


def write_gathered(reader: Person, lines: list[Line]) -> None:
    """Write one letter that carries these notices; it leaves once the present transaction is committed."""
    kinds = {line.kind for line in lines}
    kind = kinds.pop() if len(kinds) == 1 else EVERYTHING
    brand = current_app.config["BRAND"]
    subject = lines[0].sentence
    if KINDS[lines[0].kind].named:
        subject = f"{subject}: {lines[0].words}"[:SUBJECT_LIMIT]
    if len(lines) > 1:
        subject = ngettext("%(num)d notice on %(brand)s", "%(num)d notices on %(brand)s", len(lines), brand=brand)
    _write(reader, subject, "gathered", kind, lines=lines, posts=[])


def write_digest(reader: Person, lines: list[Line], posts: list[Any]) -> None:
    """Write the weekly letter of what its reader missed."""
    _write(reader, _("What you missed this week"), "digest", "digest", lines=lines, posts=posts)


def unsubscribe_token(person_id: int, kind: str) -> str:
    """Return what a link needs to stop a kind of letters for a person; it opens nothing else and never runs out."""
    return str(_signer().dumps([person_id, kind]))


def read_unsubscribe_token(token: str) -> tuple[int, str] | None:
    """Return the person and kind of a link, None for one that the portal did not make."""
    try:
        person_id, kind = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return (int(person_id), str(kind)) if kind == EVERYTHING or kind in KINDS else None


def _write(reader: Person, subject: str, template: str, kind: str, **content: Any) -> None:
    base = current_app.config["BASE_URL"]
    stop = f"{base}/notifications/unsubscribe/{unsubscribe_token(reader.id, kind)}"
    label = str(KINDS[kind].label) if kind in KINDS else ""
    context = {**content, "reader": reader, "base": base, "stop": stop, "label": label, "subject": subject}
    mail.send(
        reader.email,
        subject,
        render_template(f"notifications/letter_{template}.txt", **context),
        render_template("notifications/letter.html", **context),
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="unsubscribe")
