"""The demo's announcements: every state, receipts that keep the portal's rules, counts that are those of the receipts."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.announcements.counting import COUNTS, counted
from app.announcements.models import (
    Announcement,
    AnnouncementFile,
    AnnouncementReach,
    AnnouncementVersion,
    Briefing,
    Receipt,
)
from app.announcements.reading import seconds_needed
from app.announcements.writing import MOST_ANSWERS, QUESTION_LIMIT, TITLE_LIMIT, with_passage
from app.content.models import Entry
from app.content.text import render
from app.demo.announcing import Announcing
from app.demo.bulletins import bulletins
from app.demo.company import make_company
from app.demo.crowd import Crowd
from app.demo.filling import fill
from app.extensions import db
from app.media import media
from app.notifications.models import Notice
from app.people.models import Person

MOMENT = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)


@pytest.fixture
def made(bare):
    """Return a portal with a small demo company in it."""
    bare.run(lambda: fill(people=60, posts=60, pictures=2, moment=MOMENT))
    return bare


@pytest.fixture(scope="module")
def planned():
    """Return the announcements of the chain as it stands in every demo."""
    rng = random.Random(5)
    company = make_company(450, MOMENT.date(), rng)
    return Announcing(company, Crowd(company), MOMENT, rng).plan()


def test_every_announcement_could_have_been_written_with_the_form(planned):
    assert len(planned) >= 110
    for one in planned:
        for words in (one.title, *one.bodies):
            assert words
            assert not re.search(r"[{}<>|]|\w\s+[,.!?;:](?!\))|  ", words), words
        assert len(one.title) <= TITLE_LIMIT
        if one.source.question:
            assert len(one.source.question) <= QUESTION_LIMIT
            assert 2 <= len(one.source.answers) <= MOST_ANSWERS
            assert sum(right for _text, right in one.source.answers) == 1
            assert 'id="passage"' in with_passage(render(one.bodies[-1], document=True), one.source.passage)


def test_there_is_one_of_every_sort():
    written = bulletins()
    assert {one.importance for one in written} == {"ordinary", "mandatory", "urgent"}
    for sort in ("at", "draft", "valid", "archived", "version", "files", "photo", "question", "said"):
        assert any(getattr(one, sort) not in (None, "", (), []) for one in written), sort


def test_the_rows_keep_the_portals_rules(made):
    """Check them together: making a company for each would only cost time."""
    counts_are_those_of_the_receipts(made)
    every_state_is_there(made)
    steps_follow_each_other(made)
    what_waits_is_asked(made)
    inboxes_say_what_was_not_opened(made)
    versions_and_files_are_whole(made)


def counts_are_those_of_the_receipts(made):
    with made.context():
        for announcement in db.session.scalars(select(Announcement).where(Announcement.published_at.is_not(None))).all():
            truth = {
                row.store_id: [int(getattr(row, name)) for name in COUNTS]
                for row in db.session.execute(counted(announcement))
            }
            of_it = AnnouncementReach.announcement_id == announcement.id
            rows = db.session.scalars(select(AnnouncementReach).where(of_it)).all()
            assert {row.store_id: [getattr(row, name) for name in COUNTS] for row in rows} == truth
    assert made.one(select(func.sum(AnnouncementReach.told_only)))


def every_state_is_there(made):
    assert made.count(Announcement, Announcement.published_at.is_(None), Announcement.publish_at.is_(None))
    assert made.count(Announcement, Announcement.publish_at > MOMENT)
    assert made.count(Announcement, Announcement.archived_at <= MOMENT)
    assert made.count(Announcement, Announcement.valid_until <= MOMENT)
    assert made.count(Announcement, Announcement.edition == 2)
    for column in (Receipt.told_at, Receipt.opened_at, Receipt.read_at, Receipt.confirmed_at, Receipt.understood_at):
        assert made.count(Receipt, column.is_not(None))
        assert made.one(select(func.max(column))) <= MOMENT
    assert made.count(Receipt, Receipt.late)
    assert made.count(Receipt, Receipt.wrong_answers > 0)
    assert made.count(Briefing)


def steps_follow_each_other(made):
    assert not made.count(Receipt, Receipt.read_at < Receipt.opened_at)
    assert not made.count(Receipt, Receipt.confirmed_at < Receipt.read_at)
    assert not made.count(Receipt, Receipt.understood_at < Receipt.confirmed_at)
    columns = (Receipt.opened_at, Receipt.read_at, Receipt.seconds, Entry.published_at, Announcement.words)
    receipts = select(*columns).select_from(Receipt).join(Announcement, Announcement.id == Receipt.announcement_id)
    for row in made.rows(receipts):
        assert row.opened_at is None or row.opened_at > row.published_at
        # The first version may have had a few words less.
        assert row.read_at is None or row.seconds >= seconds_needed(Announcement(words=row.words)) - 2
    authors = select(Receipt.person_id).join(Entry, Entry.id == Receipt.announcement_id)
    assert not made.rows(authors.where(Entry.author_id == Receipt.person_id))


def what_waits_is_asked(made):
    rows = select(Receipt.waits, Receipt.confirmed_at, Receipt.understood_at, Announcement.importance, Announcement.question)
    for row in made.rows(rows.select_from(Receipt).join(Announcement, Announcement.id == Receipt.announcement_id)):
        asked = row.importance != "ordinary"
        done = row.confirmed_at is not None and (not row.question or row.understood_at is not None)
        assert row.waits == (asked and not done)
        assert asked or row.confirmed_at is None
        assert row.question or row.understood_at is None


def inboxes_say_what_was_not_opened(made):
    told = select(Notice.seen_at, Receipt.opened_at).join(
        Receipt, (Receipt.announcement_id == Notice.entry_id) & (Receipt.person_id == Notice.person_id)
    )
    first = made.rows(told.where(Notice.group_key.like("announcement:%:1")))
    assert first
    assert all(row.seen_at == row.opened_at for row in first)
    assert made.count(Notice, Notice.kind == "urgent", Notice.urgent)
    assert made.count(Notice, Notice.created_at < MOMENT - timedelta(days=15)) == 0


def versions_and_files_are_whole(made):
    numbers = dict(made.rows(select(Announcement.id, Announcement.edition).where(Announcement.published_at.is_not(None))))
    for announcement_id, edition in numbers.items():
        assert made.count(AnnouncementVersion, AnnouncementVersion.announcement_id == announcement_id) == edition
    files = made.rows(select(AnnouncementFile.key, AnnouncementFile.size))
    assert len(files) >= 2
    for key, size in files:
        assert made.run(lambda key=key: len(media().get(key))) == size


def test_visitors_find_something_to_do(made):
    def waiting(login):
        who = made.one(select(Person.id).where(Person.login == login))
        return made.count(Receipt, Receipt.person_id == who, Receipt.waits)

    assert waiting("seller") >= 2
    assert waiting("intern") >= 1
    seller = made.client(made.rows(select(Person.id).where(Person.login == "seller"))[0])
    assert "Снимите с продажи" in seller.get("/")
    assert "Снимите с продажи" in seller.get("/notifications")
    editor = made.client(made.rows(select(Person.id).where(Person.login == "editor"))[0])
    for shelf in ("drafts", "scheduled", "published", "archive"):
        assert editor.get(f"/announcements/desk?shelf={shelf}").text.count('class="line"') >= 1
