"""Who may do what to whose things: every role × address × {own, a colleague's, foreign, missing}, against a table.

The table is tests/guard/access_matrix.txt. A new route fails until its line is there: `RITM_WRITE_MATRIX=1 python -m pytest
tests/guard/test_access_matrix.py` writes it, and then somebody reads it before it is committed. A cell says how the
portal answers for one's own / a colleague's / a foreign / a missing thing, once where all are the same; "in" is the way
to the sign-in page, "→" another redirect.
Something foreign that is answered by 404 must look exactly like something that is not there.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.guard.world import ROLES

TABLE = Path(__file__).with_name("access_matrix.txt")
WRITE = os.environ.get("RITM_WRITE_MATRIX") == "1"
HEAD = """# Written by `RITM_WRITE_MATRIX=1 python -m pytest tests/guard/test_access_matrix.py`, read by people.
# own/colleague's/foreign/missing; in: to the sign-in page; →: elsewhere; 422: came as far as the form.
"""


# Acts are undone after each of them, which is cheap on SQLite alone; what one may look at, PostgreSQL is asked as well.
ASKED = [
    *[("sqlite", role, ("GET", "POST")) for role in ROLES],
    *[("postgresql", role, ("GET",)) for role in ("employee", "director", "editor")],
]


@pytest.mark.parametrize(
    ("app", "role", "methods"), ASKED, indirect=["app"], ids=[f"{role}-{kind}" for kind, role, _ in ASKED]
)
def test_matrix(world, role, methods):
    found, wrong = {}, []
    for ask in world.asks(role, methods):
        cells, bodies = [], {}
        for kind, address in ask.addresses.items():
            answer = world.ask(world.client(role), ask, kind)
            if world.is_sqlite:
                world.restore()
            cells.append(_cell(answer))
            bodies[kind] = _bare(answer, address)
            if answer.status == 500:
                wrong.append(f"{ask.method} {address} is answered by 500")
        if cells[2:3] == ["404"] and bodies["foreign"] != bodies["missing"]:
            wrong.append(f"{ask.method} {ask.rule}: what is foreign must look like what is missing")
        found[f"{ask.method} {ask.rule}"] = "/".join(cells) if len(set(cells)) > 1 else cells[0]
    if WRITE and world.is_sqlite:
        _write(role, found)
    assert not wrong, "\n".join(wrong)
    table = {route: cells for route, cells in _read().items() if route.startswith(methods)}
    expected = {route: cells.get(role) for route, cells in table.items() if cells.get(role) != "-"}
    differs = [
        f"{route}: {role} gets {found.get(route, 'no such route')}, the table says {expected.get(route, 'nothing')}"
        for route in sorted(found.keys() | expected.keys())
        if found.get(route) != expected.get(route)
    ]
    assert not differs, "\n".join([f"{TABLE.name} and the portal differ:", *differs])


def _cell(answer):
    if answer.location:
        return "in" if re.match(r"/sign-in(\?|$)", answer.location) else "→"
    return str(answer.status)


def _bare(answer, address):
    """Return an answer without what differs between any two requests: tokens, and the address itself."""
    text = answer.response.get_data().decode("utf-8", "replace").replace(address, "ADDRESS")
    text = re.sub(r'("X-CSRFToken": "|name="csrf_token" value=")[^"]*', r"\1TOKEN", text)
    headers = sorted((name, value) for name, value in answer.headers if name not in ("Date", "Set-Cookie", "Content-Length"))
    return text, headers


def _read():
    table = {}
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")] if TABLE.exists() else []
    names = lines[0].split()[2:] if lines else []
    for line in lines[1:]:
        method, address, *cells = line.split()
        table[f"{method} {address}"] = dict(zip(names, cells, strict=True))
    return table


def _write(role, found):
    """Put a role's column into the table, without the routes that are gone."""
    table = _read()
    rows = {route: {**table.get(route, {}), role: cell} for route, cell in found.items()}
    width = max(len(route) for route in rows) + 1
    address = {route: route.split(" ", 1) for route in rows}
    lines = [f"{'method':<7}{'address':<{width}}" + "".join(f"{name:<17}" for name in ROLES)]
    for route, cells in sorted(rows.items(), key=lambda item: (address[item[0]][1], item[0])):
        method, path = address[route]
        lines.append(f"{method:<7}{path:<{width}}" + "".join(f"{cells.get(name, '-'):<17}" for name in ROLES))
    TABLE.write_text(HEAD + "\n".join(line.rstrip() for line in lines) + "\n")
