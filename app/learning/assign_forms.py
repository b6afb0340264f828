"""The forms of an assignment: what, for whom, until when, why; and calling one off."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import Optional

from app.forms import Form, Ids, Line, Lines, Several, options
from app.learning.assigning import NOTE_LIMIT, REASON_LIMIT, Wish
from app.ui import nonce

TYPED = ("subject", "audience", "whom", "people", "due", "due_on", "due_days", "body")


class AssignForm(Form):
    """What is to be learned by whom until when; editors choose an audience, directors people of their store."""

    subject = SelectField(_l("What is to be learned"), validate_choice=False)
    audience = Several(_l("Who is to learn it"))
    whom = RadioField(
        _l("Who is to learn it"),
        choices=options(
            [("store", _l("Everybody in my store, also who comes later")), ("people", _l("Only those I choose"))]
        ),
        default="store",
        validate_choice=False,
    )
    people = Ids(_l("Who is to learn it"))
    due = RadioField(
        _l("Until when"),
        choices=options(
            [
                ("on", _l("Until a day")),
                ("assigned", _l("Some days from being assigned")),
                ("hired", _l("Some days from the first day at work")),
            ]
        ),
        default="on",
        validate_choice=False,
    )
    due_on = DateField(_l("Last day"), [Optional()])
    due_days = IntegerField(_l("How many days"), [Optional()])
    body = Lines(_l("Why"), limit=4 * NOTE_LIMIT, description=_l("Shown to whoever is to learn it. May stay empty."))
    nonce = HiddenField()

    @classmethod
    def blank(cls, draft: Any, subject: str = "") -> AssignForm:
        """Return the form as it is first shown, with what was typed and not sent."""
        data: dict[str, Any] = {"nonce": nonce(), "subject": subject, "due": "on", "whom": "store"}
        if not draft:
            return cls(formdata=None, data=data)
        typed = {name: values for name, values in draft.items() if name in TYPED}
        kept = {name: [value] for name, value in data.items() if name not in typed}
        return cls(formdata=MultiDict({**kept, **typed}))

    @property
    def own_store(self) -> bool:
        """Tell whether it is a director's form."""
        return "whom" in request.form

    @property
    def wish(self) -> Wish:
        """Return what the form says."""
        by_names = self.own_store and self.whom.data == "people"
        return Wish(
            subject=self.subject.data or "",
            keys=self.audience.data,
            of_store=self.own_store and not by_names,
            people=self.people.data if by_names else (),
            due=self.due.data or "",
            due_on=self.due_on.data,
            due_days=self.due_days.data,
            note=self.body.data or "",
        )

    def offer(self, courses: Any, paths: Any) -> None:
        """Say what may be chosen."""
        of_courses = options(((f"course:{row.id}", row.title) for row in courses), _("Courses"))
        of_paths = options(((f"path:{row.id}", row.title) for row in paths), _("Learning paths"))
        self.subject.choices = [*options([("", _("Choose …"))]), *of_paths, *of_courses]


class CancelForm(Form):
    """Why an assignment is called off."""

    reason = Line(_l("Why it is called off"), limit=2 * REASON_LIMIT)
