"""Lessons and questions put in order with the mouse, and the plain buttons beside it."""

from __future__ import annotations

import pytest

from app.extensions import db
from app.learning import courses
from app.learning.models import Course
from tests.browser.test_journey import faultless, press
from tests.learning import making

ASKED = (making.SINGLE, making.MULTIPLE, making.SHORT)


def drag(page, number, onto):
    """Take a row at its edge and let it go over another's upper half; wait until the list has come anew."""
    rows = page.locator("#arranged > li")
    page.evaluate("document.querySelector('#arranged').dataset.former = ''")
    rows.nth(number).drag_to(rows.nth(onto), source_position={"x": 8, "y": 8}, target_position={"x": 8, "y": 3})
    page.locator("#arranged:not([data-former])").wait_for()


def order(portal, made, of_questions=False):
    """Return the titles of a draft's lessons, or the questions of its quiz."""

    def read():
        version = courses.shown_to_editors(db.session.get_one(Course, made))
        lessons = list(version.lessons)
        return [one.text for one in lessons[-1].questions] if of_questions else [one.title for one in lessons]

    return portal.run(read)


def test_rows_are_dragged(site):
    portal, cast = site.company.portal, site.company.portal.cast
    made = making.course(portal, "text", "text", "text", publish=False)
    quiz = making.course(portal, "quiz", asked=ASKED, publish=False)
    with site.visit(portal.token(cast.ed)) as visit:
        page = visit.go(f"/courses/{made}/edit")
        drag(page, 2, 0)
        assert order(portal, made) == ["Урок 3", "Урок 1", "Урок 2"]
        # What was swapped in can be dragged again.
        drag(page, 2, 1)
        assert order(portal, made) == ["Урок 3", "Урок 2", "Урок 1"]
        page = visit.go(f"/courses/{quiz}/edit")
        press(page, "#arranged a")
        drag(page, 1, 0)
        assert order(portal, quiz, True) == [ASKED[1][1], ASKED[0][1], ASKED[2][1]]
        faultless(visit)


@pytest.mark.parametrize("scripted", [True, False], ids=["scripted", "plain"])
def test_buttons_do_the_same(site, scripted):
    portal, cast = site.company.portal, site.company.portal.cast
    made = making.course(portal, "text", "text", publish=False)
    with site.visit(portal.token(cast.ed), java_script_enabled=scripted) as visit:
        page = visit.go(f"/courses/{made}/edit")
        down = "#arranged button[formaction$='/down']"
        page.locator(down).first.click() if scripted else press(page, down)
        page.locator("#arranged > li:first-child", has_text="Урок 2").wait_for()
        assert order(portal, made) == ["Урок 2", "Урок 1"]
        faultless(visit)
