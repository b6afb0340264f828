"""Every column that refers to a person, or is likely to hold something about one, is declared for export and erasure."""

from __future__ import annotations

import re

from sqlalchemy import JSON, Column

from app.extensions import Base
from app.people.personal import HIDDEN, OWN, REFERENCES, Erasure, declared

WHERE = "app/people/personal.py"
# Names under which people hide where no foreign key points to them.
TELLING = re.compile(
    r"person|author|actor|owner|user|reporter|voter|mentor|helper|receiver|phone|e_?mail|address|device|agent|ip$|full_name|"
    r"last_name|first_name|subject_id|subject_name|number_key"
)
# {column that only sounds like it: what it really is}
NOBODY = {
    "announcement_version.answers": "answers that an editor offers to a question",
    "draft.fields": "goes with its draft",
    "activity.data": "numbers of the act",
    "quiz_attempt.drawn": "which questions it asks",
    "photo.widths": "sizes in pixels",
    "task_photo.widths": "sizes in pixels",
    "staff_import.columns": "which column is which",
    "staff_import.counts": "how many",
    "staff_import.places": "which stores and cities it added",
    "staff_import_change.verbs": "kinds of change",
}


def columns() -> dict[str, Column]:
    """Return every column of the schema by its name."""
    return {f"{table.name}.{column.name}": column for table in Base.metadata.sorted_tables for column in table.columns}


def refers_to_person(column: Column) -> bool:
    """Tell whether a foreign key leads to a person."""
    return any(key.column.table.name == "person" for key in column.foreign_keys)


def test_every_reference_is_declared():
    undeclared = [name for name, column in columns().items() if refers_to_person(column) and name not in REFERENCES]
    assert not undeclared, f"say in REFERENCES of {WHERE} what export and erasure do with {undeclared}"


def test_every_column_of_a_person_is_declared():
    undeclared = [name for name, column in columns().items() if column.table.name == "person" and name not in OWN]
    assert not undeclared, f"say in OWN of {WHERE} what export and erasure do with {undeclared}"


def test_what_sounds_like_people_is_declared():
    """Columns without a key: telling names, and JSON, which may hold anything, in tables that refer to people."""
    tables = {column.table.name for column in columns().values() if refers_to_person(column)}
    suspects = [
        name
        for name, column in columns().items()
        if name not in declared() and name not in NOBODY
        and (TELLING.search(column.name) or (isinstance(column.type, JSON) and column.table.name in tables))
        and not (column.primary_key and column.autoincrement is True)
    ]  # fmt: skip
    assert not suspects, f"declare in HIDDEN of {WHERE}, or say in NOBODY why it is about nobody: {suspects}"


def test_nothing_is_declared_that_is_not_there():
    gone = sorted(declared().keys() - columns().keys())
    assert not gone, f"no such column any more: {gone}"


def test_declarations_can_be_carried_out():
    known = columns()
    for name, use in REFERENCES.items():
        assert use.why, f"{name}: say why"
        if use.erasure is Erasure.BLANK:
            assert known[name].nullable, f"{name} cannot be blank"
    for name, use in {**OWN, **HIDDEN}.items():
        assert use.why, f"{name}: say why"
    secret = [name for name in declared() if name.endswith("_hash") and declared()[name].exported]
    assert not secret, f"a secret is nobody's export: {secret}"


def test_what_hangs_on_a_deleted_row_goes_with_it():
    """A row that erasure deletes must not be the parent of rows that it keeps."""
    deleted = {name.split(".")[0] for name, use in REFERENCES.items() if use.erasure is Erasure.DELETE}
    stuck = [
        f"{name} → {key.column.table.name}"
        for name, column in columns().items()
        for key in column.foreign_keys
        if key.column.table.name in deleted
        and column.table.name not in deleted
        and not column.nullable
        and key.ondelete != "CASCADE"
    ]
    assert not stuck, f"these would lose their parents: {stuck}"
