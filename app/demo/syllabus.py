"""The written courses of the demo, read from app/demo/texts/courses.txt, whose head says how to write them."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.demo.reading import TEXTS
from app.learning.models import LessonKind, QuestionKind
from app.learning.questions import Content

NUMBERS = {"pass": "pass_mark", "attempts": "attempts", "pause": "pause_minutes", "limit": "time_limit", "drawn": "drawn"}


@dataclass
class Step:
    """One written lesson."""

    kind: str
    minutes: int
    title: str = ""
    body: str = ""
    optional: bool = False
    shuffled: bool = False
    photos: tuple[str, ...] = ()
    file: str = ""
    # Of a quiz, under the names of the lesson's columns.
    numbers: dict[str, int] = field(default_factory=dict)
    questions: list[Content] = field(default_factory=list)


@dataclass
class Syllabus:
    """One written course and what becomes of it."""

    name: str
    title: str = ""
    body: str = ""
    days: int = 0
    renewed: int = 0
    cover: str = ""
    to: str = "all"
    in_order: bool = False
    is_draft: bool = False
    # Of a hundred people of its audience, and of a hundred of these.
    share: int = 0
    done: int = 0
    steps: list[Step] = field(default_factory=list)


def courses() -> list[Syllabus]:
    """Return all written courses in their order."""
    text = (TEXTS / "courses.txt").read_text("utf-8")
    return [_course(part) for part in text.split("\n=== ")[1:]]


def _course(part: str) -> Syllabus:
    about, *lessons = part.split("\n--- ")
    head, title, *body = about.strip().split("\n")
    words = _words(head)
    found = Syllabus(words.pop("name"), title, "\n".join(body).strip(), int(words.pop("days")))
    found.in_order = words.pop("in_order", None) is not None
    found.is_draft = words.pop("state", "") == "draft"
    for name in ("renewed", "share", "done"):
        setattr(found, name, int(words.pop(name, 0)))
    found.cover, found.to = words.pop("cover"), words.pop("to")
    if words:
        raise ValueError(f"courses.txt: unknown words {words!r}")
    found.steps = [_step(lesson) for lesson in lessons]
    return found


def _step(part: str) -> Step:
    head, title, *rest = part.strip().split("\n")
    kind, minutes, *_ = head.split()
    words = _words(head.split(maxsplit=2)[2]) if len(head.split()) > 2 else {}
    text, *questions = "\n".join(rest).split("\n? ")
    if text.startswith("? "):
        text, questions = "", [text[2:], *questions]
    found = Step(str(LessonKind(kind)), int(minutes), title, text.strip())
    found.optional, found.shuffled = "optional" in words, "shuffled" in words
    found.photos = tuple(filter(None, words.get("photos", "").split(",")))
    found.file = words.get("file", "")
    found.numbers = {column: int(words[name]) for name, column in NUMBERS.items() if name in words}
    found.questions = [_question(question) for question in questions]
    return found


def _question(part: str) -> Content:
    head, text, *lines = part.strip().split("\n")
    kind, *more = head.split()
    options: list[tuple[str, bool, str]] = []
    explanation = ""
    for line in lines:
        sign, _, words = line.partition(" ")
        if sign == "!":
            explanation = words
        else:
            left, _, right = words.partition(" | ")
            options.append((left, sign == "+", right))
    return Content(str(QuestionKind(kind)), text, options, explanation, forgiving="typos" in more)


def _words(head: str) -> dict[str, str]:
    return {name: value for name, _, value in (word.partition("=") for word in head.split())}
