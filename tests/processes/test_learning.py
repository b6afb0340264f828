"""Courses before several processes: the same button from two devices, and thirty times, has one effect."""

from __future__ import annotations

import http.client
import json
import re
from urllib.parse import urlsplit

from sqlalchemy import select

from app.activity import Activity
from app.extensions import db
from app.learning import courses, lessons
from app.learning.models import Course, Enrolment, LessonProgress, Question, QuizAnswer, QuizAttempt
from app.learning.scorm_models import ScormInteraction, ScormState
from app.learning.task_models import TaskAnswer, TaskState
from tests.learning import packages
from tests.learning.making import MULTIPLE, SINGLE, course, lesson_ids
from tests.learning.test_question_import import ROWS, book
from tests.quality.wire import Reply


def two_of(served, person):
    """Return two devices of one person."""
    return [served.browser_of(person) for _ in range(2)]


def test_a_quiz_from_two_devices_is_one_attempt_with_one_answer_each(served):
    portal, person = served.portal, served.newcomer()
    made = course(portal, "quiz", asked=(SINGLE, MULTIPLE), pass_mark=1, attempts=1)
    quiz = f"/courses/{made}/lessons/{lesson_ids(portal, made)[0]}/quiz"
    devices = two_of(served, person)
    served.crowd(*[lambda one=one: one.post(f"/courses/{made}/begin") for one in devices])
    assert portal.count(Enrolment, Enrolment.person_id == person.id) == 1
    served.crowd(*[lambda one=one: one.post(f"{quiz}/begin") for one in devices])
    mine = QuizAttempt.person_id == person.id
    assert portal.count(QuizAttempt, mine) == 1
    attempt = portal.one(select(QuizAttempt.id).where(mine))
    served.crowd(*[lambda one=one, n=n: one.post(f"{quiz}/{n}", {"answer": "0"}) for one in devices for n in (1, 2)])
    assert portal.count(QuizAnswer, QuizAnswer.attempt_id == attempt) == 2
    served.crowd(*[lambda one=one: one.post(f"{quiz}/hand-in") for one in devices])
    assert portal.count(QuizAttempt, mine, QuizAttempt.submitted_at.is_not(None)) == 1
    assert portal.count(LessonProgress, LessonProgress.person_id == person.id) == 1
    of_course = (Activity.actor_id == person.id, Activity.subject_id == made)
    for verb in ("course.begun", "course.completed"):
        assert portal.count(Activity, Activity.verb == verb, *of_course) == 1


def test_an_answer_to_a_task_and_its_check_are_one(served):
    portal, person = served.portal, served.newcomer()
    viewer = portal.viewer(portal.cast.ed)

    def make():
        made = courses.create(viewer, courses.About(title="Витрина", body="", keys=("everybody",)))
        lessons.add(viewer, made, "task", lessons.Content(title="Собрать", body="Соберите", wanted="text"))
        courses.publish(viewer, made)
        return made.id

    made = portal.run(make)
    task = f"/tasks/{lesson_ids(portal, made)[0]}"
    devices = two_of(served, person)
    devices[0].post(f"/courses/{made}/begin")
    served.crowd(*[lambda one=one, n=n: one.post(task, {"body": "Вот", "nonce": f"n{n}"}) for n, one in enumerate(devices)])
    mine = TaskAnswer.person_id == person.id
    assert portal.count(TaskAnswer, mine) == 1
    answer = portal.one(select(TaskAnswer.id).where(mine))
    checkers = [served.browser(who) for who in ("dina", "ed")]
    acts = [
        lambda one=one, act=act: one.post(f"/checks/{answer}", {"act": act, "body": "Так"})
        for one in checkers
        for act in ("accept", "back")
    ]
    served.crowd(*acts)
    assert portal.count(Activity, Activity.verb.in_(["task.accepted", "task.sent_back"]), Activity.subject_id == answer) == 1
    done = portal.count(LessonProgress, LessonProgress.person_id == person.id, LessonProgress.done_at.is_not(None))
    assert done == portal.count(TaskAnswer, mine, TaskAnswer.state == TaskState.ACCEPTED)


def test_a_table_of_questions_goes_in_once(served):
    portal, editor = served.portal, served.browser("ed")
    made = course(portal, "quiz", asked=(), publish=False)

    def quiz():
        return courses.shown_to_editors(db.session.get_one(Course, made)).lessons[-1].id

    lesson = portal.run(quiz)
    at = f"/courses/{made}/lessons/{lesson}/questions/import"
    page = editor.upload(at, {}, "file", ("questions.xlsx", book(*ROWS)))
    page = page if page.status == 200 else editor.get(page.headers["Location"])
    mark = re.search(r'name="mark" value="([^"]+)"', page.text)[1]
    served.crowd(lambda: editor.post(f"{at}/apply", {"mark": mark, "count": str(len(ROWS))}))
    assert portal.count(Question, Question.lesson_id == portal.run(quiz)) == len(ROWS)


class Player:
    """What the page of a package says from the other port."""

    def __init__(self, served, browser, address):
        self.where = f"127.0.0.1:{served.server.content_port}"
        self.origin = f"http://localhost:{served.server.content_port}"
        page = browser.get(address).text
        self.word = re.search(r'data-from="[^"]+/([^"/]+)/play"', page)[1]

    def say(self, what, **said):
        """Send a word."""
        connection = http.client.HTTPConnection(self.where, timeout=40)
        try:
            headers = {"Origin": self.origin, "Host": urlsplit(self.origin).netloc}
            connection.request("POST", f"/{self.word}/{what}", json.dumps({"place": 0, **said}), headers)
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


def test_a_package_on_two_devices_has_one_state_and_the_later_one_goes_on(served):
    portal, person = served.portal, served.newcomer()
    made, [lesson] = packages.course_with(portal)
    devices = two_of(served, person)
    devices[0].post(f"/courses/{made}/begin")
    players = [Player(served, one, f"/courses/{made}/lessons/{lesson}") for one in devices]
    turns = [reply for reply in served.crowd(*[lambda one=one: one.say("launch") for one in players]) if reply.status == 200]
    newest = max(json.loads(reply.text)["turn"] for reply in turns)
    assert newest == len(turns), "two launches took the same turn"
    asked = {"cmi.core.lesson_status": "passed", "cmi.core.score.raw": "80"}
    asked |= {
        f"cmi.interactions.0.{name}": value for name, value in (("id", "q1"), ("type", "choice"), ("result", "correct"))
    }
    acts = [lambda one=one, n=n: one.say("word", turn=n, word=1, said=asked) for one in players for n in (newest, 1)]
    replies = served.crowd(*acts)
    assert {reply.status for reply in replies} <= {200, 409}
    mine = ScormState.person_id == person.id
    assert portal.count(ScormState, mine) == 1
    assert portal.count(ScormInteraction, ScormInteraction.state_id == portal.one(select(ScormState.id).where(mine))) == 1
    assert portal.one(select(LessonProgress.score).where(LessonProgress.person_id == person.id)) == 80
    of_course = (Activity.verb == "course.completed", Activity.actor_id == person.id, Activity.subject_id == made)
    assert portal.count(Activity, *of_course) == 1
