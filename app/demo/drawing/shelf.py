"""Shelves full of glass and porcelain, and the plates that stand on them."""

from __future__ import annotations

import math
import random

from PIL import Image

from app.demo.drawing.brush import (
    Colour,
    Fine,
    darker,
    gradient,
    lighter,
    lit,
    rgb,
    soft,
    vignette,
)
from app.demo.drawing.forms import GLASSES, PORCELAIN, VASES, Look
from app.demo.drawing.moods import GOLD, PAPER, Mood, block, some_tint
from app.demo.drawing.vessels import stand, vessel


def shelf(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    """Draw shelves with rows of glass and porcelain."""
    width, height = size
    rows = 4 if height > width else 3
    wall = [rgb(code) for code in mood.wall]
    dark = sum(wall[1]) < 330
    picture = gradient(size, [darker(wall[0], 0.12), wall[1], darker(wall[2], 0.1)], across=rng.random() < 0.5)
    step = height / rows
    board = height * 0.022
    light = rng.choice((-1, 1))
    warm = rng.choice((rgb(mood.lamp), rgb("#fff2d8")))
    by_colour = rng.random() < 0.45
    for row in range(rows):
        top, bottom = row * step, (row + 1) * step - board
        soft(
            picture,
            darker(wall[0], 0.6),
            0.5,
            step * 0.08,
            [("polygon", block(-20, top - 10, width + 20, top + step * 0.06))],
        )
        lit(picture, warm, step * 0.2, [block(0, top + step * 0.05, width, top + step * 0.26)], 0.36 if dark else 0.3)
        _row_of(picture, mood, rng, (row, rows), (bottom, step), light, by_colour)
        plank = Fine(picture, (0, bottom, width, bottom + board + 2))
        wood = rgb(mood.table[0])
        plank.rectangle((0, bottom, width, bottom + board), wood)
        plank.rectangle((0, bottom, width, bottom + board * 0.22), lighter(wood, 0.4))
        plank.rectangle((0, bottom + board * 0.82, width, bottom + board), darker(wood, 0.45))
        plank.lay()
    vignette(picture, 0.2)
    return picture


def _row_of(
    picture: Image.Image,
    mood: Mood,
    rng: random.Random,
    place: tuple[int, int],
    at: tuple[float, float],
    light: float,
    by_colour: bool,
) -> None:
    """Stand a row of like things on a board."""
    bottom, step = at
    width = picture.width
    kind = rng.choice(("glass", "glass", "vases", "porcelain", "plates"))
    if kind == "plates":
        _plates_on_edge(picture, mood, rng, bottom, step)
        return
    names = {"glass": [rng.choice(GLASSES)], "vases": rng.sample(VASES, 3), "porcelain": rng.sample(PORCELAIN, 2)}[kind]
    tints = [rgb(code) for code in (*mood.tints, mood.accent)]
    white = rng.choice((PAPER, rgb("#eef1f0"), rgb("#f2e6da"), lighter(some_tint(mood, rng), 0.45)))
    band = GOLD if rng.random() < 0.4 else None
    x, number = width * 0.02, 0
    turn = rng.choice((1, 2))
    while x < width:
        name = names[number // turn % len(names)]
        tall = step * {
            "bowl": 0.3,
            "cup": 0.3,
            "sugar": 0.34,
            "teapot": 0.44,
            "mug": 0.36,
            "tumbler": 0.42,
            "shot": 0.34,
        }.get(name, 0.66)
        tint = tints[(place[0] + number // 2) % len(tints)] if by_colour else tints[place[0] % len(tints)]
        look = (
            Look(white, True, light=light, tilt=0.1, band=band)
            if kind == "porcelain"
            else Look(tint, light=light, tilt=0.1, cut=14)
        )
        sprite = vessel(name, tall * rng.uniform(0.97, 1.03) if kind == "vases" else tall, look)
        wide = sprite.width * (1.62 if name in ("teapot", "cup") else 1.3 if name in ("jug", "mug") else 1.2)
        back = vessel(name, tall * 0.95, look)
        stand(picture, back, x + wide * 0.94, bottom - step * 0.028, shade=0.16, blur=1.5)
        stand(picture, sprite, x + wide * 0.5, bottom + step * 0.012, shade=0.3)
        x += wide
        number += 1


def _plates_on_edge(picture: Image.Image, mood: Mood, rng: random.Random, bottom: float, step: float) -> None:
    """Stand plates upright, their patterns towards the room."""
    size = step * 0.76
    gap = size * rng.uniform(0.86, 1.12)
    x = picture.width * 0.01 + size * 0.5
    number = 0
    paint_rim = rgb(rng.choice((*mood.tints[:1], mood.accent, "#2b50a0", "#c9a24a")))
    rays = rng.choice((0, 12, 16, 24))
    while x < picture.width + size * 0.4:
        box = (x - size / 2, bottom - size, x + size / 2, bottom)
        soft(picture, (20, 14, 18), 0.4, size * 0.05, [("ellipse", [v + size * 0.03 for v in box])])
        draw_plate(picture, box, PAPER, paint_rim, rays, rng)
        x += gap
        number += 1


def draw_plate(
    picture: Image.Image, box: tuple[float, float, float, float], body: Colour, rim: Colour, rays: int, rng: random.Random
) -> None:
    """Draw a plate as seen from straight above or in front, with the shade of its rim."""
    left, top, right, bottom = box
    size = right - left
    x, y = (left + right) / 2, (top + bottom) / 2
    layer = Fine(picture, (left - 3, top - 3, right + 3, bottom + 3))

    def ring(share: float, colour: Colour | None, shift: float = 0, **rest: float) -> None:
        half = size / 2 * share
        layer.ellipse((x - half + shift, y - half + shift, x + half + shift, y + half + shift), colour, **rest)  # type: ignore[arg-type]

    ring(1, darker(body, 0.2))
    ring(0.985, body)
    ring(0.95, None, rim=rim, width=size * 0.018)  # type: ignore[arg-type]
    for ray in range(rays):
        angle = ray / rays * math.tau
        first, last = size * 0.375, size * 0.44
        points = [
            x + math.cos(angle) * first,
            y + math.sin(angle) * first,
            x + math.cos(angle) * last,
            y + math.sin(angle) * last,
        ]
        layer.line(points, rim, size * 0.012, 230)
    ring(0.7, darker(body, 0.17), size * 0.006)
    ring(0.685, lighter(body, 0.3), -size * 0.004)
    ring(0.66, darker(body, 0.04))
    layer.lay()
    soft(
        picture,
        (255, 255, 255),
        0.42,
        size * 0.05,
        [("ellipse", [x - size * 0.27, y - size * 0.28, x + size * 0.02, y - size * 0.06])],
    )
