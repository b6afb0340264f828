"""News in real browsers, with and without JavaScript: from an editor's form to a seller on a terminal; and the bell."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.announcements.models import Announcement
from app.notifications import letters
from app.notifications.models import ChannelChoice, Notice
from tests.announcements import making
from tests.browser.conftest import PHONE
from tests.browser.test_journey import faultless, press
from tests.notifications import test_telling as telling

TITLE, BODY = (
    "Бокалы дорожают с понедельника",
    "# Что меняется\n\nС понедельника бокалы стоят 900 рублей.\n\n- старые ценники снять",
)


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_an_announcement_from_the_editor_to_a_terminal(site, scripted):
    cast, portal = site.company.portal.cast, site.company.portal
    options = {"java_script_enabled": scripted}
    with site.visit(portal.token(cast.ed), **options) as visit:
        announce(visit, scripted)
        faultless(visit)
    made = portal.one(select(Announcement.id))
    terminal = portal.terminal(cast.vera.store_id)
    with site.visit(portal.token(cast.vera, terminal), **options) as visit:
        page = visit.go("/")
        assert TITLE in page.locator(".waiting--beside").inner_text()
        press(page, ".waiting--beside .waiting__line")
        page.locator("#asked").scroll_into_view_if_needed()
        confirm_and_answer(page, scripted)
        faultless(visit)
        page = visit.go("/")
        assert page.locator(".waiting").count() == 0
        assert "band--done" in page.content()
        faultless(visit)
    row = making.receipt(portal, made, cast.vera)
    assert row.opened_at <= row.read_at <= row.confirmed_at <= row.understood_at
    assert row.wrong_answers == 1 and not row.waits
    with site.visit(portal.token(cast.ed), **options) as visit:
        assert "прочитали 1 из 8" in visit.go("/announcements/desk").locator("main").inner_text()


def announce(visit, scripted):
    """Write an announcement with a check question, look how a seller will see it, publish it."""
    page = visit.go("/announcements/new")
    page.locator("input[name=title]").fill(TITLE)
    body = page.locator("textarea[name=body]")
    if scripted:
        body.fill("Что меняется")
        page.locator(".marks [data-mark=heading]").click()
        assert body.input_value() == "# Что меняется"
    body.fill(BODY)
    page.locator("input[name=importance][value=mandatory]").check()
    page.locator("details.check summary").click()
    page.locator("input[name=question]").fill("Сколько стоят бокалы?")
    page.locator("input[name=answer1]").fill("900 рублей")
    page.locator("input[name=answer2]").fill("700 рублей")
    page.locator("input[name=right][value='1']").check()
    page.locator("input[name=passage]").fill("бокалы стоят 900 рублей")
    assert re.search(r"9 человек", page.locator("#reach").inner_text())
    press(page, "button[name=act][value=preview]")
    assert page.url.endswith("/preview")
    for name in ("preview__phone", "preview__computer"):
        frame = page.frame_locator(f".{name}")
        frame.locator("h1", has_text=TITLE).wait_for()
        assert frame.locator("button:not(:disabled):visible").count() == 0
    press(page, "main form [type=submit]")
    assert page.locator("h1", has_text=TITLE).count() == 1


def confirm_and_answer(page, scripted):
    """Confirm, answer wrong, be led back to the words that say it, answer right."""
    act = (lambda selector: page.locator(selector).first.click()) if scripted else (lambda selector: press(page, selector))
    act("#confirm")
    page.locator("#asked input[name=answer]").first.wait_for()
    page.locator("#asked input[name=answer][value='1']").check()
    act("#asked form:not([hidden]) [type=submit]")
    passage = page.locator("#passage")
    if scripted:
        page.locator("#passage.passage--shown").wait_for()
        assert page.evaluate("document.activeElement.id") == "passage"
    else:
        assert page.url.endswith("#passage")
    assert "900 рублей" in passage.inner_text()
    page.locator("#asked input[name=answer][value='0']").check()
    act("#asked form:not([hidden]) [type=submit]")
    page.locator(".asked__done").wait_for()
    assert page.locator(".waiting__line").count() == 0


def test_reading_to_the_end_is_noted_by_itself(site):
    """Only what is in sight long enough and scrolled to its end counts."""
    portal, cast = site.company.portal, site.company.portal.cast
    made = making.publish(portal, title="Длинное", body="\n\n".join(["Слово за словом."] * 60))
    with site.visit(portal.token(cast.vera), size=PHONE) as visit:
        page = visit.go(f"/announcements/{made}")
        page.locator("[data-clock]").wait_for(state="attached")
        assert page.locator("#word").is_hidden()
        needed = int(page.locator("[data-needed]").get_attribute("data-needed"))
        assert needed == 20
        page.wait_for_timeout(1500)
        assert making.receipt(portal, made, cast.vera).read_at is None
        page.locator("#asked").scroll_into_view_if_needed()
        page.locator(".asked__done").wait_for(timeout=40_000)
        row = making.receipt(portal, made, cast.vera)
        assert row.read_at is not None and row.seconds >= needed
        faultless(visit)


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_the_bell(site, scripted):
    """What one is told of: counted, opened, settled; a letter's link stops letters without signing in."""
    portal, cast = site.company.portal, site.company.portal.cast
    entry_id = telling.publish(portal, cast.ann)
    telling.comment(portal, cast.bob, entry_id, "Как вы это сделали?")
    with site.visit(portal.token(cast.ann), java_script_enabled=scripted) as visit:
        page = visit.go("/")
        bell = page.locator(".rail a[href='/notifications']").first
        assert "1" in bell.inner_text()
        press(page, ".rail a[href='/notifications']")
        assert "Как вы это сделали?" in page.locator(".inbox").inner_text()
        press(page, ".notice-line")
        assert f"/posts/{entry_id}" in page.url and "Как вы это сделали?" in page.locator("main").inner_text()
        assert "1" not in visit.go("/").locator(".rail a[href='/notifications']").first.inner_text()
        assert portal.count(Notice, Notice.seen_at.is_(None)) == 0
        page = visit.go("/notifications/settings")
        page.locator("input[name=wanted][value='comment:mail'], input[name=wanted][value='comment:push']").first.uncheck()
        press(page, "form[action='/notifications/settings'] [type=submit]")
        assert portal.count(ChannelChoice, ChannelChoice.person_id == cast.ann.id, ChannelChoice.wanted.is_(False)) >= 1
        faultless(visit)
    with portal.context():
        token = letters.unsubscribe_token(cast.ann.id, "mention")
    with site.visit(java_script_enabled=scripted) as visit:
        page = visit.go(f"/notifications/unsubscribe/{token}")
        assert not portal.count(ChannelChoice, ChannelChoice.kind == "mention", ChannelChoice.wanted.is_(False))
        press(page, "main form [type=submit]")
        assert portal.count(ChannelChoice, ChannelChoice.kind == "mention", ChannelChoice.wanted.is_(False)) == 1
        faultless(visit)
