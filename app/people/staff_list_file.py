"""Open a spreadsheet through `sheets.py`, a process of its own, and hand its rows on as they come."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

READER = Path(__file__).resolve().parent / "sheets.py"
# Longer than the reader's own limit of processor time: for a machine that is busy with other things.
PATIENCE = 300


class NotAStaffList(Exception):
    """The file cannot be taken in; `code` says why, `import_words` says it in a sentence.

    `layout` is what it looks like all the same, so that somebody who knows better can say what its columns are.
    """

    def __init__(self, code: str, layout: object = None) -> None:
        super().__init__(code)
        self.code = code
        self.layout = layout


class Row(NamedTuple):
    """One row of a sheet: its number as a spreadsheet program shows it, and its cells as text."""

    number: int
    cells: list[str]


class SheetHead(NamedTuple):
    """The beginning of a sheet, enough to recognise it by; row `n` stands at index n - 1."""

    at: int
    name: str
    rows: int
    # The number of the first column, where the table does not begin at A.
    left: int
    head: list[list[str]]


class StaffFile:
    """A file that is being read; use as a context manager, so that its process never outlives it.

    Other tables than staff lists are read so too, with `limits` of their own, which `sheets.py` names.
    """

    def __init__(self, path: Path, **limits: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(READER), str(path), *(f"{name}={value}" for name, value in limits.items())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._in = cast(IO[bytes], self._process.stdin)
        self._out = cast(IO[bytes], self._process.stdout)
        self._watchdog = threading.Timer(PATIENCE, self._process.kill)
        self._watchdog.daemon = True
        self._watchdog.start()

    def __enter__(self) -> StaffFile:
        return self

    def __exit__(self, *_error: object) -> None:
        self._watchdog.cancel()
        self._process.kill()
        with suppress(OSError):
            self._in.close()
        self._out.close()
        self._process.wait()

    def sheets(self) -> list[SheetHead]:
        """Return the beginnings of all sheets that hold anything."""
        answer = self._line()
        if answer is None:
            raise NotAStaffList(self._cause_of_death())
        return [SheetHead(at, **sheet) for at, sheet in enumerate(answer["sheets"])]

    def rows(self, sheet: SheetHead) -> Iterator[Row]:
        """Yield the rows of one sheet that are not empty; to be called once."""
        try:
            self._in.write(f"{sheet.at}\n".encode())
            self._in.flush()
        except OSError:
            raise NotAStaffList(self._cause_of_death()) from None
        while (answer := self._line()) is not None:
            yield Row(answer[0], answer[1:])
        if self._process.wait() != 0:
            raise NotAStaffList(self._cause_of_death())

    def _line(self) -> Any:
        line = self._out.readline()
        if not line.endswith(b"\n"):
            return None
        answer = json.loads(line)
        if isinstance(answer, dict) and "failed" in answer:
            raise NotAStaffList(answer["failed"])
        return answer

    def _cause_of_death(self) -> str:
        """Tell a reader that ran into its limits from one that a broken file made fall over."""
        return "broken" if self._process.wait() == 1 else "too_large"
