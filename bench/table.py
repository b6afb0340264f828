"""The table that a run prints: what was measured, of the floor and of the portal, against which bar."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Row:
    """One measure. `holds` is None where it is told for comparison only."""

    measure: str
    floor: str
    ritm: str
    bar: str
    holds: bool | None


@dataclass
class Table:
    """All measures of a run, in order."""

    rows: list[Row] = field(default_factory=list)

    def add(
        self, measure: str, ritm: float | str, *, floor: float | str = "", bar: str = "", holds: bool | None = None
    ) -> None:
        """Add a line."""
        row = Row(measure, _said(floor), _said(ritm), bar, holds)
        self.rows.append(row)
        print(f"  {_line(row)}", flush=True)

    def at_most(self, measure: str, ritm: float, most: float, unit: str = "", floor: float | str = "") -> None:
        """Add a measure that must not exceed a bar."""
        self.add(measure, ritm, floor=floor, bar=f"≤ {most:g} {unit}".strip(), holds=round(ritm, 2) <= most)

    def at_least(self, measure: str, ritm: float, least: float, unit: str = "", floor: float | str = "") -> None:
        """Add a measure that must reach a bar."""
        self.add(measure, ritm, floor=floor, bar=f"≥ {least:g} {unit}".strip(), holds=round(ritm, 2) >= least)

    @property
    def broken(self) -> list[Row]:
        """Return what does not hold."""
        return [row for row in self.rows if row.holds is False]

    def text(self) -> str:
        """Return the table as Markdown, in columns."""
        head = Row("measure", "floor", "Ritm", "bar", None)
        cells = [_cells(head, "holds"), *(_cells(row) for row in self.rows)]
        widths = [max(len(row[place]) for row in cells) for place in range(5)]
        lines = [
            "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
        ]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        return "\n".join(lines)

    def data(self) -> list[dict[str, Any]]:
        """Return the table for programs."""
        return [asdict(row) for row in self.rows]


def _cells(row: Row, holds: str | None = None) -> list[str]:
    return [row.measure, row.floor, row.ritm, row.bar, holds or {True: "yes", False: "NO", None: ""}[row.holds]]


def _line(row: Row) -> str:
    compared = f" (floor {row.floor})" if row.floor else ""
    verdict = {True: "", False: f"   NO: {row.bar}", None: ""}[row.holds]
    return f"{row.measure}: {row.ritm}{compared}{verdict}"


def _said(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
