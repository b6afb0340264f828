"""Uploaded files: what is no photo is refused within a second, what is one comes out bare, and no scrap is left behind."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import time

import pytest
from PIL import Image

from app.errors import Refused
from app.pictures import read, square, variants
from tests.guard.files import bombs, deep, moving, photo, photos, png, sideways, text_bomb
from tests.guard.test_hostile_texts import forms_of
from tests.guard.world import changed, fingerprint, on_sqlite

SECONDS = 1.0


@pytest.fixture
def scraps(tmp_path, monkeypatch):
    """Return the folder of temporary files of this test; it must be empty at its end."""
    folder = tmp_path / "scraps"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert not os.listdir(folder), f"left behind: {os.listdir(folder)}"


@pytest.fixture
def words(app):
    """Work inside a request, since refusals are sentences in the reader's language."""
    with app.test_request_context("/"):
        yield


@on_sqlite
@pytest.mark.parametrize("name", bombs())
def test_what_is_no_photo_is_refused_at_once(app, words, name):
    begin = time.process_time()
    with pytest.raises(Refused) as refused:
        variants(io.BytesIO(bombs()[name]))
    assert time.process_time() - begin < SECONDS
    assert str(refused.value).endswith(".")


@on_sqlite
def test_bombs_that_unpack(app, words):
    bomb = io.BytesIO(text_bomb())
    begin = time.process_time()
    with contextlib.suppress(Refused):
        variants(bomb)
    assert time.process_time() - begin < SECONDS
    with pytest.raises(Refused):
        variants(io.BytesIO(png(7100, 7100)))
    with pytest.raises(Refused):
        variants(io.BytesIO(photo() + b"\x00" * (21 << 20)))


@on_sqlite
@pytest.mark.parametrize("name", photos())
def test_what_is_a_photo_comes_out_bare(app, words, name):
    begin = time.process_time()
    made = variants(io.BytesIO(photos()[name]))
    assert time.process_time() - begin < 2 * SECONDS
    for width, data in made.files.items():
        assert not any(secret in data for secret in (b"Secret", b"Exif", b"GPS", b"ICC_PROFILE", b"script", b"XMP"))
        with Image.open(io.BytesIO(data)) as image:
            assert image.format == "WEBP" and image.width == width and not getattr(image, "is_animated", False)
            assert not image.getexif()


@on_sqlite
def test_colours_and_direction_survive(app, words):
    for data in (photo(), photo(mode="CMYK"), photo("PNG", mode="P"), photo("PNG", mode="RGBA"), photo("WEBP")):
        image = read(io.BytesIO(data))
        left, right = image.getpixel((30, 30)), image.getpixel((image.width - 30, 30))
        assert left[0] > 180 > 90 > left[2] and right[2] > 180 > 90 > right[0]
    upright = read(io.BytesIO(sideways()))
    assert upright.height > upright.width
    assert upright.getpixel((20, 20))[0] > 180 and upright.getpixel((20, upright.height - 20))[2] > 180
    steps = read(io.BytesIO(deep()))
    dark, middle, light = (steps.getpixel((x, 10))[0] for x in (8, 128, 248))
    assert dark < 30 < 100 < middle < 160 < 220 < light, "16 bits are scaled to 8, not cut off"
    assert square(io.BytesIO(moving("GIF", 3))).keys() == {96, 288}


@pytest.mark.parametrize("role", ["employee", "editor", "admin"])
def test_forms_with_files(world, role, scraps):
    """Every form that takes a file refuses every bomb in words, within a second, and nothing has changed."""
    forms = [form for form in forms_of(world, role) if form.files]
    before = fingerprint(world.app)
    wrong = []
    for form in forms:
        for name, data in bombs().items():
            client = world.client(role)
            fields = {}
            for field, value in [*form.fields, ("csrf_token", client.csrf)]:
                fields.setdefault(field, []).append(value)
            fields["csrf_token"] = client.csrf
            fields[form.files[0]] = (io.BytesIO(data), name)
            begin = time.process_time()
            answer = client.raw.post(form.action, data=fields, content_type="multipart/form-data")
            seconds = time.process_time() - begin
            after = fingerprint(world.app)
            if answer.status_code not in (303, 413, 422) or seconds > 2 * SECONDS:
                wrong.append(f"{form.action} {name}: {answer.status_code} in {seconds:.1f} s")
            if answer.status_code != 303 and after != before:
                wrong.append(f"{form.action} {name}: refused, yet changed {changed(before, after)}")
            before = after
    assert not wrong, "\n".join(wrong)
