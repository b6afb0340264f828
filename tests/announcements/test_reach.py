"""How far an announcement has come, as head office sees it: numbers that are true, of stores and never of people."""

import io
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from app.announcements import reach, reach_overview, receipts, sums
from app.announcements.measures import Counts, is_stuck
from app.announcements.models import Announcement
from app.database import move_clock, now
from app.extensions import db
from app.people.models import City, Store
from tests.announcements.making import crowd, draft, publish, read


@pytest.fixture
def busy(portal):
    """Return the portal with more people: thirteen at Raduga, eight at Koltso, six in the office; two cities are small."""
    portal.raduga = crowd(portal, portal.stores.raduga, 10)
    portal.ring = crowd(portal, portal.stores.ring, 7)
    portal.mayak = crowd(portal, portal.stores.mayak, 2)
    crowd(portal, portal.cast.hana.store_id, 3, position="other")
    portal.perm = portal.run(lambda: _open("Причал", _found("Пермь")))
    crowd(portal, portal.perm, 4)
    return portal


def picture(portal, announcement_id):
    """Return the numbers as the page has them."""
    with portal.app.test_request_context():
        return reach.picture_of(reach.about(announcement_id))


def table(answer):
    """Return the rows of a workbook."""
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.response.data)).get_sheet_by_index(0).to_python()


def lines(portal, announcement_id):
    """Return the lines of stores by their names."""
    return {line.name: line for line in picture(portal, announcement_id).stores}


def test_the_numbers_are_those_of_the_receipts(busy):
    made = publish(busy)
    read(busy, made, busy.raduga[:6], timedelta(hours=2))
    read(busy, made, busy.raduga[6:7], timedelta(hours=80))
    busy.run(lambda: receipts.note_told(db.session.get(Announcement, made), busy.raduga[7:9], now()))
    move_clock(timedelta(hours=100))
    line = lines(busy, made)["Радуга"]
    assert (line.counts.audience, line.counts.read, line.counts.told_only) == (13, 7, 2)
    assert line.first_hand == 6 / 13
    assert line.relay == 2 / 13
    assert line.lag == 120
    assert not line.is_stuck
    page = busy.client(busy.cast.ed).get(f"/announcements/{made}/reach")
    assert "46\N{NO-BREAK SPACE}%" in page
    assert "не прочитали: 6" in page
    assert "половина прочитавших — за 2 часа" in page


def test_it_is_stuck_where_the_director_alone_has_read_it_and_only_after_72_hours(busy):
    made = publish(busy)
    read(busy, made, [busy.cast.dina.id, *busy.raduga[:3]])
    move_clock(timedelta(hours=71))
    assert not lines(busy, made)["Радуга"].is_stuck
    assert "Первые 72 часа ещё идут" in busy.client(busy.cast.ed).get(f"/announcements/{made}/reach")
    move_clock(timedelta(hours=73))
    assert lines(busy, made)["Радуга"].is_stuck
    client = busy.client(busy.cast.ed)
    page = client.get(f"/announcements/{made}/reach")
    assert "В 1 магазине новость застряла у директора." in page
    only = client.get(f"/announcements/{made}/reach?stuck=1")
    assert f"/reach/{busy.stores.raduga}" in only
    assert f"/reach/{busy.stores.ring}" not in only
    store = client.get(f"/announcements/{made}/reach/{busy.stores.raduga}")
    assert "Застряло у директора." in store
    assert "из остальных за 72 часа — 25\N{NO-BREAK SPACE}%" in store


def test_whoever_was_away_is_not_missed(busy):
    made = publish(busy)
    read(busy, made, busy.ring[:6])
    line = lines(busy, made)["Кольцо"]
    assert line.first_hand == 6 / 8


def test_small_stores_are_not_told_of(busy):
    made = publish(busy)
    read(busy, made, [busy.cast.ivan.id])
    found = picture(busy, made)
    # Mayak has three people, Prichal four, each alone in its city.
    assert {line.name for line in found.stores} == {"Радуга", "Офис", "Кольцо", "Небольшие города вместе"}
    assert {line.name for line in found.cities} == {"Москва", "Казань", "Небольшие города вместе"}
    assert sum(line.counts.audience for line in found.stores) == found.whole.counts.audience
    assert all(line.counts.audience >= 5 for line in [*found.stores, *found.cities])
    client = busy.client(busy.cast.ed)
    assert client.get(f"/announcements/{made}/reach/{busy.stores.mayak}").status == 404
    assert "Маяк" not in client.get(f"/announcements/{made}/reach?q=маяк").text.split('id="lines"')[1]


def test_an_audience_of_few_has_no_numbers(busy):
    made = publish(busy, keys=[f"store:{busy.stores.mayak}"])
    client = busy.client(busy.cast.ed)
    assert "Слишком мало людей" in client.get(f"/announcements/{made}/reach")
    assert "Получили слишком мало людей" in client.get("/announcements/reach")
    assert "из 3" not in client.get("/announcements/desk")
    assert len(table(client.get(f"/announcements/{made}/reach.xlsx"))) == 1


def test_nobody_is_named(busy):
    made = publish(busy, importance="mandatory")
    read(busy, made, busy.raduga)
    names = [f"Толпин{person_id}" for person_id in busy.raduga]
    for who in ("ed", "hana", "mark"):
        client = busy.client(getattr(busy.cast, who))
        at = f"/announcements/{made}/reach"
        for path in (at, f"{at}?view=cities", f"{at}/{busy.stores.raduga}", "/announcements/reach"):
            page = client.get(path)
            assert page.status == 200
            assert not [name for name in names if name in page], path


@pytest.mark.parametrize("who", ["ann", "bob", "dina", "root"])
def test_others_learn_nothing(busy, who):
    made = publish(busy)
    client = busy.client(getattr(busy.cast, who))
    at = f"/announcements/{made}/reach"
    for path in (
        at,
        f"{at}.xlsx",
        f"{at}/{busy.stores.raduga}",
        "/announcements/reach",
        "/announcements/reach/stores",
    ):
        assert client.get(path).status == 403
    assert client.post(f"/announcements/{made}/remind").status == 403
    assert "/reach" not in client.get(f"/announcements/{made}")


def test_the_list_is_sorted_filtered_and_paged(busy, htmx):
    for number in range(35):
        store = busy.run(lambda number=number: _open(f"Лавка {number:02}", busy.cities["Казань"]))
        crowd(busy, store, 5)
    made = publish(busy)
    read(busy, made, busy.ring)
    client = busy.client(busy.cast.ed, htmx)
    at = f"/announcements/{made}/reach"
    first = client.get(f"{at}?city={busy.cities['Казань']}")
    names = re.findall(r'line__title"[^>]*>([^<]+)<', first.text)
    assert names[:3] == ["Кольцо", "Лавка 00", "Лавка 01"]
    assert len(names) == 20
    further = re.search(r'href="([^"]+after=[^"]+)#places"', first.text)[1].replace("&amp;", "&")
    second = re.findall(r'line__title"[^>]*>([^<]+)<', client.get(further).text)
    assert not set(names) & set(second)
    assert len(second) == 16
    sorted_ = re.findall(r'line__title"[^>]*>([^<]+)<', client.get(f"{at}?sort=unread").text)
    assert sorted_[0] == "Радуга"
    assert re.findall(r'line__title"[^>]*>([^<]+)<', client.get(f"{at}?q=КОЛЬЦО").text) == ["Кольцо"]
    nothing = client.get(f"{at}?q=%00нет такого")
    assert "Ничего не нашлось." in nothing
    for odd in ("?view=x&sort=y&city=x&after=zz", "?city=99999999999999999999", "?q=%ED%A0%80", "?after=%00"):
        assert client.get(at + odd).status == 200


def test_the_workbook_holds_the_same_and_no_formula(busy):
    busy.run(lambda: db.session.execute(update(Store).where(Store.id == busy.stores.ring).values(name="=1+1")))
    made = publish(busy)
    read(busy, made, busy.ring[:6])
    answer = busy.client(busy.cast.hana).get(f"/announcements/{made}/reach.xlsx")
    rows = {row[1]: row for row in table(answer)[1:]}
    assert rows["=1+1"][2:9] == [8, 0, 0, 6, 0, 0, 2]
    assert rows["=1+1"][9] == 75
    # A formula would read as its value.
    assert "2" not in rows
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_overview_agrees_with_the_single_pages(busy):
    made = publish(busy)
    read(busy, made, [busy.cast.dina.id, *busy.raduga[:2]])
    later = publish(busy, title="Второе")
    move_clock(timedelta(hours=80))
    with busy.app.test_request_context():
        rows, following = reach_overview.announcements()
    assert [row.about.id for row in rows] == [later, made]
    assert following is None
    assert rows[1].counts == picture(busy, made).whole.counts
    assert rows[1].stuck == picture(busy, made).stuck == 1
    assert rows[0].stuck == 0
    page = busy.client(busy.cast.mark).get("/announcements/reach")
    assert "застряло в 1 магазине" in page


def test_sql_says_stuck_as_python_does(busy):
    made = publish(busy)
    read(busy, made, [busy.cast.dina.id, *busy.raduga[:6]])
    move_clock(timedelta(hours=80))
    for more in range(6, 10):
        with busy.app.test_request_context():
            rows, _following = reach_overview.announcements()
        assert rows[0].stuck == picture(busy, made).stuck
        read(busy, made, [busy.raduga[more]])
    assert is_stuck(Counts(audience=11, read72=5, directors=1, directors_read=1, directors_read72=1), True)


def test_stores_over_weeks_stand_by_name_and_with_rounded_numbers(busy):
    for number in range(3):
        made = publish(busy, title=f"Объявление {number}")
        read(busy, made, busy.ring)
        read(busy, made, [busy.cast.dina.id, busy.raduga[number]])
    client = busy.client(busy.cast.hana)
    assert "Здесь нет магазинов" in client.get("/announcements/reach/stores")
    move_clock(timedelta(hours=80))
    page = client.get("/announcements/reach/stores")
    names = re.findall(r'line__title"[^>]*>([^<]+)<', page.text)
    assert names == ["Кольцо", "Офис", "Радуга"]
    assert "около 90\N{NO-BREAK SPACE}%" in page
    assert "около 15\N{NO-BREAK SPACE}%" in page
    assert "застряло у директора: 3 из 3" in page
    stuck = client.get("/announcements/reach/stores?way=stuck")
    assert re.findall(r'line__title"[^>]*>([^<]+)<', stuck.text) == ["Радуга"]
    assert client.get("/announcements/reach/stores?weeks=7&way=x&city=abc&after=0").status == 200


def test_how_it_is_computed_is_open_to_everybody(portal):
    page = portal.client(portal.cast.ann).get("/announcements/how")
    assert "5 ÷ (13 − 1) = <b>42\N{NO-BREAK SPACE}%</b>" in page
    assert "4 ÷ 11 = <b>36\N{NO-BREAK SPACE}%</b>" in page


def test_drafts_deleted_and_missing_ones_have_no_reach(busy):
    client = busy.client(busy.cast.ed)
    for announcement_id in (draft(busy), 987654):
        assert client.get(f"/announcements/{announcement_id}/reach").status == 404
        assert client.get(f"/announcements/{announcement_id}/reach.xlsx").status == 404


def _open(name, city_id):
    store = Store(name=name, key=name.casefold(), city_id=city_id)
    db.session.add(store)
    db.session.flush()
    return store.id


def _found(name):
    city = City(name=name, key=name.casefold(), zone="Asia/Yekaterinburg")
    db.session.add(city)
    db.session.flush()
    return city.id


def test_numbers_of_many_stores_are_kept_for_seconds(busy, monkeypatch):
    """A chain of thousands is not added up for each look; what is kept is true again a quarter of a minute later."""
    for module in (sums, reach):
        monkeypatch.setattr(module, "MANY", 1)
    made = publish(busy)
    editor = busy.client(busy.cast.ed)

    def looks():
        with busy.queries() as sent:
            for page in (f"/announcements/{made}/reach", "/announcements/reach", "/announcements/desk"):
                assert editor.get(page).status == 200
        with busy.context():
            at = db.session.get(Announcement, made).published_at
            found = sums.sums_of([(made, at)])[made].counts.read
        return picture(busy, made).whole.counts.read, found, sum("announcement_reach" in one for one in sent)

    # The beginning of a span, so that the next second is of the same one.
    move_clock(timedelta(seconds=2 * sums.KEPT_FOR - now().timestamp() % sums.KEPT_FOR))
    assert looks()[:2] == (0, 0)
    read(busy, made, busy.raduga[:6])
    assert looks() == (0, 0, 0)
    move_clock(timedelta(seconds=4 * sums.KEPT_FOR))
    assert looks()[:2] == (6, 6)


def test_numbers_of_few_stores_are_those_of_this_moment(busy):
    made = publish(busy)
    editor = busy.client(busy.cast.ed)
    for read_by in range(6):
        assert picture(busy, made).whole.counts.read == read_by
        assert editor.get("/announcements/desk").status == 200
        read(busy, made, busy.raduga[read_by : read_by + 1])
