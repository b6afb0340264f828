"""Vases by a window, and glasses in a row before lights."""

from __future__ import annotations

import random

from PIL import Image, ImageFilter

from app.demo.drawing.brush import (
    Colour,
    bokeh,
    lighter,
    lit,
    rgb,
    vignette,
)
from app.demo.drawing.flowers import bouquet
from app.demo.drawing.forms import GLASSES, PORCELAIN, VASES, Look
from app.demo.drawing.moods import DRINKS, PAPER, Mood, room, some_tint
from app.demo.drawing.vessels import stand, vessel


def still(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    """Draw a vase on a table by a window, with something beside it."""
    width, height = size
    line = rng.uniform(0.66, 0.74)
    picture = room(size, mood, rng, line)
    light = rng.choice((-1, 1))
    dark = sum(rgb(mood.wall[1])) < 330
    _panes(picture, light, rng, rgb(mood.lamp), 0.26 if dark else 0.5)
    foot = height * (line + 0.12)
    tall = min(height * 0.5, width * 0.62)
    middle = width * (0.5 + rng.uniform(-0.06, 0.06))
    form = rng.choice(("tall", "round", "drop", "flare", "cylinder"))
    look = Look(some_tint(mood, rng), porcelain=rng.random() < 0.25, light=light)
    back = vessel(rng.choice(VASES), tall * 0.62, Look(some_tint(mood, rng), light=light))
    stand(picture, back, middle + width * 0.25 * light, foot - height * 0.05, shade=0.3, mirror=0.12, blur=2.4)
    bouquet(picture, (middle, foot - tall * 0.96), tall * 0.95, season, rng)
    stand(picture, vessel(form, tall, look), middle, foot, shade=0.42, mirror=0.22)
    if rng.random() < 0.7:
        name = rng.choice(("bowl", "tumbler", "coupe", "cup"))
        size_of = tall * {"bowl": 0.2, "tumbler": 0.3, "coupe": 0.46, "cup": 0.2}[name]
        stand(
            picture,
            vessel(
                name, size_of, Look(PAPER if name in PORCELAIN else some_tint(mood, rng), name in PORCELAIN, light=light)
            ),
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


def glow_row(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    """Draw a row of glasses before blurred lights."""
    width, height = size
    line = rng.uniform(0.7, 0.78)
    picture = room(size, mood, rng, line)
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
        look = Look(some_tint(mood, rng) if drink is None else rgb(mood.tints[-1]), False, drink, light, 0.13, cut)
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
