"""The demo's photos: shop windows, shelves, laid tables, parcels, halls and views, each drawn anew from its number.

A scene is a function of a generator, a season and a format; the same number always gives the same picture.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image

from app.demo.drawing.hall import hall
from app.demo.drawing.landscape import landscape
from app.demo.drawing.moods import FITTING, MOODS, Mood
from app.demo.drawing.packing import packing
from app.demo.drawing.shelf import shelf
from app.demo.drawing.still import glow_row, still
from app.demo.drawing.table import table
from app.demo.drawing.window import window

FORMATS = {"wide": (1200, 800), "photo": (1200, 900), "square": (1080, 1080), "tall": (900, 1200)}
SEASONS = ("winter", "spring", "summer", "autumn")


class Scene(NamedTuple):
    """A picture that can be drawn: its family, its season (empty: any), its format and its number in the family."""

    family: str
    season: str
    shape: str
    number: int

    @property
    def name(self) -> str:
        """Return the scene's own name, from which all its chance is drawn."""
        return f"{self.family}-{self.season or 'any'}-{self.number}"


def paint(scene: Scene) -> Image.Image:
    """Draw a scene."""
    rng = random.Random(scene.name)
    moods = FITTING[scene.season]
    mood = MOODS[moods[(scene.number + len(scene.family)) % len(moods)]]
    picture = FAMILIES[scene.family](FORMATS[scene.shape], mood, scene.season, rng)
    return picture.convert("RGB")


def album() -> list[Scene]:
    """Return all scenes that there are, about ninety."""
    counts = {"window": 3, "still": 3, "landscape": 3}
    shapes = {
        "window": ("photo", "tall", "wide"),
        "still": ("tall", "photo", "square"),
        "landscape": ("wide", "photo", "wide"),
        "glow": ("wide", "photo", "tall", "square"),
        "shelf": ("photo", "tall", "wide", "square"),
        "table": ("square", "photo", "wide"),
        "packing": ("photo", "square", "tall"),
        "hall": ("wide", "photo", "tall"),
    }
    found = [
        Scene(family, season, shapes[family][number % len(shapes[family])], number)
        for family, count in counts.items()
        for season in SEASONS
        for number in range(count)
    ]
    for family, count in {"glow": 12, "shelf": 16, "table": 10, "packing": 10, "hall": 6}.items():
        found += [Scene(family, "", shapes[family][number % len(shapes[family])], number) for number in range(count)]
    return found


Family = Callable[[tuple[int, int], Mood, str, random.Random], Image.Image]
FAMILIES: dict[str, Family] = {
    "still": still,
    "glow": glow_row,
    "shelf": shelf,
    "window": window,
    "table": table,
    "packing": packing,
    "hall": hall,
    "landscape": landscape,
}
