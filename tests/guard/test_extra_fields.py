"""Fields that no form has do nothing: whoever adds role, author_id or points to a form gets what the form gives."""

from __future__ import annotations

import pytest

from app.database import UTCDateTime
from tests.guard.world import ROLES, contents, form_of, on_sqlite

# What somebody might try, with values that would show.
EXTRA = {
    "role": "administrator", "roles": "administrator", "permissions": "grant_roles", "is_admin": "1", "admin": "true",
    "granted_by_id": "1", "points": "100000", "balance": "100000", "author_id": "1", "author": "1", "owner_id": "1",
    "person_id": "1", "person": "1", "actor_id": "1", "user_id": "1", "_user_id": "1", "store_id": "3", "store": "3",
    "city_id": "1", "position": "director", "kind": "announcement", "id": "1", "entry_id": "1", "status": "applied",
    "published_at": "2020-01-01", "created_at": "2020-01-01", "deleted_at": "2020-01-01", "hidden_at": "2020-01-01",
    "pinned_at": "2020-01-01", "pinned": "1", "hidden": "1", "like_count": "999", "thanks_count": "999", "version": "99",
    "body_html": "<script>alert(1)</script>", "excerpt_html": "<b>x</b>", "password_hash": "x", "pin_hash": "x",
    "dismissed_on": "2020-01-01", "hired_on": "2020-01-01", "personnel_number": "99999", "number_key": "99999",
    "audience_id": "1", "decision": "hidden", "resolved_by_id": "1", "reporter_id": "1", "terminal_id": "1",
    "expires_at": "2099-01-01", "used_at": "", "is_office": "1", "token_hash": "x", "badge_hash": "x", "_method": "DELETE",
}  # fmt: skip
# {endpoint: the fields of this list that its form really has}.
OWN_FIELDS: dict[str, set[str]] = {
    "staff.create": {"store_id", "position", "hired_on", "personnel_number"},
    "staff.update": {"store_id", "position", "hired_on", "personnel_number"},
    "staff.dismiss": {"dismissed_on"},
    "staff.rehire": {"hired_on"},
    "roles.update": {"roles"},
    "stores.create": {"city_id", "is_office"},
    "stores.update": {"city_id", "is_office"},
}


def is_random(column):
    """Tell whether a column differs between two runs of the same act: times, digests of secrets, keys of files."""
    return isinstance(column.type, UTCDateTime) or column.name.endswith(("_hash", "_key", "nonce")) or (
        column.table.name in ("photo", "task_photo") and column.name == "key"
    )  # fmt: skip


# What it leaves is random each time: the portal's own key, made when the first browser asks for it.
ANEW = {"push.key"}


@on_sqlite
@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("terminal", "management")])
def test_fields_that_no_form_has_do_nothing(world, role):
    wrong = []
    for ask in world.asks(role, ("POST",)):
        if ask.endpoint in ANEW:
            continue
        outcomes = []
        for extra in (False, True):
            own = form_of(ask.endpoint)
            added = {
                name: value for name, value in EXTRA.items() if name not in own.keys() | OWN_FIELDS.get(ask.endpoint, set())
            }
            client = world.client(role)
            answer = client.post(ask.own, {**own, **(added if extra else {})})
            outcomes.append((answer.status, contents(world.app, is_random)))
            world.restore()
        (plain_status, plain), (status, rows) = outcomes
        differs = [table for table in plain if plain[table] != rows[table]]
        if status != plain_status or differs:
            wrong.append(f"POST {ask.own} as {role}: {plain_status} → {status}, differs in {differs}")
    assert not wrong, "\n".join(wrong)
