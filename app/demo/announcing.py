"""Two years of announcements: when each appeared, for whom, in how many versions, with which files, and the drafts."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import xlsxwriter
from PIL import Image

from app.content.text import clean
from app.demo.bulletins import Bulletin, bulletins
from app.demo.company import Company, Worker
from app.demo.crowd import Crowd
from app.demo.gallery import Gallery
from app.demo.words import Writer
from app.people.permissions import Position

MOSCOW = ZoneInfo("Europe/Moscow")
# The older ones fill the time from here back to the beginning.
OLD_FROM, OLD_TO = 96, 724
# Above so many people hardly anything concerns everybody: most of the older ones go to a few stores.
LARGE = 2000
FOR_ALL = 0.03
MOST = 2000
MONTHS = (
    ("январь", "января", "январе"), ("февраль", "февраля", "феврале"), ("март", "марта", "марте"),
    ("апрель", "апреля", "апреле"), ("май", "мая", "мае"), ("июнь", "июня", "июне"), ("июль", "июля", "июле"),
    ("август", "августа", "августе"), ("сентябрь", "сентября", "сентябре"), ("октябрь", "октября", "октябре"),
    ("ноябрь", "ноября", "ноябре"), ("декабрь", "декабря", "декабре"),
)  # fmt: skip


@dataclass
class Planned:
    """An announcement as it is to be written down."""

    source: Bulletin
    author: Worker
    audience: tuple[str, ...]
    title: str
    # The texts of its versions, and when each appeared; a draft has a text and no time.
    bodies: list[str]
    times: list[datetime]
    begun_at: datetime
    publish_at: datetime | None = None
    valid_until: datetime | None = None
    archived_at: datetime | None = None
    readers: list[Worker] = field(default_factory=list)

    @property
    def at(self) -> datetime | None:
        """Return when it appeared."""
        return self.times[0] if self.times else None

    def ends_at(self, moment: datetime) -> datetime:
        """Return when it ceased to be asked for, or the present moment."""
        return min(at for at in (self.valid_until, self.archived_at, moment) if at is not None)


class Announcing:
    """The planner."""

    def __init__(self, company: Company, crowd: Crowd, moment: datetime, rng: random.Random) -> None:
        self.company, self.crowd, self.moment, self.rng = company, crowd, moment, rng
        self.editor = company.by_login("editor")
        present = [worker for worker in company.workers if worker.dismissed is None]
        self.authors = [worker for worker in present if "editor" in worker.roles]
        self.people = len(present)

    def plan(self) -> list[Planned]:
        """Return all announcements, the oldest first, drafts and what is still to appear at the end."""
        written = bulletins()
        recent = [one for one in written if one.days is not None]
        count = max(14, min(MOST, self.people // 4)) - len(recent)
        found = self._old([one for one in written if one.is_of_old], count)
        found += [self._plan(one, one.days or 0, self.editor) for one in sorted(recent, key=lambda one: -(one.days or 0))]
        return found + [self._plan(one, None, self.editor) for one in written if one.draft is not None or one.at is not None]

    def _old(self, pool: list[Bulletin], count: int) -> list[Planned]:
        found = []
        used = {id(one): -1 for one in pool}
        for place in range(count):
            days = OLD_TO - (OLD_TO - OLD_FROM) * place // count
            month = (self.moment - timedelta(days=days)).month
            fitting = [one for one in pool if not one.when or month in one.when]
            chosen = min(self.rng.sample(fitting, min(6, len(fitting))), key=lambda one: (used[id(one)], one.title))
            used[id(chosen)] = place
            found.append(self._plan(chosen, days, self._author(days)))
        return found

    def _author(self, days: int) -> Worker:
        day = (self.moment - timedelta(days=days + 3)).date()
        return self.rng.choice([author for author in self.authors if author.works_on(day)] or [self.editor])

    def _plan(self, source: Bulletin, days: int | None, author: Worker) -> Planned:
        place = self._place(source, author)
        at = self._moment(days, source) if days is not None else None
        begun = (at or self.moment - timedelta(days=source.draft or 0, hours=5)) - timedelta(hours=self.rng.randint(2, 50))
        writer = Writer(place, self.rng, lambda name, whose: self.crowd.find(name, whose, self.moment.date(), self.rng))
        title, *bodies = (
            clean(writer.write(_of_month(pattern, (at or self.moment).date())))
            for pattern in (source.title, source.body, source.second)
            if pattern
        )
        found = Planned(source, author, self._audience(source, place), title, bodies, [at] if at else [], begun)
        if at is not None:
            self._ends(found, at)
            day = at.date()
            found.readers = [one for one in self.crowd.audience(found.audience) if one.works_on(day) and one is not author]
        elif source.at is not None:
            found.publish_at = self._clock(self.moment.date() + timedelta(days=source.at), 10 * 60)
            if source.valid is not None:
                found.valid_until = found.publish_at + timedelta(days=source.valid)
        return found

    def _ends(self, found: Planned, at: datetime) -> None:
        source = found.source
        if source.version is not None:
            found.times.append(self._clock((self.moment - timedelta(days=source.version)).date(), 15 * 60 + 40))
        if source.valid is not None:
            found.valid_until = self._clock(at.date() + timedelta(days=source.valid), 21 * 60)
        if source.archived is not None:
            found.archived_at = self._clock((self.moment - timedelta(days=source.archived)).date(), 16 * 60 + 5)
        elif source.is_of_old and source.valid is None:
            found.archived_at = at + timedelta(days=self.rng.randint(40, 85), minutes=self.rng.randint(0, 300))

    def _moment(self, days: int, source: Bulletin) -> datetime:
        """Return when it appeared: in the office's working hours, and some hours ago at least."""
        minute = 10 * 60 + 20 + (self.rng.randint(0, 380) if days else 0)
        at = self._clock((self.moment - timedelta(days=days)).date(), minute)
        while at > self.moment - timedelta(minutes=40) or at.astimezone(MOSCOW).weekday() > 4:
            at -= timedelta(days=1)
        return at

    @staticmethod
    def _clock(day: date, minute: int) -> datetime:
        local = datetime.combine(day, time(minute // 60, minute % 60), MOSCOW)
        return local.astimezone(ZoneInfo("UTC"))

    def _place(self, source: Bulletin, author: Worker) -> Worker:
        """Return whose city and store the text speaks of."""
        if source.to != "city":
            return author
        if source.days is not None:
            return self.company.by_login("seller")
        return self.rng.choice([worker for worker in self.company.workers if not worker.shop.is_office])

    def _audience(self, source: Bulletin, place: Worker) -> tuple[str, ...]:
        if source.to == "all" and source.is_of_old and self.people > LARGE and self.rng.random() > FOR_ALL:
            return tuple(f"store:{shop.id}" for shop in self.rng.sample(self.company.shops[1:], 2))
        return {
            "city": (f"city:{place.shop.town.id}",),
            "directors": ("role:director",),
            "seniors": (f"position:{Position.SENIOR}",),
        }.get(source.to, ("everybody",))


def table_of_days(company: Company, at: datetime) -> bytes:
    """Return a workbook with the opening hours of all stores on the holidays, the same whenever it is made."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": at.replace(tzinfo=None), "title": "График в праздники"})
    sheet, bold = book.add_worksheet("Праздники"), book.add_format({"bold": True})
    days = ["31 декабря", "1 января", *(f"{day} января" for day in range(2, 9))]
    for column, words in enumerate(("Город", "Магазин", *days)):
        sheet.write_string(0, column, words, bold)
    for row, shop in enumerate(sorted(company.shops[1:], key=lambda shop: (shop.town.name, shop.name)), 1):
        hours = ["10:00–18:00", "закрыто", *(("12:00–20:00",) * 7)]
        for column, words in enumerate((shop.town.name, shop.name, *hours)):
            sheet.write_string(row, column, words)
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, len(days) + 1, 13)
    book.close()
    return file.getvalue()


def sheet_of_window(gallery: Gallery, at: datetime) -> bytes:
    """Return a page to be printed with a picture of a shop window."""
    scenes = sorted(gallery.pictures, key=lambda scene: (scene.family != "window", scene.name))
    largest = gallery.pictures[scenes[0]].files
    picture = Image.open(io.BytesIO(largest[max(largest)])).convert("RGB")
    page = Image.new("RGB", (1240, 1754), "white")
    picture.thumbnail((1040, 1400))
    page.paste(picture, ((1240 - picture.width) // 2, 160))
    file = io.BytesIO()
    made = at.timetuple()
    page.save(file, "PDF", resolution=150, title="Витрина «Зимний завтрак»", creationDate=made, modDate=made)
    return file.getvalue()


def _of_month(pattern: str, day: date) -> str:
    name, of, inside = MONTHS[day.month - 1]
    return pattern.replace("{month}", name).replace("{month.of}", of).replace("{month.in}", inside)
