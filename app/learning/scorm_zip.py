"""A zip as it comes from outside: looked through to its last entry before anything of it is kept.

What the directory at its end says is not believed but compared: with itself, with each entry's own header, with what comes
out when it is inflated. Nothing is ever unpacked onto a disk; later, single files are read out of the archive as it lies.
"""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from flask_babel import gettext as _

from app.errors import Refused

MIB = 1 << 20
LARGEST = 120 * MIB
LARGEST_INSIDE = 400 * MIB
MOST_ENTRIES = 5_000
# Names, sizes and places of so many entries have room in it; a directory that is larger is not even read.
LARGEST_DIRECTORY = 2 * MIB
# Text packs ten times smaller, drawings fifty times; what packs better than this is made to burst.
HIGHEST_RATIO = 120
UNSUSPECTED = 16 * MIB
LONGEST_NAME = 240
CHUNK = 1 << 16

_END, _END_SIZE = b"PK\x05\x06", 22
_LOCATOR, _LOCATOR_SIZE = b"PK\x06\x07", 20
_LOCAL, _LOCAL_SIZE = b"PK\x03\x04", 30
_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNWANTED = re.compile(r"[\x00-\x1f\x7f\\]|^[A-Za-z]:|^/")
_RUSSIAN = re.compile(r"[\x20-\x7eА-яЁё№]+")
# What systems put into archives for themselves.
_JUNK = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.I)


class Entry(NamedTuple):
    """A file in an archive: what it is called, and where its bytes lie."""

    name: str
    offset: int
    is_deflated: bool
    packed: int
    size: int
    crc: int


class Archive:
    """A zip that was looked through: its files by name."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read the directory and refuse what no honest program writes; inflates nothing yet."""
        self.stream = stream
        self.size = stream.seek(0, 2)
        if self.size > LARGEST:
            raise Refused(_("larger than %(n)d MB.", n=LARGEST // MIB))
        self._check_end()
        self.entries = {entry.name: entry for entry in self._read()}

    def read(self, name: str, most: int) -> bytes:
        """Return a whole file, if it is no larger than that."""
        entry = self.entries[name]
        if entry.size > most:
            raise Refused(_("“%(name)s” in it is too large.", name=name))
        data = b"".join(inflated(self.stream, entry))
        _check_inside(entry, len(data), zlib.crc32(data))
        return data

    def check_inside(self) -> None:
        """Inflate everything once and compare it with what the directory says."""
        for entry in self.entries.values():
            length = crc = 0
            for piece in inflated(self.stream, entry):
                length, crc = length + len(piece), zlib.crc32(piece, crc)
            _check_inside(entry, length, crc)

    def _check_end(self) -> None:
        """Look at the end of the archive by hand: how much there is to be read must be known before it is read."""
        length = min(self.size, _END_SIZE + 0xFFFF)
        self.stream.seek(self.size - length)
        tail = self.stream.read(length)
        place = tail.rfind(_END)
        if place < 0 or len(tail) - place < _END_SIZE:
            raise Refused(_("this is not a zip archive, or it came only in part."))
        disk, start_disk, here, count, directory, _offset, _note = struct.unpack(
            "<4H2LH", tail[place + 4 : place + _END_SIZE]
        )
        if disk or start_disk or here != count:
            raise Refused(_("the archive consists of several parts; make one file of it."))
        if count > MOST_ENTRIES or directory > LARGEST_DIRECTORY:
            raise Refused(_("there are more than %(n)d files in it.", n=MOST_ENTRIES))
        if tail[max(0, place - _LOCATOR_SIZE) : place].startswith(_LOCATOR):
            raise Refused(_("the archive is written in the way of very large ones (zip64); pack it anew as a plain zip."))
        self.count = count

    def _read(self) -> Iterator[Entry]:
        try:
            with zipfile.ZipFile(self.stream) as archive:
                infos, directory = archive.infolist(), archive.start_dir
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error, UnicodeError):
            raise Refused(_("the archive is damaged; pack it anew.")) from None
        if len(infos) != self.count:
            raise Refused(_("the archive is damaged; pack it anew."))
        self._check_sums(infos)
        known: set[str] = set()
        taken = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            name = _name(info)
            offset = self._start_of(info)
            if info.header_offset < taken or offset + info.compress_size > directory:
                raise Refused(_("the archive is damaged; pack it anew."))
            taken = offset + info.compress_size
            if name.endswith("/") or _JUNK.search(name):
                continue
            if folded(name) in known:
                raise Refused(_("“%(name)s” is in it twice.", name=_shown(name)))
            known.add(folded(name))
            yield Entry(
                name, offset, info.compress_type == zipfile.ZIP_DEFLATED, info.compress_size, info.file_size, info.CRC
            )

    def _check_sums(self, infos: list[zipfile.ZipInfo]) -> None:
        """Refuse what would burst, by what the directory says; whether it lies is seen when it is inflated."""
        inside = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos)
        if packed > self.size:
            raise Refused(_("the archive is damaged; pack it anew."))
        if inside > LARGEST_INSIDE:
            raise Refused(_("unpacked it would be larger than %(n)d MB.", n=LARGEST_INSIDE // MIB))
        if inside > UNSUSPECTED and inside > HIGHEST_RATIO * max(1, packed):
            raise Refused(_("it is packed so densely that it looks made to do harm."))

    def _start_of(self, info: zipfile.ZipInfo) -> int:
        """Return where an entry's bytes begin; its own header must say what the directory says."""
        if info.header_offset < 0:
            raise Refused(_("the archive is damaged; pack it anew."))
        self.stream.seek(info.header_offset)
        head = self.stream.read(_LOCAL_SIZE)
        if len(head) < _LOCAL_SIZE or not head.startswith(_LOCAL):
            raise Refused(_("the archive is damaged; pack it anew."))
        [method] = struct.unpack("<H", head[8:10])
        name_length, extra_length = struct.unpack("<2H", head[26:30])
        encoding = "utf-8" if info.flag_bits & _UTF8 else "cp437"
        if self.stream.read(name_length) != info.orig_filename.encode(encoding) or method != info.compress_type:
            raise Refused(_("the archive is damaged; pack it anew."))
        return info.header_offset + _LOCAL_SIZE + name_length + extra_length


def folded(name: str) -> str:
    """Return a path as it is looked up: the systems that packages come from tell neither capitals nor accents apart."""
    return unicodedata.normalize("NFC", name).casefold()


def inflated(stream: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield the bytes of a file piece by piece, never more than it is said to have and one piece."""
    left, given = entry.packed, 0
    stream.seek(entry.offset)
    if not entry.is_deflated:
        while left > 0 and (piece := stream.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while not inflater.eof and given <= entry.size:
            source = inflater.unconsumed_tail
            if not source:
                source = stream.read(min(CHUNK, left))
                left -= len(source)
            piece = inflater.decompress(source, CHUNK)
            if not piece and not source:
                return
            given += len(piece)
            if piece:
                yield piece
    except zlib.error:
        raise Refused(_("the archive is damaged; pack it anew.")) from None


def _check_inside(entry: Entry, length: int, crc: int) -> None:
    if length != entry.size or crc != entry.crc:
        raise Refused(_("“%(name)s” in it is damaged; pack it anew.", name=entry.name))


def _name(info: zipfile.ZipInfo) -> str:
    """Return what an entry is called; refuse what leads out, what is no plain file, and what cannot be read."""
    if info.flag_bits & _ENCRYPTED:
        raise Refused(_("the archive is locked by a password; pack it without one."))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(_("the archive is packed in an unusual way; pack it anew as a plain zip."))
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused(_("“%(name)s” in it is a link, not a file.", name=_shown(info.orig_filename)))
    name = _decoded(info)
    plain = name.rstrip("/")
    if _UNWANTED.search(name) or any(part in ("", ".", "..") for part in plain.split("/")):
        raise Refused(_("“%(name)s” in it is a name that leads out of the archive.", name=_shown(name)))
    if len(name) > LONGEST_NAME:
        raise Refused(_("“%(name)s” in it is too long a name.", name=_shown(name)))
    return name


def _decoded(info: zipfile.ZipInfo) -> str:
    """Read a name in the letters it was written in: Windows packs Russian names in those of DOS, and does not say so."""
    name = info.orig_filename
    if info.flag_bits & _UTF8 or name.isascii():
        return name
    written = name.encode("cp437")
    for encoding in ("utf-8", "cp866"):
        try:
            read = written.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _RUSSIAN.fullmatch(read):
            return read
    raise Refused(_("the name “%(name)s” in it cannot be read; rename it in Latin letters.", name=_shown(name)))


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[:80]
