"""Going through a course again: from nothing, in its newest version, with everything kept; and what is told when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.activity.models import Activity
from app.database import move_clock, now
from app.extensions import db
from app.learning import certificate_dates, certificate_reminding_jobs, courses, lessons
from app.learning.assign_models import Assignee
from app.learning.certificate_models import Certificate, FormerRound
from app.learning.models import Course, Enrolment, LessonProgress, QuizAttempt
from app.learning.path_models import PathCompletion
from app.learning.task_models import TaskAnswer
from app.notifications.models import Notice
from app.people.absences import Absence
from tests.doors import at_once
from tests.learning import packages
from tests.learning.assigned import assign, complete, path
from tests.learning.certified import certified, given, go_on, newest, pass_by, renew, rule
from tests.learning.making import SINGLE, course, every, lesson_ids
from tests.learning.test_scorm_door import Frame
from tests.learning.test_tasks import task_course


@pytest.fixture(autouse=True)
def morning(portal):
    """Begin on the morning of 1 March 2027."""
    go_on()
    yield
    move_clock(timedelta())


def told(portal, who, *but):
    """Return the kinds of somebody's notices, the oldest first."""
    kinds = every(portal, select(Notice.kind).where(Notice.person_id == who.id).order_by(Notice.id))
    return [kind for kind in kinds if kind not in (*but, "certificate")]


def way(portal, who, course_id):
    """Return somebody's enrolment."""
    return portal.one(select(Enrolment).where(Enrolment.person_id == who.id, Enrolment.course_id == course_id))


def pass_quiz(client, made, quiz, value="0"):
    """Take a quiz of one question."""
    at = f"/courses/{made}/lessons/{quiz}/quiz"
    client.post(f"{at}/begin")
    client.post(f"{at}/1", {"answer": value})
    return client.post(f"{at}/hand-in")


def test_a_round_begins_at_nothing_and_keeps_the_former(portal, htmx):
    ann = portal.cast.ann
    made = certified(portal, "text", "quiz", asked=(SINGLE,), attempts=2)
    text, quiz = lesson_ids(portal, made)
    client = portal.client(ann, htmx)
    client.post(f"/courses/{made}/begin")
    client.post(f"/courses/{made}/lessons/{text}/done")
    pass_quiz(client, made, quiz, "1")
    pass_quiz(client, made, quiz)
    first = newest(portal, ann, made)
    # While it is valid there is nothing to begin again.
    client.post(f"/courses/{made}/anew")
    assert way(portal, ann, made).round == 1
    go_on(days=340)
    page = portal.client(ann).get(f"/courses/{made}")
    assert "Пройти ещё раз" in page and "Продлить можно с" in page
    before = way(portal, ann, made)
    # Whoever comes after a year signs in again.
    client = portal.client(ann, htmx)
    answer = client.post(f"/courses/{made}/anew")
    assert answer.location.endswith(f"/courses/{made}/lessons/{text}")
    client.post(f"/courses/{made}/anew")
    after = way(portal, ann, made)
    assert (after.round, after.done, after.needed, after.completed_at, after.minutes_left) == (2, 0, 2, None, 10)
    assert after.first_completed_at == before.completed_at and after.begun_at > before.begun_at
    kept = portal.one(select(FormerRound))
    assert (kept.round, kept.begun_at, kept.completed_at) == (1, before.begun_at, before.completed_at)
    assert [(one["lesson"], one["score"]) for one in kept.lessons] == [(text, None), (quiz, 100)]
    assert all(one["done_at"] for one in kept.lessons)
    assert portal.count(LessonProgress) == 0 and portal.count(QuizAttempt) == 2
    assert portal.count(Activity, Activity.verb == "course.begun_anew") == 1
    # Both attempts are free again; numbers go on, so that all are told apart.
    assert pass_quiz(client, made, quiz, "1").status in (200, 303)
    assert "100 %" not in portal.client(ann).get(f"/courses/{made}/lessons/{quiz}")
    client.post(f"/courses/{made}/lessons/{text}/done")
    pass_quiz(client, made, quiz)
    assert every(portal, select(QuizAttempt.number).order_by(QuizAttempt.id)) == [1, 2, 3, 4]
    second = newest(portal, ann, made)
    assert second.round == 2 and second.valid_until == date(2029, 2, 4)
    old = portal.one(select(Certificate).where(Certificate.id == first.id))
    assert old.renewed_at is not None and old.remind_on is None


def test_it_takes_the_newest_version(portal):
    ann, editor = portal.cast.ann, portal.viewer(portal.cast.ed)
    made = certified(portal)
    given(portal, ann, made)

    def publish_another():
        found = db.session.get_one(Course, made)
        courses.draft_of(found)
        courses.publish(editor, found)

    portal.run(publish_another)
    old, new = lesson_ids(portal, made, 1), lesson_ids(portal, made, 2)
    go_on(days=340)
    answer = portal.client(ann).post(f"/courses/{made}/anew")
    assert answer.location.endswith(f"/lessons/{new[0]}") and old != new
    certificate = renew(portal, ann, made)
    assert certificate.version_id == way(portal, ann, made).version_id


def test_an_open_attempt_ends_with_its_round(portal):
    ann = portal.cast.ann
    made = certified(portal, "quiz", asked=(SINGLE,))
    (quiz,) = lesson_ids(portal, made)
    client = portal.client(ann)
    client.post(f"/courses/{made}/begin")
    pass_quiz(client, made, quiz)
    client.post(f"/courses/{made}/lessons/{quiz}/quiz/begin")
    go_on(days=340)
    client = portal.client(ann)
    client.post(f"/courses/{made}/anew")
    assert portal.count(QuizAttempt, QuizAttempt.submitted_at.is_(None)) == 0
    client.post(f"/courses/{made}/lessons/{quiz}/quiz/hand-in")
    assert way(portal, ann, made).completed_at is None
    pass_quiz(client, made, quiz)
    assert way(portal, ann, made).completed_at is not None


def test_tasks_are_answered_anew(portal):
    ann = portal.cast.ann
    made, (task, other) = task_course(portal, kinds=("task", "task"))
    rule(portal, made)
    client, director = portal.client(ann), portal.client(portal.cast.dina)

    def answer(lesson, words, accept=True):
        client.post(f"/tasks/{lesson}", {"body": words, "nonce": words})
        waiting = portal.one(select(TaskAnswer.id).where(TaskAnswer.state == "waiting"))
        return director.post(f"/checks/{waiting}", {"act": "accept"}) if accept else waiting

    client.post(f"/courses/{made}/begin")
    answer(task, "Первый")
    answer(other, "Второй")
    assert newest(portal, ann, made).round == 1
    go_on(days=340)
    client, director = portal.client(ann), portal.client(portal.cast.dina)
    client.post(f"/courses/{made}/anew")
    page = client.get(f"/courses/{made}/lessons/{task}")
    assert "Первый" not in page and 'name="body"' in page
    answer(task, "Третий")
    assert "Третий" in client.get(f"/courses/{made}/lessons/{task}")
    assert way(portal, ann, made).done == 1
    answer(other, "Четвёртый")
    assert newest(portal, ann, made).round == 2
    assert every(portal, select(TaskAnswer.number).order_by(TaskAnswer.id)) == [1, 1, 2, 2]


def test_packages_are_run_anew(portal):
    """Each part of a package must be done again: what was done in the former round does not stand in for it."""
    ann, done = portal.cast.ann, {"cmi.core.lesson_status": "completed", "cmi.core.score.raw": "90"}
    made, (lesson,) = packages.course_with(portal, two_parts())
    rule(portal, made)
    portal.client(ann).post(f"/courses/{made}/begin")

    def run(*places):
        shown = Frame(portal, portal.client(ann), f"/courses/{made}/lessons/{lesson}")
        for place in places:
            assert shown.launch(place)["cmi.core.entry"] == "ab-initio"
            answer = shown.say(done, place).get_json()
        return answer["done"]

    assert run(0, 1)
    assert newest(portal, ann, made).round == 1
    go_on(days=340)
    portal.client(ann).post(f"/courses/{made}/anew")
    assert not run(0)
    assert way(portal, ann, made).done == 0
    assert run(1)
    assert newest(portal, ann, made).round == 2


def two_parts():
    """Return a package of two parts."""
    parts = "".join(f'<item identifier="i{n}" identifierref="r{n}"><title>Часть {n}</title></item>' for n in (1, 2))
    about = 'type="webcontent" adlcp:scormtype="sco"'
    files = "".join(f'<resource identifier="r{n}" {about} href="{n}.html"/>' for n in (1, 2))
    xml = (
        '<?xml version="1.0"?><manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" '
        'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"><metadata><schema>ADL SCORM</schema>'
        "<schemaversion>1.2</schemaversion></metadata>"
        f'<organizations default="o"><organization identifier="o"><title>Два</title>{parts}</organization></organizations>'
        f"<resources>{files}</resources></manifest>"
    )
    return packages.zipped({"imsmanifest.xml": xml, "1.html": "один", "2.html": "два"})


def test_what_waits_for_a_check_goes_on_waiting(portal):
    """An answer that nobody has looked at yet is not lost, and counts in the round in which it is accepted."""
    ann, editor = portal.cast.ann, portal.viewer(portal.cast.ed)
    made = certified(portal, "text", publish=False)

    def publish():
        found = db.session.get_one(Course, made)
        content = lessons.Content(title="Витрина", body="Соберите", wanted="text", optional=True)
        lessons.add(editor, found, "task", content)
        courses.publish(editor, found)

    portal.run(publish)
    text, task = lesson_ids(portal, made)
    client = portal.client(ann)
    client.post(f"/courses/{made}/begin")
    client.post(f"/tasks/{task}", {"body": "Собрано", "nonce": "one"})
    client.post(f"/courses/{made}/lessons/{text}/done")
    go_on(days=340)
    client = portal.client(ann)
    client.post(f"/courses/{made}/anew")
    assert "Собрано" in client.get(f"/courses/{made}/lessons/{task}")
    assert every(portal, select(LessonProgress.lesson_id)) == [task]
    waiting = portal.one(select(TaskAnswer.id))
    portal.client(portal.cast.dina).post(f"/checks/{waiting}", {"act": "accept"})
    assert portal.one(select(LessonProgress.done_at)) is not None
    assert "Собрано" in client.get(f"/courses/{made}/lessons/{task}")
    client.post(f"/courses/{made}/lessons/{text}/done")
    assert newest(portal, ann, made).round == 2


def test_paths_and_assignments_stay_as_they_were(portal):
    ann = portal.cast.ann
    made, following = certified(portal), course(portal, "text")
    way_id = path(portal, [[made], [following]])
    assign(portal, made, keys=["everybody"])
    given(portal, ann, made)
    assert every(portal, select(Assignee.state).where(Assignee.person_id == ann.id)) == ["done"]
    go_on(days=340)
    portal.client(ann).post(f"/courses/{made}/anew")
    # What the first round opened stays open, and what it fulfilled stays fulfilled.
    assert every(portal, select(Assignee.state).where(Assignee.person_id == ann.id)) == ["done"]
    assert "Откроется" not in portal.client(ann).get(f"/paths/{way_id}")
    complete(portal, ann, following)
    assert portal.count(PathCompletion, PathCompletion.person_id == ann.id) == 1
    assign(portal, made, keys=["everybody"], due_on=(now() + timedelta(days=9)).date().isoformat())
    assert every(portal, select(Assignee.state).where(Assignee.person_id == ann.id)) == ["done", "done"]


def test_pressed_many_times_begins_one_round(portal):
    made = certified(portal)
    given(portal, portal.cast.ann, made)
    go_on(days=340)
    clients = [portal.client(portal.cast.ann) for _ in range(8)]
    answers = at_once([lambda one=one: one.post(f"/courses/{made}/anew") for one in clients])
    assert {answer.status for answer in answers} == {303}
    assert way(portal, portal.cast.ann, made).round == 2 and portal.count(FormerRound) == 1


def test_what_cannot_be_begun_again(portal):
    ann = portal.cast.ann
    made, ever, off = certified(portal), certified(portal, months=None), certified(portal)
    for one in (made, ever, off):
        given(portal, ann, one)
    rule(portal, off, is_on=False)
    go_on(days=400)
    client = portal.client(ann)
    portal.client(portal.cast.ed).post(f"/courses/{made}/archive")
    for one in (made, ever, off):
        assert "Пройти ещё раз" not in client.get(f"/courses/{one}")
        client.post(f"/courses/{one}/anew")
        assert way(portal, ann, one).round == 1
    assert portal.client(portal.cast.bob).post(f"/courses/{ever}/anew").status == 303
    assert way(portal, portal.cast.bob, ever) is None


def test_stages():
    until, renews = date(2028, 3, 1), date(2028, 1, 31)
    stages = certificate_dates.stages(until, renews)
    assert [day for _stage, day in stages] == [renews, date(2028, 2, 16), date(2028, 2, 27), date(2028, 3, 2)]
    # Renewal that opens late needs no reminder of the days before.
    assert [stage for stage, _day in certificate_dates.stages(until, date(2028, 2, 20))] == [1, 3, 4]
    assert [stage for stage, _day in certificate_dates.stages(until, until)] == [1, 4]
    assert certificate_dates.reached(until, renews, date(2028, 1, 30)) == 0
    assert certificate_dates.reached(until, renews, date(2028, 3, 9)) == certificate_dates.EXPIRED
    assert certificate_dates.following(until, renews, certificate_dates.EXPIRED) is None


def test_told_at_each_stage_once(portal):
    ann, dina = portal.cast.ann, portal.cast.dina
    certificate = given(portal, ann, certified(portal))
    assert certificate.remind_on == certificate.renews_on == date(2028, 1, 31)
    expected = []
    for days, kind in ((335, None), (336, "certificate_renewal"), (352, "certificate_renewal"), (363, "certificate_renewal"),
                       (366, None), (367, "certificate_expired"), (500, None)):  # fmt: skip
        pass_by(portal, days=days)
        expected += [kind] if kind else []
        # Not seen yet, they become one notice.
        assert set(told(portal, ann)) == set(expected), days
        assert portal.one(select(Certificate.stage)) == len(expected)
    assert told(portal, dina) == ["team_certificates"]
    page = portal.client(ann).get("/courses")
    assert "Срок сертификата истёк" in page and "/anew" in page


def test_whoever_is_away_or_renews_or_left_is_not_told(portal):
    cast, made = portal.cast, certified(portal)
    for who in ("ann", "bob", "vera"):
        given(portal, getattr(cast, who), made)
    away = {"starts_on": date(2028, 1, 20), "ends_on": date(2028, 2, 28), "kind": "vacation"}
    portal.run(lambda: db.session.add(Absence(person_id=cast.ann.id, **away)))
    pass_by(portal, days=340)
    assert told(portal, cast.ann) == [] and told(portal, cast.bob) == ["certificate_renewal"]
    renew(portal, cast.bob, made)
    # Back at work she is told of where it stands, once.
    pass_by(portal, days=365)
    assert told(portal, cast.ann) == ["certificate_renewal"] and told(portal, cast.bob) == ["certificate_renewal"]
    pass_by(portal, days=400)
    assert told(portal, cast.bob) == ["certificate_renewal"]


def test_nobody_is_sent_to_a_course_that_is_closed(portal):
    made = certified(portal)
    given(portal, portal.cast.ann, made)
    rule(portal, made, is_on=False)
    pass_by(portal, days=340)
    assert told(portal, portal.cast.ann) == []
    rule(portal, made)
    pass_by(portal, days=360)
    assert told(portal, portal.cast.ann) == ["certificate_renewal"]


def test_the_day_is_that_of_the_store(portal):
    """In Vladivostok the day begins seven hours before Moscow's."""
    made = certified(portal)
    given(portal, portal.cast.ivan, made)
    given(portal, portal.cast.ann, made)
    pass_by(portal, days=335, hours=12)
    assert told(portal, portal.cast.ivan) == ["certificate_renewal"] and told(portal, portal.cast.ann) == []


def test_two_workers_tell_once(portal):
    made = certified(portal)
    for who in ("ann", "bob", "vera"):
        given(portal, getattr(portal.cast, who), made)
    go_on(days=340)
    at_once([lambda: portal.run(certificate_reminding_jobs.remind_certificates)] * 4)
    assert portal.count(Notice, Notice.kind == "certificate_renewal") == 3
