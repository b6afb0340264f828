"""Announcements before several processes: out once, each reader counted once, the counts by store those of the receipts."""

from __future__ import annotations

from types import SimpleNamespace

from sqlalchemy import select

from app.announcements import joining
from app.announcements.models import Announcement, Receipt
from app.notifications.models import Notice
from tests.announcements.making import QUESTION, assert_counts, draft, publish
from tests.doors import PASSWORD, hashed

READERS = ("ann", "bob", "vera", "ivan", "dina", "hana", "mark", "root")


def test_confirmed_from_many_windows_it_is_confirmed_once(served):
    made = publish(served.portal, importance="mandatory", **QUESTION)
    browsers = [served.browser(who) for who in READERS]
    served.crowd(*[lambda b=b: b.get(f"/announcements/{made}") for b in browsers])
    assert_counts(served.portal, made)
    replies = served.crowd(lambda: browsers[2].post(f"/announcements/{made}/confirm"))
    assert {reply.status for reply in replies} == {303}
    assert served.acts("announcement.confirmed", made) == served.acts("announcement.read", made) + 1 == 1
    served.crowd(*[lambda b=b: b.post(f"/announcements/{made}/confirm") for b in browsers], times=64)
    assert served.acts("announcement.confirmed", made) == len(READERS)
    served.crowd(*[lambda b=b: b.post(f"/announcements/{made}/answer", {"answer": "1"}) for b in browsers], times=64)
    assert served.acts("announcement.understood", made) == len(READERS)
    assert served.portal.count(Receipt, Receipt.announcement_id == made, Receipt.understood_at.is_not(None)) == len(READERS)
    assert_counts(served.portal, made)


def test_read_from_many_windows_it_is_read_once(served):
    made = publish(served.portal)
    browsers = [served.browser(who) for who in ("ann", "bob", "dina")]
    served.crowd(*[lambda b=b: b.post(f"/announcements/{made}/read") for b in browsers])
    assert served.acts("announcement.read", made) == 3
    assert_counts(served.portal, made)


def test_published_by_two_editors_at_once_it_is_out_once(served):
    made = draft(served.portal, importance="mandatory")
    editors = [served.browser("ed"), served.browser("ed")]
    served.crowd(*[lambda b=b: b.post(f"/announcements/{made}/publish") for b in editors], times=16)
    assert served.acts("announcement.published", made) == 1
    people = [row[0] for row in served.portal.rows(select(Receipt.person_id).where(Receipt.announcement_id == made))]
    assert len(people) == len(set(people)) >= len(READERS)
    assert_counts(served.portal, made)


def test_the_same_form_is_one_announcement(served):
    editor = served.browser("ed")
    form = {
        "title": f"Одно объявление {served.post()}", "body": "Новые цены", "audience": "everybody", "importance": "ordinary",
        "when": "now", "nonce": f"form-{served.post()}",
    }  # fmt: skip
    replies = served.crowd(lambda: editor.post("/announcements", form), times=16)
    assert {reply.status for reply in replies} <= {303, 422}
    assert served.portal.count(Announcement, Announcement.title == form["title"]) == 1


def test_a_late_reader_joins_once(served):
    made = publish(served.portal, importance="mandatory")
    person = served.newcomer()
    browser = served.browser_of(person)
    replies = served.crowd(lambda: browser.get(f"/announcements/{made}"), lambda: browser.get("/announcements"))
    assert {reply.status for reply in replies} == {200}
    assert served.portal.count(Receipt, Receipt.announcement_id == made, Receipt.person_id == person.id) == 1
    served.crowd(lambda: browser.post(f"/announcements/{made}/confirm"), times=12)
    assert_counts(served.portal, made)


def test_a_newcomer_who_signs_in_everywhere_at_once_is_told_once(served):
    """Sessions that begin in two processes, and in this one the schedule of the morning: whoever is first tells."""
    made = [publish(served.portal, importance=kind) for kind in ("mandatory", "ordinary", "urgent")]
    with served.portal.context():
        known = hashed(PASSWORD)
    person = served.newcomer(password_hash=known)
    form = {"login": person.number, "password": PASSWORD}

    def schedule():
        served.portal.run(lambda: joining.tell_of([person.id]))
        return SimpleNamespace(status=200, text="")

    def come_in():
        return served.browser().post("/sign-in", form)

    replies = served.crowd(come_in, come_in, schedule)
    # So many tries at once may look like guessing; some come in.
    assert {200, 303} <= {reply.status for reply in replies} <= {200, 303, 422}
    assert served.portal.count(Notice, Notice.person_id == person.id) == 1
    assert served.portal.count(Receipt, Receipt.person_id == person.id, Receipt.unheard) == 0
    browser = served.browser_of(person)
    served.crowd(lambda: browser.get("/announcements/missed"), lambda: browser.get("/notifications"))
    served.crowd(come_in, schedule, times=12)
    assert served.portal.count(Notice, Notice.person_id == person.id) == 1
    for one in made:
        assert_counts(served.portal, one)
