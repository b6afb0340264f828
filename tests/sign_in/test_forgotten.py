"""A forgotten password: a letter with a link, or the way through the director where there is no e-mail."""

from __future__ import annotations

import logging
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.database import move_clock
from app.mail import Letter
from app.people.access import AccessLink
from app.people.models import Person
from app.people.sessions import SignIn
from tests.doors import PASSWORD, give, is_inside, renew, sign_in

NEW = "новая кружка синяя"


@pytest.fixture
def mailing(portal):
    """Set the portal up for letters; nobody takes them, they stay in the database."""
    portal.app.config.update(MAIL_URL="smtp://127.0.0.1:1", BASE_URL="https://ritm.example")
    yield portal
    portal.app.config.update(MAIL_URL="", BASE_URL="")


def ask(portal, login):
    return portal.client().post("/sign-in/forgotten", {"login": login})


def link_in(portal):
    text = portal.one(select(Letter.text).order_by(Letter.id.desc()))
    return re.search(r"https://ritm\.example(/i/\w+)", text)[1]


def test_the_letter_brings_a_new_password(mailing):
    ann = mailing.cast.ann
    give(mailing, ann, email="anna@ritm.example")
    elsewhere = mailing.client(ann)
    assert ask(mailing, "Anna@ritm.example").status == 200
    assert mailing.one(select(Letter.address)) == "anna@ritm.example"
    client = mailing.client()
    assert "задайте новый пароль" in client.get(link_in(mailing))
    assert client.post(link_in(mailing), {"password": NEW}).location == "/welcome"
    assert is_inside(client)
    # Whoever else had come in with the old password is out.
    assert not is_inside(elsewhere)
    assert sign_in(mailing.client(), "1001", NEW).location == "/"


def test_the_number_finds_the_address(mailing):
    give(mailing, mailing.cast.ann, email="anna@ritm.example")
    ask(mailing, "01001")
    assert mailing.one(select(Letter.address)) == "anna@ritm.example"


def test_the_answer_tells_nobody_who_exists(mailing):
    give(mailing, mailing.cast.ann, email="anna@ritm.example")
    give(mailing, mailing.cast.vera, email="vera@ritm.example", dismissed_on=date(2024, 5, 1))
    pages = [ask(mailing, login) for login in ("01001", "01002", "09999", "no@ritm.example", "vera@ritm.example")]
    bare = {re.sub(r'(csrf_token" value=|X-CSRFToken": )"[^"]+"', "", page.text) for page in pages}
    assert len(bare) == 1
    assert {page.status for page in pages} == {200}
    assert mailing.count(Letter) == 1


def test_a_shared_address_gets_a_link_for_each(mailing):
    give(mailing, mailing.cast.ann, email="shop@ritm.example")
    give(mailing, mailing.cast.bob, email="shop@ritm.example")
    ask(mailing, "shop@ritm.example")
    assert mailing.count(Letter) == 2
    texts = [row[0] for row in mailing.rows(select(Letter.text))]
    assert any("01001" in text for text in texts) and any("01002" in text for text in texts)


def test_no_flood_of_letters(mailing):
    give(mailing, mailing.cast.ann, email="anna@ritm.example")
    pages = [ask(mailing, "01001") for _ in range(6)]
    assert {page.status for page in pages} == {200}
    assert mailing.count(Letter) == 3


def test_the_link_runs_out_after_two_hours(mailing):
    give(mailing, mailing.cast.ann, email="anna@ritm.example")
    ask(mailing, "01001")
    path = link_in(mailing)
    move_clock(timedelta(hours=2, minutes=1))
    answer = mailing.client().post(path, {"password": NEW})
    assert answer.status == 410
    assert "Срок ссылки истёк" in answer
    assert sign_in(mailing.client(), "1001").location == "/"


def test_a_newer_letter_makes_the_older_void(mailing):
    give(mailing, mailing.cast.ann, email="anna@ritm.example")
    ask(mailing, "01001")
    older = link_in(mailing)
    ask(mailing, "01001")
    assert "более новая" in mailing.client().get(older)
    assert mailing.client().get(link_in(mailing)).status == 200


def test_a_new_password_forgives_the_guesses(mailing):
    give(mailing, mailing.cast.ann, email="anna@ritm.example")
    for _ in range(6):
        sign_in(mailing.client(), "1001", "не тот пароль")
    ask(mailing, "1001")
    mailing.client().post(link_in(mailing), {"password": NEW})
    assert sign_in(mailing.client(), "1001", NEW).location == "/"


def test_without_mail_the_page_says_whom_to_ask(portal):
    give(portal, portal.cast.ann, email="anna@ritm.example")
    page = portal.client().get("/sign-in/forgotten")
    assert "директора магазина" in page and 'name="login"' not in page
    assert "Письма здесь не отправляются" in ask(portal, "01001")
    assert portal.count(Letter) == 0


def test_the_host_of_the_request_never_gets_into_a_letter(mailing):
    give(mailing, mailing.cast.ann, email="anna@ritm.example")
    mailing.client().post("/sign-in/forgotten", {"login": "01001"}, headers={"Host": "evil.example"})
    assert "evil.example" not in (mailing.one(select(Letter.text)) or "")


def test_secrets_stay_out_of_the_log(mailing, caplog):
    caplog.set_level(logging.DEBUG)
    give(mailing, mailing.cast.ann, email="anna@ritm.example")
    ask(mailing, "01001")
    path = link_in(mailing)
    client = mailing.client()
    client.post(path, {"password": "123"})
    renew(client)
    client.post(path, {"password": "канарейка в клетке"})
    sign_in(mailing.client(), "1001", "канарейка на воле")
    said = caplog.text
    assert "канарейка" not in said
    assert path.rsplit("/", 1)[-1] not in said


def test_nothing_in_the_database_opens_the_door(mailing):
    give(mailing, mailing.cast.ann, email="anna@ritm.example")
    ask(mailing, "01001")
    code = link_in(mailing).rsplit("/", 1)[-1]
    kept = mailing.rows(select(AccessLink.token_hash, AccessLink.nonce))[0]
    assert code not in kept
    assert mailing.one(select(Person.password_hash).where(Person.id == mailing.cast.ann.id)) != PASSWORD
    assert mailing.count(SignIn) == 0
