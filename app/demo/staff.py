"""The chain's stores and people as rows, each with the demo's password and PIN."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.content.audience import Group, GroupMember
from app.demo.company import Company, Worker
from app.demo.gallery import store_portrait
from app.demo.rows import insert_all
from app.people.models import City, Person, RoleGrant, Store, Strength
from app.people.names import fold, name_key, number_key, place_key
from app.people.passwords import hash_secret

# The contract's word for every demo sign-in; no secret of anybody.
PASSWORD = "demo"  # noqa: S105
PIN = "1357"


def insert_people(company: Company, moment: datetime) -> None:
    """Insert cities, stores, people with their roles and strengths, and a hand-made group."""
    # Both secrets are the same for all and hashed once: hashing is made to be slow.
    password, pin = hash_secret(PASSWORD), hash_secret(PIN)
    towns = {shop.town.id: shop.town for shop in company.shops}
    insert_all(City, [{"id": t.id, "name": t.name, "key": place_key(t.name), "zone": t.zone.key} for t in towns.values()])
    insert_all(
        Store,
        [
            {"id": s.id, "city_id": s.town.id, "name": s.name, "key": place_key(s.name), "is_office": s.is_office}
            for s in company.shops
        ],
    )
    workers = company.workers
    insert_all(Person, [_person(worker, password, pin, moment) for worker in workers])
    admin = company.by_login("admin")
    insert_all(
        RoleGrant,
        [
            {"person_id": worker.id, "role": role, "granted_at": moment - timedelta(days=700), "granted_by_id": admin.id}
            for worker in workers
            for role in worker.roles
        ],
    )
    strengths = [(worker.id, name) for worker in workers for name in worker.strengths]
    insert_all(Strength, [{"person_id": who, "name": name, "key": fold(name)} for who, name in strengths])
    insert_all(Group, [{"id": 1, "name": "Витринная группа"}])
    insert_all(GroupMember, [{"group_id": 1, "person_id": w.id} for w in workers if w.number.endswith(("3", "7"))])


def _person(worker: Worker, password: str, pin: str, moment: datetime) -> dict[str, Any]:
    seen = moment - timedelta(hours=20) if worker.login else None
    return {
        "id": worker.id,
        "personnel_number": worker.number,
        "number_key": number_key(worker.number),
        "last_name": worker.last,
        "first_name": worker.first,
        "middle_name": worker.middle,
        "name_key": name_key(worker.last, worker.first, worker.middle),
        "store_id": worker.shop.id,
        "position": str(worker.position),
        "position_title": worker.title,
        "hired_on": worker.hired,
        "dismissed_on": worker.dismissed,
        "phone": "" if worker.id % 3 == 0 else f"+79{worker.id % 90 + 10:02}{worker.id * 7919 % 10_000_000:07}",
        "email": f"{worker.login or 'u' + worker.number}@grani.example" if worker.shop.is_office else "",
        "login": worker.login,
        "password_hash": password if worker.dismissed is None else None,
        "pin_hash": pin if worker.dismissed is None else None,
        "photo_key": store_portrait(worker) if has_portrait(worker) else None,
        "about": worker.about,
        "shows_phone": worker.id % 4 == 1,
        "shows_email": worker.shop.is_office,
        "stream_seen_at": seen,
        "stream_before_at": seen,
        "created_at": moment - timedelta(days=730),
    }


def has_portrait(worker: Worker) -> bool:
    """Tell whether somebody has put up a portrait: a good third, and never more than a few hundred."""
    return worker.login not in (None, "intern") or (worker.id % 5 in (1, 3) and worker.id < 700 and not worker.dismissed)
