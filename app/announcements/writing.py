"""Writing announcements: drafts, what they must hold, new versions, the archive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.activity import record
from app.announcements import files, receipts
from app.announcements.appearing import keep_version, news_group, tell_later
from app.announcements.models import Announcement, Importance, Receipt
from app.content import photos
from app.content.audience import people_in
from app.content.once import add_once, former_of
from app.content.publishing import audience_from
from app.content.text import BODY_LIMIT, clean, excerpt, render, without_headings
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.forms import tidy
from app.notifications.inbox import settle
from app.people.models import Person, Store, log_change
from app.people.sessions import Viewer

TITLE_LIMIT = 160
QUESTION_LIMIT = 300
MOST_ANSWERS = 5
# Somebody who gets more mandatory announcements within so many days stops reading them.
MOST_MANDATORY = 3
WITHIN = timedelta(days=7)
_BLOCK = re.compile(r"<(p|li|h2|h3)>(.*?)</\1>", re.S)
_TAG = re.compile(r"<[^>]+>")


@dataclass
class Content:
    """What an editor's form says an announcement is."""

    title: str
    body: str
    keys: Sequence[str] = ()
    importance: str = Importance.ORDINARY
    valid_until: datetime | None = None
    question: str = ""
    # (text, is right) in their order.
    answers: Sequence[tuple[str, bool]] = ()
    passage: str = ""
    photo_ids: Sequence[int] = ()
    dropped_photos: Sequence[int] = ()
    alts: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    file_ids: Sequence[int] = ()
    dropped_files: Sequence[int] = ()


def draft(viewer: Viewer, content: Content, nonce: str = "") -> Announcement:
    """Keep a new announcement that nobody sees yet; the same form sent twice is one draft."""
    former = former_of(Announcement, viewer.id, nonce)
    if former is not None:
        return former
    announcement = Announcement(author_id=viewer.id, store_id=viewer.store_id, nonce=nonce or None, created_at=now())
    _check(announcement, content)
    announcement.audience = audience_from(content.keys)
    former = add_once(Announcement, announcement)
    if former is not None:
        return former
    _take(viewer, announcement, content)
    db.session.flush()
    return announcement


def change_draft(viewer: Viewer, announcement: Announcement, content: Content) -> None:
    """Take over what the form says of an announcement that nobody has seen yet."""
    if announcement.published_at is not None:
        raise Refused(_("It has appeared in the meantime: what you change now is a new version."))
    _check(announcement, content)
    announcement.audience = audience_from(content.keys)
    _take(viewer, announcement, content)
    announcement.version += 1
    db.session.flush()


def renew(viewer: Viewer, announcement: Announcement, content: Content, ask_again: bool) -> bool:
    """Publish a new version; `ask_again` lets everybody confirm anew. Tell whether the text is another one.

    Whom it reaches and how important it is stay: people have been told so.
    """
    if announcement.archived_at is not None:
        raise Refused(_("It is in the archive. Bring it back first."))
    before = _said(announcement)
    content.importance = announcement.importance
    _check(announcement, content)
    _take(viewer, announcement, content)
    announcement.edited_at = now()
    announcement.version += 1
    changed = _said(announcement) != before
    if changed:
        announcement.edition += 1
        keep_version(announcement, viewer.id, asked=ask_again)
    if ask_again:
        # Whoever has not heard of the former version yet hears of this one alone.
        settle(news_group(announcement.id, announcement.asks_from))
        announcement.asks_from = announcement.edition
        receipts.reopen(announcement)
        tell_later(announcement)
    elif not announcement.question:
        receipts.stop_asking(announcement)
    record("announcement.renewed" if changed else "announcement.edited", viewer.id, announcement, asked=ask_again)
    return changed


def says(announcement: Announcement, content: Content) -> bool:
    """Tell whether an announcement says already what a form wants it to say."""
    answers = [{"text": tidy(text), "right": right} for text, right in content.answers if tidy(text)]
    asked = (tidy(content.question), answers) if tidy(content.question) else ("", [])
    return _said(announcement) == (tidy(content.title), clean(content.body), *asked)


def archive(viewer: Viewer, announcement: Announcement) -> None:
    """Ask nobody any more; whoever has it may go on reading it."""
    if announcement.published_at is None:
        raise Refused(_("A draft cannot go to the archive. Delete it instead."))
    if announcement.archived_at is None:
        announcement.archived_at = now()
        settle(news_group(announcement.id, announcement.asks_from))
        announcement.pinned_at = None
        announcement.version += 1
        record("announcement.archived", viewer.id, announcement)
        log_change("announcement.archived", announcement, actor_id=viewer.id, name=announcement.title)


def unarchive(viewer: Viewer, announcement: Announcement) -> None:
    """Bring an announcement back from the archive."""
    if announcement.archived_at is not None:
        announcement.archived_at = None
        announcement.version += 1
        record("announcement.unarchived", viewer.id, announcement)
        log_change("announcement.unarchived", announcement, actor_id=viewer.id, name=announcement.title)


def discard(viewer: Viewer, announcement: Announcement) -> None:
    """Throw a draft away."""
    if announcement.published_at is not None:
        raise Refused(_("It has appeared. Put it into the archive instead."))
    announcement.publish_at = None
    announcement.deleted_at = now()
    record("announcement.deleted", viewer.id, announcement)


def restore(viewer: Viewer, announcement: Announcement) -> None:
    """Fetch a draft back that was thrown away."""
    if announcement.published_at is None and announcement.deleted_at is not None:
        announcement.deleted_at = None
        record("announcement.undeleted", viewer.id, announcement)


def overloaded(keys: Iterable[str], besides: int | None = None, at: datetime | None = None) -> int:
    """Count the people of an audience who would get more than three mandatory announcements within a week."""
    recent = select(Announcement.id).where(
        Announcement.listed(),
        Announcement.importance != Importance.ORDINARY,
        Announcement.published_at > (at or now()) - WITHIN,
        Announcement.id != (besides or 0),
    )
    full = (
        select(Receipt.person_id)
        .join(Person, Person.id == Receipt.person_id)
        .join(Store, Store.id == Person.store_id)
        .where(Receipt.announcement_id.in_(recent), people_in(keys))
        .group_by(Receipt.person_id)
        .having(func.count() >= MOST_MANDATORY)
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(full)) or 0


def with_passage(html: str, passage: str) -> str:
    """Mark the block of a text that holds the passage, so that a wrong answer can lead there."""
    wanted = _plain(passage)
    if not wanted:
        return html
    for block in _BLOCK.finditer(html):
        if wanted in _plain(unescape(_TAG.sub("", block[2]))):
            opening = f'<{block[1]} id="passage" class="passage" tabindex="-1">'
            return html[: block.start()] + opening + html[block.start() + len(block[1]) + 2 :]
    return html


def _take(viewer: Viewer, announcement: Announcement, content: Content) -> None:
    announcement.importance = content.importance
    announcement.title = tidy(content.title)
    announcement.valid_until = content.valid_until
    announcement.question = tidy(content.question)
    answers = [(tidy(text), right) for text, right in content.answers if tidy(text)] if announcement.question else []
    announcement.answers = [{"text": text, "right": right} for text, right in answers]
    announcement.passage = tidy(content.passage) if announcement.question else ""
    announcement.body = clean(content.body)
    announcement.body_html = render(announcement.body, document=True)
    announcement.excerpt_html = excerpt(without_headings(announcement.body))
    announcement.words = len(announcement.body.split())
    photos.detach(announcement, content.dropped_photos)
    photos.attach(announcement, viewer.id, content.photo_ids)
    photos.describe(announcement, dict(content.alts))
    files.detach(announcement, content.dropped_files)
    files.attach(announcement, viewer.id, content.file_ids)


def _check(announcement: Announcement, content: Content) -> None:
    body = clean(content.body)
    if not tidy(content.title):
        raise Refused(_("Give it a title: many read nothing else."), "title")
    if len(tidy(content.title)) > TITLE_LIMIT:
        raise Refused(_("The title is too long: %(n)d characters at most.", n=TITLE_LIMIT), "title")
    if not body:
        raise Refused(_("Write what is to be known."), "body")
    if len(body) > BODY_LIMIT:
        raise Refused(_("The text is too long: %(n)d characters at most.", n=BODY_LIMIT), "body")
    if content.importance not in list(Importance):
        raise Refused(_("Choose how important it is."), "importance")
    if content.valid_until is not None and content.valid_until <= now() and content.valid_until != announcement.valid_until:
        raise Refused(_("This time is over already."), "valid_until")
    if tidy(content.question):
        _check_question(content, body)


def _check_question(content: Content, body: str) -> None:
    if len(tidy(content.question)) > QUESTION_LIMIT:
        raise Refused(_("The question is too long: %(n)d characters at most.", n=QUESTION_LIMIT), "question")
    answers = [(tidy(text), right) for text, right in content.answers if tidy(text)]
    texts = [text.casefold() for text, _right in answers]
    if not 2 <= len(answers) <= MOST_ANSWERS:
        raise Refused(_("A question needs two to five answers."), "answer1")
    if len(set(texts)) < len(texts):
        raise Refused(_("Two answers are the same."), "answer1")
    if sum(right for _text, right in answers) != 1:
        raise Refused(_("Mark the one right answer."), "right")
    if not tidy(content.passage):
        raise Refused(
            _("Copy the words of the text that answer the question here: a wrong answer leads back to them."), "passage"
        )
    if _plain(content.passage) not in _plain(unescape(_TAG.sub("", render(body, document=True)))):
        raise Refused(_("The text does not say this. Copy the words from it exactly."), "passage")


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


def _said(announcement: Announcement) -> tuple[Any, ...]:
    return announcement.title, announcement.body, announcement.question, announcement.answers
