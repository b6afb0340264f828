"""The chain's people as those who write need them: whom a text is by, whom an audience holds, who stands beside whom."""

from __future__ import annotations

import random
from bisect import bisect
from datetime import date, timedelta
from itertools import accumulate

from app.demo.company import Company, Worker
from app.people.permissions import Position, Role

NEWCOMER_FOR = timedelta(days=45)


class Deck:
    """Lines drawn without repeating one before the others have had their turn."""

    def __init__(self, lines: list[str], rng: random.Random) -> None:
        self.lines, self.rng = lines, rng
        self.left: list[str] = []

    def draw(self) -> str:
        """Return the next line."""
        if not self.left:
            self.left = self.rng.sample(self.lines, len(self.lines))
        return self.left.pop()


class Crowd:
    """The chain's people by what texts ask for: a position, an audience, a relation to somebody."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.groups: dict[str, list[Worker]] = {}
        for worker in company.workers:
            for key in self._keys(worker):
                self.groups.setdefault(key, []).append(worker)
        self.weights = {key: list(accumulate(worker.eagerness for worker in group)) for key, group in self.groups.items()}
        self.by_hiring = sorted(company.workers, key=lambda worker: (worker.hired, worker.id))
        self.hirings = [worker.hired for worker in self.by_hiring]
        self.audiences: dict[tuple[str, ...], list[Worker]] = {}
        self.sums: dict[int, list[float]] = {}

    @staticmethod
    def _keys(worker: Worker) -> list[str]:
        keys = ["everybody", f"city:{worker.shop.town.id}", f"store:{worker.shop.id}", f"position:{worker.position}"]
        keys.append("office" if worker.shop.is_office else worker.position)
        if worker.position == Position.DIRECTOR:
            keys.append("role:director")
        if worker.roles:
            keys += worker.roles
        if worker.login == "editor":
            keys.append("portal")
        if worker.number.endswith(("3", "7")) and worker.position != Position.INTERN:
            keys.append("group:1")
        return keys

    def members(self, key: str) -> list[Worker]:
        """Return the people of a key."""
        return self.groups.get(key, [])

    def one(self, kind: str, day: date, rng: random.Random) -> Worker | None:
        """Return somebody of a kind, those who like to write more often."""
        if kind in ("newcomer", Position.INTERN):
            fresh = self.by_hiring[bisect(self.hirings, day - NEWCOMER_FOR) : bisect(self.hirings, day)]
            fresh = [worker for worker in fresh if not worker.shop.is_office]
            return rng.choice(fresh) if fresh else None
        group = self.groups.get(kind)
        if not group:
            return None
        weights = self.weights[kind]
        return group[bisect(weights, rng.random() * weights[-1], hi=len(group) - 1)]

    def audience(self, keys: tuple[str, ...]) -> list[Worker]:
        """Return the people whom any of the keys holds; newcomers by the day on which the demo is made."""
        if keys not in self.audiences:
            found = {worker.id: worker for key in keys for worker in self.groups.get(key, ())}
            for key in keys:
                if key.startswith("newcomers:"):
                    since = self.hirings[-1] - timedelta(days=int(key.partition(":")[2]))
                    found.update((worker.id, worker) for worker in self.by_hiring[bisect(self.hirings, since) :])
            self.audiences[keys] = sorted(found.values(), key=lambda worker: worker.id)
        return self.audiences[keys]

    def eager(self, pool: list[Worker], rng: random.Random) -> Worker:
        """Return somebody of a pool, those who like to write more often."""
        sums = self.sums.get(id(pool))
        if sums is None:
            sums = self.sums[id(pool)] = list(accumulate(worker.eagerness for worker in pool))
        return pool[bisect(sums, rng.random() * sums[-1], hi=len(pool) - 1)]

    def director_of(self, shop_id: int) -> Worker | None:
        """Return the director of a store."""
        leading = [worker for worker in self.groups.get(f"store:{shop_id}", ()) if worker.position == Position.DIRECTOR]
        return leading[0] if leading else None

    def find(self, name: str, author: Worker, day: date, rng: random.Random) -> Worker:
        """Return whom a slot of a text means."""
        if name in (Role.EDITOR, Role.HR):
            return self.company.by_login(name)
        if name == "director":
            leader = self.director_of(author.shop.id)
            if leader is not None and leader is not author and leader.works_on(day):
                return leader
        if name == "far":
            for _ in range(20):
                worker = rng.choice(self.groups["everybody"])
                if worker.shop.town is not author.shop.town and worker.works_on(day):
                    return worker
        mates = [
            worker for worker in self.groups[f"store:{author.shop.id}"] if worker is not author and worker.works_on(day)
        ]
        if mates:
            return rng.choice(mates)
        return rng.choice([worker for worker in self.groups["everybody"] if worker is not author][:50])
