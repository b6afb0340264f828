"""One's own photo: shown to colleagues in two sizes, the former one to nobody, nothing but photos taken."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from app.media import media
from app.people.models import Change, Person


def picture(colour="red", size=(300, 200), kind="JPEG"):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


def upload(client, data, name="me.jpg"):
    return client.post("/profile/photo", {"photo": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def key_of(portal, person):
    return portal.one(select(Person.photo_key).where(Person.id == person.id))


def files(portal):
    with portal.context():
        return {key for key in list(media().keys()) if key.startswith("avatar/")}


@pytest.fixture(autouse=True)
def no_files_left(portal):
    yield
    with portal.context():
        for key in list(media().keys()):
            media().delete(key)


def test_a_photo_is_shown_and_logged(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    assert upload(client, picture()).location == "/profile"
    key = key_of(portal, portal.cast.ann)
    assert files(portal) == {f"{key}-96.webp", f"{key}-288.webp"}
    assert portal.one(select(Change.verb)) == "person.photo_changed"
    address = f"/people/{portal.cast.ann.id}/photo/{key.rsplit('/', 1)[1]}-96.webp"
    assert address in portal.client(portal.cast.vera).get("/people")
    answer = portal.client(portal.cast.vera).get(address)
    assert answer.status == 200 and answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(answer.response.get_data())).size == (96, 96)


def test_another_photo_replaces_the_files(portal):
    client = portal.client(portal.cast.ann)
    upload(client, picture())
    former = key_of(portal, portal.cast.ann)
    upload(client, picture("blue"))
    key = key_of(portal, portal.cast.ann)
    assert key != former and files(portal) >= {f"{key}-96.webp", f"{key}-288.webp"}
    assert client.get(f"/people/{portal.cast.ann.id}/photo/{former.rsplit('/', 1)[1]}-96.webp").status == 404


def test_a_photo_is_taken_away(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    upload(client, picture())
    name = key_of(portal, portal.cast.ann).rsplit("/", 1)[1]
    for _ in range(2):
        assert client.post("/profile/photo/remove").location == "/profile"
    assert key_of(portal, portal.cast.ann) is None
    assert client.get(f"/people/{portal.cast.ann.id}/photo/{name}-96.webp").status == 404
    assert portal.count(Change, Change.verb == "person.photo_removed") == 1


@pytest.mark.parametrize(
    "data,name",
    [
        (b"", "me.jpg"),
        (b"", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "me.svg"),
        (b"<html>", "me.jpg"),
        (picture()[:200], "me.jpg"),
    ],
)
def test_what_is_no_photo_is_refused_at_the_form(portal, data, name):
    client = portal.client(portal.cast.ann)
    upload(client, picture())
    before = key_of(portal, portal.cast.ann)
    answer = upload(client, data, name)
    assert answer.status == 422 and 'id="photo-error"' in answer
    assert key_of(portal, portal.cast.ann) == before and len(files(portal)) == 2


def test_photos_have_no_other_addresses(portal):
    client = portal.client(portal.cast.ann)
    upload(client, picture())
    name = key_of(portal, portal.cast.ann).rsplit("/", 1)[1]
    me, bob = portal.cast.ann.id, portal.cast.bob.id
    for path in (f"{bob}/photo/{name}-96", f"{me}/photo/{name}-97", f"{me}/photo/{'0' * 32}-96", f"999/photo/{name}-96"):
        assert client.get(f"/people/{path}.webp").status == 404
    assert client.get(f"/people/{me}/photo/..%2F..%2Fritm-96.webp").status == 404
    assert portal.client().get(f"/people/{me}/photo/{name}-96.webp").location.startswith("/sign-in")
