"""Backup and restore: one file that holds everything, made while people write, put back as a whole or not at all.

The file is a plain tar, so that an administrator can look into it with what every system has:

    ritm.json               what this is: format, schema revision, when and from which kind of database
    tables/<name>.jsonl.gz  the rows of each table: a line of columns, then a line a row (app/backup/rows.py)
    media/<key>             photos and files
    SHA256SUMS              the digest of every file above, as `sha256sum -c` takes it
    counts.json             how many rows and files there are
    sha256:<64 digits>      after the tar's end: the digest of every byte before it

The format is the portal's own and the same for both kinds of database, so that a backup of SQLite can be restored to
PostgreSQL and the other way round, by any later version: docs/decisions/0006-backup.md.
"""

from app.backup.making import backup
from app.backup.parts import Unusable
from app.backup.restoring import restore

__all__ = ["Unusable", "backup", "restore"]
