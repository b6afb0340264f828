"""The outlines of glasses, vases and porcelain, as a turner would note them."""

from __future__ import annotations

import math
from typing import NamedTuple

from app.demo.drawing.brush import Colour

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
