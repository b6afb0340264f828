"""Photos on their way in: checked, turned upright, freed of everything the camera wrote, cut to sizes, saved as WebP.

A phone's photo weighs 4 MiB and tells where it was taken; the store PC gets 60 KiB and learns nothing but the picture.
"""

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from flask_babel import gettext as _
from PIL import Image, ImageOps

from app.errors import Refused

# What browsers and phones send; everything else, SVG above all, is refused by name.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "MPO", "BMP")
MAX_BYTES = 20 * 1024 * 1024
# 50 megapixels is more than any phone of today saves by default; a bomb of 50,000 × 50,000 is far beyond.
MAX_PIXELS = 50_000_000
# The widths that cards, the full page and the enlarged view ask for; a variant is never taller than 1.5 × that.
BOXES = (480, 960, 1600)
# A photo in the stream must not take a slow line longer than a third of a second.
STREAM_BYTES = 58 * 1024
AVATAR_SIZES = (96, 288)


@dataclass(frozen=True)
class Picture:
    """A photo ready to be stored: its size as shown, and its variants as {width in pixels: WebP bytes}."""

    width: int
    height: int
    files: dict[int, bytes]

    @property
    def widths(self) -> list[int]:
        """Return the widths at which variants exist, smallest first."""
        return sorted(self.files)


def variants(source: BinaryIO | Image.Image) -> Picture:
    """Make the variants of a photo; raise Refused, with what to do, for whatever is no photo.

    Takes up to a second of CPU: call it before the transaction begins.
    """
    image = source if isinstance(source, Image.Image) else read(source)
    files: dict[int, bytes] = {}
    width = height = 0
    for box in BOXES:
        small = ImageOps.contain(image, (min(box, image.width), min(box * 3 // 2, image.height)), Image.Resampling.LANCZOS)
        if small.width in files:
            continue
        files[small.width] = _webp(small, STREAM_BYTES if box <= 960 else 4 * STREAM_BYTES)
        width, height = small.size
    return Picture(width, height, files)


def square(source: BinaryIO | Image.Image) -> dict[int, bytes]:
    """Make the square variants of a portrait, cut a little above the middle, where faces are; {side: WebP bytes}."""
    image = source if isinstance(source, Image.Image) else read(source)
    return {
        size: _webp(ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS, centering=(0.5, 0.4)), STREAM_BYTES)
        for size in AVATAR_SIZES
    }


def read(stream: BinaryIO) -> Image.Image:
    """Open an uploaded photo: upright, without metadata, RGB; refuse anything else within a second."""
    data = stream.read(MAX_BYTES + 1)
    if not data:
        raise Refused(_("The photo is empty. Choose it once more."))
    if len(data) > MAX_BYTES:
        raise Refused(_("The photo is larger than 20 MB. Make it smaller and try again."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise Refused(_("The photo is too large: more than 50 megapixels. Make it smaller and try again."))
            if min(image.size) < 16:
                raise Refused(_("The photo is too small to see anything on it."))
            # JPEG can be read at half or a quarter of its size at once, which saves most of the time and memory.
            image.draft("RGB", (2 * BOXES[-1], 2 * BOXES[-1]))
            image.load()
            return _plain(ImageOps.exif_transpose(image))
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(_("The photo is too large: more than 50 megapixels. Make it smaller and try again.")) from None
    except Exception as error:  # Pillow's readers raise whatever the broken bytes lead them to
        raise Refused(_("This file is not a photo, or it is damaged. JPEG, PNG and WebP will do.")) from error


def _plain(image: Image.Image) -> Image.Image:
    """Return the bare pixels on white paper; metadata, palettes, transparency and further frames stay behind."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey: Pillow would cut off all above 255, which leaves white paper.
        image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    bare = Image.new("RGB", image.size)
    bare.paste(image.convert("RGB"))
    return bare


def _webp(image: Image.Image, limit: int) -> bytes:
    """Save as WebP, as well as the limit in bytes allows."""
    data = b""
    for quality in (80, 68, 55, 40, 25, 10):
        file = io.BytesIO()
        image.save(file, "WEBP", quality=quality, method=4)
        data = file.getvalue()
        if len(data) <= limit:
            break
    return data
