"""Forms of signing in, of passwords and PINs, and of terminals."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from app.forms import Form, Line

ENTER_PASSWORD = InputRequired(_l("Enter your password."))
# What nobody types by hand is not worth hashing.
SANE = Length(max=1000, message=_l("Use at most 128 characters."))


class SignInForm(Form):
    """Who and with what."""

    login = Line(_l("Personnel number or e-mail"), [InputRequired(_l("Enter your personnel number or e-mail."))], limit=254)
    password = PasswordField(_l("Password"), [ENTER_PASSWORD, SANE])


class ForgottenForm(Form):
    """Whose password is to be set anew."""

    login = Line(_l("Personnel number or e-mail"), [InputRequired(_l("Enter your personnel number or e-mail."))], limit=254)


class CodeForm(Form):
    """The code of an invitation, typed from paper."""

    code = Line(
        _l("Code of the invitation"), [InputRequired(_l("Enter the code."))], description=_l("12 letters and digits")
    )


class NewPasswordForm(Form):
    """A first or new password; `rules` on the page say what makes a good one."""

    password = PasswordField(_l("New password"), [InputRequired(_l("Think of a password.")), SANE])


class ChangePasswordForm(Form):
    """The old password and a new one."""

    old = PasswordField(_l("Present password"), [ENTER_PASSWORD, SANE])
    password = PasswordField(_l("New password"), [InputRequired(_l("Think of a password.")), SANE])


class PinForm(Form):
    """A PIN for terminals; the password proves whose it is, unless it was typed just now."""

    pin = Line(_l("New PIN"), [InputRequired(_l("Think of a PIN."))], description=_l("4 to 6 digits"), limit=20)
    proof = PasswordField(_l("Your password"), [SANE], description=_l("So that nobody else sets a PIN for you"))


class EnrolForm(Form):
    """The code that makes a browser a terminal."""

    code = Line(_l("Terminal code"), [InputRequired(_l("Enter the code."))], description=_l("8 letters and digits"))


class TerminalNameForm(Form):
    """How a store calls its terminal."""

    name = Line(_l("Name of the terminal"), limit=80)
