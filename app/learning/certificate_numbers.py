"""Numbers of certificates: drawn by chance, so that none leads to another, with a symbol that finds what was mistyped.

Of the 31 symbols no two are taken for each other on paper; 31 is a prime, so that one wrong symbol, and two neighbours that
changed places, are always found.
"""

from __future__ import annotations

import secrets
import unicodedata

SYMBOLS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
# Letters of the Russian layout that look like Latin ones, capitals.
_TYPED_AS = str.maketrans("АВЕКМНРСТУХ", "ABEKMHPCTYX")
_PLACES = {symbol: place for place, symbol in enumerate(SYMBOLS)}


def draw() -> str:
    """Return a new number."""
    return complete("".join(secrets.choice(SYMBOLS) for _place in range(LENGTH - 1)))


def complete(drawn: str) -> str:
    """Return seven symbols with the one that checks them."""
    return drawn + SYMBOLS[-_weighed(drawn) % len(SYMBOLS)]


def typed(text: str) -> str:
    """Return a number as it was meant: in capitals, without spaces and dashes, Cyrillic letters read as Latin ones."""
    folded = unicodedata.normalize("NFKC", text[:60]).upper().translate(_TYPED_AS)
    return "".join(symbol for symbol in folded if symbol.isalnum())


def is_whole(number: str) -> bool:
    """Tell whether it could be a number: none is given whose last symbol does not fit the others."""
    if len(number) != LENGTH or not all(symbol in _PLACES for symbol in number):
        return False
    return complete(number[:-1]) == number


def grouped(number: str) -> str:
    """Return a number as it is printed and read out: K7MD-2XQA."""
    return f"{number[:4]}-{number[4:]}"


def _weighed(drawn: str) -> int:
    return sum((LENGTH - place) * _PLACES[symbol] for place, symbol in enumerate(drawn))
