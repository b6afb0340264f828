"""Paths: made by editors, gone by learners, changed without taking anything away."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from app.learning import path_ways, paths
from app.learning.path_models import Path, PathCompletion, PathCourse, PathStep
from tests.learning.assigned import assign, changed, complete, path
from tests.learning.making import course


def way(portal, who, path_id):
    """Read somebody's way along a path."""
    with portal.context():
        return path_ways.ways_of(who.id, [path_id])[path_id]


def test_an_editor_makes_and_publishes_a_path(portal, htmx):
    first, second, third = (course(portal, "text") for _ in range(3))
    editor = portal.client(portal.cast.ed, htmx)
    form = {"title": "Первый месяц", "body": "По порядку", "audience": "everybody", "in_order": "y", "nonce": "n"}
    at = editor.post("/paths", form).location
    assert editor.post("/paths", form).location == at
    path_id = portal.one(select(Path.id))
    assert editor.post(f"/paths/{path_id}/publish").location == f"/paths/{path_id}/edit"
    assert portal.one(select(Path.published_at)) is None
    editor.post(f"/paths/{path_id}/courses", {"course_id": first})
    editor.post(f"/paths/{path_id}/courses", {"course_id": second})
    [one, two] = portal.rows(select(PathStep.id).order_by(PathStep.place))
    editor.post(f"/paths/{path_id}/courses", {"course_id": third, "step_id": two.id})
    editor.post(f"/paths/{path_id}/steps/{two.id}/need", {"needed": 1})
    editor.post(f"/paths/{path_id}/steps/{two.id}/up")
    assert [row.id for row in portal.rows(select(PathStep.id).order_by(PathStep.place))] == [two.id, one.id]
    editor.post(f"/paths/{path_id}/publish")
    editor.post(f"/paths/{path_id}/publish")
    assert portal.one(select(Path.published_at)) is not None
    assert "Первый месяц" in portal.client(portal.cast.ann).get("/courses")
    assert "любой 1 курс" in portal.client(portal.cast.ann).get(f"/paths/{path_id}")


@pytest.mark.parametrize("wrong", [{"title": ""}, {"title": "ы" * 161}, {"audience": ""}, {"audience": "store:999"}])
def test_what_is_no_path_is_said(portal, wrong):
    form = {"title": "Месяц", "body": "О стекле", "audience": "everybody"} | wrong
    answer = portal.client(portal.cast.ed).post("/paths", form)
    assert answer.status == 422 and "О стекле" in answer
    assert portal.count(Path) == 0


def test_a_course_stands_in_a_path_once_and_goes_with_its_step(portal):
    first, second = course(portal, "text"), course(portal, "text")
    made = path(portal, [[first, second]], publish=False)
    editor = portal.client(portal.cast.ed)
    editor.post(f"/paths/{made}/courses", {"course_id": first})
    editor.post(f"/paths/{made}/courses", {"course_id": 987654})
    assert portal.count(PathCourse) == 2
    editor.post(f"/paths/{made}/courses/{first}/drop")
    assert portal.one(select(PathStep.needed)) == 1
    editor.post(f"/paths/{made}/courses/{second}/drop")
    assert portal.count(PathStep) == 0


def test_courses_open_in_order_with_the_reason_in_words(portal):
    first, second, third, extra = (course(portal, "text") for _ in range(4))
    made = path(portal, [[first], [second, third], [extra]], needed=[1, 1, 0])
    ann = portal.client(portal.cast.ann)
    assert "Откроется, когда пройдёте «Стекло»" in ann.get(f"/paths/{made}")
    found = way(portal, portal.cast.ann, made)
    assert [step.is_open for step in found.steps] == [True, False, False]
    assert (found.done, found.needed, found.minutes_left, found.following.id) == (0, 2, 10, first)
    complete(portal, portal.cast.ann, first)
    assert "Откроется, когда пройдёте ещё 1 курс из шага 2" in ann.get(f"/paths/{made}")
    complete(portal, portal.cast.ann, third)
    found = way(portal, portal.cast.ann, made)
    assert found.is_whole and found.completed_at is not None and found.minutes_left == 0
    assert "Пройден" in ann.get(f"/paths/{made}")
    assert portal.count(PathCompletion) == 1


def test_without_an_order_all_is_open(portal):
    made = path(portal, [[course(portal, "text")], [course(portal, "text")]], in_order=False)
    assert all(step.is_open for step in way(portal, portal.cast.ann, made).steps)


def test_changing_a_path_takes_nothing_away(portal):
    first, second, new = (course(portal, "text") for _ in range(3))
    made = path(portal, [[first], [second]])
    complete(portal, portal.cast.ann, first)
    portal.client(portal.cast.ann).post(f"/courses/{second}/begin")
    for one in (first, second):
        complete(portal, portal.cast.bob, one)
    changed(portal, made, lambda editor, one: paths.add_course(editor, one, new))
    [_, _, last] = way(portal, portal.cast.ann, made).steps
    changed(portal, made, lambda editor, one: paths.move(editor, one, last.id, -1))
    changed(portal, made, lambda editor, one: paths.move(editor, one, last.id, -1))
    ann = way(portal, portal.cast.ann, made)
    # A new first step bars what was not begun yet, and that alone.
    assert [step.stops[0].is_open for step in ann.steps] == [True, True, True]
    assert [step.stops[0].done for step in ann.steps] == [False, True, False]
    bob = way(portal, portal.cast.bob, made)
    assert bob.completed_at is not None and (bob.done, bob.needed, bob.minutes_left) == (3, 3, 0)
    assert "Пройден" in portal.client(portal.cast.bob).get(f"/paths/{made}")


def test_who_is_at_the_end_by_a_change_has_completed_it(portal):
    first, second = course(portal, "text"), course(portal, "text")
    made = path(portal, [[first], [second]])
    assignment = assign(portal, path_id=made, keys=["everybody"])
    complete(portal, portal.cast.ann, first)
    changed(portal, made, lambda editor, one: paths.drop_course(editor, one, second))
    assert portal.count(PathCompletion, PathCompletion.person_id == portal.cast.ann.id) == 1
    assert "path_changed" not in portal.client(portal.cast.ed).get(f"/assignments/{assignment}/log")
    assert "программа стала короче" in portal.client(portal.cast.ed).get(f"/assignments/{assignment}/log")


def test_a_closed_course_is_asked_of_nobody_new(portal):
    first, second = course(portal, "text"), course(portal, "text")
    made = path(portal, [[first], [second]])
    complete(portal, portal.cast.ann, first)
    portal.client(portal.cast.ed).post(f"/courses/{second}/archive")
    assert portal.count(PathCompletion, PathCompletion.person_id == portal.cast.ann.id) == 1
    assert way(portal, portal.cast.bob, made).needed == 1
    assert "проходить его не нужно" in portal.client(portal.cast.bob).get(f"/paths/{made}")


def test_a_path_opens_its_courses_and_bars_what_only_it_opens(portal):
    open_to_all, hidden = course(portal, "text"), course(portal, "text", keys=["role:editor"])
    made = path(portal, [[open_to_all], [hidden]], keys=["position:seller"])
    ann = portal.client(portal.cast.ann)
    assert ann.get(f"/courses/{hidden}").status == 200
    assert portal.client(portal.cast.ivan).get(f"/courses/{hidden}").status == 404
    assert ann.post(f"/courses/{hidden}/begin").location == f"/courses/{hidden}"
    assert "Откроется, когда пройдёте «Стекло»" in ann.get(f"/courses/{hidden}")
    complete(portal, portal.cast.ann, open_to_all)
    assert "/lessons/" in ann.post(f"/courses/{hidden}/begin").location
    # What one sees anyway is begun in any order.
    other = path(portal, [[hidden], [open_to_all]], keys=["position:seller"])
    assert "/lessons/" in portal.client(portal.cast.bob).post(f"/courses/{open_to_all}/begin").location
    assert {made, other}


def test_a_path_is_seen_by_its_audience_alone(portal):
    made = path(portal, [[course(portal, "text")]], keys=[f"store:{portal.stores.mayak}"])
    assert portal.client(portal.cast.ivan).get(f"/paths/{made}").status == 200
    ann = portal.client(portal.cast.ann)
    assert ann.get(f"/paths/{made}").status == 404 and "Первый месяц" not in ann.get("/courses")
    assign(portal, path_id=made, keys=["position:seller"])
    assert ann.get(f"/paths/{made}").status == 200
    draft = path(portal, [[course(portal, "text")]], publish=False)
    assert portal.client(portal.cast.ivan).get(f"/paths/{draft}").status == 404
    for address in ("/paths/desk", "/paths/new", f"/paths/{made}/edit"):
        assert ann.get(address).status == 403


def test_two_courses_completed_at_once_complete_the_path(portal):
    first, second = course(portal, "text"), course(portal, "text")
    path(portal, [[first], [second]], in_order=False)
    threads = [threading.Thread(target=complete, args=(portal, portal.cast.ann, one)) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert portal.count(PathCompletion) == 1


def test_the_page_of_learning_asks_little_whatever_there_is(portal):
    ann = portal.client(portal.cast.ann)
    courses = [course(portal, "text") for _ in range(6)]
    made = [path(portal, [[one] for one in courses[:3]]), path(portal, [courses[3:]])]
    ann.get("/courses")
    with portal.queries() as few:
        ann.get("/courses")
    for one in (*courses, *courses):
        assign(portal, one, keys=["everybody"])
    assign(portal, path_id=made[0], keys=["everybody"])
    ann.post(f"/courses/{courses[0]}/begin")
    ann.get("/courses")
    with portal.queries() as many:
        ann.get("/courses")
    # One more where something is due, one more where a path is assigned; no more whatever their number.
    assert len(many) <= len(few) + 2 <= 12, [len(few), len(many)]
    with portal.queries() as of_path:
        ann.get(f"/paths/{made[0]}")
    assert len(of_path) <= 12
