"""The first administrator: made from the command line, found again by the import."""

from __future__ import annotations

import re

from sqlalchemy import select

from app.people.access import AccessLink
from app.people.models import City, Person, RoleGrant, Store
from tests.doors import give, is_inside


def run(portal, *arguments):
    return portal.app.test_cli_runner().invoke(args=["people", "administrator", *arguments])


def test_into_an_empty_portal(bare):
    result = run(bare, "00042", "--name", "ИВАНОВА Ольга Петровна", "--email", "Olga@Ritm.example", "--city", "Пермь")
    assert result.exit_code == 0, result.output
    assert bare.rows(select(Person.number_key, Person.last_name, Person.email)) == [("42", "Иванова", "olga@ritm.example")]
    assert bare.rows(select(Store.is_office, City.name, City.zone).join(City)) == [(True, "Пермь", "Asia/Yekaterinburg")]
    assert bare.rows(select(RoleGrant.role)) == [("administrator",)]
    client = bare.client()
    answer = client.post(re.search(r"/i/\w+", result.output)[0], {"password": "синяя кружка луна"})
    assert answer.location == "/welcome"
    assert client.get("/admin/terminals").status == 200


def test_somebody_of_the_list_is_promoted(portal):
    give(portal, portal.cast.ann)
    result = run(portal, "1001")
    assert result.exit_code == 0, result.output
    assert portal.one(select(AccessLink.kind)) == "reset"
    client = portal.client(portal.cast.ann)
    assert is_inside(client) and client.get("/admin/terminals").status == 200


def test_what_is_missing_is_said(bare):
    for arguments in (
        ["00042"],
        ["00042", "--name", "Ольга"],
        ["---"],
        ["00042", "--name", "Иванова Ольга", "--email", "x"],
    ):
        result = run(bare, *arguments)
        assert result.exit_code != 0
        assert "Traceback" not in result.output
    assert bare.count(Person) == 0


def test_twice_is_harmless(portal):
    assert run(portal, "1001").exit_code == run(portal, "1001").exit_code == 0
    assert portal.count(RoleGrant, RoleGrant.person_id == portal.cast.ann.id) == 1
