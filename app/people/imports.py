"""A staff list on its way in: uploaded, read, compared, applied in one transaction, undone as a whole."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UTCDateTime, now
from app.extensions import Base
from app.people.models import Person


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
    number_key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(250))
    # ["moved", "promoted"]
    verbs: Mapped[list[str]] = mapped_column(JSON)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
