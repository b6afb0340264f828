"""Two years of the chain's life, planned day by day: who wrote what, when, to whom, and who answered.

A plan knows no database: it is a stream of posts in the order of time, small enough at any moment for a million of them.
The newest posts are each written anew; older ones of a large demo share texts that were written for the same place.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from itertools import accumulate
from typing import NamedTuple

from app.content.text import clean, excerpt, render
from app.demo import library
from app.demo.company import Company, Worker
from app.demo.crowd import Crowd, Deck
from app.demo.drawing.scenes import SEASONS, Scene
from app.demo.gallery import Gallery
from app.demo.library import Said, Text
from app.demo.words import Writer, needs_store

YEARS = timedelta(days=730)
# Stores open at ten; people write before the first customers, in the afternoon and after the evening rush.
FIRST_MINUTE, LAST_MINUTE = 9 * 60 + 40, 21 * 60 + 10
AWAKE = (8, 22)
# So many of the newest posts are written one by one, with all their likes; more would only cost time.
FRESH = 20_000
# The last two days and this morning are lively however small the demo is: share of the posts, at least, at most.
LIVELY = ((0, 9), (1, 11), (2, 8))
# So many of the newest posts have their photos: a demo should not fill a disk.
PHOTOGRAPHED = 1200
# The first posts of today are so many minutes old, where it is daytime somewhere.
JUST_NOW = (6, 24, 53)
THANKED = frozenset({"care", "packing", "thanks", "learning", "windows", "questions"})


class Body(NamedTuple):
    """A text as it is stored, with whom it mentions."""

    body: str
    html: str
    excerpt: str | None
    mentions: tuple[int, ...]


@dataclass(slots=True)
class Remark:
    """A comment; `parent` is the place of the comment it answers among the post's remarks."""

    author: Worker
    at: datetime
    body: Body
    parent: int | None = None
    likes: list[int] = field(default_factory=list)
    is_reported: bool = False
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(slots=True)
class Post:
    """A post with everything that happened to it."""

    author: Worker
    at: datetime
    text: Text
    body: Body
    audience: tuple[str, ...]
    fresh: bool
    photos: list[Scene] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    likes: list[tuple[int, datetime]] = field(default_factory=list)
    thanks: list[tuple[int, datetime]] = field(default_factory=list)
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    pinned_at: datetime | None = None


class Life:
    """The planner."""

    def __init__(self, company: Company, posts: int, moment: datetime, gallery: Gallery, rng: random.Random) -> None:
        self.company = company
        self.posts = posts
        self.moment = moment
        self.gallery = gallery
        self.rng = rng
        self.texts = library.posts()
        self.comments = {theme: Deck(lines, rng) for theme, lines in library.comments().items()}
        self.crowd = Crowd(company)
        self.used_at: dict[int, int] = {}
        self.fitting: tuple[date, list[Text]] = (date.min, [])
        self.written: dict[tuple[object, ...], Body] = {}
        self.signed: set[tuple[int, int]] = set()
        self.made = 0

    def happen(self) -> Iterator[Post]:
        """Yield all posts, the oldest first."""
        occasions = self._occasions()
        last: list[Post] = []
        for days_ago, count in enumerate_days(self.posts - sum(map(len, occasions.values())), self.rng):
            planned = [self._post(days_ago, place) for place in range(count)]
            planned += [self._written_for(*occasion) for occasion in occasions.pop(days_ago, ())]
            if days_ago > len(LIVELY):
                yield from sorted(planned, key=_when)
            else:
                # What was to be written later today is written yesterday instead, so these days are sorted together.
                last += planned
        yield from sorted(last, key=_when)

    def _occasions(self) -> dict[int, list[tuple[Text, Worker, int, int]]]:
        """Return what is written for one day as {days ago: [(text, author, days ago, minute)]}: openings, pinned words."""
        found: dict[int, list[tuple[Text, Worker, int, int]]] = {}
        today = self.moment.date()
        openings = library.posts(("openings",))
        for place, shop in enumerate(shop for shop in self.company.shops if shop.opened):
            director = self.crowd.director_of(shop.id)
            if director is None or shop.opened is None:
                continue
            for text in openings[2 * place % len(openings) :][:2]:
                author = director if text.by[0] == "director" else self.company.by_login("editor")
                days_ago = (today - shop.opened).days + (0 if author is director else 1)
                found.setdefault(days_ago, []).append((text, author, days_ago, 10 * 60 + 25 + 7 * place))
        for text, days_ago in zip(library.posts(("pinned",)), (33, 5), strict=False):
            found.setdefault(days_ago, []).append((text, self.company.by_login("editor"), days_ago, 11 * 60 + 10))
        for place, text in enumerate(library.posts(("moderation",))):
            writer = self._author(text, today)
            if text.complaint and writer:
                days_ago = text.complaint.days_ago
                found.setdefault(days_ago, []).append((text, writer, days_ago, 12 * 60 + 11 * place))
        return found

    def _written_for(self, text: Text, author: Worker, days_ago: int, minute: int) -> Post:
        at = self._moment_of(author, days_ago, minute)
        post = self._finish(text, author, at, self.made + self.posts)
        if text.theme == "pinned":
            post.pinned_at = min(post.at + timedelta(minutes=4), self.moment)
        return post

    def _post(self, days_ago: int, place: int) -> Post:
        day = (self.moment - timedelta(days=days_ago)).date()
        text, author = self._choose_both(day)
        at = None
        if days_ago == 0 and place < len(JUST_NOW):
            at = self.moment - timedelta(minutes=JUST_NOW[place] + self.rng.randint(0, 9), seconds=self.rng.randint(0, 59))
            author = next(filter(partial(_is_open, at), (self._author(text, day) or author for _ in range(40))), author)
        if at is None or not _is_open(at, author):
            at = self._moment_of(author, days_ago, self._minute())
        self.made += 1
        return self._finish(text, author, at, self.made)

    def _choose_both(self, day: date) -> tuple[Text, Worker]:
        """Choose a text and somebody who would write it."""
        while True:
            text = self._choose(day)
            self.used_at[id(text)] = self.made
            author = self._author(text, day)
            if author is not None:
                return text, author

    def _finish(self, text: Text, author: Worker, at: datetime, number: int) -> Post:
        fresh = number > self.posts - FRESH
        audience = self._audience(text, author)
        post = Post(author, at, text, self._write(text, author, at.date(), fresh), audience, fresh)
        if text.photo and self._has_photos(number):
            count = self.rng.randint(*text.photos)
            post.photos = self.gallery.choose(text.photo, season_of(at.date()), count, self.rng)
        self._react(post)
        self._discuss(post)
        self._change(post)
        return post

    def _has_photos(self, number: int) -> bool:
        """Tell whether a post brings its photos: most of the newest do, few of the older, none of a million's oldest."""
        if number > self.posts - PHOTOGRAPHED:
            return self.rng.random() < 0.92
        return self.posts <= FRESH and self.rng.random() < 0.12

    # What is written

    def _choose(self, day: date) -> Text:
        """Choose among the texts that fit the day the one not used for longest, of a random handful."""
        fitting = self._fitting(day)
        handful = self.rng.sample(fitting, min(12, len(fitting)))
        return min(handful, key=lambda text: (self.used_at.get(id(text), -1), text.theme, text.number))

    def _fitting(self, day: date) -> list[Text]:
        if self.fitting[0] != day:
            fitting = [text for text in self.texts if text.fits(day) and not (text.once and id(text) in self.used_at)]
            self.fitting = day, fitting
        return self.fitting[1]

    def _write(self, text: Text, author: Worker, day: date, fresh: bool) -> Body:
        if fresh:
            return self._body(text.pattern, author, day)
        place = author.shop.id if needs_store(text.pattern) else author.shop.town.id
        key = (id(text), author.female, needs_store(text.pattern), place)
        if key not in self.written or author.id in self.written[key].mentions:
            self.written[key] = self._body(text.pattern, author, day)
        return self.written[key]

    def _body(self, pattern: str, author: Worker, day: date, **people: Worker) -> Body:
        writer = Writer(author, self.rng, lambda name, whose: self.crowd.find(name, whose, day, self.rng))
        writer.people.update(people)
        body = clean(writer.write(pattern))
        if not writer.mentions:
            return _plain(body)
        mentions = tuple(sorted(set(writer.mentions.values())))
        return Body(body, render(body, writer.mentions), excerpt(body, writer.mentions), mentions)

    # Who writes, when, to whom

    def _author(self, text: Text, day: date) -> Worker | None:
        """Choose an author who works here on the day and has not written this text before; None if nobody would."""
        for attempt in range(30):
            kind = self.rng.choice(text.by)
            author = self.crowd.one(kind, day, self.rng)
            if author is None or not author.works_on(day):
                continue
            if (author.id, id(text)) not in self.signed or attempt > 20 or self.posts > FRESH:
                self.signed.add((author.id, id(text)))
                return author
        return None

    def _minute(self) -> int:
        """Return a minute of the day: before the doors open, around noon, towards the evening."""
        middle = self.rng.choice((10 * 60 + 15, 12 * 60 + 30, 15 * 60, 18 * 60 + 40, 20 * 60 + 20))
        return min(max(int(self.rng.gauss(middle, 55)), FIRST_MINUTE), LAST_MINUTE)

    def _moment_of(self, author: Worker, days_ago: int, minute: int) -> datetime:
        """Return a moment by the clock of the author's store; too early there yet is the evening before."""
        zone = author.shop.town.zone
        here = self.moment.astimezone(zone)
        latest = here.hour * 60 + here.minute - 1
        if days_ago == 0 and minute > latest:
            if latest < FIRST_MINUTE + 5:
                days_ago = 1
            else:
                minute = self.rng.randint(FIRST_MINUTE, min(latest, LAST_MINUTE))
        day = here.date() - timedelta(days=days_ago)
        local = datetime.combine(day, time(minute // 60, minute % 60, self.rng.randint(0, 59)), zone)
        return local.astimezone(self.moment.tzinfo)

    def _audience(self, text: Text, author: Worker) -> tuple[str, ...]:
        whom = self.rng.choice(text.to)
        if whom == "city" and not author.shop.is_office:
            return (f"city:{author.shop.town.id}",)
        if whom == "store" and not author.shop.is_office:
            return (f"store:{author.shop.id}",)
        return {
            "directors": ("role:director",),
            "interns": ("newcomers:60", "position:intern"),
            "group": ("group:1",),
        }.get(whom, ("everybody",))

    # What comes of it

    def _react(self, post: Post) -> None:
        """Let the audience like and thank; what was written an hour ago has few of either yet."""
        age = (self.moment - post.at).total_seconds() / 3600
        pool = self.crowd.audience(post.audience)
        warmth = self.rng.lognormvariate(0, 0.75) * (1 if post.fresh else 0.3) * min(1.0, 0.15 + age / 14)
        likes = min(int(7 * warmth + self.rng.random()), len(pool) // 2, 60)
        thanks = 0
        if post.text.theme in THANKED or self.rng.random() < 0.2:
            thanks = min(int(3.2 * warmth * self.rng.random() + 0.3), len(pool) // 2)
        post.likes = self._reactions(post, pool, likes)
        post.thanks = self._reactions(post, pool, thanks)

    def _reactions(self, post: Post, pool: Sequence[Worker], count: int) -> list[tuple[int, datetime]]:
        if count < 1:
            return []
        day = post.at.date()
        left = (self.moment - post.at).total_seconds()
        found = []
        for worker in self.rng.sample(pool, count):
            if worker is not post.author and worker.works_on(day):
                after = min(self.rng.expovariate(1 / 30_000), left * self.rng.random())
                found.append((worker.id, post.at + timedelta(seconds=after)))
        return found

    def _discuss(self, post: Post) -> None:
        """Add the comments written for this text, then a few that fit its theme."""
        certain = post.text.complaint is not None
        said: list[Said] = [one for one in post.text.said if certain or one.is_reply or self.rng.random() < 0.85]
        share = 1.0 if post.fresh else 0.25
        more = int(self.rng.expovariate(1 / (1.5 * share))) if not post.fresh or self.rng.random() < 0.75 else 0
        if not post.fresh and self.rng.random() > 0.35:
            said = []
        at = post.at
        for one in said:
            at = self._say(post, one, at)
        for _ in range(min(more, 9)):
            pattern = self._comment_for(post.text.theme)
            at = self._say(post, Said("other", False, pattern), at)
            if self.rng.random() < 0.22 and post.remarks:
                at = self._say(post, Said("author", True, self.comments["reply"].draw()), at)

    def _comment_for(self, theme: str) -> str:
        deck = self.comments.get(theme)
        if deck is None or self.rng.random() < 0.25:
            deck = self.comments["any"]
        return deck.draw()

    def _say(self, post: Post, one: Said, after: datetime) -> datetime:
        """Add a comment some time after the one before; return its moment, or the former if it would lie ahead of now."""
        parent = _thread(post.remarks) if one.is_reply else None
        if one.is_reply and parent is None:
            return after
        author = post.author if one.who == "author" else self._speaker(post, one.who)
        if author is None:
            return after
        at = self._awake(author, after + timedelta(seconds=60 + self.rng.expovariate(1 / (900 if one.is_reply else 5400))))
        if at >= self.moment - timedelta(seconds=30) or not author.works_on(at.date()):
            return after
        people = {"poster": post.author}
        if post.remarks:
            people["to"] = post.remarks[-1].author
        remark = Remark(
            author, at, self._body(one.pattern, author, at.date(), **people), parent, is_reported=one.is_reported
        )
        if post.fresh and self.rng.random() < 0.4:
            pool = self.crowd.audience(post.audience)
            likers = self.rng.sample(pool, min(len(pool), self.rng.choice((1, 1, 2, 3, 4))))
            remark.likes = [liker.id for liker in likers if liker is not author and liker.works_on(at.date())]
        post.remarks.append(remark)
        return at

    def _speaker(self, post: Post, who: str) -> Worker | None:
        spoken = {post.author.id, *(remark.author.id for remark in post.remarks)}
        day = post.at.date()
        pool = self.crowd.audience((f"store:{post.author.shop.id}",) if who == "mate" else post.audience)
        for _ in range(12):
            worker = self.crowd.eager(pool, self.rng)
            if worker.id not in spoken and worker.works_on(day) and (who == "mate") == (worker.shop is post.author.shop):
                return worker
        rest = [worker for worker in pool[:400] if worker.id not in spoken and worker.works_on(day)]
        return self.rng.choice(rest) if rest else None

    def _awake(self, author: Worker, at: datetime) -> datetime:
        """Move a moment of the night to the next morning of whoever speaks."""
        local = at.astimezone(author.shop.town.zone)
        if AWAKE[0] <= local.hour < AWAKE[1]:
            return at
        morning = local.date() + timedelta(days=local.hour >= AWAKE[1])
        minute = self.rng.randint(0, 110)
        local = datetime.combine(morning, time(AWAKE[0] + minute // 60, minute % 60, self.rng.randint(0, 59)), local.tzinfo)
        return local.astimezone(at.tzinfo)

    def _change(self, post: Post) -> None:
        """Let authors correct and withdraw some of what they wrote; what was complained about stays as it is."""
        if post.text.complaint is not None:
            return
        if self.rng.random() < 0.05:
            post.edited_at = min(post.at + timedelta(minutes=self.rng.randint(2, 90)), self.moment)
        elif self.rng.random() < 0.008 and post.pinned_at is None:
            post.deleted_at = min(post.at + timedelta(hours=self.rng.randint(1, 60)), self.moment)
        for remark in post.remarks:
            chance = self.rng.random()
            if chance < 0.025:
                remark.edited_at = min(remark.at + timedelta(minutes=self.rng.randint(1, 30)), self.moment)
            elif chance < 0.035:
                remark.deleted_at = min(remark.at + timedelta(minutes=self.rng.randint(1, 200)), self.moment)


def enumerate_days(posts: int, rng: random.Random) -> Iterator[tuple[int, int]]:
    """Yield (days ago, number of posts), the oldest day first: more as the portal took hold, most before New Year."""
    days = YEARS.days
    weights = []
    for days_ago in range(days, -1, -1):
        ramp = 0.35 + 0.65 * (1 - days_ago / days)
        weights.append(ramp * rng.uniform(0.6, 1.4))
    scale = min(1.0, posts / 500)
    least = {days_ago: max(2, int(count * scale)) for days_ago, count in LIVELY}
    rest = max(0, posts - sum(least.values()))
    edges = [round(rest * edge / sum(weights)) for edge in accumulate(weights, initial=0)]
    left = posts
    for place, days_ago in enumerate(range(days, -1, -1)):
        count = min(left, edges[place + 1] - edges[place] + least.get(days_ago, 0))
        left -= count
        yield days_ago, count


def season_of(day: date) -> str:
    """Return the season that shop windows show on a day; theirs begins ten days before the calendar's."""
    month = (day + timedelta(days=10)).month
    return SEASONS[month % 12 // 3]


@lru_cache(maxsize=30_000)
def _plain(body: str) -> Body:
    """Render a text that mentions nobody; short comments come up again and again."""
    return Body(body, render(body), excerpt(body), ())


def _is_open(at: datetime, author: Worker) -> bool:
    """Tell whether it is daytime at somebody's store."""
    local = at.astimezone(author.shop.town.zone)
    return FIRST_MINUTE <= local.hour * 60 + local.minute <= LAST_MINUTE


def _when(post: Post) -> tuple[datetime, int]:
    return post.at, post.author.id


def _thread(remarks: list[Remark]) -> int | None:
    """Return the place of the comment whose thread the next reply joins: that of the last one said."""
    if not remarks:
        return None
    last = len(remarks) - 1
    return last if remarks[last].parent is None else remarks[last].parent
