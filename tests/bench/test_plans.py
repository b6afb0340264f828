"""No page reads a table that grows from end to end: SQLite says how it would find each statement's rows."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from app.extensions import db
from bench.measures import PAGES

# What grows with the years and the people.
GROWING = {
    "entry", "comment", "reaction", "comment_like", "bookmark", "mention", "entry_topic", "photo", "activity", "change",
    "report", "person", "sign_in", "attempt", "access_link", "draft", "group_member", "audience_key", "audience",
}  # fmt: skip
# A walk from the newest on that ends after a page is no reading of the whole.
WALKS = {("decided complaints", "report")}
READS = re.compile(r"^SCAN (?:TABLE )?(\w+)(?! USING (?:COVERING )?INDEX)")


@pytest.mark.parametrize("name", ["the stream", *PAGES])
def test_no_growing_table_is_read_from_end_to_end(company, name):
    login, path = PAGES.get(name, ("seller", "/"))
    client = company.as_(login)
    company.forget_cards()
    found = [
        f"{table}: {statement[:300]}"
        for statement, plan in plans(company, lambda: client.get(path.format(**company.places)))
        for table in tables_read(statement, plan)
        if (name, table) not in WALKS
    ]
    assert not found, "\n".join(found)


def plans(company, act):
    """Return each statement of an act with its plan."""
    sent = []

    def note(_connection, _cursor, statement, values, *_rest):
        sent.append((statement, values))

    with company.context():
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert act().status in (200, 204)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        connection = db.session.connection()
        selects = [(statement, values) for statement, values in sent if statement.startswith(("SELECT", "WITH"))]
        assert selects
        return [
            (statement, [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)])
            for statement, values in selects
        ]


def tables_read(statement, plan):
    """Return the growing tables that a plan reads from end to end; it calls them by their aliases."""
    names = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", statement)}
    read = {names.get(match[1], match[1]) for line in plan if (match := READS.match(line))}
    return sorted(read & GROWING)
