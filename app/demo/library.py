"""The written texts of the demo: posts with the comments that belong to them, read from app/demo/texts/.

    # by=seller,senior to=all topic=display photo=window photos=1-3 when=12.01-12.31
    The post, as words.py reads it.

    > a comment by somebody of another store
    >= by a colleague of the own store
    >> the author's reply to it
    >+ somebody else's reply to it
    >! a comment that was complained about
    ! a complaint    !! what the moderator wrote when hiding it

A file is a theme; the comments that would fit any post of a theme stand in comments.txt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from app.demo.reading import TEXTS, sections

THEMES = (
    "windows", "selling", "care", "funny", "arrivals", "thanks", "questions", "packing", "holidays", "sport", "newcomers",
    "office", "directors", "store", "city", "learning",
)  # fmt: skip
SAID = re.compile(r">([=>+!]?) ?(.*)")
COMPLAINT = re.compile(r"(!!?) (.*)")


@dataclass(frozen=True)
class Said:
    """One written comment: who says it ("other", "mate", "author"), whether it answers the one before."""

    who: str
    is_reply: bool
    pattern: str
    is_reported: bool = False


@dataclass
class Complaint:
    """What somebody complained about, and how it ended: "open", "kept" or "hidden"."""

    days_ago: int
    reason: str
    decision: str
    of_comment: bool = False
    text: str = ""
    answer: str = ""


@dataclass
class Text:
    """One written post and what is known of it."""

    theme: str
    number: int
    pattern: str
    by: tuple[str, ...] = ("seller", "senior", "seller", "senior", "director")
    to: tuple[str, ...] = ("all",)
    topics: tuple[str, ...] = ()
    photo: tuple[str, ...] = ()
    photos: tuple[int, int] = (1, 1)
    # Days of the year as (month, day) ranges; empty: the whole year.
    when: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    # Written for one occasion: at most once in the demo's life.
    once: bool = False
    said: list[Said] = field(default_factory=list)
    complaint: Complaint | None = None

    def fits(self, day: date) -> bool:
        """Tell whether the text may be written on a day."""
        if not self.when:
            return True
        today = (day.month, day.day)
        return any(first <= today <= last if first <= last else today >= first or today <= last for first, last in self.when)


def posts(themes: tuple[str, ...] = THEMES) -> list[Text]:
    """Read the posts of these themes."""
    return [text for theme in themes for text in _read(theme)]


def comments() -> dict[str, list[str]]:
    """Return the comments that fit any post of a theme; those under "any" fit all."""
    return sections("comments")


def _read(theme: str) -> list[Text]:
    path = TEXTS / f"{theme}.txt"
    if not path.exists():
        return []
    blocks = re.split(r"(?m)^#(?!#) ?", path.read_text("utf-8"))[1:]
    return [_text(theme, number, block) for number, block in enumerate(blocks)]


def _text(theme: str, number: int, block: str) -> Text:
    head, _, rest = block.partition("\n")
    body: list[str] = []
    said: list[Said] = []
    complaints: dict[str, str] = {}
    for line in rest.split("\n"):
        if (match := SAID.fullmatch(line)) is not None:
            who = {"=": "mate", ">": "author"}.get(match[1], "other")
            said.append(Said(who, match[1] in (">", "+"), match[2], match[1] == "!"))
        elif (match := COMPLAINT.fullmatch(line)) is not None:
            complaints[match[1]] = match[2]
        elif not said:
            body.append(line)
    text = Text(theme, number, "\n".join(body).strip(), said=said)
    words = dict(word.partition("=")[::2] for word in head.split())
    if complaints:
        text.complaint = Complaint(
            int(words.pop("days")),
            words.pop("reason"),
            words.pop("decision"),
            words.pop("of", "") == "comment",
            complaints["!"],
            complaints.get("!!", ""),
        )
    for name, value in words.items():
        _set(text, name, value)
    return text


def _set(text: Text, name: str, value: str) -> None:
    if name in ("by", "to", "photo"):
        setattr(text, name, tuple(value.split(",")))
    elif name == "topic":
        text.topics = tuple(value.split(","))
    elif name == "photos":
        least, _, most = value.partition("-")
        text.photos = (int(least), int(most or least))
    elif name == "when":
        text.when = tuple((_day(first), _day(last)) for first, _, last in (part.partition("-") for part in value.split(",")))
    elif name == "once":
        text.once = True
    else:
        raise ValueError(f"{text.theme}.txt: unknown word {name!r}")


def _day(words: str) -> tuple[int, int]:
    month, _, day = words.partition(".")
    return int(month), int(day)
