"""The counts by store agree with the receipts, whatever people do in whatever order, and at once."""

import random
import threading

from app.announcements import receipts
from app.announcements.models import Announcement
from app.database import now
from app.extensions import db
from tests.announcements.making import QUESTION, assert_counts, publish

ACTS = (
    lambda one, who: receipts.note_opened(one, who, now()),
    lambda one, who: receipts.note_read(one, who, now()),
    lambda one, who: receipts.note_confirmed(one, who, now()),
    lambda one, who: receipts.note_answer(one, who, now(), False),
    lambda one, who: receipts.note_answer(one, who, now(), True),
    lambda one, who: receipts.note_told(one, [who], now()),
    lambda one, who: receipts.weigh_absence(who),
)


def test_any_history_leaves_true_counts(portal):
    dice = random.Random(7)
    made = publish(portal, importance="mandatory", **QUESTION)
    people = [getattr(portal.cast, who).id for who in ("ann", "bob", "vera", "ivan", "dina", "hana", "ed")]

    def live():
        announcement = db.session.get(Announcement, made)
        for _ in range(60):
            dice.choice(ACTS)(announcement, dice.choice(people))
        if dice.random() < 0.5:
            receipts.reopen(announcement)

    for _ in range(4):
        portal.run(live)
        assert_counts(portal, made)


def test_people_who_read_at_once_are_all_counted(portal):
    made = publish(portal, importance="mandatory")
    people = [portal.cast.ann.id, portal.cast.bob.id, portal.cast.dina.id]

    def confirm(person_id):
        with portal.app.app_context():
            receipts.note_confirmed(db.session.get(Announcement, made), person_id, now())
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=confirm, args=(person_id,)) for person_id in people * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert_counts(portal, made)
