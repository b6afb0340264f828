"""The forms of certificates: what a course gives, and why one is taken back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import Optional

from app.forms import Form, Line, Lines, options
from app.learning.certificate_models import CertificateRule
from app.learning.certificate_rules import WORDS_LIMIT, Wish
from app.learning.certificates import WHY_LIMIT


class RuleForm(Form):
    """That a course gives certificates, for how long, and what they say."""

    is_on = BooleanField(_l("Whoever completes the course gets a certificate"))
    term = RadioField(
        _l("How long it is valid"),
        choices=options([("months", _l("Some months, then it is renewed")), ("ever", _l("For ever"))]),
        default="months",
        validate_choice=False,
    )
    months = IntegerField(_l("How many months"), [Optional()])
    opens_days = IntegerField(
        _l("Renewal opens, days before the end"),
        [Optional()],
        description=_l("From that day the learner is reminded and may go through the course again."),
    )
    words = Lines(
        _l("The sentence on the sheet"),
        limit=4 * WORDS_LIMIT,
        description=_l("Stands between the name and the name of the course, in Russian. Empty: the portal's own sentence."),
    )

    @classmethod
    def blank(cls, rule: CertificateRule | None) -> RuleForm:
        """Return the form as it is first shown."""
        if rule is None:
            return cls(formdata=None, data={"is_on": True, "term": "months", "months": 12, "opens_days": 30})
        term = "ever" if rule.months is None else "months"
        names = {"is_on": rule.is_on, "opens_days": rule.opens_days, "words": rule.words}
        return cls(formdata=None, data={**names, "term": term, "months": rule.months or 12})

    @property
    def wish(self) -> Wish:
        """Return what the form says."""
        for_ever = self.term.data == "ever"
        return Wish(
            is_on=bool(self.is_on.data),
            months=None if for_ever else self.months.data,
            opens_days=30 if self.opens_days.data is None else self.opens_days.data,
            words=self.words.data or "",
            is_incomplete=not for_ever and self.months.data is None,
        )


class WhyForm(Form):
    """Why a certificate is taken back."""

    why = Line(_l("Why"), limit=4 * WHY_LIMIT, description=_l("The holder and the log are told."))
