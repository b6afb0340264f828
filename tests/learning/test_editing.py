"""Editors make courses: drafts, lessons in order, questions, versions; who may not; what is refused."""

import io
import threading

import pytest
from sqlalchemy import select

from app.activity.models import Activity
from app.errors import Refused
from app.extensions import db
from app.learning import courses, lessons, questions
from app.learning.models import Course, CourseVersion, Lesson, LessonFile, Question
from tests.learning.making import MATCH, MULTIPLE, ORDER, SHORT, SINGLE, course, every, lesson_ids, title_of

FIELDS = {"title": "Хрусталь", "body": "О хрустале", "audience": "everybody"}


def test_a_course_from_the_first_form_to_its_readers(portal, htmx):
    client = portal.client(portal.cast.ed, htmx)
    client.post("/courses", {**FIELDS, "nonce": "once"})
    client.post("/courses", {**FIELDS, "nonce": "once"})
    assert portal.count(Course) == 1
    assert portal.client(portal.cast.ann).get("/courses/1").status == 404
    client.post("/courses/1/lessons", {"kind": "text", "title": "Состав", "body": "# Свинец\n\n[фото 1]\n\nзвенит"})
    client.post("/courses/1/publish")
    page = portal.client(portal.cast.ann).get("/courses/1")
    assert "Состав" in page and "Начать курс" in page
    assert "Хрусталь" in portal.client(portal.cast.ann).get("/courses")
    assert "Хрусталь" in portal.client(portal.cast.ann).get("/")


@pytest.mark.parametrize("who", ["ann", "dina", "mark", "root"])
def test_who_may_not(portal, who):
    made = course(portal)
    client = portal.client(getattr(portal.cast, who))
    for path in ("/courses/desk", "/courses/new", f"/courses/{made}/edit"):
        assert client.get(path).status == 403
    for path in ("/courses", f"/courses/{made}/publish", f"/courses/{made}/archive", f"/courses/{made}/lessons"):
        assert client.post(path, FIELDS).status == 403


def test_a_course_is_shown_to_its_audience_alone(portal):
    made = course(portal, keys=[f"store:{portal.cast.ivan.store_id}"])
    assert portal.client(portal.cast.ivan).get(f"/courses/{made}").status == 200
    stranger = portal.client(portal.cast.ann)
    assert stranger.get(f"/courses/{made}").status == 404
    assert stranger.post(f"/courses/{made}/begin").status == 404
    assert "Стекло" not in stranger.get("/courses")


@pytest.mark.parametrize(
    "fields", [{"title": " "}, {"title": "x" * 161}, {"audience": ""}, {"body": "я" * 10_001}, {"audience": "store:99999"}]
)
def test_what_a_course_must_say(portal, fields):
    answer = portal.client(portal.cast.ed).post("/courses", {**FIELDS, **fields})
    assert answer.status == 422
    assert "О хрустале" in answer or "body" in fields
    assert portal.count(Course) == 0


@pytest.mark.parametrize(
    "fields", [{"title": ""}, {"minutes": "-1"}, {"minutes": "601"}, {"pass_mark": "0"}, {"minutes": "x"}]
)
def test_what_a_lesson_must_say(portal, fields):
    made = course(portal, publish=False)
    answer = portal.client(portal.cast.ed).post(
        f"/courses/{made}/lessons", {"kind": "quiz", "title": "Тест", "body": "Написано", **fields}
    )
    assert answer.status == 422
    assert "Написано" in answer
    assert portal.count(Lesson) == 2


@pytest.mark.parametrize(
    ("sort", "text", "options"),
    [
        ("single", "", SINGLE[2]),
        ("single", "Что?", [("Да", False, ""), ("Нет", False, "")]),
        ("single", "Что?", [("Да", True, ""), ("Нет", True, "")]),
        ("single", "Что?", [("Да", True, "")]),
        ("single", "Что?", [("Да", True, ""), (" ДА ", False, "")]),
        ("order", "Что?", [("а", False, ""), ("б", False, "")]),
        ("match", "Что?", [("а", False, "1"), ("б", False, "")]),
        ("match", "Что?", [("а", False, "1"), ("б", False, "1")]),
        ("short", "Что?", []),
        ("guess", "Что?", SINGLE[2]),
        ("single", "Что?", [(str(number), number == 0, "") for number in range(11)]),
    ],
)
def test_what_a_question_must_hold(sort, text, options):
    with pytest.raises(Refused):
        questions.options_of(questions.Content(kind=sort, text=text, options=options))


def test_a_question_by_the_form_and_a_wrong_one_keeps_what_was_typed(portal):
    made = course(portal, "quiz", publish=False)
    lesson = portal.one(select(Lesson.id))
    client = portal.client(portal.cast.ed)
    path = f"/courses/{made}/lessons/{lesson}/questions"
    wrong = client.post(path, {"kind": "single", "text": "Почему?", "option1": "Потому", "option2": "Так"})
    assert wrong.status == 422
    assert "Потому" in wrong and "Отметьте правильный ответ" in wrong
    client.post(path, {"kind": "single", "text": "Почему?", "option1": "Потому", "option2": "Так", "right": "2"})
    assert portal.one(select(Question.options).where(Question.text == "Почему?"))[1]["right"] is True


@pytest.mark.parametrize("kinds", [(), ("quiz",), ("video",), ("document",)])
def test_what_is_not_whole_is_not_published(portal, kinds):
    made = course(portal, *(kinds or ("text",)), asked=(), publish=False)
    if not kinds:
        portal.run(lambda: lessons.remove(db.session.scalars(select(Lesson)).one()))
    client = portal.client(portal.cast.ed)
    client.post(f"/courses/{made}/publish")
    assert portal.one(select(Course.published_at)) is None


def test_whoever_has_begun_keeps_what_he_began(portal):
    made = course(portal, "text")
    [old] = lesson_ids(portal, made)
    ann, vera = portal.client(portal.cast.ann), portal.client(portal.cast.vera)
    ann.post(f"/courses/{made}/begin")
    editor = portal.client(portal.cast.ed)
    editor.post(f"/courses/{made}/lessons/{old}", {"title": "Новое название", "minutes": "7"})
    assert title_of(portal, old) == "Урок 1"
    assert "Урок 1" in vera.get(f"/courses/{made}")
    editor.post(f"/courses/{made}/publish")
    assert "Урок 1" in ann.get(f"/courses/{made}") and "Новое название" not in ann.get(f"/courses/{made}")
    assert "Новое название" in vera.get(f"/courses/{made}")
    [new] = lesson_ids(portal, made)
    assert portal.one(select(Lesson.origin_id).where(Lesson.id == new)) == old
    # The address of the other version's lesson leads to one's own.
    assert ann.get(f"/courses/{made}/lessons/{new}").status == 404
    vera.post(f"/courses/{made}/begin")
    assert vera.get(f"/courses/{made}/lessons/{old}").location == f"/courses/{made}/lessons/{new}"


def test_lessons_are_moved_copied_and_removed(portal, htmx):
    made = course(portal, "text", "text", "quiz", asked=(SINGLE, MULTIPLE, ORDER, MATCH, SHORT), publish=False)
    first, second, third = every(portal, select(Lesson.id).order_by(Lesson.place))
    client = portal.client(portal.cast.ed, htmx)
    client.post(f"/courses/{made}/lessons/{third}/up")
    assert every(portal, select(Lesson.id).order_by(Lesson.place)) == [first, third, second]
    client.post(f"/courses/{made}/lessons/{first}/up")
    client.post(f"/courses/{made}/lessons/{third}/duplicate")
    assert every(portal, select(Lesson.title).order_by(Lesson.place)) == ["Урок 1", "Урок 3", "Урок 3 (копия)", "Урок 2"]
    assert portal.count(Question) == 10
    client.post(f"/courses/{made}/lessons/{third}/remove")
    assert portal.count(Question) == 5
    assert portal.count(Lesson) == 3


def test_files_of_a_lesson(portal):
    made = course(portal, "text", publish=False)
    client = portal.client(portal.cast.ed)
    path = f"/courses/{made}/lessons"
    video = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 5000
    client.post(path, {"kind": "video", "title": "Видео", "video": (io.BytesIO(video), "film.mp4")})
    wrong = client.post(path, {"kind": "video", "title": "Не видео", "video": (io.BytesIO(b"<html>"), "film.mp4")})
    assert wrong.status == 422 and "MP4" in wrong
    client.post(f"/courses/{made}/publish")
    file_id = portal.one(select(LessonFile.id))
    ann = portal.client(portal.cast.ann)
    assert ann.get(f"/courses/{made}/files/{file_id}").status == 404
    ann.post(f"/courses/{made}/begin")
    whole = ann.get(f"/courses/{made}/files/{file_id}")
    assert whole.status == 200 and whole.headers["Accept-Ranges"] == "bytes" and len(whole.response.data) == len(video)
    part = ann.get(f"/courses/{made}/files/{file_id}", headers={"Range": "bytes=4-11"})
    assert part.status == 206 and part.response.data == b"ftypmp42"
    assert part.headers["Content-Range"] == f"bytes 4-11/{len(video)}"


def test_two_editors_begin_one_draft(portal):
    made = course(portal, "text")
    editors = [portal.viewer(portal.cast.ed), portal.viewer(portal.cast.hana)]
    start = threading.Barrier(2)

    def begin(_viewer):
        start.wait()
        portal.run(lambda: courses.draft_of(db.session.get_one(Course, made)))

    threads = [threading.Thread(target=begin, args=(viewer,)) for viewer in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert portal.count(CourseVersion) == 2
    assert portal.count(Lesson) == 2


def test_two_editors_publish_one_version(portal):
    made = course(portal, "text", publish=False)
    clients = [portal.client(portal.cast.ed), portal.client(portal.cast.hana)]
    threads = [threading.Thread(target=client.post, args=(f"/courses/{made}/publish",)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert portal.one(select(Course.edition)) == 1
    assert portal.count(Activity, Activity.verb == "course.published") == 1
    assert portal.count(Activity, Activity.verb == "course.renewed") == 0


def test_a_copy_and_the_archive(portal):
    made = course(portal)
    client = portal.client(portal.cast.ed)
    client.post(f"/courses/{made}/duplicate")
    assert every(portal, select(Course.title).order_by(Course.id)) == ["Стекло", "Стекло (копия)"]
    client.post(f"/courses/{made}/archive")
    ann = portal.client(portal.cast.ann)
    ann.post(f"/courses/{made}/begin")
    assert "Этот курс закрыт" in ann.get(f"/courses/{made}")
    assert "Стекло" not in ann.get("/courses")
    client.post(f"/courses/{made}/unarchive")
    assert "Стекло" in ann.get("/courses")
