"""Publishing a post: what comes out, who may not see it, what is refused, and that one form makes one post."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from app.activity import Activity
from app.content.models import Draft, Entry, Photo
from tests.content.pictures import jpeg


def send(client, **fields):
    return client.post("/posts", {"audience": "everybody", "body": "Новая витрина", **fields})


def test_a_post_stands_in_the_stream(portal, htmx):
    answer = send(portal.client(portal.cast.ann, htmx), nonce="once")
    assert answer.status == (200 if htmx else 303)
    assert answer.location == "/#post-1"
    page = portal.client(portal.cast.vera).get("/")
    assert "Новая витрина" in page
    assert portal.rows(select(Activity.verb, Activity.actor_id)) == [("post.published", portal.cast.ann.id)]


def test_its_page_and_fragments_open(portal):
    send(portal.client(portal.cast.ann))
    for path in ("", "/comments", "/menu", "/text", "/reactions", "/report"):
        assert portal.client(portal.cast.vera).get(f"/posts/1{path}").status in (200, 303), path
        assert portal.client(portal.cast.vera, htmx=True).get(f"/posts/1{path}").status == 200, path
    assert portal.client(portal.cast.ann).get("/posts/1/edit").status == 200


def test_the_same_form_twice_is_one_post(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    first, second = (send(client, nonce="same") for _ in range(2))
    assert first.location == second.location
    assert portal.count(Entry) == 1


def test_the_same_form_by_two_ways_at_once_is_one_post(portal):
    clients = [portal.client(portal.cast.ann) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: send(client, nonce="same"), clients))
    assert {answer.status for answer in answers} == {303}
    assert portal.count(Entry) == 1


def test_whoever_is_not_meant_sees_nothing(portal):
    answer = send(portal.client(portal.cast.ann), audience=["", f"store:{portal.cast.ann.store_id}"])
    assert answer.status == 303
    assert portal.client(portal.cast.bob).get("/posts/1").status == 200
    vera = portal.client(portal.cast.vera)
    assert "Новая витрина" not in vera.get("/")
    for path in ("", "/comments", "/menu", "/text", "/reactions", "/report", "/edit"):
        assert vera.get(f"/posts/1{path}").status == 404, path
    for verb in ("like", "thank", "keep", "delete", "comments", "report", "pin"):
        assert vera.post(f"/posts/1/{verb}", {"body": "я"}).status == 404, verb


def test_nothing_to_say_is_refused(portal, htmx):
    answer = send(portal.client(portal.cast.ann, htmx), body="  \u200b ")
    assert answer.status == 422
    assert portal.count(Entry) == 0


def test_no_audience_is_refused_and_the_text_stays(portal, htmx):
    answer = send(portal.client(portal.cast.ann, htmx), audience="")
    assert answer.status == 422
    assert "Новая витрина" in answer


def test_everybody_and_some_at_once_is_refused(portal, htmx):
    answer = send(portal.client(portal.cast.ann, htmx), audience=["everybody", f"store:{portal.cast.ann.store_id}"])
    assert answer.status == 422
    assert portal.count(Entry) == 0


def test_made_up_audiences_are_refused(portal):
    client = portal.client(portal.cast.ann)
    for key in ("city:99999", "store:x", "role:boss", "newcomers:1", "group:1", "\x00", "a" * 500):
        assert send(client, audience=key).status == 422, key
    assert portal.count(Entry) == 0


def test_photos_survive_a_mistake_in_the_text(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    answer = send(client, audience="", photos=(jpeg(), "a.jpg"))
    assert answer.status == 422
    photo = portal.one(select(Photo))
    assert f'name="photo" value="{photo.id}"' in answer
    send(client, photo=str(photo.id))
    assert portal.rows(select(Photo.entry_id)) == [(1,)]
    assert portal.one(select(Entry.photo_count)) == 1


def test_nobody_takes_anothers_photo(portal):
    portal.client(portal.cast.bob).post("/posts/photos", {"photos": (jpeg(), "a.jpg")})
    photo = portal.one(select(Photo))
    send(portal.client(portal.cast.ann), photo=str(photo.id))
    assert portal.one(select(Photo.entry_id)) is None


def test_counting_publishes_nothing(portal):
    answer = send(portal.client(portal.cast.ann), audience=f"store:{portal.cast.ann.store_id}", count="1")
    assert answer.status == 200
    assert "3 человека" in answer
    assert portal.count(Entry) == 0


def test_a_sent_draft_is_gone(portal, htmx):
    client = portal.client(portal.cast.ann, htmx)
    client.post("/drafts", {"form": "/posts", "body": "Начало", "audience": "everybody"})
    assert "Начало" in portal.client(portal.cast.ann).get("/posts/new")
    send(client)
    assert portal.count(Draft) == 0


def test_the_author_learns_who_of_the_named_does_not_see_it(portal):
    client = portal.client(portal.cast.ann)
    answer = send(client, audience=f"store:{portal.cast.ann.store_id}", body="@Вера Казанцева, @Борис Борисов")
    assert answer.status == 303
    page = client.get("/")
    assert "Вера Казанцева не увидит" in page
    assert "Борис Борисов не увидит" not in page
