"""Questions come from a table: what is read, what is refused row by row, what goes in once and only into the draft."""

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from xlsxwriter import Workbook

from app.content.models import Draft
from app.errors import Refused
from app.extensions import db
from app.learning import courses, question_table, question_template
from app.learning.models import CourseVersion, Lesson, Question
from app.learning.question_table import Row, columns_of, content_of
from app.learning.questions import options_of
from tests.learning.making import MATCH, SINGLE, course, every, lesson_ids

HEAD = [
    "Вид вопроса",
    "Вопрос",
    "Ответ 1",
    "Ответ 2",
    "Ответ 3",
    "Номера правильных ответов",
    "Пояснение",
    "Опечатка не мешает",
]
ROWS = [
    ["Один правильный ответ", "Звенит?", "Да", "Нет", "", "1", "Свинец", ""],
    ["несколько", "Что делать?", "Спросить", "Ждать", "Убрать", "1; 3", "", ""],
    ["по порядку", "Как упаковать?", "Обернуть", "Разделить", "Закрыть", "", "", ""],
    ["пары", "Что к чему?", "Вода = Стакан", "Виски=Тумблер", "", "", "", ""],
    ["Короткий ответ", "Бокал?", "флейта", "флюте", "", "", "", "да"],
]
WRONG = ["Один правильный ответ", "Без верного?", "Да", "Нет", "", "", "", ""]


def book(*rows, head=HEAD):
    """Return a workbook of one sheet."""
    file = io.BytesIO()
    made = Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet()
    for number, cells in enumerate((head, *rows)):
        sheet.write_row(number, 0, cells)
    made.close()
    return file.getvalue()


def at(portal, made):
    """Return the address of the import of the quiz of a course, whatever version it stands in."""
    with portal.context():
        version = courses.shown_to_editors(db.session.get_one(courses.Course, made))
        return f"/courses/{made}/lessons/{version.lessons[-1].id}/questions/import"


def bring(client, address, content, name="questions.xlsx"):
    """Upload a table."""
    return client.post(address, {"file": (io.BytesIO(content), name)})


def confirm(portal, client, address, count, mark=None):
    """Press the button under what was found."""
    mark = mark or portal.one(select(Draft.fields).where(Draft.form.startswith("questions:")))["mark"]
    return client.post(f"{address}/apply", {"mark": mark, "count": str(count)})


def test_all_kinds_from_a_table(portal, htmx):
    made = course(portal, "quiz", asked=(), publish=False)
    client, address = portal.client(portal.cast.ed, htmx), at(portal, made)
    bring(client, address, book(*ROWS))
    page = portal.client(portal.cast.ed).get(address)
    assert "Добавить 5 вопросов" in page and "Вода — Стакан" in page
    assert portal.count(Question) == 0
    confirm(portal, client, address, 5)
    kept = portal.rows(select(Question.kind, Question.text, Question.options, Question.forgiving).order_by(Question.place))
    assert [row.kind for row in kept] == ["single", "multiple", "order", "match", "short"]
    assert kept[1].options[2] == {"text": "Убрать", "right": True}
    assert kept[3].options == [{"text": "Вода", "pair": "Стакан"}, {"text": "Виски", "pair": "Тумблер"}]
    assert kept[4].forgiving and not kept[0].forgiving
    assert portal.count(Draft) == 0


def test_the_template_reads_as_itself(portal):
    answer = portal.client(portal.cast.ed).get("/courses/questions.xlsx")
    filled = CalamineWorkbook.from_filelike(io.BytesIO(answer.response.data))
    assert filled.sheet_names == ["Вопросы", "Примеры", "Как заполнять"]
    head, *rows = filled.get_sheet_by_name("Примеры").to_python()
    made = course(portal, "quiz", asked=(), publish=False)
    client, address = portal.client(portal.cast.ed), at(portal, made)
    assert "вопросов под ними нет" in bring(client, address, answer.response.data)
    bring(client, address, book(*rows, head=head))
    page = client.get(address)
    assert "Добавить 5 вопросов" in page


def test_the_template_speaks_english_too(portal):
    with portal.app.test_request_context("/", headers={"Accept-Language": "en"}):
        file = question_template.workbook()
    head, *rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(1).to_python()
    cells = [{name: row[column] for column, name in columns_of(head).items() if row[column]} for row in rows]
    with portal.context():
        kinds = [content_of(Row(number, one)).kind for number, one in enumerate(cells)]
    assert kinds == ["single", "multiple", "order", "match", "short"]


def test_wrong_rows_are_named_and_the_right_ones_go_in_alone(portal):
    made = course(portal, "quiz", asked=(), publish=False)
    client, address = portal.client(portal.cast.ed), at(portal, made)
    rows = [ROWS[0], WRONG, ["загадка", "Что?", "Да", "Нет"], ROWS[0], ["один", "", "Да", "Нет", "", "1"]]
    bring(client, address, book(*rows))
    page = client.get(address)
    for said in (
        "Строка 3",
        "Отметьте правильный ответ",
        "Неизвестный вид вопроса: «загадка»",
        "Такой же вопрос стоит в строке 2",
    ):
        assert said in page
    assert "Добавить только верные (1)" in page
    confirm(portal, client, address, 1)
    assert every(portal, select(Question.text)) == ["Звенит?"]


def test_pressed_twice_goes_in_once_and_the_same_table_again_brings_nothing(portal):
    made = course(portal, "quiz", asked=(), publish=False)
    client, address = portal.client(portal.cast.ed), at(portal, made)
    bring(client, address, book(*ROWS))
    mark = portal.one(select(Draft.fields))["mark"]
    confirm(portal, client, address, 5, mark)
    confirm(portal, client, address, 5, mark)
    assert portal.count(Question) == 5
    bring(client, address, book(*ROWS))
    assert "Этот вопрос в тесте уже есть" in client.get(address)
    confirm(portal, client, address, 0)
    assert portal.count(Question) == 5


def test_another_table_than_the_one_looked_at_is_not_taken(portal):
    made = course(portal, "quiz", asked=(), publish=False)
    client, address = portal.client(portal.cast.ed), at(portal, made)
    bring(client, address, book(ROWS[0]))
    mark = portal.one(select(Draft.fields))["mark"]
    bring(client, address, book(ROWS[1]))
    assert "Посмотрите ещё раз" in client.get(confirm(portal, client, address, 1, mark).headers["Location"])
    confirm(portal, client, address, 2)
    assert portal.count(Question) == 0
    client.post(f"{address}/drop")
    assert portal.count(Draft) == 0
    confirm(portal, client, address, 1, mark)
    assert portal.count(Question) == 0


def test_a_published_version_stays_as_it_is(portal):
    made = course(portal, "quiz", asked=(SINGLE,))
    client, address = portal.client(portal.cast.ed), at(portal, made)
    [published] = lesson_ids(portal, made)
    bring(client, address, book(*ROWS))
    client.get(address)
    assert portal.count(CourseVersion) == 1
    confirm(portal, client, address, 5)
    assert portal.count(Question, Question.lesson_id == published) == 1
    draft = portal.one(select(Lesson.id).where(Lesson.origin_id == published))
    assert portal.count(Question, Question.lesson_id == draft) == 6


def test_a_waiting_table_is_no_text_that_was_not_sent(portal):
    made = course(portal, "quiz", asked=(), publish=False)
    client = portal.client(portal.cast.ed)
    bring(client, at(portal, made), book(*ROWS))
    assert "questions:" not in client.get("/drafts")
    assert "Добавить" not in portal.client(portal.cast.root).get("/drafts")


@pytest.mark.parametrize("who", ["ann", "dina", "mark", "root"])
def test_who_may_not(portal, who):
    made = course(portal, "quiz", asked=(), publish=False)
    client, address = portal.client(getattr(portal.cast, who)), at(portal, made)
    assert client.get(address).status == client.get("/courses/questions.xlsx").status == 403
    for path in (address, f"{address}/apply", f"{address}/drop"):
        assert client.post(path).status == 403


def test_only_quizzes_take_questions(portal):
    made = course(portal, "text", publish=False)
    assert bring(portal.client(portal.cast.ed), at(portal, made), book(*ROWS)).status == 404


def bomb():
    """Return a workbook that unpacks to far more than it weighs."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (60 << 20))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: b"", "Файл пуст"),
        (lambda: b"%PDF-1.4 x", "Это PDF"),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 99, "Это картинка"),
        (lambda: b"PK\x03\x04 nothing", "Файл повреждён"),
        (bomb, "слишком большая"),
        (lambda: b"x" * (question_table.LARGEST + 1), "слишком большая"),
        (lambda: book(*[["один", f"Вопрос {n}", "Да", "Нет", "", "1"] for n in range(501)]), "слишком большая"),
        (lambda: "Имя;Город\nОльга;Тверь".encode(), "«Вопрос» и «Ответ 1» не найдены"),
        (lambda: book(), "вопросов под ними нет"),
    ],
)
def test_what_is_no_table_of_questions(portal, content, said):
    made = course(portal, "quiz", asked=(), publish=False)
    answer = bring(portal.client(portal.cast.ed), at(portal, made), content())
    assert answer.status == 422
    assert said in answer
    assert portal.count(Draft) == 0


def test_without_a_file(portal):
    made = course(portal, "quiz", asked=(), publish=False)
    answer = portal.client(portal.cast.ed).post(at(portal, made), {})
    assert answer.status == 422
    assert "Выберите файл" in answer


def test_what_no_eye_sees_is_cleaned_and_markup_stays_text(portal):
    made = course(portal, "quiz", asked=(), publish=False)
    client, address = portal.client(portal.cast.ed), at(portal, made)
    hostile = ["один", "Зве\u202eнит?\u200b <b onclick=x>", "=1+1", "<script>", "", "1"]
    bring(client, address, book(hostile))
    page = client.get(address)
    assert "&lt;b onclick=x&gt;" in page and "<script>alert" not in page and "<b onclick" not in page
    text = f"Вопрос;Ответ 1;Ответ 2;Верные;Пояснение\nЗве\x07нит\x00?;Да;Нет;1;{'Свинец. ' * 40}\n".encode()
    bring(client, address, text, "questions.csv")
    confirm(portal, client, address, 1)
    assert every(portal, select(Question.text)) == ["Звенит?"]


def test_a_long_question_is_refused_not_cut(portal):
    made = course(portal, "quiz", asked=(), publish=False)
    client, address = portal.client(portal.cast.ed), at(portal, made)
    bring(client, address, book(["один", "я" * 1001, "Да", "Нет", "", "1"], ["один", "ю" * 1000, "Да", "Нет", "", "1"]))
    assert "1000 знаков" in client.get(address)
    confirm(portal, client, address, 1)
    assert every(portal, select(Question.text)) == ["ю" * 1000]


def test_five_hundred_rows_in_few_statements(portal):
    made = course(portal, "quiz", asked=(), publish=False)
    client, address = portal.client(portal.cast.ed), at(portal, made)
    bring(client, address, book(*[["один", f"Вопрос {n}", "Да", "Нет", "", "1"] for n in range(500)]))
    with portal.queries() as queries:
        assert "Добавить 500 вопросов" in client.get(address)
    assert len(queries) <= 12
    confirm(portal, client, address, 500)
    assert portal.count(Question) == 500


@pytest.mark.parametrize(
    ("headings", "meant"),
    [
        (["Вопрос", "Ответ", "Ответ", "Верный"], ["text", "option1", "option2", "right"]),
        (["ПОЯСНЕНИЕ К ВОПРОСУ", "вопрос:", "Вариант №2", "Вариант №1"], ["explanation", "text", "option2", "option1"]),
        (["Question", "Answer 1", "Correct", "Type", "Note"], ["text", "option1", "right", "kind"]),
        (["Тип", "Текст вопроса", "Ответ 1", "Пара 1"], ["kind", "text", "option1", "pair1"]),
    ],
)
def test_columns_by_their_words(headings, meant):
    assert list(columns_of(headings).values()) == meant


@pytest.mark.parametrize(
    ("cell", "right"),
    [("1", [0]), ("1; 3", [0, 2]), ("1,3", [0, 2]), ("1.3", [0, 2]), ("1 и 3", [0, 2]), ("Нет", [1]), ("да; ждать", [0, 2])],
)
def test_which_answers_are_right(portal, cell, right):
    cells = {"kind": "несколько", "text": "Что?", "option1": "Да", "option2": "Нет", "option3": "Ждать", "right": cell}
    with portal.context():
        kept = options_of(content_of(Row(2, cells)))
    assert [place for place, option in enumerate(kept) if option["right"]] == right


@pytest.mark.parametrize("cell", ["4", "1.1", "2026-03-01", "Может быть", "0", "1; ?"])
def test_unclear_right_answers(portal, cell):
    cells = {"kind": "один", "text": "Что?", "option1": "Да", "option2": "Нет", "right": cell}
    with portal.context(), pytest.raises(Refused):
        content_of(Row(2, cells))


def test_the_kind_may_be_left_out_where_the_right_answers_tell_it(portal):
    cells = {"text": "Что?", "option1": "Да", "option2": "Нет", "right": "1"}
    with portal.context():
        assert content_of(Row(2, cells)).kind == "single"
        assert content_of(Row(2, {**cells, "right": "1; 2"})).kind == "multiple"
        with pytest.raises(Refused):
            options_of(content_of(Row(2, {**cells, "right": ""})))


def test_pairs_in_columns_of_their_own(portal):
    cells = {"kind": "пары", "text": "Что?", "option1": "Вода", "pair1": "Стакан", "option2": "Виски", "pair2": "Тумблер"}
    with portal.context():
        assert options_of(content_of(Row(2, cells))) == [{"text": text, "pair": pair} for text, _right, pair in MATCH[2]]
