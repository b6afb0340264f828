"""Files that are broken, locked, something else, or built to do harm end in a sentence, and hurt nobody."""

import io
import struct
import time
import zipfile
import zlib

import pytest
from sqlalchemy import select

from app.people.imports import StaffImport
from app.people.staff_list_file import NotAStaffList
from tests.imports.acts import ANN, as_csv, send, upload
from tests.people.lists import read, write_xlsx

# A start of Python and a bit, on a machine that does other things besides.
SECONDS = 5


def reason(tmp_path, content, name="list.xlsx"):
    """Return the code under which a file is refused."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NotAStaffList) as refused:
        read(path)
    return refused.value.code


def packed(**members):
    """Return a zip file of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"\x00" * 5000, "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(500), "picture"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "picture"),
        (b"%PDF-1.7\n" + bytes(500), "pdf"),
        (b"{\\rtf1 list}", "document"),
        (b"Rar!\x1a\x07\x00" + bytes(500), "archive"),
        (b"PK\x03\x04" + bytes(500), "broken"),
        (b"PK\x05\x06" + bytes(18), "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"), "broken"),
        (b"MZ\x90\x00" + bytes(2000), "unknown"),
        (bytes(range(256)) * 40, "unknown"),
        ("Дорогая редакция!".encode(), "no_list"),
        (b"<html><body>no table</body></html>", "unknown"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><table><tr><td>&a;</td></tr></table>", "unknown"),
        (packed(word__document_xml="<w/>"), "document"),
        (packed(holiday_jpg="x"), "archive"),
        (packed(xl__workbook_xml="<not xml"), "broken"),
        (packed(content_xml="<not xml"), "archive"),
    ],
)
def test_what_is_no_list(tmp_path, content, code):
    assert reason(tmp_path, content) == code


def test_a_truncated_workbook(tmp_path):
    whole = write_xlsx(tmp_path / "a.xlsx", [["Таб. №", "ФИО"], ["1", "Пак Ян"]]).read_bytes()
    for length in (100, len(whole) // 2, len(whole) - 30):
        assert reason(tmp_path, whole[:length]) == "broken"


def test_a_workbook_that_unpacks_to_gigabytes(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _piece in range(450):
                sheet.write(bytes(1 << 20))
    assert len(file.getvalue()) < 1 << 20
    assert reason(tmp_path, file.getvalue()) == "too_large"


def test_two_gigabytes_in_two_megabytes(tmp_path):
    """Each member is honest about its size, the whole is a bomb: 2 GiB of noughts in less than 2 MiB."""
    piece = zlib.compressobj(9, zlib.DEFLATED, -15)
    noughts = piece.compress(bytes(16 << 20)) + piece.flush(zlib.Z_FULL_FLUSH)
    squeezed, size = noughts * 127 + b"\x03\x00", 127 * 16 << 20
    content = zipped(b"xl/workbook.xml", squeezed, size)
    assert len(content) < 2 << 20 < 1 << 30 < size
    begin = time.monotonic()
    assert reason(tmp_path, content) == "too_large"
    assert time.monotonic() - begin < SECONDS


def test_a_million_members(tmp_path):
    """Reading what they are called would take seconds and all memory."""
    name = b"xl/a"
    one = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0) + name
    size = len(one) * 1_000_000
    large = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1_000_000, 1_000_000, size, 0)
    where = struct.pack("<IIQI", 0x07064B50, 0, size, 1)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    for content in (one * 1_000_000 + large + where + end, one * 65_000 + end_of(65_000, len(one) * 65_000, 0)):
        begin = time.monotonic()
        assert reason(tmp_path, b"PK\x03\x04" + content) == "too_large"
        assert time.monotonic() - begin < SECONDS


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/cron.d/evil", "C:\\evil.xml", "xl/../../evil.xml"])
def test_members_that_want_to_lie_elsewhere(tmp_path, name):
    """Nothing is ever unpacked to a disk, whatever a member is called; a symlink is a few bytes of text."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        link = zipfile.ZipInfo(name)
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    before = sorted(tmp_path.parent.iterdir())
    assert reason(tmp_path, file.getvalue()) in ("broken", "empty", "no_list")
    assert sorted(tmp_path.parent.iterdir()) == before
    assert [path.name for path in tmp_path.iterdir()] == ["list.xlsx"]


LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ха'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip


@pytest.mark.parametrize("member", ["xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_a_workbook_of_a_thousand_million_laughs(tmp_path, member):
    path = write_xlsx(tmp_path / "a.xlsx", [["Таб. №", "ФИО", "Должность"], ["1", "Пак Ян", "Продавец"]])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    text = members[member].decode().replace("?>", "?>" + LAUGHS, 1)
    members[member] = text.replace("Пак Ян", "Пак &a9;").replace("Лист1", "&a9;").replace("<row r", "&a9;<row r", 1).encode()
    laughs_at(tmp_path, packed(**members), "list.xlsx")


def test_an_open_document_of_a_thousand_million_laughs(tmp_path):
    cell = "<table:table-cell><text:p>&a9;</text:p></table:table-cell>"
    names = ["office:1.0", "table:1.0", "text:1.0"]
    spaces = " ".join(f'xmlns:{name.split(":")[0]}="urn:oasis:names:tc:opendocument:xmlns:{name}"' for name in names)
    inside = f"<table:table table:name='a'><table:table-row>{cell}</table:table-row></table:table>"
    body = f"<office:body><office:spreadsheet>{inside}</office:spreadsheet></office:body>"
    content = f"<?xml version='1.0'?>{LAUGHS}<office:document-content {spaces}>{body}</office:document-content>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    laughs_at(tmp_path, packed(mimetype=kind, **{"content.xml": content}), "list.ods")


def laughs_at(tmp_path, content, name):
    """Whatever is made of it, it takes no time, and nobody's name is a gigabyte long."""
    (tmp_path / name).write_bytes(content)
    begin = time.monotonic()
    try:
        found = read(tmp_path / name)
    except NotAStaffList as refused:
        assert refused.code in ("broken", "empty", "no_list")
    else:
        assert len(repr(found)) < 2000
    assert time.monotonic() - begin < SECONDS


def zipped(name, squeezed, size):
    """Return a zip file of one member that is deflated already."""
    header = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, 0, len(squeezed), size, len(name), 0) + name
    central = (
        struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, 0, len(squeezed), size, len(name), *[0] * 6) + name
    )
    return header + squeezed + central + end_of(1, len(central), len(header) + len(squeezed))


def end_of(members, size, at):
    """Return how a zip file ends."""
    return struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, members, members, size, at, 0)


def test_a_workbook_that_lies_about_its_size(tmp_path):
    content = zlib.compressobj(9, zlib.DEFLATED, -15)
    squeezed = content.compress(bytes(64 << 20)) + content.flush()
    assert reason(tmp_path, zipped(b"xl/workbook.xml", squeezed, 10)) == "broken"


def test_a_workbook_with_cells_far_apart(tmp_path):
    """Two cells in opposite corners of a sheet would be 17 billion cells between them."""
    path = write_xlsx(tmp_path / "a.xlsx", [["Таб. №", "ФИО"], ["1", "Пак Ян"]])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", far)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert reason(tmp_path, file.getvalue()) == "too_large"


def test_a_workbook_that_asks_for_a_file_of_the_server(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [["Таб. №", "ФИО", "Должность"], ["1", "Пак Ян", "Продавец"]])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    strings = members["xl/sharedStrings.xml"].decode()
    strings = strings.replace("?>", '?><!DOCTYPE sst [<!ENTITY secret SYSTEM "file:///etc/passwd">]>', 1)
    members["xl/sharedStrings.xml"] = strings.replace("Пак Ян", "Пак &secret;Ян").encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    try:
        found = read(path)
    except NotAStaffList as refused:
        assert refused.code == "broken"
    else:
        assert "root:" not in repr(found)


def test_shared_strings_with_a_capital_letter(tmp_path):
    """Accounting writes xl/SharedStrings.xml, which is not what the others look for."""
    path = write_xlsx(tmp_path / "a.xlsx", [["Таб. №", "ФИО", "Должность"], ["1", "Пак Ян", "Продавец"]])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/SharedStrings.xml"] = members.pop("xl/sharedStrings.xml")
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        members[name] = members[name].replace(b"sharedStrings.xml", b"SharedStrings.xml")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert [row.name.last for row in read(path)] == ["Пак"]


def test_text_with_noughts_between(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv(ANN).replace(b"01001", b"010\x0001"))
    assert [row.number for row in read(path)] == ["01001"]


def test_an_endless_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv([*ANN[:1], "Пак Ян " * 200_000, *ANN[2:]]))
    assert len(read(path)) == 1


def test_half_a_million_rows(tmp_path):
    assert reason(tmp_path, b"1;2\n" * 400_000, "a.csv") == "too_large"


@pytest.mark.parametrize(
    "text", ["\x00", "\ud800", "\u202eИван", "😀" * 200, "<b>Иван</b>", "Z͑ͫ̓a̴l͎g̈́o", "=cmd|' /C calc'!A0", "{{ 7*7 }}"]
)
def test_strange_letters_in_every_cell(portal, text):
    row = [f"{cell} {text}" if at not in (0, 5, 6) else cell for at, cell in enumerate(ANN)]
    client = portal.client(portal.cast.hana)
    content = as_csv().decode() + ";".join(row)
    at = upload(client, content.encode("utf-8", "surrogatepass"))
    page = client.get(f"/people/imports/{at}")
    assert page.status == 200
    assert "<b>Иван</b>" not in page
    assert client.post(f"/people/imports/{at}/apply").status == 303
    assert client.get(f"/people/imports/{at}").status == 200
    assert client.get("/people/staff.xlsx").status == 200


def test_a_file_too_large_is_a_sentence(portal, monkeypatch):
    monkeypatch.setattr("app.people.import_routes.LARGEST_FILE", 1000)
    answer = send(portal.client(portal.cast.hana), as_csv(*[ANN] * 20))
    assert answer.status == 422
    assert "слишком большой" in answer
    assert portal.count(StaffImport) == 0


def test_every_failure_has_its_sentence_on_the_page(portal):
    client = portal.client(portal.cast.hana)
    for content in (b"", b"%PDF-1.7", b"PK\x03\x04" + bytes(300), b"\x89PNG\r\n\x1a\n", "Письмо".encode()):
        at = upload(client, content)
        page = client.get(f"/people/imports/{at}")
        assert page.status == 200
        assert "Прочитать список не удалось" in page
        assert client.post(f"/people/imports/{at}/apply").status == 303
        assert portal.one(select(StaffImport.status).where(StaffImport.id == at)) == "failed"
