"""Drafts: what somebody typed outlives locks, expired sessions and lost lines, and is nobody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.content.drafts import MOST
from app.content.models import Draft
from app.database import move_clock
from tests.content.making import comment, post


def keep(client, form="/posts", body="Начало", **more):
    return client.post("/drafts", {"form": form, "body": body, "audience": "everybody", **more})


def test_a_draft_is_kept_and_restored(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    assert keep(client, topics=["1", "2"]).status == 204
    page = portal.client(portal.cast.ann).get("/posts/new")
    assert "Начало" in page
    assert "Это ваш черновик" in page
    assert "Начало" not in portal.client(portal.cast.bob).get("/posts/new")


def test_the_list_leads_to_each_form(portal):
    post(portal, portal.cast.ann)
    comment(portal, portal.cast.bob, 1)
    client = portal.client(portal.cast.ann)
    places = {
        "/posts": "/posts/new",
        "/posts/1": "/posts/1/edit",
        "/posts/1/comments": "/posts/1#comments",
        "/comments/1/reply": "/comments/1/reply",
    }
    for number, form in enumerate(places):
        keep(client, form, f"Текст {number}")
    page = client.get("/drafts")
    for number, place in enumerate(places.values()):
        assert f'href="{place}"' in page
        assert f"Текст {number}" in client.get(client.get(place).location or place)


def test_an_emptied_text_takes_its_draft_away(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    keep(client)
    keep(client, body=" ")
    assert portal.count(Draft) == 0


def test_a_draft_is_thrown_away(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    keep(client)
    keep(portal.client(portal.cast.bob))
    client.post("/drafts/drop", {"form": "/posts", "next": "/drafts"})
    assert portal.rows(select(Draft.person_id)) == [(portal.cast.bob.id,)]


@pytest.mark.parametrize("form", ["", "https://elsewhere.example/", "//a", "/posts/../admin", "/" + "a" * 300])
def test_only_forms_of_the_portal_have_drafts(portal, form):
    assert keep(portal.client(portal.cast.ann), form).status == 400
    assert portal.count(Draft) == 0


def test_passwords_and_made_up_fields_are_not_kept(portal):
    keep(portal.client(portal.cast.ann), password="secret", author_id="7", body="Я \x00 и")
    assert portal.one(select(Draft.fields)) == {"body": ["Я  и"], "audience": ["everybody"]}


def test_nobody_keeps_endlessly_many(portal):
    client = portal.client(portal.cast.ann)
    for number in range(MOST + 2):
        keep(client, f"/posts/{number + 1}/comments")
    assert portal.count(Draft) == MOST


def test_the_text_of_an_expired_session_is_kept(portal, htmx):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.ann, htmx, terminal=portal.terminal(portal.cast.ann.store_id))
    move_clock(timedelta(minutes=10))
    assert "/sign-in" in client.post("/posts", {"body": "Длинный рассказ", "audience": "everybody"}).location
    client.post("/posts/1/comments", {"body": "Ответ", "parent": "5"})
    client.post("/drafts", {"form": "/posts/1", "body": "Правка"})
    forms = {form: fields["body"] for form, fields in portal.rows(select(Draft.form, Draft.fields))}
    assert forms == {"/posts": ["Длинный рассказ"], "/comments/5/reply": ["Ответ"], "/posts/1": ["Правка"]}
    assert "Длинный рассказ" in portal.client(portal.cast.ann).get("/posts/new")


def test_whoever_signed_out_leaves_no_drafts(portal):
    client = portal.client(portal.cast.ann)
    with client.raw.session_transaction() as session:
        token = session["_user_id"]
    client.post("/sign-out")
    with client.raw.session_transaction() as session:
        session["_user_id"] = token
    client.post("/posts", {"body": "После выхода", "audience": "everybody"})
    assert portal.rows(select(Draft.form).where(Draft.form == "/posts")) == []
