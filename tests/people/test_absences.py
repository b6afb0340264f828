"""Who is away: noted by a director for the own store, by HR for all; ended, deleted, brought back; counted anew."""

import re
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.database import now
from app.errors import Refused
from app.extensions import db
from app.people import absences
from app.people.absences import Absence
from app.people.models import Change, Person
from tests.announcements.making import assert_counts, publish, receipt


def day(after=0):
    """Return a day from today on, as a form sends it."""
    return (now().date() + timedelta(days=after)).isoformat()


def form(person, first=0, last=6, kind="vacation"):
    """Return the fields of the form."""
    return {"person_id": person.id, "starts_on": day(first), "ends_on": day(last), "kind": kind}


def noted(portal):
    """Return all absences as (person, first day, last day, kind)."""
    columns = (Absence.person_id, Absence.starts_on, Absence.ends_on, Absence.kind)
    return [tuple(row) for row in portal.rows(select(*columns).order_by(Absence.id))]


def test_a_director_notes_it_for_the_own_store(portal, htmx):
    cast = portal.cast
    client = portal.client(cast.dina, htmx)
    answer = client.post("/absences", form(cast.ann))
    assert answer.status == (200 if htmx else 303)
    assert noted(portal) == [(cast.ann.id, date.fromisoformat(day()), date.fromisoformat(day(6)), "vacation")]
    page = portal.client(cast.dina).get("/absences")
    assert cast.ann.name in page and "отпуск" in page
    # The same once more is the same.
    client.post("/absences", form(cast.ann))
    assert len(noted(portal)) == 1
    [change] = portal.rows(select(Change.verb, Change.details))
    assert change.verb == "absence.noted"
    assert "vacation" not in str(change.details)


@pytest.mark.parametrize(
    "who, status", [("ann", 403), ("ed", 403), ("mark", 403), ("dina", 404), ("hana", 303), ("root", 303)]
)
def test_who_may_note_it_for_a_foreign_store(portal, who, status):
    client = portal.client(getattr(portal.cast, who))
    assert client.post("/absences", form(portal.cast.vera)).status == status
    assert len(noted(portal)) == (status == 303)
    assert client.get(f"/absences?store={portal.cast.vera.store_id}").status == (200 if status == 303 else status)


def test_a_foreign_absence_is_not_there(portal):
    portal.client(portal.cast.hana).post("/absences", form(portal.cast.vera))
    [absence_id] = [row[0] for row in portal.rows(select(Absence.id))]
    client = portal.client(portal.cast.dina)
    for verb in ("end", "remove"):
        assert client.post(f"/absences/{absence_id}/{verb}").status == 404
        assert client.post(f"/absences/987654/{verb}").status == 404
    assert len(noted(portal)) == 1


@pytest.mark.parametrize(
    "first, last, kind, said",
    [
        (3, 2, "vacation", "Последний день не может быть раньше первого."),
        (-400, 2, "vacation", "Это больше года назад: проверьте год."),
        (400, 402, "vacation", "проверьте год."),
        (0, 1200, "leave", "Это больше трёх лет: проверьте год."),
        (0, 2, "prison", "Выберите причину."),
    ],
)
def test_days_that_cannot_be_are_refused(portal, first, last, kind, said):
    answer = portal.client(portal.cast.dina).post("/absences", form(portal.cast.ann, first, last, kind))
    assert answer.status == 422
    assert said in answer
    assert day(last) in answer
    assert noted(portal) == []


@pytest.mark.parametrize("field", ["person_id", "starts_on", "ends_on", "kind"])
@pytest.mark.parametrize("value", ["", "x", "\x00", "9" * 40, "2026-02-31"])
def test_rubbish_is_refused(portal, field, value):
    answer = portal.client(portal.cast.dina).post("/absences", {**form(portal.cast.ann), field: value})
    assert answer.status == 422
    assert noted(portal) == []


def test_days_that_are_noted_already_are_refused(portal):
    client = portal.client(portal.cast.dina)
    client.post("/absences", form(portal.cast.ann, 0, 6))
    for first, last in ((-2, 0), (6, 9), (2, 3), (-5, 20)):
        answer = client.post("/absences", form(portal.cast.ann, first, last))
        assert answer.status == 422
        assert "уже отмечено" in answer
    assert client.post("/absences", form(portal.cast.ann, 7, 9)).status == 303
    assert client.post("/absences", form(portal.cast.bob, 0, 6)).status == 303


def test_noted_at_once_is_noted_once(portal):
    viewer = portal.viewer(portal.cast.dina)
    first = now().date()

    def note(last):
        with portal.app.app_context():
            try:
                person = db.session.get(Person, portal.cast.ann.id)
                absences.note(viewer, person, first, first + timedelta(days=last), "sick")
                db.session.commit()
            except Refused:
                db.session.rollback()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=note, args=(last,)) for last in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(noted(portal)) == 1


def test_back_at_work_ends_it_yesterday(portal, htmx):
    portal.client(portal.cast.dina).post("/absences", form(portal.cast.ann, -3, 6, "sick"))
    [absence_id] = [row[0] for row in portal.rows(select(Absence.id))]
    client = portal.client(portal.cast.dina, htmx)
    for _ in range(2):
        answer = client.post(f"/absences/{absence_id}/end")
        assert answer.status == (200 if htmx else 303)
    assert noted(portal)[0][2] == date.fromisoformat(day(-1))


def test_deleted_it_can_be_brought_back(portal, htmx):
    portal.client(portal.cast.dina).post("/absences", form(portal.cast.ann))
    [absence_id] = [row[0] for row in portal.rows(select(Absence.id))]
    before = noted(portal)
    client = portal.client(portal.cast.dina, htmx)
    answer = client.post(f"/absences/{absence_id}/remove")
    assert noted(portal) == []
    page = answer if htmx else client.get(answer.location)
    assert f"Удалено: {portal.cast.ann.name}." in page
    kept = dict(re.findall(r'name="(person_id|starts_on|ends_on|kind)" value="([^"]+)"', page.text.split("Вернуть")[0]))
    client.post("/absences", kept)
    assert noted(portal) == before


def test_what_was_deleted_is_shown_to_nobody_else(portal):
    client = portal.client(portal.cast.dina)
    address = f"/absences?person_id={portal.cast.vera.id}&kind=sick&starts_on=2026-01-01&ends_on=2026-01-02"
    assert portal.cast.vera.name not in client.get(address)
    assert client.get("/absences?person_id=1&kind=<b>&starts_on=%00&ends_on=%ED%A0%80").status == 200


def test_announcements_count_anew(portal):
    made = publish(portal)
    client = portal.client(portal.cast.dina)
    client.post("/absences", form(portal.cast.ann, -1, 10))
    assert receipt(portal, made, portal.cast.ann).absent
    assert_counts(portal, made)
    [absence_id] = [row[0] for row in portal.rows(select(Absence.id))]
    client.post(f"/absences/{absence_id}/remove")
    assert not receipt(portal, made, portal.cast.ann).absent
    assert_counts(portal, made)
