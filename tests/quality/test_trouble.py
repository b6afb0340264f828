"""Trouble with the database, with real processes: locked, stopped, full, killed. Nothing acknowledged is ever lost.

What a request cannot do now it says in words and with a time to try again; what it said it did, it did.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import threading
import time
from http.client import HTTPException

import pytest
from sqlalchemy import select

from app.content import publishing
from app.content.models import Comment, Draft
from app.database import BUSY_SECONDS
from app.extensions import db
from app.feed.models import Post
from app.people.sessions import load_viewer
from tests.quality.wire import Company, Reply
from tests.servers import Gunicorn, PostgreSQL, portal, postgresql_folder, running


@pytest.fixture
def company(tmp_path):
    """Return a company on SQLite with one post of ann's."""
    made = Company(tmp_path / "company", f"sqlite:///{tmp_path / 'company' / 'ritm.sqlite3'}")
    made.post = publish(made)
    yield made
    made.close()


def publish(company):
    """Let ann publish a post and return its id."""
    with company.app.test_request_context("/"):
        viewer = load_viewer(company.portal.token(company.portal.cast.ann))
        post = publishing.publish(viewer, Post(), body="Смотрите, что пришло", keys=["everybody"])
        db.session.commit()
        return post.id


def say(browser, company, words, nonce=""):
    """Comment and return the status."""
    return browser.post(f"/posts/{company.post}/comments", {"body": words, "nonce": nonce}).status


def said(company):
    """Return all comments."""
    return [row[0] for row in company.portal.rows(select(Comment.body))]


class Lock:
    """Somebody who holds SQLite's write lock."""

    def __init__(self, company):
        self.connection = sqlite3.connect(company.folder / "ritm.sqlite3", isolation_level=None, check_same_thread=False)

    def __enter__(self):
        self.connection.execute("BEGIN IMMEDIATE")
        return self

    def __exit__(self, *_):
        self.connection.execute("ROLLBACK")
        self.connection.close()


def test_locked_for_a_moment_waits(company):
    with portal(company.environment) as address:
        browser = company.wire(address, "bob")
        lock = Lock(company)
        lock.__enter__()
        timer = threading.Timer(3, lock.__exit__)
        timer.start()
        begin = time.monotonic()
        assert say(browser, company, "Подождал и сказал") == 303
        assert time.monotonic() - begin > 2
        timer.join()
    assert said(company) == ["Подождал и сказал"]


def test_locked_for_long_says_so_and_reading_goes_on(company):
    fields = {"form": "/posts", "body": "Черновик"}
    with portal(company.environment) as address:
        browser, reader = company.wire(address, "bob"), company.wire(address, "vera")
        _age_sessions(company)
        with Lock(company):
            answers: list[Reply] = []
            writer = threading.Thread(target=lambda: answers.append(browser.post("/drafts", fields)))
            writer.start()
            slowest = 0.0
            while writer.is_alive():
                begin = time.monotonic()
                assert reader.get("/").status == 200
                assert reader.get("/people").status == 200
                slowest = max(slowest, time.monotonic() - begin)
                writer.join(0.2)
        (answer,) = answers
        assert answer.status == 503 and answer.headers["Retry-After"]
        assert "Портал" in answer.text
        assert slowest < BUSY_SECONDS / 4, f"reading waited {slowest:.1f} s for the writer"
        assert browser.post("/drafts", fields).status == 204
    assert company.portal.count(Draft) == 1


def _age_sessions(company):
    """Let every session look as if it was last used an hour ago, so that each page would like to note it anew."""
    connection = sqlite3.connect(company.folder / "ritm.sqlite3")
    with connection:
        connection.execute("UPDATE sign_in SET seen_at = datetime(seen_at, '-1 hour')")
    connection.close()


def test_database_server_stopped_and_started(tmp_path, scratch):
    """The portal says that it waits, and goes on by itself."""
    if postgresql_folder() is None:
        pytest.skip("PostgreSQL is not installed")
    server = PostgreSQL(scratch / f"stopped-{tmp_path.name}")
    server.start()
    try:
        company = Company(tmp_path / "company", server.address)
        company.post = publish(company)
        with portal(company.environment) as address:
            browser = company.wire(address, "bob")
            company.close()
            assert browser.get("/health").status == 200 and say(browser, company, "Раз") == 303
            server.stop()
            assert browser.get("/health").status == 503
            for _ in range(4):
                away = browser.get("/")
                assert away.status == 503 and away.headers["Retry-After"] and "Портал" in away.text
            assert say(browser, company, "Два") == 503
            server.start()
            assert [browser.get("/health").status for _ in range(4)] == [200] * 4
            assert browser.get("/").status == 200 and say(browser, company, "Три") == 303
        assert sorted(said(company)) == ["Раз", "Три"]
        company.close()
    finally:
        server.stop()


class SmallDisk:
    """A disk of 4 MB that can be filled up; where none may be mounted, files that may not grow any further."""

    def __init__(self, folder):
        self.folder, self.filler = folder, folder / "filler"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]
        self.mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0

    def fill(self, server):
        """Leave room for a few pages more."""
        if self.mounted:
            left = os.statvfs(self.folder)
            self.filler.write_bytes(b"\0" * max(0, left.f_bavail * left.f_frsize - 200_000))
        else:
            largest = max(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
            self._limit(server, largest + 200_000)

    def clear(self, server):
        """Make room again."""
        if self.mounted:
            self.filler.unlink()
        else:
            self._limit(server, resource.RLIM_INFINITY)

    def _limit(self, server, size):
        for pid in [server.process.pid, *server.workers()]:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def close(self):
        """Take the disk away."""
        if self.mounted:
            subprocess.run(["umount", "--lazy", self.folder], check=True)


def test_full_disk(tmp_path):
    """A full disk is a sentence, leaves nothing half-written, and is over when there is room again."""
    disk = SmallDisk(tmp_path / "small")
    try:
        company = Company(disk.folder / "company", f"sqlite:///{disk.folder / 'company' / 'ritm.sqlite3'}")
        company.post = publish(company)
        with running(Gunicorn(company.environment)) as server:
            browser = company.wire(server.address, "bob")
            disk.fill(server)
            done = comment_until_full(browser, company)
            assert browser.get("/").status == 200
            disk.clear(server)
            assert say(browser, company, "Снова есть место") == 303
        assert sorted(said(company)) == sorted([*done, "Снова есть место"])
        company.close()
        with sqlite3.connect(disk.folder / "company" / "ritm.sqlite3") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        disk.close()


def comment_until_full(browser, company):
    """Comment until that fails, and return what was acknowledged."""
    done = []
    for number in range(400):
        words = f"{number}: " + "много слов " * 250
        answer = browser.post(f"/posts/{company.post}/comments", {"body": words})
        if answer.status == 303:
            done.append(words.strip())
            continue
        assert answer.status in (503, 507), f"a full disk is answered by {answer.status}"
        assert "<h1>" in answer.text and "Traceback" not in answer.text
        return done
    raise AssertionError("the disk never filled up")


def test_killed_again_and_again(company):
    """Kill −9 of the server while people write: what was acknowledged is there, whole, and nothing is broken."""
    acknowledged: set[str] = set()
    server = Gunicorn(company.environment, log=company.folder / "log")
    stop = threading.Event()

    def write(who):
        browser, number = company.wire(server.address, who), 0
        while not stop.is_set():
            number += 1
            words = f"{who} {number}"
            try:
                if browser.post(f"/posts/{company.post}/comments", {"body": words}, timeout=10).status == 303:
                    acknowledged.add(words)
            except (OSError, HTTPException):
                stop.wait(0.02)  # the server is down just now

    writers = [threading.Thread(target=write, args=(who,)) for who in ("bob", "vera", "dina")]
    with running(server):
        for writer in writers:
            writer.start()
        try:
            for time_over in range(20):
                _wait_for_more(acknowledged, stop)
                if time_over % 5:
                    server.kill_workers()
                else:
                    server.kill()
                    server.start()
        finally:
            stop.set()
            for writer in writers:
                writer.join()
    kept = said(company)
    assert len(acknowledged) >= 100
    assert acknowledged <= set(kept), f"lost: {sorted(acknowledged - set(kept))[:5]}"
    assert company.portal.one(select(Post.comment_count)) == len(kept), "the count and the comments disagree"
    company.close()
    with sqlite3.connect(company.folder / "ritm.sqlite3") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def _wait_for_more(acknowledged, pause, seconds=10):
    """Wait until five more were acknowledged, but not for ever."""
    goal, end = len(acknowledged) + 5, time.monotonic() + seconds
    while len(acknowledged) < goal and time.monotonic() < end:
        pause.wait(0.01)


def test_lost_line_and_sent_again(company):
    """A POST whose connection dies after sending, sent again as browsers do: one effect."""
    fields = {"body": "Один раз", "nonce": "abcdef0123456789"}
    with portal(company.environment) as address:
        browser = company.wire(address, "bob")
        path = f"/posts/{company.post}/comments"
        for _ in range(3):
            browser.post_and_hang_up(path, fields)
        assert browser.post(path, fields).status == 303
        browser.post_and_hang_up(f"/posts/{company.post}/like", {})
        assert browser.post(f"/posts/{company.post}/like", {}).status == 303
        crowd = [threading.Thread(target=browser.post, args=(path, fields)) for _ in range(10)]
        for sender in crowd:
            sender.start()
        for sender in crowd:
            sender.join()
    assert said(company) == ["Один раз"]
    assert company.portal.rows(select(Post.comment_count, Post.like_count)) == [(1, 1)]
