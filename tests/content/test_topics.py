"""Topics: kept by editors, chosen for posts, pages of their own."""

import pytest
from sqlalchemy import select

from app.content.models import EntryTopic, Topic
from app.content.topics import add_topic
from app.people.models import Change
from tests.content.making import own_store, post


def topic(portal, name="Витрины"):
    viewer = portal.viewer(portal.cast.ed)
    return portal.run(lambda: add_topic(viewer, name).id)


def test_editors_add_rename_and_retire(portal, htmx):
    client = portal.client(portal.cast.ed, htmx)
    assert client.post("/topics", {"name": "  Уход за  стеклом "}).status == (200 if htmx else 303)
    assert portal.rows(select(Topic.slug, Topic.name)) == [("uhod-za-steklom", "Уход за стеклом")]
    client.post("/topics/1", {"name": "Стекло"})
    client.post("/topics/1/retire")
    assert "Стекло" not in portal.client(portal.cast.ann).get("/posts/new")
    assert "Стекло" in client.get("/topics")
    assert "Стекло" not in portal.client(portal.cast.ann).get("/topics")
    client.post("/topics/1/restore")
    assert "Стекло" in portal.client(portal.cast.ann).get("/posts/new")
    verbs = [row.verb for row in portal.rows(select(Change.verb).order_by(Change.id))]
    assert verbs == ["topic.added", "topic.renamed", "topic.retired", "topic.restored"]


@pytest.mark.parametrize("name", ["", "   ", "ы" * 61, "\u200b"])
def test_bad_names_are_refused(portal, htmx, name):
    assert portal.client(portal.cast.ed, htmx).post("/topics", {"name": name}).status == 422
    assert portal.count(Topic) == 0


def test_a_name_is_there_once(portal, htmx):
    topic(portal)
    topic(portal, "Подарки")
    client = portal.client(portal.cast.ed, htmx)
    assert client.post("/topics", {"name": "Витрины"}).status == 422
    answer = client.post("/topics/2", {"name": "Витрины"})
    assert answer.status == 422
    assert "уже есть" in answer


def test_names_without_letters_have_addresses_too(portal):
    client = portal.client(portal.cast.ed)
    for name in ("!!!", "???", "…"):
        client.post("/topics", {"name": name})
    assert portal.rows(select(Topic.slug).order_by(Topic.id)) == [("topic",), ("topic-2",), ("topic-3",)]


def test_nobody_else_changes_topics(portal, htmx):
    topic(portal)
    for who in (portal.cast.ann, portal.cast.dina, portal.cast.hana, portal.cast.root):
        client = portal.client(who, htmx)
        assert client.get("/topics").status == 200
        for path in ("", "/1", "/1/retire", "/1/restore"):
            assert client.post(f"/topics{path}", {"name": "Моя"}).status == 403
    assert portal.rows(select(Topic.name)) == [("Витрины",)]


def test_posts_stand_under_their_topics(portal, htmx):
    topic(portal)
    topic(portal, "Подарки")
    post(portal, portal.cast.ann, "Первая", topic_ids=[1])
    post(portal, portal.cast.ann, "Вторая", topic_ids=[1, 2])
    post(portal, portal.cast.ann, "Чужая", own_store(portal.cast.ann), topic_ids=[1])
    client = portal.client(portal.cast.vera, htmx)
    page = client.get("/posts?topic=vitriny")
    assert "Первая" in page
    assert "Вторая" in page
    assert "Чужая" not in page
    assert "Первая" not in client.get("/posts?topic=podarki")
    for unknown in ("нет", "%01", "a" * 500):
        assert client.get(f"/posts?topic={unknown}").status == 404
    assert "Витрины" in portal.client(portal.cast.vera).get("/posts/1")


def test_a_topic_is_read_by_pages(portal):
    topic(portal)
    for number in range(23):
        post(portal, portal.cast.ann, f"Запись {number}", topic_ids=[1])
    client = portal.client(portal.cast.vera)
    first = client.get("/posts?topic=vitriny")
    assert first.text.count("<article") == 20
    older = first.text.split("before=")[1].split('"')[0]
    rest = portal.client(portal.cast.vera, htmx=True).get(f"/posts?topic=vitriny&before={older}")
    assert rest.text.count("<article") == 3
    assert "<html" not in rest


def test_more_than_three_are_refused(portal, htmx):
    for name in ("Один", "Два", "Три", "Четыре"):
        topic(portal, name)
    fields = {"body": "Всё сразу", "audience": "everybody", "topics": ["1", "2", "3", "4"]}
    answer = portal.client(portal.cast.ann, htmx).post("/posts", fields)
    assert answer.status == 422
    assert "Всё сразу" in answer


def test_a_retired_topic_stays_where_it_stands(portal):
    topic(portal)
    post(portal, portal.cast.ann, topic_ids=[1])
    portal.client(portal.cast.ed).post("/topics/1/retire")
    client = portal.client(portal.cast.ann)
    assert "Витрины" in client.get("/posts/1/edit")
    client.post("/posts/1", {"body": "Правка", "audience": "everybody", "topics": "1"})
    assert portal.count(EntryTopic) == 1
    client.post("/posts", {"body": "Новая", "audience": "everybody", "topics": "1"})
    assert portal.count(EntryTopic) == 1
