"""The states of a reader, one after another; each act twice is the act once, and the clock cannot be cheated."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, insert

from app.activity import Activity
from app.announcements import writing
from app.announcements.appearing import tell_readers
from app.announcements.counting import recount
from app.announcements.models import Announcement, AnnouncementFile, Receipt
from app.content import photos
from app.database import move_clock, now
from app.extensions import db
from app.notifications.models import Notice
from app.people.models import Person
from tests.announcements.making import QUESTION, assert_counts, publish, receipt
from tests.content.making import comment
from tests.guard.world import picture


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


def test_a_newcomer_finds_what_he_missed_on_his_first_visit(portal):
    """Late receipts are there before the first page of the stream is drawn, and once however often he comes."""
    made = publish(portal, importance="mandatory", title="Новый порядок возврата")
    gone = publish(portal, importance="mandatory", title="Давно прошло")
    portal.run(lambda: writing.archive(portal.viewer(portal.cast.ed), db.session.get(Announcement, gone)))
    newcomer = hire(portal)
    client = portal.client(newcomer)
    page = client.get("/")
    assert "Новый порядок возврата" in page
    assert receipt(portal, made, newcomer).late
    assert receipt(portal, gone, newcomer) is None
    missed = client.get("/announcements/missed")
    assert "Новый порядок возврата" in missed
    assert "Давно прошло" not in missed
    client.get("/")
    assert portal.count(Receipt, Receipt.person_id == newcomer.id) == 1
    assert_counts(portal, made)


def hire(portal):
    """Take somebody on today, and return him."""
    names = {"last_name": "Новичков", "first_name": "Никита", "middle_name": "", "name_key": "новичков никита"}
    work = {"store_id": portal.cast.ann.store_id, "position": "intern", "hired_on": now().date()}
    row = insert(Person).values(personnel_number="09001", number_key="9001", **names, **work).returning(Person.id)
    return SimpleNamespace(id=portal.run(lambda: db.session.execute(row).scalar_one()), store_id=portal.cast.ann.store_id)


def test_what_waits_stands_beside_the_stream_until_it_is_confirmed(portal):
    made = publish(portal, importance="urgent", title="Снимите чайник с продажи")
    client = portal.client(portal.cast.vera)
    page = client.get("/")
    assert f'class="waiting__line waiting__line--urgent" href="/announcements/{made}"' in page
    client.post(f"/announcements/{made}/confirm")
    assert "waiting__line" not in client.get("/")


def furnish(portal):
    """Publish an announcement with all that its page can show, told to its readers, and return its id."""
    viewer = portal.viewer(portal.cast.ed)
    audience = [f"store:{portal.cast.ann.store_id}", f"city:{portal.viewer(portal.cast.vera).city_id}"]

    def things():
        documents = [AnnouncementFile(owner_id=viewer.id, name=f"{key}.pdf", size=1, content_type="application/pdf", key=key)
                     for key in ("one", "two", "three")]  # fmt: skip
        db.session.add_all(documents)
        taken = photos.take_in(viewer.id, [picture(), picture()])
        db.session.flush()
        return [photo.id for photo in taken], [document.id for document in documents]

    photo_ids, file_ids = portal.run(things)
    made = publish(portal, importance="mandatory", keys=audience, photo_ids=photo_ids, file_ids=file_ids, **QUESTION)
    publish(portal, importance="urgent")
    publish(portal)
    said = comment(portal, portal.cast.ann, made)
    comment(portal, portal.cast.bob, made, parent=said)
    portal.run(lambda: tell_readers(made, 1))
    return made


@pytest.mark.parametrize("who", ["vera", "dina", "newcomer", "terminal"])
def test_opening_costs_at_most_twelve_queries_the_first_time_too(portal, who):
    """With photos, files, comments, answers, news of it and a receipt to be written: each has its one statement, or none."""
    made = furnish(portal)
    person = hire(portal) if who == "newcomer" else portal.cast.bob if who == "terminal" else getattr(portal.cast, who)
    client = portal.client(person, terminal=portal.terminal(person.store_id) if who == "terminal" else None)
    if who == "newcomer":
        # He joined while he was signed in already.
        portal.run(lambda: db.session.execute(delete(Receipt).where(Receipt.person_id == person.id)))
        portal.run(lambda: recount(db.session.get(Announcement, made)))
    asked = []
    for _ in range(2):
        with portal.queries() as statements:
            page = client.get(f"/announcements/{made}")
        asked.append([one for one in statements if one.startswith(("SELECT", "WITH", "UPDATE", "INSERT", "DELETE"))])
        assert "three.pdf" in page
    assert [len(statements) <= 12 for statements in asked] == [True, True], asked
    row = receipt(portal, made, person)
    assert row.opened_at and row.late is (who == "newcomer")
    assert not portal.count(Notice, Notice.person_id == person.id, Notice.entry_id == made, Notice.seen_at.is_(None))
    assert_counts(portal, made)


def test_a_card_leads_to_the_page_where_reading_is_noted(portal):
    """What is shown in the stream alone is not read first-hand: the whole text opens on its own page."""
    made = publish(portal, body="Слово " * 400)
    page = portal.client(portal.cast.vera).get("/").text
    assert f'<a class="more" href="/announcements/{made}">' in page
    assert f"/announcements/{made}/text" not in page
