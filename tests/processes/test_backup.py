"""`flask backup` in a process of its own, while people write before two others: what it holds is one moment, and whole."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

from sqlalchemy import select

from app import create_app
from app.backup import restore
from app.content.models import Comment, Entry, Photo, Reaction
from tests.backup.conftest import files_of
from tests.conftest import Portal, TestConfig
from tests.guard.files import sideways
from tests.servers import ROOT


def test_backed_up_while_people_write_and_restored_elsewhere(served, tmp_path):
    post, stop, said = served.post(), threading.Event(), []

    def write(who):
        browser, number = served.browser(who), 0
        while not stop.is_set():
            number += 1
            words = f"{who} {number}"
            assert browser.post(f"/posts/{post}/comments", {"body": words}).status == 303
            said.append(words)
            browser.post(f"/posts/{post}/{'unlike' if number % 2 else 'like'}")
            if number % 20 == 1:
                assert browser.upload("/posts/photos", {}, "photos", ("a.jpg", sideways())).status == 200

    writers = [threading.Thread(target=write, args=(who,)) for who in ("bob", "vera", "dina")]
    for writer in writers:
        writer.start()
    try:
        served.until(lambda: len(said) > 6)
        before, file = list(said), tmp_path / "backup.tar"
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "backup", str(file)]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **served.company.environment}, capture_output=True, text=True, check=False
        )
        during = len(said)
    finally:
        stop.set()
        for writer in writers:
            writer.join(60)
    assert done.returncode == 0, done.stderr[-2000:]
    assert during > len(before), "nobody could write meanwhile"
    elsewhere = create_app(TestConfig(tmp_path / "elsewhere", f"sqlite:///{tmp_path / 'elsewhere' / 'ritm.sqlite3'}"))
    with elsewhere.app_context():
        restore(file, tmp_path)
    assert_one_moment(Portal(elsewhere), served, post, before, said)


def assert_one_moment(restored, served, post, before, said):
    """All that was acknowledged before is there, nothing that nobody said, counts agree with rows, files with their rows."""
    kept = [row[0] for row in restored.rows(select(Comment.body).where(Comment.entry_id == post))]
    assert set(before) <= set(kept) <= set(said)
    counts = restored.rows(select(Entry.comment_count, Entry.like_count).where(Entry.id == post))[0]
    assert tuple(counts) == (len(kept), restored.count(Reaction, Reaction.entry_id == post, Reaction.kind == "like"))
    media = Path(served.company.folder) / "media"
    files = files_of(restored.app)
    assert files and all(hashlib.sha256((media / key).read_bytes()).hexdigest() == files[key] for key in files)
    for key, widths in restored.rows(select(Photo.key, Photo.widths)):
        assert {f"{key}-{width}.webp" for width in widths} <= files.keys()
