"""The little grammar of the demo's texts: slots, choices, numbers with their nouns, words that follow the writer's gender.

    {Доброе утро|Привет}                one of these
    {3-7 набор набора наборов}          "5 наборов"; {3-7} the bare number
    <рад|рада>  <|а>                    as a man, as a woman writes it; <mate:помог|помогла> as it is said of a colleague
    {city.in}  {store}  {mate.to}       what the writer's place and colleagues are called, in the case that the text needs
    {@mate}                             a mention
    {glass}  {glass.of}                 a word of slots.txt, the same one throughout a text

A text with an unknown slot is an error and not a gap: nothing unfilled ever reaches a page.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from app.content.text import mention_key
from app.demo.company import Worker
from app.demo.reading import sections

GENDERED = re.compile(r"<(?:(\w+):)?([^<>|]*)\|([^<>|]*)>")
SLOT = re.compile(r"\{([^{}]*)\}")
NUMBER = re.compile(r"(\d+)-(\d+)(?: (\S+) (\S+) (\S+))?")
# Genitive, dative, instrumental, accusative; what "of", "to", "by" and "whom" after a name ask for.
CASES = ("of", "to", "by", "whom")


class Writer:
    """Somebody who is about to write: his place, his colleagues, his luck."""

    def __init__(self, author: Worker, rng: random.Random, find: Callable[[str, Worker], Worker]) -> None:
        self.author = author
        self.rng = rng
        self.find = find
        self.people: dict[str, Worker] = {"me": author}
        self.words: dict[str, str] = {}
        # Whom the text mentions, as the renderer wants it: {mention key: person id}.
        self.mentions: dict[str, int] = {}

    def write(self, pattern: str) -> str:
        """Fill a text in."""
        text = GENDERED.sub(self._gendered, pattern)
        while SLOT.search(text):
            text = SLOT.sub(self._slot, text)
        return text

    def person(self, name: str) -> Worker:
        """Return whom a slot means, the same one throughout a text."""
        if name not in self.people:
            self.people[name] = self.find(name, self.author)
        return self.people[name]

    def _slot(self, match: re.Match[str]) -> str:
        inside = match[1]
        if "|" in inside:
            return self.rng.choice(inside.split("|"))
        if (number := NUMBER.fullmatch(inside)) is not None:
            count = self.rng.randint(int(number[1]), int(number[2]))
            return f"{count} {plural(count, number[3], number[4], number[5])}" if number[3] else str(count)
        name, _, form = inside.partition(".")
        if name.startswith("@"):
            whom = self.person(name[1:])
            self.mentions[mention_key(whom.name)] = whom.id
            return f"@{whom.name}"
        if name in ("city", "store"):
            return _of_place(name, form, self.author)
        if name in PEOPLE:
            return _of_person(form, self.person(name))
        return self._word(name, form)

    def _word(self, name: str, form: str) -> str:
        """Return a word of slots.txt; its lines say the forms as "nominative | genitive"."""
        choices = slots()[name]
        if name not in self.words:
            self.words[name] = self.rng.choice(choices)
        forms = [part.strip() for part in self.words[name].split("|")]
        return forms[{"": 0, "of": 1}[form]] if len(forms) > 1 else forms[0]

    def _gendered(self, match: re.Match[str]) -> str:
        return match[3] if self.person(match[1] or "me").female else match[2]


# Whom slots may name: colleagues, somebody of another city, the director, people of the office, whom one answers.
PEOPLE = frozenset({"me", "mate", "mate2", "far", "director", "editor", "hr", "poster", "to"})


def needs_store(pattern: str) -> bool:
    """Tell whether a text speaks of the writer's own store or colleagues, so that no other store could have sent it."""
    return bool(re.search(r"\{@?(store|mate|mate2|director|far)[.}]|\{@", pattern))


def _of_place(name: str, form: str, author: Worker) -> str:
    town = author.shop.town
    if name == "store":
        return f"«{author.shop.name}»"
    inside = town.inside
    return {"": town.name, "in": inside, "in.cap": inside[0].upper() + inside[1:], "of": town.of}[form]


def _of_person(form: str, whom: Worker) -> str:
    if form in CASES:
        return decline(whom.first, whom.female)[CASES.index(form)]
    return {
        "": whom.first,
        "full": whom.name,
        "in": whom.shop.town.inside,
        "city": whom.shop.town.of,
        "store": f"«{whom.shop.name}»",
    }[form]


_ODD = {
    "Любовь": ("Любови", "Любови", "Любовью", "Любовь"),
    "Илья": ("Ильи", "Илье", "Ильёй", "Илью"),
    "Лев": ("Льва", "Льву", "Львом", "Льва"),
    "Павел": ("Павла", "Павлу", "Павлом", "Павла"),
    "Пётр": ("Петра", "Петру", "Петром", "Петра"),
}


def decline(first: str, female: bool) -> tuple[str, str, str, str]:
    """Return a first name in genitive, dative, instrumental and accusative."""
    if first in _ODD:
        return _ODD[first]
    stem, last = first[:-1], first[-1]
    if first.endswith("ия"):
        return stem + "и", stem + "и", stem + "ей", stem + "ю"
    if last == "я":
        return stem + "и", stem + "е", stem + "ей", stem + "ю"
    if last == "а":
        hard = stem[-1] not in "гкхжшщч"
        return stem + ("ы" if hard else "и"), stem + "е", stem + ("ей" if stem[-1] in "жшщчц" else "ой"), stem + "у"
    if female or last in "еоиуэ":
        # Айгуль, Нино: said of women and of names that end in a vowel, these stay as they are.
        return first, first, first, first
    if last in "йь":
        return stem + "я", stem + "ю", stem + "ем", stem + "я"
    return first + "а", first + "у", first + "ом", first + "а"


def plural(number: int, one: str, few: str, many: str) -> str:
    """Return the form of a noun after a number: 1 набор, 3 набора, 5 наборов; a no-break space is written as "_"."""
    tens, ones = number % 100, number % 10
    form = many
    if ones == 1 and tens != 11:
        form = one
    elif 2 <= ones <= 4 and not 12 <= tens <= 14:
        form = few
    return form.replace("_", " ")


_slots: dict[str, list[str]] = {}


def slots() -> Mapping[str, list[str]]:
    """Return the words of slots.txt, read once."""
    if not _slots:
        _slots.update(sections("slots"))
    return _slots
