"""Who read what, and when: every store has its ways, everybody his shifts, and some news stops at the director.

Five stores or so are stuck: their director reads at once and most of the others never do. As many are as good as one can
wish. What visitors sign in as finds something to do: the seller has two to confirm, the intern has what he missed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from app.demo.announcing import Planned
from app.demo.company import Company, Worker
from app.demo.life import FIRST_MINUTE, LAST_MINUTE
from app.people.permissions import Position

FIRST_HAND = timedelta(hours=72)
# Who joins an audience later is shown what is not older than this.
STILL_NEWS = timedelta(days=180)


class Ways(NamedTuple):
    """How a store is with news: what share of it is read, after how many hours at half, how often the team is told."""

    read: float
    hours: float
    told: float


EXCELLENT, GOOD, ORDINARY, STUCK = Ways(0.97, 5, 0.1), Ways(0.88, 11, 0.1), Ways(0.76, 17, 0.25), Ways(0.24, 50, 0.75)
LEADER, OFFICE = Ways(0.99, 3, 0), Ways(0.93, 4, 0)
# What the people whom visitors sign in as still have before them, by how many days ago it appeared.
UNREAD = {"seller": {0, 1, 6}, "management": {1, 6}, "hr": {6}, "director": {2}}
UNCONFIRMED = {"seller": {12}, "director": {12}}


class Receiving:
    """Makes the receipts."""

    def __init__(self, company: Company, moment: datetime, rng: random.Random) -> None:
        self.moment, self.rng = moment, rng
        self.ways = self._ways(company)
        self.diligence = {worker.id: min(1.1, max(0.7, rng.gauss(1, 0.1))) for worker in company.workers}
        self.away = {worker.id: self._absences(worker) for worker in company.workers if not worker.shop.is_office}
        self.hired_lately = [one for one in company.workers if moment.date() - one.hired < STILL_NEWS + timedelta(days=60)]

    def _ways(self, company: Company) -> dict[int, Ways]:
        home = company.by_login("seller").shop.id
        others = [shop.id for shop in company.shops[1:] if shop.id != home]
        self.rng.shuffle(others)
        some = max(1, len(others) // 8)
        ways = {shop_id: GOOD if place % 3 else ORDINARY for place, shop_id in enumerate(others)}
        ways |= dict.fromkeys(others[:some], STUCK) | dict.fromkeys(others[some : 3 * some], EXCELLENT)
        return {**ways, home: ORDINARY, company.office.id: OFFICE}

    def _absences(self, worker: Worker) -> list[tuple[date, date, str]]:
        """Return when somebody was away, in the last year or so, and for a few also now."""
        found = []
        today = self.moment.date()
        for _ in range(self.rng.choice((0, 0, 1, 1, 2))):
            first = today - timedelta(days=self.rng.randint(-3, 400))
            found.append((first, first + timedelta(days=13), "vacation"))
        if self.rng.random() < 0.15:
            first = today - timedelta(days=self.rng.randint(0, 200))
            found.append((first, first + timedelta(days=self.rng.randint(3, 9)), "sick"))
        ends = worker.dismissed or date.max
        return [one for one in found if worker.hired < one[0] and one[1] < ends and worker.login is None]

    def briefed(self, planned: Planned) -> dict[int, tuple[datetime, Worker, set[int]]]:
        """Return in which stores the director told the team, as {store: (when, by whom, who was there)}."""
        at = planned.at
        if at is None or not planned.source.asks or at < self.moment - timedelta(days=400):
            return {}
        found = {}
        for leader in (one for one in planned.readers if one.position == Position.DIRECTOR and not one.shop.is_office):
            told_at = self.in_shift(leader, at + timedelta(hours=self.rng.uniform(14, 40)))
            if self.rng.random() > self.ways[leader.shop.id].told or told_at > self.moment:
                continue
            team = [one for one in planned.readers if one.shop is leader.shop and one is not leader]
            there = {one.id for one in team if self.rng.random() < 0.8 and not self._is_away(one, told_at.date())}
            if there:
                found[leader.shop.id] = (told_at, leader, there)
        return found

    def receipts(
        self, planned: Planned, entry_id: int, briefed: dict[int, tuple[datetime, Worker, set[int]]]
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of the receipts of an announcement that has appeared."""
        at = planned.at or self.moment
        for worker in planned.readers:
            row = self._blank(planned, entry_id, worker)
            first, last = at.date(), (at + FIRST_HAND).date()
            row["absent"] = any(a <= first and b >= last for a, b, _ in self.away.get(worker.id, ()))
            told = briefed.get(worker.shop.id)
            if told is not None and worker.id in told[2]:
                row["told_at"] = told[0]
            self._read(planned, worker, row, at)
            yield row
        for worker, since in self._late(planned, at):
            row = self._blank(planned, entry_id, worker) | {"late": True}
            self._read(planned, worker, row, since)
            yield row

    def _blank(self, planned: Planned, entry_id: int, worker: Worker) -> dict[str, Any]:
        return {
            "announcement_id": entry_id,
            "person_id": worker.id,
            "store_id": worker.shop.id,
            "leads": worker.position == Position.DIRECTOR,
            "late": False,
            "absent": False,
            "waits": planned.source.asks,
            "told_at": None,
            "opened_at": None,
            "read_at": None,
            "seconds": 0,
            "confirmed_at": None,
            "confirmed_version": None,
            "understood_at": None,
            "wrong_answers": 0,
        }

    def _late(self, planned: Planned, at: datetime) -> Iterator[tuple[Worker, datetime]]:
        """Yield who joined the audience afterwards, while it still held, and when."""
        known = {worker.id for worker in planned.readers}
        ends = min(planned.ends_at(self.moment), at + STILL_NEWS)
        for worker in self.hired_lately:
            if at.date() < worker.hired <= ends.date() and worker.id not in known and planned.audience == ("everybody",):
                yield worker, self.in_shift(worker, datetime.combine(worker.hired, time(12), at.tzinfo))

    def _read(self, planned: Planned, worker: Worker, row: dict[str, Any], since: datetime) -> None:
        """Let somebody open, read, confirm and understand it, as far as he came."""
        ways = LEADER if row["leads"] else self.ways[worker.shop.id]
        share = ways.read * self.diligence[worker.id] + (0.04 if planned.source.asks else -0.1)
        luck, delay = self.rng.random(), self.rng.expovariate(1 / (ways.hours * 1.4))
        pause, wrong, wavers = self.rng.uniform(5, 70), self.rng.choices((0, 1, 2), (80, 16, 4))[0], self.rng.random()
        days = planned.source.days
        if days is not None and days in UNREAD.get(worker.login or "", ()):
            return
        if worker.login == "intern" and row["late"] and days != 83:
            return
        at = self.in_shift(worker, since + timedelta(hours=delay))
        gone = worker.dismissed is not None and at.date() >= worker.dismissed
        if at >= planned.ends_at(self.moment) or gone:
            return
        if luck > share and worker.login is None:
            if luck < share + 0.07:
                row["opened_at"] = at
            return
        row["opened_at"] = at
        needed = min(len(planned.bodies[0].split()) // 4, 20)
        row["seconds"] = int(needed + pause)
        row["read_at"] = min(at + timedelta(seconds=row["seconds"]), self.moment)
        if planned.source.asks and (wavers > 0.03 or worker.login is not None):
            self._confirm(planned, worker, row, wrong)

    def _confirm(self, planned: Planned, worker: Worker, row: dict[str, Any], wrong: int) -> None:
        at = row["read_at"] + timedelta(seconds=9)
        row["confirmed_version"], row["confirmed_at"] = 1, at
        if len(planned.times) > 1:
            again = self.in_shift(worker, planned.times[1] + timedelta(hours=self.rng.expovariate(1 / 22)))
            if again > self.moment or planned.source.days in UNCONFIRMED.get(worker.login or "", ()):
                row["confirmed_at"] = None
                return
            if at < planned.times[1]:
                row["confirmed_at"] = at = again
            row["confirmed_version"] = 2
        if planned.source.question:
            if self.rng.random() < 0.05 and worker.login is None:
                return
            row["wrong_answers"] = wrong
            row["understood_at"] = min(at + timedelta(seconds=12 + 25 * wrong), self.moment)
        row["waits"] = False

    def in_shift(self, worker: Worker, at: datetime) -> datetime:
        """Return the first moment from then on when somebody is at work: two days on, two off; the office on weekdays."""
        local = at.astimezone(worker.shop.town.zone)
        minute = local.hour * 60 + local.minute
        day = local.date()
        if minute < FIRST_MINUTE:
            minute = FIRST_MINUTE + (worker.id + minute) % 45
        elif minute > LAST_MINUTE:
            day, minute = day + timedelta(days=1), FIRST_MINUTE + (worker.id + minute) % 45
        while not self._works(worker, day):
            day += timedelta(days=1)
        begun = datetime.combine(day, time(minute // 60, minute % 60, local.second), worker.shop.town.zone)
        return begun.astimezone(at.tzinfo)

    def _works(self, worker: Worker, day: date) -> bool:
        if self._is_away(worker, day):
            return False
        if worker.shop.is_office or worker.position == Position.DIRECTOR:
            return day.weekday() < 5
        return worker.login is not None or (day.toordinal() + 2 * (worker.id % 2)) % 4 < 2

    def _is_away(self, worker: Worker, day: date) -> bool:
        return any(first <= day <= last for first, last, _ in self.away.get(worker.id, ()))
