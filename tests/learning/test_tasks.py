"""Tasks: handed in, checked by whoever may, sent back, handed in once more, accepted; who sees what; nothing twice."""

import io
import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.activity.models import Activity
from app.content.models import Draft, Photo
from app.database import move_clock, now
from app.extensions import db
from app.learning import courses, lessons, tasks
from app.learning.models import Course, Enrolment, Lesson, LessonProgress
from app.learning.task_models import TaskAnswer, TaskPhoto
from app.notifications.models import Notice
from app.people.absences import Absence
from app.people.models import Person
from tests.guard.forms import document
from tests.guard.world import photograph
from tests.learning.making import every, lesson_ids
from tests.quality.test_pages import NO_QUERY, structure, syntax


def task_course(portal, wanted="text", kinds=("task",), **more):
    """Make a published course with a task; return its id and those of its lessons."""
    viewer = portal.viewer(portal.cast.ed)

    def make():
        made = courses.create(viewer, courses.About(title="Витрина", body="О витрине", keys=("everybody",), **more))
        for number, kind in enumerate(kinds, 1):
            about = lessons.Content(title=f"Урок {number}", body="Соберите", criteria="Свет\nЦенники", wanted=wanted)
            lessons.add(viewer, made, kind, about)
        courses.publish(viewer, made)
        return made.id

    made = portal.run(make)
    return made, lesson_ids(portal, made)


def begun(portal, who="ann", htmx=False, **more):
    """Return a client who has begun such a course, its id and the address of its task."""
    made, ids = task_course(portal, **more)
    client = portal.client(getattr(portal.cast, who), htmx)
    client.post(f"/courses/{made}/begin")
    return client, made, ids[0]


def handed_in(portal, who="ann", **more):
    """Let somebody hand in an answer; return its id."""
    client, made, task = begun(portal, who, **more)
    client.post(f"/tasks/{task}", {"body": "Собрал витрину", "nonce": "one"})
    return portal.one(select(TaskAnswer.id)), made, task


def said(portal, verb):
    """Count what was recorded."""
    return portal.count(Activity, Activity.verb == verb)


def told(portal, kind):
    """Return who was told."""
    return sorted(every(portal, select(Notice.person_id).where(Notice.kind == kind)))


def photos(count=1):
    """Return photos as a form sends them."""
    return [(io.BytesIO(photograph()), f"{number}.jpg") for number in range(count)]


def test_from_the_answer_to_the_completed_course(portal, htmx):
    client, made, task = begun(portal, htmx=htmx)
    address = f"/courses/{made}/lessons/{task}"
    assert "Ценники" in portal.client(portal.cast.ann).get(address)
    client.post(f"/tasks/{task}", {"body": "Собрала **витрину**", "nonce": "one"})
    answer = portal.one(select(TaskAnswer.id))
    assert told(portal, "task_waiting") == [portal.cast.dina.id]
    page = portal.client(portal.cast.ann).get(address)
    assert "Ждёт проверки" in page and 'action="/tasks/' not in page
    assert "ждёт проверки" in portal.client(portal.cast.ann).get(f"/courses/{made}")
    director = portal.client(portal.cast.dina, htmx)
    assert "Анна Авторова: Урок 1" in portal.client(portal.cast.dina).get("/")
    assert f"/checks/{answer}" in director.get("/checks")
    assert director.post(f"/checks/{answer}", {"act": "back", "body": " "}).status == 422
    director.post(f"/checks/{answer}", {"act": "back", "body": "Не хватает ценников"})
    assert told(portal, "task_sent_back") == [portal.cast.ann.id]
    page = portal.client(portal.cast.ann).get(address)
    assert "Не хватает ценников" in page and 'action="/tasks/' in page
    client.post(f"/tasks/{task}", {"body": "С ценниками", "nonce": "two"})
    second = portal.one(select(TaskAnswer.id).where(TaskAnswer.number == 2))
    page = portal.client(portal.cast.dina).get(f"/checks/{second}")
    assert "Не хватает ценников" in page and "<strong>витрину</strong>" in page
    director.post(f"/checks/{second}", {"act": "accept", "body": "Отлично"})
    assert portal.one(select(Enrolment.completed_at)) is not None
    assert told(portal, "task_accepted") == [portal.cast.ann.id]
    for verb, times in {"task.handed_in": 2, "task.sent_back": 1, "task.accepted": 1, "lesson.done": 1}.items():
        assert said(portal, verb) == times
    assert "Отлично" in portal.client(portal.cast.ann).get(address)
    # Nobody is called to an empty queue.
    assert portal.count(Notice, Notice.kind == "task_waiting", Notice.seen_at.is_(None)) == 0


@pytest.mark.parametrize(
    ("who", "status"),
    [("dina", 200), ("ed", 200), ("hana", 200), ("bob", 403), ("ann", 403), ("vera", 403), ("mark", 403), ("root", 403)],
)
def test_who_may_check(portal, who, status):
    answer, _made, _task = handed_in(portal)
    client = portal.client(getattr(portal.cast, who))
    assert client.get(f"/checks/{answer}").status == status
    client.post(f"/checks/{answer}", {"act": "accept"})
    assert portal.one(select(TaskAnswer.state)) == ("accepted" if status == 200 else "waiting")


def test_a_director_checks_the_own_store_alone(portal):
    answer, _made, _task = handed_in(portal, "vera")
    director = portal.client(portal.cast.dina)
    assert director.get(f"/checks/{answer}").status == 404
    assert director.post(f"/checks/{answer}", {"act": "accept"}).status == 404
    assert "Вера" not in director.get("/checks")
    # Her store has no director: whoever may teach is told.
    assert told(portal, "task_waiting") == sorted([portal.cast.ed.id, portal.cast.hana.id])


@pytest.mark.parametrize("who", ["dina", "ed"])
def test_nobody_checks_himself(portal, who):
    answer, _made, _task = handed_in(portal, who)
    client = portal.client(getattr(portal.cast, who))
    assert client.get(f"/checks/{answer}").status == 404
    assert client.post(f"/checks/{answer}", {"act": "accept"}).status == 404
    assert "Урок 1" not in client.get("/checks")
    assert getattr(portal.cast, who).id not in told(portal, "task_waiting")
    assert portal.client(portal.cast.hana).get(f"/checks/{answer}").status == 200


def test_while_the_director_is_away_others_are_told(portal):
    today = now().date()
    away = Absence(person_id=portal.cast.dina.id, starts_on=today, ends_on=today, kind="vacation")
    portal.run(lambda: db.session.add(away))
    handed_in(portal)
    assert told(portal, "task_waiting") == sorted([portal.cast.ed.id, portal.cast.hana.id])


@pytest.mark.parametrize(
    ("wanted", "fields", "words"),
    [
        ("text", {"body": " \n "}, "Напишите ответ"),
        ("text", {"body": "я" * 10_001}, "Слишком длинно"),
        ("photos", {"body": "Без фото"}, "Добавьте фото"),
        ("both", {"body": "Без фото"}, "Добавьте фото"),
        ("both", {"photos": True}, "Напишите ответ"),
        ("photos", {"photo": "77"}, "Добавьте фото"),
    ],
)
def test_what_an_answer_must_hold(portal, wanted, fields, words):
    client, _made, task = begun(portal, wanted=wanted)
    fields = {**fields, "photos": photos()} if fields.get("photos") else fields
    answer = client.post(f"/tasks/{task}", fields)
    assert answer.status == 422 and words in answer
    assert "Без фото" in answer or "body" not in fields or wanted == "text"
    assert portal.count(TaskAnswer) == 0


def test_photos_are_for_the_learner_and_whoever_checks(portal):
    client, made, task = begun(portal, wanted="photos")
    client.post(f"/tasks/{task}", {"photos": photos(2), "nonce": "one"})
    assert portal.count(TaskPhoto) == 2 and portal.count(Photo) == 0
    key, widths = portal.rows(select(TaskPhoto.key, TaskPhoto.widths))[0]
    address = f"/tasks/photos/{key.rsplit('/', 1)[-1]}-{widths[0]}.webp"
    for who, status in {"ann": 200, "dina": 200, "ed": 200, "bob": 404, "vera": 404, "root": 404}.items():
        assert portal.client(getattr(portal.cast, who)).get(address).status == status
    terminal = portal.client(portal.cast.ann, terminal=portal.terminal(portal.cast.ann.store_id))
    assert terminal.get(address).headers["Cache-Control"] == "no-store"
    assert address in portal.client(portal.cast.dina).get(f"/checks/{portal.one(select(TaskAnswer.id))}")
    assert address in client.get(f"/courses/{made}/lessons/{task}")
    # They are no photos of posts any more: nobody can take them into one, and no sweep takes them away.
    assert portal.client(portal.cast.ann).get(f"/photos/{address.rsplit('/', 1)[-1]}").status == 404


def test_a_photo_stays_though_the_text_is_missing(portal):
    client, _made, task = begun(portal, wanted="both")
    client.post(f"/tasks/{task}", {"photos": photos()})
    kept = portal.one(select(Photo.id))
    client.post(f"/tasks/{task}", {"body": "Вот", "photo": kept})
    assert portal.count(TaskPhoto) == 1


def test_a_foreign_photo_is_not_handed_in(portal):
    other = portal.client(portal.cast.bob)
    other.post("/posts/photos", {"photos": photos()})
    client, _made, task = begun(portal, wanted="photos")
    assert client.post(f"/tasks/{task}", {"photo": portal.one(select(Photo.id))}).status == 422
    assert portal.count(Photo) == 1


def test_handed_in_from_many_windows_it_is_one_answer(portal):
    _client, _made, task = begun(portal)
    clients = [portal.client(portal.cast.ann) for _ in range(8)]
    statuses = []
    threads = [
        threading.Thread(
            target=lambda n=n, c=c: statuses.append(c.post(f"/tasks/{task}", {"body": "Вот", "nonce": f"n{n % 2}"}).status)
        )
        for n, c in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {303}
    assert portal.count(TaskAnswer) == said(portal, "task.handed_in") == 1


def test_the_same_form_is_one_answer_even_after_it_was_sent_back(portal):
    answer, _made, task = handed_in(portal)
    portal.client(portal.cast.dina).post(f"/checks/{answer}", {"act": "back", "body": "Ещё раз"})
    portal.client(portal.cast.ann).post(f"/tasks/{task}", {"body": "Собрал витрину", "nonce": "one"})
    assert portal.count(TaskAnswer) == 1


def test_two_checkers_at_once(portal):
    answer, _made, _task = handed_in(portal)
    clients = {"accept": portal.client(portal.cast.dina), "back": portal.client(portal.cast.ed)}
    found = {}
    threads = [
        threading.Thread(
            target=lambda a=a, c=c: found.update({a: c.post(f"/checks/{answer}", {"act": a, "body": "Вот так"})})
        )
        for a, c in clients.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said(portal, "task.accepted") + said(portal, "task.sent_back") == 1
    late = "accept" if portal.one(select(TaskAnswer.state)) == "sent_back" else "back"
    assert found[late].location == f"/checks/{answer}"
    assert "уже проверен" in clients[late].get(f"/checks/{answer}")
    assert portal.count(LessonProgress, LessonProgress.done_at.is_not(None)) == (late == "back")


def test_the_queue_is_walked_from_the_oldest_and_by_course(portal, monkeypatch):
    monkeypatch.setattr("app.learning.task_checks.PAGE", 2)
    made, (task,) = task_course(portal)
    other, (second,) = task_course(portal)
    for hour, (who, course_id, lesson) in enumerate(
        [("ann", made, task), ("bob", made, task), ("vera", other, second), ("ivan", made, task)]
    ):
        move_clock(timedelta(hours=hour))
        client = portal.client(getattr(portal.cast, who))
        client.post(f"/courses/{course_id}/begin")
        client.post(f"/tasks/{lesson}", {"body": "Вот"})
    editor = portal.client(portal.cast.ed)
    page = editor.get("/checks")
    assert page.text.index("Анна") < page.text.index("Борис") and "Вера" not in page
    further = page.text.split('hx-get="/checks?')[1].split('"')[0].replace("&amp;", "&")
    page = portal.client(portal.cast.ed, htmx=True).get(f"/checks?{further}")
    assert page.text.index("Вера") < page.text.index("Иван") and "<h1" not in page
    assert "Вера" in editor.get(f"/checks?course={other}") and "Анна" not in editor.get(f"/checks?course={other}")
    portal.run(lambda: db.session.execute(update(Person).where(Person.id == portal.cast.ann.id).values(dismissed_on=now())))
    assert "Анна" not in editor.get("/checks")


def test_a_draft_of_an_answer_and_of_a_remark_survive(portal):
    client, made, task = begun(portal)
    client.post("/drafts", {"form": f"/tasks/{task}", "body": "Начало ответа"})
    assert "Начало ответа" in client.get(f"/courses/{made}/lessons/{task}")
    assert f"/tasks/{task}/edit" in client.get("/drafts")
    assert client.get(f"/tasks/{task}/edit").location == f"/courses/{made}/lessons/{task}#task"
    client.post(f"/tasks/{task}", {"body": "Ответ"})
    assert portal.count(Draft) == 0
    answer = portal.one(select(TaskAnswer.id))
    director = portal.client(portal.cast.dina)
    director.post("/drafts", {"form": f"/checks/{answer}", "body": "Начало замечания"})
    assert "Начало замечания" in director.get(f"/checks/{answer}")
    director.post(f"/checks/{answer}", {"act": "back", "body": "Замечание"})
    assert portal.count(Draft) == 0


def test_what_waits_does_not_stand_in_the_way(portal):
    client, made, task = begun(portal, kinds=("task", "text"))
    client.post(f"/tasks/{task}", {"body": "Вот"})
    following = lesson_ids(portal, made)[1]
    assert f"/courses/{made}/lessons/{following}" in client.get(f"/courses/{made}/lessons/{task}")
    page = client.get(f"/courses/{made}")
    assert page.text.index(f"lessons/{following}") < page.text.index(f"lessons/{task}")
    assert client.post(f"/courses/{made}/lessons/{task}/done").location == f"/courses/{made}/lessons/{task}"
    assert portal.count(LessonProgress, LessonProgress.done_at.is_not(None)) == 0


def test_a_director_sees_the_pictures_of_what_was_asked(portal):
    made, (task,) = task_course(portal)
    editor = portal.client(portal.cast.ed)
    editor.post(
        f"/courses/{made}/lessons/{task}",
        {"title": "Урок 1", "body": "Как тут", "wanted": "both", "pictures": [(io.BytesIO(photograph()), "a.jpg")]},
    )
    editor.post(f"/courses/{made}/publish")
    (new,) = lesson_ids(portal, made)
    assert portal.one(select(Lesson.wanted).where(Lesson.id == new)) == "both"
    viewer = portal.viewer(portal.cast.ann)
    client = portal.client(portal.cast.ann)
    client.post(f"/courses/{made}/begin")
    picture = client.get(f"/courses/{made}/lessons/{new}").text.split("/files/")[1].split('"')[0]
    director = portal.client(portal.cast.dina)
    assert director.get(f"/courses/{made}/files/{picture}").status == 404
    portal.run(lambda: db.session.execute(update(Lesson).values(wanted="text")))
    portal.run(lambda: tasks.hand_in(viewer, db.session.get_one(Course, made), db.session.get_one(Lesson, new), "Вот", []))
    assert director.get(f"/courses/{made}/files/{picture}").status == 200
    assert portal.client(portal.cast.bob).get(f"/courses/{made}/files/{picture}").status == 404


def test_what_an_editor_must_say(portal):
    made, _ids = task_course(portal)
    editor = portal.client(portal.cast.ed)
    wrong = editor.post(f"/courses/{made}/lessons", {"kind": "task", "title": "Ещё", "wanted": "film", "criteria": "Раз"})
    assert wrong.status == 422 and "Раз" in wrong
    editor.post(f"/courses/{made}/lessons", {"kind": "task", "title": "Пустое", "wanted": "photos"})
    editor.post(f"/courses/{made}/publish")
    assert portal.one(select(Course.edition)) == 1
    assert "не сказано, что нужно сделать" in editor.get(f"/courses/{made}/edit")


def test_its_pages_are_whole(portal):
    client, made, task = begun(portal, wanted="both", kinds=("task", "text"))
    address = f"/courses/{made}/lessons/{task}"
    pages = [client.get(address), client.post(f"/tasks/{task}", {"body": ""})]
    client.post(f"/tasks/{task}", {"body": "Вот", "photos": photos(2)})
    director = portal.client(portal.cast.dina)
    answer = portal.one(select(TaskAnswer.id))
    pages += [client.get(address), director.get("/checks"), director.post(f"/checks/{answer}", {"act": "back"})]
    director.post(f"/checks/{answer}", {"act": "back", "body": "Мало света"})
    pages += [client.get(address), director.get(f"/checks/{answer}"), director.get("/checks")]
    editor = portal.client(portal.cast.ed)
    pages += [editor.get(f"{address}/edit"), editor.get(f"{address}/preview")]
    for page in pages:
        assert not syntax(page.text) and not structure(document(page.text))
    with portal.queries() as statements:
        client.get(address)
    asked = [one for one in statements if not re.match(NO_QUERY, one)]
    assert len(asked) <= 12, asked
