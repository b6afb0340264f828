"""Documents that people attach: known by their content, whatever they call themselves; never anything that runs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.forms import tidy

MOST_FILES = 10
LARGEST = 20 * 1024 * 1024
MOST_DIRECTORY = 256 * 1024
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMAGES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}
ENDINGS = {
    "application/pdf": "pdf",
    WORD: "docx",
    EXCEL: "xlsx",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
}


class Document(NamedTuple):
    """A file that was read and found good."""

    name: str
    content_type: str
    data: bytes


def read(uploads: Sequence[Any]) -> tuple[list[Document], list[str]]:
    """Read uploaded files; return the good ones, and for the others why not. Touches no row."""
    good, bad = [], []
    named = [upload for upload in uploads if isinstance(upload, FileStorage) and upload.filename]
    if len(named) > MOST_FILES:
        bad.append(_("At most %(n)d files at once: the first %(n)d were taken.", n=MOST_FILES))
    for upload in named[:MOST_FILES]:
        name = tidy(str(upload.filename).replace("/", " ").replace("\\", " "))[-120:]
        data = upload.stream.read(LARGEST + 1)
        content_type = kind_of(data)
        if not data:
            bad.append(_("%(name)s is empty.", name=name))
        elif len(data) > LARGEST:
            bad.append(_("%(name)s is larger than %(n)d MB.", name=name, n=LARGEST >> 20))
        elif content_type is None:
            bad.append(_("%(name)s: only PDF, Word (docx), Excel (xlsx) and pictures.", name=name))
        else:
            good.append(Document(_named(name, content_type), content_type, data))
    return good, bad


def kind_of(data: bytes) -> str | None:
    """Tell what a file is by its content, whatever it calls itself."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    return next((kind for magic, kind in IMAGES.items() if data.startswith(magic)), None)


def _office(data: bytes) -> str | None:
    end = data.rfind(b"PK\x05\x06")
    # The list of an honest document's members is a few KB long; reading one of a million would take seconds.
    if not 0 <= end <= len(data) - 22 or int.from_bytes(data[end + 12 : end + 16], "little") > MOST_DIRECTORY:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return WORD if "word/document.xml" in names else EXCEL if "xl/workbook.xml" in names else None


def _named(name: str, content_type: str) -> str:
    """Return the name with the ending that belongs to the content."""
    ending = ENDINGS[content_type]
    stem, dot, former = name.rpartition(".")
    if dot and former.casefold() in (ending, "jpeg" if ending == "jpg" else ending):
        return name
    return f"{stem if dot and stem else name}.{ending}"
