"""How the portal itself is doing, in a few facts that an administrator can act upon."""

from __future__ import annotations

import shutil
import time
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from babel.numbers import format_decimal
from flask import current_app
from flask_babel import gettext

from app.extensions import db
from app.locale import language
from app.media import Folder, media

# A walk through a hundred thousand photos takes a second; nobody needs it fresher than this.
_KEPT_SECONDS = 600
_kept: dict[str, tuple[float, Stored]] = {}


class Facts(NamedTuple):
    """What the portal's home page tells of the portal; `free` is in bytes, None where it is not known."""

    version: str
    database: str
    jobs: int | None
    jobs_inside: bool
    mail: str
    base_url: str
    free: int | None


class Stored(NamedTuple):
    """How many files lie in the media store, and how many bytes they take."""

    files: int
    size: int


def facts() -> Facts:
    """Return the facts that cost nothing to find out."""
    config = current_app.config
    return Facts(
        version=_version(),
        database={"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(db.engine.dialect.name, db.engine.dialect.name),
        jobs=_jobs_waiting(),
        jobs_inside=config["JOBS_INSIDE"],
        mail=config["MAIL_URL"].rsplit("@", 1)[-1].split("://")[-1].split("/")[0],
        base_url=config["BASE_URL"],
        free=_free_space(),
    )


def stored() -> Stored | None:
    """Count the media files, at most once in ten minutes; None where they lie elsewhere."""
    store = media()
    if not isinstance(store, Folder):
        return None
    key = str(store.root)
    if key not in _kept or _kept[key][0] + _KEPT_SECONDS < time.monotonic():
        sizes = [path.stat().st_size for path in store.root.rglob("*") if path.is_file()]
        _kept[key] = (time.monotonic(), Stored(len(sizes), sum(sizes)))
    return _kept[key][1]


def size_words(size: int) -> str:
    """Say how much room something takes: 1,4 ГБ."""
    if size >= 1 << 30:
        return gettext("%(n)s GB", n=format_decimal(round(size / (1 << 30), 1), locale=language()))
    if size >= 1 << 20:
        return gettext("%(n)s MB", n=format_decimal(round(size / (1 << 20), 1), locale=language()))
    return gettext("%(n)s KB", n=format_decimal(-(-size // 1024), locale=language()))


def _version() -> str:
    try:
        return version("ritm")
    except PackageNotFoundError:
        return ""


def _jobs_waiting() -> int | None:
    try:
        return int(current_app.extensions["jobs"][0].pending_count())
    except Exception:  # whatever keeps the queue away, the page must still open to say so
        return None


def _free_space() -> int | None:
    try:
        return shutil.disk_usage(current_app.config["DATA_DIR"]).free
    except OSError:
        return None
