"""QR codes as drawings inside the page: no picture to fetch, and sharp on paper."""

import segno
from markupsafe import Markup


def qr(text: str) -> Markup:
    """Return the QR code of a text, black on white whatever the page's colours; its size is the style sheet's business."""
    code = segno.make(text, error="m", micro=False)
    drawing = code.svg_inline(border=3, light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawing.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704
