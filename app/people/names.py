"""How names, numbers, phones and addresses are compared and kept, so that no spelling ever makes a second person.

Accounting lists, sign-in forms and searches all pass through here: ё and е, letter case, odd spaces, a number that a
spreadsheet turned into 1146.0, a phone written five ways. Nothing here knows the database.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u02b9`\u00b4]")
_QUOTES = re.compile('["«»„“”‟‹›]')
_BRACKETED = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?")
# What people type on the wrong layout: these Latin capitals look like Cyrillic ones.
_LOOKALIKES = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
_INITIALS = re.compile(r"[^\W\d_]\.-?(?:[^\W\d_]\.)?")
_PATRONYMIC = re.compile(r".+(?:вич|ыч|кузьмич|ильич|лукич|фомич|вна|чна|шна)$")
# Turkic patronymics are two words: Мамед кызы, Рустам оглы.
_SON_OR_DAUGHTER = frozenset({"оглы", "оглу", "оглi", "кызы", "кизи", "кзы", "гызы", "улы", "уулу", "угли", "огли"})
# A place is known without them: ТЦ «Радуга» and «Радуга» are one store.
_KINDS_OF_STORE = r"магазин[а-я]*|маг|м-н|салон|бутик|филиал|тц|трц|трк|мтрк|тк|тд|тг|молл"
_STORE_WORDS = re.compile(rf"^(?:(?:{_KINDS_OF_STORE})\b\.?[\s-]*)+", re.IGNORECASE)
_CITY_WORDS = re.compile(r"^(?:г|гор|город|пгт|пос|п|с|ст-ца|рп|р\.\s?п)\b\.?\s*|\s+(?:г|город)\.?$", re.IGNORECASE)
# Said beside a phone without being part of it; other words mean that the digits are something else.
_PHONE_WORDS = re.compile(
    r"\([^()\d]*\)|[^\W\d_]*(?:моб|сот|тел|раб|личн|дом|phone|mobile|whatsapp)[^\W\d_]*\.?", re.IGNORECASE
)
_EMAIL = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\".]+(?:\.[^@\s,;<>()\".]+)+")
# E.164 allows fifteen digits; fewer than eight are nobody's full number.
_E164_LENGTHS = range(8, 16)


class FullName(NamedTuple):
    """The parts of a name as documents write it; `middle` is empty where there is none."""

    last: str
    first: str
    middle: str = ""


def tidy(text: object) -> str:
    """Return one line of text without odd spaces and without anything no eye can see; "" for None."""
    if text is None:
        return ""
    if isinstance(text, str) and text.isprintable() and unicodedata.is_normalized("NFC", text):
        # Nearly every cell of a list: nothing in it to take away but spaces.
        return " ".join(text.split())
    kept = unicodedata.normalize("NFC", str(text).encode("utf-8", "replace").decode("utf-8"))
    return " ".join(_INVISIBLE.sub("", kept).split())


# Lists repeat themselves: a few thousand names, places and titles for a hundred thousand people.
@lru_cache(maxsize=8192, typed=True)
def fold(text: object) -> str:
    """Return a line as comparison sees it: ё is е, case, kinds of dashes, quotes and spaces do not matter."""
    folded = unicodedata.normalize("NFKC", tidy(text).replace("№", "#")).casefold().replace("ё", "е")
    folded = _APOSTROPHES.sub("'", _DASHES.sub("-", folded))
    return " ".join(re.sub(r"\s*-\s*", "-", _QUOTES.sub("", folded)).split())


def name_key(*parts: object) -> str:
    """Return a person's name as comparison sees it: "иванова ольга петровна"."""
    return " ".join(filter(None, map(fold, parts)))[:250]


def place_key(name: object) -> str:
    """Return a city's or store's name as comparison sees it: ТЦ «Радуга» and РАДУГА are one, so are г. Пермь and Пермь."""
    folded = _CITY_WORDS.sub("", fold(name)).strip(" .,")
    bare = _STORE_WORDS.sub("", folded).strip(" .,#")
    return (bare or folded or fold(name))[:120]


def number_key(number: object) -> str:
    """Return a personnel number as comparison sees it: 01146, 1146, "1146.0", "'01146" are one; "" for none."""
    written = normal_number(number)
    if written.isdecimal():
        return (written.lstrip("0") or written[:1])[:40]
    key = written.upper().replace("Ё", "Е").translate(_LOOKALIKES)
    key = re.sub(r"\s", "", key)
    return ((key.lstrip("0") or key[:1]) if key.isdigit() else key)[:40]


def normal_number(number: object) -> str:
    """Return a personnel number as it is kept: leading noughts stay, what a spreadsheet added goes."""
    if isinstance(number, str) and number.isascii() and number.isdecimal():
        return number[:40]
    text = _DASHES.sub("-", tidy(number))
    text = _APOSTROPHES.sub("'", text).strip("' \"").lstrip("№#").strip()
    text = re.sub(r"^(\d+)[.,]0+$", r"\1", text)
    if re.fullmatch(r"[\d\s]+", text):
        text = re.sub(r"\s", "", text)
    # Digits of other scripts would look the same and compare differently.
    text = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)
    return "" if not any(c.isalnum() for c in text) else text[:40]


def normal_phone(phone: object) -> str:
    """Return a phone as E.164 (+79625851781), "" where nothing in the text is one.

    Russian numbers come as 8 (962) 585-17-81, +7…, 7… or ten digits; of several the first that is a phone is taken.
    """
    text = re.sub(r"^(\d+)\.0$", r"\1", tidy(phone))
    for part in re.split(r"[,;/|]|\bдоб|\bext|\bвн\b", text):
        if found := _one_phone(part):
            return found
    return ""


def normal_email(address: object) -> str:
    """Return an e-mail address in small letters, "" where nothing in the text is one; of several the first."""
    text = tidy(address).casefold().removeprefix("mailto:")
    found = _EMAIL.search(re.sub(r"\s*@\s*", "@", text))
    return found[0].strip(".'") if found and len(found[0]) <= 254 else ""


def split_name(text: object) -> FullName:
    """Split a full name as Russian lists write it: last, first, middle.

    Knows double surnames, initials (also in front), names without a middle name, Turkic patronymics of two words, and
    the order first-middle-last, which a patronymic in second place betrays. What stands in brackets is left out.
    """
    words = _words(text)
    if not words:
        return FullName("", "")
    if _INITIALS.fullmatch(words[0]) and len(words) > 1:
        words = _surname_first(words)
    words, tail = _two_word_patronymic(words)
    if not tail and len(words) >= 3:
        patronymics = [index for index, word in enumerate(words) if index and _PATRONYMIC.match(word.casefold())]
        if patronymics == [1]:
            words, tail = [*words[2:], words[0]], [words[1]]
        elif patronymics and patronymics[-1] == len(words) - 1:
            words, tail = words[:-1], words[-1:]
        else:
            words, tail = words[:2], words[2:]
    last, first = (words[:-1], words[-1:]) if len(words) > 1 else (words, [])
    return FullName(*(_capitalised(" ".join(part))[:80].strip() for part in (last, first, tail)))


def normal_name(last: object, first: object, middle: object = "") -> FullName:
    """Return a name that came in three parts as it is kept; initials in one field are told apart."""
    parts = [" ".join(_words(part)) for part in (last, first, middle)]
    if parts[1] and not parts[2]:
        joined = split_name(f"{parts[0].replace(' ', '-')} {parts[1]}") if parts[0] else FullName("", "")
        if joined.middle:
            parts[1:] = [joined.first, joined.middle]
    return FullName(*(_capitalised(part)[:80].strip() for part in parts))


def _one_phone(text: str) -> str:
    text = _PHONE_WORDS.sub(" ", text)
    digits = re.sub(r"\D", "", text)
    if re.search(r"[^\W\d_]{4,}", text) or not digits.isascii():
        return ""
    if text.lstrip(" (").startswith("+") and digits[:1] != "8":
        international = len(digits) in _E164_LENGTHS and digits[0] != "0" and (digits[0] != "7" or len(digits) == 11)
        return f"+{digits}" if international else ""
    if digits.startswith("00") and len(digits) - 2 in _E164_LENGTHS:
        return _one_phone("+" + digits[2:])
    if digits.startswith("810") and len(digits) - 3 in _E164_LENGTHS:
        return _one_phone("+" + digits[3:])
    if len(digits) == 11 and digits[0] in "78" and digits[1] in "3456789":
        return f"+7{digits[1:]}"
    if len(digits) == 10 and digits[0] in "3489":
        return f"+7{digits}"
    return ""


def _words(text: object) -> list[str]:
    line = _APOSTROPHES.sub("'", _DASHES.sub("-", tidy(text)))
    line = re.sub(r"\s*-\s*", "-", _QUOTES.sub(" ", _BRACKETED.sub(" ", line)))
    # "О.П." stays together, "Иванова,Ольга" and "Иванова.Ольга" come apart.
    line = re.sub(r"[,;_]|(?<=[^\W\d_]{2})\.", " ", line)
    line = re.sub(r"(?<=\b[^\W\d_]\.)\s+(?=[^\W\d_]\.)", "", line)
    return [word for word in line.strip(" -'*").split() if any(c.isalpha() for c in word)]


def _surname_first(words: list[str]) -> list[str]:
    initials = [word for word in words if _INITIALS.fullmatch(word)]
    return [word for word in words if not _INITIALS.fullmatch(word)] + initials


def _two_word_patronymic(words: list[str]) -> tuple[list[str], list[str]]:
    """Take "Мамед кызы" or initials "О.П." off the end as what they are."""
    if len(words) >= 4 and fold(words[-1]) in _SON_OR_DAUGHTER:
        return words[:-2], words[-2:]
    if len(words) >= 2 and (initials := re.fullmatch(r"([^\W\d_]\.)-?([^\W\d_])\.?", words[-1])):
        return [*words[:-1], initials[1]], [initials[2] + "."]
    return words, []


def _capitalised(name: str) -> str:
    """Return ИВАНОВА-ПЕТРОВА or иванова-петрова as Иванова-Петрова; mixed letters are somebody's deliberate spelling."""
    words = [word.casefold() if fold(word) in _SON_OR_DAUGHTER else word for word in name.split()]
    written = "".join(word for word in words if fold(word) not in _SON_OR_DAUGHTER)
    if written.isupper() or written.islower():
        words = [word if fold(word) in _SON_OR_DAUGHTER else re.sub(r"[^\W\d_]+", _capital, word) for word in words]
    return " ".join(words)


def _capital(match: re.Match[str]) -> str:
    return match[0][:1].upper() + match[0][1:].lower()
