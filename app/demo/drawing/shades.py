"""How light falls across a row of a vessel, from edge to edge: through glass, on porcelain, in what is poured into it."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from PIL import Image

from app.demo.drawing.brush import Colour, darker, lighter, mix
from app.demo.drawing.forms import Look


def lay_row(canvas: Image.Image, middle: float, y: int, radius: float, strip: Image.Image) -> None:
    """Lay a strip across a row of a vessel, from edge to edge."""
    left = max(0, round(middle - radius))
    line = strip.resize((max(1, round(middle + radius) - left), 1), Image.Resampling.BILINEAR)
    canvas.alpha_composite(line, (left, y))


def _strip(shade: Callable[[float], tuple[Colour, float]]) -> Image.Image:
    """Return a row of shading from the left edge (-1) to the right one (1)."""
    strip = Image.new("RGBA", (256, 1))
    values = []
    for place in range(256):
        colour, alpha = shade(place / 127.5 - 1)
        values.append((*colour, max(0, min(255, int(alpha * 255)))))
    strip.putdata(values)
    return strip


def _bell(x: float, middle: float, width: float) -> float:
    return math.exp(-(((x - middle) / width) ** 2))


@lru_cache(maxsize=400)
def glass_strip(colour: Colour, light: float, cut: int) -> Image.Image:
    """Return how thin coloured glass looks across: clear in the middle, dark along the edges."""

    def shade(x: float) -> tuple[Colour, float]:
        edge = abs(x) ** 5
        facet = 0.12 * (math.sin(math.asin(max(-1, min(1, x))) * cut) > 0.25) if cut else 0.0
        flash = _bell(x, 0.62 * light, 0.07) + 0.45 * _bell(x, -0.7 * light, 0.05)
        body = 0.2 + 0.5 * edge + 0.1 * abs(x) + facet
        tint = darker(colour, 0.4 * edge)
        return mix(tint, (255, 255, 255), min(1.0, flash + facet)), min(0.95, body + 0.75 * flash)

    return _strip(shade)


@lru_cache(maxsize=400)
def thick_strip(colour: Colour, light: float) -> Image.Image:
    """Return how a solid piece of glass looks across: stems, feet, stoppers."""

    def shade(x: float) -> tuple[Colour, float]:
        flash = _bell(x, 0.35 * light, 0.16) + 0.5 * _bell(x, -0.55 * light, 0.12)
        return mix(darker(colour, 0.25 * abs(x)), (255, 255, 255), min(0.9, flash)), 0.55 + 0.35 * abs(x) ** 2

    return _strip(shade)


@lru_cache(maxsize=400)
def drink_strip(colour: Colour, light: float) -> Image.Image:
    """Return how a drink looks across a glass."""

    def shade(x: float) -> tuple[Colour, float]:
        through = 0.45 * _bell(x, -0.35 * light, 0.35)
        return mix(darker(colour, 0.35 * x * x), lighter(colour, 0.5), through), 0.86

    return _strip(shade)


@lru_cache(maxsize=400)
def _porcelain(colour: Colour, light: float) -> Image.Image:
    def shade(x: float) -> tuple[Colour, float]:
        turned = math.cos(math.asin(max(-1.0, min(1.0, x))) - 0.75 * light)
        bounce = 0.16 * _bell(x, -0.97 * light, 0.16)
        tone = mix(darker(colour, 0.52), lighter(colour, 0.18), max(0.0, min(1.0, 0.12 + 0.85 * turned + bounce)))
        return mix(tone, (255, 255, 255), 0.85 * _bell(x, 0.5 * light, 0.045)), 1.0

    return _strip(shade)


def porcelain_strip(look: Look) -> Image.Image:
    """Return how the vessel of a look takes the light across."""
    return _porcelain(look.colour, look.light)


@lru_cache(maxsize=100)
def gold_strip(colour: Colour, light: float) -> Image.Image:
    """Return how a gilded band looks across."""
    return _strip(lambda x: (mix(darker(colour, 0.4), lighter(colour, 0.6), _bell(x, 0.45 * light, 0.25)), 0.95))
