"""Forms of the staff list: the upload, on which terms it is compared, what its columns are, the confirmation."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField
from wtforms.validators import Optional

from app.forms import Form

ABSENT = [
    ("keep", _l("Leave them as they are")),
    ("dismiss", _l("Dismiss them, but only in stores that the list names")),
]
ACCEPTED = ".xlsx,.xls,.ods,.csv,.xlsm,.xlsb"


class TermsForm(Form):
    """From which day the list holds, and what becomes of people whom it does not name."""

    effective_on = DateField(
        _l("From which day the list holds"),
        [Optional()],
        description=_l("Empty: the day that the list itself names, else today."),
    )
    absent = RadioField(_l("People who are not in the list"), choices=ABSENT, default="keep")


class UploadForm(TermsForm):
    """A staff list."""

    file = FileField(
        _l("The file from the accounting"),
        [FileRequired(_l("Choose the file."))],
        description=_l(
            "Excel (.xlsx, .xls), OpenDocument (.ods) or text (.csv): a plain table or a printout grouped by stores."
        ),
    )


class ConfirmForm(Form):
    """The last question before a list is applied that many people are missing from."""

    sure = BooleanField(_l("Yes, the list is complete: dismiss them"))


def columns_of(fields: Any) -> dict[int, str]:
    """Return what the selects say the columns are, as {column: field}; what is no answer of theirs is left out."""
    given = {}
    for name, value in fields.items():
        at = name.removeprefix("column-")
        if at != name and at.isdecimal() and len(at) < 4 and value:
            given[int(at)] = value
    return given
