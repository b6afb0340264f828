"""A staff list on its way in: uploaded, read, compared, applied in one transaction, undone as a whole."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, Select, String, cast, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.database import UTCDateTime, now
from app.extensions import Base
from app.people.models import Person

STUCK_AFTER = timedelta(minutes=1)
# So many may leave within a month without anybody wondering.
FEW = 5


class StaffImport(Base):
    """One uploaded staff list and what became of it."""

    __tablename__ = "staff_import"
    __table_args__ = (
        CheckConstraint("status IN ('reading', 'failed', 'ready', 'applying', 'applied', 'undone')", name="status"),
        CheckConstraint("absent IN ('keep', 'dismiss')", name="absent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    # Where the file lies in the media store; taken away once the import is applied or given up.
    media_key: Mapped[str | None] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64), default="")
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # Nobody: the command line.
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    status: Mapped[str] = mapped_column(String(12), default="reading")
    # Why reading or applying failed: a code of `import_words.FAILURES`.
    error: Mapped[str] = mapped_column(String(40), default="")
    # What the list was recognised as: sheet, layout, headings, columns with samples.
    recognised: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # The user's correction: {"sheet": index, "fields": {column index: field}}.
    columns: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # The day from which the changes hold; until the list is read it may be unsaid, for the list may say it.
    effective_on: Mapped[date | None]
    # What happens to employed people who are not in the list.
    absent: Mapped[str] = mapped_column(String(8), default="keep")
    rows_done: Mapped[int] = mapped_column(Integer, default=0)
    rows_total: Mapped[int] = mapped_column(Integer, default=0)
    # {"hired": n, "moved": n, …}
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # [{"row": n, "reason": "no personnel number", "text": "…"}]
    refused: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # How many imports had been applied or undone when this one was compared: it must still be so when it is applied.
    history: Mapped[int] = mapped_column(Integer, default=0)
    # Who reads it now: a later attempt makes the earlier one stop. And when it last got on.
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    touched_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # What applying it added besides people: {"stores": [id], "cities": [id]}
    places: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    uploaded_by: Mapped[Person | None] = relationship()

    @property
    def is_running(self) -> bool:
        """Tell whether a job has it in hand."""
        return self.status in ("reading", "applying")

    @property
    def seems_stuck(self) -> bool:
        """Tell whether its job has not been heard of for so long that it had better be started again."""
        return self.is_running and now() - self.touched_at > STUCK_AFTER

    @property
    def percent(self) -> int:
        """Return how much of the file has been read."""
        return min(100, self.rows_done * 100 // self.rows_total) if self.rows_total else 0

    @property
    def dismisses_many(self) -> bool:
        """Tell whether so many people are missing from the list that one had better ask whether it is whole."""
        if self.absent != "dismiss":
            return False
        missing, everybody = self.counts.get("absent_here", 0), self.counts.get("people", 0)
        return missing > FEW and missing * 10 > everybody

    @classmethod
    def latest(cls, before: int | None = None) -> Select[Any]:
        """Select the imports, newest first, with who uploaded them."""
        statement = select(cls).options(joinedload(cls.uploaded_by)).order_by(cls.id.desc())
        return statement if before is None else statement.where(cls.id < before)


class StaffImportChange(Base):
    """What an import changes for one person: the fields before and after, enough to undo it."""

    __tablename__ = "staff_import_change"
    __table_args__ = (Index("ix_staff_import_change_import", "import_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("staff_import.id"))
    # None until a newly hired person has a row.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    row: Mapped[int | None]
    # Somebody who was not in the portal at all.
    is_new: Mapped[bool] = mapped_column(default=False)
    # The number as it is written, and as comparison sees it.
    number: Mapped[str] = mapped_column(String(40))
    number_key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(250))
    # ["moved", "promoted"]
    verbs: Mapped[list[str]] = mapped_column(JSON)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)

    @classmethod
    def of_kind(cls, import_id: int, kind: str, after: int = 0) -> Select[Any]:
        """Select the changes of an import that have a verb, in the order of the list; somebody may be in two kinds."""
        has_verb = cast(cls.verbs, String).like(f'%"{kind}"%')
        return select(cls).where(cls.import_id == import_id, has_verb, cls.id > after).order_by(cls.id)
