"""Files of lessons: taken in before the form is right, as photos of posts are, and served to learners only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, BinaryIO, NamedTuple, cast

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from werkzeug.datastructures import FileStorage

from app import pictures
from app.content.documents import Document
from app.content.documents import read as read_documents
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.forms import tidy
from app.jobs import every
from app.learning import scorm_packages
from app.learning.copying import drop_unused
from app.learning.models import Lesson, LessonFile
from app.media import keep, new_key

LARGEST_VIDEO = 120 * 1024 * 1024
LARGEST_CAPTIONS = 1024 * 1024
MOST_PICTURES = 30
MOST_DOCUMENTS = 10
# Of these a lesson has one.
SINGLE = ("video", "poster", "captions", "package")
KEEP_UNSENT = timedelta(days=7)
MOST_UNSENT = 60
PICTURE_WIDTH = 960


class Incoming(NamedTuple):
    """A file that was read and found good; `data` may be a stream where it is large."""

    role: str
    name: str
    content_type: str
    size: int
    data: bytes | BinaryIO
    width: int | None = None
    height: int | None = None
    package: scorm_packages.Package | None = None


def read(role: str, uploads: Sequence[Any]) -> tuple[list[Incoming], list[str]]:
    """Read what came for a role; return the good files, and for the others why not. Touches no row."""
    named = [upload for upload in uploads if isinstance(upload, FileStorage) and upload.filename]
    if role == "document":
        good, bad = read_documents(named)
        return [_of_document(document) for document in good], bad
    reader = {"video": _video, "captions": _captions, "poster": _picture, "picture": _picture, "package": _package}[role]
    good_files, wrong = [], []
    for upload in named[:MOST_PICTURES]:
        name = tidy(str(upload.filename).replace("/", " ").replace("\\", " "))[-120:]
        try:
            good_files.append(reader(role, name, upload))
        except Refused as refused:
            wrong.append(f"{name}: {refused}")
    return good_files, wrong


def take_in(owner_id: int, incoming: Iterable[Incoming]) -> list[LessonFile]:
    """Store files that belong to no lesson yet; if the transaction fails, none of them is left."""
    taken = []
    for file in incoming:
        key = new_key("lesson")
        keep({key: file.data})
        about = {"role": file.role, "name": file.name, "size": file.size, "content_type": file.content_type}
        shape = {"width": file.width, "height": file.height}
        if file.package is not None:
            scorm_packages.keep(key, file.package)
        taken.append(LessonFile(owner_id=owner_id, key=key, created_at=now(), **about, **shape))
    db.session.add_all(taken)
    db.session.flush()
    _discard(LessonFile.owner_id == owner_id, beyond=MOST_UNSENT)
    return taken


def unsent(owner_id: int, file_ids: Iterable[int]) -> Sequence[LessonFile]:
    """Return those of the named files that are this person's and belong to no lesson yet."""
    mine = (LessonFile.id.in_(list(file_ids)[:100]), LessonFile.owner_id == owner_id, LessonFile.lesson_id.is_(None))
    return db.session.scalars(select(LessonFile).where(*mine).order_by(LessonFile.id)).all()


def attach(lesson: Lesson, owner_id: int, file_ids: Iterable[int]) -> None:
    """Let a lesson have the owner's files; a new one of which there is one takes the place of the former."""
    for file in unsent(owner_id, file_ids):
        if file.role in SINGLE:
            detach(lesson, [one.id for one in lesson.files if one.role == file.role])
        lesson.files.append(file)
    for role, most in (("document", MOST_DOCUMENTS), ("picture", MOST_PICTURES)):
        if sum(file.role == role for file in lesson.files) > most:
            raise Refused(_("At most %(n)d files.", n=most), role)
    db.session.flush()


def detach(lesson: Lesson, file_ids: Iterable[int]) -> None:
    """Take files off a lesson; what no other version names is deleted."""
    gone = set(file_ids)
    leaving = [file for file in lesson.files if file.id in gone]
    for question in lesson.questions:
        if question.picture_id in gone:
            question.picture = None
    db.session.flush()
    for file in leaving:
        lesson.files.remove(file)
        db.session.delete(file)
    db.session.flush()
    drop_unused([file.key for file in leaving])


@every(timedelta(days=1))
def sweep() -> None:
    """Delete files whose form was never sent."""
    _discard(LessonFile.created_at < now() - KEEP_UNSENT)


def _discard(condition: ColumnElement[bool], beyond: int = 0) -> None:
    """Delete files that belong to no lesson yet, but for so many of the newest."""
    waiting = select(LessonFile).where(LessonFile.lesson_id.is_(None), condition)
    leaving = db.session.scalars(waiting.order_by(LessonFile.id.desc()).offset(beyond).limit(500)).all()
    for file in leaving:
        db.session.delete(file)
    db.session.flush()
    drop_unused([file.key for file in leaving])


def _of_document(document: Document) -> Incoming:
    return Incoming("document", document.name, document.content_type, len(document.data), document.data)


def _video(role: str, name: str, upload: FileStorage) -> Incoming:
    """Take a video as it is: MP4 and WebM play in every browser that the portal knows."""
    stream = cast(BinaryIO, upload.stream)
    head = stream.read(64)
    kind = "video/mp4" if head[4:8] == b"ftyp" else "video/webm" if head[:4] == b"\x1a\x45\xdf\xa3" else ""
    if not kind:
        raise Refused(_("only MP4 and WebM videos play in every browser."))
    size = stream.seek(0, 2)
    stream.seek(0)
    if size > LARGEST_VIDEO:
        raise Refused(_("larger than %(n)d MB.", n=LARGEST_VIDEO >> 20))
    return Incoming(role, name, kind, size, stream)


def _package(role: str, name: str, upload: FileStorage) -> Incoming:
    """Take a package as it is, once everything in it was looked at."""
    stream = cast(BinaryIO, upload.stream)
    package = scorm_packages.read(stream)
    size = stream.seek(0, 2)
    stream.seek(0)
    return Incoming(role, name, "application/zip", size, stream, package=package)


def _captions(role: str, name: str, upload: FileStorage) -> Incoming:
    data = upload.stream.read(LARGEST_CAPTIONS + 1)
    if len(data) > LARGEST_CAPTIONS or not data.lstrip(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        raise Refused(_("captions are a WebVTT file (.vtt)."))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(_("captions are a WebVTT file in UTF-8.")) from None
    return Incoming(role, name, "text/vtt; charset=utf-8", len(data), data)


def _picture(role: str, name: str, upload: FileStorage) -> Incoming:
    picture = pictures.variants(cast(BinaryIO, upload.stream))
    width = min((one for one in picture.widths if one >= PICTURE_WIDTH), default=max(picture.widths))
    data = picture.files[width]
    height = round(picture.height * width / picture.width)
    return Incoming(role, name, "image/webp", len(data), data, width, height)
