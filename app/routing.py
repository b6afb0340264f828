"""Converters of addresses: numbers that a database can hold, and the nouns under which entries stand."""

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

from app.content.nouns import KINDS


class Id(IntegerConverter):
    """An id in an address; what no column could hold is simply not found, instead of breaking the query.

    The pattern says it, not `max`: a value refused only afterwards would be answered by 405 where another method exists.
    """

    regex = "[0-9]{1,9}"

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = 2**31 - 1) -> None:
        super().__init__(map, fixed_digits, min, max)


class Noun(BaseConverter):
    """The plural under which a kind of entry stands: `/posts/7/like` and `/ideas/9/like` are one view."""

    part_isolating = True

    def to_python(self, value: str) -> str:
        if value not in KINDS:
            raise ValidationError(value)
        return value


def init_app(app: Flask) -> None:
    """Register the converters before any address uses them."""
    app.url_map.converters["int"] = Id
    app.url_map.converters["noun"] = Noun
