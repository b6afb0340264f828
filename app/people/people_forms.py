"""Forms of people, stores, cities, roles and one's own profile: shape and wording; meaning is the rules' business."""

from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField, SelectMultipleField, TimeField
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.forms import Form, Line, Lines, options
from app.locale import LANGUAGES
from app.people.permissions import GRANTED_ROLES, ROLE_NAMES
from app.people.profiles import ABOUT_LIMIT


def needed(sentence: Any) -> DataRequired:
    """Return the rule that a field must be filled in, with a sentence that says with what."""
    return DataRequired(sentence)


class PersonForm(Form):
    """What the staff list would say of a person."""

    last_name = Line(_l("Last name"), [needed(_l("Enter the last name."))], limit=80)
    first_name = Line(_l("First name"), [needed(_l("Enter the first name."))], limit=80)
    middle_name = Line(_l("Middle name"), limit=80, description=_l("Leave it empty where there is none."))
    personnel_number = Line(
        _l("Personnel number"),
        [needed(_l("Enter the personnel number."))],
        limit=40,
        description=_l("As the accounting writes it; the person signs in with it."),
    )
    store_id = SelectField(_l("Store"), coerce=int)
    position = SelectField(_l("Position"))
    position_title = Line(
        _l("Position in the staff list"), limit=120, description=_l("Shown instead of the general name, if you like.")
    )
    hired_on = DateField(_l("Works here since"), [Optional()])
    phone = Line(_l("Phone"), limit=60)
    email = Line(_l("E-mail"), limit=254, description=_l("Links to set a password are sent there."))


class DismissalForm(Form):
    """From which day a person does not work here any more."""

    dismissed_on = DateField(
        _l("First day without access"),
        [needed(_l("Choose the day."))],
        description=_l("Today or earlier: access ends at once, posts and comments stay."),
    )


class RehireForm(Form):
    """From which day a former employee works here again."""

    hired_on = DateField(_l("First day"), [Optional()])


class RolesForm(Form):
    """The roles that an administrator gives."""

    roles = SelectMultipleField(
        _l("Roles"),
        choices=options((role.value, ROLE_NAMES[role]) for role in GRANTED_ROLES),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class StoreForm(Form):
    """A store or the head office."""

    name = Line(_l("Name"), [needed(_l("Enter the store's name."))], limit=120)
    city_id = SelectField(_l("City"), coerce=int)
    opens_at = TimeField(_l("Opens at"), [needed(_l("Enter when work begins there."))], default=time(10))
    closes_at = TimeField(_l("Closes at"), [needed(_l("Enter when work ends there."))], default=time(20))
    is_office = BooleanField(_l("This is the head office, not a store"))


class CityForm(Form):
    """A city and how its clocks go."""

    name = Line(_l("Name"), [needed(_l("Enter the city's name."))], limit=120)
    zone = SelectField(_l("Time zone"), description=_l("Dates and times are shown by it to all people of the city."))


class ProfileForm(Form):
    """What a person says of himself and to whom."""

    about = Lines(_l("About myself"), limit=ABOUT_LIMIT, description=_l("A few words for colleagues of other stores."))
    shows_phone = BooleanField(_l("Colleagues see my phone"))
    shows_email = BooleanField(_l("Colleagues see my e-mail"))
    locale = RadioField(_l("Language"), choices=options(LANGUAGES.items()))


class StrengthForm(Form):
    """One thing that a person is good at."""

    strength = Line(_l("One more"), limit=200)


class AbsenceForm(Form):
    """Who is away from when to when, and why."""

    person_id = SelectField(_l("Who"), coerce=int)
    starts_on = DateField(_l("First day"), [needed(_l("Choose the first day."))])
    ends_on = DateField(_l("Last day"), [needed(_l("Choose the last day."))])
    kind = RadioField(
        _l("Reason"),
        choices=[("vacation", _l("Vacation")), ("sick", _l("Ill")), ("leave", _l("On leave"))],
        default="vacation",
        validate_choice=False,
    )
