"""Somebody as requests would know him, for jobs that ask what he sees while he is not there."""

from app.database import now
from app.extensions import db
from app.people.models import Person
from app.people.sessions import Viewer


def viewer_of(person_id: int) -> Viewer | None:
    """Return somebody as requests would know him, for jobs that ask what he sees; None for former staff."""
    person = db.session.get(Person, person_id)
    if person is None or not person.is_employed():
        return None
    store, city = person.store, person.store.city
    return Viewer(
        id=person.id,
        session_id=0,
        session_seen_at=now(),
        personnel_number=person.personnel_number,
        first_name=person.first_name,
        last_name=person.last_name,
        position=person.position,
        hired_on=person.hired_on,
        locale=person.locale,
        photo_key=person.photo_key,
        stream_seen_at=person.stream_seen_at,
        stream_before_at=person.stream_before_at,
        store_id=store.id,
        store_name=store.name,
        is_office=store.is_office,
        city_id=city.id,
        city_name=city.name,
        zone_name=city.zone,
        terminal_id=None,
        granted=tuple(grant.role for grant in person.role_grants),
    )
