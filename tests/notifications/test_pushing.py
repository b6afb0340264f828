"""Pushes: readable by one browser alone, sent once, tried again where the service is away, never to an inner address."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from sqlalchemy import select

from app import jobs
from app.database import now
from app.notifications import pushing
from app.notifications.inbox import Line
from app.notifications.models import PushMessage, PushSubscription


class Service:
    """A push service on this machine: answers with `status`, keeps what it was given."""

    def __init__(self) -> None:
        self.status = 201
        self.taken: list[tuple[dict[str, str], bytes]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if service.status == 0:
                    self.close_connection = True
                    service.taken.append((dict(self.headers), body))
                    return
                if service.status == 201:
                    service.taken.append((dict(self.headers), body))
                self.send_response(service.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/push/1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Browser:
    """A browser that has let the portal push to it."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.secret = b"sixteen letters!"
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.keys = {"p256dh": _packed(point), "auth": _packed(self.secret)}

    def read(self, body: bytes) -> dict[str, str]:
        """Decrypt what arrived."""
        found: dict[str, str] = json.loads(http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret))
        return found


@pytest.fixture
def service(portal) -> Iterator[Service]:
    portal.app.config["INNER_ALLOWED"] = True
    made = Service()
    yield made
    made.server.shutdown()
    portal.app.config["INNER_ALLOWED"] = False


def push(portal, browser: Browser, service: Service) -> None:
    words, path = "Как вы это сделали?", "/comments/1"
    line = Line(7, "comment", "comment", "Борис: комментарий", words, path, now(), False, None, "", None)
    person_id = portal.cast.ann.id
    portal.run(lambda: pushing.subscribe(person_id, service.address, browser.keys, "phone"))
    portal.run(lambda: pushing.write(person_id, [line]))


def test_a_push_arrives_sealed_and_signed(portal, service):
    browser = Browser()
    push(portal, browser, service)
    [(headers, body)] = service.taken
    assert browser.read(body)["title"] == "Борис: комментарий"
    assert "Борис".encode() not in body
    assert headers["Content-Encoding"] == "aes128gcm"
    with portal.context():
        assert Vapid02.verify(headers["Authorization"])
    assert portal.one(select(PushMessage.sent_at)) is not None


def test_a_service_that_is_busy_is_asked_again_and_gets_it_once(portal, service):
    service.status = 503
    push(portal, Browser(), service)
    assert portal.one(select(PushMessage.handed_at)) is None
    service.status = 201
    job_id = portal.one(select(jobs.Job.id))
    portal.run(lambda: pushing.deliver(portal.one(select(PushMessage.id))))
    portal.run(lambda: pushing.deliver(portal.one(select(PushMessage.id))))
    assert job_id is not None
    assert len(service.taken) == 1


def test_what_may_have_arrived_is_not_sent_again(portal, service):
    service.status = 0
    push(portal, Browser(), service)
    service.status = 201
    portal.run(lambda: pushing.deliver(portal.one(select(PushMessage.id))))
    assert len(service.taken) == 1
    assert portal.one(select(PushMessage.error)) == "no answer"


def test_a_browser_that_is_gone_is_forgotten(portal, service):
    service.status = 410
    push(portal, Browser(), service)
    assert portal.count(PushSubscription) == 0
    assert portal.count(PushMessage) == 0


def test_a_browser_subscribes_and_stops(portal, service):
    browser, client = Browser(), portal.client(portal.cast.ann, htmx=True)
    fields = {"endpoint": service.address, **browser.keys}
    assert client.post("/notifications/push", fields).status == 204
    assert client.post("/notifications/push", fields).status == 204
    assert portal.count(PushSubscription) == 1
    assert len(client.post("/notifications/push/key").response.json["key"]) == 87
    assert client.post("/notifications/push/stop", fields).status == 204
    assert portal.count(PushSubscription) == 0


def test_inner_addresses_and_broken_keys_are_refused(portal):
    client = portal.client(portal.cast.ann)
    for fields in (
        {"endpoint": "https://127.0.0.1/push", **Browser().keys},
        {"endpoint": "https://8.8.8.8/push", "p256dh": "AAAA", "auth": "AAAA"},
        {"endpoint": "https://8.8.8.8/push", "p256dh": "я", "auth": "\x00"},
        {"endpoint": ""},
    ):
        assert client.post("/notifications/push", fields).status == 422
    assert portal.count(PushSubscription) == 0


def test_a_terminal_is_never_told(portal):
    terminal = portal.terminal(portal.cast.ann.store_id)
    client = portal.client(portal.cast.ann, terminal=terminal)
    assert client.post("/notifications/push/key").status == 403
    assert client.post("/notifications/push", {"endpoint": "https://8.8.8.8/"}).status == 403


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
