"""Files and photos of announcements: what is taken, and that only readers get them."""

import io
import zipfile

import pytest

from app.announcements.models import Announcement, AnnouncementFile
from tests.announcements.making import TEXT, publish
from tests.content.pictures import jpeg

FIELDS = {"title": "Цены", "body": TEXT, "importance": "ordinary", "when": "now", "act": "publish"}
PDF = b"%PDF-1.4\n%%EOF"


def office(inside):
    """Return a small office file with these names in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("[Content_Types].xml", *inside):
            archive.writestr(name, "x")
    return made.getvalue()


def send(portal, data, name="прайс.pdf", keys=None, **more):
    """Publish an announcement with a file for ann's store."""
    audience = keys or f"store:{portal.cast.ann.store_id}"
    files = {"files": (io.BytesIO(data), name)}
    return portal.client(portal.cast.ed).post("/announcements", {**FIELDS, "audience": audience, **files, **more})


def test_readers_alone_get_files_and_photos(portal):
    send(portal, PDF, photos=(jpeg(), "a.jpg"))
    got = portal.client(portal.cast.ann).get("/announcements/1/files/1")
    assert got.status == 200 and got.response.data == PDF
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    page = portal.client(portal.cast.ann).get("/announcements/1").text
    photo = page.split('src="/photos/')[1].split('"')[0]
    assert portal.client(portal.cast.ann).get(f"/photos/{photo}").status == 200
    stranger = portal.client(portal.cast.vera)
    assert stranger.get("/announcements/1/files/1").status == 404
    assert stranger.get(f"/photos/{photo}").status == 404
    assert portal.client(portal.cast.ann).get("/announcements/2/files/1").status == 404


def test_files_of_drafts_are_the_editors(portal):
    send(portal, PDF, act="draft")
    assert portal.client(portal.cast.ed).get("/announcements/1/files/1").status == 200
    assert portal.client(portal.cast.ann).get("/announcements/1/files/1").status == 404


@pytest.mark.parametrize(
    "data, name, kept",
    [
        (office(["word/document.xml"]), "приказ.docx", "приказ.docx"),
        (office(["xl/workbook.xml"]), "x.exe", "x.xlsx"),
        (b"\x89PNG\r\n\x1a\n...", "a/../b.png", "a .. b.png"),
    ],
)
def test_what_is_taken(portal, data, name, kept):
    assert send(portal, data, name).status == 303
    with portal.context():
        assert portal.one(AnnouncementFile.__table__.select().with_only_columns(AnnouncementFile.name)) == kept


@pytest.mark.parametrize(
    "data",
    [b"", b"MZ...", b"<html>", b"PK\x03\x04broken", office(["word/document.xml", "word/vbaProject.bin"]), office(["a.txt"])],
)
def test_what_is_not(portal, data):
    answer = send(portal, data)
    assert answer.status == 422
    assert "Цены" in answer
    assert portal.count(AnnouncementFile) == 0
    assert portal.count(Announcement) == 0


def test_a_file_stays_when_the_form_is_refused(portal):
    answer = send(portal, PDF, title="")
    assert answer.status == 422 and "прайс.pdf" in answer
    fields = {**FIELDS, "audience": "everybody", "file": "1"}
    portal.client(portal.cast.ed).post("/announcements", fields)
    assert portal.count(AnnouncementFile, AnnouncementFile.announcement_id == 1) == 1


def test_nobody_takes_anothers_file(portal):
    send(portal, PDF, title="")
    made = publish(portal)
    portal.client(portal.cast.ed).post(f"/announcements/{made}", {**FIELDS, "act": "renew", "file": "999"})
    assert portal.count(AnnouncementFile, AnnouncementFile.announcement_id.is_not(None)) == 0
