"""What comes of a post: likes and thanks, comments and replies, corrections and second thoughts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from app.demo import library
from app.demo.company import Worker
from app.demo.crowd import Crowd, Deck
from app.demo.library import Said
from app.demo.pen import Pen
from app.demo.plan import Post, Remark

AWAKE = (8, 22)
THANKED = frozenset({"care", "packing", "thanks", "learning", "windows", "questions"})


class Talk:
    """Lets the chain answer what somebody wrote."""

    def __init__(self, crowd: Crowd, pen: Pen, moment: datetime, rng: random.Random) -> None:
        self.crowd, self.pen, self.moment, self.rng = crowd, pen, moment, rng
        self.comments = {theme: Deck(lines, rng) for theme, lines in library.comments().items()}

    def react(self, post: Post) -> None:
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

    def discuss(self, post: Post) -> None:
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
            author, at, self.pen.words(one.pattern, author, at.date(), **people), parent, is_reported=one.is_reported
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

    def change(self, post: Post) -> None:
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


def _thread(remarks: list[Remark]) -> int | None:
    """Return the place of the comment whose thread the next reply joins: that of the last one said."""
    if not remarks:
        return None
    last = len(remarks) - 1
    return last if remarks[last].parent is None else remarks[last].parent
