"""Two versions of an announcement side by side: paragraph by paragraph, and within changed ones word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

# More words than this in one paragraph are shown as wholly new: comparing them would take seconds.
MOST_WORDS = 2000
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_HEADING = re.compile(r"#{1,6}\s+")
_POINT = re.compile(r"[-*+]\s+")


class Piece(NamedTuple):
    """Some words, and whether they are "same", "new" or "gone"."""

    words: str
    is_: str


class Paragraph(NamedTuple):
    """A paragraph of either text, or of both: "heading", "point" or "text"."""

    kind: str
    pieces: list[Piece]


def compare(old: str, new: str) -> list[Paragraph]:
    """Return the paragraphs of both texts in order, as people see them: without the signs that make bold and headings."""
    before, after = _paragraphs(old), _paragraphs(new)
    found: list[Paragraph] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Paragraph(kind, [Piece(text, "same")]) for kind, text in after[c:d]]
            continue
        pairs = min(b - a, d - c)
        found += [
            Paragraph(after[c + place][0], _words(before[a + place][1], after[c + place][1])) for place in range(pairs)
        ]
        found += [Paragraph(kind, [Piece(text, "gone")]) for kind, text in before[a + pairs : b]]
        found += [Paragraph(kind, [Piece(text, "new")]) for kind, text in after[c + pairs : d]]
    return found


def _paragraphs(text: str) -> list[tuple[str, str]]:
    return [_paragraph(line) for line in (line.strip() for line in text.split("\n")) if line]


def _paragraph(line: str) -> tuple[str, str]:
    plain = _LINK.sub(r"\1 (\2)", line).replace("**", "").replace("__", "")
    if _HEADING.match(plain):
        return "heading", _HEADING.sub("", plain)
    return ("point", _POINT.sub("", plain)) if _POINT.match(plain) else ("text", plain)


def _words(old: str, new: str) -> list[Piece]:
    before, after = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if len(before) + len(after) > MOST_WORDS or matcher.quick_ratio() < 0.35:
        return [Piece(old, "gone"), Piece(" ", "same"), Piece(new, "new")]
    found: list[Piece] = []
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            found.append(Piece("".join(after[c:d]), "same"))
            continue
        if b > a:
            found.append(Piece("".join(before[a:b]), "gone"))
        if d > c:
            found.append(Piece("".join(after[c:d]), "new"))
    return found
