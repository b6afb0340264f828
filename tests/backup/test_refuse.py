"""A damaged, cut, foreign or newer backup is refused in a sentence, and the portal stays as it was."""

import io
import json
import random
import shutil
import tarfile

import pytest
from sqlalchemy.exc import IntegrityError

from app.backup import Unusable, backup, making, parts, restore, restoring
from tests.backup.conftest import state


@pytest.fixture
def made(lived_in, tmp_path):
    path = tmp_path / "backup.tar"
    with lived_in.context():
        backup(path)
    return path


def refused(portal, path, tmp_path, match):
    """Restore must refuse and leave everything, files lying about included, as it was."""
    before, lying = state(portal.app), sorted(tmp_path.iterdir())
    with portal.app.app_context(), pytest.raises(Unusable, match=match):
        restore(path, tmp_path, replace=True, copy=False)
    assert state(portal.app) == before
    assert sorted(tmp_path.iterdir()) == lying


def test_a_flipped_bit_anywhere(lived_in, made, tmp_path):
    whole = made.read_bytes()
    chance = random.Random(20261125)
    places = [0, 100, 511, 512, 1000, len(whole) - 1, len(whole) - 60, len(whole) - 72, len(whole) - 73]
    places += [chance.randrange(len(whole)) for _ in range(25)]
    before = state(lived_in.app)
    for place in places:
        spoilt = bytearray(whole)
        spoilt[place] ^= 1 << chance.randrange(8)
        made.write_bytes(spoilt)
        with lived_in.app.app_context(), pytest.raises(Unusable):
            restore(made, tmp_path, replace=True, copy=False)
    assert state(lived_in.app) == before


@pytest.mark.parametrize("part", [0, 0.00001, 0.1, 0.5, 0.99, 0.99999])
def test_a_file_that_breaks_off(lived_in, made, tmp_path, part):
    whole = made.read_bytes()
    made.write_bytes(whole[: int(len(whole) * part)])
    refused(lived_in, made, tmp_path, "not a backup|incomplete|damaged")


@pytest.mark.parametrize("foreign", [b"", b"PK\x03\x04 a workbook", b"SQLite format 3\x00" * 100, b"x" * 100_000])
def test_a_foreign_file(lived_in, tmp_path, foreign):
    path = tmp_path / "foreign.tar"
    path.write_bytes(foreign)
    refused(lived_in, path, tmp_path, "not a backup of Ritm")


def test_a_backup_of_a_newer_portal(lived_in, tmp_path, monkeypatch):
    path = sealed(tmp_path, {"ritm.json": {"format": 1, "schema": "9999"}, "counts.json": {"tables": {}, "media": 0}})
    refused(lived_in, path, tmp_path, "newer version")
    path = sealed(tmp_path, {"ritm.json": {"format": 2, "schema": parts.known_revisions()[0]}})
    refused(lived_in, path, tmp_path, "newer version")


@pytest.mark.parametrize(
    "insides",
    [
        {"../../etc/passwd": {}},
        {"/etc/passwd": {}},
        {"tables/no_such_table.jsonl.gz": {}},
        {"tables/person.jsonl.gz": {"names": ["id"], "kinds": ["integer"]}},
        {"counts.json": {"tables": {"person": 9}, "media": 0}},
        {"counts.json": []},
    ],
)
def test_a_file_sealed_rightly_but_filled_by_somebody_else(lived_in, tmp_path, insides):
    path = sealed(tmp_path, {"ritm.json": {"format": 1, "schema": parts.known_revisions()[0]}, **insides})
    refused(lived_in, path, tmp_path, "not a backup|contradicts")


def test_media_cannot_be_put_outside_of_the_store(lived_in, made, tmp_path):
    with tarfile.open(made) as tar:
        counts = json.load(tar.extractfile("counts.json"))
        tables = {i.name: tar.extractfile(i).read() for i in tar if i.name.startswith("tables/")}
    about = {"format": 1, "schema": parts.known_revisions()[0]}
    path = sealed(tmp_path, {"ritm.json": about, **tables, "media/../../escaped": b"!", "counts.json": counts})
    refused(lived_in, path, tmp_path, "failed")
    assert not (tmp_path.parent / "escaped").exists()


def test_a_database_that_refuses_the_rows(lived_in, made, tmp_path, monkeypatch):
    """The last step breaks in the middle: no row and no file is changed."""
    true_write = restoring.rows.write

    def write(connection, name, columns, rows):
        if connection.engine.url.database.endswith("rows.sqlite3") or name != "comment":
            return true_write(connection, name, columns, rows)
        raise IntegrityError("insert", {}, Exception("the disk said no"))

    [key] = list(lived_in.app.extensions["media"].keys())
    lived_in.app.extensions["media"].delete(key)
    monkeypatch.setattr(restoring.rows, "write", write)
    refused(lived_in, made, tmp_path, "Nothing was changed")


def test_a_full_disk_leaves_no_half_backup(lived_in, tmp_path, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "_add_media", full)
    with lived_in.app.app_context(), pytest.raises(Unusable, match="No space left"):
        backup(tmp_path / "backup.tar")
    assert list(tmp_path.iterdir()) == []


def sealed(folder, members):
    """Write a backup by hand, with a right seal."""
    path = folder / "made-by-hand.tar"
    with path.open("wb") as file:
        whole = parts.Summed(file)
        with tarfile.open(fileobj=whole, mode="w") as tar:
            for name, value in members.items():
                data = value if isinstance(value, bytes) else json.dumps(value).encode()
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        file.write(parts.seal_of(whole))
    return path


def test_the_seal_of_the_tests_is_the_real_one(made, tmp_path):
    shutil.copy(made, tmp_path / "copy.tar")
    with (tmp_path / "copy.tar").open("rb") as file:
        parts.check_seal(file, (tmp_path / "copy.tar").stat().st_size)
