"""Packages on their way in: read to the last byte, refused with the reason, or kept as they came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import BinaryIO, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import delete, insert

from app.database import now
from app.errors import Refused
from app.extensions import db
from app.learning.scorm_manifest import LARGEST_MANIFEST, MANIFEST, Manifest
from app.learning.scorm_manifest import read as read_manifest
from app.learning.scorm_models import ScormFile, ScormPackage
from app.learning.scorm_zip import Archive, Entry, folded

# What other kinds of packages have at their root, and what they are called.
OTHERS = (
    (("cmi5.xml",), "cmi5"),
    (("tincan.xml",), "xAPI (Tin Can)"),
    ((".crs", ".au"), "AICC"),
)


class Package(NamedTuple):
    """A package that was read and found good."""

    manifest: Manifest
    entries: list[Entry]


def read(stream: BinaryIO) -> Package:
    """Read an archive; whatever keeps it from being run is said in a sentence."""
    archive = Archive(stream)
    if MANIFEST not in archive.entries:
        raise Refused(_why_none(archive))
    names = {folded(name): name for name in archive.entries}
    manifest = read_manifest(archive.read(MANIFEST, LARGEST_MANIFEST), names)
    archive.check_inside()
    stream.seek(0)
    return Package(manifest, list(archive.entries.values()))


def keep(key: str, package: Package, at: datetime | None = None) -> None:
    """Note what lies where in an archive that is kept under a key."""
    manifest = package.manifest
    row = ScormPackage(
        key=key,
        standard=manifest.standard,
        edition=manifest.edition,
        title=manifest.title,
        items=[asdict(item) for item in manifest.items],
        has_rules=manifest.has_rules,
        created_at=at or now(),
    )
    db.session.add(row)
    db.session.flush()
    files = [
        {
            "package_id": row.id,
            "path": folded(entry.name),
            "offset": entry.offset,
            "is_deflated": entry.is_deflated,
            "packed": entry.packed,
            "size": entry.size,
            "crc": f"{entry.crc:08x}",
        }
        for entry in package.entries
    ]
    for start in range(0, len(files), 1000):
        db.session.execute(insert(ScormFile), files[start : start + 1000])


def forget(keys: Iterable[str]) -> None:
    """Delete what is known of archives that go."""
    gone = ScormPackage.key.in_(list(keys))
    db.session.execute(delete(ScormFile).where(ScormFile.package_id.in_(db.select(ScormPackage.id).where(gone))))
    db.session.execute(delete(ScormPackage).where(gone))


def _why_none(archive: Archive) -> str:
    """Say what an archive is that has no manifest at its root."""
    names = [name.lower() for name in archive.entries]
    inside = next((name for name in archive.entries if name.lower().endswith("/" + MANIFEST)), None)
    if inside is not None:
        folder = inside.rsplit("/", 1)[0]
        return _("its imsmanifest.xml lies in the folder “%(name)s”: pack what is in it, not the folder.", name=folder)
    if MANIFEST in names:
        return _("its imsmanifest.xml is written with capital letters; rename it.")
    for endings, kind in OTHERS:
        if any(name.endswith(endings) for name in names):
            return _("it is a package of another kind: “%(name)s”, not SCORM.", name=kind) + " " + _as_scorm()
    if any(name.rsplit("/", 1)[-1] in ("index.html", "index.htm") for name in names):
        return _("it is a plain web page without imsmanifest.xml, not SCORM.") + " " + _as_scorm()
    return _("there is no imsmanifest.xml in it: it is no SCORM package.") + " " + _as_scorm()


def _as_scorm() -> str:
    return _("Export it from the authoring program as SCORM 1.2 or SCORM 2004.")
