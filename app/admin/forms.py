"""Forms of groups."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired

from app.forms import Form, Line, Lines


class GroupForm(Form):
    """What a group is called."""

    name = Line(_l("What is the group called?"), [DataRequired(_l("Enter the group's name."))], limit=120)


class NumbersForm(Form):
    """Personnel numbers, pasted from a letter or a table."""

    numbers = Lines(
        _l("Personnel numbers"),
        [DataRequired(_l("Paste at least one personnel number."))],
        limit=400_000,
        description=_l("With spaces, commas or each on a line of its own, as they come out of a table."),
    )
