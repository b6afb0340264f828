"""The base of all forms: fields say their own wording and shape, rules speak through `refuse`.

Text that cannot be typed (NUL, lone surrogates, direction marks) is taken out before any check, so that no later layer
has to think of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.errors import Refused

# More than any honest form sends under one name.
MOST = 600
# Kept in a single line: nothing that breaks it or turns the direction of writing.
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b")


class Form(FlaskForm):
    """A form with a token, whose errors may also come from a rule."""

    form_errors: list[str]

    @property
    def has_errors(self) -> bool:
        """Tell whether anything is to be corrected."""
        return bool(self.errors)

    def refuse(self, refused: Refused) -> None:
        """Show a rule's refusal at the field that it names, else above the form."""
        field = self._fields.get(refused.field)
        if field is None:
            self.form_errors = [*self.form_errors, str(refused)]
        else:
            field.errors = [*field.errors, str(refused)]


class Line(StringField):
    """One line of text, tidied: odd spaces and what no eye can see are gone. At most `limit` characters."""

    def __init__(self, label: Any = None, validators: Any = (), limit: int = 200, **kwargs: Any) -> None:
        super().__init__(label, [*validators, Length(max=limit)], filters=[tidy], **kwargs)


class Lines(TextAreaField):
    """A longer text; `app.content.text.clean` tidies it where it is kept. At most `limit` characters."""

    def __init__(self, label: Any = None, validators: Any = (), limit: int = 10_000, **kwargs: Any) -> None:
        super().__init__(label, [*validators, Length(max=limit)], **kwargs)


class Several(Field):
    """Any number of plain values under one name; empty ones do not count."""

    data: list[Any]

    def process_data(self, value: Any) -> None:
        """Begin with a list."""
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent."""
        self.data = [value for value in valuelist[:MOST] if value]


class Ids(Several):
    """Any number of ids; what is none is left out."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the ids of what was sent."""
        self.data = [int(value) for value in valuelist[:MOST] if value.isascii() and value.isdigit() and len(value) < 10]


def options(pairs: Iterable[tuple[Any, Any]], group: str | None = None) -> list[SelectChoice]:
    """Return pairs of value and words as a select, a radio group or check boxes take them."""
    return [SelectChoice(value, words, optgroup=group) for value, words in pairs]


def tidy(text: str | None) -> str:
    """Return a line as it is kept: NFC, single spaces, nothing invisible."""
    if not text:
        return ""
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    return " ".join("".join(c for c in text if c.isspace() or _shows(c)).split())


def _shows(character: str) -> bool:
    return ord(character) >= 32 and character != "\x7f" and character not in _DIRECTIONS
