"""Invented staff lists in every dress that accounting gives them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import xlsxwriter

from app.people.staff_list import RefusedRow, StaffList, StaffRow
from app.people.staff_list_file import StaffFile
from app.people.staff_list_headings import recognise

Cells = list[list[Any]]


def write_xlsx(path: Path, rows: Cells, merged: tuple[str, ...] = (), sheets: dict[str, Cells] | None = None) -> Path:
    """Write rows as a workbook; other sheets come before the list's own."""
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for name, cells in {**(sheets or {}), "Лист1": rows}.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(cells):
            for column, value in enumerate(row):
                if hasattr(value, "isoformat"):
                    sheet.write_datetime(at, column, value, day)
                elif value not in ("", None):
                    sheet.write(at, column, value)
        for area in merged if name == "Лист1" else ():
            sheet.merge_range(area, None)
    book.close()
    return path


def write_csv(path: Path, rows: Cells, encoding: str = "utf-8", delimiter: str = ";") -> Path:
    """Write rows as text."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def read(path: Path) -> list[StaffRow | RefusedRow]:
    """Read everybody of a list, recognised by itself."""
    with StaffFile(path) as file:
        layout = recognise(file.sheets())
        return list(StaffList(layout).people(file.rows(layout.sheet)))


def told(row: StaffRow | RefusedRow) -> tuple[Any, ...]:
    """Return what matters of a row, to compare it."""
    if isinstance(row, RefusedRow):
        return row.row, row.reason
    hired, dismissed = (day.isoformat() if day else "" for day in (row.hired, row.dismissed))
    return (
        row.number,
        " ".join(filter(None, row.name)),
        row.city,
        row.store,
        str(row.position or ""),
        hired,
        dismissed,
        row.phone,
        row.email,
    )


# Four people of three stores in two cities, in every list below.
OLGA = (
    "00071",
    "Иванова Ольга Петровна",
    "Пермь",
    "Планета",
    "director",
    "2020-03-16",
    "",
    "+79625851781",
    "olga@example.ru",
)
IGOR = ("00072", "Тер-Петросян Игорь Львович", "Пермь", "Планета", "seller", "2024-12-01", "", "", "")
AIGUL = ("00103", "Гасанова Айгуль Мамед кызы", "Пермь", "Авиапарк", "senior", "2019-08-05", "", "+79032223344", "")
SEMYON = ("00204", "Кузьмин Семён Андреевич", "Нижний Новгород", "Седанка", "intern", "2026-09-14", "", "", "")
EVERYBODY = [OLGA, IGOR, AIGUL, SEMYON]
