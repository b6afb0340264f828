"""Reminding those who have not read: at most once a day each, whoever presses and however often."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.activity import Activity
from app.announcements import receipts, reminding
from app.announcements.models import Announcement, Receipt
from app.database import move_clock, now
from app.errors import Refused
from app.extensions import db
from app.jobs import run_due
from app.notifications.models import Notice
from app.people.absences import Absence
from tests.announcements.making import publish, read, receipt
from tests.announcements.test_telling import at


def notices(portal):
    """Return who was reminded, as often as he was."""
    return sorted(row[0] for row in portal.rows(select(Notice.person_id).where(Notice.kind == "reminder")))


def remind(portal, made, who=None):
    """Press the button by the rule itself, and let the jobs run."""
    viewer = portal.viewer(who or portal.cast.ed)
    people = portal.run(lambda: reminding.remind(viewer, db.session.get(Announcement, made)))
    while run_due(portal.app):
        pass
    return people


def everybody(portal, *without):
    """Return the ids of the cast but the editor, who wrote it, and some."""
    return sorted(one.id for name, one in vars(portal.cast).items() if name != "ed" and one not in without)


def test_those_who_have_not_read_are_reminded_once_a_day(portal, htmx):
    cast = portal.cast
    made = publish(portal)
    read(portal, made, [cast.ann.id, cast.hana.id], timedelta())
    client = portal.client(cast.ed, htmx)
    at = f"/announcements/{made}"
    page = portal.client(cast.ed).get(f"{at}/reach")
    assert "Ещё не прочитали 6 человек. Напоминание" in page
    assert "Напомнить 6 людям" in page
    answer = client.post(f"{at}/remind")
    assert answer.status == (200 if htmx else 303)
    while run_due(portal.app):
        pass
    assert notices(portal) == everybody(portal, cast.ann, cast.hana)
    page = portal.client(cast.mark).get(f"{at}/reach")
    assert "Сегодня напоминать больше некому" in page
    assert "Эдуард Редакторов, 6 людям" in page
    again = client.post(f"{at}/remind")
    assert again.status == (422 if htmx else 303)
    move_clock(timedelta(hours=23))
    with pytest.raises(Refused):
        remind(portal, made)
    move_clock(timedelta(hours=25))
    read(portal, made, [cast.bob.id])
    assert remind(portal, made) == 5
    assert len(notices(portal)) == 11
    assert portal.count(Activity, Activity.verb == "announcement.reminded") == 2


def test_a_mandatory_one_reminds_until_it_is_confirmed(portal):
    made = publish(portal, importance="mandatory")
    portal.client(portal.cast.ann).post(f"/announcements/{made}/confirm")
    portal.client(portal.cast.bob).post(f"/announcements/{made}/read")
    assert "Ещё не ознакомились 7 человек." in portal.client(portal.cast.ed).get(f"/announcements/{made}/reach")
    assert remind(portal, made) == 7
    assert notices(portal) == everybody(portal, portal.cast.ann)


def test_whoever_is_away_or_gone_or_has_read_meanwhile_is_left_in_peace(portal):
    cast = portal.cast
    at(datetime(2030, 3, 5, 12, 0, tzinfo=UTC))
    made = publish(portal)
    today = now().date()

    def prepare():
        db.session.add(Absence(person_id=cast.vera.id, starts_on=today, ends_on=today, kind="vacation"))
        db.session.get(Receipt, (made, cast.ivan.id)).person.dismissed_on = today

    portal.run(prepare)
    viewer = portal.viewer(cast.ed)

    def press():
        announcement = db.session.get(Announcement, made)
        people = reminding.remind(viewer, announcement)
        # Read before the jobs come to it.
        receipts.note_read(announcement, cast.bob.id, now())
        return people

    assert portal.run(press) == 6
    while run_due(portal.app):
        pass
    assert notices(portal) == everybody(portal, cast.vera, cast.ivan, cast.bob)
    assert receipt(portal, made, cast.vera).reminded_at is None


def test_away_is_who_is_away_by_the_day_of_his_store(portal):
    """In the evening of Moscow it is tomorrow in Vladivostok."""
    cast = portal.cast
    at(datetime(2030, 3, 5, 18, 0, tzinfo=UTC))
    made = publish(portal)
    away = {"starts_on": date(2030, 3, 6), "ends_on": date(2030, 3, 6), "kind": "vacation"}
    portal.run(lambda: db.session.add_all([Absence(person_id=one.id, **away) for one in (cast.vera, cast.ivan)]))
    remind(portal, made)
    assert notices(portal) == everybody(portal, cast.ivan)


def test_two_presses_at_once_remind_once(portal):
    made = publish(portal)
    viewers = [portal.viewer(portal.cast.ed), portal.viewer(portal.cast.hana)]
    done = []

    def press(viewer):
        with portal.app.app_context():
            try:
                done.append(reminding.remind(viewer, db.session.get(Announcement, made)))
                db.session.commit()
            except Refused:
                done.append(0)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press, args=(viewer,)) for viewer in viewers * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == [0, 0, 0, 0, 0, 8]
    while run_due(portal.app):
        pass
    assert notices(portal) == everybody(portal)


def test_what_is_over_reminds_nobody(portal, htmx):
    made = publish(portal)
    client = portal.client(portal.cast.ed, htmx)
    client.post(f"/announcements/{made}/archive")
    assert client.post(f"/announcements/{made}/remind").status == (422 if htmx else 303)
    assert portal.one(select(func.count()).select_from(Notice).where(Notice.kind == "reminder")) == 0
    assert "уже ничего не нужно" in portal.client(portal.cast.ed).get(f"/announcements/{made}/reach")


def test_drafts_and_missing_ones(portal):
    client = portal.client(portal.cast.ed)
    assert client.post("/announcements/987654/remind").status == 404
