"""Making invitations: who may for whom, the sheet to print, letters, and the code for somebody who forgot."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.database import move_clock, reading
from app.extensions import db
from app.mail import Letter
from app.people.access import AccessLink
from app.people.codes import grouped
from app.people.models import Change
from tests.doors import give


def invite(portal, who, people, store=None):
    """Invite people of a store; return the answer and the codes by person."""
    store = store or people[0].store_id
    client = portal.client(getattr(portal.cast, who))
    answer = client.post(f"/stores/{store}/invitations", {"people": [person.id for person in people]})
    return answer, codes(portal)


def codes(portal):
    with portal.context(), reading():
        return {link.person_id: link.code for link in db.session.scalars(select(AccessLink).where(AccessLink.unspent()))}


def test_a_director_prints_the_sheet_of_the_store(portal, htmx):
    director = portal.client(portal.cast.dina, htmx=htmx)
    page = director.get(f"/stores/{portal.stores.raduga}/invitations")
    assert "Авторова Анна Ивановна" in page and "01001" in page
    people = [portal.cast.ann.id, portal.cast.bob.id]
    answer = director.post(f"/stores/{portal.stores.raduga}/invitations", {"people": people})
    assert answer.location == f"/stores/{portal.stores.raduga}/invitations/sheet"
    sheet = director.get(answer.location)
    for code in codes(portal).values():
        assert grouped(code) in sheet
    assert sheet.text.count("<svg aria-hidden") == 2
    assert "style=" not in sheet.text.split("strips", 1)[1].split("</main>")[0]
    assert "Авторова Анна Ивановна" in sheet and "Директорова" not in sheet.text.split("strips")[1]
    # The sheet can be printed again as long as the codes are good.
    assert all(grouped(code) in director.get(answer.location) for code in codes(portal).values())
    assert portal.rows(select(Change.verb)) == [("invitation.made",), ("invitation.made",)]


def test_chosen_are_those_who_have_not_come_in(portal):
    give(portal, portal.cast.bob)
    page = portal.client(portal.cast.dina).get(f"/stores/{portal.stores.raduga}/invitations")
    boxes = dict(re.findall(r'name="people" value="(\d+)"( checked)?', page.text))
    assert boxes[str(portal.cast.ann.id)] and not boxes[str(portal.cast.bob.id)]


def test_a_new_code_makes_the_older_void(portal):
    _, first = invite(portal, "dina", [portal.cast.ann])
    _, second = invite(portal, "hana", [portal.cast.ann])
    assert first != second
    assert "более новая" in portal.client().get(f"/i/{first[portal.cast.ann.id]}")
    assert portal.client().get(f"/i/{second[portal.cast.ann.id]}").status == 200


@pytest.mark.parametrize("who", ["ann", "ed", "mark"])
def test_nobody_else_invites(portal, who):
    client = portal.client(getattr(portal.cast, who))
    assert client.get("/invitations").status == 403
    assert client.post(f"/stores/{portal.stores.raduga}/invitations", {"people": portal.cast.bob.id}).status == 403
    assert client.post(f"/people/{portal.cast.bob.id}/access").status == 403


def test_a_director_reaches_no_other_store(portal):
    client = portal.client(portal.cast.dina)
    assert client.get("/invitations").location == f"/stores/{portal.stores.raduga}/invitations"
    for path in (f"/stores/{portal.stores.ring}/invitations", f"/people/{portal.cast.vera.id}/access"):
        assert client.get(path).status == 404
        assert client.post(path, {"people": portal.cast.vera.id}).status == 404
    # Nor through the form of the own one.
    answer, made = invite(portal, "dina", [portal.cast.vera], store=portal.stores.raduga)
    assert answer.status == 422 and made == {}


def test_hr_reaches_all_stores_and_sees_how_far_they_are(portal):
    give(portal, portal.cast.bob)
    invite(portal, "hana", [portal.cast.ann])
    page = portal.client(portal.cast.hana).get("/invitations")
    assert "вошли 1 из 3" in page and "1 приглашён" in page and "1 без приглашения" in page
    assert "Маяк" in page


def test_nobody_hands_out_more_power_than_his_own(portal):
    """Whoever holds a link can use it: a director gets none for head office's roles, HR none for an administrator."""
    moved = {"store_id": portal.cast.dina.store_id}
    give(portal, portal.cast.root, **moved)
    give(portal, portal.cast.ed, **moved)
    director, hr, admin = (portal.client(getattr(portal.cast, who)) for who in ("dina", "hana", "root"))
    assert director.post(f"/people/{portal.cast.ed.id}/access").status == 404
    assert director.post(f"/people/{portal.cast.root.id}/access").status == 404
    assert "Админова" not in director.get(f"/stores/{portal.stores.raduga}/invitations")
    assert hr.post(f"/people/{portal.cast.ed.id}/access").location
    assert hr.post(f"/people/{portal.cast.root.id}/access").status == 404
    assert admin.post(f"/people/{portal.cast.root.id}/access").location


def test_nobody_chosen_is_said(portal):
    answer = portal.client(portal.cast.dina).post(f"/stores/{portal.stores.raduga}/invitations")
    assert answer.status == 422
    assert "Выберите, кого пригласить" in answer
    for odd in ("x", "-1", "9" * 30):
        assert invite_raw(portal, odd).status == 422


def invite_raw(portal, text):
    return portal.client(portal.cast.dina).post(f"/stores/{portal.stores.raduga}/invitations", {"people": text})


def test_somebody_dismissed_is_not_invited(portal):
    give(portal, portal.cast.ann, password=None, dismissed_on=date(2024, 5, 1))
    answer, made = invite(portal, "dina", [portal.cast.ann])
    assert answer.status == 422 and made == {}


def test_the_director_helps_who_forgot_the_password(portal, htmx):
    give(portal, portal.cast.ann)
    director = portal.client(portal.cast.dina, htmx=htmx)
    path = f"/people/{portal.cast.ann.id}/access"
    assert "Сделать код" in director.get(path)
    assert director.post(path).location == path
    code = codes(portal)[portal.cast.ann.id]
    assert grouped(code) in director.get(path)
    assert (portal.one(select(AccessLink.kind)), portal.one(select(Change.verb))) == ("reset", "reset.made")
    move_clock(timedelta(hours=2, minutes=1))
    assert portal.client().get(f"/i/{code}").status == 410


def test_letters_to_those_with_an_address(portal):
    give(portal, portal.cast.ann, password=None, email="anna@ritm.example")
    client = portal.client(portal.cast.dina)
    path = f"/stores/{portal.stores.raduga}/invitations"
    people = {"people": [portal.cast.ann.id, portal.cast.bob.id]}
    assert "Почта не настроена" in client.post(f"{path}/send", people)
    portal.app.config.update(MAIL_URL="smtp://127.0.0.1:1", BASE_URL="https://ritm.example")
    try:
        assert client.post(f"{path}/send", people).location == path
        assert "нет почты" in client.post(f"{path}/send", {"people": portal.cast.bob.id})
    finally:
        portal.app.config.update(MAIL_URL="", BASE_URL="")
    address, text = portal.rows(select(Letter.address, Letter.text))[0]
    assert address == "anna@ritm.example"
    assert f"https://ritm.example/i/{codes(portal)[portal.cast.ann.id]}" in text
    assert portal.count(Letter) == 1
