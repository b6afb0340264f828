"""Photos for tests: small, drawn on the spot, with what cameras write into them."""

import io

from PIL import Image


def jpeg(size=(640, 480), colour="teal", exif=None):
    """Return a JPEG as an open file."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", **({"exif": exif} if exif else {}))
    file.seek(0)
    return file
