"""The demo's courses: each could have been written with the forms, and what people did in them keeps the portal's rules."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from app.content.text import clean
from app.demo import film
from app.demo.filling import fill
from app.demo.syllabus import courses
from app.extensions import db
from app.learning import grading
from app.learning.courses import TITLE_LIMIT
from app.learning.lesson_files import read
from app.learning.lessons import LIMITS, TEXT_LIMIT
from app.learning.models import (
    Course,
    CourseVersion,
    Enrolment,
    Lesson,
    LessonKind,
    LessonProgress,
    Question,
    QuestionKind,
    QuizAnswer,
    QuizAttempt,
)
from app.learning.questions import options_of
from app.learning.review_models import A_DAY, ReviewAnswer, ReviewCard
from app.learning.review_schedule import after
from app.media import media
from app.people.models import Person

MOMENT = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
WRONG = re.compile(r"[{}<>]|\w\s+[,.!?;:](?!\))|,,|\.\.(?!\.)|(?<=\S)  ")


@pytest.fixture
def made(bare):
    """Return a portal with a small demo company in it."""
    bare.run(lambda: fill(people=60, posts=60, pictures=8, moment=MOMENT))
    return bare


@pytest.mark.parametrize("course", courses(), ids=lambda course: course.name)
def test_a_course_could_have_been_written_with_the_forms(course):
    assert 0 < len(course.title) <= TITLE_LIMIT
    assert course.body
    for step in course.steps:
        assert 0 < len(step.title) <= TITLE_LIMIT
        assert len(step.body) <= TEXT_LIMIT
        assert clean(step.body) == step.body
        assert not WRONG.search(step.body), step.body
        assert bool(step.questions) == (step.kind == LessonKind.QUIZ)
        assert bool(step.photos) == ("[фото" in step.body)
        for name, value in {"minutes": step.minutes, **step.numbers}.items():
            assert LIMITS[name][0] <= value <= LIMITS[name][1]
        assert step.numbers.get("drawn", 0) <= len(step.questions)
        for question in step.questions:
            assert options_of(question)
            assert question.explanation or course.is_draft


def test_there_is_one_of_every_sort():
    written = courses()
    assert len([course for course in written if not course.is_draft]) >= 6
    steps = [step for course in written for step in course.steps]
    assert {"text", "document", "video", "quiz", "task", "scorm"} <= {step.kind for step in steps}
    assert {question.kind for step in steps for question in step.questions} == set(QuestionKind)
    for rule in ("pass_mark", "attempts", "pause_minutes", "time_limit", "drawn"):
        assert any(rule in step.numbers for step in steps), rule
    assert any(step.optional for step in steps)
    assert any(course.in_order for course in written)
    assert any(course.renewed for course in written)


def test_the_film_is_taken_in_like_any_video():
    good, bad = read("video", [FileStorage(BytesIO(film.film()), "film.webm")])
    assert not bad
    assert good[0].content_type == "video/webm"
    captions, bad = read("captions", [FileStorage(BytesIO(film.CAPTIONS.encode()), "film.vtt")])
    assert not bad
    assert captions


def test_the_rows_keep_the_portals_rules(made):
    """Check them together: making a company for each would only cost time."""
    with made.context():
        lessons = {lesson.id: lesson for lesson in db.session.scalars(select(Lesson))}
        attempts = list(db.session.scalars(select(QuizAttempt)))
        answers = defaultdict(list)
        for answer in db.session.scalars(select(QuizAnswer)):
            answers[answer.attempt_id].append(answer)
        questions = {question.id: question for question in db.session.scalars(select(Question))}
        progress = list(db.session.scalars(select(LessonProgress)))
        enrolments = list(db.session.scalars(select(Enrolment)))
        versions = {version.id: version for version in db.session.scalars(select(CourseVersion))}
        attempts_are_graded_by_the_rules(attempts, answers, questions, lessons)
        ways_are_counted(enrolments, progress, lessons, versions)
        people_are_at_every_stage(enrolments, attempts)
        files_are_there(lessons)
        what_was_passed_comes_back(questions)
        assert all(course.minutes for course in db.session.scalars(select(Course).where(Course.edition > 0)))
        numbers = {person.login: person.id for person in db.session.scalars(select(Person).where(Person.login.is_not(None)))}
        for login in ("seller", "intern", "director"):
            mine = [one for one in enrolments if one.person_id == numbers[login]]
            assert any(one.completed_at is None for one in mine), login


def attempts_are_graded_by_the_rules(attempts, answers, questions, lessons):
    assert attempts
    for attempt in attempts:
        given = answers[attempt.id]
        assert {answer.question_id for answer in given} == {key for key, _order in attempt.drawn}
        for answer in given:
            asked = questions[answer.question_id]
            assert answer.right == grading.is_right(asked.kind, asked.options, answer.given, asked.forgiving)
            assert attempt.begun_at <= answer.at <= attempt.submitted_at <= MOMENT
        lesson = lessons[attempt.lesson_id]
        assert attempt.score == grading.score_of(sum(answer.right for answer in given), len(given))
        assert attempt.passed == (attempt.score >= lesson.pass_mark)
        assert len(attempt.drawn) == (lesson.drawn or len(lesson.questions))
        assert attempt.number <= (lesson.attempts or 7)
        assert attempt.ends_at is None or attempt.submitted_at <= attempt.ends_at
    tries = Counter((attempt.lesson_id, attempt.person_id) for attempt in attempts)
    assert max(tries.values()) > 1


def ways_are_counted(enrolments, progress, lessons, versions):
    done = defaultdict(dict)
    for one in progress:
        assert one.begun_at <= MOMENT
        if one.done_at is not None:
            assert one.begun_at <= one.done_at <= MOMENT
            done[lessons[one.lesson_id].version_id, one.person_id][one.lesson_id] = one.done_at
    for way in enrolments:
        of_it = [lesson for lesson in lessons.values() if lesson.version_id == way.version_id and not lesson.optional]
        mine = done[way.version_id, way.person_id]
        left = [lesson for lesson in of_it if lesson.id not in mine]
        assert (way.needed, way.done) == (len(of_it), len(of_it) - len(left))
        assert way.minutes_left == sum(lesson.minutes for lesson in left)
        assert (way.completed_at is not None) == (not left)
        assert versions[way.version_id].published_at <= way.begun_at <= way.seen_at <= MOMENT
        assert way.lesson_id is None or lessons[way.lesson_id].version_id == way.version_id


def people_are_at_every_stage(enrolments, attempts):
    assert any(way.completed_at for way in enrolments)
    assert any(way.completed_at is None and way.done for way in enrolments)
    assert any(way.done == 0 for way in enrolments)
    assert any(not attempt.passed for attempt in attempts)


def what_was_passed_comes_back(questions):
    """Each card follows from its answers by the portal's rule, and visitors find something to answer."""
    steps = {}
    answers = db.session.scalars(select(ReviewAnswer).order_by(ReviewAnswer.day, ReviewAnswer.number)).all()
    assert answers and {answer.right for answer in answers} == {True, False}
    for answer in answers:
        asked, key = questions[answer.question_id], (answer.person_id, answer.line_id)
        assert asked.line_id == answer.line_id and answer.at <= MOMENT
        assert answer.right == grading.is_right(asked.kind, asked.options, answer.given, asked.forgiving)
        before, due_on = steps.get(key, (0, answer.day))
        assert due_on <= answer.day
        steps[key] = after(before, answer.right, answer.day)
        assert steps[key][1] == answer.due_on
    due = Counter()
    for card in db.session.scalars(select(ReviewCard)):
        assert (card.step, card.due_on) == steps.get((card.person_id, card.line_id), (0, card.due_on))
        due[card.person_id] += card.due_on <= MOMENT.date()
    for login in ("seller", "director"):
        assert due[db.session.scalars(select(Person.id).where(Person.login == login)).one()] >= A_DAY


def files_are_there(lessons):
    files = [file for lesson in lessons.values() for file in lesson.files]
    assert {file.role for file in files} == {"picture", "document", "video", "package", "poster", "captions"}
    for file in files:
        assert media().size(file.key) == file.size
