"""The demo company in an empty database: the same each time, true to the portal's own rules, all of it or nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from app.content.models import (
    Bookmark,
    Comment,
    CommentLike,
    Draft,
    Entry,
    EntryTopic,
    Mention,
    Photo,
    Reaction,
    Report,
)
from app.content.text import clean, excerpt, mentioned, render, without_headings
from app.demo.filling import fill, is_made
from app.demo.life import FIRST_MINUTE, LAST_MINUTE
from app.extensions import Base, db
from app.media import media
from app.people.models import City, Person, Store
from app.people.names import name_key, number_key
from tests.conftest import empty

MOMENT = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
# Salted anew each time it is made.
SALTED = {"password_hash", "pin_hash"}


def make(**changes):
    return fill(**{"people": 40, "posts": 200, "pictures": 2, "moment": MOMENT, **changes})


@pytest.fixture
def made(bare):
    """Return a portal with a small demo company in it."""
    bare.run(make)
    return bare


def everything(portal):
    """Read all rows of all tables but what is salted or dated by the clock."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name != "change":
            columns = [column for column in table.columns if column.name not in SALTED]
            found[table.name] = portal.rows(select(*columns).order_by(*table.primary_key.columns))
    return found


def test_the_same_numbers_give_the_same_company(made):
    first = everything(made)
    empty(made.app)
    made.run(make)
    again = everything(made)
    assert {name: len(rows) for name, rows in first.items()} == {name: len(rows) for name, rows in again.items()}
    assert first == again
    assert sum(row.kind == "post" for row in first["entry"]) == 200
    assert sum(row.dismissed_on is None for row in first["person"]) == 40


def test_the_rows_keep_the_portals_rules(made):
    """Check them together: making a company for each would only cost time."""
    counts_are_those_of_their_rows(made)
    texts_are_stored_as_if_they_had_been_typed(made)
    people_are_keyed_as_the_staff_list_keys_them(made)
    nothing_lies_ahead_and_stores_are_open(made)
    comments_come_after_what_they_answer(made)
    nobody_likes_himself(made)


def counts_are_those_of_their_rows(made):
    for entry in made.rows(select(Entry.id, Entry.like_count, Entry.thanks_count, Entry.comment_count, Entry.photo_count)):
        reactions = {
            kind: made.count(Reaction, Reaction.entry_id == entry.id, Reaction.kind == kind) for kind in ("like", "thanks")
        }
        assert (entry.like_count, entry.thanks_count) == (reactions["like"], reactions["thanks"])
        shown = (Comment.deleted_at.is_(None), Comment.hidden_at.is_(None))
        assert entry.comment_count == made.count(Comment, Comment.entry_id == entry.id, *shown)
        assert entry.photo_count == made.count(Photo, Photo.entry_id == entry.id)
    liked = select(Comment.id, Comment.like_count, func.count(CommentLike.person_id).label("rows"))
    liked = liked.outerjoin(CommentLike, CommentLike.comment_id == Comment.id).group_by(Comment.id)
    assert all(comment.like_count == comment.rows for comment in made.rows(liked))
    assert made.count(EntryTopic)


def texts_are_stored_as_if_they_had_been_typed(made):
    names = dict(made.rows(select(Person.id, Person.first_name + " " + Person.last_name)))
    named = {}
    for row in made.rows(select(Mention.entry_id, Mention.comment_id, Mention.person_id)):
        named.setdefault((row.entry_id, row.comment_id), set()).add(row.person_id)
    assert named
    for entry in made.rows(select(Entry.id, Entry.kind, Entry.body, Entry.body_html, Entry.excerpt_html)):
        assert clean(entry.body) == entry.body
        keys = {name_of(names[who]): who for who in named.get((entry.id, None), ())}
        assert sorted(keys) == sorted(mentioned(entry.body))
        is_post = entry.kind == "post"
        assert entry.body_html == render(entry.body, keys, document=not is_post)
        assert entry.excerpt_html == excerpt(entry.body if is_post else without_headings(entry.body), keys)
    for body in made.rows(select(Entry.body).union_all(select(Comment.body))):
        assert not re.search(r"[{}<>|]|\w\s+[,.!?]|\bNone\b", body[0]), body[0]


def name_of(name):
    return name.casefold().replace("ё", "е")


def people_are_keyed_as_the_staff_list_keys_them(made):
    names = (Person.last_name, Person.first_name, Person.middle_name, Person.personnel_number)
    for person in made.rows(select(*names, Person.name_key, Person.number_key)):
        assert person.name_key == name_key(person.last_name, person.first_name, person.middle_name)
        assert person.number_key == number_key(person.personnel_number)


def nothing_lies_ahead_and_stores_are_open(made):
    columns = (Entry.published_at, Entry.edited_at, Entry.deleted_at, Entry.hidden_at, Person.hired_on, Person.dismissed_on)
    posts = made.rows(
        select(*columns, City.zone)
        .select_from(Entry)
        .join(Person, Person.id == Entry.author_id)
        .join(Store, Store.id == Entry.store_id)
        .join(City, City.id == Store.city_id)
        .where(Entry.published_at.is_not(None))
    )
    for post in posts:
        assert MOMENT - timedelta(days=732) < post.published_at <= MOMENT
        assert all(at is None or post.published_at <= at <= MOMENT for at in post[1:4])
        local = post.published_at.astimezone(ZoneInfo(post.zone))
        assert FIRST_MINUTE <= local.hour * 60 + local.minute <= LAST_MINUTE
        assert post.hired_on <= local.date() + timedelta(days=1)
        assert post.dismissed_on is None or local.date() <= post.dismissed_on
    assert max(post.published_at for post in posts) > MOMENT - timedelta(hours=1)
    assert sum(post.published_at > MOMENT - timedelta(hours=36) for post in posts) >= 5
    for at in (Reaction.at, Comment.created_at, Comment.edited_at, Bookmark.at, Report.created_at, Draft.updated_at):
        assert made.one(select(func.max(at))) is None or made.one(select(func.max(at))) <= MOMENT


def comments_come_after_what_they_answer(made):
    answered = {
        row.id: row for row in made.rows(select(Comment.id, Comment.entry_id, Comment.parent_id, Comment.created_at))
    }
    published = dict(made.rows(select(Entry.id, Entry.published_at)))
    for comment in answered.values():
        assert comment.created_at > published[comment.entry_id]
        if comment.parent_id:
            parent = answered[comment.parent_id]
            assert parent.parent_id is None and parent.entry_id == comment.entry_id
            assert comment.created_at > parent.created_at


def nobody_likes_himself(made):
    own = select(func.count()).select_from(Reaction).join(Entry).where(Reaction.person_id == Entry.author_id)
    assert made.one(own) == 0


def test_photos_are_files(made):
    def missing():
        return [
            row
            for row in db.session.execute(select(Photo.key, Photo.widths))
            for width in row.widths
            if not stored(row.key, width)
        ]

    def stored(key, width):
        return media().get(f"{key}-{width}.webp")[8:12] == b"WEBP"

    assert made.count(Photo) >= 5
    assert made.run(missing) == []


def test_moderators_find_something_to_decide(made):
    editor = made.client(person(made, "editor"))
    assert editor.get("/moderation").status == 200
    assert made.count(Report, Report.resolved_at.is_(None)) >= 2
    assert made.count(Report, Report.decision == "hidden") >= 2
    for entry in made.rows(select(Entry.hidden_at, Entry.hidden_reason).where(Entry.hidden_at.is_not(None))):
        assert entry.hidden_reason


def person(portal, login):
    return portal.rows(select(Person.id).where(Person.login == login))[0]


def test_sign_ins_open_the_portal(made):
    for login in ("seller", "intern", "director", "editor", "hr", "management", "admin"):
        number = made.one(select(Person.personnel_number).where(Person.login == login))
        for name in (login, number):
            browser = made.client()
            assert browser.post("/sign-in", {"login": name, "password": "demo"}).status == 303
            page = browser.get("/")
            assert page.status == 200
            assert "post-" in page
    stranger = made.client()
    assert stranger.post("/sign-in", {"login": "seller", "password": "Demo"}).status == 422
    assert stranger.get("/").location.endswith("/sign-in")


def test_an_interrupted_making_leaves_nothing_and_the_next_begins_anew(bare):
    class Interrupted(Exception):
        pass

    def stop(words):
        if "stores" in words:
            raise Interrupted

    with bare.app.app_context():
        with pytest.raises(Interrupted):
            make(say=stop)
        db.session.rollback()
    assert not bare.count(Person)
    assert not bare.run(is_made)
    bare.run(make)
    assert bare.run(is_made)
    assert bare.count(Entry, Entry.kind == "post") == 200


def test_new_rows_get_ids_behind_those_of_the_demo(made):
    seller = made.client(person(made, "seller"))
    answer = seller.post("/posts", {"body": "Доброе утро", "audience": "everybody"})
    assert answer.status in (200, 303)
    assert made.count(Entry, Entry.kind == "post") == 201
