"""Naming colleagues: whom a name means, who is offered, and who never hears of it."""

import pytest
from sqlalchemy import select

from app.content.models import Mention
from tests.content.making import comment, own_store, post


def named(portal):
    return [row.person_id for row in portal.rows(select(Mention.person_id).order_by(Mention.person_id))]


@pytest.mark.parametrize("text", ["@Вера Казанцева", "@вера казанцева нет", "@Казанцева Вера", "@01003", "@1003"])
def test_names_and_numbers_mean_their_person(portal, text):
    post(portal, portal.cast.ann, text)
    meant = [portal.cast.vera.id]
    assert named(portal) == meant
    assert f'href="/people/{portal.cast.vera.id}"' in portal.client(portal.cast.bob).get("/posts/1")


def test_a_stranger_is_just_text(portal):
    post(portal, portal.cast.ann, "@Некто Никто и @999999")
    assert named(portal) == []


def test_whoever_does_not_see_it_is_not_told(portal):
    post(portal, portal.cast.ann, "@Вера Казанцева @Борис Борисов", own_store(portal.cast.ann))
    assert named(portal) == [portal.cast.bob.id]


def test_a_comment_tells_its_writer_who_does_not_see_it(portal, htmx):
    post(portal, portal.cast.ann, audience=own_store(portal.cast.ann))
    client = portal.client(portal.cast.bob, htmx)
    answer = client.post("/posts/1/comments", {"body": "@Вера Казанцева, посмотри"})
    shown = answer if htmx else client.get(answer.location)
    assert "Вера Казанцева не увидит эту запись" in shown
    assert named(portal) == []


def test_editing_names_anew(portal):
    post(portal, portal.cast.ann, "@Вера Казанцева")
    portal.client(portal.cast.ann).post("/posts/1", {"body": "@Борис Борисов", "audience": "everybody"})
    assert named(portal) == [portal.cast.bob.id]
    comment(portal, portal.cast.ann, 1, "@Дина Директорова")
    portal.client(portal.cast.ann).post("/posts/1", {"body": "Никого", "audience": "everybody"})
    assert named(portal) == [portal.cast.dina.id]


@pytest.mark.parametrize(
    ("typed", "names"), [("Бо", ["Борис Борисов"]), ("каза", ["Вера Казанцева"]), ("Вера К", ["Вера Казанцева"])]
)
def test_colleagues_are_offered_by_first_and_last_name(portal, htmx, typed, names):
    answer = portal.client(portal.cast.ann, htmx).get(f"/mentions?q={typed}")
    assert [name for name in ("Борис Борисов", "Вера Казанцева", "Иван Стажёров") if name in answer] == names


@pytest.mark.parametrize("typed", ["", "Б", "%", "__", "Петр", "\\", "а" * 500, "%00", "%ED%A0%80"])
def test_nobody_is_offered_for_nothing(portal, typed):
    answer = portal.client(portal.cast.ann).get(f"/mentions?q={typed}")
    assert answer.status == 200
    assert "option" not in answer


def test_oneself_is_not_offered(portal):
    assert "Анна" not in portal.client(portal.cast.ann).get("/mentions?q=Анна")
