"""Passwords and PINs: what makes a good one, and how they are kept.

Hashing takes a tenth of a second on purpose; call it before the act's transaction begins, never inside.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from flask import current_app
from flask_babel import gettext as _
from werkzeug.security import check_password_hash, generate_password_hash

from app.errors import Refused

SHORTEST, LONGEST = 8, 128
PIN = re.compile(r"[0-9]{4,6}")

# What is tried first by whoever guesses; compared without digits and signs at the end, so "qwerty123!" is one of them.
_WORDS = """
    password passw passwd parol пароль пороль йцукен йцукенг йцукенгш йцу qwerty qwertyu qwertyui qwertyuiop qwert qazwsx
    qazwsxedc zaqwsx asdfgh asdfghjk asdfghjkl zxcvbn zxcvbnm фыва фывапр фывапролдж ячсмить admin administrator root user
    login welcome letmein iloveyou monkey dragon football master superman sunshine princess secret privet привет natasha
    наташа любовь люблю солнце солнышко зайка котик москва moscow russia россия spartak спартак zenit зенит magazin магазин
    ritm ритм portal портал terminal терминал director директор prodavec продавец работа rabota test тест demo qweasd
    qweasdzxc abcd abcde abcdef abcdefg abcdefgh password password1 pass abc qwe asd zxc
"""
COMMON = frozenset(_WORDS.split())


class Owner(NamedTuple):
    """What of a person must not be the secret itself."""

    number: str
    names: tuple[str, ...]
    phone: str = ""


def hash_secret(secret: str) -> str:
    """Return what the database keeps of a password or PIN."""
    return generate_password_hash(normal(secret), current_app.config["HASH_METHOD"])


def fits(secret: str, hashed: str | None) -> bool:
    """Tell whether this is the password or PIN; as slow for somebody without one, so that time tells nothing."""
    right = check_password_hash(hashed or _nobodys(current_app.config["HASH_METHOD"]), normal(secret))
    return right and hashed is not None


def check_password(password: str, owner: Owner) -> None:
    """Refuse a password that is easy to guess."""
    plain = normal(password)
    if len(plain) < SHORTEST:
        raise Refused(_("Use at least 8 characters."), "password")
    if len(plain) > LONGEST:
        raise Refused(_("Use at most 128 characters."), "password")
    folded = _folded(plain)
    stem = re.sub(r"[\W\d_]+$", "", folded)
    if len(set(folded)) < 4 or stem in COMMON or _is_run(folded) or (not stem and len(folded) < 10):
        raise Refused(_("Many people use this one. Take a few words that only you put together."), "password")
    if owner.number and re.sub(r"\D", "", folded).strip("0") == owner.number and len(folded) <= len(owner.number) + 6:
        raise Refused(_("The password must not be your personnel number."), "password")
    if any(name and stem.startswith(_folded(name)) and len(stem) <= len(name) + 3 for name in owner.names):
        raise Refused(_("The password must not be your name."), "password")


def check_pin(pin: str, owner: Owner) -> None:
    """Refuse a PIN that a colleague would try first."""
    if not PIN.fullmatch(pin):
        raise Refused(_("A PIN has 4 to 6 digits."), "pin")
    half = len(pin) // 2
    repeats = len(set(pin)) == 1 or (len(pin) % 2 == 0 and pin[:half] == pin[half:]) or pin == pin[:2] * half
    if repeats or _is_run(pin) or pin in ("1122", "2580", "112233", "121314"):
        raise Refused(_("This PIN is easy to guess. Avoid repeated digits and runs like 1234."), "pin")
    if re.fullmatch(r"(19|20)\d\d", pin):
        raise Refused(_("A year is easy to guess. Take other digits."), "pin")
    if pin.lstrip("0") == owner.number.lstrip("0") or (owner.phone and owner.phone.endswith(pin)):
        raise Refused(_("The PIN must not be your personnel number or the end of your phone number."), "pin")


def normal(secret: str) -> str:
    """Return a secret as it is hashed: the same whichever device typed it."""
    return unicodedata.normalize("NFKC", secret.encode("utf-8", "replace").decode("utf-8"))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")


def _is_run(text: str) -> bool:
    """Tell whether each character follows or precedes its neighbour: 123456, 987654, abcdef."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps in ({1}, {-1})


@cache
def _nobodys(method: str) -> str:
    return generate_password_hash("nobody has this one", method)
