"""A backup made while people write holds one moment: what one transaction wrote is in it whole or not at all."""

import json
import tarfile
import threading

import pytest
from sqlalchemy import select

from app.backup import backup, restore
from app.content.models import Photo, Topic
from app.extensions import db
from app.media import drop
from tests.backup.conftest import add_photo, files_of, rows_of

WRITERS = 3


@pytest.fixture
def busy(lived_in):
    """Let threads write pairs of rows, store photos and take photos away until the test is over."""
    stop, failures, made = threading.Event(), [], []

    def write(number: int) -> None:
        turn = 0
        try:
            while not stop.is_set():
                turn += 1
                with lived_in.app.app_context():
                    name = f"{number:02x}{turn:030x}"
                    db.session.add(Topic(slug=f"{name}-a", name=f"{name}-a"))
                    db.session.flush()
                    add_photo(None, lived_in.cast.ann.id, name, name.encode() * 500)
                    db.session.add(Topic(slug=f"{name}-b", name=f"{name}-b"))
                    mine = select(Photo).where(Photo.key.like(f"photo/%/{number:02x}%")).order_by(Photo.id)
                    former = db.session.scalars(mine).first()
                    if turn % 2 and former is not None:
                        db.session.delete(former)
                        drop([f"{former.key}-480.webp"])
                    db.session.commit()
                    made.append(name)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    while len(made) < 2 * WRITERS and not failures:
        stop.wait(0.01)
    lived_in.made = made
    yield lived_in
    stop.set()
    for thread in threads:
        thread.join(30)
    assert not failures


def test_a_backup_holds_one_moment(busy, elsewhere, tmp_path):
    before = len(busy.made)
    for turn in range(3):
        with busy.context():
            backup(tmp_path / f"{turn}.tar")
    assert len(busy.made) > before, "nobody waited for the backup"
    with elsewhere.app.app_context():
        restore(tmp_path / "2.tar", tmp_path)
    rows, files = rows_of(elsewhere.app), files_of(elsewhere.app)
    slugs = {row[1] for row in rows["topic"]}
    halves = [{slug[:-2] for slug in slugs if slug.endswith(end)} for end in ("-a", "-b")]
    assert halves[0] == halves[1]
    assert len(halves[0]) >= before
    columns = [column.name for column in Photo.__table__.columns]
    keys = {row[columns.index("key")] for row in rows["photo"]}
    assert {f"{key}-480.webp" for key in keys} <= set(files)
    with tarfile.open(tmp_path / "2.tar") as tar:
        assert json.load(tar.extractfile("counts.json"))["tables"]["topic"] == len(slugs)
