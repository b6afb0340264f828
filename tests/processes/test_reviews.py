"""Three questions a shift before several processes: pressed from many windows, each answer counts once, and three a day."""

from __future__ import annotations

from sqlalchemy import func, select, update

from app.database import now
from app.extensions import db
from app.learning.review_models import ReviewAnswer, ReviewCard, ReviewDay
from tests.learning.making import MULTIPLE, SINGLE, course, lesson_ids, question_ids


def test_pressed_from_many_windows_each_counts_once_and_three_a_day(served):
    portal, person = served.portal, served.newcomer()
    asked = (SINGLE, MULTIPLE, SINGLE, MULTIPLE, SINGLE)
    made = course(portal, "quiz", asked=asked, pass_mark=1)
    quiz = f"/courses/{made}/lessons/{lesson_ids(portal, made)[0]}/quiz"
    browsers = [served.browser_of(person) for _ in range(2)]
    browsers[0].post(f"/courses/{made}/begin")
    browsers[0].post(f"{quiz}/begin")
    for number in range(1, len(asked) + 1):
        browsers[0].post(f"{quiz}/{number}", {"answer": "0"})
    # Passed from many windows at once, the questions are put down once.
    served.crowd(*[lambda one=one: one.post(f"{quiz}/hand-in") for one in browsers], times=16)
    of_person = ReviewCard.person_id == person.id
    assert portal.count(ReviewCard, of_person) == len(asked)
    today = portal.viewer(person).today
    portal.run(lambda: db.session.execute(update(ReviewCard).where(of_person).values(due_on=today)))
    lines = question_ids(portal, lesson_ids(portal, made)[0])
    acts = [
        lambda one=one, line=line: one.post(f"/reviews/{line}", {"answer": "0", "question": str(line)})
        for one in browsers
        for line in lines
    ]
    served.crowd(*acts, times=40)
    mine = (ReviewAnswer.person_id == person.id, ReviewAnswer.at <= now())
    assert sorted(row[0] for row in portal.rows(select(ReviewAnswer.number).where(*mine))) == [1, 2, 3]
    assert portal.one(select(func.count(ReviewAnswer.line_id.distinct())).where(*mine)) == 3
    assert portal.one(select(ReviewDay.answered).where(ReviewDay.person_id == person.id)) == 3
    assert portal.count(ReviewCard, of_person, ReviewCard.due_on > today) == 3
