"""Pieces of pages that are drawn once for each of what they say.

The frame stands on every page and says the same on most of them; drawing it took a third of a page's time. A piece's
template sees the values that it is given and nothing else, and it is kept under all of them: what two people's frames
differ in is among the values, or it cannot be in the frame. A test holds their templates to that.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup

from app.locale import language

# A few kB each: what some hundred people look at in one hour.
KEPT = 500


def init_app(app: Flask) -> None:
    """Let templates ask for pieces: `{{ piece("frame/_rail.html", me=…, main=…) }}`; all values can be hashed."""

    @lru_cache(maxsize=KEPT)
    def drawn(name: str, _spoken: str, values: tuple[tuple[str, Any], ...]) -> Markup:
        # A rendered template is markup.
        return Markup(app.jinja_env.get_template(name).render(dict(values)))  # noqa: S704

    app.jinja_env.globals["piece"] = _asked(drawn)


def _asked(drawn: Callable[..., Markup]) -> Callable[..., Markup]:
    def piece(name: str, **values: Any) -> Markup:
        return drawn(name, language(), tuple(values.items()))

    return piece
