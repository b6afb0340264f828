"""No spelling makes a second person: names, numbers, phones and addresses as lists write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.names import (
    FullName,
    fold,
    name_key,
    normal_email,
    normal_name,
    normal_number,
    normal_phone,
    number_key,
    place_key,
    split_name,
    tidy,
)

ANYTHING = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("written", "last", "first", "middle"),
    [
        ("Иванова Ольга Петровна", "Иванова", "Ольга", "Петровна"),
        ("ИВАНОВА ОЛЬГА ПЕТРОВНА", "Иванова", "Ольга", "Петровна"),
        ("иванова ольга петровна", "Иванова", "Ольга", "Петровна"),
        ("Корнеева\xa0Екатерина  Евгеньевна ", "Корнеева", "Екатерина", "Евгеньевна"),
        ("Салтыкова - Щедрина  Ольга Петровна", "Салтыкова-Щедрина", "Ольга", "Петровна"),
        ("САЛТЫКОВА–ЩЕДРИНА ОЛЬГА ПЕТРОВНА", "Салтыкова-Щедрина", "Ольга", "Петровна"),
        ("Петрова Водкина Анна Сергеевна", "Петрова Водкина", "Анна", "Сергеевна"),
        ("Гасанова Айгуль Мамед кызы", "Гасанова", "Айгуль", "Мамед кызы"),
        ("ГАСАНОВА АЙГУЛЬ МАМЕД КЫЗЫ", "Гасанова", "Айгуль", "Мамед кызы"),
        ("Алиев Эльчин Рустам-оглы", "Алиев", "Эльчин", "Рустам-оглы"),
        ("Алиев Эльчин Рустам Оглы", "Алиев", "Эльчин", "Рустам оглы"),
        ("Дементьева Светлана", "Дементьева", "Светлана", ""),
        ("Иванова О.П.", "Иванова", "О.", "П."),
        ("Иванова О. П.", "Иванова", "О.", "П."),
        ("О. П. Иванова", "Иванова", "О.", "П."),
        ("Тер-Петросян А.Г.", "Тер-Петросян", "А.", "Г."),
        ("Ольга Петровна Иванова", "Иванова", "Ольга", "Петровна"),
        ("Ткач Илья Ильич", "Ткач", "Илья", "Ильич"),
        ("Бабич Иван Ильич", "Бабич", "Иван", "Ильич"),
        ("Нгуен Ван Ань", "Нгуен", "Ван", "Ань"),
        ("Иванова (Петрова) Ольга Сергеевна", "Иванова", "Ольга", "Сергеевна"),
        ("О'НИЛ ШАКИЛ", "О'Нил", "Шакил", ""),
        ("Ким", "Ким", "", ""),
        ("", "", "", ""),
        ("12345", "", "", ""),
    ],
)
def test_a_full_name_is_split(written, last, first, middle):
    assert split_name(written) == FullName(last, first, middle)


def test_three_columns_make_the_same_name_as_one():
    assert normal_name("ИВАНОВА", "ольга", "Петровна ") == split_name("Иванова Ольга Петровна")
    assert normal_name("Иванова", "О.П.") == FullName("Иванова", "О.", "П.")
    assert normal_name("Иванова", "Ольга Петровна") == FullName("Иванова", "Ольга", "Петровна")
    assert normal_name("Иванова", "Анна Мария") == FullName("Иванова", "Анна", "Мария")


@pytest.mark.parametrize(
    "written", ["01146", "1146", "1146.0", "1146,0", " 1 146 ", "'01146", "№ 01146", "0001146", 1146, 1146.0]
)
def test_a_number_is_one_however_it_is_written(written):
    assert number_key(written) == "1146"


@pytest.mark.parametrize(
    ("written", "kept", "key"),
    [
        ("K-0115", "K-0115", "К-0115"),
        ("к-0115", "к-0115", "К-0115"),
        ("00ЗК-00012", "00ЗК-00012", "00ЗК-00012"),
        ("000", "000", "0"),
        ("'01146", "01146", "1146"),
        ("-", "", ""),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_a_number_is_kept_as_written_and_compared_folded(written, kept, key):
    assert (normal_number(written), number_key(written)) == (kept, key)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("8 (962) 585-17-81", "+79625851781"),
        ("+7 962 585 17 81", "+79625851781"),
        ("+7(962)5851781", "+79625851781"),
        ("89625851781", "+79625851781"),
        ("79625851781", "+79625851781"),
        ("962-585-1781", "+79625851781"),
        ("9625851781.0", "+79625851781"),
        (9625851781, "+79625851781"),
        ("моб. 8 962 585 17 81 (личный)", "+79625851781"),
        ("8 (962) 585-17-81; 8 (495) 123-45-67 доб. 12", "+79625851781"),
        ("8(495)123-45-67 доб. 12", "+74951234567"),
        ("+375 29 123-45-67", "+375291234567"),
        ("8-10-375-29-1234567", "+375291234567"),
        ("нет", ""),
        ("123", ""),
        ("", ""),
        ("паспорт 4509 123456", ""),
        ("+7 962 585", ""),
        ("0000000000", ""),
    ],
)
def test_a_phone_becomes_one_form_or_nothing(written, kept):
    assert normal_phone(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Olga@Example.RU", "olga@example.ru"),
        ("mailto:a@b.ru", "a@b.ru"),
        ("a @ b.ru", "a@b.ru"),
        ("a@b.ru, c@d.ru", "a@b.ru"),
        ("Ольга <a@b.ru>", "a@b.ru"),
        ("имя@почта.рф", "имя@почта.рф"),
        ("нет", ""),
        ("a@b", ""),
        ("@", ""),
    ],
)
def test_an_address_is_tidied_or_nothing(written, kept):
    assert normal_email(written) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Магазин «Радуга»", "ТЦ Радуга"),
        ("РАДУГА", 'маг. "Радуга"'),
        ("г. Москва", "Москва г"),
        ("Пять звёзд", "ПЯТЬ  ЗВЕЗД"),
        ("Магазин № 5", "Магазин №5"),
        ("Ростов - на - Дону", "Ростов-на-Дону"),
    ],
)
def test_a_place_is_one_however_it_is_written(one, other):
    assert place_key(one) == place_key(other) != ""


def test_places_that_differ_stay_apart():
    assert place_key("Магазин № 5") != place_key("Магазин № 15")
    assert place_key("Горки") == "горки"
    assert place_key("Магазин") == "магазин"


@given(ANYTHING)
def test_anything_at_all_is_taken_in(text):
    for function in (tidy, fold, name_key, place_key, number_key, normal_number, normal_phone, normal_email):
        once = function(text)
        assert isinstance(once, str)
        once.encode()
    assert all(len(part) <= 80 for part in split_name(text))


@given(ANYTHING)
def test_tidying_twice_is_tidying_once(text):
    assert tidy(tidy(text)) == tidy(text)
    assert number_key(normal_number(text)) == number_key(text)
    assert normal_phone(normal_phone(text)) == normal_phone(text)
    assert normal_email(normal_email(text)) == normal_email(text)


@given(st.integers(0, 10**9), st.integers(0, 6))
def test_leading_noughts_never_matter(number, noughts):
    assert number_key("0" * noughts + str(number)) == str(number)
    assert number_key(float(number)) == str(number)


@given(st.integers(3_000_000_000, 9_999_999_999).filter(lambda n: str(n)[0] in "3489"), st.data())
def test_a_russian_phone_is_read_in_every_dress(number, data):
    digits = str(number)
    start = data.draw(st.sampled_from(["8", "+7", "7", "8 ", "+7 (", "8 ("]))
    dressed = start + digits[:3] + (")" if "(" in start else "") + data.draw(st.sampled_from(["", " ", "-"]))
    dressed += data.draw(st.sampled_from(["-", " ", ""])).join((digits[3:6], digits[6:8], digits[8:]))
    assert normal_phone(dressed) == "+7" + digits


NAMES = st.text("абвгдеёжзийклмнопрстуфхцчшщыэюя", min_size=2, max_size=12)


@given(NAMES, NAMES)
def test_case_spaces_and_yo_never_make_a_second_person(last, first):
    written = f"{last.capitalize()} {first.capitalize()} Петровна"
    other = f"  {last.upper().replace('Ё', 'Е')}\xa0 {first.lower()}  ПЕТРОВНА "
    assert name_key(*split_name(written)) == name_key(*split_name(other))
