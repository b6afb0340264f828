"""The form of quiet hours."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TimeField
from wtforms.validators import Optional

from app.forms import Form


class QuietForm(Form):
    """When to be left alone; both empty: never."""

    starts = TimeField(_l("Quiet from"), [Optional()])
    ends = TimeField(_l("Quiet until"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that both times are given, or none."""
        if not super().validate(extra_validators):
            return False
        if (self.starts.data is None) != (self.ends.data is None):
            missing = self.ends if self.ends.data is None else self.starts
            missing.errors = [_("Fill in both times, or leave both empty.")]
            return False
        return True
