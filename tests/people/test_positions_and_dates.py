"""Titles become positions, cells become days, cities know their zones."""

from contextlib import suppress
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from app.people.cities import _KNOWN, known_city
from app.people.positions import position_of
from app.people.staff_list_dates import ImpossibleDate, as_of, is_date, read_date
from app.people.staff_list_places import read_place, store_name


@pytest.mark.parametrize(
    ("title", "position"),
    [
        ("Продавец - консультант", "seller"),
        ("продавец консультант", "seller"),
        ("Продавец-кассир", "seller"),
        ("Помощник продавца", "seller"),
        ("Стажер", "intern"),
        ("Стажёр продавца", "intern"),
        ("Продавец-стажёр", "intern"),
        ("Продавец-консультант (стажировка)", "intern"),
        ("Ст. продавец", "senior"),
        ("Старший продавец-консультант", "senior"),
        ("Старший кассир", "senior"),
        ("Администратор торгового зала", "senior"),
        ("Заместитель директора магазина", "senior"),
        ("Зам. директора", "senior"),
        ("директор магазина ", "director"),
        ("Директор", "director"),
        ("Управляющий", "director"),
        ("Управляющая магазином", "director"),
        ("Заведующая магазином", "director"),
        ("И.о. директора магазина", "director"),
        ("Генеральный директор", "other"),
        ("Директор по маркетингу", "other"),
        ("Территориальный управляющий", "other"),
        ("Заведующий складом", "other"),
        ("Системный администратор", "other"),
        ("Бухгалтер", "other"),
        ("Кладовщик", "other"),
        ("", "other"),
    ],
)
def test_a_title_is_a_position(title, position):
    assert position_of(title) == position
    assert position_of(title.upper()) == position


@pytest.mark.parametrize("cell", ["", "-", "—", "01.01.0001", "0", "нет", "  .  .    ", "по н.в."])
def test_what_stands_for_no_day(cell):
    assert read_date(cell) is None


@pytest.mark.parametrize(
    "cell", ["31.02.2026", "00.00.2026", "32.13.2026", "2026", "скоро", "1", "99999999", "01.01.1800", "6 мартобря 2026"]
)
def test_what_is_no_day_is_said(cell):
    with pytest.raises(ImpossibleDate):
        read_date(cell)


@given(st.dates(date(1950, 1, 1), date(2068, 12, 31)))
def test_any_day_is_read_in_any_dress(day):
    for form in ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y г.", "%d.%m.%Y 0:00:00", "%Y-%m-%dT00:00:00"):
        assert read_date(day.strftime(form)) == day
    assert read_date(str((day - date(1899, 12, 30)).days)) == day
    assert read_date(f"{day.day} {format_date(day, 'MMMM', locale='ru')} {day.year} года") == day


@given(st.text(max_size=30))
def test_anything_is_a_day_or_none_or_impossible(text):
    is_date(text)
    as_of(text)
    with suppress(ImpossibleDate):
        assert read_date(text) is None or read_date(text).year >= 1950


def test_the_day_of_a_title():
    assert as_of("Список сотрудников на 01.10.2026") == date(2026, 10, 1)
    assert as_of("По состоянию на 1 октября 2026 года") == date(2026, 10, 1)
    assert as_of("Список сотрудников") is None


@pytest.mark.parametrize(
    ("written", "name", "zone"),
    [
        ("г. Москва", "Москва", "Europe/Moscow"),
        ("СПб", "Санкт-Петербург", "Europe/Moscow"),
        ("КАЛИНИНГРАД", "Калининград", "Europe/Kaliningrad"),
        ("Екатеринбург", "Екатеринбург", "Asia/Yekaterinburg"),
        ("Н. Новгород", "Нижний Новгород", "Europe/Moscow"),
        ("Ростов - на - Дону", "Ростов-на-Дону", "Europe/Moscow"),
        ("Омск", "Омск", "Asia/Omsk"),
        ("Владивосток", "Владивосток", "Asia/Vladivostok"),
        ("Петропавловск-Камчатский", "Петропавловск-Камчатский", "Asia/Kamchatka"),
        ("Орел", "Орёл", "Europe/Moscow"),
    ],
)
def test_a_city_knows_its_zone(written, name, zone):
    assert known_city(written) == (name, zone)


def test_every_zone_of_the_table_exists():
    assert all(ZoneInfo(city.zone) for city in _KNOWN.values())
    assert len(_KNOWN) > 400


@given(st.text(max_size=60))
def test_anything_is_a_place(text):
    city, store = read_place(text)
    assert len(city) <= 120 and len(store) <= 120
    assert len(store_name(text)) <= 120
