"""Parcels, ribbons and open boxes on a packing table, from above."""

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
    soft,
    vignette,
)
from app.demo.drawing.flowers import berries, fir, grass, leaves
from app.demo.drawing.moods import GOLD, PAPER, Mood, block, some_tint
from app.demo.drawing.table import cloth
from app.demo.drawing.vessels import Look, vessel


def packing(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    """Draw presents on a packing table."""
    width, height = size
    picture = cloth(size, mood, rng)
    kraft = rgb("#c39b6c")
    papers = [kraft, PAPER, mix(rgb(mood.accent), kraft, 0.2), lighter(some_tint(mood, rng), 0.2)]
    side = min(width, height)
    spots = [(0.36, 0.46, 0.5), (0.76, 0.3, 0.3), (0.74, 0.72, 0.34)]
    if height > width:
        spots = [(0.46, 0.36, 0.62), (0.3, 0.78, 0.36), (0.74, 0.74, 0.34)]
    for place, (x, y, share) in enumerate(spots):
        wide = side * share * rng.uniform(0.92, 1.08)
        open_box = place == 0 and rng.random() < 0.45
        (_open_box if open_box else _gift)(
            picture, (x * width, y * height), wide, papers[place % 4] if not open_box else kraft, mood, rng
        )
    for x, y in ((0.1, 0.86), (0.93, 0.5)):
        _ribbon_roll(picture, (x * width, y * height), side * 0.09, rgb(mood.accent), rng)
    layer = Fine(picture)
    start = (width * 0.02, height * 0.14)
    stem = rng.choice((leaves, berries, fir if season == "winter" else leaves, grass))
    stem(layer, curve([start, (width * 0.12, height * 0.1), (width * 0.24, height * 0.03)], 24), height * 0.5, rng)
    layer.lay()
    vignette(picture, 0.18)
    return picture


def _gift(picture: Image.Image, at: tuple[float, float], wide: float, paper: Colour, mood: Mood, rng: random.Random) -> None:
    """Draw a wrapped box from above, slightly turned, with a ribbon and a bow."""
    x, y = at
    tall = wide * rng.uniform(0.7, 1.0)
    turn = rng.uniform(-0.22, 0.22)

    def spot(u: float, v: float) -> tuple[float, float]:
        return x + u * math.cos(turn) - v * math.sin(turn), y + u * math.sin(turn) + v * math.cos(turn)

    def quad(left: float, top: float, right: float, bottom: float) -> list[float]:
        return [*spot(left, top), *spot(right, top), *spot(right, bottom), *spot(left, bottom)]

    half, high = wide / 2, tall / 2
    soft(picture, (20, 12, 14), 0.5, wide * 0.05, [("polygon", [v + wide * 0.045 for v in quad(-half, -high, half, high)])])
    ribbon = rgb(mood.accent) if paper[0] > 150 else lighter(GOLD, 0.2)
    layer = Fine(picture)
    layer.polygon(quad(-half, -high, half, high), paper)
    layer.polygon(quad(-half, -high, half, -high + tall * 0.5), lighter(paper, 0.1), 170)
    layer.polygon(quad(half - wide * 0.03, -high, half, high), darker(paper, 0.3), 170)
    layer.polygon(quad(-half, high - tall * 0.03, half, high), darker(paper, 0.34), 190)
    if rng.random() < 0.5:
        for place in range(7):
            u = -half + wide * (place + 0.5) / 7
            layer.line([*spot(u, -high), *spot(u, high)], lighter(paper, 0.35), wide * 0.012, 120)
    band = wide * 0.045
    middle = rng.uniform(-0.12, 0.12) * wide
    for points in (quad(middle - band, -high, middle + band, high), quad(-half, -band, half, band)):
        layer.polygon(points, ribbon)
    layer.polygon(quad(middle - band, -high, middle - band * 0.4, high), lighter(ribbon, 0.25), 180)
    layer.polygon(quad(-half, -band, half, -band * 0.4), lighter(ribbon, 0.25), 180)
    for side in (-1, 1):
        loop = [
            spot(middle, 0),
            spot(middle + side * wide * 0.12, -wide * 0.13),
            spot(middle + side * wide * 0.22, -wide * 0.03),
            spot(middle + side * wide * 0.1, wide * 0.04),
            spot(middle, 0),
        ]
        points = curve(loop, 10)
        layer.polygon(points, darker(ribbon, 0.1))
        layer.polygon(
            [v + (x - v if place % 2 == 0 else y - v) * 0.28 for place, v in enumerate(points)], lighter(ribbon, 0.22), 210
        )
        tail = [
            spot(middle, 0),
            spot(middle + side * wide * 0.08, wide * 0.1),
            spot(middle + side * wide * 0.17, wide * 0.2),
        ]
        layer.line(curve(tail, 8), ribbon, band * 0.9)
    knot = spot(middle, 0)
    layer.ellipse((knot[0] - band, knot[1] - band, knot[0] + band, knot[1] + band), darker(ribbon, 0.2))
    layer.lay()


def _open_box(
    picture: Image.Image, at: tuple[float, float], wide: float, paper: Colour, mood: Mood, rng: random.Random
) -> None:
    """Draw an open carton with tissue paper and glasses lying in it."""
    x, y = at
    half, high = wide / 2, wide * 0.42
    soft(
        picture,
        (20, 12, 14),
        0.5,
        wide * 0.05,
        [("polygon", [v + wide * 0.05 for v in block(x - half, y - high, x + half, y + high)])],
    )
    layer = Fine(picture)
    flap = wide * 0.13
    layer.polygon(
        [
            x - half,
            y - high,
            x + half,
            y - high,
            x + half + flap * 0.4,
            y - high - flap,
            x - half - flap * 0.4,
            y - high - flap,
        ],
        lighter(paper, 0.16),
    )
    layer.polygon(
        [
            x - half,
            y + high,
            x + half,
            y + high,
            x + half + flap * 0.4,
            y + high + flap,
            x - half - flap * 0.4,
            y + high + flap,
        ],
        darker(paper, 0.06),
    )
    layer.rectangle((x - half, y - high, x + half, y + high), darker(paper, 0.5))
    _paper_wool(layer, (x, y), (half, high), 210, rng)
    layer.lay()
    name = rng.choice(("wine", "flute", "tumbler", "drop"))
    for place in range(2):
        sprite = vessel(
            name, wide * 0.62 if name != "tumbler" else wide * 0.36, Look(some_tint(mood, rng), light=-1, tilt=0.12)
        ).image
        turned = sprite.rotate(90 + rng.uniform(-6, 6), expand=True, resample=Image.Resampling.BICUBIC)
        picture.paste(
            turned, (int(x - turned.width / 2), int(y - high * 0.5 + place * high * 0.92 - turned.height / 2)), turned
        )
    layer = Fine(picture)
    _paper_wool(layer, (x, y), (half, high), 26, rng)
    layer.lay()


def _paper_wool(layer: Fine, at: tuple[float, float], half: tuple[float, float], count: int, rng: random.Random) -> None:
    """Strew the curled strips of paper in which glasses travel."""
    x, y = at
    for _ in range(count):
        px, py = x + rng.uniform(-0.86, 0.86) * half[0], y + rng.uniform(-0.82, 0.82) * half[1]
        angle, long = rng.uniform(0, math.tau), half[0] * rng.uniform(0.07, 0.14)
        bend = rng.uniform(-0.8, 0.8) * long
        dx, dy = math.cos(angle) * long, math.sin(angle) * long
        dx, dy = (
            min(max(dx, x - half[0] * 0.97 - px), x + half[0] * 0.97 - px),
            min(max(dy, y - half[1] * 0.97 - py), y + half[1] * 0.97 - py),
        )
        line = curve(
            [(px, py), (px + dx / 2 - dy / long * bend * 0.5, py + dy / 2 + dx / long * bend * 0.5), (px + dx, py + dy)], 7
        )
        tone = mix(rgb("#d9c3a2"), rgb("#fbf3e4"), rng.random())
        layer.line([value + 1.5 for value in line], darker(tone, 0.55), half[0] * 0.018, 90)
        layer.line(line, tone, half[0] * 0.016)


def _ribbon_roll(picture: Image.Image, at: tuple[float, float], radius: float, colour: Colour, rng: random.Random) -> None:
    x, y = at
    soft(
        picture,
        (20, 12, 14),
        0.42,
        radius * 0.25,
        [("ellipse", [x - radius * 0.8, y - radius * 0.7, x + radius * 1.25, y + radius * 1.35])],
    )
    layer = Fine(picture)
    for step in range(9):
        share = 1 - step * 0.075
        half = radius * share
        layer.ellipse((x - half, y - half, x + half, y + half), lighter(colour, 0.18) if step % 2 else darker(colour, 0.12))
    layer.ellipse((x - radius * 0.32, y - radius * 0.32, x + radius * 0.32, y + radius * 0.32), rgb("#8b6a4a"))
    tail = curve(
        [
            (x + radius * 0.7, y - radius * 0.7),
            (x + radius * 1.5, y - radius * 0.5),
            (x + radius * 1.9, y - radius * 1.3),
            (x + radius * 2.8, y - radius * 1.1),
        ],
        14,
    )
    layer.line(tail, colour, radius * 0.24)
    layer.line(tail, lighter(colour, 0.3), radius * 0.07, 170)
    layer.lay()
