"""Lists of other chains are recognised by themselves: headings, orders, groups, spellings, file kinds."""

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.people.lists import AIGUL, EVERYBODY, IGOR, OLGA, SEMYON, read, told, write_csv, write_xlsx

FLAT = [
    ["Таб. №", "ФИО", "Город", "Магазин", "Должность", "Дата приема на работу", "Уволен", "Моб. тел.", "E-mail"],
    [
        "00071",
        "Иванова Ольга Петровна",
        "Пермь",
        "Планета",
        "Директор магазина",
        "16.03.2020",
        "",
        "8 (962) 585-17-81",
        "Olga@example.ru",
    ],
    [
        "00072",
        "Тер - Петросян Игорь Львович",
        "г. Пермь",
        "ТЦ «Планета»",
        "Продавец - консультант",
        "01.12.2024",
        "",
        "",
        "",
    ],
    ["00103", "ГАСАНОВА АЙГУЛЬ МАМЕД КЫЗЫ", "Пермь", "Авиапарк", "Ст. продавец", "05.08.2019", "", "903-222-3344", ""],
    ["00204", "Кузьмин Семён Андреевич", "Н. Новгород", "Седанка", "Стажер", "14.09.2026", "", "", ""],
]


def _columns(*order):
    return [[row[at] for at in order] for row in FLAT]


def test_a_flat_table(tmp_path):
    assert [told(row) for row in read(write_xlsx(tmp_path / "a.xlsx", FLAT))] == EVERYBODY


@pytest.mark.parametrize("order", [(8, 7, 6, 5, 4, 3, 2, 1, 0), (1, 0, 4, 2, 3, 6, 5, 8, 7), (2, 3, 1, 4, 0, 7, 8, 5, 6)])
def test_columns_in_any_order(tmp_path, order):
    assert [told(row) for row in read(write_xlsx(tmp_path / "a.xlsx", _columns(*order)))] == EVERYBODY


@pytest.mark.parametrize(
    "headings",
    [
        [
            "Табельный номер",
            "Сотрудник",
            "Населенный пункт",
            "Торговая точка",
            "Должность",
            "Принят",
            "Уволен",
            "Телефон",
            "Почта",
        ],
        [
            "ТабельныйНомер",
            "ФизическоеЛицо",
            "Город",
            "Магазин",
            "Должность",
            "ДатаПриема",
            "ДатаУвольнения",
            "МобТелефон",
            "ЭлПочта",
        ],
        [
            "Код сотрудника",
            "Ф.И.О.",
            "город",
            "магазин",
            "Штатная должность",
            "Дата приёма",
            "Дата увольнения",
            "Контакты",
            "e-mail",
        ],
        ["Personnel number", "Full name", "City", "Store", "Position", "Hire date", "Termination date", "Phone", "Email"],
        [
            "Таб.\n№",
            "Фамилия, имя,\nотчество",
            "Город",
            "Салон",
            "Профессия",
            "Дата трудоустройства",
            "Дата увольнения",
            "Сотовый",
            "Mail",
        ],
        [
            "ТН",
            "Фамилия Имя Отчество",
            "Город",
            "Филиал",
            "Должность (специальность)",
            "Принят на работу",
            "Уволен",
            "тел.",
            "эл. адрес",
        ],
    ],
)
def test_headings_under_other_names(tmp_path, headings):
    assert [told(row) for row in read(write_xlsx(tmp_path / "a.xlsx", [headings, *FLAT[1:]]))] == EVERYBODY


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_text_in_every_coding_and_with_every_delimiter(tmp_path, encoding, delimiter):
    assert [told(row) for row in read(write_csv(tmp_path / "a.csv", FLAT, encoding, delimiter))] == EVERYBODY


def test_text_that_says_its_delimiter_and_quotes_line_breaks(tmp_path):
    rows = [[cell.replace(" ", "\n", 1) if row is FLAT[0] else cell for cell in row] for row in FLAT]
    path = write_csv(tmp_path / "a.csv", rows)
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())
    assert [told(row) for row in read(path)] == EVERYBODY


def test_a_lone_quote_swallows_nobody(tmp_path):
    path = write_csv(
        tmp_path / "a.csv", [*FLAT, *[[f"{n:05}", "Пак Ян", "Пермь", "Планета", "Продавец"] for n in range(300, 320)]]
    )
    path.write_text(path.read_text().replace("Директор магазина", '"Директор магазина', 1))
    assert len(read(path)) == 24


@pytest.mark.parametrize("parts", [("Фамилия", "Имя", "Отчество"), ("surname", "name", "patronymic")])
def test_the_name_in_three_columns(tmp_path, parts):
    rows = [["Таб. №", *parts, "Город", "Магазин", "Должность"]]
    rows += [[row[0], *parts, *row[2:5]] for row, parts in zip(FLAT[1:], (
        ("ИВАНОВА", "ОЛЬГА", "ПЕТРОВНА"), ("Тер-Петросян", "Игорь", "Львович"), ("Гасанова", "Айгуль", "Мамед Кызы"),
        ("Кузьмин", "Семён", "Андреевич")), strict=True)]  # fmt: skip
    assert [told(row)[:5] for row in read(write_xlsx(tmp_path / "a.xlsx", rows))] == [person[:5] for person in EVERYBODY]


@pytest.mark.parametrize(
    "places",
    [
        ("Пермь, Планета", "Пермь, Планета", "Пермь, Авиапарк", "Нижний Новгород, Седанка"),
        ("Планета, Пермь", "Планета, Пермь", "Авиапарк, Пермь", "Седанка, Нижний Новгород"),
        ("Планета (Пермь)", "Планета (г. Пермь)", "Авиапарк (Пермь)", "Седанка (Нижний Новгород)"),
        ("Пермь / Планета", "ПЕРМЬ / Планета", "Пермь / Авиапарк", "Нижний Новгород / Седанка"),
        ("Розничная сеть / Пермь / Планета",) * 2
        + ("Розничная сеть / Пермь / Авиапарк", "Розничная сеть / Нижний Новгород / Седанка"),
        (
            "Магазин «Планета», г. Пермь",
            'Магазин "Планета", г. Пермь',
            "Магазин «Авиапарк», г. Пермь",
            "Магазин «Седанка», г. Нижний Новгород",
        ),
        ("Пермь Планета", "Пермь Планета", "Пермь Авиапарк", "Нижний Новгород Седанка"),
        ("Пермь - Планета", "Пермь – Планета", "Пермь - Авиапарк", "Нижний Новгород - Седанка"),
    ],
)
@pytest.mark.parametrize("heading", ["Подразделение", "Структурное подразделение", "Место работы", "Магазин"])
def test_city_and_store_in_one_column(tmp_path, places, heading):
    rows = [["Табельный номер", "Сотрудник", heading, "Должность", "Дата приема"]]
    rows += [[row[0], row[1], place, row[4], row[5]] for row, place in zip(FLAT[1:], places, strict=True)]
    assert [told(row)[:6] for row in read(write_xlsx(tmp_path / "a.xlsx", rows))] == [person[:6] for person in EVERYBODY]


HEAD = [
    ["ООО «Домашний очаг»"],
    ["Список сотрудников организации на 01.11.2026"],
    [],
    ["№ п/п", "Табельный номер", "Сотрудник", "", "Должность", "Период работы", "", "Контактные данные", ""],
    ["", "", "Фамилия Имя Отчество", "Вид занятости", "", "с", "по", "Телефон", "Эл. почта"],
    ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
]
MERGED = ("A4:A5", "B4:B5", "C4:D4", "E4:E5", "F4:G4", "H4:I4")


def _printed(at, row):
    return [at, row[0], row[1], "Основное место работы", row[4], row[5], row[6], row[7], row[8]]


def test_a_printout_grouped_by_city_and_store(tmp_path):
    rows = [
        *HEAD, ["Пермь"], ["Магазин «Планета»"], _printed(1, FLAT[1]), _printed(2, FLAT[2]), ["Итого по магазину: 2"],
        ["Магазин «Авиапарк»"], _printed(3, FLAT[3]), ["Итого: 1"], ["Итого по городу", "", "", "", "", "", "", "", 3],
        HEAD[3], HEAD[4],
        ["г. Нижний Новгород"], ["Магазин «Седанка»"], _printed(4, FLAT[4]), ["Итого: 1"],
        ["Всего сотрудников: 4"], [], ["Руководитель", "", "____________", "Смирнова А. А."],
        ["Исполнитель: Петрова П.П."], ["Страница 1 из 1"],
    ]  # fmt: skip
    assert [told(row) for row in read(write_xlsx(tmp_path / "a.xlsx", rows, MERGED))] == EVERYBODY


@pytest.mark.parametrize(
    "dressed", ["Магазин «{store}», г. {city}", "{city}, {store}", "{store} ({city})", "{city} / {store}"]
)
def test_a_printout_grouped_by_stores_that_name_their_city(tmp_path, dressed):
    rows = [*HEAD]
    last = None
    for at, (row, person) in enumerate(zip(FLAT[1:], EVERYBODY, strict=True), 1):
        group = dressed.format(city=person[2], store=person[3])
        rows += [[group]] if group != last else []
        rows += [_printed(at, row)]
        last = group
    assert [told(row) for row in read(write_xlsx(tmp_path / "a.xlsx", rows, MERGED))] == EVERYBODY


def test_a_printout_whose_groups_stand_in_the_name_column(tmp_path):
    rows = [
        ["Сотрудник", "Таб. номер", "Должность", "Принят"],
        ["г. Пермь"],
        ["Планета"],
        ["Иванова Ольга Петровна", "00071", "Директор", "16.03.2020"],
    ]
    rows += [["Авиапарк"], ["Гасанова Айгуль Мамед кызы", "00103", "Старший продавец", "05.08.2019"], ["Итого", 2]]
    rows += [["г. Нижний Новгород"], ["Седанка"], ["Кузьмин Семён Андреевич", "00204", "Стажёр", "14.09.2026"]]
    assert [told(row)[:6] for row in read(write_xlsx(tmp_path / "a.xlsx", rows))] == [p[:6] for p in (OLGA, AIGUL, SEMYON)]


def test_stores_grouped_without_any_city_are_kept_without_one(tmp_path):
    rows = [["Таб. №", "ФИО", "Должность"], ["Планета"], ["00071", "Иванова Ольга Петровна", "Директор"], ["Авиапарк"]]
    rows += [["00103", "Гасанова Айгуль Мамед кызы", "Старший продавец"]]
    assert [told(row)[2:4] for row in read(write_xlsx(tmp_path / "a.xlsx", rows))] == [("", "Планета"), ("", "Авиапарк")]


def test_unknown_cities_are_told_by_their_place(tmp_path):
    rows = [
        ["Таб. №", "ФИО", "Должность"],
        ["Мышгородок"],
        ["Планета"],
        ["00071", "Иванова Ольга Петровна", "Директор"],
        ["Маяк"],
    ]
    rows += [
        ["00072", "Пак Ян", "Продавец"],
        ["г. Заозёрье"],
        ["Авиапарк"],
        ["00103", "Гасанова Айгуль Мамед кызы", "Старший продавец"],
    ]
    found = [told(row)[2:4] for row in read(write_xlsx(tmp_path / "a.xlsx", rows))]
    assert found == [("Мышгородок", "Планета"), ("Мышгородок", "Маяк"), ("Заозёрье", "Авиапарк")]


def test_stores_called_like_cities(tmp_path):
    rows = [["Таб. №", "ФИО", "Подразделение", "Должность"], ["1", "Пак Ян", "Казань, Московский", "Продавец"]]
    rows += [
        ["2", "Ли Ян", "Москва, Невский", "Продавец"],
        ["3", "Цой Ян", "Москва, Казань", "Продавец"],
        ["4", "Ким Ян", "Москва, Радуга", "Продавец"],
    ]
    found = [told(row)[2:4] for row in read(write_xlsx(tmp_path / "a.xlsx", rows))]
    assert found == [("Казань", "Московский"), ("Москва", "Невский"), ("Москва", "Казань"), ("Москва", "Радуга")]


def test_a_table_without_headings(tmp_path):
    assert [told(row)[:6] for row in read(write_xlsx(tmp_path / "a.xlsx", [row[:6] for row in FLAT[1:]]))] == [
        p[:6] for p in EVERYBODY
    ]


def test_a_table_that_begins_further_in(tmp_path):
    rows = [[], [], *[["", "", *row] for row in FLAT]]
    found = read(write_xlsx(tmp_path / "a.xlsx", rows))
    assert [told(row) for row in found] == EVERYBODY
    assert found[0].row == 4


def test_the_sheet_with_the_people_is_found(tmp_path):
    sheets = {
        "Титул": [["Отчёт"], ["Штатное расписание"]],
        "Сводка": [["Магазин", "Сотрудников"], ["Планета", 2], ["Авиапарк", 1]],
    }
    assert [told(row) for row in read(write_xlsx(tmp_path / "a.xlsx", FLAT, sheets=sheets))] == EVERYBODY


DAYS = [
    *("06.04.2026", "2026-04-06", "6.4.26", "06/04/2026", "6 апреля 2026 г.", "06 апр 2026", "06.04.2026 0:00:00"),
    *(46118, date(2026, 4, 6), datetime(2026, 4, 6, 9, 30)),  # noqa: DTZ001 - cells have no zone
]


@pytest.mark.parametrize("day", DAYS)
def test_days_in_every_form(tmp_path, day):
    rows = [*FLAT[:1], *([row[0], row[1], row[2], row[3], row[4], day] for row in FLAT[1:])]
    assert {told(row)[5] for row in read(write_xlsx(tmp_path / "a.xlsx", rows))} == {"2026-04-06"}


@pytest.mark.parametrize("number", [71, 71.0, "00071", "71", "'00071", " 00071 ", "71.0"])
def test_numbers_in_every_form(tmp_path, number):
    rows = [FLAT[0], [number, *FLAT[1][1:]], *FLAT[2:]]
    assert read(write_xlsx(tmp_path / "a.xlsx", rows))[0].number.lstrip("0") == "71"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["", "Пак Ян", "Пермь", "Планета", "Продавец", "01.02.2024"], "no_number"),
        (["00500", "Пак Ян", "Пермь", "Планета", "Продавец", "31.02.2024"], "impossible_date"),
        (["00500", "Пак Ян", "Пермь", "Планета", "Продавец", "скоро"], "impossible_date"),
        (["00500", "Пак Ян", "Пермь", "Планета", "Продавец", "01.02.2024", "01.01.2024"], "dismissed_before_hired"),
        (["00500", "Пак", "Пермь", "Планета", "Продавец", "01.02.2024"], "no_name"),
        (["00500", "", "Пермь", "Планета", "Продавец", "01.02.2024"], "no_name"),
    ],
)
def test_a_row_that_cannot_be_taken_in_is_refused_alone(tmp_path, row, reason):
    found = [told(row) for row in read(write_xlsx(tmp_path / "a.xlsx", [*FLAT[:3], row, *FLAT[3:]]))]
    assert found == [OLGA, IGOR, (4, reason), AIGUL, SEMYON]


def test_vacancies_and_notes_are_nobody(tmp_path):
    rows = [
        *FLAT[:3],
        ["", "Вакансия", "Пермь", "Планета", "Продавец"],
        ["", "", "", "", "", "", "", "см. приказ"],
        [""],
        *FLAT[3:],
    ]
    assert [told(row) for row in read(write_xlsx(tmp_path / "a.xlsx", rows))] == EVERYBODY


def test_a_column_of_birthdays_is_not_the_first_day(tmp_path):
    rows = [[*row[:5], extra, *row[5:]] for row, extra in zip(FLAT, ["Дата рождения", *["01.02.1990"] * 4], strict=True)]
    assert [told(row) for row in read(write_xlsx(tmp_path / "a.xlsx", rows))] == EVERYBODY


def test_running_numbers_are_not_personnel_numbers(tmp_path):
    rows = [["№", *FLAT[0]], *[[at, *row] for at, row in enumerate(FLAT[1:], 1)]]
    assert [told(row) for row in read(write_xlsx(tmp_path / "a.xlsx", rows))] == EVERYBODY


HTML = "<html><head><meta charset='utf-8'></head><body><table>{}</table></body></html>"


def test_html_named_xls(tmp_path):
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in FLAT)
    path = tmp_path / "a.xls"
    path.write_text(HTML.format(body))
    assert [told(row) for row in read(path)] == EVERYBODY


def test_the_xml_of_excel_2003(tmp_path):
    cells = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>" for row in FLAT
    )
    path = tmp_path / "a.xls"
    path.write_text(f'<?xml version="1.0"?><Workbook xmlns:ss="x"><Worksheet><Table>{cells}</Table></Worksheet></Workbook>')
    assert [told(row) for row in read(path)] == EVERYBODY


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_excel_and_open_document(kind):
    found = read(Path(__file__).parent / "data" / f"four.{kind}")
    # Its numbers were made numbers by the program that saved it.
    assert [told(row) for row in found] == [(person[0].lstrip("0"), *person[1:]) for person in EVERYBODY]
