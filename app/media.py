"""Where photos and files lie: one small interface, a folder now, an S3-compatible store later by configuration.

Keys are chosen by the portal (never from a user's file name), so that a key is also safe as a path.
"""

import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol, cast
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app

from app.database import after_transaction
from app.jobs import later, task

KEY = re.compile(r"[a-z0-9]{2,40}(/[A-Za-z0-9._-]{1,80}){1,3}")


# A backup copies files for a while after its look at the database: what that look still names must be there.
KEEP_DROPPED = timedelta(days=1)


class MediaStore(Protocol):
    """What a store of media must be able to do; everything else asks for no more than this."""

    def put(self, key: str, data: bytes | BinaryIO) -> None: ...
    def get(self, key: str) -> bytes: ...
    def copy(self, source: str, target: str) -> None: ...
    def open(self, key: str) -> BinaryIO: ...
    def delete(self, key: str) -> None: ...
    def size(self, key: str) -> int: ...
    def keys(self) -> Iterator[str]: ...


class Folder:
    """Media as files in a folder; a file appears whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes | BinaryIO) -> None:
        """Write under a temporary name and rename, so that a crash or a full disk leaves no half file."""
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                if isinstance(data, bytes):
                    file.write(data)
                else:
                    while chunk := data.read(1 << 20):
                        file.write(chunk)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def get(self, key: str) -> bytes:
        return self.path(key).read_bytes()

    def copy(self, source: str, target: str) -> None:
        """Give a file a second key without writing it twice where the disk can; files are replaced, never changed."""
        path = self.path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        try:
            os.link(self.path(source), path)
        except OSError:
            self.put(target, self.get(source))

    def open(self, key: str) -> BinaryIO:
        return self.path(key).open("rb")

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def size(self, key: str) -> int:
        return self.path(key).stat().st_size

    def keys(self) -> Iterator[str]:
        """Yield the keys folder by folder, so that a million files need no more memory than the fullest folder."""
        for folder, folders, files in os.walk(self.root):
            folders.sort()
            for name in sorted(files):
                if not name.startswith(".part-"):
                    yield (Path(folder) / name).relative_to(self.root).as_posix()

    def path(self, key: str) -> Path:
        """Return the file of a key; raise FileNotFoundError for anything that is no key of ours."""
        if not KEY.fullmatch(key) or ".." in key:
            raise FileNotFoundError(key)
        return self.root / key


def init_app(app: Flask) -> None:
    """Choose the store by RITM_MEDIA_URL; empty or file:// is a folder."""
    address = urlsplit(app.config["MEDIA_URL"])
    if address.scheme not in ("", "file"):
        raise RuntimeError(f"RITM_MEDIA_URL: {address.scheme}:// is not known; use file:///a/folder or leave it empty")
    root = Path(unquote(address.path)) if address.path else app.config["DATA_DIR"] / "media"
    app.extensions["media"] = Folder(root)


def media() -> MediaStore:
    """Return the store of the running application."""
    return cast(MediaStore, current_app.extensions["media"])


def keep(files: Mapping[str, bytes | BinaryIO]) -> None:
    """Store files that belong to the present transaction: if it is rolled back, none of them is left."""
    store = media()
    after_transaction(rolled_back=lambda: _delete(store, files))
    for key, data in files.items():
        store.put(key, data)


def drop(keys: Iterable[str]) -> None:
    """Delete files that no row names any more, a day after the present transaction is committed; rolled back, they stay."""
    if gone := list(keys):
        later(current_app._get_current_object(), delete_files, gone, after=KEEP_DROPPED)  # type: ignore[attr-defined]


@task
def delete_files(keys: list[str]) -> None:
    """Delete files; those already gone are no error."""
    _delete(media(), keys)


def _delete(store: MediaStore, keys: Iterable[str]) -> None:
    for key in keys:
        store.delete(key)


def new_key(kind: str) -> str:
    """Return a fresh key that nobody can guess, spread over folders by its first two letters."""
    name = secrets.token_hex(16)
    return f"{kind}/{name[:2]}/{name}"
