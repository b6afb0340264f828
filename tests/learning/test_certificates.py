"""Certificates: what a course gives, given once, what they say, who sees them, taken back and given back."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from itertools import product

import pytest
from html5lib import parse
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from app.activity.models import Activity
from app.database import move_clock
from app.extensions import db
from app.learning import certificate_dates, certificate_numbers
from app.learning.certificate_models import Certificate, CertificateRule
from app.learning.models import Course
from app.notifications.models import Notice
from app.people.models import Change, Person
from tests.doors import at_once
from tests.learning.assigned import complete
from tests.learning.certified import certified, given, go_on, newest, renew, rule
from tests.learning.making import course, every, lesson_ids
from tests.quality.test_pages import NO_QUERY, structure, syntax


@pytest.fixture(autouse=True)
def morning(portal):
    """Begin on the morning of 1 March 2027."""
    go_on()
    yield
    move_clock(timedelta())


def form(**more):
    """Return the fields of an editor's form."""
    return {"is_on": "y", "term": "months", "months": "12", "opens_days": "30", "words": "", **more}


def told(portal, who):
    """Return the kinds of somebody's notices, the oldest first."""
    return every(portal, select(Notice.kind).where(Notice.person_id == who.id).order_by(Notice.id))


def test_numbers_have_no_look_alikes_and_find_every_slip():
    assert len(certificate_numbers.SYMBOLS) == 31 and not set("01ILO") & set(certificate_numbers.SYMBOLS)
    number = certificate_numbers.complete("K7MDXXA")
    assert certificate_numbers.is_whole(number)
    for place, symbol in product(range(8), certificate_numbers.SYMBOLS):
        changed = number[:place] + symbol + number[place + 1 :]
        assert certificate_numbers.is_whole(changed) == (changed == number)
    for place in range(7):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert certificate_numbers.is_whole(swapped) == (swapped == number)
    assert all(certificate_numbers.is_whole(certificate_numbers.draw()) for _ in range(200))
    # Small, spaced, and on a Russian keyboard: А, В, Е, К, М, Н, Р, С, Т, У and Х look like Latin letters.
    assert certificate_numbers.typed(" k7 мd - хха" + number[-1].lower()) == number
    assert certificate_numbers.typed("АВЕКМНРСТУХ") == "ABEKMHPCTYX"


@pytest.mark.parametrize(
    ("issued", "months", "opens", "until", "renews"),
    [
        (date(2027, 3, 1), 12, 30, date(2028, 3, 1), date(2028, 1, 31)),
        (date(2027, 1, 31), 1, 7, date(2027, 2, 28), date(2027, 2, 21)),
        (date(2028, 2, 29), 12, 0, date(2029, 2, 28), date(2029, 2, 28)),
        (date(2027, 3, 1), None, 30, None, None),
    ],
)
def test_days(issued, months, opens, until, renews):
    assert certificate_dates.term(issued, months, opens) == (until, renews)


def test_an_editor_says_what_a_course_gives(portal, htmx):
    made = course(portal, "text")
    editor = portal.client(portal.cast.ed, htmx)
    page = editor.get(f"/courses/{made}/certificate")
    assert page.status == 200 and "проверку знаний" in page
    answer = editor.post(f"/courses/{made}/certificate", form(months="6", words="  прошёл(а)   обучение "))
    assert answer.location.endswith(f"/courses/{made}/edit")
    kept = portal.one(select(CertificateRule))
    assert (kept.is_on, kept.months, kept.opens_days, kept.words) == (True, 6, 30, "прошёл(а) обучение")
    # The same again is no change; switched off it keeps its words.
    editor.post(f"/courses/{made}/certificate", form(months="6", words="прошёл(а) обучение"))
    assert portal.count(Change, Change.verb == "course.certificates") == 1
    editor.post(f"/courses/{made}/certificate", {"term": "ever", "words": "прошёл(а) обучение"})
    kept = portal.one(select(CertificateRule))
    assert (kept.is_on, kept.months, kept.words) == (False, None, "прошёл(а) обучение")
    assert "Изменены сертификаты курса" in portal.client(portal.cast.root).get("/admin/log")


@pytest.mark.parametrize(
    "wrong", [{"months": ""}, {"months": "0"}, {"months": "121"}, {"months": "1", "opens_days": "28"},
              {"opens_days": "-1"}, {"opens_days": "181"}, {"words": "а" * 301}, {"months": "много"}],
)  # fmt: skip
def test_what_cannot_be_is_said_at_the_form_and_nothing_typed_is_lost(portal, wrong):
    made = course(portal, "text")
    answer = portal.client(portal.cast.ed).post(f"/courses/{made}/certificate", form(words="Свои слова") | wrong)
    assert answer.status == 422 and 'role="alert"' in answer
    assert ("Свои слова" in answer) or "words" in wrong
    assert portal.count(CertificateRule) == 0


def test_whoever_completes_gets_one_that_keeps_what_it_said(portal):
    made = certified(portal, months=12, words="сдал(а) проверку знаний по курсу")
    ann = portal.cast.ann
    certificate = given(portal, ann, made)
    complete(portal, ann, made)
    assert portal.count(Certificate) == 1 and told(portal, ann) == ["certificate"]
    assert portal.count(Activity, Activity.verb == "certificate.issued") == 1
    assert (certificate.full_name, certificate.short_name) == ("Авторова Анна Ивановна", "Авторова А. И.")
    assert (certificate.title, certificate.words) == ("Стекло", "сдал(а) проверку знаний по курсу")
    assert (certificate.issued_on, certificate.valid_until) == (date(2027, 3, 1), date(2028, 3, 1))
    assert certificate_numbers.is_whole(certificate.number) and certificate.round == 1
    portal.run(lambda: db.session.execute(update(Person).where(Person.id == ann.id).values(last_name="Новая")))
    portal.run(lambda: db.session.execute(update(Course.__table__.metadata.tables["entry"]).values(title="Иное")))
    rule(portal, made, months=None, words="иначе")
    again = newest(portal, ann, made)
    assert (again.full_name, again.title, again.words) == (certificate.full_name, "Стекло", certificate.words)


def test_switched_off_it_gives_no_new_ones_and_keeps_the_old(portal):
    made = certified(portal)
    first = given(portal, portal.cast.ann, made)
    rule(portal, made, is_on=False)
    assert given(portal, portal.cast.bob, made) is None
    assert f"/certificates/{first.id}" in portal.client(portal.cast.ann).get("/certificates")
    verified = portal.client().get(f"/verify/{first.number}")
    assert "Сертификат действителен" in verified


def test_completed_before_it_is_given_at_the_next_round(portal):
    made = course(portal, "text")
    complete(portal, portal.cast.ann, made)
    rule(portal, made)
    assert portal.count(Certificate) == 0
    assert "он не давал сертификата" in portal.client(portal.cast.ann).get(f"/courses/{made}")
    assert renew(portal, portal.cast.ann, made).round == 2


def test_thirty_times_at_once_is_given_once(portal):
    made = certified(portal)
    (lesson,) = lesson_ids(portal, made)
    client = portal.client(portal.cast.ann)
    client.post(f"/courses/{made}/begin")
    clients = [portal.client(portal.cast.ann) for _ in range(8)]
    answers = at_once([lambda one=one: one.post(f"/courses/{made}/lessons/{lesson}/done") for one in clients])
    assert {answer.status for answer in answers} <= {303}
    assert portal.count(Certificate) == 1 and told(portal, portal.cast.ann) == ["certificate"]


def test_taken_back_with_a_cause_and_given_back(portal, htmx):
    made = certified(portal)
    certificate = given(portal, portal.cast.ann, made)
    at = f"/certificates/{certificate.id}"
    hr = portal.client(portal.cast.hana, htmx)
    assert hr.post(f"{at}/revoke", {"why": "  "}).status == 422
    hr.post(f"{at}/revoke", {"why": "Ответы подсказаны"})
    hr.post(f"{at}/revoke", {"why": "Другая причина"})
    assert portal.one(select(Certificate.revoked_why)) == "Ответы подсказаны"
    assert "Ответы подсказаны" in portal.client(portal.cast.ann).get(at)
    verified = portal.client().get(f"/verify/{certificate.number}")
    assert "отозван и недействителен" in verified and "подсказаны" not in verified and "действует" not in verified
    assert portal.client(portal.cast.ann).get(f"{at}/sheet.pdf").status == 404
    assert told(portal, portal.cast.ann) == ["certificate", "certificate_revoked"]
    hr.post(f"{at}/restore")
    hr.post(f"{at}/restore")
    assert "Сертификат действителен" in portal.client().get(f"/verify/{certificate.number}")
    assert every(portal, select(Change.verb).where(Change.subject_kind == "certificate").order_by(Change.id)) == [
        "certificate.revoked",
        "certificate.restored",
    ]


def test_given_back_after_a_newer_one_it_is_renewed(portal):
    made = certified(portal)
    first = given(portal, portal.cast.ann, made)
    hr = portal.client(portal.cast.hana)
    hr.post(f"/certificates/{first.id}/revoke", {"why": "Ошибка"})
    renew(portal, portal.cast.ann, made)
    hr.post(f"/certificates/{first.id}/restore")
    assert portal.count(Certificate, Certificate.standing()) == 1
    assert "выдан новый" in portal.client().get(f"/verify/{first.number}")


def test_who_sees_what(portal):
    cast = portal.cast
    made = certified(portal)
    anns, veras = given(portal, cast.ann, made), given(portal, cast.vera, made)
    sees = {"ann": (200, 404), "bob": (404, 404), "dina": (200, 404), "vera": (404, 200), "mark": (404, 404)}
    sees |= {"ed": (200, 200), "hana": (200, 200), "root": (200, 200)}
    for who, expected in sees.items():
        client = portal.client(getattr(cast, who))
        for certificate, status in zip((anns, veras), expected, strict=True):
            assert client.get(f"/certificates/{certificate.id}").status == status, who
            assert client.get(f"/certificates/{certificate.id}/sheet.pdf").status == status, who
    for who in ("ann", "bob", "dina", "mark"):
        assert portal.client(getattr(cast, who)).post(f"/certificates/{anns.id}/revoke", {"why": "Так"}).status == 403
    # A director sees those who work in the own store, and only as long.
    gone = update(Person).where(Person.id == cast.ann.id).values(store_id=portal.stores.ring)
    portal.run(lambda: db.session.execute(gone))
    assert portal.client(cast.dina).get(f"/certificates/{anns.id}").status == 404


def test_lists_by_store_course_and_state(portal):
    cast = portal.cast
    yearly, ever = certified(portal), certified(portal, months=None)
    anns, veras = given(portal, cast.ann, yearly), given(portal, cast.vera, yearly)
    bobs = given(portal, cast.bob, ever)
    portal.client(cast.hana).post(f"/certificates/{bobs.id}/revoke", {"why": "Ошибка"})

    def shown(who, query=""):
        page = portal.client(getattr(cast, who)).get(f"/certificates/all{query}")
        assert page.status == 200
        return {name for name, one in (("ann", anns), ("vera", veras), ("bob", bobs)) if f'/certificates/{one.id}"' in page}

    assert shown("dina") == {"ann", "bob"} and shown("ed") == shown("root") == {"ann", "vera", "bob"}
    assert shown("dina", f"?store={cast.vera.store_id}") == set()
    assert shown("ed", f"?store={cast.vera.store_id}") == {"vera"} == shown("ed", f"?city={portal.cities['Казань']}")
    assert shown("ed", f"?course={ever}") == {"bob"} == shown("ed", "?state=revoked")
    assert shown("ed", "?state=valid") == {"ann", "vera"} and shown("ed", "?state=expired") == set()
    go_on(days=400)
    assert shown("ed", "?state=expired") == {"ann", "vera"}
    answer = portal.client(cast.dina).get("/certificates/all.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.response.data)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["Борисов Борис Петрович", "Авторова Анна Ивановна"]
    assert rows[1][8] == "Ошибка" and rows[2][7] == "истёк"
    assert portal.client(cast.mark).get("/certificates/all").status == 403


def test_numbers_by_store_city_and_course(portal):
    cast = portal.cast
    yearly, ever = certified(portal), certified(portal, months=None)
    for who in ("ann", "bob", "vera"):
        given(portal, getattr(cast, who), yearly)
    given(portal, cast.vera, ever)
    go_on(days=340)
    renew(portal, cast.bob, yearly)
    hr = portal.client(cast.hana)

    def numbers(view, more=""):
        sheet = hr.get(f"/certificates/numbers.xlsx?view={view}{more}").response.data
        rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
        page = hr.get(f"/certificates/numbers?view={view}{more}")
        assert page.status == 200 and all(row[0] in page for row in rows)
        return {row[0]: tuple(map(int, row[2:])) for row in rows[1:]}

    assert numbers("stores") == {"Радуга": (2, 1, 0), "Кольцо": (2, 1, 0)}
    assert numbers("cities", f"&course={ever}") == {"Казань": (1, 0, 0)}
    go_on(days=370)
    hr = portal.client(cast.hana)
    assert numbers("cities") == {"Москва": (1, 0, 1), "Казань": (1, 0, 1)}
    assert numbers("courses", f"&course={yearly}") == {"Стекло": (1, 0, 2)}
    assert hr.get("/certificates/numbers?view=people").status == 404
    assert portal.client(cast.dina).get("/certificates/numbers").status == 403


def test_a_director_sees_whose_run_out(portal):
    cast, made = portal.cast, certified(portal)
    for who in ("ann", "bob", "vera"):
        given(portal, getattr(cast, who), made)
    assert "сертификат действует" not in portal.client(cast.dina).get("/assignments/team")
    go_on(days=340)
    renew(portal, cast.bob, made)
    go_on(days=370)
    client = portal.client(cast.dina)
    with portal.queries() as statements:
        page = client.get("/assignments/team")
    assert len([one for one in statements if not re.match(NO_QUERY, one)]) <= 12
    assert page.text.count("истёк 1 марта 2028") == 1
    assert "действует до 4 февраля 2029" in client.get(f"/assignments/people/{cast.bob.id}")


def test_pages_ask_little_and_are_well_made(portal):
    cast = portal.cast
    courses = [certified(portal) for _ in range(4)]
    for made in courses:
        for who in ("ann", "bob", "vera"):
            certificate = given(portal, getattr(cast, who), made)
    go_on(days=350)
    pages = [
        ("ann", "/certificates"), ("vera", f"/certificates/{certificate.id}"), ("hana", f"/certificates/{certificate.id}"),
        ("ed", "/certificates/all"), ("ed", "/certificates/numbers"),
        ("ed", f"/certificates/all?city={portal.cities['Казань']}&state=ending"),
        ("ann", "/courses"), ("ann", f"/courses/{courses[0]}"), ("ed", f"/courses/{courses[0]}/certificate"),
        (None, "/verify"), (None, f"/verify/{certificate.number}"),
    ]  # fmt: skip
    for who, address in pages:
        client = portal.client(getattr(cast, who) if who else None)
        with portal.queries() as statements:
            page = client.get(address)
        asked = [one for one in statements if not re.match(NO_QUERY, one)]
        assert page.status == 200 and len(asked) <= 12, (address, asked)
        assert not syntax(page.text) and not structure(parse(page.text, namespaceHTMLElements=False)), address
