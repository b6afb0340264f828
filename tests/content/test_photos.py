"""Photos: freed of the camera's data, seen only with their post, never lost by a mistake, swept when forgotten."""

import io
from datetime import timedelta

from PIL import Image
from sqlalchemy import select

from app.content.models import Entry, Photo
from app.content.photos import KEEP_UNSENT, MOST_UNSENT, sweep
from app.database import move_clock
from app.media import media
from tests.content.making import own_store, post
from tests.content.pictures import jpeg


def upload(client, file=None):
    return client.post("/posts/photos", {"photos": (file or jpeg(), "IMG_0001.jpg")})


def address(portal, photo_id=1):
    """Return the address of a photo's smallest variant."""
    key, widths = portal.rows(select(Photo.key, Photo.widths).where(Photo.id == photo_id))[0]
    return f"/photos/{key.rsplit('/', 1)[-1]}-{widths[0]}.webp"


def publish_with_photo(portal, **fields):
    client = portal.client(portal.cast.ann)
    return client.post("/posts", {"body": "Витрина", "audience": "everybody", "photos": (jpeg(), "a.jpg"), **fields})


def test_what_the_camera_wrote_is_gone(portal):
    exif = Image.Exif()
    exif[0x010F] = "Камера-и-место-съёмки"
    exif[0x0112] = 6  # lies on its side
    assert upload(portal.client(portal.cast.ann), jpeg((800, 600), exif=exif.tobytes())).status == 200
    answer = portal.client(portal.cast.ann).get(address(portal))
    assert answer.headers["Content-Type"] == "image/webp"
    picture = Image.open(io.BytesIO(answer.response.data))
    assert picture.height > picture.width
    assert not picture.getexif()
    assert "Камера".encode() not in answer.response.data


def test_a_photo_is_seen_with_its_post_only(portal):
    publish_with_photo(portal, audience=f"store:{portal.cast.ann.store_id}")
    where = address(portal)
    assert portal.client(portal.cast.bob).get(where).status == 200
    for stranger in (portal.cast.vera, portal.cast.ed, portal.cast.root):
        assert portal.client(stranger).get(where).status == 404
    assert portal.client().get(where).status == 303
    portal.client(portal.cast.ann).post("/posts/1/delete")
    assert portal.client(portal.cast.bob).get(where).status == 404


def test_moderators_look_at_photos_of_what_was_reported(portal):
    publish_with_photo(portal, audience=f"store:{portal.cast.ann.store_id}")
    where = address(portal)
    portal.client(portal.cast.bob).post("/posts/1/report", {"reason": "rude"})
    assert portal.client(portal.cast.ed).get(where).status == 200
    assert portal.client(portal.cast.vera).get(where).status == 404


def test_before_it_is_sent_a_photo_is_its_owners(portal):
    upload(portal.client(portal.cast.ann))
    assert portal.client(portal.cast.ann).get(address(portal)).status == 200
    assert portal.client(portal.cast.bob).get(address(portal)).status == 404
    assert portal.client(portal.cast.ed).get(address(portal)).status == 404


def test_widths_that_do_not_exist_are_not_there(portal):
    upload(portal.client(portal.cast.ann))
    where = address(portal)
    name = where.rsplit("-", 1)[0]
    for bad in (
        f"{name}-1.webp",
        f"{name}-999999999.webp",
        "/photos/..-480.webp",
        "/photos/a%00b-480.webp",
        f"{name}x-480.webp",
    ):
        assert portal.client(portal.cast.ann).get(bad).status == 404, bad


def test_what_is_no_photo_is_refused_in_words(portal):
    client = portal.client(portal.cast.ann, htmx=True)
    for data in (b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff" + b"\0" * 50, b"GIF89a" + b"\1" * 20):
        answer = upload(client, io.BytesIO(data))
        assert answer.status == 422
        assert answer.text
        assert "<" not in answer.text
    assert portal.count(Photo) == 0


def test_one_bad_file_loses_neither_text_nor_the_good_ones(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    files = [(jpeg(), "a.jpg"), (io.BytesIO(b"no photo"), "b.txt")]
    answer = client.post("/posts", {"body": "Витрина", "audience": "everybody", "photos": files})
    assert answer.status == 422
    assert "b.txt" in answer
    assert "Витрина" in answer
    assert portal.count(Photo) == 1
    assert portal.count(Entry) == 0


def test_ten_photos_are_enough(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    ids = [str(number) for number in range(1, 12)]
    for _ in ids:
        upload(client)
    assert client.post("/posts", {"audience": "everybody", "photo": ids}).status == 422
    answer = client.post("/posts", {"audience": "everybody", "photo": ids, "dropped": "3"})
    assert answer.status == (200 if htmx else 303)
    assert portal.rows(select(Photo.id).where(Photo.entry_id == 1).order_by(Photo.place)) == [
        (number,) for number in range(1, 12) if number != 3
    ]
    page = portal.client(portal.cast.bob).get("/")
    assert "+5" in page
    assert page.text.count("<img src=") == 5
    assert portal.client(portal.cast.bob).get("/posts/1").text.count("<img src=") == 10


def test_an_eleventh_photo_in_one_form_is_refused_and_nothing_is_lost(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    form = {"body": "Витрина к празднику", "audience": "everybody"}
    answer = client.post("/posts", {**form, "photos": [(jpeg((40, 30)), f"{number}.jpg") for number in range(11)]})
    assert answer.status == 422
    assert "Не больше 10 фотографий" in answer and "Витрина к празднику" in answer
    assert portal.count(Entry) == 0
    kept = [str(row[0]) for row in portal.rows(select(Photo.id).order_by(Photo.id))]
    assert len(kept) == 10 and all(f'value="{number}"' in answer for number in kept)
    assert client.post("/posts", {**form, "photo": kept[:10]}).status == (200 if htmx else 303)
    assert portal.one(select(Entry.photo_count)) == 10


def test_editing_takes_photos_away_adds_and_describes(portal, htmx):
    publish_with_photo(portal)
    client = portal.client(portal.cast.ann, htmx)
    gone = address(portal)
    upload(client)
    fields = {"body": "Витрина", "audience": "everybody", "dropped": "1", "photo": "2", "alt-2": "Красная ваза"}
    assert client.post("/posts/1", fields).status == (200 if htmx else 303)
    assert portal.rows(select(Photo.id, Photo.alt)) == [(2, "Красная ваза")]
    assert portal.one(select(Entry.photo_count)) == 1
    assert 'alt="Красная ваза"' in portal.client(portal.cast.bob).get("/")
    assert client.get(gone).status == 404


def test_nobody_takes_away_or_describes_anothers_photos(portal):
    publish_with_photo(portal)
    post(portal, portal.cast.bob)
    fields = {"body": "Мой", "audience": "everybody", "dropped": "1", "photo": "1", "alt-1": "чужое"}
    portal.client(portal.cast.bob).post("/posts/2", fields)
    assert portal.rows(select(Photo.entry_id, Photo.alt)) == [(1, "")]


def test_forgotten_photos_are_swept(portal):
    upload(portal.client(portal.cast.ann))
    publish_with_photo(portal)
    portal.run(sweep)
    assert portal.count(Photo) == 2
    move_clock(KEEP_UNSENT + timedelta(minutes=5))
    portal.run(sweep)
    assert portal.rows(select(Photo.entry_id)) == [(1,)]


def test_nobody_hoards_photos(portal):
    client = portal.client(portal.cast.ann)
    small = jpeg((20, 20)).read()
    for _ in range(MOST_UNSENT + 3):
        upload(client, io.BytesIO(small))
    assert portal.count(Photo) == MOST_UNSENT
    assert portal.one(select(Photo.id).order_by(Photo.id).limit(1)) == 4


def test_on_a_terminal_only_everybodys_photos_are_kept_by_the_browser(portal):
    publish_with_photo(portal)
    publish_with_photo(portal, audience=own_store(portal.cast.ann)[0])
    client = portal.client(portal.cast.bob, terminal=portal.terminal(portal.cast.bob.store_id))
    assert "immutable" in client.get(address(portal, 1)).headers["Cache-Control"]
    assert client.get(address(portal, 2)).headers["Cache-Control"] == "no-store"


def test_files_of_a_refused_form_stay_with_their_photo(portal):
    portal.client(portal.cast.ann).post("/posts", {"body": "", "audience": "", "photos": (jpeg(), "a.jpg")})
    stored = portal.run(lambda: list(media().keys()))
    key, widths = portal.rows(select(Photo.key, Photo.widths))[0]
    assert {f"{key}-{width}.webp" for width in widths} <= set(stored)
