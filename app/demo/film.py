"""A short film for a lesson: drawn frame by frame, each kept as one picture of VP8, in a WebM file with places to jump to.

A lossy WebP picture is a key frame of VP8; WebM is a few boxes around such frames. So a film needs nothing but Pillow.
"""

from __future__ import annotations

import io
import struct
from functools import lru_cache

from PIL import Image, ImageDraw

from app.demo.drawing.brush import gradient, mix, rgb

SIZE = (480, 270)
A_SECOND = 6
SECONDS = 16
QUALITY = 62
FINE = 2
CAPTIONS = """WEBVTT

00:00.000 --> 00:04.000
Кладём бокал на угол листа.

00:04.000 --> 00:08.000
Комок тишью — внутрь чаши, без нажима.

00:08.000 --> 00:12.000
Заворачиваем от угла, края подгибаем внутрь.

00:12.000 --> 00:16.000
В коробку — стоя, пустоты заполняем.
"""
PAPER, TISSUE, BOX, INK = rgb("#d9b98c"), rgb("#f3f0ea"), rgb("#b98d5c"), rgb("#6f8fa8")


@lru_cache(maxsize=1)
def film() -> bytes:
    """Return the film of a glass that is packed in four movements."""
    shares = [number / (A_SECOND * SECONDS) for number in range(A_SECOND * SECONDS)]
    return webm([_frame(*_moment(share)) for share in shares], SIZE, 1000 // A_SECOND)


@lru_cache(maxsize=1)
def poster() -> Image.Image:
    """Return the picture that stands for the film until it plays."""
    return _draw(*_moment(0.45))


def webm(frames: list[bytes], size: tuple[int, int], milliseconds: int) -> bytes:
    """Put key frames of VP8 into a WebM file: a cluster for each second, and cues to find them by."""
    group = max(1, 1000 // milliseconds)
    clusters = []
    for first in range(0, len(frames), group):
        blocks = b"".join(
            _box(0xA3, b"\x81" + struct.pack(">hB", place * milliseconds, 0x80) + frame)
            for place, frame in enumerate(frames[first : first + group])
        )
        clusters.append(_box(0x1F43B675, _number(0xE7, first * milliseconds) + blocks))
    head = _box(0x1549A966, _number(0x2AD7B1, 1_000_000) + _real(0x4489, len(frames) * milliseconds) + _app())
    video = _box(0xE0, _number(0xB0, size[0]) + _number(0xBA, size[1]))
    track = _number(0xD7, 1) + _number(0x73C5, 1) + _number(0x83, 1) + _number(0x9C, 0) + _box(0x86, b"V_VP8") + video
    head += _box(0x1654AE6B, _box(0xAE, track))
    cues = _cues(clusters, len(head), group * milliseconds)
    kind = _number(0x4286, 1) + _number(0x42F7, 1) + _number(0x42F2, 4) + _number(0x42F3, 8)
    kind += _box(0x4282, b"webm") + _number(0x4287, 2) + _number(0x4285, 2)
    return _box(0x1A45DFA3, kind) + _box(0x18538067, head + cues + b"".join(clusters))


def _cues(clusters: list[bytes], before: int, milliseconds: int) -> bytes:
    """Say where each cluster begins, counted from the segment's first byte; the cues themselves stand before them."""
    length = 0
    while True:
        at, points = before + length, b""
        for place, cluster in enumerate(clusters):
            # Positions take eight bytes always: so the length of the cues does not hang on what they say.
            where = _box(0xB7, _number(0xF7, 1) + _box(0xF1, struct.pack(">Q", at)))
            points += _box(0xBB, _number(0xB3, place * milliseconds) + where)
            at += len(cluster)
        cues = _box(0x1C53BB6B, points)
        if len(cues) == length:
            return cues
        length = len(cues)


def _box(name: int, data: bytes) -> bytes:
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + (len(data) | 1 << 56).to_bytes(8, "big") + data


def _number(name: int, value: int) -> bytes:
    return _box(name, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _real(name: int, value: float) -> bytes:
    return _box(name, struct.pack(">d", value))


def _app() -> bytes:
    return _box(0x4D80, b"Ritm") + _box(0x5741, b"Ritm")


def _moment(share: float) -> tuple[int, float]:
    """Return which movement it is, 0 to 3, and how much of it is done; each ends with a rest."""
    act = min(3, int(share * 4))
    within = min(1.0, (share * 4 - act) * 1.5)
    return act, round(within * within * (3 - 2 * within), 3)


@lru_cache(maxsize=256)
def _frame(act: int, smooth: float) -> bytes:
    """Return the key frame of VP8 that a lossy WebP picture holds behind its twenty bytes of head."""
    file = io.BytesIO()
    _draw(act, smooth).save(file, "WEBP", quality=QUALITY, method=1)
    data = file.getvalue()
    return data[20 : 20 + int.from_bytes(data[16:20], "little")]


def _draw(act: int, smooth: float) -> Image.Image:
    """Draw a moment of one of the four movements."""
    wide, tall = SIZE[0] * FINE, SIZE[1] * FINE
    picture = _ground().copy()
    pen = ImageDraw.Draw(picture)
    middle = (wide * 0.5, tall * 0.52)
    if act < 3:
        _sheet(pen, middle, tall * 0.4, smooth if act == 2 else 0.0)
    if act == 0:
        _glass(pen, (middle[0], middle[1] - (1 - smooth) * tall * 0.7), tall * 0.5)
    elif act in (1, 2):
        _glass(pen, middle, tall * 0.5)
        ball = smooth if act == 1 else 1.0
        _ball(pen, (middle[0], middle[1] - tall * (0.16 + (1 - ball) * 0.5)), tall * 0.085)
    if act == 2:
        _roll(pen, middle, tall * 0.4, smooth)
    elif act == 3:
        _parcel(pen, (middle[0], middle[1] - (1 - smooth) * tall * 0.45), tall)
        _carton(pen, (middle[0], tall * 0.72), tall * 0.5)
    for place in range(4):
        left = wide * 0.5 + (place - 1.5) * 44 * FINE
        colour = rgb("#9b1c43") if place == act else rgb("#c3b5a2")
        pen.rounded_rectangle(
            (left - 15 * FINE, tall - 20 * FINE, left + 15 * FINE, tall - 15 * FINE), 3 * FINE, fill=colour
        )
    return picture.resize(SIZE, Image.Resampling.LANCZOS)


@lru_cache(maxsize=1)
def _ground() -> Image.Image:
    return gradient((SIZE[0] * FINE, SIZE[1] * FINE), [rgb("#efe7db"), rgb("#dccfbd")])


Point = tuple[float, float]


def _sheet(pen: ImageDraw.ImageDraw, at: Point, half: float, closed: float) -> None:
    x, y = at
    reach = half * (1 - 0.45 * closed)
    pen.polygon([(x, y - half), (x + reach * 1.5, y), (x, y + half), (x - reach * 1.5, y)], fill=PAPER)
    pen.line([(x, y - half), (x, y + half)], fill=mix(PAPER, (0, 0, 0), 0.06), width=2 * FINE)


def _glass(pen: ImageDraw.ImageDraw, at: Point, tall: float) -> None:
    """Draw a wine glass, seen from the side."""
    x, y = at
    top, foot, wide = y - tall / 2, y + tall / 2, tall * 0.2
    glass, edge = mix(INK, (255, 255, 255), 0.72), INK
    bowl = [(x - wide * 0.8, top), (x - wide, top + tall * 0.2), (x - wide * 0.7, top + tall * 0.4), (x, top + tall * 0.5)]
    bowl += [(2 * x - left, down) for left, down in reversed(bowl[:-1])]
    pen.polygon(bowl, fill=glass, outline=edge, width=2 * FINE)
    pen.ellipse((x - wide * 0.8, top - tall * 0.03, x + wide * 0.8, top + tall * 0.03), outline=edge, width=2 * FINE)
    pen.line([(x, top + tall * 0.5), (x, foot)], fill=edge, width=5 * FINE)
    pen.ellipse(
        (x - wide * 0.75, foot - tall * 0.03, x + wide * 0.75, foot + tall * 0.03), fill=glass, outline=edge, width=2
    )
    pen.line([(x - wide * 0.55, top + tall * 0.1), (x - wide * 0.6, top + tall * 0.3)], fill=(255, 255, 255), width=4 * FINE)


def _ball(pen: ImageDraw.ImageDraw, at: Point, radius: float) -> None:
    x, y = at
    pen.ellipse(
        (x - radius, y - radius, x + radius, y + radius), fill=TISSUE, outline=mix(TISSUE, (0, 0, 0), 0.18), width=FINE
    )
    for lift in (-0.35, 0.05, 0.4):
        crease = [
            (x - radius * 0.6, y + radius * lift),
            (x, y + radius * (lift - 0.25)),
            (x + radius * 0.6, y + radius * lift),
        ]
        pen.line(crease, fill=mix(TISSUE, (0, 0, 0), 0.14), width=FINE)


def _roll(pen: ImageDraw.ImageDraw, at: Point, half: float, closed: float) -> None:
    """Draw the corner of the sheet that closes over the glass from the left, then the one from the right."""
    x, y = at
    for side, begins in ((-1, 0.0), (1, 0.45)):
        share = max(0.0, min(1.0, (closed - begins) / 0.55))
        if share > 0:
            outer, inner = x + side * half * 1.5 * (1 - share), x - side * half * 0.5 * share
            shade = mix(PAPER, (255, 255, 255) if side < 0 else (0, 0, 0), 0.12)
            pen.polygon(
                [(x, y - half), (outer * 0.2 + inner * 0.8, y), (x, y + half), (x + side * half * 0.62, y)], fill=shade
            )


def _parcel(pen: ImageDraw.ImageDraw, at: Point, tall: float) -> None:
    x, y = at
    wide, high = tall * 0.1, tall * 0.24
    pen.rounded_rectangle(
        (x - wide, y - high, x + wide, y + high), 14 * FINE, fill=PAPER, outline=mix(PAPER, (0, 0, 0), 0.2)
    )
    for share in (-0.5, 0.1, 0.6):
        fold = [(x - wide, y + high * share), (x + wide, y + high * (share - 0.25))]
        pen.line(fold, fill=mix(PAPER, (0, 0, 0), 0.16), width=2 * FINE)


def _carton(pen: ImageDraw.ImageDraw, at: Point, wide: float) -> None:
    """Draw the front of an open box, so that what stands in it shows above the edge."""
    x, y = at
    half, high = wide / 2, wide * 0.42
    for side in (-1, 1):
        edge = x + side * half
        flap = [(edge, y), (x + side * half * 1.35, y - high * 0.35), (x + side * half * 1.25, y + high * 0.1)]
        pen.polygon([*flap, (edge, y + high * 0.3)], fill=mix(BOX, (255, 255, 255), 0.15))
    pen.rectangle((x - half, y, x + half, y + high), fill=BOX)
    pen.rectangle((x - half, y, x + half, y + 6 * FINE), fill=mix(BOX, (0, 0, 0), 0.12))
    for side in (-1, 1):
        arrow = x + side * half * 0.55
        pen.polygon([(arrow, y + high * 0.3), (arrow - 12 * FINE, y + high * 0.5), (arrow + 12 * FINE, y + high * 0.5)],
                    fill=mix(BOX, (0, 0, 0), 0.4))  # fmt: skip
        pen.rectangle((arrow - 4 * FINE, y + high * 0.5, arrow + 4 * FINE, y + high * 0.75), fill=mix(BOX, (0, 0, 0), 0.4))
