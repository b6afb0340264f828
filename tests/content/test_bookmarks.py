"""Bookmarks: in the order of keeping, by pages."""

from tests.content.making import post


def test_what_was_kept_last_stands_first_and_pages_hold(portal, htmx):
    for number in range(23):
        post(portal, portal.cast.ann, f"Запись {number:02}")
    client = portal.client(portal.cast.vera)
    assert "Закладок пока нет" in client.get("/bookmarks")
    for number in range(23, 0, -1):
        client.post(f"/posts/{number}/keep")
    first = client.get("/bookmarks")
    assert first.text.index("Запись 00") < first.text.index("Запись 19")
    assert "Запись 20" not in first
    older = first.text.split("/bookmarks?before=")[1].split('"')[0]
    client.post("/posts/1/unkeep")
    rest = portal.client(portal.cast.vera, htmx).get(f"/bookmarks?before={older}")
    assert rest.text.count("<article") == 3
    assert ("<html" in rest) != htmx
