"""The sheet of a certificate, read back: its words, its code, its room for long names; the same bytes each time."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
import segno
from pypdf import PdfReader

from app.database import move_clock
from app.learning import certificate_sheet
from app.learning.certificate_models import Certificate
from tests.learning.certified import certified, given, go_on

LONG = {
    "full_name": "Константинопольская-Александрийская Екатерина Владиславовна " * 3,
    "title": "Правила приёмки, хранения и выкладки хрупкого товара " * 3,
    "words": "успешно прошёл(а) обучение и проверку знаний требований охраны труда " * 4,
    "company": "Сеть магазинов посуды и подарков " * 3,
}


def made(**more):
    """Return a certificate that is in no database."""
    about = {
        "number": "K7MD2XQA", "full_name": "Иванова Ольга Петровна", "title": "Безопасность в магазине", "words": "",
        "company": "Рубин", "issued_on": date(2026, 11, 29), "valid_until": date(2027, 11, 29),
    }  # fmt: skip
    return Certificate(**about | more)


def read(content):
    """Return the only page of a PDF, and its text with single spaces."""
    (page,) = PdfReader(io.BytesIO(content)).pages
    return page, " ".join(page.extract_text().split())


def test_it_says_who_has_learned_what_until_when():
    content = certificate_sheet.sheet(made(), "https://ritm.example.com")
    page, text = read(content)
    for words in (
        *("Рубин", "СЕРТИФИКАТ", "Иванова Ольга Петровна", "«Безопасность в магазине»", certificate_sheet.ENDED),
        *("29 ноября 2026 г.", "до 29 ноября 2027 г.", "K7MD-2XQA", "ritm.example.com/verify"),
    ):
        assert words in text
    # A4, across; the letters travel with the file.
    assert [round(float(side)) for side in page.mediabox[2:]] == [842, 595]
    fonts = page["/Resources"]["/Font"]
    assert all("/FontFile2" in fonts[name]["/FontDescriptor"] for name in fonts if "PTSerif" in fonts[name]["/BaseFont"])
    assert sum("PTSerif" in fonts[name]["/BaseFont"] for name in fonts) == 2
    assert content == certificate_sheet.sheet(made(), "https://ritm.example.com")
    assert "бессрочно" in read(certificate_sheet.sheet(made(valid_until=None), "https://ritm.example.com"))[1]
    assert "сдал(а) экзамен" in read(certificate_sheet.sheet(made(words="сдал(а) экзамен"), "https://ritm.example.com"))[1]


def test_the_code_leads_to_the_page_of_verification():
    """What was drawn, put together again from its rectangles, is the code of that address."""
    page, _text = read(certificate_sheet.sheet(made(), "https://ritm.example.com"))
    number = r"(-?[\d.]+)"
    drawn = page.get_contents().get_data().decode("latin-1")
    boxes = [tuple(map(float, box)) for box in re.findall(rf"{number} {number} {number} {number} re", drawn)]
    code = segno.make("https://ritm.example.com/verify/K7MD-2XQA", error="m", micro=False)
    cell = 84 / len(code.matrix)
    cells = [box for box in boxes if abs(box[3] - cell) < 0.01]
    left, top = min(box[0] for box in cells), max(box[1] for box in cells)
    found = [[0] * len(code.matrix) for _ in code.matrix]
    for x, y, width, _height in cells:
        for place in range(round(width / cell)):
            found[round((top - y) / cell)][round((x - left) / cell) + place] = 1
    assert found == [list(row) for row in code.matrix]


def test_the_longest_names_fit():
    """No line leaves the frames, none runs into the foot, and nothing of a name is lost."""
    page, text = read(certificate_sheet.sheet(made(**LONG), "https://a-very-long-name-of-a-portal.some-company.example.com"))
    for name in ("full_name", "title", "words"):
        assert LONG[name].strip() in text
    heights: list[float] = []
    page.extract_text(visitor_text=lambda words, _cm, tm, _font, _size: heights.append(tm[5]) if words.strip() else None)
    assert min(heights) > 60 and max(heights) < 540


@pytest.mark.parametrize("words", ["", "😀", "漢字", "\x00", "а" * 400, "№ 5 — «ё» & <b>"])
def test_whatever_stands_in_a_name(words):
    _page, text = read(certificate_sheet.sheet(made(full_name=f"Ан{words}на", title=words), "http://localhost"))
    assert "СЕРТИФИКАТ" in text


def test_it_is_fetched_as_a_file(portal):
    go_on()
    try:
        certificate = given(portal, portal.cast.ann, certified(portal))
        answer = portal.client(portal.cast.ann).get(f"/certificates/{certificate.id}/sheet.pdf")
    finally:
        move_clock(timedelta())
    assert answer.headers["Content-Type"] == "application/pdf"
    number = f"{certificate.number[:4]}-{certificate.number[4:]}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="certificate-{number}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    _page, text = read(answer.response.data)
    assert "Авторова Анна Ивановна" in text and number in text and "1 марта 2027 г." in text
