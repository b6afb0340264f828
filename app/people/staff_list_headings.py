"""Recognise the table in a sheet: where its headings stand and what each column is, by words and by what cells hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from app.people.names import fold, normal_email, normal_phone, split_name, tidy
from app.people.positions import is_title
from app.people.staff_list_dates import as_of, is_date
from app.people.staff_list_file import NotAStaffList, SheetHead
from app.people.staff_list_places import is_city

# What a column can be; the order is that of the selects on the page. "place" holds city and store in one cell.
FIELDS = (
    *("number", "name", "last", "first", "middle", "city", "store", "place"),
    *("position", "hired", "dismissed", "phone", "email", "kind"),
)
# A heading is looked up in this order; "skip" are columns that would else be taken for something.
_WORDS = (
    ("email", r"e ?-? ?mail|email|почт|@|эл\.? ?адрес"),
    ("skip", r"рожд|birth|\bd\.?o\.?b|возраст|стаж|паспорт|снилс|\bинн\b|оклад|ставк|\bпол\b|адрес|зарплат|график"),
    ("skip", r"примечан|комментар|прописк|телефон (магаз|тт)|^(#|n|no)? ?п ?/? ?п\b|^(#|n|no)$|номер (строки|по порядку)"),
    ("skip", r"гражданств|образован|разряд|категори"),
    ("kind", r"занятост|совмест|вид (места )?работы|тип (места )?работы|employment"),
    ("dismissed", r"увол|увольн|dismiss|terminat|fired|end date|дата (окончан|выбыт|расторж)|расторж|last day|left"),
    ("hired", r"при[её]м|принят|hire|start date|дата (начала|выхода|поступл|трудоустр)|трудоустро|начало работы|работает с"),
    ("hired", r"joined|поступл"),
    ("phone", r"тел(\b|еф)|phone|\bмоб|сотов|контакт|mobile|\bcell\b"),
    (
        "number",
        r"\bтаб|табел|\bтн\b|personnel|(staff|employee) (id|no|num|code)|(код|номер|id|ид) (сотруд|работ|физ)|^(id|ид|код)$",
    ),
    ("name", r"\bфио\b|\bф ?и ?о\b|фамилия[ ,]+имя|фамилия,? и\b|полное имя|full name"),
    ("last", r"фамил|surname|last ?name|family name"),
    ("first", r"^имя\b|\bимя$|first ?name|given name"),
    ("middle", r"отчеств|middle|patronym"),
    ("position", r"должн|position|job|профес|специальн|^title$|роль"),
    ("store", r"магаз|торгов\w* (точк|объект)|\bstore\b|\bshop\b|салон|\bтт\b|точка|филиал|бутик"),
    ("city", r"город|\bcity\b|населенн|\btown\b|местоположен"),
    ("place", r"подразд|отдел|department|division|место работы|объект|location|структур|участок"),
    ("name", r"сотрудник|работник|employee|^name$|физ(ическое)? ?лицо|персонал|^кто$"),
)
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _WORDS)
_CAMEL = re.compile(r"(?<=[а-яёa-z])(?=[А-ЯЁA-Z])")
HEADING_ROWS = 60
# From this share of fitting cells on a column is taken for what its cells look like.
ENOUGH = 0.6


@dataclass
class Layout:
    """How a sheet is to be read: the last row of its headings (0: none) and {column: field}."""

    sheet: SheetHead
    heading_row: int
    headings: list[str]
    fields: dict[int, str]
    title_date: date | None = None
    also: list[str] = field(default_factory=list)

    def column(self, name: str) -> int | None:
        """Return the column of a field."""
        return next((column for column, given in self.fields.items() if given == name), None)

    def samples(self, column: int, most: int = 3) -> list[str]:
        """Return the first different values below the headings."""
        found: dict[str, None] = {}
        for value in _values(self.sheet, self.heading_row, column):
            found.setdefault(tidy(value)[:60])
            if len(found) == most:
                break
        return list(found)


def recognise(sheets: list[SheetHead], wanted: int | None = None, fields: dict[int, str] | None = None) -> Layout:
    """Return the layout of the sheet that is a staff list, or of the one that the user wants, with his columns.

    Raise NotAStaffList: no_list where nothing looks like one, no_numbers where only the personnel numbers are missing.
    """
    if not sheets:
        raise NotAStaffList("empty")
    layouts = [layout for sheet in sheets if (layout := _layout(sheet)) is not None]
    if fields is not None:
        sheet = next((sheet for sheet in sheets if sheet.at == wanted), sheets[0])
        base = next((layout for layout in layouts if layout.sheet.at == sheet.at), None) or Layout(sheet, 0, [], {})
        return Layout(sheet, base.heading_row, base.headings, fields, base.title_date)
    good = [layout for layout in layouts if is_complete(layout.fields)]
    if not good:
        named = any(_has_name(layout.fields) and len(layout.fields) > 1 for layout in layouts)
        largest = max(sheets, key=lambda sheet: sheet.rows)
        guess = next((layout for layout in layouts if layout.sheet is largest), None) or Layout(largest, 0, [], {})
        raise NotAStaffList("no_numbers" if named else "no_list", guess)
    best = max(good, key=lambda layout: (min(len(layout.fields), 6), layout.sheet.rows))
    best.also = [layout.sheet.name for layout in good if layout is not best]
    return best


def is_complete(fields: dict[int, str]) -> bool:
    """Tell whether columns suffice: a number and a name."""
    return "number" in fields.values() and _has_name(fields)


def field_of(heading: str) -> str | None:
    """Return what a heading's words mean, "skip" for a column of no use here, None for unknown words."""
    words = fold(_CAMEL.sub(" ", tidy(heading)).replace("_", " "))
    words = re.sub(r"[.\"'*:]+", " ", words).strip()
    words = re.sub(r"\s+", " ", words)
    if not words or len(words) > 80:
        return None
    return next((name for name, pattern in _COMPILED if pattern.search(words)), None)


def _has_name(fields: dict[int, str]) -> bool:
    given = set(fields.values())
    return "name" in given or {"last", "first"} <= given


def _layout(sheet: SheetHead) -> Layout | None:
    """Find the headings that explain most columns; a list without headings is told by its cells alone."""
    best: tuple[float, int, list[str], dict[int, str]] = (0.0, 0, [], {})
    for at, row in enumerate(sheet.head[:HEADING_ROWS]):
        if _filled(row) < 2 or _is_data(row):
            continue
        for depth in (1, 2, 3):
            rows = sheet.head[at : at + depth]
            if len(rows) < depth or any(_is_data(below) or _filled(below) < 2 for below in rows[1:]):
                break
            headings = _joined(rows)
            fields = _by_words(headings)
            score = len([name for name in fields.values() if name != "skip"]) - depth * 0.1
            if score > best[0]:
                best = (score, at + depth, headings, fields)
    score, heading_row, headings, fields = best if best[0] >= 1.5 else (0.0, 0, [], {})
    fields = _by_cells(sheet, heading_row, headings, fields)
    if len(fields) < 2:
        return None
    title_date = next((day for row in sheet.head[:heading_row] for cell in row if (day := as_of(cell))), None)
    return Layout(sheet, heading_row, headings, fields, title_date)


def _joined(rows: list[list[str]]) -> list[str]:
    """Join the rows of a heading column by column; what is written over several columns holds for each of them."""
    width = max(map(len, rows))
    joined = [""] * width
    for depth, row in enumerate(rows):
        spread = ""
        for column in range(width):
            text = row[column] if column < len(row) else ""
            below = any(column < len(later) and later[column] for later in rows[depth + 1 :])
            spread = text or (spread if below else "")
            if spread:
                joined[column] = f"{joined[column]} / {spread}".strip(" /") if joined[column] else spread
    return joined


def _by_words(headings: list[str]) -> dict[int, str]:
    """Return what the words say of each column; the first column of a kind counts, the lowest heading is asked first."""
    fields: dict[int, str] = {}
    for column, heading in enumerate(headings):
        parts = heading.split(" / ")
        # "Период работы / с" means nothing until both rows are read together.
        found = field_of(parts[-1]) or (field_of(heading) if len(parts) == 1 or len(parts[-1]) > 3 else _period(parts))
        if found == "skip" or (found and found not in fields.values()):
            fields[column] = found
    if "last" in fields.values() and "first" not in fields.values():
        # Beside "surname", a bare "name" is the first one.
        fields = {column: "first" if found == "name" else found for column, found in fields.items()}
    return fields


def _period(parts: list[str]) -> str | None:
    if "период" in fold(parts[0]) or "работ" in fold(parts[0]):
        return {"с": "hired", "по": "dismissed", "до": "dismissed"}.get(fold(parts[-1]))
    return field_of(parts[0])


def _by_cells(sheet: SheetHead, heading_row: int, headings: list[str], fields: dict[int, str]) -> dict[int, str]:
    """Correct and complete what the words say by what the cells hold."""
    width = max((len(row) for row in sheet.head), default=0)
    columns = {column: _values(sheet, heading_row, column) for column in range(width)}
    fields = dict(fields)
    for name, looks_so in _LOOKS:
        given = next((column for column, known in fields.items() if known == name), None)
        if given is not None and (not columns.get(given) or _share(columns[given], looks_so) >= 0.3):
            continue
        free = [column for column in columns if column not in fields or (name in ("name", "number") and column == given)]
        if name in ("hired", "dismissed") and headings:
            continue
        best = max(free, key=lambda column: _share(columns[column], looks_so), default=None)
        if (
            best is not None
            and _share(columns[best], looks_so) >= ENOUGH
            and not (name == "number" and _counts(columns[best]))
        ):
            if given is not None:
                del fields[given]
            fields[best] = name
    if not headings:
        _guess_store(fields, columns)
    _settle_places(fields, columns)
    return {column: name for column, name in sorted(fields.items()) if name != "skip"}


def _guess_store(fields: dict[int, str], columns: dict[int, list[str]]) -> None:
    """Take a column of words for the store where no headings say which: the one beside the city, else the first."""
    city = next((column for column, name in fields.items() if name == "city"), -1)
    words = [
        column
        for column, values in columns.items()
        if column not in fields and _share(values, lambda text: any(c.isalpha() for c in text)) >= ENOUGH
    ]
    if words:
        fields[min(words, key=lambda column: abs(column - city - 1) if city >= 0 else column)] = "place"


def _settle_places(fields: dict[int, str], columns: dict[int, list[str]]) -> None:
    """Make sense of place, store and city together: a column of mere cities is the city, whatever it is called."""
    given = {name: column for column, name in fields.items()}
    for name in ("place", "store"):
        if name in given and "city" not in given and _share(columns.get(given[name], []), is_city) >= ENOUGH:
            fields[given[name]] = "city"
            given = {name: column for column, name in fields.items()}
    if "place" in given and "store" in given:
        del fields[given["place"]]
    elif "place" in given and "city" in given:
        fields[given["place"]] = "store"


def _values(sheet: SheetHead, heading_row: int, column: int) -> list[str]:
    """Return the cells of a column in rows that look like people's: at least three cells are filled."""
    rows = [row for row in sheet.head[heading_row:] if _filled(row) >= 3]
    return [row[column] for row in rows if column < len(row) and row[column]]


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell)


def _share(values: list[str], looks_so: Callable[[str], bool]) -> float:
    return sum(1 for value in values if looks_so(value)) / len(values) if values else 0.0


def _counts(values: list[str]) -> bool:
    """Tell a column that merely numbers the rows 1, 2, 3 from one of personnel numbers."""
    numbers = [int(value) for value in values if value.isdecimal() and len(value) < 7]
    steps = sum(1 for one, next_one in pairwise(numbers) if next_one - one == 1 or next_one == 1)
    return len(numbers) == len(values) and (not numbers or numbers[0] == 1) and steps >= len(numbers) - 1 > 0


def is_number(text: str) -> bool:
    """Tell whether a cell may be a personnel number: digits, perhaps with a few letters, dashes and noughts."""
    bare = text.strip(" '’`№#")
    return (
        bool(re.fullmatch(r"(?:[^\W\d_]{1,6}[ ./-]?)?\d[\d \xa0./-]*(?:[^\W\d_]{1,4}[ ./-]?[\d-]*)?", bare))
        and len(bare) <= 24
    )


def looks_like_name(text: str) -> bool:
    """Tell whether a cell may be a person's full name: two to five words of letters that are no job title."""
    if any(c.isdigit() or c in '«»"@_:/' for c in text) or is_title(text) or is_city(text):
        return False
    words = text.split()
    return 2 <= len(words) <= 5 and all(split_name(text)[:2]) and words[0][:1].isupper()


def _looks_like_number(text: str) -> bool:
    return is_number(text) and not is_date(text) and not (normal_phone(text) and len(re.sub(r"\D", "", text)) > 9)


_LOOKS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("email", lambda text: bool(normal_email(text))),
    ("phone", lambda text: bool(normal_phone(text)) and not is_date(text)),
    ("name", looks_like_name),
    ("position", is_title),
    ("hired", is_date),
    ("city", is_city),
    ("number", _looks_like_number),
)


def _is_data(row: list[str]) -> bool:
    """Tell a row of the table from a heading: dates, addresses, phones and bare numbers do not stand in headings."""
    cells = [cell for cell in row if cell]
    return any(is_date(cell) or normal_email(cell) or normal_phone(cell) for cell in cells) or sum(
        1 for cell in cells if re.fullmatch(r"[\d.,]+", cell)
    ) * 2 >= max(len(cells), 1)
