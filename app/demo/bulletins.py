"""The written announcements of the demo, read from app/demo/texts/announcements.txt, whose head says how to write them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.demo.reading import TEXTS

SIGNS = ("?? ", "?= ", "?+ ", "?- ", "> ", ">= ")


@dataclass
class Bulletin:
    """One written announcement and what becomes of it; those without `days`, `draft` or `at` come over and over."""

    title: str = ""
    body: str = ""
    importance: str = "ordinary"
    to: str = "all"
    # Days ago; in how many days it is to appear; how many days ago it was begun as a draft.
    days: int | None = None
    at: int | None = None
    draft: int | None = None
    # For so many days.
    valid: int | None = None
    archived: int | None = None
    # How many days ago the second text replaced the first.
    version: int | None = None
    second: str = ""
    when: tuple[int, ...] = ()
    files: tuple[str, ...] = ()
    photo: str = ""
    question: str = ""
    passage: str = ""
    answers: list[tuple[str, bool]] = field(default_factory=list)
    # What was said under it, and whether its author says it.
    said: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def is_of_old(self) -> bool:
        """Tell whether it comes over and over."""
        return self.days is None and self.at is None and self.draft is None

    @property
    def asks(self) -> bool:
        """Tell whether readers are to confirm it."""
        return self.importance != "ordinary"


def bulletins() -> list[Bulletin]:
    """Return all written announcements in their order."""
    text = (TEXTS / "announcements.txt").read_text("utf-8")
    return [_bulletin(part) for part in text.split("\n=== ")[1:]]


def _bulletin(part: str) -> Bulletin:
    head, title, *lines = part.strip("\n").split("\n")
    found = Bulletin(title=title)
    for word in head.split():
        name, _, value = word.partition("=")
        _set(found, name, value)
    body: list[str] = []
    second: list[str] | None = None
    for line in lines:
        sign = next((sign for sign in SIGNS if line.startswith(sign)), "")
        if line.startswith(">> "):
            second = [line[3:]]
        elif sign:
            _say(found, sign.strip(), line[len(sign) :])
        else:
            (body if second is None else second).append(line)
    found.body = "\n".join(body).strip()
    found.second = "\n".join(second or ()).strip()
    return found


def _set(found: Bulletin, name: str, value: str) -> None:
    kept: Any = value
    if name in ("days", "at", "draft", "valid", "archived", "version"):
        kept = int(value)
    elif name == "when":
        kept = tuple(map(int, value.split(",")))
    elif name == "files":
        kept = tuple(value.split(","))
    elif name not in ("importance", "to", "photo"):
        raise ValueError(f"announcements.txt: unknown word {name!r}")
    setattr(found, name, kept)


def _say(found: Bulletin, sign: str, words: str) -> None:
    if sign == "??":
        found.question = words
    elif sign == "?=":
        found.passage = words
    elif sign in ("?+", "?-"):
        found.answers.append((words, sign == "?+"))
    else:
        found.said.append((words, sign == ">="))
