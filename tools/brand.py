"""Draw the portal's sign as PNG files: `python -m tools.brand` writes app/static/brand/.

The sign is the goblet of app/static/icons/glass.svg in white on ruby. Phones mask icons to a circle, so it keeps inside the
middle 80 %.
"""

import math
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "app" / "static" / "brand"
RUBY, WHITE, WINE = (163, 18, 58), (255, 255, 255), (246, 205, 214)
SIZES = (32, 192, 512)
# Drawn large and scaled down: Pillow's lines have no soft edges.
CANVAS = 2048


def draw() -> Image.Image:
    """Return the sign at full size."""
    image = Image.new("RGB", (CANVAS, CANVAS), RUBY)
    pen = ImageDraw.Draw(image)
    rim, bottom, wine = 14.0, 37.0, 25.0

    def half_width(y: float) -> float:
        """Return how far the bowl reaches to each side at a height: nearly straight above, round below."""
        depth = max(0.0, (y - rim) / (bottom - rim))
        return (12.6 - 0.9 * depth) * math.sqrt(max(0.0, 1 - depth**3.4))

    heights = [rim + (bottom - rim) * step / 80 for step in range(81)]
    left = [(32 - half_width(y), y) for y in heights]
    right = [(32 + half_width(y), y) for y in reversed(heights)]
    pen.polygon(_scaled([p for p in left + right if p[1] >= wine]), fill=WINE)
    for stroke in (left + right, [(32, bottom), (32, 50)], [(23, 50), (41, 50)]):
        _draw_line(pen, stroke, 3.4)
    return image


def _scaled(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(x * CANVAS / 64, y * CANVAS / 64) for x, y in points]


def _draw_line(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: float) -> None:
    """Draw a line with round joints and ends, which Pillow leaves ragged."""
    scaled, radius = _scaled(points), width * CANVAS / 128
    pen.line(scaled, fill=WHITE, width=round(2 * radius))
    for x, y in scaled:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=WHITE)


def main() -> None:
    """Write the sign in all sizes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    sign = draw()
    for size in SIZES:
        sign.resize((size, size), Image.Resampling.LANCZOS).save(FOLDER / f"icon-{size}.png", optimize=True)


if __name__ == "__main__":
    main()
