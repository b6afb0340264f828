"""What a request brings, as far as anybody can have typed it: no NUL in fields, queries and addresses.

No key produces it, PostgreSQL keeps none, and a layer that met one would answer by an error instead of a sentence.
"""

from typing import Any

from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import UnicodeConverter, ValidationError


class Typed(ImmutableMultiDict[str, Any]):
    """Fields of a form or of a query, freed of NUL as they arrive."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = mapping.items(multi=True) if isinstance(mapping, MultiDict) else mapping or ()
        super().__init__([(_without_nul(name), _without_nul(value)) for name, value in pairs])


class Text(UnicodeConverter):
    """A word in an address; one with NUL in it leads nowhere."""

    def to_python(self, value: str) -> str:
        if "\x00" in value:
            raise ValidationError(value)
        return value


def init_app(app: Flask) -> None:
    """Let every request read its fields this way; called after extensions that bring a request of their own."""
    request_class = app.request_class
    app.request_class = type("Request", (request_class,), {"parameter_storage_class": Typed})
    app.url_map.converters.update(default=Text, string=Text)


def _without_nul(value: Any) -> Any:
    return value.replace("\x00", "") if isinstance(value, str) else value
