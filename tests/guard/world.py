"""A small world in which every address has something to be asked about: own, a colleague's, foreign, missing.

The tests of this folder walk `app.url_map`, so a new route is tested by existing. What they need to know of it is here:
what stands for each argument of an address (`ARGUMENTS`), and which fields a form is sent with (`FORMS`). A route with an
argument that nobody described fails with a sentence that says where to add it.
"""

from __future__ import annotations

import hashlib
import io
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.routing import Rule

from app.admin import groups
from app.announcements import appearing, files, writing
from app.content import comments, moderation, photos, publishing, topics
from app.content.audience import Audience, Group
from app.database import now
from app.extensions import Base, db
from app.feed.models import Post
from app.learning import (
    assign_rows,
    certificate_numbers,
    certificate_rules,
    certificates,
    courses,
    lesson_files,
    lessons,
    paths,
    questions,
    quizzes,
    scorm_packages,
    scorm_sample,
    taking,
    tasks,
)
from app.learning.assign_models import Assignee, Assignment
from app.learning.models import Course, Lesson
from app.learning.review_models import ReviewCard
from app.notifications import letters
from app.notifications.models import Notice
from app.people import import_runs, profiles
from app.people.absences import Absence
from app.people.models import Person
from app.people.sessions import Terminal, Viewer, hash_token, load_viewer, open_session
from app.pictures import Picture, square, variants
from tests.conftest import Answer, Client, Portal

# For tests that put the database back after each act, and that no database could answer differently.
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
# As many digits as an id may have.
MISSING = 987_654_321
# The roles of the matrix and who of the cast wears them; None is somebody who is not signed in.
ROLES: dict[str, str | None] = {
    "stranger": None,
    "employee": "ann",
    "terminal": "bob",
    "director": "dina",
    "editor": "ed",
    "hr": "hana",
    "management": "mark",
    "admin": "root",
}
# Whose things everybody above sees without owning them.
COLLEAGUE = "vera"
# Whose things are foreign to everybody above: he works in Vladivostok and writes for his own store alone.
FOREIGNER = "ivan"
KINDS = ("own", "colleague", "foreign", "missing")
# Columns that reading may change, and why.
READING_CHANGES = {
    "sign_in": {"seen_at"},  # last seen, at most every five minutes
    "terminal": {"seen_at"},
    "person": {"stream_seen_at", "stream_before_at"},  # what is new since the last visit
    "notice": {"seen_at"},  # what one was told of is no news once one looks at it
    "receipt": {"opened_at"},  # who has opened an announcement, and how many in each store
    "announcement_reach": {"opened"},
    "enrolment": {"lesson_id", "seen_at"},  # where one goes on with a course
}


@dataclass(frozen=True)
class Ask:
    """One request that the world can make: a rule, a method, and the arguments of each kind."""

    method: str
    rule: str
    endpoint: str
    addresses: dict[str, str]

    @property
    def own(self) -> str:
        """Return the address of one's own thing, or the only one there is."""
        return self.addresses["own"]


class World:
    """The portal with things of everybody in it, and browsers of every role."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.app: Flask = portal.app
        self.things: dict[str, SimpleNamespace] = {}
        self.tokens: dict[str, str] = {}
        self.is_sqlite = self.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
        terminal = portal.terminal(portal.cast.bob.store_id)
        with self.app.test_request_context("/"):
            editor = viewer_of(portal.token(portal.cast.ed))
            self.topic = topics.add_topic(editor, "Хрусталь").id
            self.group = groups.make("Кружок", portal.cast.root.id).id
            groups.add(db.session.get_one(Group, self.group), [portal.cast.vera.id], portal.cast.root.id)
            self.staff_list = import_runs.upload(
                "staff.csv", staff_list(), on=None, absent="keep", actor_id=portal.cast.root.id
            ).id
            for who in [*filter(None, ROLES.values()), COLLEAGUE, FOREIGNER]:
                self._furnish(who, terminal.id if who == ROLES["terminal"] else None)
            for who in [*filter(None, ROLES.values()), COLLEAGUE]:
                self._receive(who)
            db.session.commit()
            self.plan = list(self._plan())
        self._whole = copy_of(self.app)

    def _furnish(self, who: str, terminal_id: int | None) -> None:
        """Let somebody have one of everything."""
        person = db.session.get_one(Person, getattr(self.portal.cast, who).id)
        place = db.session.get_one(Terminal, terminal_id) if terminal_id else None
        self.tokens[who] = open_session(person, device="Chrome 109", terminal=place)
        viewer = viewer_of(self.tokens[who])
        keys = [f"store:{person.store_id}"] if who == FOREIGNER else ["everybody"]
        taken = [photo.id for photo in photos.take_in(person.id, [picture()])]
        post = publishing.publish(viewer, Post(), body=f"Запись: {person.name}", keys=keys, photo_ids=taken)
        comment = comments.add_comment(viewer, post, body=f"Ответ: {person.name}", parent_id=None, picked=(), nonce="")
        thing = SimpleNamespace(person=person.id, store=person.store_id, post=post.id, comment=comment.id)
        thing.photo = post.photos[0].key.rsplit("/", 1)[-1]
        thing.width = post.photos[0].widths[0]
        notice = Notice(person_id=person.id, kind="thanks", group_key=f"thanks:post-{post.id}", path=f"/posts/{post.id}")
        db.session.add(notice)
        self._announce(viewer, keys, thing)
        absence = Absence(person_id=person.id, starts_on=now().date(), ends_on=now().date(), kind="sick")
        db.session.add(absence)
        self._teach(viewer, keys, thing)
        # Whoever checks tasks has somebody else's before him.
        self._hand_in(viewer_of(self.tokens[{"dina": "bob", "ed": "ann", "hana": "ann"}.get(who, who)]), thing)
        profiles.add_strength(person, f"Хрусталь {person.id}")
        profiles.change_photo(person, portrait())
        db.session.flush()
        thing.notice = notice.id
        thing.absence = absence.id
        thing.strength = person.strengths[0].id
        thing.portrait = str(person.photo_key).rsplit("/", 1)[-1]
        thing.city = person.store.city_id
        terminal = Terminal(store_id=person.store_id, token_hash=hash_token(f"terminal of {who}"))
        db.session.add(terminal)
        thing.session = session_of(open_session(person, device="Firefox 115"))
        thing.terminal = terminal.id
        self.things[who] = thing

    def _receive(self, who: str) -> None:
        """Let a colleague complain about what somebody wrote, so that moderators have something to decide."""
        other = viewer_of(self.tokens["ann" if who != "ann" else "dina"])
        post = db.session.get_one(Post, self.things[who].post)
        moderation.report(other, post, None, reason="other", text="")
        moderation.report(
            other, post, db.session.get_one(comments.Comment, self.things[who].comment), reason="other", text=""
        )

    def _announce(self, viewer: Viewer, keys: list[str], thing: SimpleNamespace) -> None:
        """Let somebody have announced something, with a file."""
        [document] = files.take_in(viewer.id, [files.Document("a.pdf", "application/pdf", b"%PDF-1.4")])
        said = {"title": f"Объявление {viewer.id}", "body": "Новые цены", "keys": keys, "importance": "mandatory"}
        asked = {"question": "Какие?", "answers": [("Новые", True), ("Старые", False)], "passage": "Новые цены"}
        made = writing.draft(viewer, writing.Content(**said, **asked, file_ids=[document.id]))  # type: ignore[arg-type]
        appearing.publish(viewer, made)
        thing.announcement, thing.file = made.id, document.id

    def _teach(self, viewer: Viewer, keys: list[str], thing: SimpleNamespace) -> None:
        """Let somebody have made a course, begun it himself, and have a quiz before him."""
        course = courses.create(viewer, courses.About(title=f"Курс {viewer.id}", body="О стекле", keys=keys))
        [document] = lesson_files.take_in(
            viewer.id, [lesson_files.Incoming("document", "a.pdf", "application/pdf", 8, b"%PDF-1.4")]
        )
        reading = lessons.add(viewer, course, "text", lessons.Content(title="Состав", file_ids=[document.id]))
        quiz = lessons.add(viewer, course, "quiz", lessons.Content(title="Проверка"))
        asked = lessons.Content(title="Витрина", body="Соберите", criteria="Свет\nЦенники", wanted="photos")
        thing.task = lessons.add(viewer, course, "task", asked).id
        options = [("Да", True, ""), ("Нет", False, "")]
        question = questions.add(quiz, questions.Content(kind="single", text="Звенит?", options=options))
        archive = io.BytesIO(scorm_sample.package())
        packed = lesson_files.Incoming(
            "package", "a.zip", "application/zip", 9, archive, package=scorm_packages.read(archive)
        )
        [kept] = lesson_files.take_in(viewer.id, [packed])
        package = lessons.add(viewer, course, "scorm", lessons.Content(title="Уход", file_ids=[kept.id]))
        courses.publish(viewer, course)
        taking.begin(viewer, course)
        quizzes.begin(viewer, quiz)
        certificate_rules.save(viewer, course, certificate_rules.Wish(is_on=True))
        given = certificates.issue(viewer.id, course)
        assert given is not None
        thing.certificate = given.id
        thing.course, thing.lesson, thing.quiz, thing.question = course.id, reading.id, quiz.id, question.id
        db.session.add(
            ReviewCard(person_id=viewer.id, line_id=question.id, course_id=course.id, due_on=viewer.today, answered_at=None)
        )
        self._assign(viewer, keys, thing)
        thing.document, thing.package = document.id, package.id

    def _hand_in(self, learner: Viewer, thing: SimpleNamespace) -> None:
        """Let somebody have handed in the task of a course."""
        course, lesson = db.session.get_one(Course, thing.course), db.session.get_one(Lesson, thing.task)
        taking.begin(learner, course)
        taken = [photo.id for photo in photos.take_in(learner.id, [picture()])]
        answer = tasks.hand_in(learner, course, lesson, "Собрано", taken)
        thing.answer = answer.id
        thing.answer_photo = answer.photos[0].key.rsplit("/", 1)[-1]

    def _assign(self, viewer: Viewer, keys: list[str], thing: SimpleNamespace) -> None:
        """Let somebody have made a path and have something to learn until a day, by an assignment of his own."""
        path = paths.create(viewer, paths.About(title=f"Программа {viewer.id}", keys=keys))
        paths.add_course(viewer, path, thing.course)
        paths.publish(viewer, path)
        assignment = Assignment(course_id=thing.course, author_id=viewer.id, store_id=viewer.store_id, due_days=30)
        assignment.audience = Audience.of([f"store:{viewer.store_id}"])
        db.session.add(assignment)
        db.session.flush()
        place = ("Europe/Moscow", None)
        assign_rows.give(assignment, [assign_rows.Receiver(viewer.id, viewer.store_id, None, *place)], "audience")
        [row] = db.session.scalars(select(Assignee).where(Assignee.assignment_id == assignment.id)).all()
        thing.path, thing.step, thing.assignment, thing.row = path.id, path.steps[0].id, assignment.id, row.id

    def client(self, role: str, htmx: bool = False) -> Client:
        """Return a fresh browser of a role."""
        who = ROLES[role]
        return Client(self.app, self.tokens[who] if who else None, htmx)

    def restore(self) -> None:
        """Put the database back as it was built (SQLite)."""
        with self.app.app_context():
            db.session.remove()
            connection = db.engine.raw_connection()
            try:
                self._whole.backup(connection.driver_connection)  # type: ignore[arg-type]
            finally:
                connection.close()

    def asks(self, role: str, methods: tuple[str, ...] = ("GET", "POST")) -> Iterator[Ask]:
        """Yield every request of the plan, with the addresses as they are for a role."""
        owners = {"own": ROLES[role] or "ann", "colleague": COLLEAGUE, "foreign": FOREIGNER, "missing": FOREIGNER}
        adapter = self.app.url_map.bind("localhost")
        for method, rule, values in self.plan:
            if method not in methods:
                continue
            addresses = {}
            for kind in KINDS if rule.arguments - values.keys() - (rule.defaults or {}).keys() else ("own",):
                thing = self.things[owners[kind]]
                given = {
                    name: values[name] if name in values else meaning(rule, name)(self, thing, kind == "missing")
                    for name in rule.arguments - (rule.defaults or {}).keys()
                }
                addresses[kind] = adapter.build(rule.endpoint, given, method=method)
            yield Ask(method, spelled(rule, values), rule.endpoint, addresses)

    def ask(self, client: Client, ask: Ask, kind: str = "own", **kwargs: Any) -> Answer:
        """Make the request of a plan."""
        if ask.method == "GET":
            return client.get(ask.addresses[kind], query_string=QUERIES.get(ask.endpoint), **kwargs)
        return client.post(ask.addresses[kind], form_of(ask.endpoint), **kwargs)

    def _plan(self) -> Iterator[tuple[str, Rule, dict[str, str]]]:
        """Yield (method, rule, its chosen verb) of all rules, verbs one by one."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
            choices: dict[str, list[str]] = {
                match[2]: [word.strip(" '\"") for word in match[1].split(",")]
                for match in re.finditer(r"<any\(([^)]*)\):(\w+)>", rule.rule)
            }
            for name in rule.arguments - choices.keys() - (rule.defaults or {}).keys():
                fixed = FIXED.get(f"{rule.endpoint}:{name}") or FIXED.get(name)
                if fixed is not None:
                    choices[name] = fixed(self.app)
                assert fixed or meaning(rule, name), (
                    f"{rule}: say what {name} stands for in ARGUMENTS of tests/guard/world.py"
                )
            for values in _products(choices):
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    yield method, rule, values


def meaning(rule: Rule, name: str) -> Any:
    """Return what stands for an argument of a rule, None where nobody said."""
    return ARGUMENTS.get(f"{rule.endpoint}:{name}") or ARGUMENTS.get(name)


def _products(choices: dict[str, list[str]]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = [{}]
    for name, words in choices.items():
        found = [{**values, name: word} for values in found for word in words]
    return found


def spelled(rule: Rule, values: dict[str, str]) -> str:
    """Return a rule as the matrix writes it: /<noun>/<entry_id>/like."""

    def put(match: re.Match[str]) -> str:
        name = match[1].split(":")[-1]
        return values[name] if name in values and "any(" in match[1] else f"<{name}>"

    return re.sub(r"<([^>]+)>", put, rule.rule)


# What stands for an argument: (world, the owner's things, is it to be missing) → value.
# An argument that means different things is written with its endpoint: "people.photo:name".
ARGUMENTS: dict[str, Callable[[World, SimpleNamespace, bool], Any]] = {
    "entry_id": lambda world, thing, missing: MISSING if missing else thing.post,
    "announcement_id": lambda world, thing, missing: MISSING if missing else thing.announcement,
    "absence_id": lambda world, thing, missing: MISSING if missing else thing.absence,
    "course_id": lambda world, thing, missing: MISSING if missing else thing.course,
    "lesson_id": lambda world, thing, missing: MISSING if missing else thing.lesson,
    **{
        f"{endpoint}:lesson_id": lambda world, thing, missing: MISSING if missing else thing.quiz
        for endpoint in (
            *("quizzes.begin", "quizzes.show", "quizzes.answer", "quizzes.end", "quizzes.hand_in", "quizzes.result"),
            *("lesson_desk.new_question", "lesson_desk.create_question", "lesson_desk.edit_question"),
            *("lesson_desk.update_question", "lesson_desk.arrange_question"),
            *("question_import.show", "question_import.create", "question_import.apply", "question_import.drop"),
        )
    },
    "line_id": lambda world, thing, missing: MISSING if missing else thing.question,
    "tasks.hand_in:lesson_id": lambda world, thing, missing: MISSING if missing else thing.task,
    "tasks.edit:lesson_id": lambda world, thing, missing: MISSING if missing else thing.task,
    "tasks.photo:name": lambda world, thing, missing: "0" * 32 if missing else thing.answer_photo,
    "tasks.photo:width": lambda world, thing, missing: thing.width,
    "answer_id": lambda world, thing, missing: MISSING if missing else thing.answer,
    "path_id": lambda world, thing, missing: MISSING if missing else thing.path,
    "step_id": lambda world, thing, missing: MISSING if missing else thing.step,
    "assignment_id": lambda world, thing, missing: MISSING if missing else thing.assignment,
    "row_id": lambda world, thing, missing: MISSING if missing else thing.row,
    **{
        f"scorm.{endpoint}:lesson_id": lambda world, thing, missing: MISSING if missing else thing.package
        for endpoint in ("show", "restart", "answers")
    },
    "question_id": lambda world, thing, missing: MISSING if missing else thing.question,
    "courses.file:file_id": lambda world, thing, missing: MISSING if missing else thing.document,
    "certificate_id": lambda world, thing, missing: MISSING if missing else thing.certificate,
    "file_id": lambda world, thing, missing: MISSING if missing else thing.file,
    "post_id": lambda world, thing, missing: MISSING if missing else thing.post,
    "comment_id": lambda world, thing, missing: MISSING if missing else thing.comment,
    "person_id": lambda world, thing, missing: MISSING if missing else thing.person,
    "store_id": lambda world, thing, missing: MISSING if missing else thing.store,
    "topic_id": lambda world, thing, missing: MISSING if missing else world.topic,
    "group_id": lambda world, thing, missing: MISSING if missing else world.group,
    "import_id": lambda world, thing, missing: MISSING if missing else world.staff_list,
    "notice_id": lambda world, thing, missing: MISSING if missing else thing.notice,
    "city_id": lambda world, thing, missing: MISSING if missing else thing.city,
    "session_id": lambda world, thing, missing: MISSING if missing else thing.session,
    "terminal_id": lambda world, thing, missing: MISSING if missing else thing.terminal,
    "terminal.photo:name": lambda world, thing, missing: "0" * 32 if missing else thing.portrait,
    "terminal.photo:size": lambda world, thing, missing: 96,
    "strength_id": lambda world, thing, missing: MISSING if missing else thing.strength,
    "content_helpers.photo:name": lambda world, thing, missing: "0" * 32 if missing else thing.photo,
    "content_helpers.photo:width": lambda world, thing, missing: thing.width,
    "profile.photo:name": lambda world, thing, missing: "0" * 32 if missing else thing.portrait,
    "profile.photo:size": lambda world, thing, missing: 96,
}


def unsubscribe_words(app: Flask) -> list[str]:
    """Return the last words of the link under a letter to somebody."""
    with app.app_context():
        return [letters.unsubscribe_token(1, "comment")]


# Arguments that name nobody's thing: words with one meaning for all.
FIXED: dict[str, Callable[[Flask], list[str]]] = {
    "noun": lambda app: ["posts"],
    "quizzes.answer:number": lambda app: ["1"],
    "notifications.unsubscribe:token": unsubscribe_words,
    "notifications.unsubscribe_form:token": unsubscribe_words,
    # Nobody's: whose code it is, the tests of invitations ask.
    "code": lambda app: ["ACEHACEHACEH"],
    # Of a certificate that was never given.
    "verify.show:number": lambda app: [certificate_numbers.complete("2222222")],
    "filename": lambda app: ["brand/icon-192.png"],
    "assets:name": lambda app: [next(name for name in app.extensions["assets"] if name.startswith("app-"))],
}
# Fields that a form needs to get as far as its rule; every other endpoint is sent an empty form.
FORMS: dict[str, dict[str, Any]] = {
    "comments.create": {"body": "Новый ответ"},
    "comments.update": {"body": "Исправлено"},
    "comments.report": {"reason": "other"},
    "content.report": {"reason": "other"},
    "content_helpers.save": {"form": "/posts", "body": "Черновик"},
    "content_helpers.drop": {"form": "/posts"},
    "moderation.decide_entry": {"reason": "Не по теме"},
    "moderation.decide_comment": {"reason": "Не по теме"},
    "frame.language": {"language": "en"},
    "sign_in.create": {"login": "01001", "password": "неверный"},
    "sign_in.send_reset": {"login": "01001"},
    "invitations.accept": {"password": "три слова вместе"},
    "sessions.change_password": {"old": "неверный", "password": "три слова вместе"},
    "sessions.set_pin": {"pin": "7391", "proof": "неверный"},
    "terminal.create": {"code": "ACEH2345"},
    "terminals.issue": {"store": "1"},
    "terminals.rename": {"name": "Касса у входа"},
    "profile.save": {"about": "Люблю хрусталь", "locale": "ru"},
    "profile.change_photo": {"photo": lambda: (io.BytesIO(photograph()), "photo.jpg")},
    "profile.add_strength": {"strength": "Сервировка"},
    "roles.update": {"roles": "editor"},
    "staff.create": {
        "last_name": "Новая", "first_name": "Нина", "personnel_number": "70707", "store_id": "1", "position": "seller",
    },
    "staff.update": {
        "last_name": "Другая", "first_name": "Нина", "personnel_number": "70708", "store_id": "1", "position": "seller",
    },
    "staff.dismiss": {"dismissed_on": "2024-05-01"},
    "stores.create": {"name": "Новый", "city_id": "1", "opens_at": "09:00", "closes_at": "21:00"},
    "stores.update": {"name": "Другой", "city_id": "1", "opens_at": "09:00", "closes_at": "21:00"},
    "stores.save_city": {"name": "Тверь", "zone": "Europe/Moscow"},
    "absences.create": {"person_id": "1", "starts_on": "2026-03-01", "ends_on": "2026-03-02", "kind": "sick"},
    "announcements.answer": {"answer": "0"},
    "announcement_store.update": {"people": ["1", "2"]},
    "announcement_desk.create": {
        "title": "Цены", "body": "Новые цены", "audience": "everybody", "importance": "ordinary", "when": "now",
    },
    "announcement_desk.update": {"title": "Цены", "body": "Иные цены", "audience": "everybody", "importance": "ordinary"},
    "course_desk.create": {"title": "Стекло", "audience": "everybody"},
    "course_desk.update": {"title": "Хрусталь", "audience": "everybody"},
    "lesson_desk.create": {"kind": "text", "title": "Урок"},
    "lesson_desk.update": {"title": "Другой урок"},
    "lesson_desk.create_question": {
        "kind": "single", "text": "Да?", "option1": "Да", "option2": "Нет", "right": "1",
    },
    "lesson_desk.update_question": {
        "kind": "single", "text": "Нет?", "option1": "Да", "option2": "Нет", "right": "2",
    },
    "question_import.create": {"file": lambda: (io.BytesIO(asked_in_a_table()), "questions.csv")},
    "quizzes.answer": {"answer": "0"},
    "reviews.answer": {"answer": "0"},
    "tasks.hand_in": {"body": "Готово", "photos": lambda: (io.BytesIO(photograph()), "photo.jpg")},
    "task_checks.decide": {"act": "back", "body": "Добавьте света"},
    "path_desk.create": {"title": "Первый месяц", "audience": "everybody"},
    "path_desk.update": {"title": "Второй месяц", "audience": "everybody"},
    "path_desk.add_course": {"course_id": "1"},
    "path_desk.need": {"needed": "0"},
    "assignments.create": {"subject": "course:1", "audience": "everybody", "due": "assigned", "due_days": "9"},
    "course_certificates.update": {"is_on": "y", "term": "ever"},
    "certificates.revoke": {"why": "Ответы подсказаны"},
    "assignments.cancel": {"reason": "Больше не нужно"},
    "posts.create": {"body": "Новая запись", "audience": "everybody"},
    "posts.update": {"body": "Исправлено", "audience": "everybody"},
    "posts.photos": {"photos": lambda: (io.BytesIO(photograph()), "photo.jpg")},
    "notifications.see_all": {"until": "20300101T000000000000"},
    "notifications.choose": {"wanted": "mention:mail"},
    "notifications.quiet": {"starts": "22:00", "ends": "08:00"},
    "topics.create": {"name": "Фарфор"},
    "topics.update": {"name": "Керамика"},
    "groups.create": {"name": "Витринисты"},
    "groups.rename": {"name": "Знатоки"},
    "groups.add": {"person": "4"},
    "groups.add_numbers": {"numbers": "01004, 01005"},
    "imports.create": {"file": lambda: (io.BytesIO(staff_list()), "staff.csv"), "absent": "keep"},
    "imports.update": {"absent": "keep"},
    "invitations.create": {"people": "1"},
    "invitations.send": {"people": "1"},
}  # fmt: skip
QUERIES: dict[str, dict[str, Any]] = {
    "content_helpers.reach": {"audience": "everybody"},
    "content_helpers.mentions": {"q": "Ив"},
}


def form_of(endpoint: str) -> dict[str, Any]:
    """Return the fields to send, files made anew each time."""
    return {name: value() if callable(value) else value for name, value in FORMS.get(endpoint, {}).items()}


def is_public(app: Flask, endpoint: str) -> bool:
    """Tell whether strangers may reach an endpoint."""
    return endpoint == "static" or bool(getattr(app.view_functions[endpoint], "is_public", False))


def session_of(token: str) -> int:
    """Return the id of a session that was just opened, which is also flushed with everything else by now."""
    return viewer_of(token).session_id


def viewer_of(token: str) -> Viewer:
    """Return the viewer of a session that was just opened."""
    viewer = load_viewer(token)
    assert viewer is not None
    return viewer


def staff_list() -> bytes:
    """Return a staff list as the accounting gives it out, with one row that cannot be read."""
    rows = (
        "Табельный номер;Фамилия;Имя;Отчество;Город;Магазин;Должность;Принят",
        "02001;Новикова;Нина;Олеговна;Москва;Радуга;Продавец-консультант;01.02.2024",
        "01003;Казанцева;Вера;Олеговна;Москва;Радуга;Продавец-консультант;01.03.2024",
        ";Безномеров;Борис;;Москва;Радуга;Продавец-консультант;01.03.2024",
    )
    return "\n".join(rows).encode()


def asked_in_a_table() -> bytes:
    """Return a table of questions, one row of which makes none."""
    return "Вопрос;Ответ 1;Ответ 2;Верные\nЗвенит?;Да;Нет;1\nСколько?;Один;Два;".encode()


@cache
def photograph() -> bytes:
    """Return a small photo as a phone would send it."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((640, 480)).convert("RGB").save(file, "JPEG")
    return file.getvalue()


@cache
def picture() -> Picture:
    """Return the photo ready to be attached, made once."""
    return variants(io.BytesIO(photograph()))


@cache
def portrait() -> dict[int, bytes]:
    """Return the photo ready to be a person's."""
    return square(io.BytesIO(photograph()))


def copy_of(app: Flask) -> sqlite3.Connection:
    """Return the SQLite database as it is now, in memory; None of PostgreSQL's can be had so cheaply."""
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            connection = db.engine.raw_connection()
            try:
                connection.driver_connection.backup(kept)  # type: ignore[union-attr]
            finally:
                connection.close()
    return kept


def fingerprint(app: Flask, ignore: dict[str, set[str]] | None = None) -> dict[str, str]:
    """Return {table: a digest of all its rows}, without the columns that may change."""
    found = {}
    with app.app_context(), db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in (ignore or {}).get(table.name, ())]
            rows = sorted(map(repr, connection.execute(select(*columns)).all()))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def contents(app: Flask, leave_out: Callable[[Any], bool]) -> dict[str, list[str]]:
    """Return {table: its rows} without the columns that are left out, for comparing two outcomes."""
    found = {}
    with app.app_context(), db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if not leave_out(column)]
            found[table.name] = sorted(map(repr, connection.execute(select(*columns)).all())) if columns else []
    return found


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the tables that differ."""
    return [table for table in before if before[table] != after[table]]
