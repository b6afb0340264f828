"""Packages in real browsers: brought in by an editor, begun at the store, gone on with elsewhere, kept apart."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.activity.models import Activity
from app.learning import scorm_sample
from app.learning.models import Course, Enrolment, LessonProgress
from app.learning.scorm_models import ScormInteraction, ScormState
from tests.browser import test_journey
from tests.browser.conftest import PHONE
from tests.browser.test_journey import press
from tests.learning import packages
from tests.learning.packages import manifest, zipped

RIGHT = [question["options"][question["right"]] for question in scorm_sample.QUESTIONS]
# A package that tries what it should not be able to do, and tells what came of it in the title of its page.
PRYING = """<!DOCTYPE html><meta charset="utf-8"><title>…</title><body><script>
(async () => {
  const found = [];
  const soon = new Promise((late) => setTimeout(late, 3000));
  const attempt = async (name, act) => {
    try {
      const got = await Promise.race([act(), soon]);
      if (got) found.push(name + "=" + got);
    } catch {}
  };
  const portal = new URLSearchParams(location.search).get("portal");
  let api = window; while (!api.API && api !== api.parent) api = api.parent;
  api.API.LMSInitialize("");
  await attempt("cookie", () => document.cookie);
  await attempt("top", () => top.document.title);
  await attempt("storage", () => localStorage.getItem("left"));
  await attempt("fetch", async () => (await fetch(portal + "/courses", { credentials: "include" })).status);
  const blind = { method: "POST", mode: "no-cors", credentials: "include" };
  await attempt("blind", async () => (await fetch(portal + "/sign-out", blind)).type);
  await attempt("own", async () => (await fetch("/courses", { credentials: "include" })).ok);
  await attempt("worker", async () => !!(await navigator.serviceWorker.register("page.html")));
  await attempt("leave", () => { top.location = portal + "/sign-out"; });
  await attempt("left", () => localStorage.setItem("left", "behind"));
  api.API.LMSSetValue("cmi.suspend_data", "found:" + found.join(","));
  api.API.LMSCommit("");
})();
</script>"""


def faultless(visit):
    """Nothing was complained about, but for what Chrome says of any frame of a page's own origin inside of a sandbox."""
    said = "An iframe which has both allow-scripts and allow-same-origin"
    visit.wrong = [line for line in visit.wrong if said not in line]
    test_journey.faultless(visit)


def lesson_frame(page):
    """Return the package's own frame."""
    return page.frame_locator(".package__frame").frame_locator("#frame")


def read_on(inner, pages=3):
    """Go through the pages that are only read."""
    for _ in range(pages):
        inner.get_by_role("button", name="Дальше").click()


def test_from_the_upload_to_the_end_of_the_course(site):
    portal, cast = site.company.portal, site.company.portal.cast
    with site.visit(portal.token(cast.ed)) as visit:
        made = packages.course_with(portal, publish=False)[0]
        page = visit.go(f"/courses/{made}/lessons/new?kind=scorm")
        page.locator("input[name=title]").fill("Проверка")
        archive = {"name": "урок.zip", "mimeType": "application/zip", "buffer": scorm_sample.package("2004-4", 4)}
        page.locator("input[name=package]").set_input_files(archive)
        press(page, "main form[enctype] [type=submit]")
        page = visit.go(f"/courses/{made}/lessons/{packages.draft_ids(portal, made)[-1]}/edit")
        assert "SCORM 2004" in page.inner_text("main")
        press(page, "a[href$='/preview']")
        lesson_frame(page).get_by_role("heading", name="Как мыть").wait_for()
        visit.go(f"/courses/{made}/edit")
        press(visit.page, "[formaction$='/publish']")
        faultless(visit)
    assert portal.one(select(Course.edition)) == 1 and portal.count(ScormState) == 0
    first, second = packages.lesson_ids(portal, made)
    older(site, made, first)
    newer(site, made, second)
    assert portal.one(select(Enrolment.completed_at)) is not None
    assert portal.count(Activity, Activity.verb == "course.completed") == 1
    with site.visit(portal.token(cast.ed)) as visit:
        page = visit.go(f"/courses/{made}/lessons/{second}/package/answers")
        assert page.locator("tbody tr").count() == 3
        faultless(visit)


def older(site, made, lesson):
    """Begin SCORM 1.2 on the terminal of the store, go on with it on a phone, pass it."""
    portal, cast = site.company.portal, site.company.portal.cast
    portal.client(cast.vera).post(f"/courses/{made}/begin")
    terminal = portal.terminal(cast.vera.store_id)
    with site.visit(portal.token(cast.vera, terminal)) as visit:
        page = visit.go(f"/courses/{made}/lessons/{lesson}")
        inner = lesson_frame(page)
        read_on(inner)
        inner.get_by_role("button", name=RIGHT[0]).click()
        with page.expect_navigation():
            page.locator("a[href='/courses']").first.click()
        faultless(visit)
    with site.visit(portal.token(cast.vera), PHONE) as visit:
        page = visit.go(f"/courses/{made}/lessons/{lesson}")
        inner = lesson_frame(page)
        inner.get_by_text("Вопрос 2 из 3").wait_for()
        for words in RIGHT[1:]:
            inner.get_by_role("button", name=words).click()
        inner.get_by_role("heading", name="Пройдено").wait_for()
        page.locator("#package-standing .course__done").wait_for()
        assert "100" in page.locator("#package-standing").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        faultless(visit)
    assert portal.one(select(LessonProgress.score).where(LessonProgress.lesson_id == lesson)) == 100
    assert portal.count(ScormInteraction) == 3


def newer(site, made, lesson):
    """Go through the four parts of SCORM 2004, the last with one wrong answer."""
    portal, cast = site.company.portal, site.company.portal.cast
    with site.visit(portal.token(cast.vera)) as visit:
        page = visit.go(f"/courses/{made}/lessons/{lesson}")
        player, inner = page.frame_locator(".package__frame"), lesson_frame(page)
        for part in range(1, 4):
            inner.get_by_role("heading", name=scorm_sample.PAGES[part - 1][0]).wait_for()
            read_on(inner, 1)
            inner.get_by_role("heading", name="Пройдено").wait_for()
            player.get_by_role("button", name="Следующая часть").click()
        inner.get_by_text("Вопрос 1 из 3").wait_for()
        wrong = scorm_sample.QUESTIONS[0]["options"][0]
        for words in (wrong, *RIGHT[1:]):
            inner.get_by_role("button", name=words).click()
        page.locator("#package-standing .course__done").wait_for()
        faultless(visit)
    assert portal.one(select(LessonProgress.score).where(LessonProgress.lesson_id == lesson)) == 67


def test_a_terminal_that_locks_takes_the_address_with_it(site):
    portal, cast = site.company.portal, site.company.portal.cast
    made, [lesson] = packages.course_with(portal)
    portal.client(cast.vera).post(f"/courses/{made}/begin")
    with site.visit(portal.token(cast.vera, portal.terminal(cast.vera.store_id))) as visit:
        page = visit.go(f"/courses/{made}/lessons/{lesson}")
        read_on(lesson_frame(page), 1)
        address = page.locator(".package__frame").get_attribute("src")
        assert page.request.get(address).status == 200
        press(page, "form[action='/sign-out'] [type=submit], button[formaction='/sign-out']")
        assert page.request.get(address).status == 404
        assert page.request.get(address.replace("/play", "/files/part1.html")).status == 404


def test_a_package_that_pries_finds_nothing(site):
    portal, cast = site.company.portal, site.company.portal.cast
    data = zipped({"imsmanifest.xml": manifest(href=f"page.html?portal={site.address}"), "page.html": PRYING})
    made, [lesson] = packages.course_with(portal, data)
    portal.client(cast.vera).post(f"/courses/{made}/begin")
    with site.visit(portal.token(cast.vera)) as visit:
        for _ in range(2):
            page = visit.go(f"/courses/{made}/lessons/{lesson}")
            saved = ""
            for _ in range(50):
                page.wait_for_timeout(200)
                saved = portal.one(select(ScormState.said)) or ""
                if "found:" in saved:
                    break
            assert '"cmi.suspend_data": "found:"' in saved, "\n".join([saved, *visit.wrong])
            assert page.url.endswith(f"/lessons/{lesson}")
        assert visit.go("/courses").locator("h1").inner_text() == "Моё обучение"


@pytest.mark.parametrize("size", [PHONE, None], ids=["phone", "desktop"])
def test_without_javascript_it_says_so(site, size):
    portal, cast = site.company.portal, site.company.portal.cast
    made, [lesson] = packages.course_with(portal)
    portal.client(cast.vera).post(f"/courses/{made}/begin")
    with site.visit(portal.token(cast.vera), **({"size": size} if size else {}), java_script_enabled=False) as visit:
        page = visit.go(f"/courses/{made}/lessons/{lesson}")
        assert page.locator(".notice", has_text="JavaScript").is_visible()
        assert not page.locator(".package__frame").is_visible()
        faultless(visit)
