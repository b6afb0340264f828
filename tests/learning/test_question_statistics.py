"""What answers tell of questions: first attempts alone, nothing of few, the same through versions, and in few statements."""

import io
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from app.database import insert_all_once, now
from app.extensions import db
from app.learning import courses, lessons, questions
from app.learning import question_statistics as statistics
from app.learning.models import Course, Lesson, Question, QuizAnswer, QuizAttempt
from app.people.models import Person
from tests.learning.making import MATCH, MULTIPLE, ORDER, SHORT, SINGLE, course, every, lesson_ids, question_ids

HARD = ("single", "Трудный?", [("Да", True, ""), ("Нет", False, ""), ("Иногда", False, "")])


def learners(portal, many):
    """Let so many more people work in the portal; return their ids."""
    numbers = range(len(every(portal, select(Person.id))), 10_000)[:many]
    shared = {"middle_name": "", "store_id": portal.cast.ann.store_id, "position": "seller", "hired_on": date(2024, 3, 1)}
    rows = [
        {
            **shared,
            "personnel_number": f"8{number:06}",
            "number_key": f"8{number:06}",
            "last_name": f"Листова {number}",
            "first_name": "Нина",
            "name_key": f"листова {number} нина",
        }
        for number in numbers
    ]
    portal.run(lambda: insert_all_once(Person, rows))
    return every(portal, select(Person.id).order_by(Person.id.desc()).limit(many))


def answer(portal, lesson_id, person_ids, given, number=1, ended=True):
    """Let people have ended an attempt: `given` returns what the nth of them answered, as (answer, is right) in order."""
    asked = question_ids(portal, lesson_id)
    moment = now() - timedelta(days=1) + timedelta(minutes=number)

    def make():
        shared = {"lesson_id": lesson_id, "number": number, "begun_at": moment, "submitted_at": moment if ended else None}
        drawn = [[key, []] for key in asked]
        insert_all_once(QuizAttempt, [{**shared, "person_id": one, "drawn": drawn, "score": 0} for one in person_ids])
        mine = select(QuizAttempt.person_id, QuizAttempt.id).where(
            QuizAttempt.lesson_id == lesson_id, QuizAttempt.number == number
        )
        attempts = dict(db.session.execute(mine).all())
        rows = [
            {"attempt_id": attempts[person], "question_id": key, "given": one, "right": right, "at": moment}
            for n, person in enumerate(person_ids)
            for key, (one, right) in zip(asked, given(n), strict=False)
            if one is not None
        ]
        insert_all_once(QuizAnswer, rows)

    portal.run(make)


def figures(portal, made):
    """Return the figures of the first quiz of a course, and its wrong answers, by number."""
    with portal.context():
        [quiz, *_others] = statistics.quizzes_of(db.session.get_one(Course, made))
        found = statistics.figures_of(quiz)
        wrong = statistics.wrong_of(quiz, found)
        return found, {one.number: [(said.words, said.times) for said in wrong.get(one.line_id, [])] for one in found}


def test_share_and_wrong_answers(portal):
    made = course(portal, "quiz", asked=(SINGLE, HARD))
    [lesson] = lesson_ids(portal, made)
    answer(portal, lesson, learners(portal, 10), lambda n: [([0], True), ([n % 3], n % 3 == 0)])
    (first, second), wrong = figures(portal, made)
    assert (first.answers, first.right, first.share) == (10, 10, 100)
    assert (second.answers, second.right, second.share) == (10, 4, 40)
    assert wrong[1] == []
    assert sorted(wrong[2]) == [("Иногда", 3), ("Нет", 3)]
    page = portal.client(portal.cast.ed).get(f"/courses/{made}/statistics")
    assert "Трудный?" in page and "верно: 4 (40 %)" in page and "3 (30 %)" in page


def test_few_answers_say_nothing_anywhere(portal):
    made = course(portal, "quiz", asked=(HARD,))
    [lesson] = lesson_ids(portal, made)
    answer(portal, lesson, learners(portal, 4), lambda n: [([1], False)])
    client = portal.client(portal.cast.ed)
    page = client.get(f"/courses/{made}/statistics")
    assert "пока мало ответов" in page and "Иногда" not in page and "Нет</span>" not in page and " %)" not in page
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/courses/{made}/statistics.xlsx").response.data))
    assert sheet.get_sheet_by_index(0).to_python()[1][3:7] == [""] * 4


def test_the_first_finished_attempt_counts(portal):
    made = course(portal, "quiz", asked=(SINGLE,))
    [lesson] = lesson_ids(portal, made)
    people = learners(portal, 6)
    answer(portal, lesson, people, lambda n: [([1], False)])
    answer(portal, lesson, people, lambda n: [([0], True)], number=2)
    answer(portal, lesson, [portal.cast.ann.id], lambda n: [([0], True)], number=3, ended=False)
    [one], wrong = figures(portal, made)
    assert (one.answers, one.right) == (6, 0)
    assert wrong[1] == [("Из-за цвета", 6)]


def test_discrimination_is_the_correlation_with_the_rest(portal):
    made = course(portal, "quiz", asked=(SINGLE, HARD, MULTIPLE))
    [lesson] = lesson_ids(portal, made)

    # Half of them know: they have the first and third right, and the second wrong.
    def given(n):
        knows = n % 2 == 0
        return [([0 if knows else 1], knows), ([1 if knows else 0], not knows), ([0, 1] if knows else [2], knows)]

    answer(portal, lesson, learners(portal, 20), given)
    (first, second, third), _wrong = figures(portal, made)
    # Of those who know, one of the two other answers is right, of the others one as well: nothing is told apart.
    assert first.discrimination is None and third.discrimination is None
    assert second.discrimination == pytest.approx(-1)
    assert second.is_weak and not first.is_weak
    page = portal.client(portal.cast.ed).get(f"/courses/{made}/statistics")
    assert "различает плохо" in page and "-1,00" in page


def test_discrimination_against_a_plain_computation(portal):
    made = course(portal, "quiz", asked=(SINGLE, HARD, MULTIPLE, SHORT))
    [lesson] = lesson_ids(portal, made)
    rights = [[(n * k) % 7 < 4 for k in (1, 2, 3, 5)] for n in range(40)]
    answer(portal, lesson, learners(portal, 40), lambda n: [([0], right) for right in rights[n]])
    found, _wrong = figures(portal, made)
    for place, one in enumerate(found):
        xs = [float(row[place]) for row in rights]
        rest = [(sum(row) - row[place]) / 3 for row in rights]
        mx, mr = sum(xs) / 40, sum(rest) / 40
        spread = sum((x - mx) ** 2 for x in xs) * sum((r - mr) ** 2 for r in rest)
        expected = sum((x - mx) * (r - mr) for x, r in zip(xs, rest, strict=True)) / spread**0.5
        assert one.discrimination == pytest.approx(expected)


def test_too_few_to_be_called_weak(portal):
    made = course(portal, "quiz", asked=(SINGLE, HARD))
    [lesson] = lesson_ids(portal, made)
    answer(portal, lesson, learners(portal, 19), lambda n: [([n % 2], n % 2 == 0), ([0], n % 2 == 1)])
    found, _wrong = figures(portal, made)
    assert found[0].discrimination == pytest.approx(-1)
    assert not found[0].is_weak
    assert "различает плохо" not in portal.client(portal.cast.ed).get(f"/courses/{made}/statistics").text.replace(
        "вопрос различает плохо", ""
    )


def test_what_was_wrong_in_each_kind(portal):
    made = course(portal, "quiz", asked=(MULTIPLE, ORDER, MATCH, SHORT))
    [lesson] = lesson_ids(portal, made)
    words = ["Фужер", "фужер ", "Иванова Нина, 8 916 000", "кубок", "кубок", "рюмка"]
    answer(
        portal,
        lesson,
        learners(portal, 6),
        lambda n: [([0, 2], False), ([1, 0, 2], False), ([1, 0], False), (words[n], False)],
    )
    _found, wrong = figures(portal, made)
    assert wrong[1] == [("Ждать", 6)]
    assert wrong[2] == [("Разделить → Обернуть → Закрыть", 6)]
    assert sorted(wrong[3]) == [("Виски — Стакан", 6), ("Вода — Тумблер", 6)]
    # What a single person typed is not shown.
    assert sorted(wrong[4]) == [("кубок", 2), ("фужер", 2)]


def test_versions_are_counted_together(portal):
    made = course(portal, "quiz", asked=(SINGLE, HARD))
    [old] = lesson_ids(portal, made)
    answer(portal, old, learners(portal, 5), lambda n: [([1], False), ([1], False)])
    editor = portal.viewer(portal.cast.ed)

    def renew():
        standing = db.session.get_one(Course, made)
        lesson = lessons.in_draft(standing, old)
        first, second = lesson.questions
        changed = [("Из-за формы", False, ""), ("Из-за свинца", True, "")]
        questions.change(first, questions.Content(kind="single", text="Отчего звенит хрусталь?", options=changed))
        questions.remove(second)
        courses.publish(editor, standing)

    portal.run(renew)
    [new] = lesson_ids(portal, made)
    answer(portal, new, learners(portal, 1), lambda n: [([0], False)])
    (first, second), wrong = figures(portal, made)
    assert (first.answers, first.is_gone, second.answers, second.is_gone) == (6, False, 5, True)
    assert sorted(wrong[1]) == [("Из-за формы", 1), ("Из-за цвета", 5)]
    page = portal.client(portal.cast.ed).get(f"/courses/{made}/statistics")
    assert "Отчего звенит хрусталь?" in page and "в новой версии его нет" in page


def test_drafts_and_courses_without_quizzes(portal):
    client = portal.client(portal.cast.ed)
    bare, draft = course(portal, "text"), course(portal, "quiz", publish=False)
    for made in (bare, draft):
        assert "появятся его вопросы в цифрах" in client.get(f"/courses/{made}/statistics")
        assert client.get(f"/courses/{made}/statistics.xlsx").status == 404
    other = course(portal, "quiz")
    assert client.get(f"/courses/{other}/statistics?quiz=999999").status == 404
    assert client.get(f"/courses/{other}/statistics?sort=<x>&from=zz").status == 200


def test_the_hardest_first_and_page_by_page(portal):
    many = [("single", f"Вопрос {n}", SINGLE[2]) for n in range(30)]
    made = course(portal, "quiz", asked=many)
    [lesson] = lesson_ids(portal, made)
    answer(portal, lesson, learners(portal, 30), lambda n: [([0], k < n) for k in range(30)])
    client = portal.client(portal.cast.ed)
    page = client.get(f"/courses/{made}/statistics?sort=hard")
    assert page.text.index("30. Вопрос 29") < page.text.index("29. Вопрос 28")
    assert "1. Вопрос 0" not in page.text.replace("21. Вопрос 20", "")
    rest = portal.client(portal.cast.ed, True).get(f"/courses/{made}/statistics?sort=hard&from=25")
    assert "1. Вопрос 0" in rest and "<h1" not in rest


@pytest.mark.parametrize("many", [5, 60])
def test_statements_do_not_grow(portal, many):
    made = course(portal, "quiz", "quiz", "text", asked=[("single", f"Вопрос {n}", HARD[2]) for n in range(many)])
    [lesson, *_more] = lesson_ids(portal, made)
    answer(portal, lesson, learners(portal, 20), lambda n: [([(n + k) % 3], (n + k) % 3 == 0) for k in range(many)])
    client = portal.client(portal.cast.ed)
    client.get("/")
    for path in ("statistics", "statistics.xlsx"):
        with portal.queries() as queries:
            assert client.get(f"/courses/{made}/{path}").status == 200
        assert len(queries) <= 12, "\n".join(queries)


def test_the_workbook(portal):
    made = course(portal, "quiz", asked=(SINGLE, HARD))
    [lesson] = lesson_ids(portal, made)
    portal.run(lambda: db.session.execute(update(Question).where(Question.text == HARD[1]).values(text="=1+1")))
    answer(portal, lesson, learners(portal, 20), lambda n: [([n % 2], n % 2 == 0), ([n % 2], n % 2 == 0)])
    data = portal.client(portal.cast.ed).get(f"/courses/{made}/statistics.xlsx").response.data
    head, first, second = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert head[1] == "Вопрос" and second[1] == "=1+1"
    assert first[3:8] == [20, 10, 50, 1, ""] and first[8] == "Из-за цвета (10)"


@pytest.mark.parametrize("who", ["ann", "dina", "mark", "root"])
def test_who_may_not(portal, who):
    made = course(portal, "quiz")
    client = portal.client(getattr(portal.cast, who))
    assert client.get(f"/courses/{made}/statistics").status == client.get(f"/courses/{made}/statistics.xlsx").status == 403


def test_a_quiz_keeps_its_place(portal):
    made = course(portal, "quiz")
    assert portal.count(Lesson, Lesson.kind == "quiz") == 1
    assert "Попытку закончили 0 человек" in portal.client(portal.cast.ed).get(f"/courses/{made}/statistics")
