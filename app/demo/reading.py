"""The text files of the demo, app/demo/texts/*.txt: lines, and lines under headings."""

from __future__ import annotations

import re
from pathlib import Path

TEXTS = Path(__file__).resolve().parent / "texts"
# <as a man says it|as a woman does>
GENDERED = re.compile(r"<([^<>|]*)\|([^<>|]*)>")


def lines(name: str) -> list[str]:
    """Return the lines of a file of texts, comments and empty ones left out."""
    content = (TEXTS / f"{name}.txt").read_text("utf-8")
    return [line for line in content.splitlines() if line.strip() and not line.startswith("#")]


def sections(name: str) -> dict[str, list[str]]:
    """Return a file of lines under [headings] as {heading: lines}."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines(name):
        if line.startswith("[") and line.endswith("]"):
            current = found.setdefault(line[1:-1], [])
        else:
            current.append(line)
    return found
