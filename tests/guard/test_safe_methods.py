"""Looking changes nothing: every GET, HEAD and OPTIONS of every role leaves the database as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.database import move_clock
from tests.guard.world import READING_CHANGES, ROLES, changed, fingerprint


@pytest.mark.parametrize("role", ROLES)
def test_reading_changes_nothing(world, role):
    # Long enough that "last seen" is written, too short for a terminal to lock.
    move_clock(timedelta(minutes=1))
    before = fingerprint(world.app, READING_CHANGES)
    wrong = []
    for ask in world.asks(role, ("GET",)):
        for htmx in (False, True):
            answer = world.ask(world.client(role, htmx), ask)
            if answer.status >= 500:
                wrong.append(f"GET {ask.own} as {role}: {answer.status}")
        head = world.client(role).raw.head(ask.own)
        if head.status_code >= 500 or head.get_data():
            wrong.append(f"HEAD {ask.own} as {role}: {head.status_code}")
        if world.client(role).raw.options(ask.own).status_code >= 500:
            wrong.append(f"OPTIONS {ask.own} as {role}")
        after = fingerprint(world.app, READING_CHANGES)
        if after != before:
            wrong.append(f"GET {ask.own} as {role} changes {changed(before, after)}")
            before = after
    assert not wrong, "\n".join(wrong)
