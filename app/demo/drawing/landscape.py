"""Views: hills, the sea, a town, a river, in all seasons."""

from __future__ import annotations

import math
import random

from PIL import Image, ImageFilter

from app.demo.drawing.brush import (
    Colour,
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
from app.demo.drawing.moods import Mood


def landscape(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    """Draw a view under the sky of a season."""
    width, height = size
    skies = {
        "winter": (("#7f9cc0", "#d9e2ee", "#f6dcc8"), ("#2b3a5e", "#7d88b0", "#f0b99a")),
        "spring": (("#8fc0e0", "#d8ebf2", "#fdf1dc"), ("#a9b9dd", "#f3cfd0", "#fbe6cf")),
        "summer": (("#4f9bd0", "#a8d5ea", "#fdf0cf"), ("#33508f", "#d77c6a", "#fbc77f")),
        "autumn": (("#8aa2b8", "#dccfb8", "#f6d9a0"), ("#4a3d63", "#c0705a", "#f7b765")),
    }
    sky = [rgb(code) for code in rng.choice(skies[season])]
    picture = gradient(size, [sky[0], sky[1], sky[2], sky[2]])
    line = height * rng.uniform(0.5, 0.62)
    sun = (width * rng.uniform(0.2, 0.8), line - height * rng.uniform(0.06, 0.2))
    glow(picture, sun, (width * 0.55, width * 0.4), rgb("#fff0c8"), 0.75)
    glow(picture, sun, (width * 0.06, width * 0.06), rgb("#fffbe8"), 1.0)
    _clouds(picture, rng, line)
    kind = rng.choice(("hills", "sea", "town", "river"))
    tones = {"winter": "#8fa5bf", "spring": "#86a886", "summer": "#5f8f63", "autumn": "#a8764a"}
    base = rgb(tones[season])
    for depth in range(4):
        tone = mix(mix(sky[1], sky[2], 0.4), base, 0.25 + depth * 0.23)
        level = line + depth * height * 0.055
        _ridge(picture, rng, level, height * (0.1 - depth * 0.018), tone, rough=0.6 if kind == "hills" else 0.25)
        if depth == 1 and kind in ("town", "river"):
            _town(picture, rng, level, darker(tone, 0.14), sky[2])
    if kind in ("sea", "river"):
        _water(picture, sky, line + height * (0.1 if kind == "sea" else 0.2), sun[0], rng)
    else:
        ground = mix(base, (255, 255, 255), 0.75) if season == "winter" else darker(base, 0.2)
        _ridge(picture, rng, line + height * 0.26, height * 0.03, ground, rough=0.1)
        _trees(picture, rng, line + height * 0.3, season)
    if season == "winter":
        layer = Fine(picture)
        for _ in range(120):
            x, y, flake = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(1, 3.6)
            layer.ellipse((x - flake, y - flake, x + flake, y + flake), (255, 255, 255), rng.randint(70, 190))
        layer.lay()
    vignette(picture, 0.18)
    return picture


def _clouds(picture: Image.Image, rng: random.Random, line: float) -> None:
    width = picture.width
    shapes: list[tuple[str, list[float]]] = []
    for _ in range(5):
        x, y, long = rng.uniform(0, width), rng.uniform(0.08, 0.7) * line, rng.uniform(0.08, 0.22) * width
        for _ in range(7):
            dx, dy, size = rng.uniform(-1, 1) * long, rng.uniform(-0.12, 0.12) * long, rng.uniform(0.12, 0.4) * long
            shapes.append(("ellipse", [x + dx - size * 1.6, y + dy - size * 0.3, x + dx + size * 1.6, y + dy + size * 0.3]))
    soft(picture, (255, 250, 244), 0.42, 16, shapes)


def _ridge(picture: Image.Image, rng: random.Random, level: float, high: float, colour: Colour, *, rough: float) -> None:
    """Draw a line of hills down to the lower edge, paler towards its foot."""
    width, height = picture.size
    waves = [
        (rng.uniform(0.6, 1.4), rng.uniform(0, 6)),
        (rng.uniform(2, 3.5), rng.uniform(0, 6)),
        (rng.uniform(5, 9), rng.uniform(0, 6)),
    ]
    points: list[float] = []
    for x in range(-4, width + 12, 8):
        share = x / width * math.tau
        lift = sum(math.sin(share * often + shift) / (often**0.8) for often, shift in waves)
        points += [x, level - high * (0.5 + 0.5 * lift) - rng.uniform(0, high * 0.1 * rough)]
    layer = Fine(picture)
    layer.polygon([*points, width + 12, height, -4, height], colour)
    layer.lay()


def _town(picture: Image.Image, rng: random.Random, level: float, colour: Colour, light: Colour) -> None:
    width, height = picture.size
    layer = Fine(picture)
    x = -10.0
    while x < width:
        wide, high = rng.uniform(0.02, 0.05) * width, rng.uniform(0.04, 0.17) * height
        layer.rectangle((x, level - high, x + wide, level + height * 0.06), mix(colour, darker(colour, 0.2), rng.random()))
        for _ in range(int(wide * high / 700)):
            px, py = x + rng.uniform(0.12, 0.84) * wide, level - rng.uniform(0.05, 0.92) * high
            layer.rectangle((px, py, px + 3.4, py + 5), lighter(light, 0.3), 200)
        if rng.random() < 0.16:
            layer.polygon([x, level - high, x + wide, level - high, x + wide / 2, level - high * 1.5], darker(colour, 0.1))
        x += wide * rng.uniform(0.95, 1.4)
    layer.lay()


def _water(picture: Image.Image, sky: list[Colour], level: float, sun: float, rng: random.Random) -> None:
    width, height = picture.size
    top = int(level)
    mirror = (
        picture.crop((0, max(0, top - (height - top)), width, top))
        .transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        .resize((width, height - top))
    )
    water = Image.blend(
        mirror.filter(ImageFilter.GaussianBlur(7)), gradient((width, height - top), [sky[1], darker(sky[0], 0.35)]), 0.45
    )
    picture.paste(water, (0, top))
    layer = Fine(picture)
    for _ in range(150):
        share = rng.random() ** 1.6
        y = level + share * (height - level)
        near = rng.random() < 0.5
        x = sun + rng.gauss(0, 0.05 + share * 0.09) * width if near else rng.uniform(0, width)
        long = (0.008 + share * 0.05) * width * rng.uniform(0.5, 1.3)
        layer.line(
            [x - long, y, x + long, y],
            (255, 248, 226) if near else lighter(sky[1], 0.35),
            1 + share * 2.2,
            120 if near else 70,
        )
    layer.lay()


def _trees(picture: Image.Image, rng: random.Random, level: float, season: str) -> None:
    width, height = picture.size
    layer = Fine(picture)
    spots = [(rng.uniform(-0.02, 1.02) * width, level + rng.uniform(0.02, 0.16) * height) for _ in range(rng.randint(6, 11))]
    for x, y in sorted(spots, key=lambda spot: spot[1]):
        tall = height * rng.uniform(0.12, 0.3)
        if rng.random() < 0.55:
            green = mix(rgb("#24483c"), rgb("#47705a"), rng.random())
            for step in range(5):
                top, half = y - tall * (1 - step * 0.17), tall * (0.09 + step * 0.05)
                layer.polygon(
                    [x, top, x + half, top + tall * 0.28, x - half, top + tall * 0.28],
                    lighter(green, 0.04 * step)
                    if season != "winter"
                    else mix(green, (255, 255, 255), 0.3 + 0.08 * (step % 2)),
                )
        else:
            layer.line([x, y, x, y - tall * 0.55], rgb("#e9e4dc") if rng.random() < 0.5 else rgb("#5a4537"), tall * 0.03)
            crown = {"winter": "#e6edf3", "spring": "#a7c686", "summer": "#5f8f4e", "autumn": "#d8952e"}[season]
            for _ in range(9):
                size = tall * rng.uniform(0.08, 0.15)
                px, py = x + rng.uniform(-0.16, 0.16) * tall, y - tall * rng.uniform(0.45, 0.95)
                layer.ellipse(
                    (px - size, py - size, px + size, py + size),
                    mix(rgb(crown), darker(rgb(crown), 0.25), rng.random()),
                    225,
                )
    layer.lay()
