"""Read a spreadsheet of whatever kind in a process of its own and print its rows as JSON lines.

A file from outside may be built to eat all memory or to break the reader; here it can hurt nobody but this process, whose
memory and time are limited. Run by path, so that it loads nothing of the portal: `python sheets.py FILE`, and behind it
other limits than those of a staff list: `characters=4000 unpacked=40000000 seconds=10`.

Prints {"sheets": [{"name", "rows", "left", "head"}]} first, then waits for one line on standard input, the index of a
sheet, and prints its rows, [number, cell, …], all cells as text. Or {"failed": code} whatever goes wrong.
"""

import csv
import importlib.util
import io
import json
import struct
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

# Not on Windows, where the time limit of the caller has to do.
resource = importlib.import_module("resource") if importlib.util.find_spec("resource") else None

HEAD_ROWS = 300
MOST_COLUMNS = 80
MOST_SHEETS = 40
MOST_ROWS = 300_000
MOST_TEXT = 64 << 20
# The list of an archive's members; a workbook has a few dozen. And how far before its end an archive says where it lies.
MOST_DIRECTORY = 1 << 20
LONGEST_END = 66_000
MEMORY = 700 << 20
# Of a cell, of an archive (a list of 100,000 people unpacks to about 60 MB of XML), and of processor time.
LIMITS = {"characters": 500, "unpacked": 400 << 20, "seconds": 120}

# Spaces, line ends, noughts, and the mark that UTF-8 begins with.
BLANK = b" \r\n\t\x00\xef\xbb\xbf"
SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"{\\rtf", "document"),
    (b"AutoCAD", "unknown"),
    (b"MZ", "unknown"),
)


class Failed(Exception):
    """The file cannot be read as a table; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Sheet(NamedTuple):
    """One sheet: its name, how many rows it has, the number of its first column, and its rows from the first one."""

    name: str
    rows: int
    left: int
    cells: Any

    def lines(self) -> Iterator[list[str]]:
        """Yield the rows as text, none left out, so that they are counted as the reader of the file counts them."""
        for row in self.cells() if callable(self.cells) else self.cells:
            cells = [as_text(value) for value in row[:MOST_COLUMNS]]
            while cells and not cells[-1]:
                cells.pop()
            yield cells


def main() -> None:
    """Print the heads of all sheets, then the rows of the one that is asked for."""
    LIMITS.update((name, int(value)) for name, _sign, value in (word.partition("=") for word in sys.argv[2:]))
    _limit()
    try:
        sheets = list(_opened(Path(sys.argv[1])))
        if not sheets:
            raise Failed("empty")
        _print({"sheets": [_head(sheet) for sheet in sheets]})
        wanted = sys.stdin.readline().strip()
        if not wanted.isdigit():
            return
        for number, cells in enumerate(sheets[int(wanted)].lines(), 1):
            if cells:
                _print([number, *cells])
    except BrokenPipeError:
        return
    except Failed as failed:
        _print({"failed": failed.code})
    except PasswordError:
        _print({"failed": "password"})
    except MemoryError:
        _print({"failed": "too_large"})
    except (CalamineError, zipfile.BadZipFile, csv.Error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        _print({"failed": "broken"})


def as_text(value: object) -> str:
    """Return a cell as text: 1146.0 as 1146, a date as 2026-04-06, errors of formulas as nothing."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, bool):
        text = "1" if value else "0"
    elif isinstance(value, float):
        text = str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
    elif isinstance(value, datetime):
        text = value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    elif isinstance(value, date):
        text = value.isoformat()
    else:
        text = "" if value is None else str(value)
    text = text[: LIMITS["characters"]].strip()
    return "" if text.startswith("#") and text.rstrip("!?").isupper() and " " not in text else text


def _limit() -> None:
    """Hold this process to its memory and time, where the system can."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMITS["seconds"], LIMITS["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _print(thing: object) -> None:
    sys.stdout.write(json.dumps(thing, ensure_ascii=True, separators=(",", ":")) + "\n")
    if isinstance(thing, dict):
        sys.stdout.flush()


def _head(sheet: Sheet) -> dict[str, object]:
    head = [cells for _index, cells in zip(range(HEAD_ROWS), sheet.lines(), strict=False)]
    return {"name": sheet.name, "rows": sheet.rows, "left": sheet.left, "head": head}


def _opened(path: Path) -> Iterator[Sheet]:
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip(BLANK):
        raise Failed("unknown" if path.stat().st_size > MOST_TEXT or path.read_bytes().strip(BLANK) else "empty")
    for signature, code in SIGNATURES:
        if start.startswith(signature):
            raise Failed(code)
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        raise Failed("picture")
    if start.startswith(b"PK"):
        _check_archive(path)
        yield from _workbook(path)
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        _check_compound(path)
        yield from _workbook(path)
    else:
        if path.stat().st_size > MOST_TEXT:
            raise Failed("too_large")
        text = _decoded(path.read_bytes())
        beginning = text[:2000].lstrip().lower()
        if beginning.startswith("<") or "<table" in beginning:
            yield from _tables(text)
        else:
            yield from _separated(text)


def _check_archive(path: Path) -> None:
    """Refuse what is no workbook, and what unpacks to more than a workbook of people can."""
    if _directory_size(path) > MOST_DIRECTORY:
        raise Failed("too_large")
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        names = {member.filename.lower() for member in members}
        if any(name.startswith("word/") for name in names):
            raise Failed("document")
        is_sheet = any(name.startswith("xl/") for name in names) or "content.xml" in names
        if not is_sheet:
            raise Failed("archive")
        if len(members) > 5000 or sum(member.file_size for member in members) > LIMITS["unpacked"]:
            raise Failed("too_large")
        if any(member.flag_bits & 1 for member in members):
            raise Failed("password")
        for member in members:
            # Reading through compares length and checksum, so a directory that lies about sizes is found out.
            with archive.open(member) as packed:
                while packed.read(1 << 20):
                    pass


def _directory_size(path: Path) -> int:
    """Return how many bytes the list of an archive's members takes: reading a million of them would take all memory."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LONGEST_END))
        end = file.read()
    at = end.rfind(b"PK\x05\x06")
    large = end.rfind(b"PK\x06\x06", 0, max(at, 0))
    if large >= 0 and len(end) >= large + 48:
        return int(struct.unpack_from("<Q", end, large + 40)[0])
    return int(struct.unpack_from("<I", end, at + 12)[0]) if 0 <= at <= len(end) - 16 else 0


def _check_compound(path: Path) -> None:
    """Tell an encrypted workbook and a text document from an old workbook by the names in their directory."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Failed("password")
    if "WordDocument".encode("utf-16-le") in content:
        raise Failed("document")
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise Failed("unknown")


def _workbook(path: Path) -> Iterator[Sheet]:
    book = CalamineWorkbook.from_path(str(path))
    metadata = {sheet.name: str(sheet.visible) for sheet in book.sheets_metadata}
    for name in sorted(book.sheet_names[:MOST_SHEETS], key=lambda name: "Visible" not in metadata.get(name, "Visible")):
        sheet = book.get_sheet_by_name(name)
        if not sheet.height or sheet.start is None or sheet.end is None:
            continue
        if sheet.end[0] > MOST_ROWS:
            raise Failed("too_large")
        yield Sheet(name, sheet.end[0] + 1, sheet.start[1], sheet.iter_rows)


def _decoded(content: bytes) -> str:
    """Decode text: by its mark, else strictly as UTF-8, else as Windows-1251, what Russian accounting writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
    else:
        # Two-byte text without a mark betrays itself by a nought beside each plain letter.
        if content[:400].count(b"\x00") > 60:
            raise Failed("unknown")
        content = content.replace(b"\x00", b"")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1251", "replace")
    sample = text[:20_000]
    strange = sum(1 for c in sample if (ord(c) < 32 and c not in "\r\n\t\x0b\x0c") or c == "\ufffd")
    if strange * 50 > len(sample):
        raise Failed("unknown")
    return text


def _separated(text: str) -> Iterator[Sheet]:
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest
    else:
        delimiter = _delimiter(text)
    rows = list(_records(text, delimiter, csv.QUOTE_MINIMAL))
    # A lone quote swallows everything after it into one cell; such a file means its quotes as letters.
    if any(cell.count("\n") > 10 for row in rows for cell in row):
        rows = list(_records(text, delimiter, csv.QUOTE_NONE))
    if len(rows) > MOST_ROWS:
        raise Failed("too_large")
    yield Sheet("", len(rows), 0, rows)


def _records(text: str, delimiter: str, quoting: int) -> Iterator[list[str]]:
    csv.field_size_limit(1 << 30)
    source = io.StringIO(text, newline="") if quoting == csv.QUOTE_MINIMAL else iter(text.splitlines())
    yield from csv.reader(source, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]


def _delimiter(text: str) -> str:
    """Return the sign that cuts most lines into the same number of cells."""
    lines = [line for line in text[:60_000].splitlines()[:80] if line.strip()]
    best, score = ";", 0.0
    for sign in ";\t,|":
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if len(row) > 1)
        if counts:
            width, often = counts.most_common(1)[0]
            if width * often / len(lines) > score:
                best, score = sign, width * often / len(lines)
    return best


def _tables(text: str) -> Iterator[Sheet]:
    """Read what accounting saves as .xls although it is HTML or the XML of Excel 2003."""
    if "<!entity" in text[:20_000].lower():
        raise Failed("unknown")
    reader = _TableReader()
    reader.feed(text)
    reader.close()
    if not reader.rows:
        raise Failed("unknown")
    yield Sheet("", len(reader.rows), 0, reader.rows)


class _TableReader(HTMLParser):
    """Collect the rows of all tables of a page, cells spread over several columns counted as such."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("tr", "row"):
            self._end_row()
            self._row = []
        elif tag in ("td", "th", "cell") and self._row is not None:
            self._end_cell()
            index = (given.get("ss:index") or "").strip()
            if index.isdigit() and len(self._row) < int(index) <= MOST_COLUMNS:
                self._row += [""] * (int(index) - 1 - len(self._row))
            span = (given.get("colspan") or "").strip()
            over = (given.get("ss:mergeacross") or "").strip()
            self._span = min(int(span), MOST_COLUMNS) if span.isdigit() else 1
            self._span = min(int(over) + 1, MOST_COLUMNS) if over.isdigit() else self._span
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag == "cell":
            self._end_cell()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "cell"):
            self._end_cell()
        elif tag in ("tr", "row", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None and len(self._row) < MOST_COLUMNS:
            self._row += [" ".join("".join(self._cell).split()), *[""] * (self._span - 1)]
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self.rows.append(self._row)
        if len(self.rows) > MOST_ROWS:
            raise Failed("too_large")
        self._row = None


if __name__ == "__main__":
    main()
