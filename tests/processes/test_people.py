"""Staff lists and hands at once: one import is applied once, undone once, and a number is one person."""

from __future__ import annotations

import itertools

from sqlalchemy import select

from app.people.imports import StaffImport, StaffImportChange
from app.people.models import Change, City, Person, Store
from tests.imports.acts import as_csv

_numbers = itertools.count(800_000)


def upload(served, browser, *rows):
    """Upload a list, wait until a serving process has read it, and return the import's id."""
    reply = browser.upload("/people/imports", {"absent": "keep"}, "file", ("list.csv", as_csv(*rows)))
    assert reply.status == 303, reply.text[:2000]
    made = int(reply.headers["Location"].rsplit("/", 1)[1])
    served.until(lambda: status(served, made) == "ready")
    return made


def status(served, import_id):
    return served.portal.one(select(StaffImport.status).where(StaffImport.id == import_id))


def newcomers(count):
    """Return rows of people in a store and a city that are new."""
    at = next(_numbers)
    numbers = [str(next(_numbers)) for _ in range(count)]
    place = [f"Город {at}", f"Магазин {at}", "Продавец", "01.11.2026", "", "", ""]
    return numbers, [[number, f"Приезжих Нина {'я' * (n % 9)}н", *place] for n, number in enumerate(numbers)], at


def test_one_import_is_applied_once_and_undone_once(served):
    hr, administrator = served.browser("hana"), served.browser("root")
    numbers, rows, at = newcomers(40)
    made = upload(served, hr, *rows)
    people = (Person.personnel_number.in_(numbers),)
    served.crowd(*[lambda b=b: b.post(f"/people/imports/{made}/apply") for b in (hr, administrator)], times=16)
    served.until(lambda: status(served, made) == "applied")
    served.until_jobs_are_done()
    assert served.portal.count(Person, *people) == 40
    assert served.portal.count(StaffImportChange, StaffImportChange.import_id == made) == 40
    assert served.portal.count(Change, Change.verb == "person.hired", Change.subject_name.contains("Приезжих")) % 40 == 0
    assert (
        served.portal.count(City, City.name == f"Город {at}")
        == served.portal.count(Store, Store.name == f"Магазин {at}")
        == 1
    )
    applied = served.portal.count(Change, Change.verb == "import.applied", Change.subject_id == made)
    assert applied == 1
    served.crowd(*[lambda b=b: b.post(f"/people/imports/{made}/undo") for b in (hr, administrator)], times=16)
    assert status(served, made) == "undone"
    assert served.portal.count(Change, Change.verb == "import.undone", Change.subject_id == made) == 1
    assert served.portal.count(Person, *people) == 0


def test_two_imports_of_the_same_people_applied_at_once(served):
    """Each was compared with a portal that had none of them; the second must notice that this is no longer so."""
    hr, administrator = served.browser("hana"), served.browser("root")
    numbers, rows, _ = newcomers(20)
    first, second = upload(served, hr, *rows), upload(served, administrator, *rows)
    served.crowd(
        lambda: hr.post(f"/people/imports/{first}/apply"),
        lambda: administrator.post(f"/people/imports/{second}/apply"),
        times=8,
    )
    served.until(lambda: "applied" in (status(served, first), status(served, second)))
    served.until_jobs_are_done()
    assert served.portal.count(Person, Person.personnel_number.in_(numbers)) == 20
    assert sorted([status(served, first), status(served, second)]) != ["applied", "applied"]


def by_hand(served, number):
    """Return the form that takes somebody on."""
    return {
        "last_name": "Новикова", "first_name": "Алёна", "personnel_number": number, "store_id": served.portal.stores.ring,
        "position": "seller", "hired_on": "2026-11-01",
    }  # fmt: skip


def test_a_list_and_a_hand_take_the_same_people_on(served):
    """Whoever is first wins: the list is compared anew, or the hand is told that the number is taken."""
    hr, administrator = served.browser("hana"), served.browser("root")
    numbers, rows, _ = newcomers(6)
    made = upload(served, hr, *rows)
    hands = [lambda n=number: administrator.post("/people", by_hand(served, n)) for number in numbers]
    replies = served.crowd(lambda: hr.post(f"/people/imports/{made}/apply"), *hands, times=7)
    assert {reply.status for reply in replies} <= {303, 422}
    served.until(lambda: status(served, made) in ("applied", "ready"))
    served.until_jobs_are_done()
    assert served.portal.count(Person, Person.personnel_number.in_(numbers)) == 6


def test_a_number_is_taken_on_once(served):
    number = str(next(_numbers))
    form = by_hand(served, number)
    hr, administrator = served.browser("hana"), served.browser("root")
    spelled = [lambda b=b, n=n: b.post("/people", {**form, "personnel_number": n}) for b in (hr, administrator) for n in
               (number, f"0{number}")]  # fmt: skip
    replies = served.crowd(*spelled, times=16)
    assert sorted(reply.status for reply in replies) == [303] + [422] * 15
    assert served.portal.count(Person, Person.number_key == number) == 1


def test_a_store_is_one(served):
    name = f"Новый {next(_numbers)}"
    hr = served.browser("root")
    replies = served.crowd(lambda: hr.post("/stores", {"name": name, "city_id": served.portal.cities["Москва"]}), times=12)
    assert {reply.status for reply in replies} <= {303, 422}
    assert served.portal.count(Store, Store.name == name) == 1
