"""Two years of the chain's life, planned day by day: who wrote what, when, to whom, and who answered.

A plan knows no database: it is a stream of posts in the order of time, small enough at any moment for a million of them.
The newest posts are each written anew; older ones of a large demo share texts that were written for the same place.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import accumulate

from app.demo import library
from app.demo.company import Company, Worker
from app.demo.crowd import Crowd
from app.demo.drawing.scenes import SEASONS
from app.demo.gallery import Gallery
from app.demo.library import Text
from app.demo.pen import Pen
from app.demo.plan import Post
from app.demo.talk import Talk

YEARS = timedelta(days=730)
# Stores open at ten; people write before the first customers, in the afternoon and after the evening rush.
FIRST_MINUTE, LAST_MINUTE = 9 * 60 + 40, 21 * 60 + 10
# So many of the newest posts are written one by one, with all their likes; more would only cost time.
FRESH = 20_000
# The last two days and this morning are lively however small the demo is: share of the posts, at least, at most.
LIVELY = ((0, 9), (1, 11), (2, 8))
# So many of the newest posts have their photos: a demo should not fill a disk.
PHOTOGRAPHED = 1200
# The first posts of today are so many minutes old, where it is daytime somewhere.
JUST_NOW = (6, 24, 53)


class Life:
    """The planner."""

    def __init__(self, company: Company, posts: int, moment: datetime, gallery: Gallery, rng: random.Random) -> None:
        self.company = company
        self.posts = posts
        self.moment = moment
        self.gallery = gallery
        self.rng = rng
        self.texts = library.posts()
        self.crowd = Crowd(company)
        self.pen = Pen(self.crowd, rng)
        self.talk = Talk(self.crowd, self.pen, moment, rng)
        self.used_at: dict[int, int] = {}
        self.fitting: tuple[date, list[Text]] = (date.min, [])
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
        post = Post(author, at, text, self.pen.post(text, author, at.date(), fresh), audience, fresh)
        if text.photo and self._has_photos(number):
            count = self.rng.randint(*text.photos)
            post.photos = self.gallery.choose(text.photo, season_of(at.date()), count, self.rng)
        self.talk.react(post)
        self.talk.discuss(post)
        self.talk.change(post)
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

    # Who writes, when, to whom

    def _author(self, text: Text, day: date) -> Worker | None:
        """Choose an author who works here on the day and has not written this text before; None if nobody would."""
        for attempt in range(30):
            kind = self.rng.choice(text.by)
            author = self.crowd.one(kind, day, self.rng)
            if author is None or not author.works_on(day):
                continue
            if self.posts > FRESH:
                return author
            if (author.id, id(text)) not in self.signed or attempt > 20:
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


def _is_open(at: datetime, author: Worker) -> bool:
    """Tell whether it is daytime at somebody's store."""
    local = at.astimezone(author.shop.town.zone)
    return FIRST_MINUTE <= local.hour * 60 + local.minute <= LAST_MINUTE


def _when(post: Post) -> tuple[datetime, int]:
    return post.at, post.author.id
