"""The page of verification: open to everybody, in any spelling, saying no more than it must, and not to be guessed at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.database import move_clock
from app.extensions import db
from app.learning import certificate_numbers
from app.learning.certificate_models import Certificate
from tests.learning.certified import certified, given, go_on, renew


@pytest.fixture(autouse=True)
def morning(portal):
    """Begin on the morning of 1 March 2027."""
    go_on()
    yield
    move_clock(timedelta())


def foreign(number):
    """Return a number that fits and was never given."""
    other = next(symbol for symbol in certificate_numbers.SYMBOLS if symbol != number[0])
    return certificate_numbers.complete(other + number[1:7])


def test_a_valid_one_in_any_spelling(portal):
    certificate = given(portal, portal.cast.ann, certified(portal))
    number, stranger = certificate.number, portal.client()
    cyrillic = number.translate(str.maketrans("ABEKMHPCTYX", "АВЕКМНРСТУХ"))
    for typed in (number, number.lower(), f"{number[:4]}-{number[4:]}", f" {number[:2]} {number[2:]} ", cyrillic.lower()):
        answer = stranger.get("/verify", query_string={"number": typed})
        assert answer.location.endswith(f"/verify/{number[:4]}-{number[4:]}")
        page = stranger.get(f"/verify/{typed}")
        assert page.status == 200 and "Сертификат действителен" in page
    for words in ("Авторова А. И.", "«Стекло»", "1 марта 2027", "1 марта 2028"):
        assert words in page
    for words in ("Анна", "Ивановна", "Радуга", "Москва", "01001", f"/certificates/{certificate.id}"):
        assert words not in page
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive" and 'content="noindex' in page
    assert page.headers["Cache-Control"] == "no-store"


def test_what_became_of_it(portal):
    cast, made = portal.cast, certified(portal)
    first, bobs = given(portal, cast.ann, made), given(portal, cast.bob, made)
    stranger = portal.client()
    go_on(days=340)
    assert "Сертификат действителен" in stranger.get(f"/verify/{first.number}")
    second = renew(portal, cast.ann, made)
    assert second.number != first.number
    assert "выдан новый" in stranger.get(f"/verify/{first.number}")
    go_on(days=368)
    page = stranger.get(f"/verify/{bobs.number}")
    assert "Срок сертификата истёк" in page and "истёк 1 марта 2028" in page
    assert "Сертификат действителен" in stranger.get(f"/verify/{second.number}")


def test_slips_and_numbers_that_were_never_given(portal):
    certificate = given(portal, portal.cast.ann, certified(portal))
    stranger = portal.client()
    page = stranger.get(f"/verify/{foreign(certificate.number)}")
    assert page.status == 404 and "не выдавался" in page
    for typed in ("ABC", "OOOO-OOOO", certificate.number[:7], "<script>alert(1)</script>", "К" * 300):
        page = stranger.get(f"/verify/{typed}")
        assert page.status in (404, 422) and "<script>alert" not in page
    assert stranger.get("/verify").status == stranger.get("/verify?number=+-+").status == 200


def test_guessing_is_stopped_and_mistyping_is_not(portal):
    certificate = given(portal, portal.cast.ann, certified(portal))
    stranger = portal.client()
    for _ in range(70):
        assert stranger.get("/verify/ABCD-EFGJ").status == 422
    wrong = foreign(certificate.number)
    answers = [stranger.get(f"/verify/{wrong}").status for _ in range(62)]
    assert answers == [404] * 60 + [429] * 2
    # Nobody learns any more from there, not even what is true; from elsewhere one does.
    assert stranger.get(f"/verify/{certificate.number}").status == 429
    elsewhere = portal.client()
    assert elsewhere.raw.get(f"/verify/{certificate.number}", environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 200


def test_of_somebody_who_was_erased_it_proves_nothing(portal):
    certificate = given(portal, portal.cast.ann, certified(portal))
    portal.run(lambda: db.session.execute(update(Certificate).values(full_name="", short_name="")))
    page = portal.client().get(f"/verify/{certificate.number}")
    assert "данные о владельце удалены" in page and "«Стекло»" not in page
