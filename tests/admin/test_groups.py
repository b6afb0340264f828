"""Groups: made, filled by name and by numbers, thinned, closed; one that is used does not vanish."""

from datetime import date

import pytest
from sqlalchemy import insert, select, update

from app.content.audience import Audience, Group, GroupMember
from app.content.models import Entry
from app.database import now
from app.extensions import db
from app.people.models import Change, Person


@pytest.fixture
def group(portal):
    """Make a group with vera in it and return its id."""

    def make():
        made = Group(name="Оргкомитет")
        db.session.add(made)
        db.session.flush()
        db.session.execute(insert(GroupMember).values(group_id=made.id, person_id=portal.cast.vera.id))
        return made.id

    return portal.run(make)


def members(portal, group_id):
    return {row.person_id for row in portal.rows(select(GroupMember.person_id).where(GroupMember.group_id == group_id))}


def publish_to(portal, group_id):
    def make():
        audience = Audience.of([f"group:{group_id}"])
        db.session.flush()
        values = {"author_id": portal.cast.ed.id, "store_id": portal.cast.ed.store_id, "audience_id": audience.id}
        db.session.execute(insert(Entry).values(kind="post", body="x", body_html="<p>x</p>", published_at=now(), **values))

    portal.run(make)


def test_making_and_renaming(portal, htmx):
    client = portal.client(portal.cast.ed, htmx)
    answer = client.post("/admin/groups", {"name": "  Конференция  2027 "})
    made = portal.one(select(Group))
    assert made.name == "Конференция 2027" and answer.location == f"/admin/groups/{made.id}"
    client.post(f"/admin/groups/{made.id}", {"name": "Съезд"})
    assert portal.one(select(Group.name)) == "Съезд"
    verbs = [row.verb for row in portal.rows(select(Change.verb).order_by(Change.id))]
    assert verbs == ["group.made", "group.renamed"]


@pytest.mark.parametrize("name,sentence", [("", "Введите название"), ("Оргкомитет", "уже есть"), ("я" * 121, "")])
def test_refused_names(portal, group, name, sentence):
    answer = portal.client(portal.cast.hana).post("/admin/groups", {"name": name})
    assert answer.status == 422 and sentence in answer and portal.count(Group) == 1


def test_adding_by_name(portal, group, htmx):
    client = portal.client(portal.cast.hana, htmx)
    found = client.get(f"/admin/groups/{group}?q=авт")
    assert "Анна Авторова" in found and "Вера Казанцева" not in found.text.split('id="members"')[0]
    answer = client.post(f"/admin/groups/{group}/add", {"person": portal.cast.ann.id})
    assert answer.status == (200 if htmx else 303)
    client.post(f"/admin/groups/{group}/add", {"person": portal.cast.ann.id})
    assert members(portal, group) == {portal.cast.vera.id, portal.cast.ann.id}
    assert portal.count(Change, Change.verb == "group.filled") == 1


@pytest.mark.parametrize("sent", ["999999", "x", "99999999999999999999", ""])
def test_nobody_else_can_be_added(portal, group, sent):
    portal.client(portal.cast.hana).post(f"/admin/groups/{group}/add", {"person": sent})
    assert members(portal, group) == {portal.cast.vera.id}


def test_pasted_numbers_and_the_unknown_ones(portal, group, htmx):
    portal.run(
        lambda: db.session.execute(
            update(Person).where(Person.id == portal.cast.bob.id).values(dismissed_on=date(2025, 1, 1))
        )
    )
    sent = "01001\n1004; 1003, 77777  №01001 01002 <b>"
    answer = portal.client(portal.cast.hana, htmx).post(f"/admin/groups/{group}/numbers", {"numbers": sent})
    assert answer.status == 200
    assert members(portal, group) == {portal.cast.ann.id, portal.cast.ivan.id, portal.cast.vera.id}
    assert "Добавлены 2 человека" in answer and "1 уже был в группе" in answer
    assert "77777" in answer and "01002" in answer and "&lt;b&gt;" in answer


@pytest.mark.parametrize("sent", ["", " ,;\n", "1" * 400_001])
def test_refused_numbers(portal, group, sent):
    assert portal.client(portal.cast.hana).post(f"/admin/groups/{group}/numbers", {"numbers": sent}).status == 422


def test_taking_out(portal, group, htmx):
    client = portal.client(portal.cast.hana, htmx)
    for _ in range(2):
        answer = client.post(f"/admin/groups/{group}/people/{portal.cast.vera.id}/remove")
        assert answer.status == (200 if htmx else 303)
    assert members(portal, group) == set()
    assert portal.count(Change, Change.verb == "group.thinned") == 1


def test_a_used_group_is_closed_not_deleted(portal, group, htmx):
    publish_to(portal, group)
    client = portal.client(portal.cast.hana, htmx)
    answer = client.post(f"/admin/groups/{group}/delete")
    assert answer.status == 422 and "уже что-то опубликовано" in answer and portal.count(Group) == 1
    writer = portal.client(portal.cast.ann)
    client.post(f"/admin/groups/{group}/close")
    assert "Оргкомитет" not in writer.get("/posts/new")
    client.post(f"/admin/groups/{group}/reopen")
    assert "Оргкомитет" in writer.get("/posts/new")


def test_an_unused_group_is_deleted(portal, group, htmx):
    answer = portal.client(portal.cast.hana, htmx).post(f"/admin/groups/{group}/delete")
    assert answer.location == "/admin/groups"
    assert portal.count(Group) == portal.count(GroupMember) == 0
    assert portal.one(select(Change.subject_name)) == "Оргкомитет"


def test_pages_of_a_long_group(portal, group):
    def fill():
        rows = [
            {
                "personnel_number": str(60_000 + i),
                "number_key": str(60_000 + i),
                "last_name": "Яковлева",
                "first_name": f"Имя{i:03d}",
                "name_key": f"яковлева имя{i:03d}",
                "store_id": portal.stores.ring,
                "position": "seller",
            }
            for i in range(60)
        ]
        db.session.execute(insert(Person), rows)
        ids = db.session.scalars(select(Person.id).where(Person.last_name == "Яковлева")).all()
        db.session.execute(insert(GroupMember), [{"group_id": group, "person_id": one} for one in ids])

    portal.run(fill)
    client = portal.client(portal.cast.hana, htmx=True)
    reader = portal.client(portal.cast.hana)
    reader.get("/people")
    with portal.queries() as statements:
        first = reader.get(f"/admin/groups/{group}")
    assert len(statements) <= 12
    further = first.text.split('id="further"')[1].split('href="')[1].split('"')[0]
    rest = client.get(further)
    assert "Имя059" in rest and "Имя001" not in rest and "<html" not in rest


@pytest.mark.parametrize("who", ["ann", "dina", "mark"])
def test_others_may_not(portal, group, who):
    client = portal.client(getattr(portal.cast, who))
    for path in ("/admin/groups", f"/admin/groups/{group}"):
        assert client.get(path).status == 403
    for path in ("", f"/{group}", f"/{group}/add", f"/{group}/numbers", f"/{group}/close", f"/{group}/delete"):
        assert client.post(f"/admin/groups{path}", {"name": "x", "person": portal.cast.ann.id}).status == 403
    assert client.post(f"/admin/groups/{group}/people/{portal.cast.vera.id}/remove").status == 403
    assert members(portal, group) == {portal.cast.vera.id} and portal.count(Change) == 0


def test_missing_groups_are_not_found(portal):
    client = portal.client(portal.cast.hana)
    assert client.get("/admin/groups/999").status == 404
    for path in ("", "/add", "/numbers", "/close", "/delete", "/people/1/remove"):
        assert client.post(f"/admin/groups/999{path}", {"name": "x"}).status == 404
