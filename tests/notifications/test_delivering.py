"""What leaves the portal: gathered, in the store's hours, once, and nothing that was seen by then."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from app import jobs
from app.database import move_clock, now
from app.extensions import db
from app.mail import Letter
from app.notifications import choices
from app.notifications.delivering import carry_out
from app.notifications.models import Delivery
from app.people.models import Person
from tests.notifications.test_telling import comment, publish

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def mailed(portal):
    """Return the portal with a mail server named, an address for Ann, and noon in Moscow."""
    portal.app.config.update(MAIL_URL="smtp://127.0.0.1:9", BASE_URL="https://ritm.example")
    portal.run(
        lambda: db.session.execute(update(Person).where(Person.id == portal.cast.ann.id).values(email="ann@ritm.example"))
    )
    at(datetime(2030, 3, 5, 12, 0, tzinfo=MOSCOW))
    yield portal
    portal.app.config.update(MAIL_URL="", BASE_URL="")


def at(moment: datetime) -> None:
    """Set the portal's clock."""
    move_clock(timedelta())
    move_clock(moment - now())


def work(portal, until: datetime) -> None:
    """Let the workers do what is due until a moment; letters themselves stay written, for nobody listens at the port."""
    at(until)
    due = select(jobs.Job.id).where(jobs.Job.task.like("%delivering%"), jobs.Job.due_at <= now()).order_by(jobs.Job.id)
    while ids := [row.id for row in portal.rows(due)]:
        for job_id in ids:
            jobs.run(portal.app, job_id)


def letters(portal):
    return portal.rows(select(Letter.address, Letter.subject, Letter.text, Letter.html, Letter.headers).order_by(Letter.id))


def test_news_waits_for_the_next_hour_and_comes_as_one_letter(mailed):
    cast = mailed.cast
    first, second = publish(mailed, cast.ann), publish(mailed, cast.ann, "Вторая")
    comment(mailed, cast.bob, first, "Как вы это **сделали**?")
    comment(mailed, cast.vera, second, "И нам расскажите")
    assert letters(mailed) == []
    work(mailed, datetime(2030, 3, 5, 14, 14, tzinfo=MOSCOW))
    assert letters(mailed) == []
    work(mailed, datetime(2030, 3, 5, 14, 16, tzinfo=MOSCOW))
    [letter] = letters(mailed)
    assert letter.address == "ann@ritm.example"
    assert letter.subject == "2 уведомления на портале «Ритм»"
    assert f"{cast.bob.name}: комментарий к вашей записи" in letter.text
    assert "Как вы это сделали?" in letter.text
    assert "https://ritm.example/notifications/" in letter.html
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_was_seen_is_not_sent(mailed):
    cast = mailed.cast
    entry_id = publish(mailed, cast.ann)
    comment(mailed, cast.bob, entry_id)
    assert mailed.client(cast.ann).get(f"/posts/{entry_id}").status == 200
    work(mailed, datetime(2030, 3, 5, 14, 16, tzinfo=MOSCOW))
    assert letters(mailed) == []
    assert mailed.one(select(Delivery.carried)) == 0


def test_nothing_is_sent_twice(mailed):
    cast = mailed.cast
    entry_id = publish(mailed, cast.ann)
    comment(mailed, cast.bob, entry_id)
    work(mailed, datetime(2030, 3, 5, 14, 16, tzinfo=MOSCOW))
    delivery_id = mailed.one(select(Delivery.id))
    with mailed.context():
        carry_out(delivery_id)
        db.session.commit()
    # Something else comes; the first is still unseen, and stays out of the second letter.
    comment(mailed, cast.vera, publish(mailed, cast.ann, "Другая"))
    work(mailed, datetime(2030, 3, 5, 18, 1, tzinfo=MOSCOW))
    assert [letter.subject for letter in letters(mailed)] == [
        f"{cast.bob.name}: комментарий к вашей записи",
        f"{cast.vera.name}: комментарий к вашей записи",
    ]


def test_more_of_the_same_is_news_again(mailed):
    cast = mailed.cast
    entry_id = publish(mailed, cast.ann)
    comment(mailed, cast.bob, entry_id)
    work(mailed, datetime(2030, 3, 5, 14, 16, tzinfo=MOSCOW))
    comment(mailed, cast.vera, entry_id)
    work(mailed, datetime(2030, 3, 5, 18, 1, tzinfo=MOSCOW))
    assert letters(mailed)[1].subject == f"{cast.vera.name} и {cast.bob.name} прокомментировали вашу запись"


def test_a_standstill_does_not_send_at_night(mailed):
    cast = mailed.cast
    comment(mailed, cast.bob, publish(mailed, cast.ann))
    work(mailed, datetime(2030, 3, 6, 2, 0, tzinfo=MOSCOW))
    assert letters(mailed) == []
    work(mailed, datetime(2030, 3, 6, 10, 31, tzinfo=MOSCOW))
    assert len(letters(mailed)) == 1


def test_at_most_three_a_day(mailed):
    cast = mailed.cast
    for hour in range(10, 20):
        at(datetime(2030, 3, 6, hour, 0, tzinfo=MOSCOW))
        comment(mailed, cast.bob, publish(mailed, cast.ann, f"Запись {hour}"))
        work(mailed, datetime(2030, 3, 6, hour, 59, tzinfo=MOSCOW))
    assert len(letters(mailed)) == 3


def test_quiet_hours_hold_letters_back(mailed):
    cast = mailed.cast
    mailed.run(lambda: choices.keep_quiet(cast.ann.id, time(13), time(17)))
    comment(mailed, cast.bob, publish(mailed, cast.ann))
    work(mailed, datetime(2030, 3, 5, 16, 59, tzinfo=MOSCOW))
    assert letters(mailed) == []
    work(mailed, datetime(2030, 3, 5, 18, 1, tzinfo=MOSCOW))
    assert len(letters(mailed)) == 1


def test_what_one_does_not_want_is_not_sent(mailed):
    cast = mailed.cast
    mailed.run(lambda: choices.choose(cast.ann.id, {"mention:mail"}))
    comment(mailed, cast.bob, publish(mailed, cast.ann))
    work(mailed, datetime(2030, 3, 5, 18, 1, tzinfo=MOSCOW))
    assert letters(mailed) == []
    assert mailed.count(Delivery) == 0


def test_the_link_in_a_letter_stops_its_kind_without_signing_in(mailed):
    cast = mailed.cast
    comment(mailed, cast.bob, publish(mailed, cast.ann))
    work(mailed, datetime(2030, 3, 5, 14, 16, tzinfo=MOSCOW))
    address = letters(mailed)[0].headers["List-Unsubscribe"].strip("<>").removeprefix("https://ritm.example")
    stranger = mailed.client()
    assert stranger.get(address).status == 200
    wanted = SimpleNamespace(id=cast.ann.id, can=lambda _permission: False)
    with mailed.context():
        assert {row.kind.name: row.wanted["mail"] for row in choices.rows_of(wanted)}["comment"]
    # A mail program's own request: no session, no token.
    assert stranger.raw.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with mailed.context():
        found = {row.kind.name: row.wanted["mail"] for row in choices.rows_of(wanted)}
    assert not found["comment"]
    assert found["mention"]
    assert stranger.get(address[:-2]).status == 404


def test_the_digest_tells_once_a_week_what_was_missed(mailed):
    cast = mailed.cast
    monday = datetime(2030, 3, 4, tzinfo=MOSCOW)
    at(monday - timedelta(days=2))
    publish(mailed, cast.vera, "Новая подсветка дала вдвое больше вопросов")
    at(monday + timedelta(hours=5))
    for _ in range(3):
        jobs.begin_schedules(mailed.app)
        jobs.run_due(mailed.app)
        at(now().astimezone(MOSCOW) + timedelta(hours=1))
    work(mailed, monday + timedelta(hours=11))
    digests = [letter for letter in letters(mailed) if letter.subject == "Что вы пропустили за неделю"]
    assert len(digests) == 1
    assert "Новая подсветка" in digests[0].text
