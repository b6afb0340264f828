"""What makes a pot of a body: handle, spout, lid, stopper, saucer, and a candle's flame."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from app.demo.drawing.brush import curve, darker, lighter
from app.demo.drawing.forms import Look
from app.demo.drawing.shades import lay_row, porcelain_strip, thick_strip

Part = Callable[[Image.Image, float, int, int, float, Sequence[float], Look], None]


def _tube(canvas: Image.Image, points: list[tuple[float, float]], widths: tuple[float, float], look: Look) -> None:
    """Draw a bent tube that grows from one width to the other: handles and spouts."""
    line = curve(points, 14)
    pairs = list(zip(line[::2], line[1::2], strict=True))
    draw = ImageDraw.Draw(canvas)
    alpha = 255 if look.porcelain else 165
    for shift, colour in ((0.0, darker(look.colour, 0.3)), (-0.14, look.colour), (-0.26, lighter(look.colour, 0.5))):
        for place, (x, y) in enumerate(pairs):
            width = widths[0] + (widths[1] - widths[0]) * place / len(pairs)
            half = width / 2 * (1 + 2.2 * shift)
            dx = -shift * width * look.light * -1
            draw.ellipse(
                (x - half + dx, y - half + shift * width, x + half + dx, y + half + shift * width), fill=(*colour, alpha)
            )


def _handle(
    canvas: Image.Image, middle: float, top: int, tall: int, wide: float, radii: Sequence[float], look: Look
) -> None:
    upper, lower = int(tall * 0.2), int(tall * 0.72)
    reach = max(radii) * 0.42 + wide * 0.05
    first, last = middle + radii[upper] * 0.96, middle + radii[lower] * 0.94
    outer = middle + max(radii) + reach
    points = [
        (first, top + upper),
        (outer - reach * 0.25, top + tall * 0.17),
        (outer, top + tall * 0.42),
        (last, top + lower),
    ]
    _tube(canvas, points, (wide * 0.07, wide * 0.055), look)


def _spout(canvas: Image.Image, middle: float, top: int, tall: int, wide: float, radii: Sequence[float], look: Look) -> None:
    low = int(tall * 0.6)
    first = middle - radii[low] * 0.9
    points = [
        (first, top + low),
        (first - wide * 0.16, top + tall * 0.46),
        (first - wide * 0.22, top + tall * 0.2),
        (first - wide * 0.34, top + tall * 0.02),
    ]
    _tube(canvas, points, (wide * 0.2, wide * 0.075), look)


def _lid(canvas: Image.Image, middle: float, top: int, tall: int, wide: float, radii: Sequence[float], look: Look) -> None:
    strip = porcelain_strip(look) if look.porcelain else thick_strip(look.colour, look.light)
    rise = int(tall * 0.15)
    base = radii[0] * 1.04
    for row in range(rise):
        share = row / rise
        lay_row(canvas, middle, top - rise + row, base * math.sin(math.pi / 2 * (0.12 + 0.88 * share)), strip)
    for row in range(int(base * look.tilt)):
        lay_row(canvas, middle, top + row, base * math.sqrt(1 - (row / (base * look.tilt)) ** 2), strip)
    knob = tall * 0.06
    for row in range(int(2 * knob)):
        lay_row(
            canvas,
            middle,
            int(top - rise - 1.5 * knob) + row,
            knob * math.sqrt(max(0.02, 1 - ((row - knob) / knob) ** 2)),
            strip,
        )


def _stopper(
    canvas: Image.Image, middle: float, top: int, tall: int, wide: float, radii: Sequence[float], look: Look
) -> None:
    ball = tall * 0.085
    strip = thick_strip(look.colour, look.light)
    for row in range(int(2 * ball)):
        lay_row(
            canvas, middle, int(top - 2 * ball) + row, ball * math.sqrt(max(0.02, 1 - ((row - ball) / ball) ** 2)), strip
        )


def _saucer(
    canvas: Image.Image, middle: float, top: int, tall: int, wide: float, radii: Sequence[float], look: Look
) -> None:
    draw = ImageDraw.Draw(canvas)
    half, y = wide * 0.78, top + tall - tall * 0.02
    flat = half * look.tilt
    draw.ellipse((middle - half, y - flat + 5, middle + half, y + flat + 5), fill=(*darker(look.colour, 0.45), 255))
    draw.ellipse((middle - half, y - flat, middle + half, y + flat), fill=(*darker(look.colour, 0.06), 255))
    draw.ellipse(
        (middle - half * 0.7, y - flat * 0.62, middle + half * 0.7, y + flat * 0.66), fill=(*darker(look.colour, 0.16), 255)
    )


def _flame(canvas: Image.Image, middle: float, top: int, tall: int, wide: float, radii: Sequence[float], look: Look) -> None:
    draw = ImageDraw.Draw(canvas)
    half, high = radii[0] * 0.62, tall * 0.22
    draw.rectangle((middle - half, top - high, middle + half, top), fill=(244, 236, 222, 255))
    draw.rectangle((middle + half * 0.35, top - high, middle + half, top), fill=(216, 203, 188, 255))
    tip = top - high
    draw.ellipse((middle - half * 0.5, tip - tall * 0.085, middle + half * 0.5, tip - 2), fill=(255, 214, 120, 240))
    draw.ellipse((middle - half * 0.24, tip - tall * 0.055, middle + half * 0.24, tip - 4), fill=(255, 248, 224, 255))


BEHIND: dict[str, Part] = {"handle": _handle, "spout": _spout, "saucer": _saucer}
BEFORE: dict[str, Part] = {"lid": _lid, "stopper": _stopper, "flame": _flame}
