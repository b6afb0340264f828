"""Comments: said, answered, changed, taken back, liked; counted exactly; closed to whoever does not see the post."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from app.content.models import Comment, CommentLike, Draft, Entry
from app.content.talk import count_shown
from app.database import move_clock
from tests.content.making import comment, own_store, post, without_tokens


def say(client, body="Красиво", **more):
    return client.post("/posts/1/comments", {"body": body, **more})


def counted(portal):
    """Return the post's count, which must be that of the comments that are shown."""
    count = portal.one(select(Entry.comment_count))
    assert count == portal.run(lambda: count_shown(1))
    return count


def test_a_comment_stands_under_its_post(portal, htmx):
    post(portal, portal.cast.ann)
    answer = say(portal.client(portal.cast.vera, htmx))
    assert answer.status == (200 if htmx else 303)
    if htmx:
        assert 'id="comment-1"' in answer
        assert len(answer.text.encode()) < 4096
    else:
        assert answer.location == "/posts/1?comment=1#comment-1"
    assert "Красиво" in portal.client(portal.cast.bob).get("/posts/1")
    assert "Красиво" in portal.client(portal.cast.bob).get("/")
    assert counted(portal) == 1


def test_answers_to_answers_join_the_same_thread(portal, htmx):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.vera, htmx)
    say(client)
    say(client, "И мне", parent="1")
    say(client, "И нам", parent="2")
    assert portal.rows(select(Comment.parent_id).order_by(Comment.id)) == [(None,), (1,), (1,)]
    assert counted(portal) == 3


def test_an_answer_to_what_is_gone_keeps_its_text(portal, htmx):
    post(portal, portal.cast.ann)
    comment(portal, portal.cast.ann, 1)
    portal.client(portal.cast.ann).post("/comments/1/delete")
    answer = say(portal.client(portal.cast.vera, htmx), "Мой ответ", parent="1")
    assert answer.status == 422
    assert "Мой ответ" in answer
    assert counted(portal) == 0


def test_nothing_and_too_much_are_refused(portal, htmx):
    post(portal, portal.cast.ann)
    client = portal.client(portal.cast.vera, htmx)
    for body in ("", " \n\u200b", "ы" * 3001):
        assert say(client, body).status == 422
    assert counted(portal) == 0


def test_the_same_form_by_two_ways_at_once_is_one_comment(portal):
    post(portal, portal.cast.ann)
    clients = [portal.client(portal.cast.vera, htmx=True) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: say(client, nonce="same").status, clients))
    assert set(answers) == {200}
    assert counted(portal) == 1


def test_two_people_at_once_are_two_comments(portal):
    post(portal, portal.cast.ann)
    clients = [portal.client(person) for person in (portal.cast.vera, portal.cast.bob, portal.cast.dina)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(say, clients * 4))
    assert counted(portal) == 12


def test_a_comment_is_changed_by_its_author_alone(portal, htmx):
    post(portal, portal.cast.ann)
    comment(portal, portal.cast.vera, 1)
    own, other = portal.client(portal.cast.vera, htmx), portal.client(portal.cast.ann, htmx)
    assert own.get("/comments/1/edit").status == 200
    assert other.get("/comments/1/edit").status == 403
    assert other.post("/comments/1", {"body": "Не моё"}).status == 403
    assert own.post("/comments/1", {"body": ""}).status == 422
    assert own.post("/comments/1", {"body": "Очень красиво"}).status == (200 if htmx else 303)
    page = portal.client(portal.cast.bob).get("/posts/1")
    assert "Очень красиво" in page
    assert "изменено" in page
    assert "Очень красиво" in portal.client(portal.cast.bob).get("/")


def test_a_comment_is_taken_away_and_comes_back(portal, htmx):
    post(portal, portal.cast.ann)
    comment(portal, portal.cast.vera, 1)
    own = portal.client(portal.cast.vera, htmx)
    assert portal.client(portal.cast.ann, htmx).post("/comments/1/delete").status == 403
    own.post("/comments/1/delete")
    assert counted(portal) == 0
    assert "Красиво" not in portal.client(portal.cast.bob).get("/posts/1")
    assert "/comments/1/undelete" in portal.client(portal.cast.vera).get("/posts/1")
    own.post("/comments/1/undelete")
    assert counted(portal) == 1
    own.post("/comments/1/delete")
    move_clock(timedelta(hours=25))
    assert own.post("/comments/1/undelete").status == 422
    assert counted(portal) == 0


def test_a_deleted_comment_leaves_a_gap_while_something_answers_it(portal):
    post(portal, portal.cast.ann)
    comment(portal, portal.cast.vera, 1)
    comment(portal, portal.cast.bob, 1, "Ответ", parent=1)
    portal.client(portal.cast.vera).post("/comments/1/delete")
    page = portal.client(portal.cast.ann).get("/posts/1")
    assert "Комментарий удалён" in page
    assert "Ответ" in page
    portal.client(portal.cast.bob).post("/comments/2/delete")
    assert "Комментарий удалён" not in portal.client(portal.cast.ann).get("/posts/1")


def test_likes_of_comments_count_once(portal, htmx):
    post(portal, portal.cast.ann)
    comment(portal, portal.cast.vera, 1)
    clients = [portal.client(portal.cast.bob, htmx) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: clients[n % 6].post("/comments/1/like"), range(30)))
    assert portal.one(select(Comment.like_count)) == portal.count(CommentLike) == 1
    clients[0].post("/comments/1/unlike")
    clients[0].post("/comments/1/unlike")
    assert portal.one(select(Comment.like_count)) == 0
    assert portal.client(portal.cast.vera, htmx).post("/comments/1/like").status == 422


def test_comments_of_a_foreign_post_are_not_there(portal, htmx):
    post(portal, portal.cast.ann, audience=own_store(portal.cast.ann))
    comment(portal, portal.cast.bob, 1)
    client = portal.client(portal.cast.vera, htmx)
    for path in ("", "/edit", "/reply", "/replies", "/report", "/hide"):
        foreign, missing = client.get(f"/comments/1{path}"), client.get(f"/comments/99{path}")
        assert foreign.status == missing.status, path
        assert without_tokens(foreign) == without_tokens(missing), path
        assert foreign.status in (403, 404)
    for path in ("", "/like", "/unlike", "/delete", "/undelete", "/report"):
        assert client.post(f"/comments/1{path}", {"body": "я", "reason": "rude"}).status == 404, path
    assert say(client).status == 404
    assert portal.one(select(func.count(Comment.id))) == 1


def test_a_sent_comment_takes_its_draft_along(portal, htmx):
    post(portal, portal.cast.ann)
    comment(portal, portal.cast.bob, 1)
    client = portal.client(portal.cast.vera, htmx)
    client.post("/drafts", {"form": "/posts/1/comments", "body": "Начало"})
    client.post("/drafts", {"form": "/comments/1/reply", "body": "Начало ответа", "parent": "1"})
    page = portal.client(portal.cast.vera).get("/posts/1?reply=1")
    assert "Начало ответа" in page
    say(client, "Ответ", parent="1")
    assert portal.rows(select(Draft.form)) == [("/posts/1/comments",)]
    say(client)
    assert portal.count(Draft) == 0


def test_taken_away_by_many_presses_it_is_counted_once(portal):
    post(portal, portal.cast.ann)
    comment(portal, portal.cast.bob, 1)
    comment(portal, portal.cast.vera, 1)
    clients = [portal.client(portal.cast.vera, htmx=True) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: clients[n].post("/comments/2/delete").status, range(8)))
    assert set(answers) == {200}
    assert counted(portal) == 1
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: clients[n].post("/comments/2/undelete"), range(8)))
    assert counted(portal) == 2


def test_hidden_and_taken_away_at_once_it_is_counted_once(portal):
    post(portal, portal.cast.ann)
    comment(portal, portal.cast.bob, 1)
    for number in range(2, 8):
        comment(portal, portal.cast.vera, 1)
        author, moderator = portal.client(portal.cast.vera), portal.client(portal.cast.ed)
        with ThreadPoolExecutor(2) as pool:
            taken = pool.submit(author.post, f"/comments/{number}/delete")
            hidden = pool.submit(moderator.post, f"/comments/{number}/hide", {"reason": "Личные данные"})
            assert {taken.result().status, hidden.result().status} <= {303, 403, 404}
        assert counted(portal) == 1
