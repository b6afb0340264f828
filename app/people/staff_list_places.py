"""Tell city and store apart in what lists write: "Москва, Радуга", "Магазин «Радуга», г. Москва", "Радуга (Казань)"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from app.people.cities import is_surely_city, known_city
from app.people.names import fold, place_key, tidy

_CITY_MARK = re.compile(r"^(?:г|гор|город|пгт|пос[её]лок|пос|ст-ца|станица|рп)\b\.?\s*(?=[А-ЯЁ])", re.IGNORECASE)
_MARK_INSIDE = re.compile(r"^(.+?)[\s,]+(?:г|гор|город)\.\s*([А-ЯЁ].+)$", re.IGNORECASE)
_KIND = re.compile(r"^(?:магазин|маг\.?|м-н|салон|бутик|филиал|тц|трц|трк|мтрк|тк|тд)\b\.?[\s:-]*(?=\S)", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s*[,;/\\|:()\n]\s*|\s+[-–—]\s+|\s*>\s*")
# Levels above the city that a full path carries along.
_LARGER = re.compile(
    r"\bобл\b|област|\bкрай\b|республик|росси|\bрф\b|розниц|\bсеть\b|регион|дивизион|федеральн|округ|кластер"
)
_OFFICE = re.compile(r"офис|администрац|\bауп\b|головн|управление\b|дирекц|штаб|head ?quarters|\boffice\b|бэк-")
_ORGANISATION = re.compile(r"^(?:ооо|оао|зао|пао|ао|ип|тоо|общество с|организация|компания)\b")


class Place(NamedTuple):
    """Where somebody works; what the text does not say is empty."""

    city: str
    store: str


@lru_cache(maxsize=4096)
def read_place(text: str, *, city_first: bool = True, city_known: bool = False) -> Place:
    """Return city and store of a cell or group heading.

    `city_first` decides where the table of cities does not help; with `city_known` the city stands elsewhere, and the whole
    text is the store unless a part of it plainly is a city.
    """
    line = tidy(text)
    if inside := _MARK_INSIDE.match(line):
        return Place(city_name(inside[2].strip(" )")), store_name(inside[1].rstrip(" ,(-")))
    pieces = [piece for piece in _SEPARATORS.split(line) if piece and piece.strip(' "«»')]
    if len(pieces) <= 1:
        return _one_piece(line, city_known)
    index = _city_index(pieces, city_first, city_known)
    if index is None:
        return Place("", store_name(line))
    rest = [piece for at, piece in enumerate(pieces) if at != index]
    rest = [piece for piece in rest if not _LARGER.search(fold(piece))] or rest[-1:]
    is_path = re.search(r"[/\\>]", line) is not None
    return Place(city_name(pieces[index]), store_name(rest[-1] if is_path else ", ".join(rest)))


def says_city_first(texts: list[str]) -> bool:
    """Tell whether "X, Y" cells of a list begin with the city, by those whose city is known."""
    first = last = 0
    for text in texts:
        pieces = [piece for piece in _SEPARATORS.split(tidy(text)) if piece]
        if len(pieces) > 1:
            first += is_surely_city(pieces[0])
            last += is_surely_city(pieces[-1])
    return first >= last


@lru_cache(maxsize=4096)
def city_name(text: str) -> str:
    """Return a city's name as the portal writes it: the usual spelling of a known one, else as the list has it."""
    known = known_city(text)
    if known:
        return known.name
    bare = _CITY_MARK.sub("", tidy(text)).strip(' .,"«»')
    return bare.title() if bare.isupper() and len(bare) > 3 else bare[:120]


@lru_cache(maxsize=4096)
def store_name(text: str) -> str:
    """Return a store's name without "Магазин" and quotes; a mere number keeps its word."""
    line = tidy(text).strip(" ,;.-")
    bare = _KIND.sub("", line).strip()
    while (again := _KIND.sub("", bare).strip()) != bare:
        bare = again
    unquoted = bare.strip("\"'«»„“”").strip()
    if not unquoted or re.fullmatch(r"[№#\d\s.-]+", unquoted):
        return line[:120]
    # «Радуга» на Ленина keeps its quotes: they are not around the whole.
    return (unquoted if not re.search('["«»„“”]', unquoted) else bare)[:120]


def is_office(store: str) -> bool:
    """Tell whether a store's name means the head office."""
    return bool(_OFFICE.search(fold(store)))


def is_city(text: str) -> bool:
    """Tell whether a text is a city and nothing more."""
    line = tidy(text)
    return bool(_CITY_MARK.match(line) and not _SEPARATORS.search(line)) or is_surely_city(line)


def is_organisation(text: str) -> bool:
    """Tell whether a group heading names the company itself, which is no place."""
    return bool(_ORGANISATION.match(fold(text)) or (_LARGER.search(fold(text)) and not is_city(text)))


def _one_piece(line: str, city_known: bool) -> Place:
    if is_city(line):
        return Place(city_name(line), "")
    words = line.split()
    if not city_known and not _KIND.match(line):
        for size in (3, 2, 1):
            if len(words) > size:
                if is_surely_city(" ".join(words[:size])):
                    return Place(city_name(" ".join(words[:size])), store_name(" ".join(words[size:])))
                if is_surely_city(" ".join(words[-size:])):
                    return Place(city_name(" ".join(words[-size:])), store_name(" ".join(words[:-size])))
    return Place("", store_name(line))


def _city_index(pieces: list[str], city_first: bool, city_known: bool) -> int | None:
    """Return which piece is the city: one with "г.", one that surely is, one that may be, else by the list's habit."""
    for is_it in (_CITY_MARK.match, is_surely_city):
        found = [index for index, piece in enumerate(pieces) if is_it(piece)]
        if found:
            return found[0] if city_first else found[-1]
    if city_known:
        return None
    found = [index for index, piece in enumerate(pieces) if known_city(piece)]
    if found:
        return found[0] if city_first else found[-1]
    kept = [index for index, piece in enumerate(pieces) if not _LARGER.search(fold(piece)) and place_key(piece)]
    return (kept[0] if city_first else kept[-1]) if len(kept) > 1 else None
