"""What editors' forms of courses and of paths have in common: a title, a description, and who is to see it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.content.text import BODY_LIMIT, clean
from app.errors import Refused
from app.forms import tidy

TITLE_LIMIT = 160


def check_about(title: str, body: str, keys: Sequence[str], *, untitled: str) -> None:
    """Refuse what cannot be kept; `untitled` is the sentence for whoever gave no title."""
    title = tidy(title)
    if not title:
        raise Refused(untitled, "title")
    if len(title) > TITLE_LIMIT:
        raise Refused(_("The title is too long: %(n)d characters at most.", n=TITLE_LIMIT), "title")
    if len(clean(body)) > BODY_LIMIT:
        raise Refused(_("The description is too long: %(n)d characters at most.", n=BODY_LIMIT), "body")
    if not keys:
        raise Refused(_("Choose who is to see it."), "audience")
