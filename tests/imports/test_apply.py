"""A confirmed list is applied once, as a whole, to the staff that was looked at; and taken back as a whole."""

import threading
from datetime import date

import pytest
from sqlalchemy import event, func, select, update

from app.database import now
from app.errors import Refused
from app.extensions import db
from app.jobs import Job, run_due
from app.people import import_jobs, import_runs
from app.people.access import AccessLink
from app.people.imports import StaffImport, StaffImportChange
from app.people.models import Change, City, Person, RoleGrant, Store, Strength
from app.people.sessions import SignIn
from tests.imports.acts import ANN, NEW, as_csv, upload

BOB = ["01002", "Борисов Борис Петрович", "Москва", "Радуга", "", "01.03.2024", "20.11.2026", "", ""]


def everything(portal):
    """Return staff, stores and cities as they are."""
    columns = list(Person.__table__.columns)
    return (
        portal.rows(select(*columns).order_by(Person.id)),
        portal.rows(select(*Store.__table__.columns).order_by(Store.id)),
        portal.rows(select(*City.__table__.columns).order_by(City.id)),
    )


def status(portal, at):
    return portal.one(select(StaffImport.status).where(StaffImport.id == at))


def test_a_confirmed_list_is_applied(portal, htmx):
    client = portal.client(portal.cast.hana, htmx)
    bobs = portal.client(portal.cast.bob)
    at = upload(client, as_csv(ANN, NEW, BOB))
    assert bobs.get("/").status == 200
    assert client.post(f"/people/imports/{at}/apply").location == f"/people/imports/{at}"
    assert status(portal, at) == "applied"
    nina = portal.rows(
        select(Person.last_name, Person.position, Store.name, City.zone, Person.hired_on)
        .join(Person.store)
        .join(Store.city)
        .where(Person.number_key == "7001")
    )[0]
    assert tuple(nina) == ("Новикова", "intern", "Планета", "Asia/Yekaterinburg", date(2026, 11, 1))
    assert portal.one(select(Person.store_id).where(Person.id == portal.cast.ann.id)) == portal.stores.ring
    assert portal.one(select(Person.dismissed_on).where(Person.id == portal.cast.bob.id)) == date(2026, 11, 20)
    assert portal.one(select(SignIn.end_cause).where(SignIn.person_id == portal.cast.bob.id)) == "dismissed"
    assert bobs.get("/").location.startswith("/sign-in")
    assert {row[0] for row in portal.rows(select(Change.verb))} >= {
        "person.hired",
        "person.moved",
        "person.dismissed",
        "import.applied",
    }
    assert portal.one(select(Change.actor_id).where(Change.verb == "person.moved")) == portal.cast.hana.id
    assert portal.one(select(StaffImport.media_key)) is None
    page = portal.client(portal.cast.hana).get(f"/people/imports/{at}")
    assert "Что изменилось" in page and "Отменить всё" in page


def test_links_of_dismissed_people_are_void(portal):
    portal.run(
        lambda: db.session.add(
            AccessLink(person_id=portal.cast.bob.id, kind="invitation", nonce="n", token_hash="x", expires_at=now())
        )
    )
    client = portal.client(portal.cast.hana)
    client.post(f"/people/imports/{upload(client, as_csv(BOB))}/apply")
    assert portal.one(select(AccessLink.revoked_at)) is not None


def test_applying_twice_is_applying_once(portal):
    client = portal.client(portal.cast.hana)
    at = upload(client, as_csv(ANN, NEW))
    for _time in range(3):
        assert client.post(f"/people/imports/{at}/apply").status == 303
    portal.run(lambda: import_jobs.apply_changes(at))
    assert portal.count(Person, Person.number_key == "7001") == 1
    assert portal.count(Change, Change.verb == "import.applied") == 1


def test_two_at_once_apply_once(portal):
    client = portal.client(portal.cast.hana)
    ats = [upload(client, as_csv(ANN, NEW), f"{n}.csv") for n in range(3)]
    clients = [portal.client(portal.cast.hana) for _ in range(6)]
    answers = []

    def press(number):
        answers.append(clients[number].post(f"/people/imports/{ats[number % 3]}/apply").status)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_due(portal.app)
    assert set(answers) == {303}
    assert portal.count(Person, Person.number_key == "7001") == 1
    assert portal.count(StaffImport, StaffImport.status == "applied") == 1
    assert portal.count(Change, Change.verb == "person.hired") == 1
    # The others were compared anew, and nothing is left to do in them.
    others = portal.rows(
        select(StaffImport.status, StaffImport.error, StaffImport.counts).where(StaffImport.status != "applied")
    )
    assert {(row.status, row.error, row.counts["unchanged"]) for row in others} == {("ready", "stale", 2)}


def test_a_list_is_compared_anew_when_another_came_between(portal):
    client = portal.client(portal.cast.hana)
    first, second = (upload(client, as_csv(ANN)) for _ in range(2))
    client.post(f"/people/imports/{first}/apply")
    client.post(f"/people/imports/{second}/apply")
    assert status(portal, second) == "ready"
    assert "сравнён заново" in client.get(f"/people/imports/{second}")
    client.post(f"/people/imports/{second}/apply")
    assert status(portal, second) == "applied"


def test_a_list_is_compared_anew_when_somebody_was_changed_by_hand(portal):
    client = portal.client(portal.cast.hana)
    at = upload(client, as_csv(ANN))
    portal.run(
        lambda: db.session.execute(
            update(Person).where(Person.id == portal.cast.ann.id).values(store_id=portal.stores.mayak)
        )
    )
    client.post(f"/people/imports/{at}/apply")
    assert status(portal, at) == "ready"
    assert portal.one(select(Person.store_id).where(Person.id == portal.cast.ann.id)) == portal.stores.mayak
    assert "Маяк, Владивосток" in client.get(f"/people/imports/{at}")


def test_a_partial_list_must_be_confirmed_once_more(portal):
    client = portal.client(portal.cast.hana)
    rows = [
        [f"{8000 + n}", f"Пак {'Я' + 'н' * (n + 1)} Ким", "Пермь", "Планета", "Продавец", "", "", "", ""] for n in range(12)
    ]
    client.post(f"/people/imports/{upload(client, as_csv(*rows))}/apply")
    at = upload(client, as_csv(rows[0]), absent="dismiss")
    answer = client.post(f"/people/imports/{at}/apply")
    assert answer.status == 422
    assert "Подтвердите" in answer
    assert portal.count(Person, Person.dismissed_on.is_not(None)) == 0
    client.post(f"/people/imports/{at}/apply", {"sure": "y"})
    assert portal.count(Person, Person.dismissed_on.is_not(None)) == 11


def test_the_last_administrator_is_not_dismissed(portal):
    client = portal.client(portal.cast.root)
    before = everything(portal)
    root = ["01009", "Админова Рута Яновна", "Москва", "Офис", "", "01.03.2024", "01.11.2026", "", ""]
    at = upload(client, as_csv(root, NEW))
    client.post(f"/people/imports/{at}/apply")
    assert status(portal, at) == "ready"
    assert "последний администратор" in client.get(f"/people/imports/{at}")
    assert everything(portal) == before


def test_an_import_is_undone_as_a_whole(portal, htmx):
    client = portal.client(portal.cast.hana, htmx)
    before = everything(portal)
    ann = [ANN[0], "Замужняя Анна Ивановна", *ANN[2:4], "Старший продавец", "02.03.2024", "", "8 962 585-17-81", "a@b.ru"]
    at = upload(client, as_csv(ann, NEW, BOB))
    client.post(f"/people/imports/{at}/apply")
    assert everything(portal) != before
    assert client.post(f"/people/imports/{at}/undo").location == f"/people/imports/{at}"
    assert everything(portal) == before
    assert status(portal, at) == "undone"
    assert portal.count(Change, Change.verb == "import.undone") == 1
    assert portal.client(portal.cast.hana).get(f"/people/imports/{at}").status == 200
    assert client.post(f"/people/imports/{at}/undo").status == 422


def test_the_first_list_of_all_is_undone(bare):
    bare.run(lambda: import_jobs.import_at_once(_file(bare, as_csv(ANN, NEW))))
    at = bare.one(select(StaffImport.id))
    bare.run(lambda: import_runs.take_back(db.session.get(StaffImport, at), None))
    assert (bare.count(Person), bare.count(Store), bare.count(City)) == (0, 0, 0)


def _file(portal, content):
    path = portal.app.config["DATA_DIR"] / "list.csv"
    path.write_bytes(content)
    return path


BUILT_ON = {
    "signed in": lambda person: db.session.add(SignIn(person_id=person, token_hash="t")),
    "set a password": lambda person: db.session.execute(update(Person).where(Person.id == person).values(password_hash="x")),
    "got a role": lambda person: db.session.add(RoleGrant(person_id=person, role="editor")),
    "said what he is good at": lambda person: db.session.add(Strength(person_id=person, name="Бокалы", key="бокалы")),
    "was moved by hand": lambda person: db.session.execute(
        update(Person).where(Person.id == person).values(phone="+79990000000")
    ),
}


@pytest.mark.parametrize("what", BUILT_ON)
def test_an_import_that_something_was_built_on_stays(portal, what):
    client = portal.client(portal.cast.hana)
    at = upload(client, as_csv(ANN, NEW))
    client.post(f"/people/imports/{at}/apply")
    nina = portal.one(select(Person.id).where(Person.number_key == "7001"))
    portal.run(lambda: BUILT_ON[what](nina))
    before = everything(portal)
    answer = client.post(f"/people/imports/{at}/undo")
    assert answer.status == 422
    assert "Новикова Нина" in answer
    assert everything(portal) == before
    assert status(portal, at) == "applied"


def test_an_invitation_alone_does_not_keep_it(portal):
    client = portal.client(portal.cast.hana)
    at = upload(client, as_csv(NEW))
    client.post(f"/people/imports/{at}/apply")
    nina = portal.one(select(Person.id).where(Person.number_key == "7001"))
    portal.run(
        lambda: db.session.add(AccessLink(person_id=nina, kind="invitation", nonce="n", token_hash="x", expires_at=now()))
    )
    assert client.post(f"/people/imports/{at}/undo").location == f"/people/imports/{at}"
    assert portal.count(Person, Person.number_key == "7001") == 0


def test_only_the_last_import_is_undone(portal):
    client = portal.client(portal.cast.hana)
    first, second = (upload(client, as_csv(row)) for row in (ANN, NEW))
    client.post(f"/people/imports/{first}/apply")
    client.post(f"/people/imports/{second}/apply")
    client.post(f"/people/imports/{second}/apply")
    assert client.post(f"/people/imports/{first}/undo").status == 422
    assert client.post(f"/people/imports/{second}/undo").status == 303
    assert client.post(f"/people/imports/{first}/undo").status == 303


def test_a_store_that_is_used_since_stays_after_undoing(portal):
    client = portal.client(portal.cast.hana)
    at = upload(client, as_csv(NEW))
    client.post(f"/people/imports/{at}/apply")
    planeta = portal.one(select(Store.id).where(Store.name == "Планета"))
    portal.terminal(planeta)
    client.post(f"/people/imports/{at}/undo")
    assert portal.count(Store, Store.id == planeta) == 1


def test_a_list_being_read_by_a_dead_worker_is_started_again(portal):
    client = portal.client(portal.cast.hana)
    at = upload(client, as_csv(ANN, NEW))
    # As a worker leaves it that was killed in the middle: half of the changes written, no job any more.
    portal.run(
        lambda: db.session.execute(
            update(StaffImport).where(StaffImport.id == at).values(status="reading", rows_done=1, rows_total=2)
        )
    )
    fragment = portal.client(portal.cast.hana, htmx=True).get(f"/people/imports/{at}")
    assert "1 из 2 строк" in fragment
    assert client.post(f"/people/imports/{at}/restart").status == 303
    assert status(portal, at) == "ready"
    assert portal.count(StaffImportChange) == 2
    assert portal.client(portal.cast.hana, htmx=True).get(f"/people/imports/{at}").location == f"/people/imports/{at}"


def test_a_second_worker_makes_the_first_one_stop(portal):
    at = upload(portal.client(portal.cast.hana), as_csv(ANN, NEW))
    portal.run(lambda: db.session.execute(update(StaffImport).where(StaffImport.id == at).values(status="reading")))
    with portal.context():
        old = import_jobs._begin(at)
        new = import_jobs._begin(at)
        with pytest.raises(import_jobs._Superseded):
            import_jobs._touch(at, old)
        db.session.rollback()
        import_jobs._touch(at, new)
    portal.run(lambda: import_jobs.read(at))
    assert portal.count(StaffImportChange) == 2


def test_applying_again_after_a_killed_worker_applies_once(portal):
    client = portal.client(portal.cast.hana)
    at = upload(client, as_csv(ANN, NEW))
    portal.run(lambda: db.session.execute(update(StaffImport).where(StaffImport.id == at).values(status="applying")))
    assert client.post(f"/people/imports/{at}/restart").status == 303
    assert status(portal, at) == "applied"
    assert client.post(f"/people/imports/{at}/restart").status == 303
    assert portal.count(Person, Person.number_key == "7001") == 1
    assert portal.count(Job, Job.task.like("%import_jobs%")) == 0


def test_an_applied_list_is_neither_discarded_nor_read_again(portal):
    client = portal.client(portal.cast.hana)
    at = upload(client, as_csv(ANN))
    client.post(f"/people/imports/{at}/apply")
    for act, fields in (
        ("/discard", {}),
        ("", {"absent": "keep"}),
        ("/columns", {"column-0": "number", "column-1": "name"}),
    ):
        assert client.post(f"/people/imports/{at}{act}", fields).status == 422, act
    assert status(portal, at) == "applied"
    with portal.context(), pytest.raises(Refused):
        import_runs.give_up(db.session.get(StaffImport, at))


def test_pages_cost_the_same_whatever_the_list(portal):
    client = portal.client(portal.cast.hana)
    small = upload(client, as_csv(NEW))
    large = upload(client, as_csv(*[[f"{8000 + n}", f"Пак {'Я' + 'н' * (n % 9)}н Ким", *NEW[2:]] for n in range(400)]))
    assert _queries(portal, f"/people/imports/{small}") == _queries(portal, f"/people/imports/{large}") <= 12
    assert _queries(portal, f"/people/imports/{large}/hired") <= 12
    assert portal.one(select(func.count()).select_from(StaffImportChange)) == 401


def _queries(portal, path):
    client = portal.client(portal.cast.hana)
    seen = []
    with portal.app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len([statement for statement in seen if statement.startswith("SELECT")])
