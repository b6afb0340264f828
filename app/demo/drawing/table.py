"""A laid table from above: cloth or boards, plates, cutlery, glasses."""

from __future__ import annotations

import random

from PIL import Image

from app.demo.drawing.brush import (
    Colour,
    Fine,
    curve,
    darker,
    glow,
    gradient,
    lighter,
    mix,
    rgb,
    soft,
    vignette,
)
from app.demo.drawing.flowers import berries, leaves
from app.demo.drawing.moods import DRINKS, GOLD, PAPER, Mood, block, some_tint
from app.demo.drawing.shelf import draw_plate


def cloth(size: tuple[int, int], mood: Mood, rng: random.Random) -> Image.Image:
    """Draw a table from above: cloth or boards, with light from one corner."""
    width, height = size
    first = rgb(mood.wall[1]) if sum(rgb(mood.wall[1])) > 330 else lighter(rgb(mood.wall[1]), 0.12)
    if rng.random() < 0.5:
        picture = gradient(size, [lighter(first, 0.25), first, darker(first, 0.12)], across=True)
        layer = Fine(picture)
        for place in range(0, width, 9):
            layer.line([place, 0, place, height], darker(first, 0.25), 0.8, 30)
        for place in range(0, height, 9):
            layer.line([0, place, width, place], lighter(first, 0.5), 0.8, 40)
        layer.lay()
    else:
        wood = rgb(rng.choice(("#b98f66", "#8a6243", "#cfae87", "#5d4230")))
        picture = gradient(size, [lighter(wood, 0.14), wood, darker(wood, 0.16)], across=True)
        layer = Fine(picture)
        board = height / 6
        for row in range(7):
            layer.rectangle((0, row * board, width, (row + 1) * board), mix(wood, lighter(wood, 0.2), rng.random()), 70)
            layer.line([0, row * board, width, row * board], darker(wood, 0.5), 1.6, 150)
            for _ in range(12):
                y = (row + rng.random()) * board
                x = rng.uniform(-0.2, 0.9) * width
                layer.line(
                    curve([(x, y), (x + width * 0.2, y + rng.uniform(-4, 4)), (x + width * 0.45, y)], 8),
                    darker(wood, 0.3),
                    1,
                    38,
                )
        layer.lay()
    glow(picture, (width * 0.12, height * 0.08), (width * 0.9, height * 0.9), rgb(mood.lamp), 0.22)
    return picture


def table(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    """Draw a table laid for one or two."""
    width, height = size
    picture = cloth(size, mood, rng)
    rim = rgb(rng.choice((mood.accent, "#c9a24a", mood.tints[0])))
    rays = rng.choice((0, 18, 24))
    span = min(width, height) * 0.56
    places = [(0.5, 0.54)] if width <= height * 1.1 else [(0.26, 0.57), (0.75, 0.57)]
    if len(places) == 2:
        span = min(span, width * 0.3)
    for x, y in places:
        _place_setting(picture, (x * width, y * height), span, (rim, rays), mood, rng)
    layer = Fine(picture)
    for _ in range(3):
        start = (rng.uniform(0.1, 0.9) * width, -10.0)
        end = (start[0] + rng.uniform(-0.2, 0.2) * width, height * rng.uniform(0.12, 0.24))
        line = curve([start, ((start[0] + end[0]) / 2 + 20, end[1] / 2), end], 20)
        rng.choice((leaves, berries if season in ("", "winter", "autumn") else leaves))(layer, line, height * 0.55, rng)
    layer.lay()
    vignette(picture, 0.26)
    return picture


def _place_setting(
    picture: Image.Image, at: tuple[float, float], span: float, pattern: tuple[Colour, int], mood: Mood, rng: random.Random
) -> None:
    """Lay a place: plates, napkin, cutlery, glasses, all from above."""
    x, y = at
    rim, rays = pattern

    def plate(share: float, body: Colour, lines: int) -> None:
        half = span / 2 * share
        shadow = [x - half + span * 0.02, y - half + span * 0.035, x + half + span * 0.035, y + half + span * 0.05]
        soft(picture, (20, 12, 14), 0.42, span * 0.035, [("ellipse", shadow)])
        draw_plate(picture, (x - half, y - half, x + half, y + half), body, rim, lines, rng)

    plate(1.0, lighter(some_tint(mood, rng), 0.62), 0)
    plate(0.74, PAPER, rays)
    cloth = mix(rgb(mood.accent), PAPER, rng.choice((0.0, 0.15, 0.7)))
    fold = span * 0.13
    soft(
        picture,
        (20, 12, 14),
        0.35,
        10,
        [("polygon", block(x - fold + 5, y - span * 0.24 + 8, x + fold + 8, y + span * 0.24 + 12))],
    )
    layer = Fine(picture)
    layer.rectangle((x - fold, y - span * 0.25, x + fold, y + span * 0.25), cloth)
    layer.rectangle((x - fold, y - span * 0.25, x - fold * 0.2, y + span * 0.25), lighter(cloth, 0.12))
    layer.line([x - fold * 0.2, y - span * 0.25, x - fold * 0.2, y + span * 0.25], darker(cloth, 0.25), 1.4, 160)
    ring = span * 0.035
    layer.rectangle((x - fold * 1.05, y - ring, x + fold * 1.05, y + ring), GOLD, radius=4)
    layer.rectangle((x - fold * 1.05, y - ring, x + fold * 1.05, y - ring * 0.3), lighter(GOLD, 0.45), radius=4)
    metal = rgb(rng.choice(("#d5d8dc", "#d8b56a")))
    for side, kind in ((-0.58, "fork"), (-0.67, "fork"), (0.58, "knife"), (0.66, "spoon")):
        _cutlery(layer, x + side * span, y, span * 0.62, kind, metal)
    layer.lay()
    for shift, share in ((0.4, 0.15), (0.62, 0.12)):
        _glass_from_above(picture, (x + shift * span, y - 0.56 * span), span * share, mood, rng)


def _cutlery(layer: Fine, x: float, y: float, long: float, kind: str, metal: Colour) -> None:
    top, bottom = y - long / 2, y + long / 2
    wide = long * 0.034
    dark, bright = darker(metal, 0.35), lighter(metal, 0.55)
    layer.rectangle((x - wide + 4, top + 8, x + wide + 5, bottom + 6), (20, 12, 14), 60, radius=wide)
    layer.rectangle((x - wide * 0.7, y - long * 0.14, x + wide * 0.7, bottom), metal, radius=wide * 0.7)
    layer.line([x - wide * 0.25, y - long * 0.1, x - wide * 0.25, bottom - wide * 2], bright, 1.6, 200)
    if kind == "knife":
        layer.rectangle((x - wide * 0.8, top, x + wide * 0.7, y - long * 0.1), lighter(metal, 0.2), radius=wide * 0.8)
        layer.line([x + wide * 0.5, top + 6, x + wide * 0.5, y - long * 0.12], dark, 1, 120)
    elif kind == "spoon":
        layer.ellipse((x - wide * 2, top, x + wide * 2, y - long * 0.2), metal)
        layer.ellipse((x - wide * 1.4, top + 5, x + wide * 0.8, y - long * 0.26), bright, 170)
    else:
        for tine in (-1.5, -0.5, 0.5, 1.5):
            layer.line([x + tine * wide, top, x + tine * wide, y - long * 0.28], metal, wide * 0.5)
        layer.rectangle((x - wide * 1.75, y - long * 0.3, x + wide * 1.75, y - long * 0.2), metal, radius=wide)
        layer.polygon(
            [
                x - wide * 1.7,
                y - long * 0.22,
                x + wide * 1.7,
                y - long * 0.22,
                x + wide * 0.6,
                y - long * 0.1,
                x - wide * 0.6,
                y - long * 0.1,
            ],
            metal,
        )


def _glass_from_above(picture: Image.Image, at: tuple[float, float], radius: float, mood: Mood, rng: random.Random) -> None:
    x, y = at
    drink = rgb(rng.choice(DRINKS))
    soft(
        picture,
        (20, 12, 14),
        0.32,
        radius * 0.3,
        [("ellipse", [x - radius * 0.7, y - radius * 0.6, x + radius * 1.3, y + radius * 1.4])],
    )
    soft(
        picture,
        lighter(drink, 0.4),
        0.5,
        radius * 0.25,
        [("ellipse", [x + radius * 0.2, y + radius * 0.3, x + radius * 1.0, y + radius * 1.1])],
    )
    layer = Fine(picture)
    for share, colour, alpha in (
        (1, lighter(some_tint(mood, rng), 0.5), 90),
        (0.86, drink, 220),
        (0.62, lighter(drink, 0.16), 200),
        (0.34, lighter(drink, 0.3), 150),
    ):
        half = radius * share
        layer.ellipse((x - half, y - half, x + half, y + half), colour, alpha)
    layer.ellipse((x - radius, y - radius, x + radius, y + radius), None, 235, rim=(255, 255, 255), width=2)
    layer.ellipse(
        (x - radius * 0.86, y - radius * 0.86, x + radius * 0.86, y + radius * 0.86), None, 130, rim=(255, 255, 255), width=1
    )
    layer.lay()
    soft(
        picture,
        (255, 255, 255),
        0.85,
        radius * 0.08,
        [("ellipse", [x - radius * 0.62, y - radius * 0.66, x - radius * 0.3, y - radius * 0.3])],
    )
