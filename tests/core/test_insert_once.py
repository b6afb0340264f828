"""A row is inserted once, and who inserted it is told the truth on both databases."""

import threading

from app.database import insert_all_once, insert_once
from app.extensions import db
from app.people.models import Strength


def row(portal, key="витрины"):
    return {"person_id": portal.cast.ann.id, "name": key, "key": key}


def test_only_the_first_is_new(portal):
    with portal.context():
        assert [insert_once(Strength, **row(portal)) for _ in range(3)] == [True, False, False]
        db.session.commit()
    assert portal.count(Strength) == 1


def test_of_many_only_the_new_are_counted(portal):
    with portal.context():
        assert insert_all_once(Strength, [row(portal), row(portal, "касса")]) == 2
        assert insert_all_once(Strength, [row(portal, "касса"), row(portal, "стекло")]) == 1
        assert insert_all_once(Strength, [row(portal, str(number)) for number in range(2500)]) == 2500
        assert insert_all_once(Strength, []) == 0
        db.session.commit()


def test_defaults_are_filled_in(portal):
    with portal.context():
        assert insert_once(Strength, **row(portal))
        db.session.commit()
    assert portal.count(Strength, Strength.id > 0) == 1


def test_of_thirty_at_once_one_is_new(portal):
    together, new = threading.Barrier(6), []

    def insert():
        with portal.app.app_context():
            together.wait()
            for _ in range(5):
                new.append(insert_once(Strength, **row(portal)))
                db.session.commit()

    threads = [threading.Thread(target=insert) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert new.count(True) == 1 and len(new) == 30
