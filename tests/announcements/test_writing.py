"""The editor's form under trying circumstances: nothing typed is lost, nothing goes over what somebody else wrote unseen."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.announcements.models import Announcement
from app.content.models import Draft
from app.database import now
from tests.announcements.making import TEXT, draft, publish, receipt

FIELDS = {"title": "Цены", "body": TEXT, "audience": "everybody", "importance": "mandatory", "when": "now"}
ASKED = {
    "question": "Сколько стоят бокалы?",
    "answer1": "700",
    "answer2": "900",
    "right": "2",
    "passage": "бокалы стоят 900",
}


def version(portal, announcement_id):
    return str(portal.one(select(Announcement.version).where(Announcement.id == announcement_id)))


@pytest.mark.parametrize("out", [False, True])
def test_two_editors_at_once_do_not_write_over_each_other_unseen(portal, htmx, out):
    made = publish(portal) if out else draft(portal)
    based_on = version(portal, made)
    client = portal.client(portal.cast.ed, htmx)
    first = client.post(f"/announcements/{made}", {**FIELDS, "title": "Первый", "based_on": based_on})
    assert first.status in (200, 303)
    second = client.post(f"/announcements/{made}", {**FIELDS, "title": "Второй", "based_on": based_on})
    assert second.status == 422
    assert "изменил кто-то ещё" in second and 'value="Второй"' in second
    assert portal.one(select(Announcement.title)) == "Первый"
    now_known = version(portal, made)
    assert f'name="based_on" value="{now_known}"' in second
    client.post(f"/announcements/{made}", {**FIELDS, "title": "Второй", "based_on": now_known})
    assert portal.one(select(Announcement.title)) == "Второй"


def test_a_new_version_sent_twice_is_one(portal):
    made = publish(portal, importance="mandatory")
    client, reader = portal.client(portal.cast.ed), portal.client(portal.cast.vera)
    form = {**FIELDS, "title": "Иначе", "based_on": version(portal, made), "ask_again": "y", "act": "renew"}
    assert client.post(f"/announcements/{made}", form).status == 303
    reader.post(f"/announcements/{made}/confirm")
    assert client.post(f"/announcements/{made}", form).status == 303
    assert portal.one(select(Announcement.edition)) == 2
    assert receipt(portal, made, portal.cast.vera).confirmed_version == 2


def test_what_is_kept_as_a_draft_appears_no_more_by_itself(portal):
    made = draft(portal)
    client = portal.client(portal.cast.ed)
    later = {**FIELDS, "when": "at", "publish_at": f"{now() + timedelta(days=3):%Y-%m-%dT10:00}", "act": "publish"}
    assert client.post(f"/announcements/{made}", later).location.endswith("scheduled")
    assert "Цены" in client.get("/announcements/desk?shelf=scheduled")
    assert portal.one(select(Announcement.publish_at)) is not None
    assert client.post(f"/announcements/{made}", {**FIELDS, "act": "draft"}).status == 303
    assert portal.one(select(Announcement.publish_at)) is None


def test_a_draft_that_types_itself_holds_the_whole_form(portal):
    client = portal.client(portal.cast.ed)
    typed = {**FIELDS, **ASKED, "when": "at", "publish_at": "2031-05-01T10:00", "valid_until": "2031-06-01T10:00"}
    assert client.post("/drafts", {**typed, "form": "/announcements"}).status == 204
    page = client.get("/announcements/new").text
    for words in ("Цены", "бокалы стоят 900", "2031-05-01T10:00", "2031-06-01T10:00", 'value="900"', "Сколько стоят"):
        assert words in page, words
    for name, value in (("importance", "mandatory"), ("when", "at"), ("right", "2")):
        chosen = [
            tag
            for tag in page.split("<input")[1:]
            if f'name="{name}"' in tag.split(">")[0] and "checked" in tag.split(">")[0]
        ]
        assert len(chosen) == 1 and f'value="{value}"' in chosen[0], name
    client.post("/announcements", {**typed, "act": "draft"})
    assert portal.count(Draft) == 0


def test_a_title_alone_is_worth_keeping(portal):
    client = portal.client(portal.cast.ed)
    client.post("/drafts", {"form": "/announcements", "title": "Только заголовок", "body": ""})
    assert "Только заголовок" in client.get("/announcements/new")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "x" * 300, "знаков"),
        ("title", "x" * 100_000, ""),
        ("title", "\x00\u202e", "заголовок"),
        ("body", "я" * 30_000, "знаков"),
        ("body", "\x00", "Напишите"),
        ("valid_until", "вчера", ""),
        ("valid_until", "0001-01-01T00:00", ""),
        ("audience", "store:999999", ""),
        ("audience", "'; drop", ""),
        ("importance", "x", ""),
    ],
)
def test_what_cannot_be_is_said_plainly(portal, htmx, field, value, sentence):
    answer = portal.client(portal.cast.ed, htmx).post("/announcements", {**FIELDS, field: value, "act": "publish"})
    assert answer.status == 422
    assert "error" in answer and sentence.casefold() in answer.text.casefold()
    assert portal.count(Announcement) == 0


def test_ten_megabytes_are_refused_and_nothing_breaks(portal, htmx):
    answer = portal.client(portal.cast.ed, htmx).post("/announcements", {**FIELDS, "body": "я" * 5_000_000})
    assert answer.status == 413
    assert portal.count(Announcement) == 0


def test_emoji_and_signs_of_markup_are_words_like_others(portal):
    title = "🎄 Витрина <b>&amp;</b> «Зима»"
    publish(portal, title=title, body="## 🎁\n\n<script>alert(1)</script> **да** " + "> " * 3000)
    page = portal.client(portal.cast.vera).get("/announcements/1").text
    assert "🎄 Витрина &lt;b&gt;&amp;amp;&lt;/b&gt; «Зима»" in page
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_files_of_a_refused_form_wait_in_it(portal, htmx):
    data = {**FIELDS, "title": "", "act": "publish", "files": (io.BytesIO(b"%PDF-1.4 x"), "Схема.pdf")}
    answer = portal.client(portal.cast.ed, htmx).post("/announcements", data, content_type="multipart/form-data")
    assert answer.status == 422
    assert "Схема.pdf" in answer and 'name="file" value="1"' in answer
    sent = portal.client(portal.cast.ed).post("/announcements", {**FIELDS, "act": "publish", "file": "1"})
    assert "Схема.pdf" in portal.client(portal.cast.vera).get(sent.location)


def test_the_count_says_channels(portal):
    client = portal.client(portal.cast.ed, htmx=True)
    answer = client.get(f"/announcements/channels?audience=store:{portal.cast.ann.store_id}")
    assert "3 человека" in answer and "только портал и терминал: 3" in answer
    assert client.get("/announcements/channels?audience=x").status == 400
    assert portal.client(portal.cast.ann).get("/announcements/channels?audience=everybody").status == 403


def test_a_draft_that_was_thrown_away_comes_back(portal):
    made = draft(portal)
    client = portal.client(portal.cast.ed)
    client.post(f"/announcements/{made}/discard")
    assert client.get(f"/announcements/{made}/edit").status == 404
    assert f'formaction="/announcements/{made}/restore"' in client.get("/announcements/desk?shelf=drafts")
    assert client.post(f"/announcements/{made}/restore").status == 303
    assert client.get(f"/announcements/{made}/edit").status == 200
    out = publish(portal)
    assert client.post(f"/announcements/{out}/restore").status == 404
