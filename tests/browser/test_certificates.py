"""From the last lesson to the verified certificate, in real browsers: on a terminal, on a phone, without JavaScript."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.learning.certificate_models import Certificate
from app.learning.certificate_numbers import grouped
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_journey import faultless, press
from tests.learning.certified import rule
from tests.learning.making import course


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["terminal", "phone"])
def test_from_the_last_lesson_to_the_page_of_verification(site, size, scripted):
    portal, cast = site.company.portal, site.company.portal.cast
    options = {"java_script_enabled": scripted}
    made = course(portal, "text", "text")
    with site.visit(portal.token(cast.ed), size, **options) as visit:
        page = visit.go(f"/courses/{made}/certificate")
        page.locator("input[name=months]").fill("6")
        page.locator("textarea[name=words]").fill("прошёл(а) обучение по курсу")
        press(page, ".write [type=submit]")
        assert page.url.endswith(f"/courses/{made}/edit")
        faultless(visit)
    terminal = portal.terminal(cast.vera.store_id) if size is DESKTOP else None
    with site.visit(portal.token(cast.vera, terminal), size, accept_downloads=True, **options) as visit:
        page = visit.go(f"/courses/{made}")
        press(page, ".button--main")
        for _lesson in range(2):
            press(page, ".lesson__acts .button--main")
        assert page.url.endswith(f"/courses/{made}") and "Ваш сертификат" in page.locator("article").inner_text()
        with page.expect_download() as started:
            page.locator("article a[download]").click()
        text = PdfReader(io.BytesIO(started.value.path().read_bytes())).pages[0].extract_text()
        number = grouped(portal.one(select(Certificate.number).where(Certificate.course_id == made)))
        assert number in text and "Казанцева Вера Олеговна" in text and started.value.suggested_filename.endswith(".pdf")
        press(page, "article p > a")
        assert number in page.locator("h1 + p, section").first.inner_text()
        faultless(visit)
    with site.visit(None, size, **options) as visit:
        page = visit.go("/verify")
        # As one types it on a Russian keyboard, in small letters.
        page.locator("#number").fill(number.lower().replace("-", " ").translate(str.maketrans("abekmhpctyx", "авекмнрстух")))
        press(page, "[type=submit].button--main")
        assert page.url.endswith(f"/verify/{number}")
        said = page.locator("main").inner_text()
        assert "Сертификат действителен" in said and "Казанцева В. О." in said
        faultless(visit)
    rule(portal, made, is_on=False)
