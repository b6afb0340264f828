"""The company's own look: its name, its accent colour, its logo; settings, not code.

An accent is one colour; what else hangs on it (the button under the mouse, the tint behind a chosen place, the same hue on
a dark ground) is derived here, so that words stay readable whatever colour a company has.
"""

import colorsys
import re
from pathlib import Path

from flask import Flask, Response, abort, current_app

from app.guard import public

COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
# WCAG 2.2: what text needs against its ground.
READABLE = 4.5
WHITE, PAPER, NIGHT = (1.0, 1.0, 1.0), (0.965, 0.957, 0.941), (0.129, 0.122, 0.114)

Colour = tuple[float, float, float]


def init_app(app: Flask) -> None:
    """Serve the logo where there is one."""
    logo = Path(app.config["LOGO"]) if app.config["LOGO"] else None
    if logo is not None and (not logo.is_file() or logo.suffix.lower() not in LOGO_TYPES):
        raise RuntimeError(f"RITM_LOGO: {logo} is no svg, png, webp or jpg file that can be read")
    app.jinja_env.globals["brand_logo"] = "/brand/logo" if logo else ""
    app.add_url_rule("/brand/logo", "brand_logo", serve_logo)


@public
def serve_logo() -> Response:
    """Answer the company's logo."""
    path = Path(current_app.config["LOGO"] or "-")
    if not path.is_file():
        abort(404)
    answer = Response(path.read_bytes(), content_type=LOGO_TYPES[path.suffix.lower()])
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


def accent_tokens(accent: str) -> str:
    """Return the style rules that put a company's colour (#a3123a) in place of ruby; empty for no colour.

    Raise RuntimeError for what is no colour: a typing error should stop the start, not paint buttons black.
    """
    if not accent:
        return ""
    match = COLOUR.fullmatch(accent.strip())
    if match is None:
        raise RuntimeError(f"RITM_ACCENT: {accent!r} is no colour; write it like #a3123a")
    red, green, blue = (int(match[1][place : place + 2], 16) / 255 for place in (0, 2, 4))
    colour = (red, green, blue)
    button = _readable_on(colour, WHITE, darker=True)
    light_ink = _readable_on(colour, PAPER, darker=True)
    dark_ink = _readable_on(colour, NIGHT, darker=False)
    light = {
        "ruby": button,
        "ruby-hover": _mix(button, (0.0, 0.0, 0.0), 0.15),
        "ruby-ink": light_ink,
        "ruby-soft": _mix(colour, WHITE, 0.92),
    }
    dark = {
        "ruby": button,
        "ruby-hover": _mix(button, WHITE, 0.1),
        "ruby-ink": dark_ink,
        "ruby-soft": _mix(colour, NIGHT, 0.8),
    }
    return f":root{{{_declare(light)}}}\n@media (prefers-color-scheme: dark){{:root{{{_declare(dark)}}}}}"


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours as WCAG defines it, from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _readable_on(colour: Colour, ground: Colour, darker: bool) -> Colour:
    """Make a colour darker or lighter, in its own hue, until it can be read on the ground."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    while contrast(colour, ground) < READABLE and 0 < lightness < 1:
        lightness = max(0.0, lightness - 0.01) if darker else min(1.0, lightness + 0.01)
        colour = colorsys.hls_to_rgb(hue, lightness, saturation)
    return colour


def _luminance(colour: Colour) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mix(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (a * (1 - share) + b * share for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _declare(tokens: dict[str, Colour]) -> str:
    return ";".join(f"--{name}:#{''.join(f'{round(part * 255):02x}' for part in c)}" for name, c in tokens.items())
