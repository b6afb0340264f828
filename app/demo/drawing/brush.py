"""Light, colour and shade for the demo's pictures: gradients, glows, soft shadows, all drawn by Pillow and nothing else."""

from __future__ import annotations

import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
# Shapes are drawn so much larger and then reduced, which smooths their edges.
FINE = 2

# Pillow's radial gradient is 0 in the middle and 181 where it touches the sides: brightness at each of its values.
_FALL = [int(max(0.0, 1 - value / 181) ** 1.7 * 255) for value in range(256)]


def rgb(code: str) -> Colour:
    """Return the colour of "#a3123a"."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return a colour between two; share 0 is the first."""
    return (
        round(first[0] + (second[0] - first[0]) * share),
        round(first[1] + (second[1] - first[1]) * share),
        round(first[2] + (second[2] - first[2]) * share),
    )


def lighter(colour: Colour, share: float) -> Colour:
    """Return a colour nearer to white."""
    return mix(colour, (255, 255, 255), share)


def darker(colour: Colour, share: float) -> Colour:
    """Return a colour nearer to black, kept a little warm."""
    return mix(colour, (18, 12, 16), share)


def gradient(size: tuple[int, int], stops: Sequence[Colour], *, across: bool = False) -> Image.Image:
    """Return a picture that goes through colours from top to bottom, or from left to right."""
    strip = Image.new("RGB", (1, len(stops)))
    strip.putdata(list(stops))
    # Bicubic over a few pixels is a smooth passage; the outer half pixels are cut off.
    long = strip.resize((1, 512), Image.Resampling.BICUBIC, box=(0, 0.5, 1, len(stops) - 0.5))
    if across:
        long = long.transpose(Image.Transpose.ROTATE_90)
    return long.resize(size, Image.Resampling.BILINEAR)


def fade(size: tuple[int, int], stops: Sequence[int], *, across: bool = False) -> Image.Image:
    """Return a mask that goes through these values (0–255) from top to bottom, or from left to right."""
    return gradient(size, [(value, value, value) for value in stops], across=across).getchannel(0)


def glow(
    picture: Image.Image, at: tuple[float, float], radius: tuple[float, float], colour: Colour, strength: float
) -> None:
    """Add light that falls off around a point."""
    box = _whole((at[0] - radius[0], at[1] - radius[1], at[0] + radius[0], at[1] + radius[1]))
    size = (box[2] - box[0], box[3] - box[1])
    fall = Image.radial_gradient("L").point(_FALL).resize(size)
    light = Image.composite(Image.new("RGB", size, mix((0, 0, 0), colour, strength)), Image.new("RGB", size), fall)
    part = picture.crop(box).convert("RGB")
    picture.paste(ImageChops.screen(part, light), box[:2])


def vignette(picture: Image.Image, strength: float) -> None:
    """Darken the corners, as lenses do."""
    width, height = picture.size
    spread = Image.radial_gradient("L").resize((int(width * 1.5), int(height * 1.5)))
    left, top = int(width * 0.25), int(height * 0.25)
    corners = [int(255 * strength * 1.6 * max(0, value - 80) / 175) for value in range(256)]
    mask = spread.crop((left, top, left + width, top + height)).point(corners)
    picture.paste((14, 9, 14), (0, 0), mask)


def soft(
    picture: Image.Image, colour: Colour, strength: float, blur: float, shapes: Sequence[tuple[str, Sequence[float]]]
) -> None:
    """Lay blurred shapes of one colour upon a picture, ("ellipse", box) or ("polygon", points); drawn small to be quick."""
    part = 4
    size = (max(1, picture.width // part), max(1, picture.height // part))
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    for kind, numbers in shapes:
        small = [number / part for number in numbers]
        if kind == "ellipse":
            draw.ellipse(small, fill=int(255 * strength))
        else:
            draw.polygon(list(zip(small[::2], small[1::2], strict=True)), fill=int(255 * strength))
    mask = mask.filter(ImageFilter.GaussianBlur(blur / part)).resize(picture.size, Image.Resampling.BILINEAR)
    picture.paste(colour, (0, 0), mask)


def lit(
    picture: Image.Image, colour: Colour, blur: float, polygons: Sequence[Sequence[float]], strength: float = 0.5
) -> None:
    """Let light fall upon a picture in the form of polygons, as through a window's panes."""
    part = 4
    light = Image.new("RGB", (picture.width // part, picture.height // part))
    draw = ImageDraw.Draw(light)
    for points in polygons:
        small = [number / part for number in points]
        draw.polygon(list(zip(small[::2], small[1::2], strict=True)), fill=mix((0, 0, 0), colour, strength))
    light = light.filter(ImageFilter.GaussianBlur(blur / part)).resize(picture.size, Image.Resampling.BILINEAR)
    picture.paste(ImageChops.screen(picture, light))


def bokeh(picture: Image.Image, rng: random.Random, colours: Sequence[Colour], count: int, area: Box, sizes: Box) -> None:
    """Strew lights that lie far behind the plane of focus."""
    part = 2
    width, height = picture.size
    light = Image.new("RGB", (width // part, height // part))
    for _ in range(count):
        radius = rng.uniform(sizes[0], sizes[1]) * width / part
        x, y = rng.uniform(area[0], area[2]) * width / part, rng.uniform(area[1], area[3]) * height / part
        colour = mix((0, 0, 0), rng.choice(colours), rng.uniform(sizes[2], sizes[3]))
        spot = Image.new("RGB", light.size)
        draw = ImageDraw.Draw(spot)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
        # Lenses draw such lights with a slightly brighter rim.
        draw.ellipse(
            (x - radius, y - radius, x + radius, y + radius), outline=lighter(colour, 0.14), width=max(1, int(radius / 9))
        )
        box = _whole((x - radius - 2, y - radius - 2, x + radius + 2, y + radius + 2))
        light.paste(ImageChops.screen(light.crop(box), spot.crop(box)), box[:2])
    light = light.filter(ImageFilter.GaussianBlur(2.2)).resize(picture.size, Image.Resampling.BILINEAR)
    picture.paste(ImageChops.screen(picture, light))


class Fine:
    """A part of a picture on which sharp shapes are drawn at twice its size and then reduced, so that edges are smooth."""

    def __init__(self, picture: Image.Image, box: Box | None = None) -> None:
        self.picture = picture
        self.box = _whole(box or (0, 0, *picture.size))
        size = ((self.box[2] - self.box[0]) * FINE, (self.box[3] - self.box[1]) * FINE)
        self.layer = picture.crop(self.box).resize(size, Image.Resampling.NEAREST)
        # Drawing in "RGBA" upon a picture without transparency blends.
        self.draw = ImageDraw.Draw(self.layer, "RGBA")

    def at(self, *numbers: float) -> list[float]:
        """Return coordinates of the picture as coordinates of the layer."""
        return [(number - self.box[place % 2]) * FINE for place, number in enumerate(numbers)]

    def polygon(self, points: Sequence[float], colour: Colour, alpha: int = 255) -> None:
        """Draw a polygon of x, y, x, y …"""
        numbers = self.at(*points)
        self.draw.polygon(list(zip(numbers[::2], numbers[1::2], strict=True)), fill=(*colour, alpha))

    def ellipse(
        self, box: Sequence[float], colour: Colour | None, alpha: int = 255, rim: Colour | None = None, width: float = 2
    ) -> None:
        """Draw an ellipse, filled or as a rim."""
        fill = None if colour is None else (*colour, alpha)
        outline = None if rim is None else (*rim, alpha)
        self.draw.ellipse(self.at(*box), fill=fill, outline=outline, width=max(1, int(width * FINE)))

    def rectangle(self, box: Sequence[float], colour: Colour, alpha: int = 255, radius: float = 0) -> None:
        """Draw a rectangle, its corners round if asked."""
        self.draw.rounded_rectangle(self.at(*box), radius * FINE, fill=(*colour, alpha))

    def line(self, points: Sequence[float], colour: Colour, width: float, alpha: int = 255) -> None:
        """Draw a line through points, its ends round."""
        numbers = self.at(*points)
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        thick = max(1, int(width * FINE))
        self.draw.line(pairs, fill=(*colour, alpha), width=thick, joint="curve")
        for x, y in (pairs[0], pairs[-1]):
            half = thick / 2 - 0.5
            self.draw.ellipse((x - half, y - half, x + half, y + half), fill=(*colour, alpha))

    def lay(self) -> None:
        """Put the part back, reduced."""
        self.picture.paste(self.layer.reduce(FINE), self.box[:2])


def curve(points: Sequence[tuple[float, float]], steps: int = 24) -> list[float]:
    """Return a smooth line through points (Catmull–Rom) as x, y, x, y …"""
    padded = [points[0], *points, points[-1]]
    found: list[float] = []
    for first, second, third, fourth in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(steps):
            share = step / steps
            for axis in (0, 1):
                a, b, c, d = first[axis], second[axis], third[axis], fourth[axis]
                found.append(
                    0.5
                    * (2 * b + (c - a) * share + (2 * a - 5 * b + 4 * c - d) * share**2 + (3 * b - a - 3 * c + d) * share**3)
                )
    return [*found, *points[-1]]


def _whole(box: Sequence[float]) -> tuple[int, int, int, int]:
    return int(box[0]), int(box[1]), max(int(box[0]) + 1, int(box[2])), max(int(box[1]) + 1, int(box[3]))
