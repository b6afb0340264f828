"""Results of answers inside a package, as people read them."""

from __future__ import annotations

from flask_babel import gettext as _

from app.learning.scorm_models import ScormInteraction


def said_result(answer: ScormInteraction) -> str:
    """Say how an answer was judged; the package's own word, a number of points for example, is said as it is."""
    known = {
        "correct": _("right"),
        "wrong": _("not right"),
        "incorrect": _("not right"),
        "unanticipated": _("not expected"),
        "neutral": "—",
    }
    return known.get(answer.result, answer.result)
