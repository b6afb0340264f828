"""Three questions a shift: what comes back when, at most three a day, each answer once, nothing dropped or foreign asked."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.activity.models import Activity
from app.content.models import Entry
from app.database import move_clock
from app.extensions import db
from app.learning import courses, questions, review_lists, review_schedule
from app.learning.models import Course, Question
from app.learning.review_models import ReviewAnswer, ReviewCard, ReviewDay
from tests.learning.making import MATCH, MULTIPLE, ORDER, SHORT, SINGLE, course, every, lesson_ids, question_ids

ALL = (SINGLE, MULTIPLE, ORDER, MATCH, SHORT)
RIGHT = {"single": ["0"], "multiple": ["0", "1"], "order": ["0", "1", "2"], "match": ["0", "1"], "short": ["флейта"]}
OFFER = "Три вопроса за смену"


def passed(portal, *asked, who="ann", **more):
    """Let somebody pass a quiz of these questions; return the course and the lines of its questions."""
    made = course(portal, "quiz", asked=asked or (SINGLE,), pass_mark=1, **more)
    pass_quiz(portal, made, who)
    return made, question_ids(portal, lesson_ids(portal, made)[0])


def pass_quiz(portal, made, who="ann"):
    """Let somebody pass a quiz that is there."""
    client = portal.client(getattr(portal.cast, who))
    client.post(f"/courses/{made}/begin")
    quiz = f"/courses/{made}/lessons/{lesson_ids(portal, made)[0]}/quiz"
    client.post(f"{quiz}/begin")
    for number, kind in enumerate(every(portal, select(Question.kind).order_by(Question.id)), 1):
        client.post(f"{quiz}/{number}", {"answer": RIGHT[kind]})
    client.post(f"{quiz}/hand-in")


def pages(portal, who="ann", htmx=False):
    """Return a browser; the store's next day has come."""
    return portal.client(getattr(portal.cast, who), htmx)


def answer(client, line, values=("0",), question=None):
    """Answer a question as it stands."""
    return client.post(f"/reviews/{line}", {"answer": list(values), "question": str(question or line)})


def card(portal, line):
    """Return where ann stands with a question."""
    return portal.rows(select(ReviewCard.step, ReviewCard.due_on).where(ReviewCard.line_id == line))[0]


def test_what_was_passed_comes_back_the_next_day(portal):
    _made, [line] = passed(portal)
    client = pages(portal)
    assert OFFER not in client.get("/") and "Сегодня повторять нечего" in client.get("/reviews")
    move_clock(timedelta(days=1))
    for path in ("/", "/courses"):
        assert OFFER in client.get(path) and "/reviews/later" in client.get(path)
    assert "Почему хрусталь звенит?" in client.get("/reviews")
    assert card(portal, line).step == 0


def test_a_quiz_that_was_not_passed_puts_nothing_down(portal):
    made = course(portal, "quiz", asked=(SINGLE,))
    client = pages(portal)
    client.post(f"/courses/{made}/begin")
    quiz = f"/courses/{made}/lessons/{lesson_ids(portal, made)[0]}/quiz"
    client.post(f"{quiz}/begin")
    client.post(f"{quiz}/1", {"answer": "1"})
    client.post(f"{quiz}/hand-in")
    assert portal.count(ReviewCard) == 0


def test_all_kinds_are_asked_and_known(portal, htmx):
    _made, lines = passed(portal, *ALL)
    by_line = dict(portal.rows(select(Question.id, Question.kind)))
    right = []
    for later in range(1, 3):
        move_clock(timedelta(days=later))
        client = pages(portal, htmx=htmx)
        for _ in range(3):
            page = client.get("/reviews")
            line = next((line for line in lines if f'action="/reviews/{line}"' in page), None)
            if line is None:
                break
            said = answer(client, line, RIGHT[by_line[line]])
            assert said.status == (200 if htmx else 303)
            assert ">правильно<" in (said if htmx else client.get(said.location))
            right.append(line)
    assert sorted(right) == sorted(lines)
    assert {row[0] for row in portal.rows(select(ReviewAnswer.right))} == {True}
    assert portal.count(Activity, Activity.verb == "review.answered") == 5


def test_right_answers_come_back_after_3_7_21_and_60_days_and_wrong_ones_tomorrow(portal):
    _made, [line] = passed(portal)
    days = 1
    for step, wait in enumerate((3, 7, 21, 60, 60), 1):
        move_clock(timedelta(days=days))
        client = pages(portal)
        today = portal.viewer(portal.cast.ann).today
        answer(client, line)
        assert tuple(card(portal, line)) == (min(step, 4), today + timedelta(days=wait))
        move_clock(timedelta(days=days + wait - 1))
        assert "Сегодня повторять нечего" in pages(portal).get("/reviews")
        days += wait
    move_clock(timedelta(days=days))
    client, today = pages(portal), portal.viewer(portal.cast.ann).today
    said = answer(client, line, ["1"])
    assert tuple(card(portal, line)) == (0, today + timedelta(days=1))
    page = client.get(said.location)
    assert "Из-за свинца" in page and "завтра" in page


def test_at_most_three_a_day_the_oldest_and_weakest_first(portal):
    _made, lines = passed(portal, *ALL)
    portal.run(
        lambda: (
            db.session.execute(
                update(ReviewCard).where(ReviewCard.line_id == lines[3]).values(due_on=ReviewCard.due_on - 1, step=0)
            )
            if db.engine.dialect.name != "sqlite"
            else db.session.execute(
                update(ReviewCard).where(ReviewCard.line_id == lines[3]).values(due_on=_yesterday(portal))
            )
        )
    )
    portal.run(lambda: db.session.execute(update(ReviewCard).where(ReviewCard.line_id == lines[0]).values(step=2)))
    move_clock(timedelta(days=200))
    client, order = pages(portal), []
    while line := next((one for one in lines if f'action="/reviews/{one}"' in client.get("/reviews")), None):
        order.append(line)
        answer(client, line, RIGHT["match"] if line == lines[3] else ["0", "1", "2"] if line == lines[2] else ["0", "1"])
    assert order == [lines[3], lines[1], lines[2]]
    assert "На сегодня всё" in client.get("/reviews") and OFFER not in client.get("/")
    assert answer(client, lines[0]).location == "/reviews"
    assert portal.count(ReviewAnswer) == 3
    move_clock(timedelta(days=201))
    assert OFFER in pages(portal).get("/")


def _yesterday(portal):
    return portal.viewer(portal.cast.ann).today - timedelta(days=1)


def test_later_rests_until_tomorrow(portal, htmx):
    passed(portal)
    move_clock(timedelta(days=1))
    client = pages(portal, htmx=htmx)
    assert client.post("/reviews/later", {"next": "/courses"}).location == "/courses"
    assert OFFER not in portal.client(portal.cast.ann).get("/") and OFFER not in portal.client(portal.cast.ann).get(
        "/courses"
    )
    # Who wants to, still may.
    assert "Почему хрусталь звенит?" in portal.client(portal.cast.ann).get("/reviews")
    move_clock(timedelta(days=2))
    assert OFFER in portal.client(portal.cast.ann).get("/")


def test_answered_twice_counts_once(portal, htmx):
    _made, [line] = passed(portal)
    move_clock(timedelta(days=1))
    answer(pages(portal, htmx=htmx), line, ["1"])
    again = pages(portal, htmx=htmx)
    said = answer(again, line, ["0"])
    assert "неправильно" in (said if htmx else again.get(said.location))
    assert portal.rows(select(ReviewAnswer.right, ReviewAnswer.number)) == [(False, 1)]
    assert portal.one(select(ReviewDay.answered)) == 1


def test_pressed_eight_times_at_once(portal):
    _made, lines = passed(portal, *ALL)
    move_clock(timedelta(days=1))
    clients = [portal.client(portal.cast.ann) for _ in range(8)]
    statuses = []

    def press(one, line):
        statuses.append(answer(one, line).status)

    threads = [threading.Thread(target=press, args=(one, lines[number % 2])) for number, one in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {303}
    assert sorted(row[0] for row in portal.rows(select(ReviewAnswer.number))) == [1, 2]
    assert portal.one(select(ReviewDay.answered)) == 2


@pytest.mark.parametrize("values", [[], ["7"], ["x"], ["\x00"]])
def test_an_answer_that_is_none_is_said(portal, htmx, values):
    _made, [line] = passed(portal)
    move_clock(timedelta(days=1))
    said = answer(pages(portal, htmx=htmx), line, values)
    assert said.status == 422 and "Выберите ответ" in said and "Почему хрусталь звенит?" in said
    assert portal.count(ReviewAnswer) == portal.count(ReviewDay) == 0


def test_the_newest_wording_is_asked_and_what_it_drops_is_not(portal):
    made, (kept, dropped) = passed(portal, SINGLE, SHORT)
    editor = portal.viewer(portal.cast.ed)

    def change():
        course_ = db.session.get_one(Course, made)
        quiz = courses.draft_of(course_).lessons[0]
        first, second = quiz.questions
        questions.change(first, questions.Content(kind="single", text="Отчего звон?", options=SINGLE[2]))
        questions.remove(second)
        courses.publish(editor, course_)
        return first.id

    move_clock(timedelta(days=1))
    client = pages(portal)
    client.get("/reviews")
    newest = portal.run(change)
    # The form still shows the former wording: it is not judged by the new one.
    said = answer(client, kept, ["0"], question=kept)
    assert said.status == 422 and "Отчего звон?" in said
    assert answer(client, kept, ["0"], question=newest).status == 303
    assert portal.one(select(ReviewAnswer.question_id)) == newest
    assert answer(client, dropped, ["флейта"]).location == "/reviews"
    assert "На сегодня всё" in client.get("/reviews")
    # What is asked no more does not stand before what is.
    move_clock(timedelta(days=20))
    before = card(portal, dropped).due_on
    portal.run(review_schedule.put_off_dropped)
    assert card(portal, dropped).due_on > before


@pytest.mark.parametrize("gone", ["archived", "audience", "hidden"])
def test_what_one_may_not_see_any_more_is_not_asked(portal, gone):
    made, [line] = passed(portal)
    move_clock(timedelta(days=1))

    def take_away():
        course_ = db.session.get_one(Course, made)
        if gone == "archived":
            courses.archive(portal_editor, course_)
        elif gone == "audience":
            courses.change(portal_editor, course_, courses.About(title="Стекло", body="", keys=[f"store:{vera}"]))
        else:
            db.session.get_one(Entry, made).hidden_at = course_.published_at

    portal_editor, vera = portal.viewer(portal.cast.ed), portal.cast.vera.store_id
    portal.run(take_away)
    client = pages(portal)
    assert OFFER not in client.get("/") and "Сегодня повторять нечего" in client.get("/reviews")
    assert answer(client, line).location == "/reviews"
    assert portal.count(ReviewAnswer) == 0


def test_nobody_answers_for_somebody_else(portal):
    _made, [line] = passed(portal)
    move_clock(timedelta(days=1))
    assert answer(pages(portal, "bob"), line).location == "/reviews"
    assert pages(portal, "bob").get(f"/reviews/{line}").location == "/reviews"
    assert pages(portal, "bob").get(f"/reviews/{line}/picture").status == 404
    assert portal.count(ReviewAnswer) == 0


def test_the_stores_calendar_counts(portal):
    made = course(portal, "quiz", asked=(SINGLE,))
    pass_quiz(portal, made, "ivan")
    due = portal.one(select(ReviewCard.due_on))
    assert due == portal.viewer(portal.cast.ivan).today + timedelta(days=1)


def test_ones_own_strength(portal):
    made, lines = passed(portal, SINGLE, SHORT)
    assert "ещё свежо" in pages(portal).get("/reviews/strength")
    portal.run(lambda: db.session.execute(update(ReviewCard).where(ReviewCard.line_id == lines[0]).values(step=4)))
    page = pages(portal).get("/reviews/strength")
    assert f"/courses/{made}" in page and 'value="50"' in page and "1 из них твёрдо" in page
    assert "Стекло" not in pages(portal, "bob").get("/reviews/strength")


def test_authors_see_what_is_forgotten_and_nobodys_name(portal):
    made, [line, _other] = passed(portal, SINGLE, SHORT)
    people = ("ann", "bob", "vera", "ivan", "dina")
    for who in people[1:]:
        pass_quiz(portal, made, who)
    move_clock(timedelta(days=1))
    for number, who in enumerate(people):
        assert not known(portal, made, line)
        answer(pages(portal, who), line, ["0" if number < 3 else "1"])
    one = known(portal, made, line)
    assert (one.answers, one.right, one.share) == (5, 3, 60)
    page = pages(portal, "ed").get(f"/courses/{made}/forgotten")
    assert "60 %" in page and "пока мало ответов" in page and "Авторова" not in page
    assert pages(portal).get(f"/courses/{made}/forgotten").status == 403
    move_clock(timedelta(days=40))
    assert not known(portal, made, line)


def known(portal, made, line):
    """Return what authors know of a question, nothing while that is too little."""
    with portal.context():
        found = {one.question.line_id: one for one in review_lists.forgotten_in(db.session.get_one(Course, made))}
        return found[line] if found[line].is_known else None


def test_the_offer_costs_no_query(portal):
    passed(portal)
    client = pages(portal)
    client.get("/")
    counts = []
    for days in (0, 1):
        move_clock(timedelta(days=days))
        pages(portal).get("/")
        client = pages(portal)
        client.get("/")
        with portal.queries() as sent:
            client.get("/")
        counts.append(len([one for one in sent if not one.startswith("BEGIN")]))
    assert counts[0] == counts[1] <= 8


def test_one_screen_is_light(portal):
    _made, [line] = passed(portal)
    move_clock(timedelta(days=1))
    client = pages(portal, htmx=True)
    gzip = {"Accept-Encoding": "gzip"}
    assert len(client.get("/reviews", headers=gzip).response.data) + 700 <= 3 * 1024
    body = {"answer": ["0"], "question": str(line)}
    assert len(client.post(f"/reviews/{line}", body, headers=gzip).response.data) + 700 <= 3 * 1024
