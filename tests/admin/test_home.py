"""The administrator's home: who holds which role, and how the portal is doing."""

import pytest

from app.media import media


def test_roles_and_facts(portal):
    answer = portal.client(portal.cast.root).get("/admin")
    assert answer.status == 200
    for words in ("Рута Админова", "Хана Кадрова", "Эдуард Редакторов", "не настроен", "/admin/log", "/admin/groups"):
        assert words in answer
    assert "Анна Авторова" not in answer


def test_files_are_counted_on_demand(portal, htmx):
    with portal.context():
        media().put("avatar/ab/abc-96.webp", b"x" * 2048)
    answer = portal.client(portal.cast.root, htmx).get("/admin/media")
    assert answer.status == 200 and "КБ" in answer
    assert ("<html" in answer) is not htmx


@pytest.mark.parametrize("who", ["ann", "dina", "ed", "hana", "mark"])
def test_others_may_not(portal, who):
    client = portal.client(getattr(portal.cast, who))
    assert client.get("/admin").status == client.get("/admin/media").status == 403
