"""Three questions a shift in real browsers, with and without JavaScript: from the sign-in on a terminal to "done"."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from app.extensions import db
from app.learning.review_models import ReviewAnswer, ReviewCard
from tests.browser.test_journey import faultless, press
from tests.learning import making
from tests.learning.test_reviews import pass_quiz


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_from_the_sign_in_to_the_third_answer(site, scripted):
    portal, cast = site.company.portal, site.company.portal.cast
    made = making.course(portal, "quiz", asked=(making.SINGLE, making.ORDER, making.MATCH, making.SHORT), pass_mark=1)
    pass_quiz(portal, made, "vera")
    today = portal.viewer(cast.vera).today
    portal.run(lambda: db.session.execute(update(ReviewCard).values(due_on=today)))
    terminal = portal.terminal(cast.vera.store_id)
    with site.visit(portal.token(cast.vera, terminal), java_script_enabled=scripted) as visit:
        page = visit.go("/")
        assert "меньше минуты" in page.locator(".offer").inner_text()
        press(page, ".offer a")
        for number in range(1, 4):
            page.locator("#review fieldset").wait_for()
            assert f"{number} из 3" in page.locator("#review").inner_text()
            answer(page)
            act(page, "#review [type=submit]:not([form])", scripted)
            page.locator("#review .tag").wait_for()
            assert "Спросим снова" in page.locator("#review").inner_text()
            if scripted:
                assert page.evaluate("document.activeElement.tagName") == "H1"
            act(page, "#review .button--main", scripted)
        page.locator("#review.empty").wait_for()
        assert "На сегодня всё" in page.locator("#review").inner_text()
        assert visit.go("/").locator(".offer").count() == 0
        faultless(visit)
    assert portal.count(ReviewAnswer) == 3


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_later_lets_it_rest(site, scripted):
    portal, cast = site.company.portal, site.company.portal.cast
    pass_quiz(portal, making.course(portal, "quiz", pass_mark=1), "vera")
    today = portal.viewer(cast.vera).today
    portal.run(lambda: db.session.execute(update(ReviewCard).values(due_on=today)))
    with site.visit(portal.token(cast.vera), java_script_enabled=scripted) as visit:
        page = visit.go("/courses")
        press(page, ".offer button")
        assert page.url.endswith("/courses") and page.locator(".offer").count() == 0
        assert visit.go("/").locator(".offer").count() == 0
        faultless(visit)


def act(page, selector, scripted):
    """Press a button: with scripts a fragment comes, without a page."""
    page.locator(selector).first.click() if scripted else press(page, selector)


def answer(page):
    """Give some answer to whatever kind of question stands there."""
    review = page.locator("#review")
    if review.locator("input[type=radio]").count():
        review.locator("input[type=radio]").first.check()
    elif review.locator("select").count():
        for number, field in enumerate(review.locator("select").all()):
            field.select_option(index=number + 1)
    else:
        review.locator("input[name=answer]").fill("флейта")
