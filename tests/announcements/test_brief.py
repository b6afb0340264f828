"""What a director sees of the own team, and «Рассказал(а) на планёрке»."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.activity import Activity
from app.announcements import briefing
from app.announcements.models import Briefing, BriefingPerson
from app.database import move_clock, now
from app.errors import Refused
from app.extensions import db
from app.people.absences import Absence
from tests.announcements.making import assert_counts, crowd, publish, read, receipt


def there(portal, made):
    """Return who was noted as having been there."""
    rows = portal.rows(select(BriefingPerson.person_id).where(BriefingPerson.announcement_id == made))
    return {row[0] for row in rows}


def brief(portal, made, *people, htmx=False):
    """Send the form with these people ticked."""
    return portal.client(portal.cast.dina, htmx).post(f"/announcements/{made}/briefing", {"people": list(people)})


def test_told_is_noted_and_is_not_read(portal, htmx):
    cast = portal.cast
    made = publish(portal)
    answer = brief(portal, made, cast.ann.id, cast.bob.id, htmx=htmx)
    assert answer.location == "/announcements/store"
    row = receipt(portal, made, cast.ann)
    assert row.told_at is not None
    assert row.opened_at is row.read_at is None
    assert there(portal, made) == {cast.ann.id, cast.bob.id}
    assert_counts(portal, made)
    assert "рассказано" in portal.client(cast.dina).get("/announcements/store")


def test_the_same_twice_is_the_same(portal):
    made = publish(portal)
    for _ in range(3):
        brief(portal, made, portal.cast.ann.id)
    assert portal.count(Briefing) == portal.count(BriefingPerson) == 1
    assert portal.count(Activity, Activity.verb == "announcement.briefed") == 1


def test_on_the_same_day_it_can_be_corrected_and_later_not(portal):
    cast = portal.cast
    made = publish(portal)
    brief(portal, made, cast.ann.id)
    brief(portal, made, cast.bob.id)
    assert there(portal, made) == {cast.bob.id}
    assert receipt(portal, made, cast.ann).told_at is None
    assert receipt(portal, made, cast.bob).told_at is not None
    assert_counts(portal, made)
    move_clock(timedelta(days=1))
    assert brief(portal, made, cast.ann.id).status == 422
    assert there(portal, made) == {cast.bob.id}
    assert "изменить уже нельзя" in portal.client(cast.dina).get(f"/announcements/{made}/briefing")


def test_all_are_ticked_but_the_absent(portal):
    cast = portal.cast
    made = publish(portal)
    today = now().date()
    portal.run(lambda: db.session.add(Absence(person_id=cast.bob.id, starts_on=today, ends_on=today, kind="sick")))
    page = portal.client(cast.dina).get(f"/announcements/{made}/briefing")
    assert f'name="people" value="{cast.ann.id}" checked' in page
    assert f'name="people" value="{cast.bob.id}">' in page
    assert f'value="{cast.dina.id}"' not in page


def test_nobody_there_strangers_and_rubbish_are_refused(portal, htmx):
    made = publish(portal)
    for people in ((), (portal.cast.vera.id,), ("x", "\x00", "99999999999"), (987654,)):
        answer = brief(portal, made, *people, htmx=htmx)
        assert answer.status == 422
        assert "Отметьте хотя бы одного человека" in answer
    assert portal.count(Briefing) == 0
    # A stranger among others is passed over.
    brief(portal, made, portal.cast.ann.id, portal.cast.vera.id)
    assert there(portal, made) == {portal.cast.ann.id}


def test_only_the_own_store(portal):
    cast = portal.cast
    made = publish(portal, keys=[f"store:{cast.vera.store_id}"])
    client = portal.client(cast.dina)
    assert client.get(f"/announcements/{made}/briefing").status == 404
    assert brief(portal, made, cast.vera.id).status == 404
    assert client.get("/announcements/987654/briefing").status == 404
    for who in ("ann", "ed", "hana", "mark", "root"):
        other = portal.client(getattr(cast, who))
        assert other.get("/announcements/store").status == 403
        assert other.post(f"/announcements/{made}/briefing", {"people": cast.vera.id}).status == 403


def test_names_stand_beside_what_is_to_be_confirmed_and_vanish_with_it(portal):
    cast = portal.cast
    made = publish(portal, importance="mandatory", title="Касса")
    client = portal.client(cast.dina)
    page = client.get("/announcements/store")
    assert "Ещё не ознакомились 2 человека:" in page
    assert cast.ann.name in page and cast.bob.name in page
    assert cast.vera.name not in page
    portal.client(cast.ann).post(f"/announcements/{made}/confirm")
    page = client.get("/announcements/store")
    assert "Ещё не ознакомился 1 человек:" in page
    assert cast.ann.name not in page
    assert "не ознакомлен(а)" in client.get(f"/announcements/{made}/briefing")
    portal.client(cast.bob).post(f"/announcements/{made}/confirm")
    assert "Со всем ознакомились все" in client.get("/announcements/store")


def test_of_an_ordinary_one_no_name_and_no_count_of_fewer_than_five(portal):
    cast = portal.cast
    made = publish(portal, title="Календари")
    client = portal.client(cast.dina)
    # Two people besides the director: nothing at all.
    read(portal, made, [cast.ann.id])
    page = client.get("/announcements/store")
    assert cast.ann.name not in page
    assert "прочитали" not in page.text.split("Календари")[1].split("</li>")[0]


@pytest.mark.parametrize(
    "readers, said",
    [
        (0, "пока прочитали немногие"),
        (4, "пока прочитали немногие"),
        (5, "прочитали 5 из 12"),
        (7, "прочитали 7 из 12"),
        (8, "прочитали почти все"),
        (12, "прочитали почти все"),
    ],
)
def test_counts_of_an_ordinary_one_isolate_nobody(portal, readers, said):
    team = [portal.cast.ann.id, portal.cast.bob.id, *crowd(portal, portal.stores.raduga, 10)]
    made = publish(portal)
    read(portal, made, team[:readers])
    page = portal.client(portal.cast.dina).get("/announcements/store")
    assert said in page
    # What the director has read himself, he knows: it must not change what is said of the others.
    read(portal, made, [portal.cast.dina.id])
    assert said in portal.client(portal.cast.dina).get("/announcements/store")
    form = portal.client(portal.cast.dina).get(f"/announcements/{made}/briefing").text.split('id="people"')[1]
    assert "ознакомлен" not in form and "прочита" not in form


def test_briefing_at_once_counts_once(portal):
    cast = portal.cast
    made = publish(portal)
    viewer = portal.viewer(cast.dina)

    def press(people):
        with portal.app.app_context():
            try:
                briefing.brief(viewer, made, people)
                db.session.commit()
            except Refused:
                db.session.rollback()
            finally:
                db.session.remove()

    choices = [[cast.ann.id], [cast.ann.id, cast.bob.id], [cast.bob.id]] * 2
    threads = [threading.Thread(target=press, args=(people,)) for people in choices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert portal.count(Briefing) == 1
    found = there(portal, made)
    for who in (cast.ann, cast.bob):
        assert (receipt(portal, made, who).told_at is not None) == (who.id in found)
    assert_counts(portal, made)


def test_older_ones_come_by_pages(portal, htmx):
    for number in range(12):
        publish(portal, title=f"Обычное {number:02}")
    client = portal.client(portal.cast.dina)
    first = client.get("/announcements/store")
    assert "Обычное 11" in first and "Обычное 02" in first and "Обычное 01" not in first
    further = first.text.split('id="older"')[1].split('href="')[1].split('"')[0]
    second = portal.client(portal.cast.dina, htmx).get(further)
    assert "Обычное 01" in second and "Обычное 02" not in second
    assert ("<h1>" in second) != htmx
