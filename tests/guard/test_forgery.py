"""A changing request counts only from the portal's own pages: with its token, from its origin; else nothing changes."""

from __future__ import annotations

import pytest

from tests.guard.world import changed, fingerprint, form_of, is_public

# What mail programs send by themselves at one click (RFC 8058): the address is the proof, and does nothing but stop letters.
WITHOUT_TOKEN = {"notifications.unsubscribe"}
FORGERIES = ("no token", "somebody else's token", "a foreign origin", "a token in the address")


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_posts_are_refused_and_change_nothing(world, forgery):
    before = fingerprint(world.app)
    wrong = []
    for role in ("employee", "admin", "stranger"):
        strange = world.client("director").csrf
        for ask in world.asks(role, ("POST",)):
            if ask.endpoint in WITHOUT_TOKEN and forgery != "a foreign origin":
                continue
            client = world.client(role)
            fields, headers, address = {"csrf_token": client.csrf, **form_of(ask.endpoint)}, {}, ask.own
            if forgery == "somebody else's token":
                fields["csrf_token"] = strange
            elif forgery == "a foreign origin":
                headers["Origin"] = "https://portal.example.org"
            else:
                token = fields.pop("csrf_token")
                address += f"?csrf_token={token}" if forgery == "a token in the address" else ""
            answer = client.raw.post(address, data=fields, headers=headers)
            turned_away = role == "stranger" and not is_public(world.app, ask.endpoint) and answer.status_code in (302, 303)
            if answer.status_code != 400 and not turned_away:
                wrong.append(f"POST {address} as {role} with {forgery}: {answer.status_code}")
        after = fingerprint(world.app)
        if after != before:
            wrong.append(f"as {role} with {forgery}: changed {changed(before, after)}")
    assert not wrong, "\n".join(wrong)


def test_a_token_in_the_header_counts_as_well(world):
    """So htmx sends it."""
    client = world.client("employee", htmx=True)
    fields = form_of("content_helpers.save")
    answer = client.raw.post("/drafts", data=fields, headers={"X-CSRFToken": client.csrf, "HX-Request": "true"})
    assert answer.status_code == 204


def test_other_methods_are_not_there(world):
    """A route that took PUT or DELETE would be outside of what these tests walk."""
    strange = [
        str(rule) for rule in world.app.url_map.iter_rules() if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS", "POST"}
    ]
    assert not strange
