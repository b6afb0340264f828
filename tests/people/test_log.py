"""The log of changes: every verb of the code has its sentence and every field its name."""

import ast
from pathlib import Path

from app.people import log
from app.people.import_apply import _LOG_VERBS, _LOGGED

APP = Path(__file__).resolve().parent.parent.parent / "app"
# Where the verb is put together, and what may come of it; a new place must be listed here.
COMPOSED = {
    "content/moderation.py": {
        f"{kind}.{verb}" for kind in ("entry", "comment") for verb in ("hidden", "shown", "kept", "reopened")
    },
    "people/invitations.py": {"invitation.made", "reset.made", "password.changed", "person.came_in"},
    "people/stores.py": {"store.changed", "city.changed"},
    "people/absences.py": {"absence.noted", "absence.ended", "absence.removed"},
    "demo/filling.py": {"demo.made"},
}
# The import writes its lines in bulk.
IMPORTED = {f"person.{_LOG_VERBS.get(verb, verb)}" for verb in _LOGGED} | {
    "person.rehired",
    "person.unhired",
    "person.restored",
}
NOT_FIELDS = {"actor_id", "name", "kind"}


def calls():
    """Return every call of log_change as (file, node)."""
    found = []
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "log_change":
                found.append((path.relative_to(APP).as_posix(), node))
    return found


def test_every_verb_has_words():
    verbs = set().union(IMPORTED, *COMPOSED.values())
    for file, node in calls():
        if isinstance(node.args[0], ast.Constant):
            verbs.add(node.args[0].value)
        else:
            assert file in COMPOSED, f"{file}:{node.lineno}: list in COMPOSED which verbs this may become"
    lacking = sorted(verbs - set(log.VERBS))
    assert not lacking, f"give these verbs a sentence in VERBS of app/people/log.py: {lacking}"


def test_every_field_has_a_name():
    fields = {keyword.arg for _file, node in calls() for keyword in node.keywords if keyword.arg} - NOT_FIELDS
    lacking = sorted(fields - set(log.FIELDS))
    assert not lacking, f"give these fields a name in FIELDS of app/people/log.py: {lacking}"


def test_values_are_told_in_words(portal):
    with portal.app.test_request_context():
        change = log.Change(
            verb="person.corrected",
            details={
                "position": ["seller", "director"],
                "hired_on": [None, "2026-11-05"],
                "is_office": [True, False],
                "role": ["hr", None],
                "people": 3,
            },
        )
        assert [tuple(said) for said in log.details(change)] == [
            ("Должность", "продавец", "директор магазина"),
            ("Дата приёма", "", "5 ноября 2026"),
            ("Главный офис", "да", "нет"),
            ("Роль", "HR", ""),
            ("Люди", "", "3"),
        ]
