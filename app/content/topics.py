"""What things are about: few topics, chosen by editors, that everybody knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.content import cards
from app.content.models import Entry, EntryTopic, Topic
from app.database import now
from app.errors import Refused
from app.extensions import db
from app.forms import tidy
from app.people.models import log_change
from app.people.sessions import Viewer

MAX_TOPICS = 3
NAME_LIMIT = 60
LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i i k l m n o p r s t u f h ts ch sh sch - y - e yu ya".replace("-", "").split(" "),
        strict=True,
    )
)


def offered() -> Sequence[Any]:
    """Return the topics that are in use, by name, as (id, slug, name)."""
    statement = select(Topic.id, Topic.slug, Topic.name).where(Topic.retired_at.is_(None)).order_by(Topic.name)
    return tuple(db.session.execute(statement))


def offered_beside(page: cards.Page) -> Sequence[Any]:
    """Return `offered()` for whoever has read a page of cards; most pages then ask nothing, since topics change seldom."""
    if page.version is None or page.newest is None:
        return offered()
    # The log says when topics changed; the newest entry tells databases apart.
    return _offered_at(page.version, page.newest)


@lru_cache(maxsize=64)
def _offered_at(_version: int, _newest: cards.Position) -> Sequence[Any]:
    return offered()


def all_topics() -> Sequence[Topic]:
    """Return all topics, those in use first."""
    return db.session.scalars(select(Topic).order_by(Topic.retired_at.is_not(None), Topic.name)).all()


def by_slug(slug: str) -> Topic | None:
    """Return the topic of an address, retired or not: old posts keep theirs."""
    return db.session.scalar(select(Topic).where(Topic.slug == tidy(slug)[:40]))


def page_of(viewer: Viewer, topic: Topic, before: cards.Position | None) -> cards.Page:
    """Read one page of what stands under a topic, newest first.

    By id, along the topic's own index: sorting by time would mean reading the whole topic for each page.
    """
    statement = cards.listed().join(EntryTopic, EntryTopic.entry_id == Entry.id)
    statement = statement.where(EntryTopic.topic_id == topic.id).order_by(EntryTopic.entry_id.desc())
    if before is not None:
        statement = statement.where(EntryTopic.entry_id < before.id)
    return cards.read_page(viewer, statement.limit(cards.PAGE + 1))


def chosen_topics(ids: Sequence[int], among: Iterable[Topic] = ()) -> list[Topic]:
    """Return the chosen topics that are in use; a retired one stays where it stands already."""
    if not ids:
        return []
    kept = {topic.id for topic in among}
    found = [
        topic
        for topic in db.session.scalars(select(Topic).where(Topic.id.in_(ids[:100])))
        if topic.retired_at is None or topic.id in kept
    ]
    if len(found) > MAX_TOPICS:
        raise Refused(_("Choose at most %(n)d topics.", n=MAX_TOPICS), "topics")
    return found


def add_topic(viewer: Viewer, name: str) -> Topic:
    """Offer a new topic."""
    topic = Topic(slug=_free_slug(_checked(name)), name=name)
    try:
        with db.session.begin_nested():
            db.session.add(topic)
    except IntegrityError:
        raise Refused(_("There is a topic of this name already."), "name") from None
    log_change("topic.added", topic, actor_id=viewer.id)
    return topic


def rename_topic(viewer: Viewer, topic: Topic, name: str) -> None:
    """Call a topic otherwise; its address stays, so that links stay."""
    former = topic.name
    if _checked(name) == former:
        return
    try:
        with db.session.begin_nested():
            topic.name = name
    except IntegrityError:
        raise Refused(_("There is a topic of this name already."), "name") from None
    log_change("topic.renamed", topic, actor_id=viewer.id, name=former, changed=[former, name])


def retire_topic(viewer: Viewer, topic: Topic) -> None:
    """Offer a topic no more; what stands under it stays."""
    if topic.retired_at is None:
        topic.retired_at = now()
        log_change("topic.retired", topic, actor_id=viewer.id)


def restore_topic(viewer: Viewer, topic: Topic) -> None:
    """Offer a retired topic again."""
    if topic.retired_at is not None:
        topic.retired_at = None
        log_change("topic.restored", topic, actor_id=viewer.id)


def _checked(name: str) -> str:
    if not name:
        raise Refused(_("Give the topic a name."), "name")
    if len(name) > NAME_LIMIT:
        raise Refused(_("The name is too long: %(n)d characters at most.", n=NAME_LIMIT), "name")
    return name


def _free_slug(name: str) -> str:
    """Return a short Latin address for a name, one that no other topic has."""
    letters = "".join(LATIN.get(letter, letter) for letter in name.casefold())
    base = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:32].strip("-") or "topic"
    taken = set(db.session.scalars(select(Topic.slug).where(Topic.slug.like(f"{base}%"))))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 1000))) if slug not in taken)
