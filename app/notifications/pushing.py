"""Web push: news to a phone that lets the portal do so, encrypted for that browser alone (RFC 8291, RFC 8292).

A push service that refuses or hangs is tried again with the jobs' growing pauses; what it may have taken is never sent
again. A browser that is gone is forgotten.
"""

from __future__ import annotations

import base64
import importlib
import json
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, select, update

from app import outside
from app.database import insert_once, now
from app.errors import Refused
from app.extensions import db
from app.jobs import later, task
from app.notifications.inbox import Line
from app.notifications.models import PortalKey, PushMessage, PushSubscription

MOST_SUBSCRIPTIONS = 10
# How long a push service keeps what a switched-off phone has not fetched: until the next gathering but one.
KEPT_SECONDS = 12 * 3600
GONE = (404, 410)
BUSY = (408, 429)


def public_key() -> str:
    """Return the portal's own key as browsers take it when they subscribe: base64url of the uncompressed point."""
    point: bytes = _sealing().public_point(_private_key())
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def subscribe(person_id: int, endpoint: str, keys: dict[str, str], device: str) -> None:
    """Let a browser be told by push; the same browser asked by a colleague belongs to him from then on."""
    _check_keys(keys)
    db.session.execute(delete(PushSubscription).where(PushSubscription.endpoint == endpoint))
    mine = db.session.scalars(
        select(PushSubscription.id).where(PushSubscription.person_id == person_id).order_by(PushSubscription.id.desc())
    ).all()
    db.session.execute(delete(PushSubscription).where(PushSubscription.id.in_(mine[MOST_SUBSCRIPTIONS - 1 :])))
    db.session.add(PushSubscription(person_id=person_id, endpoint=endpoint, keys=keys, device=device[:120]))
    db.session.flush()


def unsubscribe(person_id: int, endpoint: str) -> None:
    """Forget a browser of this person."""
    mine = (PushSubscription.person_id == person_id, PushSubscription.endpoint == endpoint)
    db.session.execute(delete(PushSubscription).where(*mine))


def write(person_id: int, lines: list[Line]) -> None:
    """Write one push to each browser of a person: the sentence itself, or how many there are."""
    if not lines:
        return
    first = lines[0]
    title = first.sentence if len(lines) == 1 else ngettext("%(num)d notice", "%(num)d notices", len(lines))
    body = first.words if len(lines) == 1 else "\n".join(line.sentence for line in lines[:3])
    path = f"/notifications/{first.id}" if len(lines) == 1 else "/notifications"
    payload = {"title": title, "body": body, "path": path, "tag": f"notice-{first.id}" if len(lines) == 1 else "notices"}
    alive = (PushSubscription.person_id == person_id, PushSubscription.failed_at.is_(None))
    for subscription_id in db.session.scalars(select(PushSubscription.id).where(*alive)).all():
        message = PushMessage(subscription_id=subscription_id, payload=payload)
        db.session.add(message)
        db.session.flush()
        later(current_app._get_current_object(), deliver, message.id)  # type: ignore[attr-defined]


@task
def deliver(message_id: int) -> None:
    """Hand a push to its service; an error lets the job come due again later."""
    message = db.session.get(PushMessage, message_id)
    if message is None or message.handed_at or message.failed_at:
        return
    subscription = db.session.get_one(PushSubscription, message.subscription_id)
    endpoint, subscription_id = subscription.endpoint, subscription.id
    body = _encrypted(json.dumps(message.payload, ensure_ascii=False).encode(), subscription.keys)
    headers = _headers(endpoint, str(message.payload["tag"]))
    message.handed_at = now()
    db.session.commit()
    try:
        reply = outside.post(endpoint, body, headers)
    except outside.Inner:
        _note(message_id, failed_at=now(), error="inner address")
        return
    except outside.Unreached as error:
        _note(message_id, handed_at=None, error=type(error).__name__)
        raise
    except (OSError, HTTPException):
        # It may have arrived; a doubled push is worse than one that waits under the bell.
        _note(message_id, failed_at=now(), error="no answer")
        return
    if 200 <= reply.status < 300:
        _note(message_id, sent_at=now(), error="")
    elif reply.status in GONE:
        db.session.execute(delete(PushSubscription).where(PushSubscription.id == subscription_id))
        db.session.commit()
    elif reply.status in BUSY or reply.status >= 500:
        _note(message_id, handed_at=None, error=f"HTTP {reply.status}")
        raise outside.Unreached(f"the push service asks to come again: {reply.status}")
    else:
        _note(message_id, failed_at=now(), error=f"HTTP {reply.status}")


def _note(message_id: int, **what: Any) -> None:
    db.session.execute(update(PushMessage).where(PushMessage.id == message_id).values(**what))
    db.session.commit()


def _headers(endpoint: str, topic: str) -> dict[str, str]:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now().timestamp()) + KEPT_SECONDS,
        "sub": f"mailto:{current_app.config['MAIL_FROM']}",
    }
    return {
        **_sealing().signed(_private_key(), claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_SECONDS),
        "Topic": topic[:32],
    }


def _encrypted(text: bytes, keys: dict[str, str]) -> bytes:
    sealed: bytes = _sealing().encrypted(text, _unpacked(keys["p256dh"]), _unpacked(keys["auth"]))
    return sealed


def _check_keys(keys: dict[str, str]) -> None:
    """Refuse keys that nothing could be encrypted for, now instead of at each delivery."""
    try:
        point, secret = _unpacked(keys["p256dh"]), _unpacked(keys["auth"])
        _sealing().check_point(point)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Refused(_("This browser's answer was not understood. Try it once more.")) from None
    if len(secret) != 16:
        raise Refused(_("This browser's answer was not understood. Try it once more."))


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _private_key() -> bytes:
    """Return the portal's own key, made the first time; browsers that subscribed know its public half."""
    wanted = select(PortalKey.value).where(PortalKey.name == "vapid")
    found = db.session.scalar(wanted)
    if found is None:
        insert_once(PortalKey, name="vapid", value=_sealing().new_key().decode())
        found = db.session.scalars(wanted).one()
    return found.encode()


def _sealing() -> Any:
    """Load the cryptography where it is used: see there."""
    return importlib.import_module("app.notifications.sealing")
