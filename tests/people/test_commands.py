"""The staff list by command: exactly what the truth says, nothing twice, and a sentence for what is no list."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from app.people.imports import StaffImport
from app.people.models import Change, City, Person, Store
from app.people.names import fold
from tests.people.lists import write_csv

DATA = Path(__file__).parent / "data"
NAMES = ("last_name", "first_name", "middle_name", "city", "store")


def run(portal, *args):
    return portal.app.test_cli_runner().invoke(args=["people", *map(str, args)])


def imported(portal, *args):
    done = run(portal, "import", *args, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def exported(portal):
    done = run(portal, "export", "--json")
    assert done.exit_code == 0, done.output
    return _comparable(json.loads(done.stdout))


def _comparable(people):
    folded = [{name: fold(value) if name in NAMES else value for name, value in person.items()} for person in people]
    return sorted(folded, key=lambda person: person["personnel_number"])


def truth(month):
    return json.loads((DATA / f"truth_{month}.json").read_text())


def test_two_months_give_exactly_the_truth(bare):
    counts = imported(bare, DATA / "staff_2026-10.xlsx", "--on", "2026-10-01")
    assert counts["refused"] == [
        {"row": 515, "reason": "no personnel number"},
        {"row": 516, "reason": "personnel number used twice"},
        {"row": 517, "reason": "impossible date"},
    ]
    assert counts["hired"] == 424
    assert exported(bare) == _comparable(truth("2026-10")["people"])
    stores = {(fold(city), fold(store)) for city, store in bare.rows(select(City.name, Store.name).join(Store))}
    assert stores == {(fold(place["city"]), fold(place["store"])) for place in truth("2026-10")["stores"]}

    counts = imported(bare, DATA / "staff_2026-11.csv", "--on", "2026-11-01")
    assert {name: counts[name] for name in ("hired", "moved", "renamed", "promoted", "dismissed", "unchanged")} == {
        "hired": 19,
        "moved": 5,
        "renamed": 2,
        "promoted": 10,
        "dismissed": 14,
        "unchanged": 394,
    }
    assert counts["refused"] == []
    assert exported(bare) == _comparable(truth("2026-11")["people"])

    again = imported(bare, DATA / "staff_2026-11.csv", "--on", "2026-11-01")
    assert again["unchanged"] == 443
    assert not any(again[name] for name in ("hired", "moved", "renamed", "promoted", "dismissed", "updated"))


def test_cities_know_their_hours(bare):
    imported(bare, DATA / "staff_2026-10.xlsx")
    zones = dict(tuple(row) for row in bare.rows(select(City.name, City.zone)))
    assert zones["Владивосток"] == "Asia/Vladivostok"
    assert zones["Екатеринбург"] == "Asia/Yekaterinburg"
    assert zones["Самара"] == "Europe/Samara"


def test_a_dry_run_says_the_same_and_changes_nothing(bare):
    assert imported(bare, DATA / "staff_2026-10.xlsx", "--dry-run")["hired"] == 424
    assert (bare.count(Person), bare.count(Store), bare.count(City), bare.count(StaffImport), bare.count(Change)) == (0,) * 5


def test_the_day_of_the_title_counts_unless_another_is_said(bare):
    imported(bare, DATA / "staff_2026-10.xlsx")
    assert bare.one(select(StaffImport.effective_on)).isoformat() == "2026-10-01"
    imported(bare, DATA / "staff_2026-10.xlsx", "--on", "2026-10-05")
    latest = bare.one(select(StaffImport.effective_on).order_by(StaffImport.id.desc()).limit(1))
    assert latest.isoformat() == "2026-10-05"


def test_people_read_a_report(bare):
    done = run(bare, "import", DATA / "staff_2026-10.xlsx")
    assert "424 Приняты" in done.output
    assert "517 невозможная дата" in done.output


def test_each_change_is_in_the_log(bare):
    imported(bare, DATA / "staff_2026-10.xlsx")
    imported(bare, DATA / "staff_2026-11.csv")
    assert bare.count(Change, Change.verb == "person.hired") == 443
    assert bare.count(Change, Change.verb == "person.dismissed") == 14
    renamed = bare.rows(select(Change.subject_name, Change.details).where(Change.verb == "person.renamed"))
    assert ("Ершова Мария Евгеньевна, 01794", {"last_name": ["Ушакова", "Ершова"]}) in [tuple(row) for row in renamed]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Файл пустой"),
        (b"   \r\n\r\n", "Файл пустой"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "картинка"),
        (b"%PDF-1.7 ...", "PDF"),
        ("Дорогая редакция!\nПишу вам письмо.".encode(), "не нашёлся список"),
        ("ФИО;Магазин;Город\nИванова Ольга;Радуга;Москва\n".encode(), "табельными номерами"),
        ("Таб. №;ФИО;Магазин\n".encode(), "под ними никого"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(bare, tmp_path, content, sentence):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    done = run(bare, "import", path, "--json")
    assert done.exit_code != 0
    assert sentence in done.output
    assert bare.count(StaffImport) == 0


def test_a_workbook_is_given_out_that_can_be_taken_in(bare, tmp_path):
    imported(bare, DATA / "staff_2026-11.csv")
    before = exported(bare)
    assert run(bare, "export", "--xlsx", tmp_path / "out.xlsx").exit_code == 0
    assert imported(bare, tmp_path / "out.xlsx")["unchanged"] == 443
    assert exported(bare) == before


def test_a_name_like_a_formula_stays_a_name(bare, tmp_path):
    rows = [["Таб. №", "Фамилия", "Имя", "Город", "Магазин"], ["1", "=HYPERLINK", "Анна", "Москва", "=1+1"]]
    imported(bare, write_csv(tmp_path / "a.csv", rows))
    assert run(bare, "export", "--xlsx", tmp_path / "out.xlsx").exit_code == 0
    assert imported(bare, tmp_path / "out.xlsx")["unchanged"] == 1
