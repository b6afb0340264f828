"""Newcomers hear once, as a whole, of what they missed: as they first sign in, or on their first morning."""

from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select, update

from app.announcements import appearing_jobs, writing
from app.announcements.joining import tell_of
from app.announcements.models import Announcement, Receipt
from app.database import now
from app.extensions import db
from app.jobs import run_due
from app.notifications import choices, digest
from app.notifications.models import Delivery, Notice
from app.people.absences import Absence
from app.people.models import Person
from tests.announcements.making import assert_counts, crowd, publish, receipt
from tests.announcements.test_reading import hire
from tests.announcements.test_telling import MOSCOW, at, work
from tests.announcements.test_telling import post as post

# Five hundred words each: three minutes.
LONG = "Слово " * 500
MORNING = datetime(2030, 3, 6, 6, 0, tzinfo=MOSCOW)


@pytest.fixture
def news(portal):
    """Return the portal on an afternoon, with three announcements out, one of which is over."""
    at(datetime(2030, 3, 5, 15, 0, tzinfo=MOSCOW))
    portal.made = [publish(portal, importance=kind, body=LONG) for kind in ("mandatory", "ordinary", "ordinary")]
    portal.run(lambda: writing.archive(portal.viewer(portal.cast.ed), db.session.get(Announcement, portal.made[2])))
    return portal


def joined(portal, **more):
    """Let somebody be hired who has access, and let the schedule find him; return him."""
    person = hire(portal)
    values = {"password_hash": "x", "email": "nik@ritm.example", **more}
    portal.run(lambda: db.session.execute(update(Person).where(Person.id == person.id).values(**values)))
    portal.run(appearing_jobs.add_late_readers)
    return person


def notices(portal, person, *more):
    """Return somebody's notices of what he missed."""
    return portal.rows(
        select(Notice.group_key, Notice.seen_at).where(Notice.person_id == person.id, Notice.kind == "missed", *more)
    )


def letters_to_him(post):
    """Return the letters that came to the newcomer."""
    found = [message_from_bytes(data, policy=default) for data in post.letters]
    return [letter for letter in found if letter["To"] == "nik@ritm.example"]


def mornings(portal, *moments):
    """Let the schedule of the morning run at these moments."""
    for moment in moments or (MORNING,):
        at(moment)
        portal.run(appearing_jobs.tell_newcomers)


def test_the_first_sign_in_tells_once_of_all(news):
    person = hire(news)
    client = news.client(person)
    inbox = client.get("/notifications")
    assert "Что вы пропустили: 2 объявления, которые ещё действуют, около 6 минут" in inbox
    assert 'href="/announcements/missed"' not in inbox.text.split("Что вы пропустили: 2")[0].split("<main")[1]
    assert len(notices(news, person)) == 1
    assert news.count(Notice, Notice.person_id == person.id) == 1
    news.client(person)
    assert len(notices(news, person)) == 1
    mornings(news)
    assert len(notices(news, person)) == 1
    for one in news.made[:2]:
        assert_counts(news, one)


def test_the_first_morning_tells_whoever_did_not_sign_in(news):
    person = joined(news)
    mornings(news, datetime(2030, 3, 5, 16, 0, tzinfo=MOSCOW), datetime(2030, 3, 6, 4, 59, tzinfo=MOSCOW))
    assert not notices(news, person)
    mornings(news, *(MORNING + timedelta(hours=hour) for hour in range(5)))
    assert len(notices(news, person)) == 1
    # He sees it as he signs in, and is not told of it once more.
    assert "Что вы пропустили: 2 объявления" in news.client(person).get("/notifications")
    news.client(person).get("/announcements/missed")
    assert [row.seen_at is not None for row in notices(news, person)] == [True]
    mornings(news, MORNING + timedelta(days=1))
    assert len(notices(news, person)) == 1


@pytest.mark.parametrize("why", ["no access", "away", "dismissed", "over", "read"])
def test_who_is_not_told(news, why):
    person = joined(news, **({"password_hash": None} if why == "no access" else {}))
    if why == "away":
        days = {"starts_on": date(2030, 3, 1), "ends_on": date(2030, 3, 6), "kind": "sick"}
        news.run(lambda: db.session.add(Absence(person_id=person.id, noted_by_id=news.cast.dina.id, **days)))
    if why == "dismissed":
        gone = update(Person).where(Person.id == person.id).values(dismissed_on=date(2030, 3, 6))
        news.run(lambda: db.session.execute(gone))
    if why == "over":
        for one in news.made[:2]:
            editor = news.viewer(news.cast.ed)
            news.run(lambda one=one, editor=editor: writing.archive(editor, db.session.get(Announcement, one)))
    if why == "read":
        news.run(lambda: db.session.execute(update(Receipt).where(Receipt.person_id == person.id).values(read_at=now())))
    mornings(news)
    assert not notices(news, person)
    if why in ("no access", "away"):
        # Both come to it: with the first sign-in, and on the first morning back.
        at(MORNING + timedelta(days=1))
        news.client(person) if why == "no access" else mornings(news, MORNING + timedelta(days=1))
        assert len(notices(news, person)) == 1


def test_whoever_opens_it_by_himself_is_not_told_of_it(news):
    person = joined(news)
    news.run(lambda: db.session.execute(update(Receipt).values(unheard=False)))
    client = news.client(person)
    late = publish(news, body=LONG)
    news.run(lambda: db.session.execute(update(Receipt).where(Receipt.announcement_id == late).values(late=True)))
    client.get(f"/announcements/{late}")
    mornings(news)
    assert not notices(news, person)


def test_whoever_is_moved_hears_of_the_new_store_alone(news):
    there = publish(news, keys=[f"store:{news.cast.vera.store_id}"], body=LONG)
    news.client(news.cast.bob).post(f"/announcements/{news.made[0]}/confirm")
    news.client(news.cast.bob).post(f"/announcements/{news.made[1]}/read")
    moved = update(Person).where(Person.id == news.cast.bob.id).values(store_id=news.cast.vera.store_id, password_hash="x")
    news.run(lambda: db.session.execute(moved))
    news.run(appearing_jobs.add_late_readers)
    mornings(news)
    assert len(notices(news, news.cast.bob)) == 1
    assert receipt(news, there, news.cast.bob).late
    # The one who saw the page knows; what is read by the last is no news any more.
    client = news.client(news.cast.bob)
    assert "Что вы пропустили: 1 объявление, которое ещё действует, около 3 минут" in client.get("/notifications")
    client.post(f"/announcements/{there}/read")
    assert [row.seen_at is not None for row in notices(news, news.cast.bob)] == [True]


def test_a_visit_that_only_reads_tells_nothing_yet(news):
    """Whoever joins while he is signed in gets it as he looks; he is told by the morning, unless he has looked at it all."""
    person = hire(news)
    client = news.client(person)
    news.client(person).get("/announcements/missed")
    late = publish(news, keys=[f"store:{news.cast.vera.store_id}"], body=LONG)
    moved = update(Person).where(Person.id == person.id).values(store_id=news.cast.vera.store_id, password_hash="x")
    news.run(lambda: db.session.execute(moved))
    client.get("/announcements")
    assert receipt(news, late, person).unheard
    assert not notices(news, person, Notice.seen_at.is_(None))
    client.get("/announcements/missed")
    assert not receipt(news, late, person).unheard
    mornings(news)
    assert not notices(news, person, Notice.seen_at.is_(None))


def test_it_comes_as_one_letter_at_the_first_gathering(news, post):
    person = joined(news)
    mornings(news)
    work(news, datetime(2030, 3, 6, 10, 29, tzinfo=MOSCOW))
    assert not letters_to_him(post)
    work(news, datetime(2030, 3, 6, 10, 31, tzinfo=MOSCOW))
    [letter] = letters_to_him(post)
    assert letter["Subject"] == "Что вы пропустили: 2 объявления, которые ещё действуют, около 6 минут"
    assert news.count(Delivery, Delivery.person_id == person.id) == 1


@pytest.mark.parametrize("why", ["read", "over", "unwanted", "quiet"])
def test_no_letter_of_what_is_no_news_or_not_wanted(news, post, why):
    person = joined(news)
    if why == "unwanted":
        news.run(lambda: choices.choose(person.id, set()))
    if why == "quiet":
        news.run(lambda: choices.keep_quiet(person.id, time(10), time(13)))
    mornings(news)
    if why == "read":
        news.client(person).post(f"/announcements/{news.made[0]}/confirm")
        news.client(person).post(f"/announcements/{news.made[1]}/read")
    if why == "over":
        news.run(lambda: db.session.execute(update(Announcement).values(archived_at=now())))
    work(news, datetime(2030, 3, 6, 10, 31, tzinfo=MOSCOW))
    assert not letters_to_him(post)
    if why == "quiet":
        work(news, datetime(2030, 3, 6, 18, 1, tzinfo=MOSCOW))
        assert len(letters_to_him(post)) == 1


def test_the_weekly_letter_tells_of_it_too(news, post):
    joined(news)
    mornings(news)
    at(datetime(2030, 3, 11, 5, 0, tzinfo=MOSCOW))
    news.run(digest.plan_digests)
    work(news, datetime(2030, 3, 11, 10, 31, tzinfo=MOSCOW))
    assert "Что вы пропустили: 2 объявления" in letters_to_him(post)[-1].get_body(("plain",)).get_content()


def test_killed_between_two_batches_it_goes_on_and_doubles_nobody(news, monkeypatch):
    team = crowd(news, news.cast.ann.store_id, 5)
    news.run(lambda: db.session.execute(update(Person).where(Person.id.in_(team)).values(password_hash="x")))
    news.run(appearing_jobs.add_late_readers)
    monkeypatch.setattr(appearing_jobs, "TOLD_TOGETHER", 2)
    told = []

    def dies(people):
        if told:
            raise KeyboardInterrupt
        tell_of(people)
        told.append(people)

    monkeypatch.setattr(appearing_jobs.joining, "tell_of", dies)
    at(MORNING)
    with pytest.raises(KeyboardInterrupt):
        news.run(appearing_jobs.tell_newcomers)
    with news.context():
        db.session.rollback()
    assert news.count(Notice, Notice.kind == "missed") == 2
    monkeypatch.setattr(appearing_jobs.joining, "tell_of", tell_of)
    news.run(appearing_jobs.tell_newcomers)
    assert news.count(Notice, Notice.kind == "missed") == news.count(Notice, Notice.person_id.in_(team)) == 5


def test_a_first_visit_costs_few_statements_however_much_was_missed(news):
    for _ in range(6):
        publish(news)
    person = hire(news)
    with news.queries() as sent:
        news.token(person)
    assert len([one for one in sent if one.startswith(("SELECT", "INSERT", "UPDATE", "WITH"))]) <= 24, sent
    assert news.count(Receipt, Receipt.person_id == person.id, Receipt.late) == 8
    run_due(news.app)
