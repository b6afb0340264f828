"""What tests of imports do again and again: upload a list, look, confirm."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

HEAD = ["Таб. №", "ФИО", "Город", "Магазин", "Должность", "Принят", "Уволен", "Телефон", "Почта"]
ANN = ["01001", "Авторова Анна Ивановна", "Казань", "Кольцо", "Продавец", "01.03.2024", "", "", ""]
NEW = ["07001", "Новикова Нина Олеговна", "Пермь", "Планета", "Стажёр", "01.11.2026", "", "", ""]


def as_csv(*rows: list[Any], head: list[str] | None = None) -> bytes:
    """Return rows under their headings as a text file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([head or HEAD, *rows])
    return text.getvalue().encode()


def upload(client: Any, content: bytes, name: str = "list.csv", **fields: Any) -> int:
    """Upload a file and return the import's id."""
    answer = send(client, content, name, **fields)
    found = re.fullmatch(r"/people/imports/(\d+)", answer.location)
    assert found, (answer.status, answer.text[:500])
    return int(found[1])


def send(client: Any, content: bytes, name: str = "list.csv", **fields: Any) -> Any:
    """Send a file and return the answer."""
    data = {"file": (io.BytesIO(content), name), "absent": "keep", **fields}
    return client.post("/people/imports", data, content_type="multipart/form-data")
