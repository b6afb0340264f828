"""What stands in vases and hangs in windows: tulips, twigs, leaves, dry grass, fir and berries."""

from __future__ import annotations

import math
import random

from PIL import Image

from app.demo.drawing.brush import (
    Colour,
    Fine,
    curve,
    darker,
    lighter,
    mix,
    rgb,
)


def bouquet(picture: Image.Image, at: tuple[float, float], tall: float, season: str, rng: random.Random) -> None:
    """Draw what stands in a vase: tulips, blossoming twigs, dry grass, fir."""
    kinds = {
        "winter": ("fir", "berries"),
        "spring": ("tulips", "twigs"),
        "summer": ("twigs", "leaves"),
        "autumn": ("grass", "berries"),
    }
    kind = rng.choice(kinds.get(season, ("leaves", "twigs", "grass", "")))
    if not kind:
        return
    layer = Fine(picture)
    x, y = at
    for place in range({"tulips": 5, "fir": 5, "grass": 11}.get(kind, 6)):
        lean = (place - {"tulips": 2, "fir": 2, "grass": 5}.get(kind, 2.5)) * tall * rng.uniform(0.07, 0.13)
        tip = (x + lean, y - tall * rng.uniform(0.42, 0.72))
        line = curve([(x - lean * 0.3, y + tall * 0.5), (x + lean * 0.16, y), (x + lean * 0.7, (y + tip[1]) / 2), tip], 14)
        _STEMS[kind](layer, line, tall, rng)
    layer.lay()


def tulip(layer: Fine, line: list[float], tall: float, rng: random.Random) -> None:
    """Draw a tulip along a stem."""
    green = mix(rgb("#5f8a4f"), rgb("#8fb06c"), rng.random())
    layer.line(line, green, tall * 0.013)
    x, y = line[-2], line[-1]
    petal = rng.choice((rgb("#d8484f"), rgb("#f2b6c0"), rgb("#f6efe6"), rgb("#e98aa0")))
    wide, high = tall * 0.06, tall * 0.12
    layer.ellipse((x - wide, y - high * 0.6, x + wide, y + high * 0.5), darker(petal, 0.14))
    layer.ellipse((x - wide, y - high * 0.72, x + wide * 0.25, y + high * 0.5), petal)
    layer.ellipse((x - wide * 0.3, y - high * 0.66, x + wide, y + high * 0.48), lighter(petal, 0.16), 210)
    leaf(layer, line, 0.55, tall * 0.2, green, 1)


def leaf(layer: Fine, line: list[float], share: float, long: float, colour: Colour, side: int) -> None:
    """Draw a leaf at a share of a stem, along it and away from it."""
    place = int(len(line) / 2 * share) * 2
    x, y = line[place], line[place + 1]
    tip = (x + side * long * 0.8, y - long * 0.62)
    upper = curve([(x, y), (x + side * long * 0.22, y - long * 0.55), tip], 8)
    lower = curve([tip, (x + side * long * 0.55, y - long * 0.16), (x, y)], 8)
    layer.polygon([*upper, *lower], colour, 235)
    layer.line([x, y, *tip], lighter(colour, 0.25), 1, 120)


def twig(layer: Fine, line: list[float], tall: float, rng: random.Random) -> None:
    """Draw a twig in blossom."""
    layer.line(line, rgb("#6b4a3c"), tall * 0.009)
    bloom = rng.choice((rgb("#fbe9ee"), rgb("#f6cdd8"), rgb("#fffaf2")))
    for place in range(len(line) // 5 * 2, len(line) - 1, 8):
        x, y = line[place] + rng.uniform(-1, 1) * tall * 0.03, line[place + 1] + rng.uniform(-1, 1) * tall * 0.02
        size = tall * rng.uniform(0.012, 0.022)
        for turn in range(5):
            angle = turn * 1.2566 + rng.random()
            px, py = x + math.cos(angle) * size * 0.8, y + math.sin(angle) * size * 0.7
            layer.ellipse(
                (px - size * 0.7, py - size * 0.6, px + size * 0.7, py + size * 0.6), darker(bloom, 0.06 * (turn % 2))
            )
        layer.ellipse((x - size * 0.3, y - size * 0.3, x + size * 0.3, y + size * 0.3), rgb("#e0a94a"))


def leaves(layer: Fine, line: list[float], tall: float, rng: random.Random) -> None:
    """Draw a stem with round leaves on both sides."""
    green = mix(rgb("#6f8f78"), rgb("#a7bfa4"), rng.random())
    layer.line(line, darker(green, 0.25), tall * 0.008)
    for step, place in enumerate((0.5, 0.6, 0.7, 0.8, 0.9, 0.97)):
        leaf(layer, line, place, tall * 0.1, mix(green, rgb("#cfdccb"), rng.random() * 0.4), 1 if step % 2 else -1)


def grass(layer: Fine, line: list[float], tall: float, rng: random.Random) -> None:
    """Draw a stalk of dry grass with its ear."""
    straw = mix(rgb("#b98f52"), rgb("#e6cf9f"), rng.random())
    layer.line(line, straw, tall * 0.006)
    x, y = line[-2], line[-1]
    dx, dy = x - line[-16], y - line[-15]
    for step in range(14):
        share = step / 14
        px, py = x - dx * share * 1.4, y - dy * share * 1.4
        size = tall * 0.013 * (1 - abs(share - 0.45))
        layer.ellipse(
            (px - size * 1.5, py - size * 2.4, px + size * 1.5, py + size * 2.4), lighter(straw, 0.25 * rng.random()), 205
        )


def fir(layer: Fine, line: list[float], tall: float, rng: random.Random) -> None:
    """Draw a branch of fir."""
    green = mix(rgb("#1f4a3a"), rgb("#3d7057"), rng.random())
    layer.line(line, rgb("#4a372a"), tall * 0.008)
    for place in range(len(line) // 3 // 2 * 2, len(line) - 1, 2):
        x, y = line[place], line[place + 1]
        long = tall * 0.055 * (1.15 - place / len(line) * 0.6)
        for side in (-1, 1):
            lean = rng.uniform(0.2, 0.7)
            layer.line([x, y, x + side * long, y - long * lean], lighter(green, rng.random() * 0.25), 2.1, 235)


def berries(layer: Fine, line: list[float], tall: float, rng: random.Random) -> None:
    """Draw a bare twig with red berries."""
    layer.line(line, rgb("#5b3d33"), tall * 0.008)
    red = mix(rgb("#b3163f"), rgb("#d9542b"), rng.random())
    for place in range(len(line) // 2 // 2 * 2, len(line) - 1, 6):
        size = tall * rng.uniform(0.014, 0.02)
        x, y = line[place] + rng.uniform(-2, 2) * size, line[place + 1] + rng.uniform(-1, 1) * size
        layer.ellipse((x - size, y - size, x + size, y + size), darker(red, rng.random() * 0.3))
        layer.ellipse((x - size * 0.5, y - size * 0.6, x, y - size * 0.1), lighter(red, 0.6), 220)


_STEMS = {"tulips": tulip, "twigs": twig, "leaves": leaves, "grass": grass, "fir": fir, "berries": berries}
