"""The portal comes up: signed-out pages answer, health tells of the database, the stream is drawn."""


def test_strangers_get_the_sign_in_page(portal):
    client = portal.client()
    assert client.get("/sign-in").status == 200
    assert client.get("/").location.endswith("/sign-in")
    assert client.get("/health").response.json["status"] == "ok"


def test_the_stream_is_drawn(portal):
    assert portal.client(portal.cast.ann).get("/").status == 200
