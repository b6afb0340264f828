"""Readers hear of announcements: in the inbox, by letters over a real mail server, and never of what they have read."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select, update

from app.announcements import appearing, writing
from app.announcements.models import Announcement, Receipt
from app.database import move_clock, now
from app.extensions import db
from app.jobs import run_due
from app.notifications.models import Notice
from app.people.models import Person
from tests.announcements.making import TEXT, draft, publish
from tests.mail.test_letters import Post
from tests.servers import free_port

MOSCOW = ZoneInfo("Europe/Moscow")
WITH_ADDRESS = ("ann", "bob", "dina", "ivan")


@pytest.fixture
def post(portal):
    """Run a mail server, give some people addresses, and let it be noon in Moscow."""
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    portal.app.config.update(
        MAIL_URL=f"smtp://127.0.0.1:{controller.port}", MAIL_FROM="ritm@ritm.example", BASE_URL="https://ritm.example"
    )
    for who in WITH_ADDRESS:
        address = update(Person).where(Person.id == getattr(portal.cast, who).id).values(email=f"{who}@ritm.example")
        portal.run(lambda address=address: db.session.execute(address))
    at(datetime(2030, 3, 5, 12, 0, tzinfo=MOSCOW))
    yield handler
    portal.app.config.update(MAIL_URL="", MAIL_FROM="ritm@localhost", BASE_URL="")
    controller.stop()


def at(moment):
    """Set the portal's clock."""
    move_clock(timedelta())
    move_clock(moment - now())


def work(portal, moment):
    """Let the worker do what is due by a moment, and what follows from it."""
    at(moment)
    for _ in range(4):
        run_due(portal.app)


def letters(post):
    """Return the letters that have come, as {address: message}; nobody gets two."""
    found = [message_from_bytes(data, policy=default) for data in post.letters]
    assert len({message["To"] for message in found}) == len(found)
    return {message["To"].partition("@")[0]: message for message in found}


def unseen(portal):
    return portal.count(Notice, Notice.seen_at.is_(None))


def test_an_urgent_one_goes_out_at_once_by_night_too(portal, post):
    at(datetime(2030, 3, 5, 23, 30, tzinfo=MOSCOW))
    made = publish(portal, importance="urgent", title="Снимите чайник с продажи")
    work(portal, datetime(2030, 3, 5, 23, 31, tzinfo=MOSCOW))
    found = letters(post)
    assert sorted(found) == sorted(WITH_ADDRESS)
    assert found["ivan"]["Subject"] == "Срочное объявление: прочитайте сейчас: Снимите чайник с продажи"
    assert "https://ritm.example/notifications/" in found["ivan"].get_body(("plain",)).get_content()
    assert portal.count(Notice, Notice.kind == "urgent", Notice.entry_id == made) == 8


def test_a_mandatory_one_waits_for_the_next_gathering(portal, post):
    first = publish(portal, importance="mandatory", title="Новые цены")
    work(portal, datetime(2030, 3, 5, 13, 0, tzinfo=MOSCOW))
    assert post.letters == []
    publish(portal, title="Календари едут")
    reader = portal.client(portal.cast.bob)
    reader.get(f"/announcements/{first}")
    reader.post(f"/announcements/{first}/confirm")
    work(portal, datetime(2030, 3, 5, 14, 16, tzinfo=MOSCOW))
    found = letters(post)
    # It is night where Ivan works.
    assert sorted(found) == ["ann", "bob", "dina"]
    assert found["ann"]["Subject"] == "2 уведомления на портале «Ритм»"
    assert "Новые цены" in found["ann"].get_body(("plain",)).get_content()
    # What was read is not told of.
    assert found["bob"]["Subject"] == "Новое объявление: Календари едут"
    assert "Новые цены" not in found["bob"].get_body(("plain",)).get_content()


def test_nobody_is_told_of_what_he_has_read_already(portal, post):
    """The job that tells may come late; whoever was faster hears nothing."""
    made = draft(portal, importance="mandatory")
    viewer = portal.viewer(portal.cast.ed)
    with portal.context():
        db.session.execute(select(1))
        appearing.publish(viewer, db.session.get(Announcement, made))
        db.session.execute(update(Receipt).where(Receipt.person_id == portal.cast.bob.id).values(opened_at=now()))
        db.session.commit()
    work(portal, datetime(2030, 3, 5, 14, 16, tzinfo=MOSCOW))
    assert portal.count(Notice, Notice.person_id == portal.cast.bob.id) == 0
    assert sorted(letters(post)) == ["ann", "dina"]


def test_a_version_that_asks_again_tells_anew_and_once(portal, post):
    made = publish(portal, importance="mandatory", title="Скидка сотрудника")
    work(portal, datetime(2030, 3, 5, 12, 1, tzinfo=MOSCOW))
    reader = portal.client(portal.cast.bob)
    reader.get(f"/announcements/{made}")
    reader.post(f"/announcements/{made}/confirm")
    editor = portal.client(portal.cast.ed)
    fields = {"title": "Скидка сотрудника", "body": TEXT + " Точно.", "act": "renew", "ask_again": "y"}
    assert editor.post(f"/announcements/{made}", fields).status == 303
    work(portal, datetime(2030, 3, 5, 14, 16, tzinfo=MOSCOW))
    for who in ("ann", "bob"):
        mine = (Notice.person_id == getattr(portal.cast, who).id, Notice.seen_at.is_(None))
        assert portal.count(Notice, *mine) == 1, who
    assert {"ann", "bob", "dina"} == set(letters(post))


def test_what_goes_to_the_archive_is_no_news_any_more(portal, post):
    made = publish(portal, importance="mandatory")
    work(portal, datetime(2030, 3, 5, 12, 1, tzinfo=MOSCOW))
    assert unseen(portal) == 8
    portal.run(lambda: writing.archive(portal.viewer(portal.cast.ed), db.session.get(Announcement, made)))
    assert unseen(portal) == 0
    work(portal, datetime(2030, 3, 5, 14, 16, tzinfo=MOSCOW))
    assert post.letters == []


def test_the_audience_alone_is_told(portal, post):
    made = publish(portal, importance="urgent", keys=[f"store:{portal.cast.ann.store_id}"])
    work(portal, datetime(2030, 3, 5, 12, 1, tzinfo=MOSCOW))
    told = {row.person_id for row in portal.rows(select(Notice.person_id).where(Notice.entry_id == made))}
    assert told == {portal.cast.ann.id, portal.cast.bob.id, portal.cast.dina.id}
    assert sorted(letters(post)) == ["ann", "bob", "dina"]


def test_telling_many_is_done_in_batches_that_double_nobody(portal, monkeypatch):
    monkeypatch.setattr(appearing, "TOLD_AT_ONCE", 3)
    made = publish(portal, importance="mandatory")
    for _ in range(4):
        run_due(portal.app)
    with portal.app.app_context():
        appearing.tell_readers(made, 1)
        db.session.commit()
        db.session.remove()
    assert portal.one(select(func.count()).select_from(Notice)) == 8
