"""The page of the log: read by administrators only, newest first, by filters, page after page, and as a workbook."""

import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from app.database import move_clock, now
from app.extensions import db
from app.people.models import Person, log_change


@pytest.fixture
def lines(portal):
    """Write some changes of different people, kinds and days."""

    def write():
        people = {who: db.session.get(Person, getattr(portal.cast, who).id) for who in ("ann", "bob")}
        hana, root = portal.cast.hana.id, portal.cast.root.id
        log_change("person.hired", people["ann"], actor_id=hana, store=[None, "Радуга, Москва"])
        log_change("role.granted", people["bob"], actor_id=root, role=[None, "editor"])
        log_change("store.closed", people["ann"].store, actor_id=hana)
        log_change("city.added", people["ann"].store.city, actor_id=None, city_name=[None, "=СУММ(1)"])

    portal.run(write)


def shown(answer):
    return answer.text.count('<li class="change"')


def test_changes_are_told_in_words(portal, lines):
    answer = portal.client(portal.cast.root).get("/admin/log")
    assert answer.status == 200 and shown(answer) == 4
    for words in ("Приём на работу", "Авторова Анна Ивановна", "Радуга, Москва", "Роль выдана", "редактор", "портал"):
        assert words in answer
    assert answer.text.index("Город добавлен") < answer.text.index("Приём на работу")


@pytest.mark.parametrize(
    "query,count",
    [
        ("kind=person", 2),
        ("kind=store", 1),
        ("verb=role.granted", 1),
        ("q=борисов", 1),
        ("q=01001", 1),
        ("q=кадрова", 2),
        ("q=никто", 0),
        ("kind=nonsense&verb=nonsense&since=nonsense", 4),
        ("since=2099-01-01", 0),
        ("until=2001-01-01", 0),
        ("since=9999-99-99&until=0001-01-01", 4),
    ],
)
def test_filters(portal, lines, htmx, query, count):
    answer = portal.client(portal.cast.root, htmx).get(f"/admin/log?{query}")
    assert answer.status == 200 and shown(answer) == count


def test_a_period_is_of_the_readers_days(portal, lines):
    today = now().astimezone().date()
    move_clock(timedelta(days=3))
    client = portal.client(portal.cast.root)
    assert shown(client.get(f"/admin/log?until={today - timedelta(days=2)}")) == 0
    assert shown(client.get(f"/admin/log?since={today - timedelta(days=1)}&until={today + timedelta(days=1)}")) == 4
    assert shown(client.get(f"/admin/log?since={today + timedelta(days=2)}")) == 0


def test_pages_keep_their_place_while_lines_are_added(portal, htmx):
    def write(count):
        ann = db.session.get(Person, portal.cast.ann.id)
        for number in range(count):
            log_change("person.corrected", ann, actor_id=portal.cast.hana.id, phone=[None, f"№{number:03d}"])

    portal.run(lambda: write(70))
    client = portal.client(portal.cast.root, htmx)
    first = client.get("/admin/log?kind=person")
    assert shown(first) == 50
    portal.run(lambda: write(5))
    further = first.text.split('id="further"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(further)
    assert shown(second) == 20 and "№019" in second and "№000" in second and "№020" not in second
    assert ("<html" in second) is not htmx


def test_the_workbook_holds_everything_asked_for(portal, lines):
    answer = portal.client(portal.cast.root).get("/admin/log.xlsx")
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.response.get_data())).get_sheet_by_index(0).to_python()
    assert len(rows) == 5 and rows[0][0] == "Когда"
    assert rows[4][2] == "Приём на работу" and "— → Радуга, Москва" in rows[4][5]
    # What a person typed is never a formula.
    assert rows[1][5] == "Название города: — → =СУММ(1)"
    few = portal.client(portal.cast.root).get("/admin/log.xlsx?kind=store").response.get_data()
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(few)).get_sheet_by_index(0).to_python()) == 2


def test_queries_do_not_grow(portal, lines):
    client = portal.client(portal.cast.root)
    with portal.queries() as few:
        client.get("/admin/log")
    portal.run(
        lambda: [log_change("person.hired", db.session.get(Person, portal.cast.ann.id), actor_id=None) for _ in range(45)]
    )
    with portal.queries() as many:
        client.get("/admin/log")
    assert len(many) == len(few) <= 12


@pytest.mark.parametrize("who", ["ann", "dina", "ed", "hana", "mark"])
def test_others_may_not(portal, lines, who):
    client = portal.client(getattr(portal.cast, who))
    assert client.get("/admin/log").status == client.get("/admin/log.xlsx").status == 403
