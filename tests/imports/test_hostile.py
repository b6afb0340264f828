"""Files that are broken, locked, something else, or built to do harm end in a sentence, and hurt nobody."""

import io
import struct
import zipfile
import zlib

import pytest
from sqlalchemy import select

from app.people.imports import StaffImport
from app.people.staff_list_file import NotAStaffList
from tests.imports.acts import ANN, as_csv, send, upload
from tests.people.lists import read, write_xlsx


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


def test_a_workbook_that_lies_about_its_size(tmp_path):
    content = zlib.compressobj(9, zlib.DEFLATED, -15)
    squeezed = content.compress(bytes(64 << 20)) + content.flush()
    name = b"xl/workbook.xml"
    header = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, 0, len(squeezed), 10, len(name), 0) + name
    central = (
        struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, 0, len(squeezed), 10, len(name), 0, 0, 0, 0, 0, 0)
        + name
    )
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(central), len(header) + len(squeezed), 0)
    assert reason(tmp_path, header + squeezed + central + end) == "broken"


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
