"""Names for people who do not exist, as they are heard in a Russian chain: of many origins, in right grammar."""

from __future__ import annotations

import random

from app.demo.reading import sections


class Names:
    """Draws names that belong together and does not repeat a whole name while there are others."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.pools = {heading: " ".join(words).split() for heading, words in sections("names").items()}
        self.used: set[str] = set()

    def next(self, female: bool, flavour: str) -> tuple[str, str, str]:
        """Return last, first and middle name of somebody new."""
        for _ in range(20):
            last, first, middle = self._draw(female, flavour)
            if f"{first} {last}" not in self.used:
                break
        self.used.add(f"{first} {last}")
        return last, first, middle

    def _draw(self, female: bool, flavour: str) -> tuple[str, str, str]:
        share = {"tatar": 0.5, "south": 0.3, "east": 0.35}.get(flavour, 0.0)
        origin = flavour if self.rng.random() < share else ""
        if flavour in ("mixed", "") and self.rng.random() < (0.18 if flavour else 0.09):
            origin = self.rng.choice(("tatar", "tatar", "south", "south", "east"))
        suffix = f".{origin}" if origin else ""
        last = self.rng.choice(self.pools[f"surnames{suffix}"])
        first = self.rng.choice(self.pools[f"{'women' if female else 'men'}{suffix}"])
        father = self.rng.choice(self.pools[f"fathers{suffix}"])
        last = feminine(last) if female else last
        if female and not origin and self.rng.random() < 0.02:
            last = f"{last}-{feminine(self.rng.choice(self.pools['surnames'][:120]))}"
        return last, first, patronymic(father, female)


def feminine(surname: str) -> str:
    """Return a surname as a woman bears it: Смирнова, Полевая, Белинская; Ким, Шевченко and Черных stay."""
    if surname.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return surname + "а"
    if surname.endswith("ский"):
        return surname[:-2] + "ая"
    if surname.endswith(("ой", "ый")):
        return surname[:-2] + "ая"
    return surname


_FATHERS = {
    "Илья": ("Ильич", "Ильинична"),
    "Никита": ("Никитич", "Никитична"),
    "Лев": ("Львович", "Львовна"),
    "Пётр": ("Петрович", "Петровна"),
    "Павел": ("Павлович", "Павловна"),
    "Михаил": ("Михайлович", "Михайловна"),
    "Дамба": ("Дамбаевич", "Дамбаевна"),
    "Эрдэни": ("Эрдэниевич", "Эрдэниевна"),
}


def patronymic(father: str, female: bool) -> str:
    """Return the middle name of a father's child."""
    if father in _FATHERS:
        return _FATHERS[father][female]
    if father.endswith("ий"):
        stem = father[:-2] + ("ь" if father not in ("Дмитрий",) else "и")
        return stem + ("евна" if female else "евич")
    if father.endswith(("й", "ь")):
        return father[:-1] + ("евна" if female else "евич")
    return father + ("овна" if female else "ович")
