"""The invented chain «Звонкая грань»: its cities, stores and people, the same ones whenever they are made.

Everything is drawn from one seeded generator, and every date is counted back from the day on which the demo is made.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from app.demo.names import Names
from app.demo.reading import GENDERED, lines
from app.people.permissions import Position, Role

COMPANY = "Звонкая грань"
OFFICE = "Центральный офис"
STORES = 42
# A chain of more people has more stores, as chains do; so many people work in one.
PEOPLE_A_STORE = 40


@dataclass(frozen=True)
class Town:
    """A city: its name, "в Казани", "Казани", its zone and whose surnames are common there."""

    id: int
    name: str
    inside: str
    of: str
    zone: ZoneInfo
    flavour: str


@dataclass(frozen=True)
class Shop:
    """A store or the head office; `opened` is set for stores that opened within the two years of the demo."""

    id: int
    name: str
    town: Town
    is_office: bool = False
    opened: date | None = None


@dataclass
class Worker:
    """Somebody of the chain, as the planner of the demo's life needs him."""

    id: int
    last: str
    first: str
    middle: str
    female: bool
    shop: Shop
    position: str
    title: str
    hired: date
    dismissed: date | None = None
    number: str = ""
    login: str | None = None
    roles: tuple[str, ...] = ()
    # How much this person writes: a few write a lot, most a little.
    eagerness: float = 1.0
    strengths: list[str] = field(default_factory=list)
    about: str = ""

    @property
    def name(self) -> str:
        """Return the name as colleagues say it."""
        return f"{self.first} {self.last}"

    def works_on(self, day: date) -> bool:
        """Tell whether the person is employed on a day."""
        return self.hired <= day and (self.dismissed is None or day < self.dismissed)


# name, where, whose, zone, flavour of surnames, number of stores in the chain of 42
CITIES = (
    ("Москва", "в Москве", "Москвы", "Europe/Moscow", "mixed", 7),
    ("Казань", "в Казани", "Казани", "Europe/Moscow", "tatar", 3),
    ("Владивосток", "во Владивостоке", "Владивостока", "Asia/Vladivostok", "east", 2),
    ("Екатеринбург", "в Екатеринбурге", "Екатеринбурга", "Asia/Yekaterinburg", "", 3),
    ("Санкт-Петербург", "в Петербурге", "Петербурга", "Europe/Moscow", "mixed", 5),
    ("Новосибирск", "в Новосибирске", "Новосибирска", "Asia/Novosibirsk", "", 3),
    ("Краснодар", "в Краснодаре", "Краснодара", "Europe/Moscow", "south", 3),
    ("Нижний Новгород", "в Нижнем Новгороде", "Нижнего Новгорода", "Europe/Moscow", "", 2),
    ("Самара", "в Самаре", "Самары", "Europe/Samara", "", 2),
    ("Ростов-на-Дону", "в Ростове-на-Дону", "Ростова-на-Дону", "Europe/Moscow", "south", 2),
    ("Уфа", "в Уфе", "Уфы", "Asia/Yekaterinburg", "tatar", 2),
    ("Красноярск", "в Красноярске", "Красноярска", "Asia/Krasnoyarsk", "", 2),
    ("Пермь", "в Перми", "Перми", "Asia/Yekaterinburg", "", 2),
    ("Калининград", "в Калининграде", "Калининграда", "Europe/Kaliningrad", "", 1),
    ("Омск", "в Омске", "Омска", "Asia/Omsk", "", 1),
    ("Иркутск", "в Иркутске", "Иркутска", "Asia/Irkutsk", "east", 1),
    ("Саратов", "в Саратове", "Саратова", "Europe/Saratov", "", 1),
)

OFFICE_TITLES = (
    ("Генеральный директор", ("management",)),
    ("Руководитель розничной сети", ("management",)),
    ("Коммерческий директор", ("management",)),
    ("Директор по персоналу", ("hr", "management")),
    ("Менеджер по персоналу", ("hr",)),
    ("Специалист по обучению", ()),
    ("Маркетолог", ("editor",)),
    ("Визуальный мерчандайзер", ()),
    ("Категорийный менеджер: стекло", ()),
    ("Категорийный менеджер: фарфор", ()),
    ("Закупщик", ()),
    ("Логист", ()),
    ("Специалист по качеству", ()),
    ("Менеджер по открытию магазинов", ()),
    ("Дизайнер", ()),
    ("Бухгалтер", ()),
    ("Юрист", ()),
    ("Аналитик", ()),
    ("Менеджер по корпоративным заказам", ()),
    ("Офис-менеджер", ()),
)

# Those whom the demo's visitor signs in as: login, last, first, middle, female, position, title, roles, store or office.
SIGN_INS = (
    ("seller", "Сафина", "Алина", "Маратовна", True, Position.SELLER, "Продавец-консультант", (), "Казань"),
    ("intern", "Ким", "Артём", "Сергеевич", False, Position.INTERN, "Стажёр", (), "Владивосток"),
    ("director", "Королёва", "Наталья", "Андреевна", True, Position.DIRECTOR, "Директор магазина", (), "Казань"),
    ("editor", "Воробьёва", "Полина", "Игоревна", True, Position.OTHER, "Редактор портала", (Role.EDITOR,), ""),
    ("hr", "Гаспарян", "Ани", "Арменовна", True, Position.OTHER, "Менеджер по персоналу", (Role.HR,), ""),
    ("management", "Лебедев", "Константин", "Юрьевич", False, Position.OTHER, "Директор сети", (Role.MANAGEMENT,), ""),
    ("admin", "Семёнов", "Глеб", "Фёдорович", False, Position.OTHER, "Системный администратор", (Role.ADMINISTRATOR,), ""),
)  # fmt: skip
TITLES = {
    Position.DIRECTOR: "Директор магазина",
    Position.SENIOR: "Старший продавец",
    Position.SELLER: "Продавец-консультант",
    Position.INTERN: "Стажёр",
}


@dataclass
class Company:
    """The whole chain."""

    towns: list[Town]
    shops: list[Shop]
    workers: list[Worker]

    @property
    def office(self) -> Shop:
        """Return the head office."""
        return self.shops[0]

    def by_login(self, login: str) -> Worker:
        """Return one of the people whom visitors sign in as."""
        return next(worker for worker in self.workers if worker.login == login)


def make_company(people: int, today: date, rng: random.Random) -> Company:
    """Return a chain in which so many people work on this day; about a tenth as many have left it."""
    towns = [
        Town(number, name, inside, of, ZoneInfo(zone), flavour)
        for number, (name, inside, of, zone, flavour, _) in enumerate(CITIES, 1)
    ]
    shops = _shops(_store_count(people), towns, today, rng)
    workers = _workers(people, shops, today, rng)
    _number(workers, rng)
    _describe(workers, rng)
    return Company(towns, shops, workers)


def _store_count(people: int) -> int:
    """Return how many stores so many people keep open."""
    if people < 300:
        return min(STORES, max(3, (people - 8) // 6))
    return max(STORES, people // PEOPLE_A_STORE)


def _shops(count: int, towns: list[Town], today: date, rng: random.Random) -> list[Shop]:
    """Return the head office and the stores; every city gets its first store before any gets its second."""
    shops = [Shop(1, OFFICE, towns[0], is_office=True)]
    malls = lines("malls")
    rng.shuffle(malls)
    wanted = {town.id: share for town, (*_, share) in zip(towns, CITIES, strict=True)}
    given = dict.fromkeys(wanted, 0)
    lap = 0
    while len(shops) <= count:
        for town in towns:
            # Beyond the chain of 42, cities grow in the same proportion.
            if given[town.id] < wanted[town.id] * (1 + lap // 7) and len(shops) <= count:
                number = len(shops) - 1
                name = malls[number % len(malls)]
                if number >= len(malls):
                    name = f"{name} {number // len(malls) + 1}"
                shops.append(Shop(len(shops) + 1, name, town))
                given[town.id] += 1
        lap += 1
    # The last stores of the list have opened within the two years.
    for place, days in zip(range(len(shops) - 1, 12, -9), (47, 163, 298, 471), strict=False):
        shops[place] = Shop(shops[place].id, shops[place].name, shops[place].town, opened=today - timedelta(days=days))
    return shops


def _workers(people: int, shops: list[Shop], today: date, rng: random.Random) -> list[Worker]:
    names = Names(rng)
    workers = _sign_ins(shops, today)
    names.used.update(worker.name for worker in workers)

    def add(shop: Shop, position: str, title: str, hired: date, roles: tuple[str, ...] = ()) -> Worker:
        female = rng.random() < (0.82 if not shop.is_office else 0.62)
        last, first, middle = names.next(female, shop.town.flavour)
        worker = Worker(0, last, first, middle, female, shop, position, title, hired, roles=roles)
        worker.eagerness = rng.expovariate(1) + 0.05
        workers.append(worker)
        return worker

    office, stores = shops[0], shops[1:]
    for title, roles in OFFICE_TITLES[: max(2, min(len(OFFICE_TITLES), people // 15))]:
        add(office, Position.OTHER, title, _hired(office, today, rng, 200, 3300), roles)
    led = {worker.shop.id for worker in workers if worker.position == Position.DIRECTOR}
    for shop in stores:
        if shop.id not in led and len(workers) < people:
            add(shop, Position.DIRECTOR, TITLES[Position.DIRECTOR], _hired(shop, today, rng, 400, 3600))
    place = 0
    while len(workers) < people:
        shop = stores[place % len(stores)]
        lap = place // len(stores)
        if lap == 0 or (lap == 5 and place % 3 == 0):
            add(shop, Position.SENIOR, TITLES[Position.SENIOR], _hired(shop, today, rng, 300, 2900))
        elif lap % 9 == 3 and place % 2:
            hired = _hired(shop, today, rng, 3, 75)
            add(shop, Position.INTERN, TITLES[Position.INTERN], hired)
        elif not (lap % 9 in (6, 7) and rng.random() < 0.35):  # stores differ in size
            add(shop, Position.SELLER, TITLES[Position.SELLER], _hired(shop, today, rng, 76, 2400))
        place += 1
    for number in range(people // 9):
        shop = stores[(number * 7) % len(stores)]
        position = Position.INTERN if number % 4 == 0 else Position.SELLER
        left = today - timedelta(days=rng.randint(4, 690))
        stayed = rng.randint(12, 60) if position == Position.INTERN else rng.randint(90, 1200)
        hired = left - timedelta(days=stayed)
        if shop.opened:
            hired = max(hired, shop.opened)
        if hired < left:
            add(shop, position, TITLES[position], hired).dismissed = left
    return workers


def _sign_ins(shops: list[Shop], today: date) -> list[Worker]:
    """Return the people whom visitors sign in as; seller and director share a store."""
    workers = []
    since = {"seller": 820, "intern": 19, "director": 2350, "editor": 1130, "hr": 1480, "management": 2900, "admin": 1790}
    for login, last, first, middle, female, position, title, roles, city in SIGN_INS:
        fitting = [shop for shop in shops if (shop.town.name == city and not shop.is_office and not shop.opened)]
        shop = fitting[0] if city and fitting else shops[0 if not city else 1]
        worker = Worker(
            0, last, first, middle, female, shop, position, title, today - timedelta(days=since[login]), login=login
        )
        worker.roles = tuple(str(role) for role in roles)
        worker.eagerness = {"editor": 6.0, "seller": 2.5, "director": 2.5, "intern": 1.5}.get(login, 1.0)
        workers.append(worker)
    return workers


def _hired(shop: Shop, today: date, rng: random.Random, least: int, most: int) -> date:
    """Return a day on which somebody began; more began lately than long ago, nobody before the store was being opened."""
    hired = today - timedelta(days=int(least + (most - least) * rng.random() ** 1.6))
    if shop.opened and hired < shop.opened:
        hired = shop.opened - timedelta(days=rng.randint(3, 20))
    return hired


def _number(workers: list[Worker], rng: random.Random) -> None:
    """Give personnel numbers in the order of hiring, with the gaps that years leave, and ids in the order of the list."""
    number = 100
    for worker in sorted(workers, key=lambda worker: (worker.hired, worker.last, worker.first)):
        number += rng.choice((1, 1, 1, 2, 2, 3, 5))
        worker.number = f"{number:05}"
    for place, worker in enumerate(workers, 1):
        worker.id = place


def _describe(workers: list[Worker], rng: random.Random) -> None:
    """Let some people say what they are good at and a few words about themselves."""
    strengths = lines("strengths")
    abouts = lines("abouts")
    for worker in workers:
        if worker.login is None and rng.random() > 0.45:
            continue
        if worker.position != Position.INTERN or worker.login:
            worker.strengths = rng.sample(strengths, rng.choice((1, 2, 2, 3)))
        if rng.random() < 0.6 or worker.login:
            worker.about = GENDERED.sub(r"\2" if worker.female else r"\1", rng.choice(abouts))
