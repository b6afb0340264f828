"""What making and restoring a backup share: the names of its parts, and the digest that closes it."""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.database import MIGRATIONS

FORMAT = 1
ABOUT = "ritm.json"
SUMS = "SHA256SUMS"
COUNTS = "counts.json"
TABLE = re.compile(r"tables/([a-z_]{1,60})\.jsonl\.gz")
MEDIA = re.compile(r"media/(.+)")
SEAL = re.compile(rb"sha256:([0-9a-f]{64})\n")
SEAL_SIZE = len("sha256:") + 64 + 1
CHUNK = 1 << 20


class Unusable(Exception):
    """A backup cannot be made or restored, for the reason said in one sentence to the administrator."""


class Summed:
    """A file whose bytes are counted and digested as they pass."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.passed = 0

    def write(self, data: bytes) -> int:
        """Write through."""
        self._pass(data)
        return self.file.write(data)

    def read(self, size: int = -1) -> bytes:
        """Read through."""
        data = self.file.read(size)
        self._pass(data)
        return data

    def tell(self) -> int:
        """Return how many bytes have passed."""
        return self.passed

    def _pass(self, data: bytes) -> None:
        self.digest.update(data)
        self.passed += len(data)


def seal_of(file: Summed) -> bytes:
    """Return the last line of a backup whose other bytes have passed through the file."""
    return f"sha256:{file.digest.hexdigest()}\n".encode()


def check_seal(file: IO[bytes], size: int) -> None:
    """Read the whole file and refuse it unless every byte is what was written."""
    file.seek(0)
    if not file.read(len(ABOUT)).startswith(ABOUT.encode()):
        raise Unusable("This is not a backup of Ritm.")
    if size <= SEAL_SIZE:
        raise Unusable("The backup is incomplete: it breaks off.")
    file.seek(0)
    read, left = Summed(file), size - SEAL_SIZE
    while left and (chunk := read.read(min(CHUNK, left))):
        left -= len(chunk)
    seal = file.read(SEAL_SIZE)
    if not SEAL.fullmatch(seal):
        raise Unusable("The backup is damaged or incomplete: its end is missing.")
    if seal != seal_of(read):
        raise Unusable("The backup is damaged: its digest does not fit its contents.")


def forget_members(tar: tarfile.TarFile) -> None:
    """Drop the list of members so far, which would grow with the number of photos."""
    tar.members.clear()  # type: ignore[attr-defined]


def known_revisions() -> list[str]:
    """Return the schema revisions that this version of the portal knows, the newest first."""
    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


def revision_of(connection: Connection) -> str | None:
    """Return the schema revision of a database; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def said_plainly(doing: str) -> Iterator[None]:
    """Turn what the disk and the file's insides may do wrong into a sentence."""
    try:
        yield
    except OSError as error:
        raise Unusable(f"{doing} failed: {error.strerror or error}.") from error
