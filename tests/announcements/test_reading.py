"""The states of a reader, one after another; each act twice is the act once, and the clock cannot be cheated."""

import re
from datetime import timedelta

import pytest

from app.activity import Activity
from app.announcements.models import Receipt
from app.database import move_clock
from tests.announcements.making import QUESTION, assert_counts, publish, receipt


def mark_of(page):
    """Return the mark that the page was given."""
    return re.search(r'name="mark" value="([^"]+)"', page.text)[1]


def test_an_ordinary_one_is_read_by_the_clock(portal, htmx):
    made = publish(portal, body="Слово " * 60)
    client = portal.client(portal.cast.vera, htmx)
    page = portal.client(portal.cast.vera).get(f"/announcements/{made}")
    assert receipt(portal, made, portal.cast.vera).opened_at is not None
    assert receipt(portal, made, portal.cast.vera).read_at is None
    move_clock(timedelta(seconds=16))
    answer = client.post(f"/announcements/{made}/read", {"seconds": "15", "mark": mark_of(page)})
    assert answer.status == (200 if htmx else 303)
    assert receipt(portal, made, portal.cast.vera).seconds == 15
    again = client.post(f"/announcements/{made}/read", {"seconds": "15", "mark": mark_of(page)})
    assert again.status == answer.status
    assert portal.count(Activity, Activity.verb == "announcement.read") == 1
    assert_counts(portal, made)


@pytest.mark.parametrize("seconds, after", [("15", 3), ("14", 60), ("99999", 60), ("-1", 60), ("x", 60), ("15", None)])
def test_the_clock_cannot_be_cheated(portal, seconds, after):
    made = publish(portal, body="Слово " * 60)
    client = portal.client(portal.cast.vera, htmx=True)
    mark = mark_of(portal.client(portal.cast.vera).get(f"/announcements/{made}"))
    other = mark_of(portal.client(portal.cast.ann).get(f"/announcements/{made}"))
    move_clock(timedelta(seconds=after or 60))
    marks = [mark] if after else ["", "x", other, mark[:-2]]
    for one in marks:
        assert client.post(f"/announcements/{made}/read", {"seconds": seconds, "mark": one}).status == 422
    assert receipt(portal, made, portal.cast.vera).read_at is None
    assert_counts(portal, made)


def test_ones_word_counts_where_no_script_runs(portal, htmx):
    made = publish(portal)
    client = portal.client(portal.cast.vera, htmx)
    assert "Я прочитал(а)" in portal.client(portal.cast.vera).get(f"/announcements/{made}")
    client.post(f"/announcements/{made}/read")
    assert receipt(portal, made, portal.cast.vera).read_at is not None


def test_a_mandatory_one_is_confirmed_and_understood(portal, htmx):
    made = publish(portal, importance="mandatory", **QUESTION)
    client = portal.client(portal.cast.vera, htmx)
    plain = portal.client(portal.cast.vera)
    assert 'class="count">1<' in plain.get("/")
    refused = client.post(f"/announcements/{made}/answer", {"answer": "1"})
    assert refused.status == (422 if htmx else 303)
    client.post(f"/announcements/{made}/confirm")
    row = receipt(portal, made, portal.cast.vera)
    assert row.confirmed_at and row.read_at and row.waits and row.confirmed_version == 1
    wrong = client.post(f"/announcements/{made}/answer", {"answer": "0"})
    assert ('href="#passage"' in wrong) if htmx else wrong.location.endswith("#passage")
    assert 'id="passage"' in plain.get(f"/announcements/{made}")
    assert receipt(portal, made, portal.cast.vera).wrong_answers == 1
    for _ in range(2):
        client.post(f"/announcements/{made}/answer", {"answer": "1"})
    row = receipt(portal, made, portal.cast.vera)
    assert row.understood_at and not row.waits
    assert portal.count(Activity, Activity.verb == "announcement.understood") == 1
    assert portal.count(Activity, Activity.verb == "announcement.confirmed") == 1
    assert 'class="count">' not in plain.get("/")
    assert_counts(portal, made)


def test_a_terminal_reads_too(portal):
    made = publish(portal, importance="urgent")
    terminal = portal.terminal(portal.cast.bob.store_id)
    client = portal.client(portal.cast.bob, terminal=terminal)
    assert "Ознакомлен(а)" in client.get(f"/announcements/{made}")
    client.post(f"/announcements/{made}/confirm")
    assert receipt(portal, made, portal.cast.bob).confirmed_at


def test_an_ordinary_one_cannot_be_confirmed(portal):
    made = publish(portal)
    assert portal.client(portal.cast.vera, htmx=True).post(f"/announcements/{made}/confirm").status == 422
    assert receipt(portal, made, portal.cast.vera).confirmed_at is None


def test_strange_answers_are_refused(portal):
    made = publish(portal, **QUESTION)
    client = portal.client(portal.cast.vera, htmx=True)
    for answer in ("", "7", "x", "-1", "\x00", "4"):
        assert client.post(f"/announcements/{made}/answer", {"answer": answer}).status == 422
    assert receipt(portal, made, portal.cast.vera).wrong_answers == 0


def test_the_author_is_not_asked(portal):
    made = publish(portal, importance="mandatory")
    assert receipt(portal, made, portal.cast.ed) is None
    assert portal.client(portal.cast.ed).post(f"/announcements/{made}/confirm").status == 303
    assert portal.count(Receipt, Receipt.person_id == portal.cast.ed.id) == 0


def test_nothing_is_counted_once_it_is_over(portal):
    made = publish(portal, importance="mandatory")
    portal.client(portal.cast.ed).post(f"/announcements/{made}/archive")
    page = portal.client(portal.cast.vera).get(f"/announcements/{made}")
    assert "В архиве" in page
    assert 'class="count">' not in portal.client(portal.cast.vera).get("/")
