"""Making a browser a terminal by a code, and looking after terminals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import move_clock
from app.people.access import TerminalCode
from app.people.codes import grouped
from app.people.models import Change
from app.people.sessions import SignIn, Terminal
from app.people.terminals import COOKIE
from tests.doors import PIN, at_once, at_terminal, give, is_inside, pin_in


def issue(portal, store_id=None):
    store_id = store_id or portal.cast.ann.store_id
    return portal.run(lambda: TerminalCode.make(store_id, portal.cast.dina.id).code)


def enrol(client, code):
    return client.post("/terminal", {"code": code})


def test_a_director_gets_a_code_and_the_store_pc_becomes_a_terminal(portal, htmx):
    director = portal.client(portal.cast.dina, htmx=htmx)
    assert director.post("/admin/terminals/codes", {"store": portal.cast.dina.store_id}).location == "/admin/terminals"
    with portal.context():
        code = portal.one(select(TerminalCode)).code
    assert grouped(code) in director.get("/admin/terminals")
    pc = portal.client(htmx=htmx)
    assert "Код терминала" in pc.get("/terminal")
    answer = enrol(pc, grouped(code))
    assert answer.location == "/terminal"
    cookie = next(v for n, v in answer.headers if n == "Set-Cookie" and v.startswith(COOKIE))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Max-Age=34560000" in cookie
    assert "Авторова" in pc.get("/terminal")
    assert portal.rows(select(Change.verb).order_by(Change.id)) == [("terminal.code_issued",), ("terminal.enrolled",)]


@pytest.mark.parametrize("spelled", [str.lower, grouped, lambda code: " " + " ".join(code) + " ", "russian"])
def test_a_code_is_read_as_it_was_meant(portal, spelled):
    code = issue(portal)
    text = code.translate(str.maketrans("ACEHKMPTX", "АСЕНКМРТХ")).lower() if spelled == "russian" else spelled(code)
    assert enrol(portal.client(), text).location == "/terminal"


def test_a_code_enrols_once(portal):
    code = issue(portal)
    assert enrol(portal.client(), code).location == "/terminal"
    assert "Код не подходит" in enrol(portal.client(), code)
    assert portal.count(Terminal) == 1


def test_of_two_at_once_one_is_enrolled(portal):
    code = issue(portal)
    answers = at_once([lambda: enrol(portal.client(), code).status for _ in range(6)])
    assert sorted(answers) == [303, 422, 422, 422, 422, 422]
    assert portal.count(Terminal) == 1


def test_a_code_runs_out_after_ten_minutes(portal):
    code = issue(portal)
    move_clock(timedelta(minutes=10, seconds=1))
    assert enrol(portal.client(), code).status == 422


def test_a_new_code_makes_the_former_void(portal):
    former = issue(portal)
    issue(portal)
    assert enrol(portal.client(), former).status == 422


@pytest.mark.parametrize("text", ["", "ACEH2345", "\x00", "😀" * 50, "1" * 5000])
def test_anything_else_is_refused(portal, text):
    assert enrol(portal.client(), text).status == 422
    assert portal.count(Terminal) == 0


def test_who_enrolled_does_not_stay_signed_in_on_the_shared_pc(portal):
    pc = portal.client(portal.cast.dina)
    enrol(pc, issue(portal))
    assert not is_inside(pc)
    assert portal.one(select(SignIn.end_cause)) == "replaced"


def test_a_director_has_no_say_over_other_stores(portal):
    director = portal.client(portal.cast.dina)
    foreign = portal.terminal(portal.stores.ring)
    assert director.post("/admin/terminals/codes", {"store": portal.stores.ring}).status == 404
    assert director.post(f"/admin/terminals/{foreign.id}", {"name": "Моя"}).status == 404
    assert director.post(f"/admin/terminals/{foreign.id}/revoke").status == 404
    assert "Кольцо" not in director.get("/admin/terminals")
    assert portal.one(select(Terminal.revoked_at)) is None


@pytest.mark.parametrize("who", ["ann", "ed", "hana", "mark"])
def test_nobody_else_looks_after_terminals(portal, who):
    client = portal.client(getattr(portal.cast, who))
    assert client.get("/admin/terminals").status == 403
    assert client.post("/admin/terminals/codes", {"store": portal.stores.raduga}).status == 403


def test_an_administrator_looks_after_all(portal):
    admin = portal.client(portal.cast.root)
    portal.terminal(portal.stores.ring)
    page = admin.get("/admin/terminals")
    assert "Кольцо" in page and "Радуга" in page
    assert admin.post("/admin/terminals/codes", {"store": portal.stores.mayak}).location == "/admin/terminals"


def test_renaming_is_logged(portal):
    terminal = portal.terminal(portal.stores.raduga)
    portal.client(portal.cast.dina).post(f"/admin/terminals/{terminal.id}", {"name": "У входа"})
    assert portal.one(select(Terminal.name)) == "У входа"
    assert portal.one(select(Change.details)) == {"terminal_name": ["Касса", "У входа"]}


def test_taking_out_of_service_ends_its_sessions_at_once(portal):
    give(portal, portal.cast.ann, pin=PIN)
    terminal = portal.terminal(portal.stores.raduga)
    pc = at_terminal(portal, terminal)
    pin_in(pc, portal.cast.ann)
    assert is_inside(pc)
    portal.client(portal.cast.dina).post(f"/admin/terminals/{terminal.id}/revoke")
    assert not is_inside(pc)
    assert portal.one(select(SignIn.end_cause).where(SignIn.person_id == portal.cast.ann.id)) == "revoked"
    assert "Код терминала" in pc.get("/terminal")
    assert pin_in(pc, portal.cast.ann).status == 422
    assert not is_inside(pc)
