"""Two versions of an announcement side by side: paragraph by paragraph, and within changed ones word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

# More words than this in one paragraph are shown as wholly new: comparing them would take seconds.
MOST_WORDS = 2000


class Piece(NamedTuple):
    """Some words, and whether they are "same", "new" or "gone"."""

    words: str
    is_: str


def compare(old: str, new: str) -> list[list[Piece]]:
    """Return the paragraphs of both texts in order, each as pieces."""
    before, after = _paragraphs(old), _paragraphs(new)
    found: list[list[Piece]] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found += [[Piece(text, "same")] for text in after[c:d]]
            continue
        pairs = min(b - a, d - c)
        found += [_words(before[a + place], after[c + place]) for place in range(pairs)]
        found += [[Piece(text, "gone")] for text in before[a + pairs : b]]
        found += [[Piece(text, "new")] for text in after[c + pairs : d]]
    return found


def _paragraphs(text: str) -> list[str]:
    return [line for line in (line.strip() for line in text.split("\n")) if line]


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
