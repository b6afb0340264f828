"""A list is uploaded and looked at: nothing changes before it is confirmed, whatever the file is."""

import pytest
from sqlalchemy import select

from app.people.imports import StaffImport, StaffImportChange
from app.people.models import Change, Person, Store
from tests.imports.acts import ANN, HEAD, NEW, as_csv, send, upload


def test_a_list_is_read_and_shown_and_nothing_changes(portal, htmx):
    client = portal.client(portal.cast.hana, htmx)
    people, stores = portal.count(Person), portal.count(Store)
    at = upload(client, as_csv(ANN, NEW, ["", "Пак Ян", "Пермь", "Планета", "Продавец", "", "", "", ""]), "Список.csv")
    page = portal.client(portal.cast.hana).get(f"/people/imports/{at}")
    assert page.status == 200
    for words in (
        "Список.csv",
        "Что изменится",
        "Авторова Анна Ивановна",
        "Радуга, Москва",
        "Кольцо, Казань",
        "нет табельного номера",
    ):
        assert words in page, words
    assert (portal.count(Person), portal.count(Store)) == (people, stores)
    assert portal.count(Change, Change.verb.like("person.%")) == 0
    assert portal.one(select(StaffImport.status)) == "ready"


@pytest.mark.parametrize("who", ["ann", "dina", "ed", "mark"])
def test_who_may_not(portal, who):
    client = portal.client(getattr(portal.cast, who))
    at = upload(portal.client(portal.cast.hana), as_csv(ANN))
    for path in (
        "/people/imports",
        f"/people/imports/{at}",
        f"/people/imports/{at}/moved",
        f"/people/imports/{at}/refused.xlsx",
        "/people/staff.xlsx",
    ):
        assert client.get(path).status == 403, path
    assert send(client, as_csv(ANN)).status == 403
    for act in ("", "/apply", "/undo", "/discard", "/restart", "/columns"):
        assert client.post(f"/people/imports/{at}{act}").status == 403, act
    assert portal.one(select(StaffImport.status)) == "ready"


def test_what_is_not_there(portal):
    client = portal.client(portal.cast.hana)
    assert client.get("/people/imports/999").status == 404
    assert client.get("/people/imports/999/moved").status == 404
    assert client.post("/people/imports/999/apply").status == 404
    at = upload(client, as_csv(ANN))
    assert client.get(f"/people/imports/{at}/eaten").status == 404


def test_no_file_is_a_sentence(portal):
    client = portal.client(portal.cast.hana)
    answer = client.post("/people/imports", {"absent": "keep"})
    assert answer.status == 422
    assert "Выберите файл" in answer
    assert portal.count(StaffImport) == 0


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "😀" * 300 + ".csv", "a\x00b.csv", "=cmd.csv"])
def test_any_file_name_is_taken(portal, name):
    client = portal.client(portal.cast.hana)
    answer = send(client, as_csv(ANN), name)
    assert answer.status in (303, 422)
    assert client.get("/people/imports").status == 200


def test_a_failed_list_says_why_and_can_be_put_right(portal):
    client = portal.client(portal.cast.hana)
    rows = ["1001", "авторова анна ивановна", "Казань"], ["1002", "борисов борис петрович", "Казань"]
    at = upload(client, as_csv(*rows, head=["А", "Б", "В"]))
    assert portal.one(select(StaffImport.status)) == "failed"
    page = client.get(f"/people/imports/{at}")
    assert "Прочитать список не удалось" in page
    fields = {"sheet": "0", "column-0": "number", "column-1": "name", "column-2": "city"}
    assert client.post(f"/people/imports/{at}/columns", fields).status == 303
    assert portal.one(select(StaffImport.status)) == "ready"


def test_columns_are_corrected(portal, htmx):
    client = portal.client(portal.cast.hana, htmx)
    at = upload(client, as_csv(ANN))
    fields = {"sheet": "0", "column-0": "number", "column-1": "name", "column-4": "position"}
    assert client.post(f"/people/imports/{at}/columns", fields).location == f"/people/imports/{at}"
    assert portal.count(StaffImportChange, StaffImportChange.import_id == at) == 1
    change = portal.rows(select(StaffImportChange.verbs, StaffImportChange.after))[0]
    assert change.verbs == ["updated"]
    assert "store" not in change.after


@pytest.mark.parametrize(
    "fields",
    [{}, {"column-0": "number"}, {"column-1": "name"}, {"column-0": "number", "column-1": "number", "column-2": "name"}],
)
def test_columns_that_do_not_suffice_are_refused(portal, fields):
    client = portal.client(portal.cast.hana)
    at = upload(client, as_csv(ANN))
    answer = client.post(f"/people/imports/{at}/columns", fields)
    assert answer.status == 422
    assert portal.one(select(StaffImport.columns)) is None
    assert client.post(f"/people/imports/{at}/columns", {"column-0": "salary"}).status == 400


def test_other_terms_are_compared_again(portal):
    client = portal.client(portal.cast.hana)
    at = upload(client, as_csv([*ANN[:2], "Москва", "Радуга", *ANN[4:]]))
    assert portal.one(select(StaffImport.counts))["dismissed"] == 0
    assert client.post(f"/people/imports/{at}", {"absent": "dismiss", "effective_on": "2026-11-20"}).status == 303
    assert portal.one(select(StaffImport.counts))["dismissed"] == 2
    answer = client.post(f"/people/imports/{at}", {"absent": "shoot", "effective_on": "soon"})
    assert answer.status == 422
    assert portal.one(select(StaffImport.absent)) == "dismiss"


def test_long_lists_are_shown_page_by_page(portal):
    client = portal.client(portal.cast.hana)
    rows = [[f"{8000 + n}", f"Пак {'Я' + 'н' * (n % 7 + 1)} Ким", *NEW[2:]] for n in range(230)]
    at = upload(client, as_csv(*rows))
    assert client.get(f"/people/imports/{at}").text.count('class="list"') == 5
    page = client.get(f"/people/imports/{at}/hired")
    assert page.text.count('class="list"') == 100
    after = int(page.text.split(f"/people/imports/{at}/hired?after=")[1].split('"')[0])
    assert client.get(f"/people/imports/{at}/hired?after={after}").text.count('class="list"') == 100
    fragment = portal.client(portal.cast.hana, htmx=True).get(f"/people/imports/{at}/hired?after={after}")
    assert "<html" not in fragment.text


def test_a_list_can_be_discarded(portal, htmx):
    client = portal.client(portal.cast.hana, htmx)
    at = upload(client, as_csv(ANN))
    assert client.post(f"/people/imports/{at}/discard").location == "/people/imports"
    assert (portal.count(StaffImport), portal.count(StaffImportChange)) == (0, 0)


def test_refused_rows_come_as_a_workbook(portal):
    client = portal.client(portal.cast.hana)
    at = upload(client, as_csv(ANN, ["", "=1+1 Ян", "Пермь", "Планета", "Продавец", "", "", "", ""]))
    answer = client.get(f"/people/imports/{at}/refused.xlsx")
    assert answer.status == 200
    assert answer.response.data.startswith(b"PK")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_staff_comes_as_a_workbook(portal):
    answer = portal.client(portal.cast.root).get("/people/staff.xlsx")
    assert answer.status == 200
    assert answer.response.data.startswith(b"PK")


def test_the_history_shows_what_was_uploaded(portal):
    client = portal.client(portal.cast.hana)
    for number in range(23):
        upload(client, as_csv(ANN), f"list-{number}.csv")
    page = client.get("/people/imports")
    assert "list-22.csv" in page and "list-2.csv" not in page
    assert "list-2.csv" in client.get(
        f"/people/imports?before={portal.one(select(StaffImport.id).where(StaffImport.file_name == 'list-3.csv'))}"
    )


def test_an_address_of_an_administrator_is_not_hr_s_to_choose(portal):
    root = ["01009", "Админова Рута Яновна", "Москва", "Офис", "", "", "", "", "evil@example.ru"]
    upload(portal.client(portal.cast.hana), as_csv(root))
    assert portal.one(select(StaffImport.counts))["unchanged"] == 1
    upload(portal.client(portal.cast.root), as_csv(root))
    assert portal.one(select(StaffImport.counts).order_by(StaffImport.id.desc()).limit(1))["updated"] == 1


def test_headings_alone_are_no_list(portal):
    client = portal.client(portal.cast.hana)
    at = upload(client, as_csv(head=HEAD))
    assert "под ними никого" in client.get(f"/people/imports/{at}")
