"""Assignments: who gets them now and later, how far they come, and when they are taken back."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app import jobs
from app.admin import groups
from app.content.audience import Group
from app.database import move_clock, now
from app.extensions import db
from app.learning import assign_filling_jobs, assigning
from app.learning.assign_models import Assignee, Assignment, AssignmentCount, AssignmentEvent
from app.learning.path_models import PathCompletion
from app.notifications.models import Notice
from app.people import employment
from app.people.models import Person
from tests.learning.assigned import (
    assign,
    complete,
    counts_are_true,
    in_days,
    path,
    row,
    states,
)
from tests.learning.making import course


def test_an_editor_assigns_and_everybody_is_told(portal, htmx):
    made = course(portal, "text")
    editor = portal.client(portal.cast.ed, htmx)
    assert "Стекло" in editor.get("/assignments/new")
    form = {
        "subject": f"course:{made}",
        "audience": "position:seller",
        "due": "on",
        "due_on": in_days(9),
        "body": "К сезону",
    }
    answer = editor.post("/assignments", form | {"nonce": "a"})
    assert editor.post("/assignments", form | {"nonce": "a"}).location == answer.location
    assert portal.count(Assignment) == 1
    assert set(states(portal)) == {"ann", "bob", "vera"}
    told = portal.rows(select(Notice.person_id, Notice.path, Notice.words).where(Notice.kind == "assigned"))
    assert {row.person_id for row in told} == {portal.cast.ann.id, portal.cast.bob.id, portal.cast.vera.id}
    assert {(row.path, row.words) for row in told} == {(f"/courses/{made}", "Стекло")}
    page = portal.client(portal.cast.ann).get("/courses")
    assert "К сезону" in page and "Сначала то, что со сроком" in page
    counts_are_true(portal)


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "course:999"},
        {"subject": ""},
        {"subject": "store:1"},
        {"due_on": "2020-01-01"},
        {"due_on": ""},
        {"due_on": "2999-01-01"},
        {"due": "assigned", "due_days": ""},
        {"due": "hired", "due_days": "1000"},
        {"due": "never"},
        {"audience": ""},
        {"audience": "store:999"},
        {"body": "ы" * 501},
    ],
)
def test_what_cannot_be_assigned_is_said_and_nothing_is_lost(portal, wrong):
    made = course(portal, "text")
    form = {"subject": f"course:{made}", "audience": "everybody", "due": "on", "due_on": in_days(9), "body": "К сезону"}
    answer = portal.client(portal.cast.ed).post("/assignments", form | wrong)
    assert answer.status == 422
    assert wrong.get("body", "К сезону") in answer
    assert portal.count(Assignment) == 0


def test_who_is_hired_later_gets_it_with_days_of_his_own(portal):
    made = assign(portal, course(portal, "text"), keys=["position:seller"], due="assigned", due_days=10)
    move_clock(timedelta(days=5))
    editor = portal.viewer(portal.cast.hana)
    new = portal.run(lambda: employment.hire(editor, newcomer(portal)).id)
    assert row(portal, new).due_on == (now() + timedelta(days=10)).date()
    assert row(portal, new).assignment_id == made
    causes = portal.rows(select(AssignmentEvent.what, AssignmentEvent.cause).where(AssignmentEvent.person_id == new))
    assert [tuple(one) for one in causes] == [("assigned", "joined")]
    counts_are_true(portal)


def test_days_from_the_first_day_count_from_there(portal):
    assign(portal, course(portal, "text"), keys=["everybody"], due="hired", due_days=14)
    hana = portal.viewer(portal.cast.hana)
    first = (now() + timedelta(days=3)).date()
    new = portal.run(lambda: employment.hire(hana, newcomer(portal) | {"hired_on": first}).id)
    assert row(portal, new).due_on == first + timedelta(days=14)
    # Whoever has been here for years is not late at once.
    assert row(portal, portal.cast.ann.id).due_on == (now() + timedelta(days=14)).date()


def test_who_moves_leaves_one_audience_and_joins_another(portal):
    both = [f"store:{portal.stores.raduga}", f"store:{portal.stores.mayak}"]
    assign(portal, course(portal, "text"), keys=[f"store:{portal.stores.raduga}"])
    everywhere = assign(portal, course(portal, "text"), keys=both)
    before = row(portal, portal.cast.ann.id, everywhere)
    correct(portal, portal.cast.ann, store_id=portal.stores.mayak)
    assert states(portal)["ann"] == ["assigned", "withdrawn"]
    moved = row(portal, portal.cast.ann.id, everywhere)
    # The day stays; it ends seven hours earlier in Vladivostok.
    assert moved.due_on == before.due_on and before.due_at - moved.due_at == timedelta(hours=7)
    counts_are_true(portal)
    correct(portal, portal.cast.ann, store_id=portal.stores.raduga)
    assert states(portal)["ann"] == ["assigned", "assigned"]
    counts_are_true(portal)


def test_who_is_dismissed_is_asked_no_more_and_back_again(portal):
    assign(portal, course(portal, "text"), keys=["everybody"])
    hana = portal.viewer(portal.cast.hana)
    today = now().date()
    portal.run(lambda: employment.dismiss(db.session.get(Person, portal.cast.bob.id), hana, today))
    assert states(portal)["bob"] == ["withdrawn"]
    assert row(portal, portal.cast.bob.id).cause == "dismissed"
    portal.run(lambda: employment.rehire(db.session.get(Person, portal.cast.bob.id), hana, today))
    assert states(portal)["bob"] == ["assigned"]
    counts_are_true(portal)


def test_what_is_done_stays_whoever_leaves(portal):
    made = course(portal, "text")
    assign(portal, made, keys=[f"store:{portal.stores.raduga}"])
    complete(portal, portal.cast.ann, made)
    correct(portal, portal.cast.ann, store_id=portal.stores.mayak)
    assert states(portal)["ann"] == ["done"]
    counts_are_true(portal)


def test_a_newcomer_keeps_it_when_he_is_none_any_more(portal):
    hana = portal.viewer(portal.cast.hana)
    assign(portal, course(portal, "text"), keys=["newcomers:14"], due="assigned", due_days=60)
    new = portal.run(lambda: employment.hire(hana, newcomer(portal)).id)
    move_clock(timedelta(days=30))
    portal.run(assign_filling_jobs.look_over)
    portal.run(lambda: assign_filling_jobs.settle_person(new))
    assert row(portal, new).state == "assigned"


def test_groups_are_followed(portal):
    made = portal.run(lambda: groups.make("Кружок", portal.cast.root.id).id)
    assign(portal, course(portal, "text"), keys=[f"group:{made}"])
    assert states(portal) == {}
    portal.run(lambda: groups.add(db.session.get_one(Group, made), [portal.cast.vera.id], portal.cast.root.id))
    assert states(portal) == {"vera": ["assigned"]}
    portal.run(lambda: groups.take_out(db.session.get_one(Group, made), portal.cast.vera.id, portal.cast.root.id))
    assert states(portal) == {"vera": ["withdrawn"]}


def test_a_day_that_has_passed_takes_nobody_new(portal):
    assign(portal, course(portal, "text"), keys=["everybody"], due_on=in_days(2))
    move_clock(timedelta(days=4))
    hana = portal.viewer(portal.cast.hana)
    new = portal.run(lambda: employment.hire(hana, newcomer(portal)).id)
    assert portal.count(Assignee, Assignee.person_id == new) == 0


def test_what_was_completed_before_counts_at_once(portal):
    made = course(portal, "text", "text")
    complete(portal, portal.cast.ann, made)
    portal.client(portal.cast.bob).post(f"/courses/{made}/begin")
    assign(portal, made, keys=["everybody"])
    found = states(portal)
    assert (found["ann"], found["bob"], found["vera"]) == (["done"], ["begun"], ["assigned"])
    told = {row.person_id for row in portal.rows(select(Notice.person_id).where(Notice.kind == "assigned"))}
    assert portal.cast.ann.id not in told and portal.cast.bob.id in told
    counts_are_true(portal)


def test_states_follow_the_learner(portal, htmx):
    made = course(portal, "text")
    assign(portal, made, keys=["everybody"])
    portal.client(portal.cast.ann, htmx).post(f"/courses/{made}/begin")
    assert states(portal)["ann"] == ["begun"]
    complete(portal, portal.cast.ann, made)
    assert states(portal)["ann"] == ["done"]
    said = portal.rows(
        select(AssignmentEvent.what).where(AssignmentEvent.person_id == portal.cast.ann.id).order_by(AssignmentEvent.id)
    )
    assert [one.what for one in said] == ["assigned", "begun", "done"]
    counts_are_true(portal)


def test_calling_off_needs_a_reason_and_takes_it_back(portal, htmx):
    made = course(portal, "text")
    assignment = assign(portal, made, keys=["everybody"])
    complete(portal, portal.cast.ann, made)
    editor = portal.client(portal.cast.ed, htmx)
    assert editor.post(f"/assignments/{assignment}/cancel", {"reason": " "}).status == 422
    editor.post(f"/assignments/{assignment}/cancel", {"reason": "Курс переписан"})
    found = states(portal)
    assert found["ann"] == ["done"] and found["bob"] == ["withdrawn"]
    assert "Курс переписан" in portal.client(portal.cast.ed).get(f"/assignments/{assignment}")
    assert "Сначала то, что со сроком" not in portal.client(portal.cast.bob).get("/courses")
    counts_are_true(portal)


def test_a_course_in_the_archive_is_asked_only_of_those_inside(portal):
    made = course(portal, "text", "text")
    assign(portal, made, keys=["everybody"])
    portal.client(portal.cast.bob).post(f"/courses/{made}/begin")
    portal.client(portal.cast.ed).post(f"/courses/{made}/archive")
    assert (states(portal)["ann"], states(portal)["bob"]) == (["withdrawn"], ["begun"])
    portal.client(portal.cast.ed).post(f"/courses/{made}/unarchive")
    assert states(portal)["ann"] == ["assigned"]
    counts_are_true(portal)


def test_an_assignment_opens_a_course_that_one_does_not_see(portal):
    made = course(portal, "text", keys=["role:editor"])
    ann = portal.client(portal.cast.ann)
    assert ann.get(f"/courses/{made}").status == 404
    assignment = assign(portal, made, keys=["position:seller"])
    assert ann.get(f"/courses/{made}").status == 200
    assert portal.client(portal.cast.ivan).get(f"/courses/{made}").status == 404
    ann.post(f"/courses/{made}/begin")
    assert "Стекло" in ann.get("/courses")
    portal.client(portal.cast.ed).post(f"/assignments/{assignment}/cancel", {"reason": "Больше не нужно"})
    assert ann.get(f"/courses/{made}").status == 404


def test_a_director_assigns_to_his_own_store_alone(portal):
    made = course(portal, "text")
    dina = portal.client(portal.cast.dina)
    form = {"subject": f"course:{made}", "due": "on", "due_on": in_days(9), "audience": "everybody"}
    assert dina.post("/assignments", form).status == 422
    people = [str(portal.cast.bob.id), str(portal.cast.vera.id)]
    dina.post("/assignments", form | {"whom": "people", "people": people, "nonce": "n"})
    assert states(portal) == {"bob": ["assigned"]}
    dina.post("/assignments", form | {"whom": "store", "nonce": "s"})
    assert set(states(portal)) == {"ann", "bob", "dina"}
    # It follows who comes and goes.
    correct(portal, portal.cast.vera, store_id=portal.stores.raduga)
    correct(portal, portal.cast.bob, store_id=portal.stores.mayak)
    assert states(portal)["vera"] == ["assigned"] and states(portal)["bob"] == ["withdrawn", "withdrawn"]
    assert portal.client(portal.cast.bob).get("/assignments").status == 403


def test_a_director_looks_after_his_own_alone(portal):
    of_editor = assign(portal, course(portal, "text"), keys=["everybody"])
    dina = portal.client(portal.cast.dina)
    for address in (f"/assignments/{of_editor}", f"/assignments/{of_editor}/log", f"/assignments/{of_editor}/people"):
        assert dina.get(address).status == 404
    assert dina.post(f"/assignments/{of_editor}/cancel", {"reason": "Нет"}).status == 404
    mine, other = row(portal, portal.cast.bob.id), row(portal, portal.cast.vera.id)
    assert dina.get(f"/assignments/rows/{mine.id}").status == 200
    assert dina.get(f"/assignments/rows/{other.id}").status == 404
    assert dina.get(f"/assignments/people/{portal.cast.bob.id}").status == 200
    assert dina.get(f"/assignments/people/{portal.cast.vera.id}").status == 404
    bob = portal.client(portal.cast.bob)
    assert bob.get(f"/assignments/people/{portal.cast.bob.id}").status == 200
    assert bob.get(f"/assignments/people/{portal.cast.ann.id}").status == 404
    assert portal.client(portal.cast.hana).get(f"/assignments/people/{portal.cast.ann.id}").status == 200
    assert portal.client(portal.cast.ed).get(f"/assignments/people/{portal.cast.ann.id}").status == 404


def test_two_jobs_at_once_fill_it_once(portal):
    made = assign(portal, course(portal, "text"), keys=["everybody"])

    def fill():
        with portal.app.app_context():
            assign_filling_jobs.fill(made)
            db.session.commit()
            db.session.remove()

    portal.run(lambda: db.session.execute(AssignmentEvent.__table__.delete()))
    portal.run(lambda: db.session.execute(Assignee.__table__.delete()))
    threads = [threading.Thread(target=fill) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert portal.count(Assignee) == len(states(portal)) == 9
    assert portal.count(AssignmentEvent, AssignmentEvent.what == "assigned") == 9
    counts_are_true(portal)


def test_a_portion_at_a_time(portal, monkeypatch):
    monkeypatch.setattr(assign_filling_jobs, "PORTION", 2)
    assign(portal, course(portal, "text"), keys=["everybody"])
    assert len(states(portal)) == 9
    assert portal.one(select(Assignment.filled_at)) is not None
    counts_are_true(portal)
    monkeypatch.setattr(assign_filling_jobs, "PORTION", 500)
    assert portal.count(jobs.Job) == 0


def test_completed_by_many_at_once_is_counted_once_each(portal):
    made = course(portal, "text")
    assign(portal, made, keys=["everybody"])
    people = [portal.cast.ann, portal.cast.bob, portal.cast.dina]
    threads = [threading.Thread(target=complete, args=(portal, one, made)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert portal.count(Assignee, Assignee.state == "done") == 3
    counts_are_true(portal)


def test_a_path_is_done_when_all_of_it_is(portal):
    first, second = course(portal, "text"), course(portal, "text")
    made = path(portal, [[first], [second]])
    assign(portal, path_id=made, keys=["everybody"])
    complete(portal, portal.cast.ann, first)
    assert states(portal)["ann"] == ["begun"]
    complete(portal, portal.cast.ann, second)
    assert states(portal)["ann"] == ["done"]
    assert portal.count(PathCompletion) == 1
    assert portal.count(AssignmentCount, AssignmentCount.done == 1) == 1
    counts_are_true(portal)


def newcomer(portal):
    """Return what HR's form sends of somebody new."""
    named = {"personnel_number": "70707", "last_name": "Новая", "first_name": "Нина", "middle_name": "", "phone": ""}
    place = {"store_id": portal.stores.raduga, "position": "seller", "position_title": "", "email": ""}
    return named | place | {"hired_on": now().date()}


def correct(portal, who, **changes):
    """Let HR correct what is known of somebody."""
    hana = portal.viewer(portal.cast.hana)

    def act():
        person = db.session.get(Person, who.id)
        employment.correct(person, hana, {name: getattr(person, name) for name in employment.FIELDS} | changes)

    portal.run(act)


def test_assigning_is_no_matter_of_zones(portal):
    day = date.fromisoformat(in_days(20))
    assign(portal, course(portal, "text"), keys=["everybody"], due_on=day.isoformat())
    east, west = row(portal, portal.cast.ivan.id), row(portal, portal.cast.ann.id)
    assert east.due_on == west.due_on == day
    assert west.due_at - east.due_at == timedelta(hours=7)
    assert west.due_at.isoformat() == f"{day}T21:00:00+00:00"


def test_the_wish_of_a_director_without_people_is_refused(portal):
    made = course(portal, "text")
    dina = portal.viewer(portal.cast.dina)
    wish = assigning.Wish(subject=f"course:{made}", people=[portal.cast.vera.id], due_on=date(2030, 1, 1))
    with pytest.raises(assigning.Refused), portal.context():
        assigning.assign(dina, wish)
