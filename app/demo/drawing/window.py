"""A shop window as one sees it from the street, dressed for the season."""

from __future__ import annotations

import random

from PIL import Image

from app.demo.drawing.brush import (
    Fine,
    curve,
    darker,
    glow,
    gradient,
    lighter,
    lit,
    mix,
    rgb,
    soft,
    vignette,
)
from app.demo.drawing.flowers import bouquet, fir, leaf, leaves, twig
from app.demo.drawing.forms import GLASSES, VASES, Look
from app.demo.drawing.moods import DRINKS, GOLD, PAPER, Mood, block, some_tint
from app.demo.drawing.vessels import stand, vessel


def window(size: tuple[int, int], mood: Mood, season: str, rng: random.Random) -> Image.Image:
    """Draw a shop window of a season."""
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
            soft(picture, darker(colour, 0.2), 0.5, wide * 0.3, [("polygon", block(left, -40, left + wide * 0.45, floor))])
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
            bouquet(picture, (x, y - tall * 0.95), tall * 0.72, season, rng)
        stand(picture, vessel(form, tall, Look(some_tint(mood, rng), light=light, tilt=0.1)), x, y, shade=0.35)
    elif kind == "glasses":
        name = rng.choice(GLASSES[:5])
        tall = min(height * 0.2, wide * 1.3)
        look = Look(
            some_tint(mood, rng),
            False,
            rgb(rng.choice(DRINKS)) if rng.random() < 0.3 else None,
            light,
            0.1,
            rng.choice((0, 14)),
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
            vessel("decanter", min(height * 0.22, wide * 1.1), Look(some_tint(mood, rng), light=light, tilt=0.1, cut=18)),
            x - wide * 0.12,
            y - 3,
            shade=0.35,
        )
        stand(
            picture,
            vessel("shot", wide * 0.3, Look(some_tint(mood, rng), light=light, tilt=0.1, cut=12)),
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
        fir(layer, line, height * 0.9, rng)
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
            (twig if season == "spring" else leaves)(layer, line, height * (0.5 if season == "spring" else 0.36), rng)
    elif season == "autumn":
        for _ in range(34):
            x, y, size = rng.uniform(0, width), rng.uniform(0, height * 0.3) * rng.random() ** 0.4, rng.uniform(12, 24)
            colour = rgb(rng.choice(("#c9571e", "#d98a2b", "#8f2f23", "#b5762e")))
            leaf(layer, [x, y, x, y], 0, size * 1.6, colour, rng.choice((-1, 1)))
        for _ in range(14):
            x = rng.uniform(0.05, 0.95) * width
            leaf(
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
