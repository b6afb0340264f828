"""Names, numbers and phones as comparison sees them, so that one person or store never becomes two.

Letter case, ё and е, odd spaces, leading noughts and the many ways to write a phone number make no difference.
"""

import re

from app.forms import tidy


def fold(text: str) -> str:
    """Return a line as comparison sees it: tidied, lower case, ё as е."""
    return tidy(text).casefold().replace("ё", "е")


def name_key(last_name: str, first_name: str, middle_name: str = "") -> str:
    """Return the name that search and mentions compare: "фамилия имя отчество", folded."""
    return fold(f"{last_name} {first_name} {middle_name}")[:250]


def number_key(personnel_number: str) -> str:
    """Return a personnel number as comparison sees it: 01146, 1146 and 1146.0 are one."""
    key = re.sub(r"\s", "", tidy(personnel_number)).casefold()
    key = re.sub(r"^(\d+)\.0+$", r"\1", key)
    return key.lstrip("0") or key[:1]


def phone_number(text: str) -> str | None:
    """Return a phone number in E.164 (+79161234567), the empty string for none; None where it is no phone number.

    Ten digits, or eleven that begin with 8, are Russian ones.
    """
    text = tidy(text)
    digits = re.sub(r"\D", "", text)
    if not digits:
        return "" if not text else None
    if re.search(r"[^\d\s()+.–—-]", text):
        return None
    if len(digits) == 10 and not text.startswith("+"):
        return f"+7{digits}"
    if len(digits) == 11 and digits[0] in "78":
        return f"+7{digits[1:]}"
    return f"+{digits}" if text.startswith("+") and 8 <= len(digits) <= 15 else None
