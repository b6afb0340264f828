"""Packages on their way in: good ones are kept and shared, all others refused with a sentence, at once, without a trace."""

from __future__ import annotations

import io
import os
import stat
import tempfile
import time

import pytest
from sqlalchemy import select

from app.errors import Refused
from app.extensions import db
from app.learning import courses, scorm_packages, scorm_sample
from app.learning.models import Course, LessonFile
from app.learning.scorm_models import ScormFile, ScormPackage
from app.media import media
from tests.guard.world import on_sqlite
from tests.learning import packages
from tests.learning.making import course
from tests.learning.packages import PAGE, manifest, plain, with_entry, zipped

DOCTYPE = '<!DOCTYPE manifest [<!ENTITY a "aaaaaaaaaa">]>'
# {what it is: (how it is made, words of the refusal)}
BAD = {
    "no zip": (lambda: b"%PDF-1.4", "не zip"),
    "cut short": (lambda: plain()[:-40], "не zip"),
    "cut inside": (lambda: plain()[200:], "поврежд"),
    "up": (lambda: with_entry("../a.html"), "за пределы"),
    "up inside": (lambda: with_entry("a/../../b.html"), "за пределы"),
    "absolute": (lambda: with_entry("/etc/passwd"), "за пределы"),
    "drive": (lambda: with_entry("C:/a.html"), "за пределы"),
    "backslash": (lambda: with_entry("..\\a.html"), "за пределы"),
    "control": (lambda: with_entry("a\x01b"), "за пределы"),
    "link": (lambda: with_entry("a", stat.S_IFLNK | 0o777, "/etc/passwd"), "ссылка"),
    "device": (lambda: with_entry("a", stat.S_IFCHR | 0o777), "ссылка"),
    "twice": (lambda: with_entry("page.html"), "дважды"),
    "twice but for capitals": (lambda: with_entry("Page.HTML"), "дважды"),
    "long name": (lambda: with_entry("a" * 300), "слишком длинное имя"),
    "locked": (lambda: packages.patched(plain(), b"PK\x01\x02", 8, "<H", 1), "паролем"),
    "unusual method": (lambda: packages.patched(plain(), b"PK\x01\x02", 10, "<H", 14), "необычным способом"),
    "two disks": (lambda: packages.patched(plain(), b"PK\x05\x06", 4, "<H", 1), "нескольких частей"),
    "a count that lies": (lambda: packages.patched(plain(), b"PK\x05\x06", 8, "<L", 0x00010001), "поврежд"),
    "a size that lies": (lambda: packages.patched(plain(), b"PK\x01\x02", 24, "<L", 5), "поврежд"),
    "a sum that lies": (lambda: packages.patched(plain(), b"PK\x01\x02", 16, "<L", 5), "поврежд"),
    "a place that lies": (lambda: packages.patched(plain(), b"PK\x01\x02", 42, "<L", 0), "поврежд"),
    "very large by its size": (lambda: packages.patched(plain(), b"PK\x01\x02", 24, "<L", 2**32 - 2), "распакован"),
    "no manifest": (lambda: zipped({"a.txt": "a"}), "нет imsmanifest.xml"),
    "a folder of it": (lambda: zipped({"урок/imsmanifest.xml": manifest(), "урок/page.html": PAGE}), "лежит в папке «урок»"),
    "capitals": (lambda: zipped({"IMSManifest.xml": manifest(), "page.html": PAGE}), "прописными"),
    "a page": (lambda: zipped({"index.html": PAGE}), "обычная веб-страница"),
    "AICC": (lambda: zipped({"a.crs": "", "a.au": ""}), "«AICC»"),
    "xAPI": (lambda: zipped({"tincan.xml": "<a/>", "index.html": PAGE}), "«xAPI (Tin Can)»"),
    "cmi5": (lambda: zipped({"cmi5.xml": "<a/>", "index.html": PAGE}), "«cmi5»"),
    "cartridge": (lambda: plain(schema="IMS Common Cartridge", version="1.1.0"), "другого вида"),
    "SCORM 1.1": (lambda: plain(version="1.1"), "версии «1.1»"),
    "SCORM 2004 of no edition": (lambda: plain(version="2004 9th Edition"), "версии «2004 9th Edition»"),
    "no XML": (lambda: zipped({"imsmanifest.xml": "<a", "page.html": PAGE}), "не читается"),
    "another root": (lambda: zipped({"imsmanifest.xml": "<a/>", "page.html": PAGE}), "не начинается"),
    "document type": (lambda: plain(head=DOCTYPE), "DOCTYPE"),
    "document type elsewhere": (lambda: plain(head='<!DOCTYPE a SYSTEM "file:///etc/passwd">'), "DOCTYPE"),
    "deep": (lambda: plain(items="<item>" * 100 + "</item>" * 100), "слишком глубоко"),
    "many": (lambda: plain(items='<item identifierref="r"><title>a</title></item>' * 301), "больше 300"),
    "nothing to launch": (lambda: plain(items="<item><title>a</title></item>"), "нечего запускать"),
    "a part without a page": (lambda: plain(items='<item identifierref="x"><title>a</title></item>'), "не называет"),
    "a page that is not there": (lambda: plain(href="other.html"), "нет в архиве"),
    "a page outside": (lambda: plain(href="../../etc/passwd"), "нет в архиве"),
    "a page elsewhere": (lambda: plain(href="https://example.com/a.html"), "на другом сайте"),
    "a page of a script": (lambda: plain(href="javascript:alert(1)"), "на другом сайте"),
    "zip64": (lambda: plain()[:-22] + b"PK\x06\x07" + bytes(16) + plain()[-22:], "zip64"),
}  # fmt: skip
BOMBS = {
    "two gigabytes": lambda: packages.bomb(),
    "two gigabytes that lie": lambda: packages.bomb(said=1 << 20),
    "just under the limit, dense": lambda: packages.bomb(size=390 << 20),
    "a million files": lambda: packages.crowd(),
    "sixty thousand files": lambda: packages.crowd(60_000),
}


@pytest.fixture
def scraps(tmp_path, monkeypatch):
    """Return the folder of temporary files of this test; it must be empty at its end."""
    folder = tmp_path / "scraps"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert not os.listdir(folder), f"left behind: {os.listdir(folder)}"


@on_sqlite
@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_run_says_why(app, name):
    make, words = BAD[name]
    data = make()
    with app.test_request_context("/"), pytest.raises(Refused) as refused:
        scorm_packages.read(io.BytesIO(data))
    assert words in str(refused.value), str(refused.value)


@on_sqlite
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_within_a_second(app, name):
    data = BOMBS[name]()
    begin = time.process_time()
    with app.test_request_context("/"), pytest.raises(Refused):
        scorm_packages.read(io.BytesIO(data))
    assert time.process_time() - begin < 1.0


@on_sqlite
@pytest.mark.parametrize("parts", [1, 4])
@pytest.mark.parametrize("standard", scorm_sample.STANDARDS)
def test_our_own_are_read(app, standard, parts):
    with app.test_request_context("/"):
        package = scorm_packages.read(io.BytesIO(scorm_sample.package(standard, parts)))
    assert f"{package.manifest.standard}-{package.manifest.edition}".rstrip("-") == standard
    assert [item.is_sco for item in package.manifest.items] == [True] * parts
    last = package.manifest.items[-1]
    assert (last.mastery, last.passing) == ((60.0, None) if standard == "1.2" else (None, 0.6))


@on_sqlite
@pytest.mark.parametrize(
    ("data", "path"),
    [
        (packages.in_dos_letters(), "стекло.html"),
        (zipped({"imsmanifest.xml": manifest(href="%D1%83%D1%80%D0%BE%D0%BA.html"), "урок.html": PAGE}), "урок.html"),
        (zipped({"imsmanifest.xml": manifest(href="PAGE.HTML"), "page.html": PAGE}), "page.html"),
        (zipped({"imsmanifest.xml": manifest(href="a\\page.html"), "a/page.html": PAGE}), "a/page.html"),
    ],
    ids=["letters of DOS", "percents", "capitals", "backslash"],
)
def test_names_are_found_however_they_are_written(app, data, path):
    with app.test_request_context("/"):
        [item] = scorm_packages.read(io.BytesIO(data)).manifest.items
    assert item.path == path


@on_sqlite
def test_a_name_in_no_letters_is_refused(app):
    data = packages.in_dos_letters("░▒▓█.html")
    with app.test_request_context("/"), pytest.raises(Refused, match="не читается"):
        scorm_packages.read(io.BytesIO(data))


def upload(client, address, data, **fields):
    """Send the form of a lesson with a package."""
    form = {"kind": "scorm", "title": "Уход за стеклом", "package": (io.BytesIO(data), "урок.zip"), **fields}
    return client.post(address, form, content_type="multipart/form-data")


def test_a_package_is_kept_and_shared_and_goes_with_its_last_version(portal, htmx):
    made, [_lesson] = packages.course_with(portal)
    key = portal.one(select(ScormPackage.key))
    client = portal.client(portal.cast.ed, htmx)
    draft = client.post(f"/courses/{made}/lessons", {"kind": "text", "title": "Ещё урок"})
    assert draft.status in (200, 303)
    assert portal.count(LessonFile, LessonFile.key == key) == 2
    assert packages.package_count(portal) == 1
    # A new package takes the place of the old one in the draft alone.
    lesson = packages.draft_ids(portal, made)[0]
    assert upload(client, f"/courses/{made}/lessons/{lesson}", scorm_sample.package("2004-4")).status in (200, 303)
    assert sorted(row[0] for row in portal.rows(select(ScormPackage.standard))) == ["1.2", "2004"]
    client.post(f"/courses/{made}/discard")
    assert [row[0] for row in portal.rows(select(ScormPackage.key))] == [key]
    with portal.context():
        assert media().get(key) == scorm_sample.package()

    def forget():
        version = db.session.get_one(Course, made).versions[0]
        courses.copying.remove_version(version)

    with portal.app.test_request_context("/"):
        forget()
        db.session.commit()
    assert packages.package_count(portal) == 0 and portal.count(ScormFile) == 0


def test_a_duplicate_shares_the_package(portal):
    made, _lessons = packages.course_with(portal)
    portal.client(portal.cast.ed).post(f"/courses/{made}/duplicate")
    assert portal.count(LessonFile) == 2 and packages.package_count(portal) == 1


def test_a_refused_package_leaves_nothing_and_nothing_typed_is_lost(portal, scraps, htmx):
    made = course(portal, "text", publish=False)
    client = portal.client(portal.cast.ed, htmx)
    answer = upload(client, f"/courses/{made}/lessons", packages.bomb(size=1 << 30), body="Мой текст")
    assert answer.status == 422
    assert "урок.zip" in answer and "Мой текст" in answer
    assert portal.count(LessonFile) == 0 and packages.package_count(portal) == 0
    with portal.context():
        assert not list(media().keys())


def test_a_package_stays_when_the_rest_of_the_form_is_wrong(portal):
    made = course(portal, "text", publish=False)
    client = portal.client(portal.cast.ed)
    answer = upload(client, f"/courses/{made}/lessons", scorm_sample.package(), title="")
    assert answer.status == 422 and "урок.zip" in answer
    [file] = [row[0] for row in portal.rows(select(LessonFile.id))]
    client.post(f"/courses/{made}/lessons", {"kind": "scorm", "title": "Уход", "file": file})
    assert portal.one(select(LessonFile.lesson_id)) is not None


def test_without_a_package_a_course_is_not_published(portal):
    made = course(portal, "scorm", publish=False)
    client = portal.client(portal.cast.ed)
    client.post(f"/courses/{made}/publish")
    assert portal.one(select(Course.edition)) == 0
    assert "ещё нет пакета" in client.get(f"/courses/{made}/edit")


def test_editors_see_what_is_in_it(portal):
    made, [lesson] = packages.course_with(portal, scorm_sample.package("2004-3", 4))
    page = portal.client(portal.cast.ed).get(f"/courses/{made}/lessons/{lesson}/edit")
    assert "SCORM 2004, 3-я редакция" in page and "Как сушить и полировать" in page


def test_rules_that_are_left_aside_are_said(portal):
    rules = "<imsss:sequencing xmlns:imsss='x'><imsss:sequencingRules/></imsss:sequencing>"
    made, [lesson] = packages.course_with(portal, plain(version="2004 4th Edition", more=rules))
    assert "порядок частей" in portal.client(portal.cast.ed).get(f"/courses/{made}/lessons/{lesson}/edit")
