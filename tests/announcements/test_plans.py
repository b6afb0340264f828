"""With years of announcements no page becomes slow: SQLite says by which index each statement finds its rows."""

import re

import pytest
from sqlalchemy import event

from app.extensions import db
from tests.announcements.making import crowd, publish, read
from tests.guard.world import on_sqlite

# What grows with the announcements or with the people.
GROWING = "entry|announcement|receipt|announcement_reach|briefing|briefing_person|absence|person|activity|notice"
PAGES = {
    "ed": ["/announcements/reach", "/announcements/reach/stores", "/announcements/{made}/reach", "/announcements/desk"],
    "dina": ["/announcements/store", "/announcements/{made}/briefing", "/absences"],
    "ann": ["/", "/announcements", "/announcements/missed", "/announcements/{made}"],
}
MOST_QUERIES = 12


@pytest.fixture
def years(portal):
    """Return the portal with some announcements, read by some; and the last of them."""
    team = crowd(portal, portal.stores.raduga, 8)
    for importance in ("ordinary", "mandatory", "ordinary", "urgent"):
        portal.made = publish(portal, importance=importance)
        read(portal, portal.made, team[:3])
    return portal


@on_sqlite
@pytest.mark.parametrize("who, path", [(who, path) for who, paths in PAGES.items() for path in paths])
def test_nothing_is_read_from_end_to_end(years, who, path):
    client = years.client(getattr(years.cast, who))
    address = path.format(made=years.made)
    client.get(address)
    sent = statements(years, lambda: client.get(address))
    assert len(sent) <= MOST_QUERIES
    wrong = []
    for statement, plan in sent:
        wrong += [f"{step}: {statement[:200]}" for step in plan if re.match(rf"SCAN ({GROWING})\b(?!.*INDEX)", step)]
        if re.search(r"receipt\.waits = 1\b(?!.* OR )", statement) and "person_id = ?" in statement:
            assert any("ix_receipt_waiting" in step for step in plan), (statement, plan)
        if "entry.kind = ?" in statement and "ORDER BY entry.published_at DESC, entry.id DESC" in statement:
            assert any("ix_entry_kind" in step for step in plan), (statement, plan)
            assert not any("TEMP B-TREE FOR ORDER BY" in step for step in plan), (statement, plan)
    assert not wrong, "\n".join(wrong)


@on_sqlite
def test_the_lags_of_readers_are_read_once_for_each_number_of_readers(years):
    client = years.client(years.cast.ed)
    address = f"/announcements/{years.made}/reach"

    def walks():
        sent = statements(years, lambda: client.get(address))
        return sum("receipt.read_at IS NOT NULL" in statement for statement, _plan in sent)

    client.get(address)
    assert walks() == 0
    read(years, years.made, [years.cast.ann.id])
    assert [walks(), walks()] == [1, 0]


def statements(portal, act):
    """Return the statements that an act sends, with their plans."""
    sent = []

    def note(_connection, _cursor, statement, values, *_rest):
        if statement.startswith(("SELECT", "WITH")):
            sent.append((statement, values))

    with portal.context():
        engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            assert act().status == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        connection = db.session.connection()
        return [
            (statement, [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)])
            for statement, values in sent
        ]
