"""The form of a path."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField

from app.content.audience import EVERYBODY
from app.content.text import BODY_LIMIT
from app.forms import Form, Line, Lines, Several
from app.learning import paths
from app.learning.path_models import Path
from app.ui import nonce


class PathForm(Form):
    """What a path is about and for whom."""

    title = Line(_l("Name of the path"), limit=400)
    body = Lines(_l("What it leads to"), limit=100 * BODY_LIMIT)
    audience = Several(_l("Who sees it"))
    in_order = BooleanField(_l("Courses open one after the other"))
    nonce = HiddenField()

    @classmethod
    def blank(cls, draft: Any, path: Path | None) -> PathForm:
        """Return the form as it is first shown: with the path as it stands, and what was typed and not sent."""
        data: dict[str, Any] = {"audience": [EVERYBODY], "nonce": nonce(), "in_order": True}
        if path is not None:
            data |= {"title": path.title, "body": path.body, "audience": path.audience.key_list, "in_order": path.in_order}
        if not draft:
            return cls(formdata=None, data=data)
        typed = {name: values for name, values in draft.items() if name in ("title", "body", "audience")}
        kept = {name: [value] for name, value in data.items() if name not in typed and isinstance(value, str)}
        kept |= {"in_order": ["y"]} if data["in_order"] else {}
        return cls(formdata=MultiDict({**kept, **typed}))

    @property
    def about(self) -> paths.About:
        """Return what the form says."""
        return paths.About(
            title=self.title.data or "",
            body=self.body.data or "",
            keys=self.audience.data,
            in_order=bool(self.in_order.data),
        )
