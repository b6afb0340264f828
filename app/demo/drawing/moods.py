"""The colours of the pictures: ten moods, of wall, table, lamp and glass, and which of them suit a season."""

from __future__ import annotations

import random
from typing import NamedTuple

from PIL import Image

from app.demo.drawing.brush import (
    Colour,
    darker,
    glow,
    gradient,
    rgb,
    soft,
)


class Mood(NamedTuple):
    """The colours of a picture: wall from top to bottom, table likewise, the lamp, and what the glass is tinted with."""

    wall: tuple[str, ...]
    table: tuple[str, ...]
    lamp: str
    tints: tuple[str, ...]
    accent: str


MOODS = {
    "linen": Mood(
        ("#e9e0d4", "#f6f0e6", "#d9cab6"), ("#c9ad8b", "#a88766"), "#fff1d0", ("#cfe0e6", "#b8cfd6", "#e8eef0"), "#a3123a"
    ),
    "ruby": Mood(
        ("#4a1222", "#7c2438", "#3a0e1b"), ("#3b1620", "#1f0b12"), "#ffc9a0", ("#b3163f", "#e4c3c9", "#d9dfe4"), "#e8b45c"
    ),
    "cobalt": Mood(
        ("#162a56", "#2f4f8c", "#142347"), ("#1e2c4c", "#0f1830"), "#bcd6ff", ("#2c58b8", "#cfdcf2", "#7ea3dd"), "#f0c674"
    ),
    "sage": Mood(
        ("#c5cfbf", "#e2e7da", "#aebba6"), ("#8f7a5f", "#6d5a44"), "#fff7dc", ("#7fa58d", "#d5e4da", "#a9c4b1"), "#b5532a"
    ),
    "amber": Mood(
        ("#c98b4b", "#f0c98c", "#b07436"), ("#6e4526", "#4b2d18"), "#fff0c4", ("#c9771e", "#f0d9b4", "#a34d1b"), "#7a1f2b"
    ),
    "snow": Mood(
        ("#c6d6e6", "#eaf1f7", "#b3c6da"), ("#e3ebf2", "#b9c9d9"), "#ffffff", ("#a9c8e2", "#dfeaf3", "#8fb0cf"), "#b3163f"
    ),
    "dusk": Mood(
        ("#2b2440", "#6a4a6d", "#241d36"), ("#35293d", "#1d1626"), "#ffd2a8", ("#8d6fb0", "#e3d9ec", "#c7a5b8"), "#ef9f6b"
    ),
    "rose": Mood(
        ("#ead3cf", "#f8ebe6", "#dcbcb6"), ("#d9b9a6", "#b58f7b"), "#fff3e6", ("#dba6b0", "#f2e2e4", "#c98594"), "#8a2846"
    ),
    "sea": Mood(
        ("#bcd7d8", "#e4f1ee", "#9fc3c6"), ("#d8cbb4", "#b7a488"), "#fffbe8", ("#3f9aa3", "#cfe8e6", "#7cc0c0"), "#e2725b"
    ),
    "night": Mood(
        ("#10131f", "#232a40", "#0c0f18"), ("#1a1d2a", "#0b0d15"), "#ffdca6", ("#c9d4e6", "#9fb0d0", "#e6e9f0"), "#d9a441"
    ),
}
FITTING = {
    "winter": ("snow", "ruby", "cobalt", "night"),
    "spring": ("rose", "sage", "linen", "sea"),
    "summer": ("sea", "linen", "sage", "amber"),
    "autumn": ("amber", "dusk", "ruby", "linen"),
    "": ("linen", "cobalt", "sage", "amber", "dusk", "sea", "rose", "night", "snow", "ruby"),
}
PAPER = rgb("#f4f0e8")
GOLD = rgb("#c9a24a")
DRINKS = ("#7a1030", "#d9b45a", "#e9d9a2", "#c2554a", "#8a2a3c")


def room(size: tuple[int, int], mood: Mood, rng: random.Random, line: float) -> Image.Image:
    """Draw a wall and a table that meets it at a share of the height."""
    width, height = size
    picture = gradient(size, [rgb(code) for code in mood.wall])
    edge = int(height * line)
    table = gradient((width, height - edge), [rgb(code) for code in mood.table])
    picture.paste(table, (0, edge))
    soft(
        picture,
        darker(rgb(mood.table[0]), 0.5),
        0.45,
        height * 0.03,
        [("polygon", block(0, edge - 4, width, edge + height * 0.02))],
    )
    side = rng.choice((-1, 1))
    glow(picture, (width * (0.5 + 0.32 * side), height * 0.22), (width * 0.75, height * 0.7), rgb(mood.lamp), 0.32)
    return picture


def some_tint(mood: Mood, rng: random.Random) -> Colour:
    """Choose one of the colours that the glass of a mood has."""
    return rgb(rng.choice(mood.tints))


def block(left: float, top: float, right: float, bottom: float) -> list[float]:
    """Return the corners of a rectangle, as x, y, x, y …"""
    return [left, top, right, top, right, bottom, left, bottom]
