"""The directory: found by any part of a name, in any order, by number, by what somebody is good at; nobody former."""

from datetime import date

import pytest
from sqlalchemy import delete, insert, update

from app.extensions import db
from app.people.models import Person, Strength


def give_strength(portal, person, name):
    portal.run(lambda: db.session.execute(insert(Strength).values(person_id=person.id, name=name, key=name.casefold())))


def dismiss(portal, whom):
    portal.run(lambda: db.session.execute(update(Person).where(whom).values(dismissed_on=date(2025, 1, 1))))


def fill(portal, number):
    """Add people of one store, all of one name but for the first."""
    rows = [
        {
            "personnel_number": str(50_000 + i),
            "number_key": str(50_000 + i),
            "last_name": "Яковлева",
            "first_name": f"Имя{i:05d}",
            "name_key": f"яковлева имя{i:05d}",
            "store_id": portal.stores.ring,
            "position": "seller",
        }
        for i in range(number)
    ]
    portal.run(lambda: db.session.execute(insert(Person), rows))


@pytest.mark.parametrize(
    "typed", ["вера", "каз", "вера каз", "казанцева в", "КАЗАНЦЕВА", "  вера   казанцева ", "олег", "01003", "1003"]
)
def test_a_person_is_found(portal, htmx, typed):
    answer = portal.client(portal.cast.ann, htmx).get("/people", query_string={"q": typed})
    assert answer.status == 200
    assert "Вера Казанцева" in answer
    assert "Борис Борисов" not in answer


def test_yo_and_ye_are_one_letter(portal):
    client = portal.client(portal.cast.ann)
    for typed in ("Стажёров", "стажеров", "СТАЖЁР"):
        assert "Иван Стажёров" in client.get("/people", query_string={"q": typed})


def test_the_second_half_of_a_double_name_is_found(portal):
    portal.run(
        lambda: db.session.execute(
            update(Person)
            .where(Person.id == portal.cast.vera.id)
            .values(last_name="Иванова-Казанцева", name_key="иванова-казанцева вера олеговна")
        )
    )
    assert "Вера Иванова-Казанцева" in portal.client(portal.cast.ann).get("/people?q=казан")


def test_people_are_found_by_what_they_are_good_at(portal):
    give_strength(portal, portal.cast.ivan, "Свадебные витрины")
    client = portal.client(portal.cast.ann)
    for typed in ("витрин", "свадеб вит"):
        answer = client.get("/people", query_string={"q": typed})
        assert "Иван Стажёров" in answer
        assert "Вера Казанцева" not in answer


@pytest.mark.parametrize("typed", ["%", "_", "\\", "%каз%", "' OR 1=1", "\0", "🙂", "щщщ", "9" * 90, "-"])
def test_odd_words_find_nobody_and_break_nothing(portal, typed):
    answer = portal.client(portal.cast.ann).get("/people", query_string={"q": typed})
    assert answer.status == 200
    if typed.strip("\0-"):
        assert "Никого не нашли" in answer


def test_filters_by_city_store_and_position(portal):
    client = portal.client(portal.cast.ann)
    answer = client.get(f"/people?city={portal.cities['Казань']}")
    assert "Вера Казанцева" in answer and "Борис Борисов" not in answer
    answer = client.get(f"/people?city={portal.cities['Москва']}&store={portal.stores.raduga}&position=director")
    assert "Дина Директорова" in answer and "Борис Борисов" not in answer
    # A store of another city is forgotten with the city.
    answer = client.get(f"/people?city={portal.cities['Казань']}&store={portal.stores.raduga}")
    assert "Вера Казанцева" in answer


@pytest.mark.parametrize("query", ["city=99999999999999999999", "city=x", "store=-1", "position=emperor", "after=99999"])
def test_odd_filters_are_forgotten(portal, query):
    assert portal.client(portal.cast.ann).get(f"/people?{query}").status == 200


def test_former_employees_are_listed_only_for_hr(portal):
    dismiss(portal, Person.id == portal.cast.bob.id)
    assert "Борис Борисов" not in portal.client(portal.cast.ann).get("/people?former=1")
    assert "Борис Борисов" not in portal.client(portal.cast.hana).get("/people")
    assert "Борис Борисов" in portal.client(portal.cast.hana).get("/people?former=1")


def test_beginnings_of_numbers_are_for_hr(portal):
    assert "Никого не нашли" in portal.client(portal.cast.ann).get("/people?q=100")
    assert "Вера Казанцева" in portal.client(portal.cast.hana).get("/people?q=100")


def test_pages_follow_each_other_while_people_come_and_go(portal):
    fill(portal, 70)
    client, seen, address = portal.client(portal.cast.ann, htmx=True), [], "/people?q=яковлева"
    for page in range(3):
        answer = client.get(address)
        names = [part.split("<")[0] for part in answer.text.split('person__name" href="')[1:]]
        seen += names
        if page < 2:
            address = answer.text.split('id="further"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
        if page == 0:
            # Somebody before the reader's place goes, somebody new comes before it: nothing is seen twice or missed.
            dismiss(portal, Person.number_key == "50003")
    assert len(seen) == len(set(seen)) == 70
    assert 'id="further"' not in answer


def test_the_page_without_scripts_links_to_the_next(portal):
    fill(portal, 40)
    client = portal.client(portal.cast.ann)
    first = client.get("/people?q=яковлева")
    address = first.text.split('id="further"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(address)
    assert "<html" in second and "Имя00035" in second and "Имя00005" not in second


def test_typing_answers_only_the_results(portal):
    answer = portal.client(portal.cast.ann, htmx=True).get("/people?q=вера")
    assert answer.text.lstrip().startswith('<div id="found"')


def test_queries_do_not_grow_with_people(portal):
    client = portal.client(portal.cast.ann)
    client.get("/people")
    with portal.queries() as few:
        client.get("/people")
    fill(portal, 60)
    with portal.queries() as many:
        client.get("/people")
    assert len(many) <= len(few) + 1
    assert len([one for one in many if "person" in one]) <= 12


def test_strangers_see_nobody(portal):
    assert portal.client().get("/people").location.startswith("/sign-in")


@pytest.mark.parametrize("typed", ["Rfpfywtdf", "dthf", "DTHF RFP", "cnf;`hjd"])
def test_the_wrong_keyboard_layout_is_understood(portal, typed):
    wanted = "Иван Стажёров" if typed.startswith("cnf") else "Вера Казанцева"
    answer = portal.client(portal.cast.ann).get("/people", query_string={"q": typed})
    assert wanted in answer and "Борис Борисов" not in answer


def test_latin_names_stay_latin(portal):
    change = update(Person).where(Person.id == portal.cast.bob.id).values(last_name="Dthfson", name_key="dthfson борис")
    portal.run(lambda: db.session.execute(change))
    answer = portal.client(portal.cast.ann).get("/people?q=dthf")
    assert "Dthfson" in answer and "Вера Казанцева" not in answer


def test_words_follow_whatever_writes(portal):
    client = portal.client(portal.cast.ann)
    give_strength(portal, portal.cast.vera, "Хрусталь")
    change = (
        update(Person).where(Person.id == portal.cast.vera.id).values(last_name="Орлова", name_key="орлова вера олеговна")
    )
    portal.run(lambda: db.session.execute(change))
    assert "Вера Орлова" in client.get("/people?q=орлов") and "Вера Орлова" in client.get("/people?q=хруст")
    assert "Никого не нашли" in client.get("/people?q=казанц")
    portal.run(lambda: db.session.execute(delete(Strength).where(Strength.person_id == portal.cast.vera.id)))
    assert "Никого не нашли" in client.get("/people?q=хруст")


def test_nobody_comes_twice(portal):
    change = update(Person).where(Person.id == portal.cast.vera.id).values(name_key="олегова ольга олеговна")
    portal.run(lambda: db.session.execute(change))
    answer = portal.client(portal.cast.ann).get("/people?q=ол")
    assert answer.text.count(f'href="/people/{portal.cast.vera.id}"') == 1
