"""Glasses, vases, cups and teapots, turned as on a lathe: a profile is rotated, and each row of it shaded from edge to edge.

Glass lets the background through, is dark and coloured where one looks along its wall, and throws a bright line back to
the lamp; porcelain takes light on one side and shade on the other. Two strips of shading are all that this needs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from app.demo.drawing.brush import FINE, curve, darker, fade, lighter
from app.demo.drawing.forms import FORMS, Form, Look, Profile
from app.demo.drawing.parts import BEFORE, BEHIND
from app.demo.drawing.shades import drink_strip, glass_strip, gold_strip, lay_row, porcelain_strip, thick_strip


class Sprite(NamedTuple):
    """A drawn vessel; `base` is the middle of its foot within the picture, `width` that of its body."""

    image: Image.Image
    base: tuple[int, int]
    width: float
    height: float
    look: Look


@lru_cache(maxsize=64)
def vessel(name: str, height: float, look: Look) -> Sprite:
    """Draw a vessel so many pixels high; rows of the same one are drawn once."""
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
        if part != "lid" and part in BEHIND:
            BEHIND[part](canvas, middle, above, tall, wide, radii, look)
    _body(canvas, middle, above, radii, form, look)
    for part in form.parts:
        if part in BEFORE:
            BEFORE[part](canvas, middle, above, tall, wide, radii, look)
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
    outer = porcelain_strip(look) if look.porcelain else glass_strip(look.colour, look.light, look.cut)
    thick = outer if look.porcelain else thick_strip(look.colour, look.light)
    open_top = form.hollow > 0
    if open_top:
        _opening(canvas, middle, top, radii[0], look)
    inside = drink_strip(look.drink, look.light) if look.drink and not look.porcelain else None
    first, last = int(form.filled[0] * rows), int(form.filled[1] * rows)
    band = range(int(rows * 0.1), int(rows * 0.15)) if look.band else range(0)
    for row, radius in enumerate(radii):
        y = top + row
        if inside is not None and first <= row < last:
            lay_row(canvas, middle, y, radius * 0.93, inside)
        strip = outer if row < hollow or look.porcelain or not open_top else thick
        lay_row(canvas, middle, y, radius, strip)
        if row in band and look.band:
            lay_row(canvas, middle, y, radius, gold_strip(look.band, look.light))
    # The foot is round: rows below it that grow shorter.
    flat = radii[-1] * look.tilt
    for row in range(int(flat)):
        lay_row(canvas, middle, top + rows + row, radii[-1] * math.sqrt(max(0, 1 - (row / flat) ** 2)), thick)
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
