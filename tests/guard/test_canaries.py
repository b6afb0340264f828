"""Secrets stay secret: passwords, PINs, codes and tokens that went through the portal stand in no log and no traceback.

Each form is sent with a canary in it: once as it should be, once while every write fails, so that tracebacks are written.
"""

from __future__ import annotations

import io
import logging
import re
import sqlite3

import pytest
from sqlalchemy import text

from app.extensions import db
from tests.guard.forms import forms_in, is_only_a_button
from tests.guard.test_hostile_texts import forms_of
from tests.guard.world import ROLES, on_sqlite
from tests.quality.wire import Company
from tests.servers import portal

CANARY = "Kanarienvogel-93184"
SECRET_FIELDS = re.compile(r"passw|pin|code|token|secret|badge|key", re.I)
# Written by people for others to read; what is private is not the same as secret, yet no log quotes that either.
ALL_FIELDS = re.compile(r".")


@pytest.fixture
def logs():
    """Collect all that is logged, at every level, with its tracebacks."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def break_writing(app):
    """Let every INSERT and UPDATE fail with an error that nobody foresaw."""
    with app.app_context(), db.engine.begin() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        for name in names:
            if not name.startswith(("sqlite_", "alembic_")):
                for act in ("INSERT", "UPDATE"):
                    connection.execute(
                        text(f"CREATE TRIGGER break_{act}_{name} BEFORE {act} ON {name} "
                             f"BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END")
                    )  # fmt: skip


@on_sqlite
@pytest.mark.parametrize("role", [role for role in ROLES if role != "management"])
def test_forms_with_canaries(world, role, logs, capfd):
    forms = [form for form in forms_of(world, role) if form.method == "post"]
    broke = 0
    for broken in (False, True):
        for form in forms:
            if broken:
                break_writing(world.app)
            client = world.client(role)
            fields = [(name, value) for name, value in form.fields if name != "csrf_token"]
            fields += [(name, CANARY) for name in form.texts if name != "next"]
            data = {"csrf_token": client.csrf}
            for name, value in fields:
                data[name] = CANARY if SECRET_FIELDS.search(name) or not value else value
            broke += client.raw.post(form.action, data=data).status_code >= 500
            world.restore()
    said = logs.getvalue() + "".join(capfd.readouterr())
    assert CANARY not in said
    for token in world.tokens.values():
        assert token not in said
    if role in ("employee", "admin"):
        assert broke and "Traceback" in said, "nothing broke, so nothing was tested"


@on_sqlite
def test_addresses_with_tokens(world, logs):
    """A secret in an address (an invitation, a badge) is not written down when its page breaks."""
    paths = [rule.rule for rule in world.app.url_map.iter_rules() if re.search(r"<(?!int|noun|any|path)[^>]*>", rule.rule)]
    for broken in (False, True):
        if broken:
            break_writing(world.app)
        for path in paths:
            address = re.sub(r"<int:[^>]*>", "7", re.sub(r"<any\((\w+)[^>]*>", r"\1", path)).replace("<noun:noun>", "posts")
            address = re.sub(r"<[^>]*>", CANARY, address)
            world.client("stranger").get(address)
            client = world.client("stranger")
            client.post(address, {"password": CANARY, "again": CANARY, "pin": CANARY})
    world.restore()
    assert CANARY not in logs.getvalue()


def test_server_log(tmp_path):
    """What gunicorn writes: nothing of a password, right or wrong, even when the database breaks in the middle."""
    company = Company(tmp_path / "company", f"sqlite:///{tmp_path / 'company' / 'ritm.sqlite3'}")
    log = tmp_path / "log"
    with portal(company.environment, log=log) as address:
        browser = company.wire(address, "ann")
        for broken in (False, True):
            if broken:
                with sqlite3.connect(company.folder / "ritm.sqlite3") as connection:
                    connection.execute(
                        "CREATE TRIGGER broken BEFORE UPDATE ON person BEGIN SELECT RAISE(ABORT, 'on purpose'); END"
                    )
                connection.close()
            for path in ("/sign-in", "/profile", "/terminal"):
                page = browser.get(path)
                for form in forms_in(page.text, path) if page.status == 200 else ():
                    if is_only_a_button(form):
                        continue
                    browser.post(
                        form.action,
                        dict(form.filled("password", CANARY)) | {"login": "01001", "about": f"{CANARY} {broken}"},
                    )
    company.close()
    written = log.read_text()
    assert "Traceback" in written, "nothing broke, so nothing was tested"
    assert CANARY not in written and browser.csrf not in written and browser.cookie not in written
