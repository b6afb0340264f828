"""What a list changes: by number, never by spelling; what it leaves empty stays; one wrong row spoils no other."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.database import now
from app.extensions import db
from app.people.import_jobs import import_at_once
from app.people.models import City, Person, RoleGrant, Store
from tests.people.lists import write_csv

HEAD = ["Таб. №", "ФИО", "Город", "Магазин", "Должность", "Принят", "Уволен", "Телефон", "Почта"]
ANN = ["01001", "Авторова Анна Ивановна", "Москва", "Радуга", "Продавец", "01.03.2024", "", "", ""]


def changed(row, **fields):
    """Return a row with other cells: number, name, city, store, position, hired, dismissed, phone, email."""
    names = ("number", "name", "city", "store", "position", "hired", "dismissed", "phone", "email")
    return [fields.get(name, cell) for name, cell in zip(names, row, strict=True)]


@pytest.fixture
def bring(portal, tmp_path):
    """Return a function that imports rows and tells what came of it."""

    def bring(*rows, head=HEAD, **options):
        path = write_csv(tmp_path / "list.csv", [head, *rows])
        comparison = portal.run(lambda: import_at_once(path, **options))
        refused = {row.row: row.reason for row in comparison.refused}
        return {
            name: number for name, number in comparison.counts.items() if number and name not in ("people", "refused")
        }, refused

    return bring


ANNS = (
    Person.last_name,
    Person.position,
    Store.name,
    City.name,
    Person.hired_on,
    Person.dismissed_on,
    Person.phone,
    Person.email,
)


def ann(portal):
    """Return what the portal has of ann: last name, position, store, city, hired, dismissed, phone, email."""
    return tuple(portal.rows(select(*ANNS).join(Person.store).join(Store.city).where(Person.number_key == "1001"))[0])


OTHERS = 8  # of the cast, not named by these lists


@pytest.mark.parametrize(
    "row",
    [
        ANN,
        changed(ANN, number="1001"),
        changed(ANN, number="1001.0"),
        changed(ANN, name="АВТОРОВА  АННА ИВАНОВНА"),
        changed(ANN, name="Авторова Анна"),
        changed(ANN, name="Авторова А.И."),
        changed(ANN, city="г. Москва", store="ТЦ «РАДУГА»"),
        changed(ANN, position="", hired=""),
        changed(ANN, city="", store=""),
    ],
)
def test_spelling_and_silence_change_nothing(portal, bring, row):
    before = ann(portal)
    counts, refused = bring(row)
    # The title is new to the portal, which had none.
    assert counts in ({"unchanged": 1, "absent": OTHERS, "absent_here": 2, "absent_elsewhere": 6},
                      {"updated": 1, "absent": OTHERS, "absent_here": 2, "absent_elsewhere": 6},
                      {"unchanged": 1, "absent": OTHERS, "absent_elsewhere": OTHERS},
                      {"updated": 1, "absent": OTHERS, "absent_elsewhere": OTHERS})  # fmt: skip
    assert refused == {}
    assert ann(portal) == before


@pytest.mark.parametrize(
    ("fields", "verb", "at", "value"),
    [
        ({"name": "Замужняя Анна Ивановна"}, "renamed", 0, "Замужняя"),
        ({"position": "Старший продавец"}, "promoted", 1, "senior"),
        ({"position": "Стажёр"}, "reassigned", 1, "intern"),
        ({"position": "Бухгалтер"}, "reassigned", 1, "other"),
        ({"city": "Казань", "store": "Кольцо"}, "moved", 2, "Кольцо"),
        ({"city": "Пермь", "store": "Новый"}, "moved", 3, "Пермь"),
        ({"dismissed": "01.11.2026"}, "dismissed", 5, date(2026, 11, 1)),
        ({"phone": "8 (962) 585-17-81"}, "updated", 6, "+79625851781"),
        ({"email": "Ann@Example.ru"}, "updated", 7, "ann@example.ru"),
        ({"hired": "02.03.2024"}, "updated", 4, date(2024, 3, 2)),
    ],
)
def test_a_change_is_named_and_made(portal, bring, fields, verb, at, value):
    counts, _refused = bring(changed(ANN, **fields))
    assert counts[verb] == 1
    assert ann(portal)[at] == value


def test_one_person_may_move_and_be_promoted(portal, bring):
    counts, _refused = bring(changed(ANN, city="Казань", store="Кольцо", position="Директор магазина"))
    assert (counts["moved"], counts["promoted"]) == (1, 1)
    assert "unchanged" not in counts


def test_what_the_portal_knows_is_not_erased_by_empty_cells(portal, bring):
    bring(changed(ANN, phone="+7 962 585-17-81", email="a@b.ru"))
    bring(ANN)
    bring(["01001", "Авторова Анна Ивановна"], head=["Таб. №", "ФИО"])
    assert ann(portal)[6:] == ("+79625851781", "a@b.ru")
    assert ann(portal)[2] == "Радуга"


def test_a_number_given_to_somebody_else_overwrites_nobody(portal, bring):
    counts, refused = bring(changed(ANN, name="Совсем Другой Человек"))
    assert refused == {2: "another_person"}
    assert ann(portal)[0] == "Авторова"
    assert "hired" not in counts


def test_of_two_people_with_one_number_the_known_one_is_meant(portal, bring):
    _counts, refused = bring(changed(ANN, name="Двойникова Вера Олеговна"), changed(ANN, position="Старший продавец"))
    assert refused == {2: "number_twice"}
    assert ann(portal)[1] == "senior"


def test_of_two_strangers_with_one_number_the_first_is_taken_in(portal, bring):
    counts, refused = bring(changed(ANN, number="7001"), changed(ANN, number="07001", name="Двойникова Вера Олеговна"))
    assert (counts["hired"], refused) == (1, {3: "number_twice"})


def test_somebody_with_two_jobs_is_one_person(portal, bring):
    head = [*HEAD, "Вид занятости"]
    second = [*changed(ANN, number="7001", position="Кладовщик"), "Внутреннее совместительство"]
    counts, refused = bring(second, [*changed(ANN, number="7001"), "Основное место работы"], head=head)
    assert (counts["hired"], refused) == (1, {2: "same_person_twice"})
    assert portal.one(select(Person.position).where(Person.number_key == "7001")) == "seller"


def test_nobody_begins_in_a_year_far_off(portal, bring):
    later, much_later = (now().date() + timedelta(days) for days in (20, 800))
    counts, refused = bring(
        changed(ANN, number="7001", hired=later.isoformat()), changed(ANN, number="7002", hired=much_later.isoformat())
    )
    assert (counts["hired"], refused) == (1, {3: "hired_in_future"})


def test_a_new_person_needs_a_store(portal, bring):
    _counts, refused = bring(changed(ANN, number="7001", city="", store=""))
    assert refused == {2: "no_store"}


def test_noughts_lost_in_a_spreadsheet_come_back(portal, bring):
    bring(changed(ANN, number="7001"), changed(ANN, number="07002"))
    assert portal.one(select(Person.personnel_number).where(Person.number_key == "7001")) == "07001"


def test_a_store_without_a_city_is_the_one_of_that_name(portal, bring):
    counts, refused = bring(changed(ANN, city="", store="Кольцо"))
    assert (counts["moved"], refused) == (1, {})
    assert ann(portal)[3] == "Казань"


def test_a_store_of_no_city_is_kept_apart(portal, bring):
    bring(changed(ANN, number="7001", city="", store="Нигде"))
    assert portal.one(select(City.name).where(City.key == "?")) == "Город не указан"
    counts, _refused = bring(changed(ANN, number="7001", city="", store="Нигде"))
    assert counts["unchanged"] == 1


def test_a_store_name_in_two_cities_must_say_which(portal, bring):
    bring(changed(ANN, number="7001", city="Казань", store="Радуга"))
    counts, refused = bring(changed(ANN, city="", position=""), changed(ANN, number="7002", city=""))
    assert refused == {3: "which_city"}
    assert counts["unchanged"] == 1


def test_head_office_is_known_as_such(portal, bring):
    bring(changed(ANN, number="7001", city="Пермь", store="Центральный офис"))
    assert portal.one(select(Store.is_office).where(Store.name == "Центральный офис"))


def test_a_closed_store_opens_when_somebody_works_there(portal, bring):
    portal.run(lambda: _close(portal.stores.ring))
    bring(changed(ANN, city="Казань", store="Кольцо"))
    assert portal.one(select(Store.closed_at).where(Store.id == portal.stores.ring)) is None


def _close(store_id):
    db.session.get(Store, store_id).closed_at = now()


def test_who_comes_back_comes_without_former_roles(portal, bring):
    row = ["01006", "Редакторов Эдуард Ильич", "Москва", "Офис", "", "01.03.2024", "01.11.2026", "", ""]
    assert bring(row)[0]["dismissed"] == 1
    assert bring(changed(row, hired="20.11.2026", dismissed=""))[0]["hired"] == 1
    assert portal.count(RoleGrant, RoleGrant.person_id == portal.cast.ed.id) == 0
    person = portal.rows(select(Person.hired_on, Person.dismissed_on).where(Person.id == portal.cast.ed.id))[0]
    assert tuple(person) == (date(2026, 11, 20), None)


def test_an_older_list_brings_nobody_back(portal, bring):
    bring(changed(ANN, dismissed="10.11.2026"))
    counts, _refused = bring(ANN, on=date(2026, 11, 1))
    assert counts["unchanged"] == 1
    assert ann(portal)[5] == date(2026, 11, 10)


def test_absent_people_are_kept_unless_asked_for(portal, bring):
    counts, _refused = bring(ANN)
    assert "dismissed" not in counts
    assert portal.count(Person, Person.dismissed_on.is_not(None)) == 0


def test_a_list_of_one_store_dismisses_nobody_of_another(portal, bring):
    counts, _refused = bring(ANN, absent="dismiss", on=date(2026, 11, 20))
    assert counts["dismissed"] == 2  # bob and dina, of the same store
    gone = {row[0] for row in portal.rows(select(Person.last_name).where(Person.dismissed_on == date(2026, 11, 20)))}
    assert gone == {"Борисов", "Директорова"}


def test_a_refused_row_still_says_that_somebody_works_here(portal, bring):
    bob = ["01002", "Борисов Борис Петрович", "Москва", "Радуга", "Продавец", "31.02.2024", "", "", ""]
    counts, refused = bring(ANN, bob, absent="dismiss", on=date(2026, 11, 20))
    assert refused == {3: "impossible_date"}
    assert counts["dismissed"] == 1
    assert portal.one(select(Person.dismissed_on).where(Person.id == portal.cast.bob.id)) is None


def test_administrators_are_never_absent(portal, bring):
    office = ["01007", "Кадрова Хана Юрьевна", "Москва", "Офис", "", "", "", "", ""]
    counts, _refused = bring(office, absent="dismiss")
    assert counts["dismissed"] == 2  # ed and mark, not root
    assert portal.one(select(Person.dismissed_on).where(Person.id == portal.cast.root.id)) is None
