"""How far news comes, in real browsers, with and without JavaScript: editor, seller on a terminal, director, editor."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.announcements.models import Announcement
from app.people.absences import Absence
from tests.announcements.making import assert_counts, crowd, receipt
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_journey import faultless, press
from tests.browser.test_pages import AXE, look

TITLE = "Новая форма с декабря"


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_from_the_editor_to_the_director_and_back(site, scripted):
    cast, portal = site.company.portal.cast, site.company.portal
    team = crowd(portal, cast.ann.store_id, 4)
    # Nowhere so few that stores have to stand together.
    for who, more in ((cast.vera, 5), (cast.ivan, 5), (cast.hana, 3)):
        crowd(portal, who.store_id, more)
    options = {"java_script_enabled": scripted}
    with site.visit(portal.token(cast.ed), **options) as visit:
        announce(visit)
        faultless(visit)
    made = portal.one(select(Announcement.id))
    with site.visit(portal.token(cast.ann, portal.terminal(cast.ann.store_id)), **options) as visit:
        page = visit.go(f"/announcements/{made}")
        page.locator("#confirm").click()
        page.locator(".asked__done").wait_for()
        faultless(visit)
    with site.visit(portal.token(cast.dina), size=PHONE, **options) as visit:
        brief(visit, cast, team)
        faultless(visit)
    assert receipt(portal, made, cast.ann).confirmed_at is not None
    assert receipt(portal, made, cast.bob).told_at is not None
    assert_counts(portal, made)
    with site.visit(portal.token(cast.ed), **options) as visit:
        see(visit, made, cast, scripted)
        faultless(visit)


def announce(visit):
    """Publish something that everybody is to confirm."""
    page = visit.go("/announcements/new")
    page.locator("input[name=title]").fill(TITLE)
    page.locator("textarea[name=body]").fill("С первого декабря работаем в новой форме.")
    page.locator("input[name=importance][value=mandatory]").check()
    press(page, "button[name=act][value=publish]")


def brief(visit, cast, team):
    """Note who is ill, then who was there: everybody but the ill one and somebody who had not come."""
    page = visit.go("/announcements/store")
    assert TITLE in page.inner_text("main")
    names = page.locator(".names").inner_text()
    assert cast.bob.name in names and cast.ann.name not in names and cast.vera.name not in names
    press(page, "main a[href='/absences']")
    page.locator("select[name=person_id]").select_option(str(team[0]))
    day = page.locator("input[name=starts_on]").input_value()
    page.locator("input[name=ends_on]").fill(day)
    page.locator("input[name=kind][value=sick]").check()
    press(page, "form[action='/absences'][method=post] [type=submit]")
    assert page.locator(".absence").count() == 1
    visit.go("/announcements/store")
    press(page, "main a.button[href$='/briefing']")
    boxes = page.locator("input[name=people]")
    assert boxes.count() == 6
    assert not page.locator(f"input[name=people][value='{team[0]}']").is_checked()
    page.locator(f"input[name=people][value='{team[1]}']").uncheck()
    press(page, "form[action$='/briefing'] [type=submit]")
    assert "Планёрка отмечена." in page.inner_text("main")


def see(visit, made, cast, scripted):
    """See one who has confirmed and three who were only told; remind the others once."""
    page = visit.go("/announcements/reach")
    press(page, f"main a[href='/announcements/{made}/reach']")
    legend = page.locator(".legend").first.inner_text()
    assert "1 ознакомились" in legend and "4 только слышали на планёрке" not in legend
    assert "3 только слышали на планёрке" in legend
    assert cast.bob.name not in page.content()
    page.locator("select[name=view]").select_option("cities")
    if scripted:
        page.locator("#lines", has_text="Москва").wait_for()
    else:
        press(page, ".reach-filter [type=submit]")
    assert "Москва" in page.locator("#lines").inner_text()
    button = page.locator("#remind button")
    assert button.inner_text() == "Напомнить 23 людям"
    button.click()
    page.get_by_text("Сегодня напоминать больше некому").wait_for()
    visit.go(f"/announcements/{made}/reach")
    press(page, f"main a[href='/announcements/{made}/reach/{cast.ann.store_id}']")
    assert "Директор рассказал команде" in page.inner_text("main")
    if scripted:
        page.evaluate(AXE)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            assert not look(page)


def test_an_absence_is_deleted_and_brought_back_in_place(site):
    cast, portal = site.company.portal.cast, site.company.portal
    with site.visit(portal.token(cast.dina)) as visit:
        page = visit.go("/absences")
        page.locator("select[name=person_id]").select_option(str(cast.ann.id))
        page.locator("input[name=ends_on]").fill(page.locator("input[name=starts_on]").input_value())
        press(page, "form[action='/absences'][method=post] [type=submit]")
        page.locator(".absence button[formaction$='/remove']").click()
        page.locator(".absence form [type=submit]").click()
        page.locator(".absence button[formaction$='/remove']").wait_for()
        assert portal.count(Absence) == 1
        faultless(visit)
