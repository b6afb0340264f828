"""From a draft to its readers: what a form must say, when it appears, whom it reaches, new versions, the archive."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from app.announcements import appearing, appearing_jobs, receipts, writing
from app.announcements.models import Announcement, AnnouncementVersion, Receipt
from app.database import move_clock, now
from app.errors import Refused
from app.extensions import db
from app.notifications.models import Notice
from app.people.absences import Absence
from app.people.models import Person
from tests.announcements.making import QUESTION, TEXT, assert_counts, content, draft, publish, receipt

FIELDS = {"title": "Цены", "body": TEXT, "audience": "everybody", "importance": "mandatory", "when": "now"}


def move(portal, person, store_id):
    """Let somebody work in another store."""
    of_person = update(Person).where(Person.id == person.id)
    portal.run(lambda: db.session.execute(of_person.values(store_id=store_id)))


def run_due(portal):
    """Let the jobs do what is due."""
    with portal.app.app_context():
        appearing_jobs.publish_due()
        db.session.commit()


def test_an_editor_publishes_and_everybody_has_a_receipt(portal):
    client = portal.client(portal.cast.ed)
    answer = client.post("/announcements", {**FIELDS, "act": "publish", "nonce": "once"})
    assert answer.location == "/announcements/1"
    assert client.post("/announcements", {**FIELDS, "act": "publish", "nonce": "once"}).location == "/announcements/1"
    assert portal.count(Announcement) == 1
    assert portal.count(Receipt) == 8
    assert portal.count(Receipt, Receipt.waits) == 8
    assert_counts(portal, 1)
    page = portal.client(portal.cast.vera).get("/")
    assert "Цены" in page and "band--asks" in page
    assert "<h2>Новые цены</h2>" in portal.client(portal.cast.vera).get("/announcements/1")


@pytest.mark.parametrize("who", ["ann", "dina", "hana", "mark", "root"])
def test_who_may_not(portal, who):
    made = draft(portal)
    client = portal.client(getattr(portal.cast, who))
    for path in (
        "/announcements/desk",
        "/announcements/new",
        f"/announcements/{made}/edit",
        f"/announcements/{made}/preview",
    ):
        assert client.get(path).status == 403, path
    for path in (
        "/announcements",
        f"/announcements/{made}",
        f"/announcements/{made}/publish",
        f"/announcements/{made}/archive",
    ):
        assert client.post(path, FIELDS).status == 403, path
    assert client.get(f"/announcements/{made}").status == 404
    assert portal.one(select(Announcement.published_at)) is None


@pytest.mark.parametrize(
    "more",
    [
        {"title": " "},
        {"title": "x" * 161},
        {"body": ""},
        {"keys": []},
        {"importance": "x"},
        {**QUESTION, "answers": [("a", True)]},
        {**QUESTION, "answers": [("a", True), ("A", False)]},
        {**QUESTION, "answers": [("a", True), ("b", True)]},
        {**QUESTION, "passage": ""},
        {**QUESTION, "passage": "этого там нет"},
    ],
)
def test_what_is_refused(portal, more):
    viewer = portal.viewer(portal.cast.ed)
    with portal.context(), pytest.raises(Refused):
        writing.draft(viewer, content(**more))
    assert portal.count(Announcement) == 0


def test_a_refused_form_keeps_what_was_typed(portal, htmx):
    answer = portal.client(portal.cast.ed, htmx).post("/announcements", {**FIELDS, "title": "", "act": "publish"})
    assert answer.status == 422
    assert "бокалы стоят 900" in answer


def test_the_audience_alone_finds_it(portal):
    made = publish(portal, keys=[f"store:{portal.cast.ann.store_id}"])
    assert portal.client(portal.cast.ann).get(f"/announcements/{made}").status == 200
    stranger = portal.client(portal.cast.vera)
    assert stranger.get(f"/announcements/{made}").status == 404
    assert stranger.get(f"/announcements/{made}/versions").status == 404
    for verb in ("read", "confirm", "answer", "like"):
        assert stranger.post(f"/announcements/{made}/{verb}").status == 404, verb
    for page in ("/", "/announcements", "/announcements/missed", "/posts"):
        assert f"/announcements/{made}" not in stranger.get(page), page
    assert portal.count(Receipt, Receipt.person_id == portal.cast.vera.id) == 0


def test_it_appears_once_at_its_time_and_bears_the_moment(portal):
    made = draft(portal)
    viewer = portal.viewer(portal.cast.ed)
    wish = now() + timedelta(hours=2)
    portal.run(lambda: appearing.schedule(viewer, db.session.get(Announcement, made), wish))
    run_due(portal)
    assert portal.one(
        Announcement.__table__.select().with_only_columns(Announcement.id).where(Announcement.publish_at.is_not(None))
    )
    assert portal.count(Receipt) == 0
    move_clock(timedelta(hours=3))
    run_due(portal)
    run_due(portal)
    with portal.context():
        appeared = db.session.get(Announcement, made)
        assert appeared.published_at - wish > timedelta(minutes=50)
        assert appeared.publish_at is None
    assert portal.count(AnnouncementVersion) == 1
    assert portal.count(Receipt) == 8


def test_publishing_at_once_from_two_sides_happens_once(portal):
    made = draft(portal)
    viewer = portal.viewer(portal.cast.ed)
    won = []

    def go():
        with portal.app.app_context():
            won.append(appearing.publish(viewer, db.session.get(Announcement, made)))
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(won) == [False, False, False, True]
    assert portal.count(Receipt) == 8
    assert_counts(portal, made)


def test_a_time_that_is_over_is_refused(portal):
    made = draft(portal)
    viewer = portal.viewer(portal.cast.ed)
    for wish in (now() - timedelta(minutes=1), now() + timedelta(days=400)):
        with portal.context(), pytest.raises(Refused):
            appearing.schedule(viewer, db.session.get(Announcement, made), wish)


def test_a_new_version_reopens_confirmations_when_asked(portal):
    made = publish(portal, importance="mandatory")
    reader = portal.client(portal.cast.vera)
    reader.post(f"/announcements/{made}/confirm")
    editor = portal.client(portal.cast.ed)
    editor.post(f"/announcements/{made}", {**FIELDS, "body": TEXT.replace("900", "950"), "act": "renew"})
    assert receipt(portal, made, portal.cast.vera).confirmed_at is not None
    editor.post(f"/announcements/{made}", {**FIELDS, "body": TEXT.replace("900", "990"), "act": "renew", "ask_again": "y"})
    row = receipt(portal, made, portal.cast.vera)
    assert row.confirmed_at is None and row.waits and row.confirmed_version == 1 and row.read_at
    assert_counts(portal, made)
    page = reader.get(f"/announcements/{made}/versions")
    assert "<del>950</del>" in page and "<ins>990</ins>" in page
    assert "подтверждали прежнюю версию" in reader.get(f"/announcements/{made}")
    reader.post(f"/announcements/{made}/confirm")
    assert receipt(portal, made, portal.cast.vera).confirmed_version == 3


def test_a_changed_form_cannot_change_the_audience_of_what_is_out(portal):
    made = publish(portal, importance="ordinary")
    fields = {**FIELDS, "audience": f"store:{portal.cast.ann.store_id}", "importance": "urgent", "author_id": "1"}
    portal.client(portal.cast.ed).post(f"/announcements/{made}", {**fields, "act": "renew"})
    with portal.context():
        out = db.session.get(Announcement, made)
        assert (out.importance, out.audience.spec, out.author_id) == ("ordinary", "everybody", portal.cast.ed.id)


def test_more_than_three_mandatory_a_week_warns(portal, htmx):
    for _ in range(3):
        publish(portal, importance="mandatory", keys=[f"store:{portal.cast.ann.store_id}"])
    client = portal.client(portal.cast.ed, htmx)
    answer = client.post("/announcements", {**FIELDS, "act": "publish"})
    assert answer.status == 422
    assert "3 человека" in answer and 'name="aware" value="3"' in answer
    assert "перестают читать" in answer
    assert portal.count(Announcement, Announcement.published_at.is_not(None)) == 3
    later = {"when": "at", "publish_at": f"{now() + timedelta(days=9):%Y-%m-%dT10:00}"}
    assert client.post("/announcements", {**FIELDS, **later, "act": "publish"}).status in (200, 303)
    assert portal.count(Announcement, Announcement.publish_at.is_not(None)) == 1
    client.post("/announcements", {**FIELDS, "act": "publish", "aware": "3"})
    assert portal.count(Announcement, Announcement.published_at.is_not(None)) == 4


def test_newcomers_get_what_still_holds(portal):
    made = publish(portal, importance="mandatory", keys=[f"store:{portal.cast.ann.store_id}"])
    archived = publish(portal, title="Старое", keys=[f"store:{portal.cast.ann.store_id}"])
    portal.client(portal.cast.ed).post(f"/announcements/{archived}/archive")
    portal.run(
        lambda: db.session.execute(
            update(Person).where(Person.id == portal.cast.vera.id).values(store_id=portal.cast.ann.store_id)
        )
    )
    page = portal.client(portal.cast.vera).get("/announcements/missed")
    assert "Новые цены" in page and "Старое" not in page
    row = receipt(portal, made, portal.cast.vera)
    assert row.late and row.waits
    portal.client(portal.cast.vera).post(f"/announcements/{made}/confirm")
    assert_counts(portal, made)


def test_who_left_the_audience_keeps_what_he_was_sent(portal):
    made = publish(portal, keys=[f"store:{portal.cast.ann.store_id}"])
    portal.run(
        lambda: db.session.execute(
            update(Person).where(Person.id == portal.cast.ann.id).values(store_id=portal.cast.vera.store_id)
        )
    )
    assert portal.client(portal.cast.ann).get(f"/announcements/{made}").status == 200
    portal.run(appearing_jobs.add_late_readers)
    assert_counts(portal, made)


def test_whoever_is_away_is_counted_so(portal):
    days = {"starts_on": now().date() - timedelta(days=1), "ends_on": now().date() + timedelta(days=9), "kind": "vacation"}
    portal.run(lambda: db.session.execute(insert(Absence).values(person_id=portal.cast.vera.id, noted_at=now(), **days)))
    made = publish(portal)
    assert receipt(portal, made, portal.cast.vera).absent
    portal.run(lambda: db.session.execute(insert(Absence).values(person_id=portal.cast.bob.id, noted_at=now(), **days)))
    portal.run(lambda: receipts.weigh_absence(portal.cast.bob.id))
    assert receipt(portal, made, portal.cast.bob).absent
    assert_counts(portal, made)


def test_readers_are_told_and_the_urgent_at_once(portal):
    made = publish(portal, importance="urgent")
    with portal.app.app_context():
        appearing.tell_readers(made, 1)
        db.session.commit()
        db.session.remove()
    assert portal.count(Notice, Notice.kind == "urgent", Notice.urgent) == 8
    assert "Срочное объявление" in portal.client(portal.cast.vera).get("/notifications")
