"""The demo's photos: shop windows, shelves, laid tables, parcels, halls and views, each drawn anew from its number.

A scene is a function of a generator, a season and a format; the same number always gives the same picture.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image, ImageFilter

from app.demo.brush import Colour, Fine, bokeh, curve, darker, glow, gradient, lighter, lit, mix, rgb, soft, vignette
from app.demo.vessels import GLASSES, PORCELAIN, VASES, Look, stand, vessel

FORMATS = {"wide": (1200, 800), "photo": (1200, 900), "square": (1080, 1080), "tall": (900, 1200)}
SEASONS = ("winter", "spring", "summer", "autumn")


class Scene(NamedTuple):
    """A picture that can be drawn: its family, its season (empty: any), its format and its number in the family."""

    family: str
    season: str
    shape: str
    number: int

    @property
    def name(self) -> str:
        """Return the scene's own name, from which all its chance is drawn."""
        return f"{self.family}-{self.season or 'any'}-{self.number}"


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


def paint(scene: Scene) -> Image.Image:
    """Draw a scene."""
    rng = random.Random(scene.name)
    moods = FITTING[scene.season]
    mood = MOODS[moods[(scene.number + len(scene.family)) % len(moods)]]
    picture = _FAMILIES[scene.family](FORMATS[scene.shape], mood, scene.season, rng)
    return picture.convert("RGB")


def album() -> list[Scene]:
    """Return all scenes that there are, about ninety."""
    counts = {"window": 3, "still": 3, "landscape": 3}
    shapes = {
        "window": ("photo", "tall", "wide"),
        "still": ("tall", "photo", "square"),
        "landscape": ("wide", "photo", "wide"),
        "glow": ("wide", "photo", "tall", "square"),
        "shelf": ("photo", "tall", "wide", "square"),
        "table": ("square", "photo", "wide"),
        "packing": ("photo", "square", "tall"),
        "hall": ("wide", "photo", "tall"),
    }
    found = [
        Scene(family, season, shapes[family][number % len(shapes[family])], number)
        for family, count in counts.items()
        for season in SEASONS
        for number in range(count)
    ]
    for family, count in {"glow": 12, "shelf": 16, "table": 10, "packing": 10, "hall": 6}.items():
        found += [Scene(family, "", shapes[family][number % len(shapes[family])], number) for number in range(count)]
    return found


def _room(size: tuple[int, int], mood: Mood, rng: random.Random, line: float) -> Image.Image:
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
        [("polygon", _box(0, edge - 4, width, edge + height * 0.02))],
    )
    side = rng.choice((-1, 1))
    glow(picture, (width * (0.5 + 0.32 * side), height * 0.22), (width * 0.75, height * 0.7), rgb(mood.lamp), 0.32)
    return picture


def _tint(mood: Mood, rng: random.Random) -> Colour:
    return rgb(rng.choice(mood.tints))


def _box(left: float, top: float, right: float, bottom: float) -> list[float]:
    return [left, top, right, top, right, bottom, left, bottom]


# A single thing by a window


def _still(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    width, height = size
    line = rng.uniform(0.66, 0.74)
    picture = _room(size, mood, rng, line)
    light = rng.choice((-1, 1))
    dark = sum(rgb(mood.wall[1])) < 330
    _panes(picture, light, rng, rgb(mood.lamp), 0.26 if dark else 0.5)
    foot = height * (line + 0.12)
    tall = min(height * 0.5, width * 0.62)
    middle = width * (0.5 + rng.uniform(-0.06, 0.06))
    form = rng.choice(("tall", "round", "drop", "flare", "cylinder"))
    look = Look(_tint(mood, rng), porcelain=rng.random() < 0.25, light=light)
    back = vessel(rng.choice(VASES), tall * 0.62, Look(_tint(mood, rng), light=light))
    stand(picture, back, middle + width * 0.25 * light, foot - height * 0.05, shade=0.3, mirror=0.12, blur=2.4)
    _bouquet(picture, (middle, foot - tall * 0.96), tall * 0.95, season, rng)
    stand(picture, vessel(form, tall, look), middle, foot, shade=0.42, mirror=0.22)
    if rng.random() < 0.7:
        name = rng.choice(("bowl", "tumbler", "coupe", "cup"))
        size_of = tall * {"bowl": 0.2, "tumbler": 0.3, "coupe": 0.46, "cup": 0.2}[name]
        stand(
            picture,
            vessel(name, size_of, Look(PAPER if name in PORCELAIN else _tint(mood, rng), name in PORCELAIN, light=light)),
            middle - width * 0.22 * light,
            foot + height * 0.045,
            shade=0.4,
            mirror=0.18,
        )
    vignette(picture, 0.22)
    return picture


def _panes(picture: Image.Image, light: float, rng: random.Random, colour: Colour, strength: float) -> None:
    """Let the light of a window fall slanting upon the wall."""
    width, height = picture.size
    left, top = width * rng.uniform(0.16, 0.34), height * 0.06
    wide, tall, lean = width * 0.17, height * 0.25, height * 0.09 * light
    panes = []
    for column in (0, 1):
        for row in (0, 1):
            x, y = left + column * wide * 1.12 - row * lean * 0.9, top + row * tall * 1.08 + column * lean * 0.25
            panes.append(
                [x, y, x + wide, y + lean * 0.25, x + wide - lean * 0.85, y + tall + lean * 0.25, x - lean * 0.85, y + tall]
            )
    lit(picture, colour, height * 0.012, panes, strength)


def _bouquet(picture: Image.Image, at: tuple[float, float], tall: float, season: str, rng: random.Random) -> None:
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


def _tulip(layer: Fine, line: list[float], tall: float, rng: random.Random) -> None:
    green = mix(rgb("#5f8a4f"), rgb("#8fb06c"), rng.random())
    layer.line(line, green, tall * 0.013)
    x, y = line[-2], line[-1]
    petal = rng.choice((rgb("#d8484f"), rgb("#f2b6c0"), rgb("#f6efe6"), rgb("#e98aa0")))
    wide, high = tall * 0.06, tall * 0.12
    layer.ellipse((x - wide, y - high * 0.6, x + wide, y + high * 0.5), darker(petal, 0.14))
    layer.ellipse((x - wide, y - high * 0.72, x + wide * 0.25, y + high * 0.5), petal)
    layer.ellipse((x - wide * 0.3, y - high * 0.66, x + wide, y + high * 0.48), lighter(petal, 0.16), 210)
    _leaf(layer, line, 0.55, tall * 0.2, green, 1)


def _leaf(layer: Fine, line: list[float], share: float, long: float, colour: Colour, side: int) -> None:
    """Draw a leaf at a share of a stem, along it and away from it."""
    place = int(len(line) / 2 * share) * 2
    x, y = line[place], line[place + 1]
    tip = (x + side * long * 0.8, y - long * 0.62)
    upper = curve([(x, y), (x + side * long * 0.22, y - long * 0.55), tip], 8)
    lower = curve([tip, (x + side * long * 0.55, y - long * 0.16), (x, y)], 8)
    layer.polygon([*upper, *lower], colour, 235)
    layer.line([x, y, *tip], lighter(colour, 0.25), 1, 120)


def _twig(layer: Fine, line: list[float], tall: float, rng: random.Random) -> None:
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


def _leaves(layer: Fine, line: list[float], tall: float, rng: random.Random) -> None:
    green = mix(rgb("#6f8f78"), rgb("#a7bfa4"), rng.random())
    layer.line(line, darker(green, 0.25), tall * 0.008)
    for step, place in enumerate((0.5, 0.6, 0.7, 0.8, 0.9, 0.97)):
        _leaf(layer, line, place, tall * 0.1, mix(green, rgb("#cfdccb"), rng.random() * 0.4), 1 if step % 2 else -1)


def _grass(layer: Fine, line: list[float], tall: float, rng: random.Random) -> None:
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


def _fir(layer: Fine, line: list[float], tall: float, rng: random.Random) -> None:
    green = mix(rgb("#1f4a3a"), rgb("#3d7057"), rng.random())
    layer.line(line, rgb("#4a372a"), tall * 0.008)
    for place in range(len(line) // 3 // 2 * 2, len(line) - 1, 2):
        x, y = line[place], line[place + 1]
        long = tall * 0.055 * (1.15 - place / len(line) * 0.6)
        for side in (-1, 1):
            lean = rng.uniform(0.2, 0.7)
            layer.line([x, y, x + side * long, y - long * lean], lighter(green, rng.random() * 0.25), 2.1, 235)


def _berries(layer: Fine, line: list[float], tall: float, rng: random.Random) -> None:
    layer.line(line, rgb("#5b3d33"), tall * 0.008)
    red = mix(rgb("#b3163f"), rgb("#d9542b"), rng.random())
    for place in range(len(line) // 2 // 2 * 2, len(line) - 1, 6):
        size = tall * rng.uniform(0.014, 0.02)
        x, y = line[place] + rng.uniform(-2, 2) * size, line[place + 1] + rng.uniform(-1, 1) * size
        layer.ellipse((x - size, y - size, x + size, y + size), darker(red, rng.random() * 0.3))
        layer.ellipse((x - size * 0.5, y - size * 0.6, x, y - size * 0.1), lighter(red, 0.6), 220)


_STEMS = {"tulips": _tulip, "twigs": _twig, "leaves": _leaves, "grass": _grass, "fir": _fir, "berries": _berries}


# Glasses against lights


def _glow(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    width, height = size
    line = rng.uniform(0.7, 0.78)
    picture = _room(size, mood, rng, line)
    picture = picture.filter(ImageFilter.GaussianBlur(3))
    lights = [rgb(mood.lamp), rgb(mood.accent), lighter(rgb(mood.lamp), 0.4)]
    bokeh(picture, rng, lights, 26, (0, 0.02, 1, line - 0.06), (0.012, 0.05, 0.1, 0.42))
    light = rng.choice((-1, 1))
    name = rng.choice(GLASSES)
    slim = {"wine": 0.66, "white": 0.64, "flute": 0.66, "coupe": 0.56, "tumbler": 0.36, "highball": 0.5, "shot": 0.3}[name]
    tall = min(height * slim, width * 0.62)
    drink = rgb(rng.choice(DRINKS)) if rng.random() < 0.72 else None
    cut = rng.choice((0, 0, 16, 22))
    count = {"flute": 5, "shot": 5, "highball": 4, "tumbler": 3}.get(name, 4 if width > height else 3)
    gap = width * 0.86 / count
    for place in range(count):
        far = abs(place - (count - 1) * (0.36 if light < 0 else 0.64))
        look = Look(_tint(mood, rng) if drink is None else rgb(mood.tints[-1]), False, drink, light, 0.13, cut)
        x = width * 0.07 + gap * (place + 0.5)
        y = height * (line + 0.15) - far * height * 0.022
        stand(
            picture,
            vessel(name, tall * (1 - 0.04 * far), look),
            x,
            y,
            shade=0.3,
            mirror=0.34,
            blur=max(0.0, far - 0.8) * 1.1,
        )
    vignette(picture, 0.18)
    return picture


# Shelves


def _shelf(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
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
            [("polygon", _box(-20, top - 10, width + 20, top + step * 0.06))],
        )
        lit(picture, warm, step * 0.2, [_box(0, top + step * 0.05, width, top + step * 0.26)], 0.36 if dark else 0.3)
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
    white = rng.choice((PAPER, rgb("#eef1f0"), rgb("#f2e6da"), lighter(_tint(mood, rng), 0.45)))
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
        _plate(picture, box, PAPER, paint_rim, rays, rng)
        x += gap
        number += 1


def _plate(
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


# The window from the street


def _window(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    width, height = size
    wall = [rgb(code) for code in mood.wall]
    dark = sum(wall[1]) < 330
    picture = gradient(size, [darker(wall[0], 0.05), wall[1], darker(wall[1], 0.06)])
    floor = height * 0.8
    picture.paste(gradient((width, int(height - floor)), [rgb(code) for code in mood.table]), (0, int(floor)))
    light = rng.choice((-1, 1))
    _backdrop(picture, mood, rng, floor)
    glow(picture, (width * 0.5, height * 0.3), (width * 0.62, height * 0.62), rgb(mood.lamp), 0.45 if dark else 0.25)
    _lamps(picture, mood, rng)
    _season(picture, season, rng, floor)
    count = 5 if width > height else 4
    spans = [width * (0.13 + 0.74 * place / (count - 1)) for place in range(count)]
    heights = [rng.uniform(0.06, 0.3) * height for _ in spans]
    heights[count // 2] = height * 0.34
    order = sorted(range(count), key=lambda place: -heights[place])
    for rank, place in enumerate(order):
        ground = floor + height * 0.02 + rank * height * 0.022
        _podium(picture, spans[place], ground, width * 0.64 / count, heights[place], mood, light)
        _show(picture, mood, rng, (spans[place], ground - heights[place], width * 0.5 / count), height, light, season)
    _facade(picture, mood, rng, dark)
    return picture


def _backdrop(picture: Image.Image, mood: Mood, rng: random.Random, floor: float) -> None:
    """Draw what stands behind: a disc, an arch, stripes of cloth."""
    width, height = picture.size
    colour = mix(rgb(mood.wall[1]), rgb(mood.accent), rng.choice((0.35, 0.55)))
    layer = Fine(picture)
    kind = rng.choice(("disc", "arch", "cloth"))
    if kind == "disc":
        radius = min(width, height) * 0.33
        layer.ellipse((width / 2 - radius, height * 0.44 - radius, width / 2 + radius, height * 0.44 + radius), colour, 225)
    elif kind == "arch":
        half = width * 0.24
        top = height * 0.16
        layer.rectangle((width / 2 - half, top, width / 2 + half, floor + half), colour, 225, radius=half)
        layer.rectangle(
            (width / 2 - half * 0.72, top + half * 0.3, width / 2 + half * 0.72, floor + half),
            lighter(colour, 0.16),
            225,
            radius=half * 0.7,
        )
    else:
        folds = 12
        for fold in range(folds):
            left, wide = width * fold / folds, width / folds
            soft(picture, darker(colour, 0.2), 0.5, wide * 0.3, [("polygon", _box(left, -40, left + wide * 0.45, floor))])
        return
    layer.lay()


def _lamps(picture: Image.Image, mood: Mood, rng: random.Random) -> None:
    width, height = picture.size
    count = rng.choice((2, 3, 3))
    for place in range(count):
        x = width * (place + 0.5) / count + rng.uniform(-0.05, 0.05) * width
        y = height * rng.uniform(0.1, 0.2)
        glow(picture, (x, y), (width * 0.16, width * 0.16), rgb(mood.lamp), 0.7)
        layer = Fine(picture, (x - 40, 0, x + 40, y + 50))
        layer.line([x, 0, x, y - 12], (40, 34, 38), 1.6)
        layer.ellipse((x - 17, y - 17, x + 17, y + 17), lighter(rgb(mood.lamp), 0.75))
        layer.ellipse((x - 17, y - 17, x + 17, y + 17), None, 160, rim=GOLD, width=2)
        layer.lay()


def _podium(picture: Image.Image, x: float, ground: float, wide: float, high: float, mood: Mood, light: float) -> None:
    """Draw a block with a lit and a shaded side."""
    body = mix(rgb(mood.table[0]), PAPER, 0.62)
    half = wide / 2
    deep = wide * 0.1
    soft(
        picture, (16, 10, 14), 0.4, 22, [("ellipse", [x - half * 1.25, ground - deep, x + half * 1.25, ground + deep * 1.3])]
    )
    front = gradient((int(wide), int(high) + 2), [lighter(body, 0.08), darker(body, 0.26)])
    picture.paste(front, (int(x - half), int(ground - high)))
    layer = Fine(picture, (x - half - 4, ground - high - deep - 4, x + half + 4, ground + 4))
    layer.polygon(
        [
            x - half,
            ground - high,
            x - half + deep,
            ground - high - deep,
            x + half - deep,
            ground - high - deep,
            x + half,
            ground - high,
        ],
        lighter(body, 0.42),
    )
    edge = x + half if light < 0 else x - half
    layer.polygon(
        [edge, ground - high, edge + deep * 1.6 * light, ground - high, edge + deep * 1.6 * light, ground, edge, ground],
        darker(body, 0.38),
        110,
    )
    layer.lay()


def _show(
    picture: Image.Image,
    mood: Mood,
    rng: random.Random,
    at: tuple[float, float, float],
    height: int,
    light: float,
    season: str,
) -> None:
    """Stand one or two things on a podium."""
    x, y, wide = at
    y -= wide * 0.04
    kind = rng.choice(("vase", "vase", "glasses", "porcelain", "decanter"))
    if kind == "vase":
        form = rng.choice(VASES)
        tall = min(height * 0.26, wide * 1.7)
        if rng.random() < 0.6:
            _bouquet(picture, (x, y - tall * 0.95), tall * 0.72, season, rng)
        stand(picture, vessel(form, tall, Look(_tint(mood, rng), light=light, tilt=0.1)), x, y, shade=0.35)
    elif kind == "glasses":
        name = rng.choice(GLASSES[:5])
        tall = min(height * 0.2, wide * 1.3)
        look = Look(
            _tint(mood, rng), False, rgb(rng.choice(DRINKS)) if rng.random() < 0.3 else None, light, 0.1, rng.choice((0, 14))
        )
        for shift in (-0.28, 0.28, 0):
            stand(picture, vessel(name, tall, look), x + shift * wide, y + abs(shift) * -10, shade=0.3)
    elif kind == "porcelain":
        look = Look(PAPER, True, light=light, tilt=0.1, band=GOLD)
        stand(picture, vessel("teapot", wide * 0.5, look), x - wide * 0.06, y - 4, shade=0.35)
        stand(picture, vessel("cup", wide * 0.22, look), x + wide * 0.34, y + 5, shade=0.35)
    else:
        stand(
            picture,
            vessel("decanter", min(height * 0.22, wide * 1.1), Look(_tint(mood, rng), light=light, tilt=0.1, cut=18)),
            x - wide * 0.12,
            y - 3,
            shade=0.35,
        )
        stand(
            picture,
            vessel("shot", wide * 0.3, Look(_tint(mood, rng), light=light, tilt=0.1, cut=12)),
            x + wide * 0.26,
            y + 4,
            shade=0.3,
        )


def _season(picture: Image.Image, season: str, rng: random.Random, floor: float) -> None:
    """Hang the season into the window: garlands and snow, blossoms, leaves."""
    width, height = picture.size
    layer = Fine(picture)
    if season == "winter":
        line = curve(
            [
                (0, height * 0.05),
                (width * 0.25, height * 0.14),
                (width * 0.5, height * 0.06),
                (width * 0.75, height * 0.15),
                (width, height * 0.05),
            ]
        )
        _fir(layer, line, height * 0.9, rng)
        for place in range(0, len(line) - 1, 10):
            layer.ellipse(
                (line[place] - 5, line[place + 1] + 2, line[place] + 5, line[place + 1] + 12),
                rgb(rng.choice(("#ffd98a", "#e8556a", "#fff3d0"))),
                240,
            )
        for _ in range(70):
            x, y, size = rng.uniform(0, width), rng.uniform(height * 0.1, floor), rng.uniform(1.5, 4.5)
            layer.ellipse((x - size, y - size, x + size, y + size), (255, 255, 255), rng.randint(90, 210))
    elif season in ("spring", "summer"):
        for place in range(9):
            x = width * (place + 0.5) / 9
            end = height * rng.uniform(0.1, 0.26)
            line = curve([(x, -10), (x + rng.uniform(-12, 12), end * 0.5), (x + rng.uniform(-20, 20), end)], 20)
            (_twig if season == "spring" else _leaves)(layer, line, height * (0.5 if season == "spring" else 0.36), rng)
    elif season == "autumn":
        for _ in range(34):
            x, y, size = rng.uniform(0, width), rng.uniform(0, height * 0.3) * rng.random() ** 0.4, rng.uniform(12, 24)
            colour = rgb(rng.choice(("#c9571e", "#d98a2b", "#8f2f23", "#b5762e")))
            _leaf(layer, [x, y, x, y], 0, size * 1.6, colour, rng.choice((-1, 1)))
        for _ in range(14):
            x = rng.uniform(0.05, 0.95) * width
            _leaf(
                layer,
                [x, floor + rng.uniform(30, 120), x, floor],
                0,
                26,
                rgb(rng.choice(("#c9571e", "#d98a2b"))),
                rng.choice((-1, 1)),
            )
    layer.lay()


def _facade(picture: Image.Image, mood: Mood, rng: random.Random, dark: bool) -> None:
    """Frame the window and let the street shine in its glass."""
    width, height = picture.size
    lit(
        picture, (235, 242, 255), 14, [[width * 0.08, 0, width * 0.24, 0, width * 0.02, height, -width * 0.14, height]], 0.15
    )
    lit(picture, (235, 242, 255), 10, [[width * 0.3, 0, width * 0.34, 0, width * 0.12, height, width * 0.08, height]], 0.12)
    vignette(picture, 0.26)
    frame = darker(rgb(mood.table[1]), 0.55)
    layer = Fine(picture)
    edge = min(width, height) * 0.03
    for box in (
        (0, 0, width, edge * 1.5),
        (0, height - edge * 1.9, width, height),
        (0, 0, edge, height),
        (width - edge, 0, width, height),
    ):
        layer.rectangle(box, frame)
    layer.line([edge, edge * 1.5, width - edge, edge * 1.5], lighter(frame, 0.3), 1.4)
    layer.line([edge, height - edge * 1.9, width - edge, height - edge * 1.9], lighter(frame, 0.4), 2)
    layer.lay()


# From above


def _cloth(size: tuple[int, int], mood: Mood, rng: random.Random) -> Image.Image:
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


def _table(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    width, height = size
    picture = _cloth(size, mood, rng)
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
        rng.choice((_leaves, _berries if season in ("", "winter", "autumn") else _leaves))(layer, line, height * 0.55, rng)
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
        _plate(picture, (x - half, y - half, x + half, y + half), body, rim, lines, rng)

    plate(1.0, lighter(_tint(mood, rng), 0.62), 0)
    plate(0.74, PAPER, rays)
    cloth = mix(rgb(mood.accent), PAPER, rng.choice((0.0, 0.15, 0.7)))
    fold = span * 0.13
    soft(
        picture,
        (20, 12, 14),
        0.35,
        10,
        [("polygon", _box(x - fold + 5, y - span * 0.24 + 8, x + fold + 8, y + span * 0.24 + 12))],
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
        (1, lighter(_tint(mood, rng), 0.5), 90),
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


def _packing(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    width, height = size
    picture = _cloth(size, mood, rng)
    kraft = rgb("#c39b6c")
    papers = [kraft, PAPER, mix(rgb(mood.accent), kraft, 0.2), lighter(_tint(mood, rng), 0.2)]
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
    stem = rng.choice((_leaves, _berries, _fir if season == "winter" else _leaves, _grass))
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
        [("polygon", [v + wide * 0.05 for v in _box(x - half, y - high, x + half, y + high)])],
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
            name, wide * 0.62 if name != "tumbler" else wide * 0.36, Look(_tint(mood, rng), light=-1, tilt=0.12)
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


# The hall


def _hall(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
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
                vessel(name, size, Look(PAPER if white else _tint(mood, rng), white, light=-1, tilt=0.1)),
                px,
                y - deep * 0.3,
                shade=0.3,
            )


# Views


def _landscape(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
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


Family = Callable[[tuple[int, int], Mood, str, random.Random], Image.Image]
_FAMILIES: dict[str, Family] = {
    "still": _still,
    "glow": _glow,
    "shelf": _shelf,
    "window": _window,
    "table": _table,
    "packing": _packing,
    "hall": _hall,
    "landscape": _landscape,
}
