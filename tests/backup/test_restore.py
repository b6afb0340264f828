"""What was backed up comes back whole, on either kind of database, and a portal in use is not overwritten by accident."""

import json
import tarfile

import pytest

from app.backup import Unusable, backup, restore
from app.backup.parts import TABLE
from app.content.models import Comment
from app.extensions import db
from app.people.models import Person
from tests.backup.conftest import add_photo, files_of, state
from tests.quality.databases import DERIVED


@pytest.fixture
def made(lived_in, tmp_path):
    path = tmp_path / "backup.tar"
    with lived_in.context():
        backup(path)
    return path


def test_everything_comes_back_on_either_database(lived_in, made, elsewhere, tmp_path):
    with elsewhere.app.app_context():
        counts = restore(made, tmp_path)
    assert state(elsewhere.app) == state(lived_in.app)
    assert counts["media"] == 1
    assert counts["tables"]["comment"] == 2


def test_the_restored_portal_lives_on(lived_in, made, elsewhere, tmp_path):
    with elsewhere.app.app_context():
        restore(made, tmp_path)
    ann = lived_in.cast.ann
    # Signing in and commenting insert rows; their ids go on behind the restored ones.
    assert elsewhere.client(ann).get("/more").status == 200
    elsewhere.run(lambda: db.session.add(Comment(entry_id=1, author_id=ann.id, body="Снова", body_html="Снова")))
    assert elsewhere.count(Comment) == 3


def test_a_portal_with_people_is_not_overwritten_unless_told_so(lived_in, made, tmp_path):
    app = lived_in.app
    lived_in.run(lambda: setattr(db.session.get(Person, lived_in.cast.ann.id), "phone", "+79990000000"))
    lived_in.run(lambda: add_photo(None, lived_in.cast.ann.id, "1" * 32))
    changed = state(app)
    with app.app_context(), pytest.raises(Unusable, match="--replace"):
        restore(made, tmp_path)
    assert state(app) == changed
    with app.app_context():
        restore(made, tmp_path, replace=True)
    assert state(app) != changed
    assert len(files_of(app)) == 1, "what the backup does not have is gone"
    # The replaced portal was kept, and can be had back.
    [kept] = tmp_path.glob("before-restore-*.tar")
    with app.app_context():
        restore(kept, tmp_path, replace=True, copy=False)
    assert state(app) == changed


def test_a_file_damaged_in_the_store_is_repaired(lived_in, made, tmp_path):
    before = files_of(lived_in.app)
    [key] = before
    path = lived_in.app.extensions["media"].path(key)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with lived_in.app.app_context():
        restore(made, tmp_path, replace=True, copy=False)
    assert files_of(lived_in.app) == before


def test_nothing_is_left_lying_about(lived_in, made, elsewhere, tmp_path):
    with elsewhere.app.app_context():
        restore(made, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "elsewhere"]


def test_the_commands_say_what_they_did(lived_in, elsewhere, tmp_path):
    file = tmp_path / "b.tar"
    done = lived_in.app.test_cli_runner().invoke(args=["backup", str(file)])
    assert done.exit_code == 0, done.output
    assert f"1 files are in {file}" in done.output
    assert file.stat().st_mode & 0o077 == 0, "nobody else may read it"
    done = elsewhere.app.test_cli_runner().invoke(args=["restore", str(file)])
    assert done.exit_code == 0, done.output
    assert "restart the portal" in done.output
    refused = lived_in.app.test_cli_runner().invoke(args=["restore", str(file)])
    assert refused.exit_code == 1
    assert "say --replace" in refused.output
    assert "Traceback" not in refused.output


def test_the_file_can_be_looked_into(made):
    with tarfile.open(made) as tar:
        names = tar.getnames()
        assert names[0] == "ritm.json"
        about = json.load(tar.extractfile("ritm.json"))
        assert about["format"] == 1
        assert about["schema"]
        sums = tar.extractfile("SHA256SUMS").read().decode().splitlines()
    assert {line.split("  ")[1] for line in sums} == set(names) - {"SHA256SUMS", "counts.json"}


def test_every_table_is_in_it(bare, made):
    from sqlalchemy import inspect  # noqa: PLC0415

    with bare.context():
        tables = set(inspect(db.engine).get_table_names()) - {"alembic_version", *DERIVED}
    with tarfile.open(made) as tar:
        kept = {found[1] for name in tar.getnames() if (found := TABLE.fullmatch(name))}
    assert kept == tables
