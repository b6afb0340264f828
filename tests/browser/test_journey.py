"""The main way through the portal, with and without JavaScript, in today's Chromium and in the store PCs' Chrome 109.

A staff list comes in, a newcomer's first sign-in on a phone, a post with a photo, a colleague in another city on a
terminal who likes and answers it, signs out, and leaves nothing behind.
"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.content.models import Comment, Photo, Reaction
from app.feed.models import Post
from app.people.access import AccessLink
from app.people.models import Person
from tests.browser.conftest import PHONE
from tests.guard.files import sideways

NEWCOMER = "02001"
PASSWORD, PIN = "синий кувшин на полке", "7391"
STAFF = """Табельный номер;Фамилия;Имя;Отчество;Город;Магазин;Должность;Принят
02001;Новикова;Нина;Олеговна;Москва;Радуга;Продавец-консультант;01.02.2024
01003;Казанцева;Вера;Олеговна;Казань;Кольцо;Продавец-консультант;01.03.2024
;Безномеров;Борис;;Москва;Радуга;Продавец-консультант;01.03.2024
"""
POST, ANSWER = "Смотрите, какой хрусталь к нам приехал", "У нас в Казани такой же"


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_journey(site, scripted):
    cast, portal = site.company.portal.cast, site.company.portal
    options = {"java_script_enabled": scripted}
    with site.visit(portal.token(cast.hana), **options) as visit:
        import_staff(visit, portal)
        newcomer = portal.one(select(Person.id).where(Person.personnel_number == NEWCOMER))
        codes = [invite(visit, store, person) for store, person in ((1, newcomer), (2, cast.vera.id))]
        faultless(visit)
    with site.visit(size=PHONE, **options) as visit:
        accept(visit, codes[0])
        post_id = publish(visit, portal)
        faultless(visit)
    with site.visit(size=PHONE, **options) as visit:
        accept(visit, codes[1], pin=PIN)
    with site.visit(portal.token(cast.root), **options) as visit:
        code = terminal_code(visit, portal, cast.vera.store_id)
    with site.visit(**options) as visit:
        enrol(visit, code)
        sign_in_by_pin(visit, "Казанцева")
        like_and_answer(visit, portal, post_id, scripted)
        faultless(visit)
        sign_out_and_look_back(visit, post_id)


def faultless(visit):
    """Nothing was complained about in the console."""
    assert not visit.wrong, "\n".join(visit.wrong)


def press(page, selector):
    """Press a button that leads to another page."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def eventually(page, selector, seconds=40):
    """Wait until a page shows something; without JavaScript by loading it again, as a reader would."""
    for _ in range(seconds * 5):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(200)
        if page.locator("noscript a").count() or page.locator(".progress").count():
            page.reload()
    raise AssertionError(f"{selector} never came: {page.inner_text('body')[:400]}")


def import_staff(visit, portal):
    """Upload the list, look at what it would change, confirm."""
    page = visit.go("/people/imports")
    file = {"name": "staff.csv", "mimeType": "text/csv", "buffer": STAFF.encode()}
    page.locator("input[name=file]").set_input_files(file)
    press(page, "form[enctype] [type=submit]")
    eventually(page, "form[action$='/apply']")
    assert "Новикова" in page.inner_text("main") and not portal.count(Person, Person.personnel_number == NEWCOMER)
    press(page, "form[action$='/apply'] [type=submit]")
    eventually(page, "button[formaction$='/undo']")
    assert portal.count(Person, Person.personnel_number == NEWCOMER) == 1


def invite(visit, store_id, person_id):
    """Make a printed code for one person and return it."""
    page = visit.go(f"/stores/{store_id}/invitations")
    for box in page.locator("input[name=people]").all():
        box.set_checked(box.get_attribute("value") == str(person_id))
    press(page, "main form [type=submit]")
    code = page.locator(".strip__code").last.inner_text()
    return re.sub(r"\W", "", code)


def accept(visit, code, pin=None):
    """Open the invitation, think of a password, and perhaps of a PIN."""
    page = visit.go(f"/i/{code}")
    page.locator("form[action^='/i/'] input[name=password]").fill(PASSWORD)
    press(page, "form[action^='/i/'] [type=submit]")
    assert "/welcome" in page.url
    if pin:
        page.locator("input[name=pin]").fill(pin)
        press(page, "form[action$='/pin'] [type=submit]")
    used = visit.go(f"/i/{code}")
    assert not used.locator("input[name=password]").count(), "an invitation is good once"
    visit.wrong.clear()  # the page that says so is a 404 or 410, which the console notes


def publish(visit, portal):
    """Write a post with a photo of the phone's camera and see it in the stream."""
    page = visit.go("/")
    press(page, ".bottombar a[href='/posts/new']")
    page.locator("textarea[name=body]").fill(POST)
    photo = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": sideways()}
    page.locator("input[name=photos]").set_input_files(photo)
    with page.expect_navigation(url=lambda url: "/posts/new" not in url):
        page.locator(".write__send").click()
    card = page.locator("article", has_text=POST)
    card.wait_for()
    picture = card.locator(".photos img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    assert portal.count(Post) == portal.count(Photo) == 1
    return portal.one(select(Post.id))


def terminal_code(visit, portal, store_id):
    """Get a code that makes a computer of the store a terminal."""
    page = visit.go("/admin/terminals")
    page.locator("select[name=store]").select_option(str(store_id))
    press(page, "form[action$='/codes'] [type=submit]")
    return page.locator(".big-code").inner_text()


def enrol(visit, code):
    """Type the code on the computer of the store."""
    page = visit.go("/terminal")
    page.locator("input[name=code]").fill(code)
    press(page, "form[action='/terminal'] [type=submit]")
    assert page.locator(".tiles .tile").count()


def sign_in_by_pin(visit, name):
    """Pick one's name and enter the PIN."""
    page = visit.page
    press(page, f".tile:has-text('{name}')")
    page.locator("input[name=pin]").fill(PIN)
    press(page, ".pad [type=submit]:visible")
    page.locator(".terminal-bar").wait_for()
    assert page.locator("article", has_text=POST).count() == 1


def like_and_answer(visit, portal, post_id, scripted):
    """Like the post in the stream, answer under it: one press, one effect."""
    page = visit.page
    like = page.locator(f"#post-{post_id}-like")
    if scripted:
        like.click()
        page.locator(f"#post-{post_id}-like[aria-pressed=true]").wait_for()
        page.locator(f"#post-{post_id}-count").click()
        page.locator(f"#post-{post_id}-talk textarea[name=body]").fill(ANSWER)
        page.locator(f"#post-{post_id}-talk .say__send").click()
        page.locator(f"#post-{post_id}-talk", has_text=ANSWER).wait_for()
    else:
        press(page, f"#post-{post_id}-like")
        assert page.locator(f"#post-{post_id}-like").get_attribute("aria-pressed") == "true"
        press(page, f"#post-{post_id}-count")
        page.locator(".say textarea[name=body]").first.fill(ANSWER)
        press(page, ".say .say__send")
        assert ANSWER in page.inner_text("main")
    assert portal.count(Reaction) == 1
    assert portal.rows(select(Comment.body)) == [(ANSWER,)]


# Everything that scripts of a page could have put aside.
STORED = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, await (window.caches?.keys() || []),
  (await indexedDB.databases?.() || []).map(database => database.name),
  (await navigator.serviceWorker?.getRegistrations())?.length,
])"""
# Which of the addresses the browser would answer from its own cache.
CACHED = """async paths => {
  const found = [];
  for (const path of paths) try {
    const answer = await fetch(path, {cache: 'only-if-cached', mode: 'same-origin'});
    if (answer.ok) found.push(path);
  } catch {}
  return found;
}"""


def sign_out_and_look_back(visit, post_id):
    """Back, a reopened tab, storage and caches of the terminal show nothing of who was there."""
    page = visit.page
    visit.go(f"/posts/{post_id}")
    press(page, ".terminal-bar__out")
    assert "/terminal" in page.url or "/sign-in" in page.url
    for _ in range(3):
        page.go_back()
        page.wait_for_load_state()
        assert nothing_of_the_former(page)
    tab = visit.tab()
    for path in ("/", f"/posts/{post_id}", "/profile", "/people", "/drafts"):
        tab.goto(visit.site.address + path)
        assert re.search(r"/(terminal|sign-in)", tab.url)
        assert nothing_of_the_former(tab)
    kept = tab.evaluate(STORED)
    assert not re.search("Казанцева|Вера|хрусталь|Казани", kept), kept
    cached = tab.evaluate(CACHED, ["/", f"/posts/{post_id}", "/profile"])
    assert not cached, f"kept by the browser: {cached}"
    names = {cookie["name"] for cookie in visit.context.cookies()}
    assert "ritm" not in names or nothing_signed_in(visit)


def nothing_of_the_former(page):
    """Tell whether a page is free of the former person's name and of what he read."""
    text = page.content()
    return POST not in text and ANSWER not in text and "terminal-bar" not in text


def nothing_signed_in(visit):
    """Tell whether the cookie that is left opens nothing."""
    return visit.context.request.get(visit.site.address + "/profile", max_redirects=0).status in (302, 303)


def test_session_of_a_terminal_is_dead_on_the_server(site):
    """A cookie copied before signing out opens nothing afterwards."""
    portal, cast = site.company.portal, site.company.portal.cast
    terminal = portal.terminal(cast.vera.store_id)
    with site.visit(portal.token(cast.vera, terminal)) as visit:
        page = visit.go("/")
        copied = visit.context.cookies()
        press(page, ".terminal-bar__out")
        with site.visit() as thief:
            thief.context.add_cookies(copied)
            thief.go("/profile")
            assert "/profile" not in thief.page.url.split("?")[0]
    assert portal.count(AccessLink) == 0
