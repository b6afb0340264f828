"""Reports and decisions: what waits, who decides, what the author reads, what nobody learns."""

from sqlalchemy import select

from app.content.models import Comment, Entry, Report
from app.people.models import Change
from tests.content.making import comment, own_store, post


def report(client, at="/posts/1", **fields):
    return client.post(f"{at}/report", {"reason": "rude", "text": "Обидно", **fields})


def test_a_report_waits_for_moderators(portal, htmx):
    post(portal, portal.cast.ann)
    answer = report(portal.client(portal.cast.bob, htmx))
    assert answer.status == (200 if htmx else 303)
    page = portal.client(portal.cast.ed).get("/moderation")
    for words in ("Обидно", "Борис Борисов", "Грубо или обидно", "Новая витрина"):
        assert words in page
    assert '<span class="count">1</span>' in portal.client(portal.cast.ed).get("/")
    assert '<span class="count">' not in portal.client(portal.cast.ann).get("/")


def test_a_second_complaint_of_the_same_person_changes_nothing(portal, htmx):
    post(portal, portal.cast.ann)
    for _ in range(2):
        report(portal.client(portal.cast.bob, htmx))
    report(portal.client(portal.cast.vera, htmx))
    assert portal.count(Report) == 2
    page = portal.client(portal.cast.ed).get("/moderation")
    assert page.text.count("<blockquote") == 1


def test_without_a_reason_or_about_oneself_it_is_refused(portal, htmx):
    post(portal, portal.cast.ann)
    answer = report(portal.client(portal.cast.bob, htmx), reason="")
    assert answer.status == 422
    assert "Обидно" in answer
    assert report(portal.client(portal.cast.ann, htmx)).status == 422
    assert portal.count(Report) == 0


def test_only_moderators_decide(portal, htmx):
    post(portal, portal.cast.ann)
    report(portal.client(portal.cast.bob))
    for who in (portal.cast.ann, portal.cast.dina, portal.cast.hana, portal.cast.mark):
        client = portal.client(who, htmx)
        assert client.get("/moderation").status == client.get("/moderation/history").status == 403
        assert client.get("/posts/1/hide").status == 403
        for verb in ("hide", "approve", "reopen"):
            assert client.post(f"/posts/1/{verb}", {"reason": "не нравится"}).status == 403
    assert portal.one(select(Entry.hidden_at)) is None


def test_what_is_hidden_is_its_authors_alone_with_the_reason(portal, htmx):
    post(portal, portal.cast.ann)
    report(portal.client(portal.cast.bob))
    moderator = portal.client(portal.cast.ed, htmx)
    assert moderator.post("/posts/1/hide", {"reason": "нет"}).status == 422
    moderator.post("/posts/1/hide", {"reason": "Личные данные покупателя"})
    author = portal.client(portal.cast.ann)
    for path in ("/", "/posts/1"):
        assert "Личные данные покупателя" in author.get(path)
        assert "Борис" not in author.get(path)
    assert portal.client(portal.cast.bob).get("/posts/1").status == 404
    assert "Новая витрина" not in portal.client(portal.cast.bob).get("/")
    assert author.get("/posts/1/edit").status == author.post("/posts/1/delete").status == 403
    assert portal.count(Report, Report.resolved_at.is_(None)) == 0


def test_a_hidden_comment_leaves_the_count(portal, htmx):
    post(portal, portal.cast.ann)
    comment(portal, portal.cast.vera, 1, "Грубость")
    report(portal.client(portal.cast.bob, htmx), "/comments/1")
    portal.client(portal.cast.ed, htmx).post("/comments/1/hide", {"reason": "Так не говорят"})
    assert portal.one(select(Entry.comment_count)) == 0
    assert "Так не говорят" in portal.client(portal.cast.vera).get("/posts/1")
    assert "Грубость" not in portal.client(portal.cast.bob).get("/posts/1")
    portal.client(portal.cast.ed, htmx).post("/comments/1/approve")
    assert portal.one(select(Entry.comment_count)) == 1
    assert portal.one(select(Comment.hidden_reason)) == ""


def test_decisions_are_on_record_and_can_be_taken_anew(portal, htmx):
    post(portal, portal.cast.ann)
    report(portal.client(portal.cast.bob))
    moderator = portal.client(portal.cast.ed, htmx)
    moderator.post("/posts/1/approve")
    history = moderator.get("/moderation/history")
    assert "Эдуард Редакторов" in history
    assert "оставлено" in history
    moderator.post("/posts/1/reopen")
    assert "Новая витрина" in moderator.get("/moderation")
    moderator.post("/posts/1/hide", {"reason": "Передумали"})
    moderator.post("/posts/1/approve")
    assert portal.client(portal.cast.bob).get("/posts/1").status == 200
    verbs = [row.verb for row in portal.rows(select(Change.verb).order_by(Change.id))]
    assert verbs == ["entry.kept", "entry.reopened", "entry.hidden", "entry.shown"]


def test_nobody_is_judge_of_his_own_text(portal, htmx):
    post(portal, portal.cast.ed)
    report(portal.client(portal.cast.bob))
    client = portal.client(portal.cast.ed, htmx)
    assert client.post("/posts/1/approve").status == 422
    assert client.post("/posts/1/hide", {"reason": "Сам себя"}).status == 422
    assert portal.count(Report, Report.resolved_at.is_(None)) == 1
    assert portal.client(portal.cast.root, htmx).post("/posts/1/approve").status in (200, 303)


def test_moderators_see_no_more_than_what_was_reported(portal, htmx):
    post(portal, portal.cast.ann, audience=own_store(portal.cast.ann))
    moderator = portal.client(portal.cast.ed, htmx)
    for path in ("/posts/1", "/posts/1/hide", "/posts/1/menu"):
        assert moderator.get(path).status == 404
    assert moderator.post("/posts/1/hide", {"reason": "Просто так"}).status == 404
    report(portal.client(portal.cast.bob))
    assert moderator.get("/posts/1").status == 200
    assert "Новая витрина" not in moderator.get("/")


def test_a_hidden_post_is_not_pinned(portal):
    post(portal, portal.cast.ann)
    editor = portal.client(portal.cast.ed)
    editor.post("/posts/1/pin")
    editor.post("/posts/1/hide", {"reason": "Личные данные"})
    assert portal.one(select(Entry.pinned_at)) is None
    report(portal.client(portal.cast.bob))
    assert portal.client(portal.cast.vera).get("/").text.count("<article") == 0
