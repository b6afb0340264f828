"""Packages for tests: good ones by the portal's own maker, and such as nobody should take."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from app.extensions import db
from app.learning import courses, lesson_files, lessons, scorm_packages, scorm_sample
from app.learning.models import Course
from app.learning.scorm_models import ScormPackage
from tests.learning.making import lesson_ids

PAGE = "<!doctype html><title>Урок</title>"


def zipped(files, **more):
    """Return a zip of these files, as {name: text or bytes}."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def manifest(version="1.2", schema="ADL SCORM", href="page.html", kind="sco", items=None, head="", more=""):
    """Return a manifest of one page, or one with other words in it."""
    space = "adlcp_v1p3" if version.startswith("2004") else "adlcp_rootv1p2"
    said = f"<schema>{schema}</schema><schemaversion>{version}</schemaversion>" if version else ""
    item = f'<item identifier="i" identifierref="r"><title>Урок</title>{more}</item>' if items is None else items
    return (
        f'<?xml version="1.0"?>{head}<manifest xmlns:adlcp="http://www.adlnet.org/xsd/{space}"><metadata>{said}</metadata>'
        f'<organizations default="o"><organization identifier="o"><title>Стекло</title>{item}</organization></organizations>'
        f'<resources><resource identifier="r" adlcp:scormtype="{kind}" href="{href}"/></resources></manifest>'
    )


def plain(**more):
    """Return a small good package, or one whose manifest says something else."""
    return zipped({"imsmanifest.xml": manifest(**more), "page.html": PAGE})


def with_entry(name, attributes=None, data="x"):
    """Return a good package with one more entry of any name and kind."""
    packed = io.BytesIO(plain())
    with zipfile.ZipFile(packed, "a") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = name
        if attributes is not None:
            info.create_system, info.external_attr = 3, attributes << 16
        archive.writestr(info, data)
    return packed.getvalue()


def in_dos_letters(name="стекло.html", flag=False):
    """Return a package with a file named in the letters of DOS, as Windows packs it."""
    stand_in = "#" * len(name)
    data = zipped({"imsmanifest.xml": manifest(href=name), stand_in: PAGE})
    return data.replace(stand_in.encode(), name.encode("cp866"))


def bomb(size=2 << 30, said=None):
    """Return a small zip that is very large inside, and says so unless told what to say."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # A block that depends on none before it: so many of them are made by writing them down.
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    data = block * (size >> 20) + packer.flush()
    good = plain()
    end = good.rindex(b"PK\x05\x06")
    count, length, start = struct.unpack("<10xH2L", good[end : end + 20])
    about = struct.pack("<5H3L2H", 20, 0, 8, 0, 33, 0, len(data), size if said is None else said, 1, 0)
    head = b"PK\x03\x04" + about + b"a"
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + about + struct.pack("<3H2L", 0, 0, 0, 0, start) + b"a"
    directory = good[start : start + length] + entry
    place = start + len(head) + len(data)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count + 1, count + 1, len(directory), place, 0)
    return good[:start] + head + data + directory + tail


def crowd(count=1_000_000):
    """Return an archive whose directory names so many files."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * count
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), 0, 0)
    return directory + end


def patched(data, signature, offset, form, value):
    """Return an archive with one number changed in the last record of a kind."""
    place = data.rindex(signature) + offset
    return data[:place] + struct.pack(form, value) + data[place + struct.calcsize(form) :]


def course_with(portal, *archives, by=None, publish=True, in_order=False):
    """Make a course of packages; return its id and the ids of its lessons."""
    viewer = portal.viewer(by or portal.cast.ed)

    def make():
        about = courses.About(title="Стекло", body="О стекле", keys=("everybody",), in_order=in_order)
        made = courses.create(viewer, about)
        for number, data in enumerate(archives or (scorm_sample.package(),), 1):
            [file] = lesson_files.take_in(viewer.id, [incoming(data)])
            lessons.add(viewer, made, "scorm", lessons.Content(title=f"Пакет {number}", file_ids=[file.id]))
        if publish:
            courses.publish(viewer, made)
        return made.id

    with portal.app.test_request_context("/"):
        made = make()
        db.session.commit()
    return made, lesson_ids(portal, made) if publish else draft_ids(portal, made)


def incoming(data, name="a.zip"):
    """Return an archive as an upload that was read."""
    stream = io.BytesIO(data)
    package = scorm_packages.read(stream)
    return lesson_files.Incoming("package", name, "application/zip", len(data), stream, package=package)


def draft_ids(portal, course_id):
    """Return the ids of the lessons of a draft."""
    with portal.context():
        return [lesson.id for lesson in db.session.get_one(Course, course_id).versions[-1].lessons]


def package_count(portal):
    """Count what is known of packages."""
    return portal.count(ScormPackage)
