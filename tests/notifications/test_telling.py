"""Who hears of an act, how like is gathered with like, and what nobody is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.content import comments, moderation, publishing, reactions
from app.content.models import Comment, Entry
from app.database import move_clock, now
from app.extensions import db
from app.feed.models import Post
from app.notifications import inbox
from app.notifications.models import Notice, NoticeActor
from app.people.models import Person


def publish(portal, who, body="Наша новая витрина", keys=("everybody",)):
    viewer = portal.viewer(who)
    return portal.run(lambda: publishing.publish(viewer, Post(), body=body, keys=list(keys)).id)


def comment(portal, who, entry_id, body="Красиво!", parent_id=None):
    viewer = portal.viewer(who)

    def act():
        from_db = portal_entry(entry_id)
        return comments.add_comment(viewer, from_db, body=body, parent_id=parent_id).id

    return portal.run(act)


def portal_entry(entry_id):
    return db.session.get(Entry, entry_id)


def lines(portal, who):
    viewer = portal.viewer(who)
    with portal.app.test_request_context():
        return inbox.page_of(viewer).lines


def test_the_author_hears_of_comments_gathered_into_one(portal):
    cast = portal.cast
    entry_id = publish(portal, cast.ann)
    for who in (cast.bob, cast.vera, cast.dina, cast.vera):
        comment(portal, who, entry_id)
    [line] = lines(portal, cast.ann)
    assert line.sentence == f"{cast.vera.name} и ещё 2 прокомментировали вашу запись"
    assert line.path.startswith("/comments/")
    assert not line.seen


def test_one_comment_is_said_without_a_gender(portal):
    cast = portal.cast
    entry_id = publish(portal, cast.ann)
    comment(portal, cast.bob, entry_id)
    assert lines(portal, cast.ann)[0].sentence == f"{cast.bob.name}: комментарий к вашей записи"


def test_nobody_hears_of_his_own_act(portal):
    cast = portal.cast
    entry_id = publish(portal, cast.ann)
    comment(portal, cast.ann, entry_id)
    assert portal.count(Notice) == 0


def test_an_answer_goes_to_whom_it_answers_and_to_the_author(portal):
    cast = portal.cast
    entry_id = publish(portal, cast.ann)
    first = comment(portal, cast.bob, entry_id)
    comment(portal, cast.vera, entry_id, "Согласна", parent_id=first)
    assert {line.kind for line in lines(portal, cast.bob)} == {"reply"}
    assert {line.kind for line in lines(portal, cast.ann)} == {"comment"}


def test_whoever_is_named_hears_it_once(portal):
    cast = portal.cast
    entry_id = publish(portal, cast.ann, body=f"@{cast.vera.name}, как вы это ставите?")
    assert [line.kind for line in lines(portal, cast.vera)] == ["mention"]
    comment(portal, cast.bob, entry_id, f"@{cast.ann.name} спасибо")
    assert [line.kind for line in lines(portal, cast.ann)] == ["mention"]


def test_nobody_is_told_of_what_he_may_not_see(portal):
    cast = portal.cast
    publish(portal, cast.ann, body=f"@{cast.vera.name}, только для своих", keys=[f"store:{cast.ann.store_id}"])
    assert portal.count(Notice) == 0


def test_what_goes_out_of_sight_takes_its_notices_along(portal):
    cast = portal.cast
    entry_id = publish(portal, cast.ann, body=f"@{cast.vera.name}, посмотрите")
    assert len(lines(portal, cast.vera)) == 1
    viewer = portal.viewer(cast.ann)
    portal.run(lambda: publishing.delete(viewer, portal_entry(entry_id)))
    assert lines(portal, cast.vera) == []
    with portal.context():
        assert inbox.unseen_count(portal.viewer(cast.vera)) == 0


def test_an_undone_act_is_no_news(portal):
    cast = portal.cast
    entry_id = publish(portal, cast.ann)
    viewer = portal.viewer(cast.bob)
    portal.run(lambda: reactions.react(viewer, portal_entry(entry_id), "thanks"))
    assert [line.kind for line in lines(portal, cast.ann)] == ["thanks"]
    portal.run(lambda: reactions.unreact(viewer, portal_entry(entry_id), "thanks"))
    assert lines(portal, cast.ann) == []
    assert portal.count(NoticeActor) == 0


def test_a_deleted_comment_is_no_news_unless_its_author_said_more(portal):
    cast = portal.cast
    entry_id = publish(portal, cast.ann)
    first, second = comment(portal, cast.bob, entry_id, "раз"), comment(portal, cast.bob, entry_id, "два")
    viewer = portal.viewer(cast.bob)
    portal.run(lambda: comments.delete_comment(viewer, db.session.get(Comment, first)))
    assert len(lines(portal, cast.ann)) == 1
    portal.run(lambda: comments.delete_comment(viewer, db.session.get(Comment, second)))
    assert lines(portal, cast.ann) == []


def test_what_was_seen_begins_anew(portal):
    cast = portal.cast
    entry_id = publish(portal, cast.ann)
    comment_id = comment(portal, cast.bob, entry_id)
    client = portal.client(cast.ann)
    notice_id = portal.one(select(Notice.id))
    assert client.get(f"/notifications/{notice_id}").location == f"/comments/{comment_id}"
    assert portal.one(select(Notice.seen_at)) is not None
    move_clock(timedelta(minutes=5))
    comment(portal, cast.vera, entry_id)
    assert [(line.seen, line.actor_name) for line in lines(portal, cast.ann)] == [
        (False, cast.vera.name),
        (True, cast.bob.name),
    ]


def test_moderators_hear_of_complaints_and_authors_of_decisions(portal):
    cast = portal.cast
    entry_id = publish(portal, cast.ann)
    bob, ed = portal.viewer(cast.bob), portal.viewer(cast.ed)
    portal.run(lambda: moderation.report(bob, portal_entry(entry_id), None, reason="rude", text=""))
    assert [line.kind for line in lines(portal, cast.ed)] == ["report"]
    assert bob.name not in lines(portal, cast.ed)[0].sentence
    portal.run(lambda: moderation.hide(ed, portal_entry(entry_id), None, reason="Грубые слова"))
    [line] = lines(portal, cast.ann)
    assert line.kind == "moderation"
    assert ed.name not in line.sentence


def test_former_staff_hear_nothing(portal):
    cast = portal.cast
    entry_id = publish(portal, cast.ann)

    def dismiss():
        db.session.get(Person, cast.ann.id).dismissed_on = now().date()

    portal.run(dismiss)
    comment(portal, cast.bob, entry_id)
    assert portal.count(Notice) == 0


@pytest.mark.parametrize("foreign", [True, False])
def test_a_foreign_notice_looks_like_a_missing_one(portal, foreign):
    cast = portal.cast
    comment(portal, cast.bob, publish(portal, cast.ann))
    notice_id = portal.one(select(Notice.id)) if foreign else 4711
    assert portal.client(cast.vera).get(f"/notifications/{notice_id}").status == 404
    assert portal.one(select(Notice.seen_at)) is None
