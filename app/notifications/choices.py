"""What each person wants to hear by which channel; only what differs from the kinds' defaults is kept."""

from __future__ import annotations

from datetime import time
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from app.database import insert_once
from app.extensions import db
from app.notifications.kinds import CHANNELS, KINDS, Kind
from app.notifications.models import ChannelChoice, QuietHours
from app.people.models import Person
from app.people.permissions import Permission
from app.people.sessions import Viewer

# Kinds that concern only those who may do something about them.
FOR: dict[str, Permission] = {"report": Permission.MODERATE}


class Row(NamedTuple):
    """One kind of news with what the person wants of it: {channel: wanted}."""

    kind: Kind
    wanted: dict[str, bool]


def rows_of(viewer: Viewer) -> list[Row]:
    """Return the kinds that concern the viewer, each with his choices."""
    chosen = choices_of([viewer.id]).get(viewer.id, {})
    concern = [kind for kind in KINDS.values() if kind.name not in FOR or viewer.can(FOR[kind.name])]
    return [Row(kind, {channel: wants(chosen, kind.name, channel) for channel in CHANNELS}) for kind in concern]


def choices_of(person_ids: list[int]) -> dict[int, dict[tuple[str, str], bool]]:
    """Return what people chose, as {person id: {(kind, channel): wanted}}."""
    found: dict[int, dict[tuple[str, str], bool]] = {}
    rows: Any = db.session.execute(select(ChannelChoice).where(ChannelChoice.person_id.in_(person_ids))).scalars()
    for row in rows:
        found.setdefault(row.person_id, {})[(row.kind, row.channel)] = row.wanted
    return found


def wants(chosen: dict[tuple[str, str], bool], kind: str, channel: str) -> bool:
    """Tell whether somebody with these choices wants a kind of news by a channel."""
    return chosen.get((kind, channel), KINDS[kind].goes_by(channel))


def choose(person_id: int, wanted: set[str]) -> None:
    """Take over a person's choices, given as "kind:channel" for each that is wanted."""
    db.session.execute(delete(ChannelChoice).where(ChannelChoice.person_id == person_id))
    for kind in KINDS.values():
        for channel in CHANNELS:
            want = f"{kind.name}:{channel}" in wanted
            if want != kind.goes_by(channel):
                insert_once(ChannelChoice, person_id=person_id, kind=kind.name, channel=channel, wanted=want)


def quiet_of(person_id: int) -> QuietHours | None:
    """Return a person's quiet hours, None where there are none."""
    return db.session.get(QuietHours, person_id)


def keep_quiet(person_id: int, starts: time | None, ends: time | None) -> None:
    """Set a person's quiet hours, or take them away."""
    db.session.execute(delete(QuietHours).where(QuietHours.person_id == person_id))
    if starts is not None and ends is not None:
        insert_once(QuietHours, person_id=person_id, starts=starts, ends=ends)


def address_of(person_id: int) -> str:
    """Return where letters to a person go, empty where there is no address."""
    return db.session.scalar(select(Person.email).where(Person.id == person_id)) or ""


def stop(person_id: int, kind: str, channel: str) -> None:
    """Stop one kind by one channel, as the link in a letter does; "*" stands for all kinds."""
    for name in KINDS if kind == "*" else [kind]:
        db.session.execute(
            delete(ChannelChoice).where(
                ChannelChoice.person_id == person_id, ChannelChoice.kind == name, ChannelChoice.channel == channel
            )
        )
        insert_once(ChannelChoice, person_id=person_id, kind=name, channel=channel, wanted=False)
