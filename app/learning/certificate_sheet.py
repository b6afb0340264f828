"""A certificate as a sheet to hang on a wall: PDF, A4 across, in Russian whatever the portal is read in.

The library that writes it is loaded by the first who asks for a sheet: no serving process is to carry it for all its life.
The same certificate always gives the same bytes.
"""

from __future__ import annotations

import io
import math
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import segno
from babel.dates import format_date

from app.learning.certificate_models import Certificate
from app.learning.certificate_numbers import grouped

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
FACES = {"Serif": VENDOR / "pt-serif-400.ttf", "Serif-Bold": VENDOR / "pt-serif-700.ttf"}
WIDTH, HEIGHT = 841.89, 595.28
MIDDLE = WIDTH / 2
# As much room as lines of text have between the frames.
COLUMN = 640
# Between these heights it is said who has learned what.
TOP, BOTTOM, LEADING = 420, 158, 1.25
RUBY, GOLD, PALE, INK, MUTED = "#a3123a", "#b08d4c", "#eadfc6", "#23211f", "#645e56"
ENDED = "прошёл(а) обучение и проверку знаний по курсу"
PDF = "application/pdf"


class Fitted(NamedTuple):
    """Lines that fit their room, and the size at which they do."""

    lines: list[str]
    size: float


def sheet(certificate: Certificate, address: str) -> bytes:
    """Return the PDF of a certificate; `address` is where the portal is found."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    _register()
    file = io.BytesIO()
    page = Canvas(file, pagesize=(WIDTH, HEIGHT), invariant=1)
    page.setTitle(f"Сертификат {grouped(certificate.number)}")
    page.setAuthor(certificate.company)
    page.setSubject(certificate.title)
    _frame(page)
    _rosette(page)
    _heading(page, certificate)
    _said(page, certificate)
    _dates(page, certificate)
    _check(page, certificate, address)
    page.showPage()
    page.save()
    return file.getvalue()


def file_name(certificate: Certificate) -> str:
    """Return what the file is called where it is kept."""
    return f"certificate-{grouped(certificate.number)}.pdf"


def said_day(day: date) -> str:
    """Say a day as documents do: 29 ноября 2026 г."""
    return format_date(day, "d MMMM y 'г'.", locale="ru")


def fit(text: str, face: str, size: float, width: float, most: int = 1, least: float = 7) -> Fitted:
    """Break a text into lines and make it smaller until there are no more of them than there may be."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415

    text = _drawable(text, face)
    # Widths grow with the size: measured once for each piece of text.
    measured = cache(lambda words: stringWidth(words, face, 1))
    while True:
        lines = _broken(text, lambda words, room=width / size: measured(words) <= room)
        if len(lines) <= most or size <= least:
            return Fitted(lines[:most], size)
        size -= 0.5


def _broken(text: str, fits: Any) -> list[str]:
    """Break a text between words, and within a word that alone is too long."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if fits(longer):
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and not fits(lines[-1] + letter):
                lines.append("")
            lines[-1] += letter
    return lines


def _drawable(text: str, face: str) -> str:
    """Leave out what the face has no drawing of."""
    from reportlab.pdfbase.pdfmetrics import getFont  # noqa: PLC0415

    known = getFont(face).face.charToGlyph
    return " ".join("".join(letter for letter in text if letter.isspace() or ord(letter) in known).split())


@cache
def _register() -> None:
    from reportlab.pdfbase.pdfmetrics import registerFont  # noqa: PLC0415
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

    for name, path in FACES.items():
        registerFont(TTFont(name, str(path)))


def _frame(page: Any) -> None:
    """Draw the frames: a broad one, a fine one, and a diamond in each corner."""
    page.setStrokeColor(RUBY)
    page.setLineWidth(5)
    page.rect(24, 24, WIDTH - 48, HEIGHT - 48)
    page.setStrokeColor(GOLD)
    page.setLineWidth(1.2)
    page.rect(33, 33, WIDTH - 66, HEIGHT - 66)
    page.setLineWidth(0.4)
    page.rect(38, 38, WIDTH - 76, HEIGHT - 76)
    for x in (38, WIDTH - 38):
        for y in (38, HEIGHT - 38):
            _diamond(page, x, y, 11, "#ffffff")
            _diamond(page, x, y, 8, GOLD)


def _diamond(page: Any, x: float, y: float, reach: float, colour: str) -> None:
    page.setFillColor(colour)
    shape = page.beginPath()
    shape.moveTo(x - reach, y)
    for corner in ((x, y + reach), (x + reach, y), (x, y - reach)):
        shape.lineTo(*corner)
    shape.close()
    page.drawPath(shape, stroke=0, fill=1)


def _rosette(page: Any) -> None:
    """Draw a rosette of fine lines behind the words, as on papers of value."""
    page.setStrokeColor(PALE)
    page.setLineWidth(0.35)
    for turn in range(18):
        shape = page.beginPath()
        for step in range(145):
            angle = 2 * math.pi * step / 144
            reach = 96 + 66 * math.cos(6 * angle + 2 * math.pi * turn / 18)
            x, y = MIDDLE + 1.55 * reach * math.cos(angle), 289 + reach * math.sin(angle)
            (shape.lineTo if step else shape.moveTo)(x, y)
        page.drawPath(shape, stroke=1, fill=0)


def _heading(page: Any, certificate: Certificate) -> None:
    company = fit(certificate.company, "Serif", 17, COLUMN)
    _centred(page, company, "Serif", 515, MUTED)
    page.setFillColor(RUBY)
    page.setFont("Serif-Bold", 46)
    # The space behind the last letter would push the word off the middle.
    page.drawCentredString(MIDDLE + 3.5, 452, "СЕРТИФИКАТ", charSpace=7)
    page.setStrokeColor(GOLD)
    page.setLineWidth(0.8)
    for side in (-1, 1):
        page.line(MIDDLE + side * 14, 430, MIDDLE + side * 150, 430)
    _diamond(page, MIDDLE, 430, 5, GOLD)


def _said(page: Any, certificate: Certificate) -> None:
    """Write who has learned what in the middle between heading and foot, each part as large as its room allows."""
    parts = (
        (Fitted(["Настоящим подтверждается, что"], 13), "Serif", MUTED, 0),
        (fit(certificate.full_name, "Serif-Bold", 34, COLUMN, 2), "Serif-Bold", INK, 14),
        (fit(certificate.words or ENDED, "Serif", 14, COLUMN - 60, 3), "Serif", MUTED, 14),
        (fit(f"«{certificate.title}»", "Serif-Bold", 24, COLUMN, 3), "Serif-Bold", RUBY, 14),
    )
    height = sum(gap + len(fitted.lines) * fitted.size * LEADING for fitted, _face, _colour, gap in parts)
    at = (TOP + BOTTOM + height) / 2
    for fitted, face, colour, gap in parts:
        page.setFillColor(colour)
        page.setFont(face, fitted.size)
        at -= gap
        for line in fitted.lines:
            at -= fitted.size * LEADING
            # Letters stand on their line, which is above the foot of its room.
            page.drawCentredString(MIDDLE, at + 0.3 * fitted.size, line)


def _centred(page: Any, fitted: Fitted, face: str, at: float, colour: str) -> None:
    page.setFillColor(colour)
    page.setFont(face, fitted.size)
    page.drawCentredString(MIDDLE, at, fitted.lines[0] if fitted.lines else "")


def _dates(page: Any, certificate: Certificate) -> None:
    until = certificate.valid_until
    rows = (("Выдан", said_day(certificate.issued_on)), ("Действителен", f"до {said_day(until)}" if until else "бессрочно"))
    for place, (name, value) in enumerate(rows):
        x = 82 + 190 * place
        page.setFillColor(MUTED)
        page.setFont("Serif", 10)
        page.drawString(x, 103, name)
        page.setFillColor(INK)
        page.setFont("Serif-Bold", 14)
        page.drawString(x, 82, value)
        page.setStrokeColor(GOLD)
        page.setLineWidth(0.6)
        page.line(x, 74, x + 165, 74)


def _check(page: Any, certificate: Certificate, address: str) -> None:
    """Draw the code that leads to the page of verification, with what is typed there beside it."""
    matrix = segno.make(f"{address}/verify/{grouped(certificate.number)}", error="m", micro=False).matrix
    side = 84.0
    cell, left, top = side / len(matrix), WIDTH - 82 - side, 62 + side
    page.setFillColor("#ffffff")
    page.rect(left - 6, 62 - 6, side + 12, side + 12, stroke=0, fill=1)
    page.setFillColor(INK)
    shape = page.beginPath()
    for line, row in enumerate(matrix):
        for start, end in _runs(row):
            shape.rect(left + start * cell, top - (line + 1) * cell, (end - start) * cell, cell)
    page.drawPath(shape, stroke=0, fill=1)
    right = left - 16
    page.setFillColor(MUTED)
    page.setFont("Serif", 10)
    page.drawRightString(right, 124, "Номер")
    page.setFillColor(INK)
    page.setFont("Serif-Bold", 17)
    page.drawRightString(right, 103, grouped(certificate.number))
    page.setFillColor(MUTED)
    page.setFont("Serif", 10)
    page.drawRightString(right, 84, "Проверить подлинность:")
    place = fit(f"{address.split('://')[-1]}/verify", "Serif", 10, 210, 1, 6)
    page.setFont("Serif", place.size)
    page.drawRightString(right, 70, place.lines[0])


def _runs(row: Any) -> list[tuple[int, int]]:
    """Return where dark cells of a row begin and end."""
    found, start = [], None
    for place, cell in enumerate([*row, 0]):
        if cell and start is None:
            start = place
        elif not cell and start is not None:
            found.append((start, place))
            start = None
    return found
