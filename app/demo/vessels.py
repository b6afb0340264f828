"""Glasses, vases, cups and teapots, turned as on a lathe: a profile is rotated, and each row of it shaded from edge to edge.

Glass lets the background through, is dark and coloured where one looks along its wall, and throws a bright line back to
the lamp; porcelain takes light on one side and shade on the other. Two strips of shading are all that this needs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from app.demo.brush import FINE, Colour, curve, darker, fade, lighter, mix

Profile = tuple[tuple[float, float], ...]


class Form(NamedTuple):
    """A vessel's outline: radius (share of half its width) at heights (0 top, 1 bottom), and its width to its height."""

    profile: Profile
    aspect: float
    # Down to where the vessel is hollow, and between which heights what is in it stands.
    hollow: float = 0.97
    filled: tuple[float, float] = (0, 0)
    parts: tuple[str, ...] = ()


FORMS: dict[str, Form] = {
    "wine": Form(
        (
            (0, 0.66),
            (0.12, 0.8),
            (0.26, 0.86),
            (0.39, 0.7),
            (0.48, 0.36),
            (0.525, 0.1),
            (0.6, 0.055),
            (0.86, 0.055),
            (0.93, 0.11),
            (0.975, 0.52),
            (1, 0.66),
        ),
        0.46,
        0.5,
        (0.2, 0.5),
    ),
    "white": Form(
        (
            (0, 0.6),
            (0.15, 0.72),
            (0.3, 0.72),
            (0.42, 0.5),
            (0.5, 0.2),
            (0.54, 0.08),
            (0.6, 0.055),
            (0.87, 0.055),
            (0.94, 0.12),
            (0.978, 0.5),
            (1, 0.62),
        ),
        0.4,
        0.5,
        (0.2, 0.5),
    ),
    "flute": Form(
        (
            (0, 0.62),
            (0.2, 0.68),
            (0.4, 0.6),
            (0.55, 0.34),
            (0.62, 0.1),
            (0.67, 0.075),
            (0.89, 0.075),
            (0.94, 0.15),
            (0.978, 0.75),
            (1, 0.9),
        ),
        0.25,
        0.6,
        (0.1, 0.6),
    ),
    "coupe": Form(
        (
            (0, 0.97),
            (0.07, 1),
            (0.18, 0.88),
            (0.29, 0.5),
            (0.345, 0.12),
            (0.4, 0.06),
            (0.86, 0.06),
            (0.93, 0.12),
            (0.975, 0.48),
            (1, 0.58),
        ),
        0.62,
        0.33,
        (0.06, 0.33),
    ),
    "tumbler": Form(((0, 1), (0.5, 0.94), (0.9, 0.88), (0.97, 0.86), (1, 0.82)), 0.8, 0.88, (0.38, 0.88)),
    "highball": Form(((0, 1), (0.5, 0.96), (0.95, 0.92), (1, 0.88)), 0.45, 0.93, (0.2, 0.93)),
    "shot": Form(((0, 1), (0.5, 0.86), (0.8, 0.76), (0.95, 0.74), (1, 0.7)), 0.62, 0.78, (0.15, 0.78)),
    "decanter": Form(
        (
            (0, 0.24),
            (0.03, 0.26),
            (0.06, 0.19),
            (0.28, 0.16),
            (0.42, 0.27),
            (0.56, 0.68),
            (0.76, 1),
            (0.93, 0.97),
            (1, 0.86),
        ),
        0.62,
        0.96,
        (0.58, 0.95),
        ("stopper",),
    ),
    "bottle": Form(
        ((0, 0.3), (0.04, 0.32), (0.07, 0.26), (0.3, 0.27), (0.42, 0.6), (0.52, 0.96), (0.9, 1), (1, 0.93)), 0.34, 0.97
    ),
    "tall": Form(
        ((0, 0.62), (0.04, 0.54), (0.14, 0.42), (0.32, 0.52), (0.56, 0.86), (0.76, 0.97), (0.92, 0.78), (1, 0.6)), 0.42
    ),
    "round": Form(
        ((0, 0.4), (0.05, 0.34), (0.14, 0.32), (0.3, 0.64), (0.56, 1), (0.8, 0.92), (0.95, 0.62), (1, 0.52)), 0.86
    ),
    "flare": Form(((0, 1), (0.12, 0.8), (0.4, 0.5), (0.66, 0.44), (0.86, 0.52), (1, 0.62)), 0.52),
    "cylinder": Form(((0, 1), (0.5, 0.99), (0.97, 0.98), (1, 0.95)), 0.4, 0.94, (0.45, 0.94)),
    "drop": Form(((0, 0.18), (0.06, 0.15), (0.22, 0.2), (0.44, 0.5), (0.7, 0.95), (0.84, 1), (0.95, 0.8), (1, 0.62)), 0.56),
    "bowl": Form(((0, 1), (0.25, 0.93), (0.55, 0.7), (0.8, 0.42), (0.9, 0.36), (1, 0.4)), 2.0, 0.9),
    "cup": Form(
        ((0, 1), (0.3, 0.97), (0.58, 0.84), (0.82, 0.56), (0.92, 0.46), (1, 0.48)), 1.22, 0.95, parts=("handle", "saucer")
    ),
    "mug": Form(((0, 0.96), (0.5, 0.97), (0.93, 0.95), (1, 0.86)), 0.95, 0.95, parts=("handle",)),
    "jug": Form(
        ((0, 0.66), (0.06, 0.58), (0.2, 0.52), (0.4, 0.74), (0.64, 1), (0.84, 0.94), (1, 0.68)), 0.66, parts=("handle",)
    ),
    "teapot": Form(
        ((0, 0.4), (0.03, 0.46), (0.16, 0.76), (0.4, 1), (0.64, 0.96), (0.86, 0.66), (0.94, 0.5), (1, 0.52)),
        1.2,
        0.0,
        parts=("handle", "spout", "lid"),
    ),
    "sugar": Form(((0, 0.6), (0.05, 0.66), (0.3, 0.96), (0.6, 0.96), (0.85, 0.62), (1, 0.52)), 1.1, 0.0, parts=("lid",)),
    "candle": Form(
        (
            (0, 0.34),
            (0.05, 0.36),
            (0.08, 0.16),
            (0.2, 0.12),
            (0.28, 0.24),
            (0.36, 0.12),
            (0.72, 0.13),
            (0.86, 0.3),
            (0.96, 0.86),
            (1, 1),
        ),
        0.36,
        0.0,
        parts=("flame",),
    ),
    "ball": Form(tuple((step / 40, math.sin(math.acos(1 - step / 20))) for step in range(41)), 1.0, 0.0),
}
GLASSES = ("wine", "white", "flute", "coupe", "tumbler", "highball", "shot")
VASES = ("tall", "round", "flare", "cylinder", "drop", "bottle")
PORCELAIN = ("teapot", "cup", "jug", "sugar", "bowl", "mug")


class Look(NamedTuple):
    """What a vessel is made of and filled with."""

    colour: Colour
    porcelain: bool = False
    drink: Colour | None = None
    # Where the lamp stands: -1 left, 1 right.
    light: float = -1
    # How far from above one looks: the height of a rim to its width.
    tilt: float = 0.14
    # Stripes or cuts around the body.
    cut: int = 0
    band: Colour | None = None


class Sprite(NamedTuple):
    """A drawn vessel; `base` is the middle of its foot within the picture, `width` that of its body."""

    image: Image.Image
    base: tuple[int, int]
    width: float
    height: float
    look: Look


def vessel(name: str, height: float, look: Look) -> Sprite:
    """Draw a vessel so many pixels high."""
    form = FORMS[name]
    tall = max(12, int(height * FINE))
    wide = tall * form.aspect
    margin = int(wide * (0.62 if form.parts else 0.1)) + 8
    above = int(tall * (0.34 if {"stopper", "lid", "flame"} & set(form.parts) else 0.04) + wide * look.tilt)
    below = int(wide * look.tilt) + 6
    canvas = Image.new("RGBA", (int(wide) + 2 * margin, tall + above + below))
    middle = canvas.width / 2
    radii = [radius * wide / 2 for radius in _radii(form.profile, tall)]
    for part in form.parts:
        if part != "lid" and part in _BEHIND:
            _BEHIND[part](canvas, middle, above, tall, wide, radii, look)
    _body(canvas, middle, above, radii, form, look)
    for part in form.parts:
        if part in _BEFORE:
            _BEFORE[part](canvas, middle, above, tall, wide, radii, look)
    return Sprite(canvas.reduce(FINE), (int(middle / FINE), int((above + tall) / FINE)), wide / FINE, tall / FINE, look)


def stand(
    picture: Image.Image, sprite: Sprite, x: float, y: float, *, shade: float = 0.4, mirror: float = 0.0, blur: float = 0
) -> None:
    """Put a vessel on a surface: its shadow, its reflection, itself."""
    look = sprite.look
    spread = sprite.width * 0.5
    if shade:
        _shadow(picture, sprite, x, y, shade)
    image = sprite.image
    left, top = int(x - sprite.base[0]), int(y - sprite.base[1])
    if mirror:
        flipped = image.crop((0, 0, image.width, sprite.base[1])).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        flipped = flipped.resize((flipped.width, int(flipped.height * 0.8))).filter(ImageFilter.GaussianBlur(1.6))
        falling = fade(flipped.size, [int(255 * mirror), int(90 * mirror), 0])
        flipped.putalpha(ImageChops.multiply(flipped.getchannel("A"), falling))
        picture.paste(flipped, (left, int(y - spread * look.tilt * 0.4)), flipped)
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    picture.paste(image, (left, top), image)


def _shadow(picture: Image.Image, sprite: Sprite, x: float, y: float, shade: float) -> None:
    """Lay a soft shadow away from the lamp; that of glass is pale and has coloured light in its middle."""
    look = sprite.look
    reach = sprite.width * 0.95
    box = (int(x - reach * 1.6), int(y - sprite.width * 0.4), int(x + reach * 1.6), int(y + sprite.width * 0.5))
    size = (max(4, (box[2] - box[0]) // 4), max(4, (box[3] - box[1]) // 4))
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    half = sprite.width * 0.36 / 4
    cx, cy = (x - box[0]) / 4, (y - box[1]) / 4
    away = -look.light * sprite.width * 0.5 / 4
    flat = max(1.5, half * look.tilt * 2.0)
    draw.ellipse((cx - half * 1.05, cy - flat, cx + half * 1.05, cy + flat), fill=int(255 * shade))
    draw.polygon(
        [(cx - half, cy), (cx + half, cy), (cx + half + away, cy + flat * 1.4), (cx - half + away, cy + flat * 1.4)],
        fill=int(190 * shade),
    )
    mask = mask.filter(ImageFilter.GaussianBlur(max(1.2, half * 0.28))).resize((box[2] - box[0], box[3] - box[1]))
    picture.paste((22, 14, 20), box[:2], mask)
    if not look.porcelain:
        light = Image.new("L", size)
        draw = ImageDraw.Draw(light)
        cx += away * 0.55
        draw.ellipse((cx - half * 0.6, cy - flat * 0.1, cx + half * 0.6, cy + flat * 0.9), fill=int(150 * shade))
        light = light.filter(ImageFilter.GaussianBlur(max(1, half * 0.2))).resize((box[2] - box[0], box[3] - box[1]))
        picture.paste(lighter(look.drink or look.colour, 0.35), box[:2], light)


def _radii(profile: Profile, rows: int) -> list[float]:
    """Return the radius of each row: a smooth line through the profile, never negative."""
    points = curve([(height * rows, radius) for height, radius in profile], 16)
    heights, radii = points[::2], points[1::2]
    found, place = [], 0
    for row in range(rows):
        while place < len(heights) - 2 and heights[place + 1] < row:
            place += 1
        span = max(1e-6, heights[place + 1] - heights[place])
        share = min(1.0, max(0.0, (row - heights[place]) / span))
        found.append(max(0.004, radii[place] + (radii[place + 1] - radii[place]) * share))
    return found


def _body(canvas: Image.Image, middle: float, top: int, radii: Sequence[float], form: Form, look: Look) -> None:
    rows = len(radii)
    hollow = int(form.hollow * rows)
    outer = _porcelain(look) if look.porcelain else _glass(look.colour, look.light, look.cut)
    thick = outer if look.porcelain else _thick(look.colour, look.light)
    open_top = form.hollow > 0
    if open_top:
        _opening(canvas, middle, top, radii[0], look)
    inside = _drink(look.drink, look.light) if look.drink and not look.porcelain else None
    first, last = int(form.filled[0] * rows), int(form.filled[1] * rows)
    band = range(int(rows * 0.1), int(rows * 0.15)) if look.band else range(0)
    for row, radius in enumerate(radii):
        y = top + row
        if inside is not None and first <= row < last:
            _row(canvas, middle, y, radius * 0.93, inside)
        strip = outer if row < hollow or look.porcelain or not open_top else thick
        _row(canvas, middle, y, radius, strip)
        if row in band and look.band:
            _row(canvas, middle, y, radius, _gold(look.band, look.light))
    # The foot is round: rows below it that grow shorter.
    flat = radii[-1] * look.tilt
    for row in range(int(flat)):
        _row(canvas, middle, top + rows + row, radii[-1] * math.sqrt(max(0, 1 - (row / flat) ** 2)), thick)
    draw = ImageDraw.Draw(canvas)
    if inside is not None and last > first:
        radius = radii[first] * 0.93
        level = top + first
        depth = radius * look.tilt
        surface = Image.new("RGBA", canvas.size)
        ImageDraw.Draw(surface).ellipse(
            (middle - radius, level - depth, middle + radius, level + depth),
            fill=(*lighter(look.drink or look.colour, 0.25), 190),
            outline=(*lighter(look.drink or look.colour, 0.55), 200),
            width=2,
        )
        canvas.alpha_composite(surface)
    if open_top:
        radius, depth = radii[0], radii[0] * look.tilt
        bright = lighter(look.colour, 0.75)
        draw.arc((middle - radius, top - depth, middle + radius, top + depth), 0, 180, fill=(*bright, 235), width=FINE + 1)


def _opening(canvas: Image.Image, middle: float, top: int, radius: float, look: Look) -> None:
    """Draw the far wall that one sees through the rim."""
    depth = radius * look.tilt
    box = (middle - radius, top - depth, middle + radius, top + depth)
    draw = ImageDraw.Draw(canvas)
    if look.porcelain:
        draw.ellipse(box, fill=(*darker(look.colour, 0.22), 255), outline=(*lighter(look.colour, 0.4), 255), width=FINE)
    else:
        draw.ellipse(box, fill=(*look.colour, 46), outline=(*lighter(look.colour, 0.7), 170), width=FINE)


def _row(canvas: Image.Image, middle: float, y: int, radius: float, strip: Image.Image) -> None:
    left = max(0, round(middle - radius))
    line = strip.resize((max(1, round(middle + radius) - left), 1), Image.Resampling.BILINEAR)
    canvas.alpha_composite(line, (left, y))


def _strip(shade: Callable[[float], tuple[Colour, float]]) -> Image.Image:
    """Return a row of shading from the left edge (-1) to the right one (1)."""
    strip = Image.new("RGBA", (256, 1))
    values = []
    for place in range(256):
        colour, alpha = shade(place / 127.5 - 1)
        values.append((*colour, max(0, min(255, int(alpha * 255)))))
    strip.putdata(values)
    return strip


def _bell(x: float, middle: float, width: float) -> float:
    return math.exp(-(((x - middle) / width) ** 2))


@lru_cache(maxsize=400)
def _glass(colour: Colour, light: float, cut: int) -> Image.Image:
    def shade(x: float) -> tuple[Colour, float]:
        edge = abs(x) ** 5
        facet = 0.12 * (math.sin(math.asin(max(-1, min(1, x))) * cut) > 0.25) if cut else 0.0
        flash = _bell(x, 0.62 * light, 0.07) + 0.45 * _bell(x, -0.7 * light, 0.05)
        body = 0.2 + 0.5 * edge + 0.1 * abs(x) + facet
        tint = darker(colour, 0.4 * edge)
        return mix(tint, (255, 255, 255), min(1.0, flash + facet)), min(0.95, body + 0.75 * flash)

    return _strip(shade)


@lru_cache(maxsize=400)
def _thick(colour: Colour, light: float) -> Image.Image:
    def shade(x: float) -> tuple[Colour, float]:
        flash = _bell(x, 0.35 * light, 0.16) + 0.5 * _bell(x, -0.55 * light, 0.12)
        return mix(darker(colour, 0.25 * abs(x)), (255, 255, 255), min(0.9, flash)), 0.55 + 0.35 * abs(x) ** 2

    return _strip(shade)


@lru_cache(maxsize=400)
def _drink(colour: Colour, light: float) -> Image.Image:
    def shade(x: float) -> tuple[Colour, float]:
        through = 0.45 * _bell(x, -0.35 * light, 0.35)
        return mix(darker(colour, 0.35 * x * x), lighter(colour, 0.5), through), 0.86

    return _strip(shade)


@lru_cache(maxsize=400)
def _porcelain_strip(colour: Colour, light: float) -> Image.Image:
    def shade(x: float) -> tuple[Colour, float]:
        turned = math.cos(math.asin(max(-1.0, min(1.0, x))) - 0.75 * light)
        bounce = 0.16 * _bell(x, -0.97 * light, 0.16)
        tone = mix(darker(colour, 0.52), lighter(colour, 0.18), max(0.0, min(1.0, 0.12 + 0.85 * turned + bounce)))
        return mix(tone, (255, 255, 255), 0.85 * _bell(x, 0.5 * light, 0.045)), 1.0

    return _strip(shade)


def _porcelain(look: Look) -> Image.Image:
    return _porcelain_strip(look.colour, look.light)


@lru_cache(maxsize=100)
def _gold(colour: Colour, light: float) -> Image.Image:
    return _strip(lambda x: (mix(darker(colour, 0.4), lighter(colour, 0.6), _bell(x, 0.45 * light, 0.25)), 0.95))


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
    strip = _porcelain(look) if look.porcelain else _thick(look.colour, look.light)
    rise = int(tall * 0.15)
    base = radii[0] * 1.04
    for row in range(rise):
        share = row / rise
        _row(canvas, middle, top - rise + row, base * math.sin(math.pi / 2 * (0.12 + 0.88 * share)), strip)
    for row in range(int(base * look.tilt)):
        _row(canvas, middle, top + row, base * math.sqrt(1 - (row / (base * look.tilt)) ** 2), strip)
    knob = tall * 0.06
    for row in range(int(2 * knob)):
        _row(
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
    strip = _thick(look.colour, look.light)
    for row in range(int(2 * ball)):
        _row(canvas, middle, int(top - 2 * ball) + row, ball * math.sqrt(max(0.02, 1 - ((row - ball) / ball) ** 2)), strip)


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


_BEHIND: dict[str, Part] = {"handle": _handle, "spout": _spout, "saucer": _saucer}
_BEFORE: dict[str, Part] = {"lid": _lid, "stopper": _stopper, "flame": _flame}
