"""Portraits of people who do not exist: a few round shapes, calm colours, a smile; enough to know a colleague again."""

from __future__ import annotations

import random

from PIL import Image

from app.demo.drawing.brush import Colour, Fine, curve, darker, glow, gradient, lighter, mix, rgb

SIDE = 460
# The face fills the small round picture: what is kept of the drawing.
KEPT = (62, 20, 398, 356)
GROUNDS = ("#d8e2dc", "#e8d5cf", "#cfd9e8", "#e6dfc8", "#d3dfe2", "#e2d3e0", "#d9dcc9", "#c9d6d0", "#ecdcc6", "#cdd3e0")
SKINS = ("#f3d2bd", "#edc4a8", "#e3b08e", "#f6dccb", "#d9a27e", "#f0cbb0")
HAIRS = ("#3b2a24", "#5b3a29", "#7a4f33", "#a9744a", "#d3a76a", "#2a2224", "#8c3b2a", "#6b5a50", "#b9b2ac")
CLOTHES = ("#a3123a", "#2b4a8b", "#f4f0e8", "#4f6f63", "#37404f", "#c98a4b", "#7c5a86", "#8aa2b8")


def portrait(female: bool, seed: str) -> Image.Image:
    """Draw a portrait; the same seed is the same face."""
    rng = random.Random(seed)
    ground = rgb(rng.choice(GROUNDS))
    picture = gradient((SIDE, SIDE), [lighter(ground, 0.3), ground, darker(ground, 0.1)])
    glow(picture, (SIDE * 0.3, SIDE * 0.2), (SIDE * 0.8, SIDE * 0.8), (255, 255, 255), 0.35)
    skin, hair, cloth = (rgb(rng.choice(colours)) for colours in (SKINS, HAIRS, CLOTHES))
    if min(hair) > 150 and rng.random() < 0.6:
        hair = rgb("#5b3a29")
    layer = Fine(picture)
    style = rng.choice(("long", "bob", "bun", "waves", "tail") if female else ("short", "side", "curly", "crop", "beard"))
    x, y, wide, high = SIDE * 0.5, SIDE * 0.45, SIDE * rng.uniform(0.175, 0.195), SIDE * rng.uniform(0.215, 0.235)
    _hair_behind(layer, style, (x, y, wide, high), hair)
    _shoulders(layer, female, cloth, skin, (x, y, wide, high), rng)
    layer.ellipse((x - wide * 1.12, y - high * 0.14, x - wide * 0.86, y + high * 0.26), darker(skin, 0.08))
    layer.ellipse((x + wide * 0.86, y - high * 0.14, x + wide * 1.12, y + high * 0.26), darker(skin, 0.12))
    layer.ellipse((x - wide, y - high, x + wide, y + high), skin)
    if style == "beard":
        layer.polygon(
            curve(
                [
                    (x - wide, y + high * 0.05),
                    (x - wide * 0.9, y + high * 0.7),
                    (x, y + high * 1.12),
                    (x + wide * 0.9, y + high * 0.7),
                    (x + wide, y + high * 0.05),
                    (x + wide * 0.55, y + high * 0.36),
                    (x, y + high * 0.3),
                    (x - wide * 0.55, y + high * 0.36),
                    (x - wide, y + high * 0.05),
                ],
                8,
            ),
            hair,
        )
    _face(layer, (x, y, wide, high), skin, hair, rng)
    _hair_before(layer, style, (x, y, wide, high), hair, rng)
    layer.lay()
    return picture.crop(KEPT)


def _shoulders(
    layer: Fine, female: bool, cloth: Colour, skin: Colour, face: tuple[float, float, float, float], rng: random.Random
) -> None:
    x, y, wide, high = face
    broad = SIDE * (0.33 if female else 0.38)
    top = y + high * 1.28
    layer.rectangle(
        (x - wide * 0.42, y + high * 0.6, x + wide * 0.42, top + high * 0.5), darker(skin, 0.12), radius=wide * 0.3
    )
    shape = curve(
        [
            (x - broad, SIDE + 20),
            (x - broad * 0.94, top + high * 0.52),
            (x - wide * 0.62, top),
            (x, top + high * 0.12),
            (x + wide * 0.62, top),
            (x + broad * 0.94, top + high * 0.52),
            (x + broad, SIDE + 20),
        ],
        10,
    )
    layer.polygon(shape, cloth)
    if rng.random() < 0.5:
        # The chain's apron.
        apron = rgb("#7d0f2d") if cloth[0] < 140 or min(cloth) > 200 else rgb("#f4f0e8")
        layer.polygon(
            [
                x - wide * 0.7,
                top + high * 0.62,
                x + wide * 0.7,
                top + high * 0.62,
                x + wide * 0.9,
                SIDE,
                x - wide * 0.9,
                SIDE,
            ],
            apron,
        )
        for side in (-1, 1):
            layer.line(
                [x + side * wide * 0.62, top + high * 0.66, x + side * wide * 0.5, top - high * 0.02], apron, wide * 0.16
            )
    else:
        layer.polygon(
            [
                x - wide * 0.42,
                top - high * 0.02,
                x,
                top + high * 0.5,
                x + wide * 0.42,
                top - high * 0.02,
                x,
                top + high * 0.16,
            ],
            darker(skin, 0.05),
        )
        layer.line([x - wide * 0.5, top, x, top + high * 0.52, x + wide * 0.5, top], lighter(cloth, 0.3), 4)


def _face(layer: Fine, face: tuple[float, float, float, float], skin: Colour, hair: Colour, rng: random.Random) -> None:
    """Draw brows, eyes, a nose and a smile in a few lines."""
    x, y, wide, high = face
    line = darker(mix(hair, skin, 0.15), 0.25)
    smiling = rng.random() < 0.5
    for side in (-1, 1):
        ex, ey = x + side * wide * 0.4, y + high * 0.02
        if smiling:
            layer.line(
                curve([(ex - wide * 0.15, ey + 2), (ex, ey - high * 0.055), (ex + wide * 0.15, ey + 2)], 8), line, 2.6
            )
        else:
            layer.ellipse((ex - 4.2, ey - 5, ex + 4.2, ey + 4.4), darker(line, 0.3))
            layer.ellipse((ex - 0.4, ey - 3.8, ex + 2.4, ey - 1), (255, 255, 255))
        layer.line(
            curve([(ex - wide * 0.19, ey - high * 0.2), (ex, ey - high * 0.26), (ex + wide * 0.19, ey - high * 0.2)], 8),
            line,
            2.6,
            190,
        )
        layer.ellipse((ex - wide * 0.2, y + high * 0.24, ex + wide * 0.2, y + high * 0.42), rgb("#e58a80"), 46)
    layer.line(
        curve([(x + 1, y + high * 0.08), (x + wide * 0.09, y + high * 0.3), (x - wide * 0.04, y + high * 0.33)], 8),
        darker(skin, 0.2),
        2,
        200,
    )
    layer.line(
        curve([(x - wide * 0.3, y + high * 0.53), (x, y + high * 0.67), (x + wide * 0.3, y + high * 0.53)], 10),
        rgb("#b4534f"),
        3,
    )
    if rng.random() < 0.16:
        for side in (-1, 1):
            ex = x + side * wide * 0.42
            layer.ellipse(
                (ex - wide * 0.31, y - high * 0.14, ex + wide * 0.31, y + high * 0.17), None, rim=rgb("#3a3238"), width=2.2
            )
        layer.line([x - wide * 0.1, y, x + wide * 0.1, y], rgb("#3a3238"), 2.2)


def _hair_behind(layer: Fine, style: str, face: tuple[float, float, float, float], hair: Colour) -> None:
    x, y, wide, high = face
    if style in ("long", "waves"):
        long = 2.0 if style == "long" else 1.7
        layer.rectangle(
            (x - wide * 1.3, y - high * 1.05, x + wide * 1.3, y + high * long), darker(hair, 0.12), radius=wide * 1.1
        )
    elif style == "bob":
        layer.rectangle(
            (x - wide * 1.28, y - high * 1.1, x + wide * 1.28, y + high * 0.98), darker(hair, 0.12), radius=wide * 0.9
        )
    elif style == "bun":
        layer.ellipse((x - wide * 0.55, y - high * 1.72, x + wide * 0.55, y - high * 0.9), darker(hair, 0.08))
    elif style == "tail":
        layer.line(
            curve(
                [(x + wide * 0.8, y - high * 0.7), (x + wide * 1.5, y + high * 0.2), (x + wide * 1.15, y + high * 1.4)], 10
            ),
            darker(hair, 0.1),
            wide * 0.5,
        )


def _hair_before(layer: Fine, style: str, face: tuple[float, float, float, float], hair: Colour, rng: random.Random) -> None:
    """Draw the hair over the forehead: an arc from temple to temple, the parting somewhere in it."""
    x, y, wide, high = face
    part = rng.choice((-0.45, 0.4, 0.0)) * wide
    low = {"crop": -0.42, "short": -0.34, "beard": -0.36}.get(style, -0.1)
    outer = [
        (x - wide * 1.1, y + high * low),
        (x - wide * 1.02, y - high * 0.72),
        (x - wide * 0.4, y - high * 1.2),
        (x + wide * 0.4, y - high * 1.2),
        (x + wide * 1.02, y - high * 0.72),
        (x + wide * 1.1, y + high * low),
    ]
    inner = [
        (x + wide * 0.9, y - high * 0.3),
        (x + wide * 0.5, y - high * 0.58),
        (x + part, y - high * 0.74),
        (x - wide * 0.5, y - high * 0.58),
        (x - wide * 0.9, y - high * 0.3),
    ]
    layer.polygon([*curve(outer, 10), *curve(inner, 10)], hair)
    if style == "curly":
        for place in range(9):
            px, py = x + (place - 4) * wide * 0.26, y - high * (1.12 - abs(place - 4) * 0.09)
            layer.ellipse(
                (px - wide * 0.27, py - wide * 0.27, px + wide * 0.27, py + wide * 0.27),
                mix(hair, darker(hair, 0.2), rng.random()),
            )
    layer.line(
        curve([(x - wide * 0.7, y - high * 0.9), (x - wide * 0.25, y - high * 1.1), (x + wide * 0.2, y - high * 1.12)], 8),
        lighter(hair, 0.28),
        4,
        110,
    )
