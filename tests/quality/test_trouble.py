"""Trouble with the database, with real processes: locked, stopped, full, killed. Nothing acknowledged is ever lost.

What a request cannot do now it says in words and with a time to try again; what it said it did, it did.
"""

from __future__ import annotations

import os
import resource
import secrets
import shutil
import sqlite3
import subprocess
import threading
import time
from datetime import timedelta
from http.client import HTTPException

import psycopg
import pytest
from sqlalchemy import select, update

from app.content import publishing
from app.content.models import Comment, Draft, Photo
from app.database import BUSY_SECONDS, now
from app.extensions import db
from app.feed.models import Post
from app.people.sessions import SignIn, load_viewer
from tests.guard.files import sideways
from tests.quality.databases import fresh_address
from tests.quality.wire import Company, Reply
from tests.servers import Gunicorn, PostgreSQL, portal, postgresql_folder, running


@pytest.fixture(params=["sqlite", "postgresql"])
def company(request, tmp_path):
    """Return a company with one post of ann's, on each kind of database."""
    server = request.getfixturevalue("postgresql_address") if request.param == "postgresql" else None
    with fresh_address(request.param, tmp_path / "company", server) as address:
        made = Company(tmp_path / "company", address)
        made.is_sqlite = server is None
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
    """Somebody who keeps everybody from writing: the whole of SQLite, of PostgreSQL the tables that tests write to."""

    def __init__(self, company):
        if company.is_sqlite:
            file = company.folder / "ritm.sqlite3"
            self.begin = "BEGIN IMMEDIATE"
            self.connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        else:
            self.begin = "BEGIN; LOCK TABLE comment, draft, sign_in IN EXCLUSIVE MODE"
            self.connection = psycopg.connect(company.database.replace("+psycopg", ""), autocommit=True)

    def __enter__(self):
        self.connection.execute(self.begin)
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
    company.portal.run(lambda: db.session.execute(update(SignIn).values(seen_at=now() - timedelta(hours=1))))


def assert_whole(company):
    """The database finds nothing wrong with itself."""
    company.close()
    if company.is_sqlite:
        with sqlite3.connect(company.folder / "ritm.sqlite3") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


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

    def __init__(self, folder, megabytes=4):
        self.folder, self.filler = folder, folder / "filler"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder]
        self.mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0

    def fill(self, server):
        """Leave room for a few pages more."""
        if self.mounted:
            left = os.statvfs(self.folder)
            self.filler.write_bytes(b"\0" * max(0, left.f_bavail * left.f_frsize - 200_000))
        else:
            largest = max(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
            self._limit(server, largest + 200_000)

    def fill_up(self, server):
        """Leave no room at all for a new file."""
        if self.mounted:
            left = os.statvfs(self.folder)
            self.filler.write_bytes(b"\0" * left.f_bavail * left.f_frsize)
        else:
            self._limit(server, 1000)

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


def fill_and_clear(disk, company):
    """Let people comment until the disk is full, and once there is room again; return what was acknowledged until then."""
    with running(Gunicorn(company.environment)) as server:
        browser = company.wire(server.address, "bob")
        disk.fill(server)
        done = comment_until_full(browser, company)
        assert browser.get("/").status == 200
        disk.clear(server)
        assert say(browser, company, "Снова есть место") == 303
    assert sorted(said(company)) == sorted([*done, "Снова есть место"])
    return done


def test_full_disk(tmp_path):
    """A full disk is a sentence, leaves nothing half-written, and is over when there is room again."""
    disk = SmallDisk(tmp_path / "small")
    try:
        company = Company(disk.folder / "company", f"sqlite:///{disk.folder / 'company' / 'ritm.sqlite3'}")
        company.post = publish(company)
        fill_and_clear(disk, company)
        company.close()
        with sqlite3.connect(disk.folder / "company" / "ritm.sqlite3") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        disk.close()


def test_full_disk_of_the_database_server(tmp_path, scratch):
    """The same where PostgreSQL's tables lie on a disk of their own."""
    if postgresql_folder() is None:
        pytest.skip("PostgreSQL is not installed")
    disk = SmallDisk(scratch / f"full-{tmp_path.name}", megabytes=24)
    server = PostgreSQL(scratch / f"full-{tmp_path.name}-server")
    if not disk.mounted:
        disk.close()
        pytest.skip("a small disk for PostgreSQL can be mounted by root alone")
    server.start()
    try:
        if server.user:
            shutil.chown(disk.folder, "postgres")
        with psycopg.connect(server.address.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{disk.folder}'")
            connection.execute("CREATE DATABASE small TABLESPACE small")
        company = Company(tmp_path / "company", server.address.rsplit("/", 1)[0] + "/small")
        company.post = publish(company)
        done = fill_and_clear(disk, company)
        assert company.portal.one(select(Post.comment_count)) == len(done) + 1
        company.close()
    finally:
        server.stop()
        disk.close()


def test_full_disk_for_photos(tmp_path):
    """A photo that finds no room is refused in words, leaves neither row nor scrap, and goes in once there is room."""
    disk = SmallDisk(tmp_path / "small")
    try:
        company = Company(tmp_path / "company", f"sqlite:///{tmp_path / 'company' / 'ritm.sqlite3'}")
        company.environment |= {"RITM_MEDIA_URL": f"file://{disk.folder}/media", "RITM_JOBS": "worker"}
        with running(Gunicorn(company.environment)) as server:
            browser = company.wire(server.address, "bob")
            assert send_photo(browser).status == 200
            kept = sorted(disk.folder.rglob("*.webp"))
            disk.fill_up(server)
            for _ in range(3):
                refused = send_photo(browser)
                assert refused.status == 503 and refused.headers["Retry-After"] and "<h1>" in refused.text
            assert browser.get("/").status == 200
            assert sorted(path for path in disk.folder.rglob("*") if path.is_file() and path != disk.filler) == kept
            assert company.portal.count(Photo) == 1
            disk.clear(server)
            assert send_photo(browser).status == 200
        assert company.portal.count(Photo) == 2 and len(list(disk.folder.rglob("*.webp"))) == 2 * len(kept)
        assert not list(disk.folder.rglob(".part-*"))
        company.close()
    finally:
        disk.close()


def send_photo(browser):
    """Send a photo for a post that is still being written."""
    return browser.upload("/posts/photos", {}, "photos", ("a.jpg", sideways()))


def comment_until_full(browser, company):
    """Comment until that fails, and return what was acknowledged."""
    done = []
    for number in range(400):
        # Nothing that a database could squeeze.
        words = f"{number}: " + secrets.token_hex(1200)
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
    assert_whole(company)


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
