"""What certificates listen to: a course completed."""

from __future__ import annotations

from typing import Any

from app.activity import Activity, happened
from app.learning import certificates


def connect() -> None:
    """Begin to listen."""
    happened.connect(hear)


def hear(activity: Activity, *, subject: Any) -> None:
    """Give whoever has completed a course its certificate, in the transaction that completes it."""
    if activity.verb == "course.completed" and activity.actor_id is not None:
        certificates.issue(activity.actor_id, subject)
