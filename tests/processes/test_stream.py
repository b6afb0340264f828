"""The same act from many windows and processes at once is one act, and every count is the number of its rows."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.content.models import Bookmark, Comment, Draft, Entry, Reaction, Report
from app.feed.models import Post
from app.notifications.models import Notice
from app.people.models import Change
from tests.content import making


def test_both_processes_take_part(served):
    """So that the tests below are races of processes."""
    served.until(lambda: len(served.server.workers()) == 2)
    before = served.server.spent()
    reader = served.browser("bob")
    for _ in range(4):
        served.crowd(lambda: reader.get("/"))
        if all(spent > before[pid] for pid, spent in served.server.spent().items()):
            return
    raise AssertionError("one process does all the work")


def test_the_same_like_is_one(served):
    post, browser = served.post(), served.browser("bob")
    replies = served.crowd(lambda: browser.post(f"/posts/{post}/like"))
    assert {reply.status for reply in replies} == {303}
    assert served.entry(post).like_count == served.portal.count(Reaction, Reaction.entry_id == post) == 1
    assert served.acts("post.liked", post) == 1


def test_likes_given_and_taken_back_leave_a_true_count(served):
    post = served.post()
    people = [served.browser(who) for who in ("bob", "vera", "ivan", "dina", "hana")]
    acts = [
        lambda p=person, v=verb: p.post(f"/posts/{post}/{v}") for person in people for verb in ("like", "unlike", "thank")
    ]
    served.crowd(*acts, times=60)
    for person in people:
        person.post(f"/posts/{post}/like")
    rows = {
        kind: served.portal.count(Reaction, Reaction.entry_id == post, Reaction.kind == kind) for kind in ("like", "thanks")
    }
    assert rows == {"like": 5, "thanks": 5}
    assert (served.entry(post).like_count, served.entry(post).thanks_count) == (5, 5)
    assert served.acts("post.liked", post) - served.acts("post.unliked", post) == 5


def test_the_same_form_is_one_post(served):
    browser = served.browser("ann")
    form = {"body": "Одна запись", "audience": "everybody", "nonce": f"form-{served.post()}"}
    replies = served.crowd(lambda: browser.post("/posts", form))
    assert len({reply.headers["Location"] for reply in replies}) == 1 and {reply.status for reply in replies} == {303}
    (made,) = served.portal.rows(select(Post.id).where(Post.nonce == form["nonce"]))
    assert served.acts("post.published", made.id) == 1


def test_the_same_form_is_one_comment_and_is_told_once(served):
    post, browser = served.post(), served.browser("vera")
    form = {"body": "Один ответ", "nonce": f"form-{post}"}
    replies = served.crowd(lambda: browser.post(f"/posts/{post}/comments", form))
    assert {reply.status for reply in replies} == {303}
    (made,) = served.portal.rows(select(Comment.id).where(Comment.entry_id == post))
    assert served.entry(post).comment_count == served.acts("comment.added", made.id) == 1
    served.until_jobs_are_done()
    told = select(func.count()).select_from(Notice).where(Notice.person_id == served.cast.ann.id, Notice.entry_id == post)
    assert served.portal.one(told) == 1


@pytest.mark.parametrize("what", ["entry", "comment"])
def test_deleted_and_brought_back(served, what):
    post = served.post()
    comment = making.comment(served.portal, served.cast.ann, post)
    at, subject, noun = (f"/posts/{post}", post, "post") if what == "entry" else (f"/comments/{comment}", comment, "comment")
    browser = served.browser("ann")
    for verb in ("delete", "undelete", "delete"):
        served.crowd(lambda verb=verb: browser.post(f"{at}/{verb}"), times=16)
    assert served.acts(f"{noun}.deleted", subject) == 2
    assert served.acts(f"{noun}.undeleted", subject) == 1
    served.crowd(lambda: browser.post(f"{at}/delete"), lambda: browser.post(f"{at}/undelete"))
    away = served.acts(f"{noun}.deleted", subject) - served.acts(f"{noun}.undeleted", subject)
    table = Entry if what == "entry" else Comment
    assert away == int(served.portal.one(select(table.deleted_at).where(table.id == subject)) is not None)
    if what == "comment":
        assert served.entry(post).comment_count == 1 - away


def test_a_bookmark_is_one(served):
    post, browser = served.post(), served.browser("vera")
    served.crowd(lambda: browser.post(f"/posts/{post}/keep"), lambda: browser.post(f"/posts/{post}/unkeep"))
    browser.post(f"/posts/{post}/keep")
    assert served.portal.count(Bookmark, Bookmark.entry_id == post) == 1


def test_a_pin_is_one_and_stays_within_the_number(served):
    posts = [served.post() for _ in range(5)]
    editor, other = served.browser("ed"), served.browser("ed")
    served.crowd(*[lambda at=posts[0], b=b: b.post(f"/posts/{at}/pin") for b in (editor, other)], times=16)
    assert served.acts("post.pinned", posts[0]) == 1
    served.crowd(*[lambda at=at: editor.post(f"/posts/{at}/pin") for at in posts])
    assert served.portal.count(Entry, Entry.pinned_at.is_not(None)) <= 3
    served.crowd(*[lambda at=at: other.post(f"/posts/{at}/unpin") for at in posts])
    assert served.portal.count(Entry, Entry.pinned_at.is_not(None)) == 0


def test_deleted_and_pinned_at_once_it_does_not_stay_on_top(served):
    author, editor = served.browser("ann"), served.browser("ed")
    for _ in range(4):
        post = served.post()
        acts = ((author, "delete"), (editor, "pin"))
        served.crowd(*[lambda b=b, at=f"/posts/{post}/{verb}": b.post(at) for b, verb in acts], times=8)
        entry = served.entry(post)
        assert entry.deleted_at is not None and entry.pinned_at is None


@pytest.mark.parametrize("what", ["entry", "comment"])
def test_two_moderators_at_once(served, what):
    """The same complaint is one; the same decision is one; contrary ones follow each other, and the log tells how."""
    post = served.post("vera")
    comment = making.comment(served.portal, served.cast.vera, post)
    at, table, subject = (f"/posts/{post}", Entry, post) if what == "entry" else (f"/comments/{comment}", Comment, comment)
    reader, editor, administrator = served.browser("bob"), served.browser("ed"), served.browser("root")
    complaint, words = {"reason": "rude", "text": "Обидно"}, {"reason": "Так у нас не говорят"}
    served.crowd(lambda: reader.post(f"{at}/report", complaint))
    assert served.portal.count(Report, Report.entry_id == post) == 1

    def log(verb):
        return served.portal.count(Change, Change.verb == f"{what}.{verb}", Change.subject_id == subject)

    served.crowd(lambda: editor.post(f"{at}/hide", words), lambda: administrator.post(f"{at}/hide", words))
    assert (log("hidden"), served.acts(f"{what}.hidden", subject)) == (1, 1)
    served.crowd(lambda: editor.post(f"{at}/hide", words), lambda: administrator.post(f"{at}/approve"))
    hidden = served.portal.one(select(table.hidden_at).where(table.id == subject)) is not None
    assert log("hidden") - log("shown") == int(hidden)
    if what == "comment":
        assert served.entry(post).comment_count == 1 - int(hidden)
    served.crowd(lambda: editor.post(f"{at}/reopen"), lambda: administrator.post(f"{at}/reopen"))
    assert log("reopened") == 1
    assert served.portal.count(Report, Report.entry_id == post, Report.resolved_at.is_(None)) == 1


def test_a_draft_saved_from_many_windows_is_one(served):
    browser = served.browser("dina")
    served.crowd(lambda: browser.post("/drafts", {"form": "/posts", "body": "Черновик"}))
    assert served.portal.count(Draft, Draft.person_id == served.cast.dina.id, Draft.form == "/posts") == 1
