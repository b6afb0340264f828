"""Comments as they are shown, drawn once: a finished one is kept under everything that it is made of, like cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.content.card_cache import Cache
from app.locale import language
from app.people.permissions import Permission
from app.people.sessions import Viewer
from app.ui import full_date, teller

# About 1.5 kB each.
KEPT = 4000


def drawn(viewer: Viewer, rows: Sequence[Any], said: bool = False) -> list[Markup]:
    """Turn rows of comments into what pages show; one that was `said` just now takes the focus."""
    ago = teller()
    moderates = viewer.can(Permission.MODERATE)
    about = (said, moderates, language(), viewer.zone_name)
    return [_one(row, ago(row.created_at), about) for row in rows]


def _one(row: Any, when: str, about: tuple[bool, bool, str, str]) -> Markup:
    key = (tuple(row), when, about)
    comment = _cache.get(key)
    if comment is None:
        template = current_app.jinja_env.get_template("content/_comment.html")
        date = full_date(row.created_at)
        # A rendered template is markup.
        comment = Markup(template.render(row=row, when=when, date=date, said=about[0], moderates=about[1]))  # noqa: S704
        _cache.put(key, comment)
    return comment


_cache: Cache[Markup] = Cache(KEPT)
