"""Every page as it is drawn: axe finds nothing in light and dark, on phone and desktop; nothing scrolls sideways."""

from __future__ import annotations

import json
import re

import pytest

from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.guard.world import ROLES
from tests.quality.test_pages import FRAGMENTS
from tests.servers import ROOT

AXE = next((ROOT / "tests" / "vendor").glob("axe-*.min.js")).read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Pages that every role sees framed by its own places; all others are looked at once, by the first who may open them.
EVERYWHERE = {"feed.index", "frame.more"}
# Rules that do not hold here: {rule: why}.
OFF = {"region": "the skip link stands before all regions, where it belongs"}
RUN = """async ([tags, off, only]) => {
  const rules = Object.fromEntries(off.map(name => [name, {enabled: false}]));
  const found = await axe.run(document, only ? {runOnly: {type: 'rule', values: only}}
    : {runOnly: {type: 'tag', values: tags}, rules});
  return found.violations.map(v => `${v.id}: ${v.help}: ` +
    v.nodes.slice(0, 3).map(n => n.html.slice(0, 99) + '… ' + [...n.any, ...n.all, ...n.none][0]?.message).join(' | '));
}"""
MEASURE = """() => {
  const wrong = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth + 1) {
    const outside = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
    wrong.push(`scrolls sideways (${wide} px): ` + outside.slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join(' | '));
  }
  for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    const label = e.closest('label'), area = label ? label.getBoundingClientRect() : box;
    const hidden = !box.width || box.width <= 1 || style.visibility === 'hidden' || e.closest('.visually-hidden, .skip');
    const inText = style.display === 'inline' && e.parentElement.textContent.trim().length > e.textContent.trim().length;
    if (!hidden && !inText && (area.width < 24 || area.height < 24))
      wrong.push(`target ${Math.round(area.width)}×${Math.round(area.height)}: ${e.outerHTML.slice(0, 110)}`);
  }
  return wrong;
}"""


@pytest.mark.parametrize("browser", ["chromium"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_pages_are_for_everybody(furnished, browser, role):
    world, company, server = furnished
    site = Site(company, server, browser)
    wrong = []
    with site.visit(world.tokens.get(ROLES[role] or "")) as visit:
        for path in paths_of(world, role):
            visit.page.emulate_media(color_scheme="light")
            visit.page.set_viewport_size(DESKTOP)
            visit.go(path)
            visit.page.evaluate(AXE)
            for size in (DESKTOP, PHONE):
                visit.page.set_viewport_size(size)
                wrong += [f"{path} as {role}, {size['width']} px: {fault}" for fault in look(visit.page)]
            wrong += [f"{path} as {role}: {fault}" for fault in visit.wrong]
            visit.wrong.clear()
    assert not wrong, "\n".join(wrong)


def look(page):
    """Return what axe and the measuring find, in light and dark."""
    page.emulate_media(color_scheme="light")
    found = page.evaluate(RUN, [TAGS, list(OFF), None]) + page.evaluate(MEASURE)
    page.emulate_media(color_scheme="dark")
    return found + [f"dark: {fault}" for fault in page.evaluate(RUN, [[], [], ["color-contrast"]])]


def paths_of(world, role):
    """Return the pages that a role is to look at."""
    order = list(ROLES)
    seen = set()
    for other in order[: order.index(role)]:
        seen |= {ask.rule for ask in _pages(world, other)}
    return [ask.own for ask in _pages(world, role) if ask.endpoint in EVERYWHERE or ask.rule not in seen]


_known: dict[str, list] = {}


def _pages(world, role):
    if role not in _known:
        _known[role] = []
        for ask in world.asks(role, ("GET",)):
            answer = world.ask(world.client(role), ask)
            is_page = answer.status == 200 and answer.headers["Content-Type"].startswith("text/html")
            if is_page and ask.endpoint not in FRAGMENTS:
                _known[role].append(ask)
    return _known[role]


@pytest.mark.parametrize("browser", ["chromium"], indirect=True)
def test_errors_are_for_everybody(furnished, browser):
    world, company, server = furnished
    wrong = []
    with Site(company, server, browser).visit(world.tokens["ann"]) as visit:
        for path in ("/no-such-page", "/admin", "/posts/987654321"):
            visit.go(path)
            visit.page.evaluate(AXE)
            for size in (DESKTOP, PHONE):
                visit.page.set_viewport_size(size)
                wrong += [f"{path}, {size['width']} px: {fault}" for fault in look(visit.page)]
    assert not wrong, "\n".join(wrong)


REACHED = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const shown = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  const where = e.getAttribute('href') || e.getAttribute('formaction') || e.name || '';
  return {what: [e.tagName.toLowerCase(), e.id, where].join(' '), shown, inside: box.bottom > 0 && box.top < innerHeight};
}"""


@pytest.mark.parametrize("browser", ["chromium"], indirect=True)
def test_main_acts_are_reached_by_keyboard(furnished, browser):
    """Tab reaches what one comes for, in sight and with a mark; Enter on the first stop leads to the content."""
    world, company, server = furnished
    with Site(company, server, browser).visit(world.tokens["ann"]) as visit:
        page = visit.go("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "main"
        page.reload()
        stops = []
        for _ in range(80):
            page.keyboard.press("Tab")
            stops.append(page.evaluate(REACHED))
        reached = json.dumps([stop["what"] for stop in stops])
        for act in ("/posts/new", "/like", "/thank", "/keep", "#comments", "/people/", "/profile"):
            assert act in reached, f"{act} cannot be reached by Tab"
        unseen = [stop["what"] for stop in stops if not (stop["shown"] and stop["inside"]) and "body" not in stop["what"]]
        assert not unseen, f"focus is not to be seen on {unseen}"


@pytest.mark.parametrize("browser", ["chromium"], indirect=True)
def test_text_twice_as_large(furnished, browser):
    """200 % text on a phone: nothing is cut off, nothing scrolls sideways."""
    world, company, server = furnished
    wrong = []
    with Site(company, server, browser).visit(world.tokens["ann"], size={"width": 720, "height": 900}) as visit:
        for path in ("/", "/posts/new", "/people", "/profile", "/more"):
            page = visit.go(path)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 1:
                wrong.append(f"{path}: {wide} px too wide")
    wrong += [fault for fault in visit.wrong if not re.search("style", fault)]
    assert not wrong, "\n".join(wrong)
