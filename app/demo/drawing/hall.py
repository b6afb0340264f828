"""The hall of a store: shelves along both walls, tables in the middle, light from above."""

from __future__ import annotations

import random

from PIL import Image

from app.demo.drawing.brush import (
    Fine,
    darker,
    glow,
    gradient,
    lighter,
    mix,
    rgb,
    soft,
    vignette,
)
from app.demo.drawing.forms import GLASSES, PORCELAIN, VASES, Look
from app.demo.drawing.moods import PAPER, Mood, some_tint
from app.demo.drawing.vessels import stand, vessel


def hall(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    """Draw the hall of a store from its entrance."""
    width, height = size
    bright = mix(rgb(mood.wall[1]), PAPER, 0.68)
    picture = gradient(size, [darker(bright, 0.05), lighter(bright, 0.3), darker(bright, 0.12)])
    centre = (width * rng.uniform(0.42, 0.58), height * 0.42)

    def toward(x: float, y: float, share: float) -> tuple[float, float]:
        return x + (centre[0] - x) * share, y + (centre[1] - y) * share

    layer = Fine(picture)
    floor = mix(rgb(mood.table[0]), PAPER, 0.42)
    far = 0.72
    corners = [(0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height))]
    inner = [toward(*corner, far) for corner in corners]
    layer.polygon([*corners[3], *corners[2], *inner[2], *inner[3]], floor)
    layer.polygon([*corners[0], *corners[1], *inner[1], *inner[0]], lighter(bright, 0.55))
    layer.polygon([*inner[0], *inner[1], *inner[2], *inner[3]], mix(bright, rgb(mood.accent), 0.24))
    for share in (0.12, 0.3, 0.45, 0.57, 0.66):
        layer.line([*toward(0, height, share), *toward(width, height, share)], darker(floor, 0.2), 1.2, 90)
    for step in range(1, 8):
        x = width * step / 8
        layer.line([x, height, *toward(x, height, far)], darker(floor, 0.2), 1, 70)
    for column in (0.3, 0.7):
        for share in (0.05, 0.25, 0.42, 0.55, 0.65):
            first, second = toward(width * (column - 0.06), 0, share), toward(width * (column + 0.06), 0, share + 0.06)
            layer.polygon(
                [first[0], first[1], second[0], first[1], second[0], second[1], first[0], second[1]], (255, 253, 244)
            )
    layer.lay()
    for column in (0.3, 0.7):
        x, y = toward(width * column, height, 0.3)
        soft(
            picture,
            (255, 250, 238),
            0.4,
            30,
            [("polygon", [x - 60, y, x + 60, y, *toward(x + 40, y, 0.5), *toward(x - 40, y, 0.5)])],
        )
    _far_wall(picture, mood, rng, inner)
    for side in (0, 1):
        _wall_of_shelves(picture, mood, rng, side, centre, far)
    _islands(picture, mood, rng, centre)
    vignette(picture, 0.2)
    return picture


def _far_wall(picture: Image.Image, mood: Mood, rng: random.Random, corners: list[tuple[float, float]]) -> None:
    """Light the wall at the end and put lit niches into it."""
    (left, top), (right, _), (_, bottom), _ = corners
    wide, tall = right - left, bottom - top
    glow(picture, ((left + right) / 2, top), (wide * 0.8, tall * 0.9), rgb(mood.lamp), 0.5)
    layer = Fine(picture)
    for place in range(3):
        x = left + wide * (0.2 + 0.3 * place)
        layer.rectangle(
            (x - wide * 0.1, top + tall * 0.2, x + wide * 0.1, bottom - tall * 0.26),
            lighter(rgb(mood.lamp), 0.3),
            200,
            radius=wide * 0.1,
        )
    layer.lay()
    for place in range(3):
        x = left + wide * (0.2 + 0.3 * place)
        sprite = vessel(rng.choice(VASES), tall * 0.3, Look(rgb(rng.choice((*mood.tints, mood.accent))), tilt=0.08))
        picture.paste(sprite.image, (int(x - sprite.base[0]), int(bottom - tall * 0.27 - sprite.base[1])), sprite.image)


def _wall_of_shelves(
    picture: Image.Image, mood: Mood, rng: random.Random, side: int, centre: tuple[float, float], far: float
) -> None:
    """Draw the shelves of one wall, narrowing towards the far end."""
    width, height = picture.size
    edge = 0.0 if side == 0 else float(width)

    def at(share: float, level: float) -> tuple[float, float]:
        x = edge + (centre[0] - edge) * share
        y = height * level
        return x, y + (centre[1] - y) * share

    back = darker(rgb(mood.table[0]), 0.12)
    layer = Fine(picture)
    layer.polygon([*at(0, 0.08), *at(far, 0.08), *at(far, 0.97), *at(0, 0.97)], mix(back, PAPER, 0.35))
    for level in (0.22, 0.37, 0.52, 0.67, 0.82):
        layer.polygon([*at(0, level), *at(far, level), *at(far, level + 0.013), *at(0, level + 0.02)], lighter(back, 0.45))
        layer.polygon(
            [*at(0, level + 0.02), *at(far, level + 0.013), *at(far, level + 0.03), *at(0, level + 0.05)],
            darker(back, 0.4),
            80,
        )
    layer.lay()
    tints = [rgb(code) for code in (*mood.tints, mood.accent, "#f4f0e8")]
    for level in (0.22, 0.37, 0.52, 0.67, 0.82):
        name = rng.choice((*GLASSES[:4], *VASES[:4], "teapot", "bowl", "mug"))
        white = name in PORCELAIN
        colour = PAPER if white else rng.choice(tints)
        share = far - 0.03
        while share > 0.06:
            x, y = at(share, level)
            scale = 1 - share
            tall = height * (0.1 if name not in ("teapot", "bowl", "mug") else 0.06) * scale
            sprite = vessel(name, tall, Look(colour, white, light=1 if side == 0 else -1, tilt=0.08))
            picture.paste(sprite.image, (int(x - sprite.base[0]), int(y - sprite.base[1])), sprite.image)
            share -= max(0.028, sprite.width * 1.05 / width * 2 * max(0.5, scale))


def _islands(picture: Image.Image, mood: Mood, rng: random.Random, centre: tuple[float, float]) -> None:
    """Put tables into the middle, with things on them."""
    width, height = picture.size
    for share, x in ((0.5, 0.5), (0.16, 0.44)):
        left = width * (x - 0.17) + (centre[0] - width * (x - 0.17)) * share
        right = width * (x + 0.17) + (centre[0] - width * (x + 0.17)) * share
        y = height * 0.8 + (centre[1] - height * 0.8) * share
        tall = height * 0.17 * (1 - share)
        soft(picture, (24, 16, 20), 0.42, 26, [("ellipse", [left - 20, y + tall - 22, right + 20, y + tall + 26])])
        layer = Fine(picture)
        body = mix(rgb(mood.table[0]), PAPER, 0.5)
        deep = (right - left) * 0.12
        layer.polygon([left, y, right, y, right - deep, y - deep * 0.8, left + deep, y - deep * 0.8], lighter(body, 0.4))
        layer.rectangle((left, y, right, y + tall), darker(body, 0.16))
        layer.rectangle((left, y, right, y + tall * 0.14), lighter(body, 0.12))
        layer.lay()
        for place in range(4):
            px = left + (right - left) * (0.16 + 0.23 * place)
            name = rng.choice((*VASES, "decanter", "teapot", "wine"))
            white = name in PORCELAIN
            size = (right - left) * (0.34 if not white else 0.16)
            stand(
                picture,
                vessel(name, size, Look(PAPER if white else some_tint(mood, rng), white, light=-1, tilt=0.1)),
                px,
                y - deep * 0.3,
                shade=0.3,
            )
