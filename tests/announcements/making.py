"""Announcements for tests, made by the rules themselves."""

from datetime import timedelta

from sqlalchemy import func, select

from app.announcements import appearing, receipts, writing
from app.announcements.counting import COUNTS, counted
from app.announcements.models import Announcement, AnnouncementReach, Receipt
from app.extensions import db
from app.people.models import Person

TEXT = "# Новые цены\n\nС первого марта бокалы стоят 900 рублей.\n\n- старые ценники снять\n- новые повесить"
QUESTION = {
    "question": "Сколько стоят бокалы?",
    "answers": [("700 рублей", False), ("900 рублей", True)],
    "passage": "бокалы стоят 900 рублей",
}


def content(**more):
    """Return what a form would say."""
    return writing.Content(**{"title": "Новые цены", "body": TEXT, "keys": ["everybody"], **more})


def draft(portal, by=None, **more):
    """Keep a draft and return its id."""
    viewer = portal.viewer(by or portal.cast.ed)
    return portal.run(lambda: writing.draft(viewer, content(**more)).id)


def publish(portal, by=None, **more):
    """Publish an announcement and return its id."""
    viewer = portal.viewer(by or portal.cast.ed)
    made = draft(portal, by, **more)
    portal.run(lambda: appearing.publish(viewer, db.session.get(Announcement, made)))
    return made


def receipt(portal, announcement_id, person):
    """Return somebody's receipt."""
    of_it = (Receipt.announcement_id == announcement_id, Receipt.person_id == person.id)
    return portal.one(select(Receipt).where(*of_it))


def assert_counts(portal, announcement_id):
    """Hold the counts by store against what the receipts say."""
    with portal.context():
        announcement = db.session.get(Announcement, announcement_id)
        truth = {
            row.store_id: [int(getattr(row, name)) for name in COUNTS] for row in db.session.execute(counted(announcement))
        }
        of_it = AnnouncementReach.announcement_id == announcement_id
        rows = db.session.scalars(select(AnnouncementReach).where(of_it)).all()
        said = {row.store_id: [getattr(row, name) for name in COUNTS] for row in rows}
    assert said == truth


def crowd(portal, store_id, size, position="seller", hired_on=None):
    """Let more people work in a store, and return their ids."""

    def hire():
        first = db.session.scalar(select(func.max(Person.id))) + 1
        people = [
            Person(
                personnel_number=f"9{number}", number_key=f"9{number}", last_name=f"Толпин{number}", first_name="Пётр",
                name_key=f"толпин{number} петр", store_id=store_id, position=position, hired_on=hired_on,
            )
            for number in range(first, first + size)
        ]  # fmt: skip
        db.session.add_all(people)
        db.session.flush()
        return [person.id for person in people]

    return portal.run(hire)


def read(portal, announcement_id, person_ids, after=timedelta(hours=1)):
    """Let people read an announcement so long after it appeared."""

    def act():
        announcement = db.session.get(Announcement, announcement_id)
        for person_id in person_ids:
            receipts.note_read(announcement, person_id, announcement.published_at + after)

    portal.run(act)
