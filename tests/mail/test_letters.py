"""Letters over a real SMTP server: delivered once, refused, put off, hanging; no request ever waits for it."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from app import mail
from app.database import move_clock
from app.extensions import db
from app.jobs import Job, run_due
from app.mail import Letter
from tests.servers import free_port


class Post:
    """A mail server's answers: each DATA is answered by the next of `answers`, at last by 250."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.answers: list[str] = []
        self.rcpt = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "hang up":
            self.letters.append(envelope.content)
            session_transport = server.transport
            session_transport.abort()
            await asyncio.sleep(0)
            return "250 OK"
        if answer.startswith("250"):
            self.letters.append(envelope.content)
        return answer


@pytest.fixture
def post(portal):
    """Run a mail server and point the portal to it."""
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    portal.app.config.update(MAIL_URL=f"smtp://127.0.0.1:{controller.port}", MAIL_FROM="Ритм <ritm@ritm.example>")
    yield handler
    portal.app.config.update(MAIL_URL="", MAIL_FROM="ritm@localhost")
    controller.stop()


def send(portal, **fields):
    """Write a letter as an act would, and let the job run that follows its commit."""
    words = {"to": "anna@ritm.example", "subject": "Новый пароль", "text": "Откройте https://ritm.example/i/ACEH", **fields}
    portal.run(lambda: mail.send(**words))


def state(portal):
    columns = (Letter.sent_at, Letter.failed_at, Letter.text, Letter.error)
    sent, failed, text, error = portal.rows(select(*columns))[0]
    return sent is not None, failed is not None, text, error


def later(portal, **by):
    """Let time pass and the worker look for what is due."""
    move_clock(timedelta(**by))
    run_due(portal.app)


def test_a_letter_arrives_as_it_was_written(portal, post):
    send(portal, html="<p>Откройте</p>", subject="Новый\r\nBcc: evil@evil.example")
    message = message_from_bytes(post.letters[0], policy=default)
    assert message["To"] == "anna@ritm.example"
    assert message["From"] == "Ритм <ritm@ritm.example>"
    assert message["Subject"] == "Новый Bcc: evil@evil.example"
    assert "Bcc" not in message
    assert "https://ritm.example/i/ACEH" in message.get_body(("plain",)).get_content()
    assert "<p>Откройте</p>" in message.get_body(("html",)).get_content()


def test_what_it_said_is_wiped_once_it_is_gone(portal, post):
    send(portal)
    assert state(portal) == (True, False, "", "")
    assert portal.count(Job) == 0


def test_a_rolled_back_act_sends_nothing(portal, post):
    with portal.context():
        mail.send("anna@ritm.example", "Тема", "Текст")
        db.session.rollback()
    later(portal, hours=1)
    assert post.letters == []


def test_refused_for_good_is_given_up(portal, post):
    post.rcpt = "550 no such user"
    send(portal)
    assert state(portal) == (False, True, "", "SMTP 550")
    later(portal, days=3)
    assert post.letters == []


def test_refused_for_now_is_tried_again_with_growing_pauses(portal, post):
    post.answers = ["451 later", "451 later"]
    send(portal)
    assert post.letters == []
    first = portal.one(select(Job.due_at))
    later(portal, minutes=1)
    second = portal.one(select(Job.due_at))
    assert second - first > timedelta(minutes=1)
    later(portal, minutes=10)
    assert len(post.letters) == 1
    later(portal, days=3)
    assert len(post.letters) == 1


def test_a_server_that_is_away_is_tried_again(portal, post):
    right = portal.app.config["MAIL_URL"]
    portal.app.config["MAIL_URL"] = f"smtp://127.0.0.1:{free_port()}"
    send(portal)
    portal.app.config["MAIL_URL"] = right
    later(portal, minutes=1)
    assert len(post.letters) == 1


def test_an_answer_that_was_lost_sends_no_second_letter(portal, post):
    post.answers = ["hang up"]
    send(portal)
    for days in (1, 2, 3, 8):
        later(portal, days=days)
    assert len(post.letters) == 1
    assert state(portal) == (False, True, "", "unknown")


def test_several_workers_send_it_once(portal, post):
    right = portal.app.config["MAIL_URL"]
    portal.app.config["MAIL_URL"] = f"smtp://127.0.0.1:{free_port()}"
    send(portal)
    portal.app.config["MAIL_URL"] = right
    move_clock(timedelta(minutes=1))
    threads = [threading.Thread(target=run_due, args=(portal.app,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(post.letters) == 1


def test_an_address_no_letter_can_go_to_is_given_up(portal, post):
    send(portal, to="не адрес")
    assert state(portal)[1:] == (True, "", "address")


def test_no_request_waits_for_a_server_that_hangs(portal, monkeypatch):
    """The request only writes; whoever waits, and no longer than for one answer, is the worker."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        portal.app.config.update(MAIL_URL=f"smtp://127.0.0.1:{silent.getsockname()[1]}", BASE_URL="https://ritm.example")
        monkeypatch.setattr(portal.app.extensions["jobs"][0], "immediate", False)
        monkeypatch.setattr(mail, "PATIENCE", 1)
        try:
            portal.run(lambda: None)
            began = time.monotonic()
            answer = portal.client().post("/sign-in/forgotten", {"login": "01001"})
            assert answer.status == 200
            assert time.monotonic() - began < 1
            send(portal)
            began = time.monotonic()
            run_due(portal.app)
            assert time.monotonic() - began < 10
        finally:
            portal.app.config.update(MAIL_URL="", BASE_URL="")
    assert state(portal)[:2] == (False, False)


def test_the_log_tells_of_failures_but_not_what_was_written(portal, post, caplog):
    caplog.set_level(logging.DEBUG)
    post.answers = ["451 later"]
    send(portal, text="канарейка")
    post.rcpt = "550 no such user"
    later(portal, minutes=1)
    assert "refused with 550" in caplog.text
    assert "канарейка" not in caplog.text
