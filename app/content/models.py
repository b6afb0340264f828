"""The spine: posts, and later questions, announcements, courses and the rest, are kinds of one Entry.

Comments, reactions, bookmarks, files, topics and moderation hang off the entry and so are written once, with real foreign
keys. Counts stand in the row and change by `count = count + 1` in the act's own transaction: a page of twenty costs no
counting. Nothing is deleted for good by its author: `deleted_at` hides, undo shows again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.content.audience import Audience, audiences_of, audiences_of_binds
from app.database import UTCDateTime, now
from app.extensions import Base
from app.people.models import Person
from app.people.sessions import Viewer

# Kinds that more people may open than their audience and their author: {kind: condition for a viewer}.
ALSO_OPEN: dict[str, Callable[[Viewer], ColumnElement[bool]]] = {}
# What stands in lists; said once in SQL for the partial index and once in Python for the queries that use it.
LISTED = "published_at IS NOT NULL AND deleted_at IS NULL AND hidden_at IS NULL"


class Topic(Base):
    """What things are about; chosen by editors, so that there are few and everybody knows them."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class EntryTopic(Base):
    """One topic of one entry."""

    __tablename__ = "entry_topic"
    __table_args__ = (Index("ix_entry_topic_topic", "topic_id", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), primary_key=True)


class Entry(Base):
    """Something published to an audience that people may comment on, thank for, keep and report."""

    __tablename__ = "entry"
    __table_args__ = (
        # Streams read each audience newest first, so that what one may not see costs nothing: app/content/walk.py.
        Index(
            "ix_entry_stream",
            "audience_id",
            "published_at",
            "id",
            sqlite_where=text(LISTED),
            postgresql_where=text(LISTED),
        ),
        # What there is of one kind, newest first: announcements for those who look after them.
        Index("ix_entry_kind", "kind", "published_at", "id"),
        Index("ix_entry_author", "author_id", "published_at", "id"),
        Index("ix_entry_store", "store_id", "published_at", "id"),
        Index(
            "ix_entry_pinned",
            "pinned_at",
            sqlite_where=text("pinned_at IS NOT NULL"),
            postgresql_where=text("pinned_at IS NOT NULL"),
        ),
        # The few that moderators have hidden: their authors find them on top of their stream.
        Index(
            "ix_entry_hidden",
            "author_id",
            sqlite_where=text("hidden_at IS NOT NULL"),
            postgresql_where=text("hidden_at IS NOT NULL"),
        ),
        UniqueConstraint("author_id", "nonce"),
        CheckConstraint("like_count >= 0 AND thanks_count >= 0 AND comment_count >= 0", name="counts"),
    )
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "entry"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # The author's store then: a person who moves does not take the former store's posts along.
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"))
    title: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    # The body as rendered and cleaned when it was written; reading must not cost a parser.
    body_html: Mapped[str] = mapped_column(Text, default="")
    # The beginning of a long body, what cards show; None where the body is short enough.
    excerpt_html: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Hidden by a moderator; the author still sees it, with the reason.
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_reason: Mapped[str] = mapped_column(String(500), default="")
    pinned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    like_count: Mapped[int] = mapped_column(Integer, default=0)
    thanks_count: Mapped[int] = mapped_column(Integer, default=0)
    comment_count: Mapped[int] = mapped_column(Integer, default=0)
    photo_count: Mapped[int] = mapped_column(Integer, default=0)
    # Goes up with each change of what the card shows; caches and ETags are made of it.
    version: Mapped[int] = mapped_column(Integer, default=1)
    # Random, from the form: the same form sent twice is one entry.
    nonce: Mapped[str | None] = mapped_column(String(40))

    author: Mapped[Person] = relationship(innerjoin=True, foreign_keys=[author_id])
    audience: Mapped[Audience] = relationship(innerjoin=True)
    topics: Mapped[list[Topic]] = relationship(secondary="entry_topic", order_by=Topic.name)
    photos: Mapped[list[Photo]] = relationship(order_by="Photo.place", back_populates="entry")

    @classmethod
    def listed(cls) -> ColumnElement[bool]:
        """Return the condition that an entry stands in lists: published, not deleted, not hidden."""
        return cls.published_at.is_not(None) & cls.deleted_at.is_(None) & cls.hidden_at.is_(None)

    @classmethod
    def seen_by(cls, viewer: Viewer) -> ColumnElement[bool]:
        """Return the condition that the viewer belongs to the audience or wrote the entry."""
        return or_(cls.audience_id.in_(audiences_of(viewer)), cls.author_id == viewer.id)

    @classmethod
    def seen_by_binds(cls) -> ColumnElement[bool]:
        """Return the same condition for a statement that is made once and executed with `audience.binds_of(viewer)`."""
        return or_(cls.audience_id.in_(audiences_of_binds()), cls.author_id == bindparam("viewer_id"))

    @classmethod
    def opened_by(cls, viewer: Viewer) -> ColumnElement[bool]:
        """Return the condition that the viewer may open the entry by its address: a little more than lists show him."""
        more = [and_(cls.kind == kind, condition(viewer)) for kind, condition in ALSO_OPEN.items()]
        return or_(cls.seen_by(viewer), *more)

    @classmethod
    def reported(cls) -> ColumnElement[bool]:
        """Return the condition that somebody has complained about an entry or something under it."""
        return select(Report.id).where(Report.entry_id == cls.id).correlate(cls).exists()

    @classmethod
    def under_moderation(cls) -> Select[Any]:
        """Select what moderators may open and decide upon although it is not meant for them: what was reported."""
        return select(cls).where(cls.deleted_at.is_(None), cls.reported())

    @classmethod
    def deleted_by(cls, viewer: Viewer) -> Select[Any]:
        """Select what the viewer wrote and deleted."""
        return select(cls).where(cls.author_id == viewer.id, cls.deleted_at.is_not(None), cls.hidden_at.is_(None))

    @classmethod
    def visible_to(cls, viewer: Viewer) -> Select[Any]:
        """Select what the viewer may open by address: lists' contents, and one's own hidden ones."""
        return select(cls).where(
            cls.published_at.is_not(None),
            cls.deleted_at.is_(None),
            or_(cls.hidden_at.is_(None), cls.author_id == viewer.id),
            cls.opened_by(viewer),
        )


class Photo(Base):
    """One picture of an entry: WebP variants in the media store, none of the camera's data."""

    __tablename__ = "photo"
    __table_args__ = (Index("ix_photo_entry", "entry_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # None while the form that brought it is not sent yet; such photos are swept after a week.
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    place: Mapped[int] = mapped_column(Integer, default=0)
    # Media key without the variant: photo/ab/abcdef…; the files are KEY-480.webp and so on.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    # Widths at which variants exist, smallest first: [480, 960, 1600].
    widths: Mapped[list[int]] = mapped_column(JSON)
    alt: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    entry: Mapped[Entry | None] = relationship(back_populates="photos")


class Comment(Base):
    """What somebody says under an entry; a reply has the comment it answers as parent, and no replies of its own."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_entry", "entry_id", "id"),
        Index("ix_comment_parent", "parent_id", "id"),
        UniqueConstraint("author_id", "nonce"),
        CheckConstraint("like_count >= 0", name="counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_reason: Mapped[str] = mapped_column(String(500), default="")
    like_count: Mapped[int] = mapped_column(Integer, default=0)
    nonce: Mapped[str | None] = mapped_column(String(40))

    entry: Mapped[Entry] = relationship(innerjoin=True)
    author: Mapped[Person] = relationship(innerjoin=True)

    @classmethod
    def under_moderation(cls) -> Select[Any]:
        """Select what moderators may decide upon wherever it stands: what was reported."""
        return select(cls).where(cls.deleted_at.is_(None), select(Report.id).where(Report.comment_id == cls.id).exists())


class Reaction(Base):
    """A like or a «спасибо» of one person for one entry."""

    __tablename__ = "reaction"
    __table_args__ = (
        CheckConstraint("kind IN ('like', 'thanks')", name="kind"),
        Index("ix_reaction_person", "person_id", "entry_id"),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class CommentLike(Base):
    """A like of one person for one comment."""

    __tablename__ = "comment_like"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Bookmark(Base):
    """An entry that somebody keeps for later; nobody else sees it."""

    __tablename__ = "bookmark"
    __table_args__ = (Index("ix_bookmark_person", "person_id", "at"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Mention(Base):
    """Somebody named with @ in an entry or in a comment under it."""

    __tablename__ = "mention"
    __table_args__ = (
        UniqueConstraint("entry_id", "comment_id", "person_id"),
        Index("ix_mention_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # When the person was told of it; an edited text tells only those whom it names for the first time.
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Report(Base):
    """A complaint about an entry or a comment, and what a moderator decided."""

    __tablename__ = "report"
    __table_args__ = (
        # One open complaint of a person about a thing; a unique constraint would let NULLs through.
        Index(
            "uq_report_entry",
            "reporter_id",
            "entry_id",
            unique=True,
            sqlite_where=text("comment_id IS NULL AND resolved_at IS NULL"),
            postgresql_where=text("comment_id IS NULL AND resolved_at IS NULL"),
        ),
        Index(
            "uq_report_comment",
            "reporter_id",
            "comment_id",
            unique=True,
            sqlite_where=text("comment_id IS NOT NULL AND resolved_at IS NULL"),
            postgresql_where=text("comment_id IS NOT NULL AND resolved_at IS NULL"),
        ),
        CheckConstraint("decision IN ('', 'kept', 'hidden')", name="decision"),
        Index("ix_report_open", "resolved_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str] = mapped_column(String(10), default="")

    entry: Mapped[Entry] = relationship(innerjoin=True)
    comment: Mapped[Comment | None] = relationship()
    reporter: Mapped[Person] = relationship(innerjoin=True, foreign_keys=[reporter_id])
    resolved_by: Mapped[Person | None] = relationship(foreign_keys=[resolved_by_id])


class Draft(Base):
    """What somebody typed and has not sent: kept by the portal, so that no lock, expiry or lost line eats it."""

    __tablename__ = "draft"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    # The address that the form is sent to: "/posts", "/posts/7/comments".
    form: Mapped[str] = mapped_column(String(200), primary_key=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
