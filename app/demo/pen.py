"""Writing: patterns become bodies, rendered as if somebody had typed and sent them."""

from __future__ import annotations

import random
from datetime import date
from functools import lru_cache

from app.content.text import clean, excerpt, render
from app.demo.company import Worker
from app.demo.crowd import Crowd
from app.demo.library import Text
from app.demo.plan import Body
from app.demo.words import Writer, needs_store


class Pen:
    """Writes for everybody of the chain."""

    def __init__(self, crowd: Crowd, rng: random.Random) -> None:
        self.crowd, self.rng = crowd, rng
        self.written: dict[tuple[object, ...], Body] = {}

    def post(self, text: Text, author: Worker, day: date, fresh: bool) -> Body:
        """Write a post; what is not fresh may share the words that somebody else of the same place wrote."""
        if fresh:
            return self.words(text.pattern, author, day)
        place = author.shop.id if needs_store(text.pattern) else author.shop.town.id
        key = (id(text), author.female, needs_store(text.pattern), place)
        if key not in self.written or author.id in self.written[key].mentions:
            self.written[key] = self.words(text.pattern, author, day)
        return self.written[key]

    def words(self, pattern: str, author: Worker, day: date, **people: Worker) -> Body:
        """Write a pattern down and render it as the portal would."""
        writer = Writer(author, self.rng, lambda name, whose: self.crowd.find(name, whose, day, self.rng))
        writer.people.update(people)
        body = clean(writer.write(pattern))
        if not writer.mentions:
            return _plain(body)
        mentions = tuple(sorted(set(writer.mentions.values())))
        return Body(body, render(body, writer.mentions), excerpt(body, writer.mentions), mentions)


@lru_cache(maxsize=30_000)
def _plain(body: str) -> Body:
    """Render a text that mentions nobody; short comments come up again and again."""
    return Body(body, render(body), excerpt(body), ())
