"""Letters: written into the database with the act they belong to, handed to the mail server later by a job.

No request waits for a mail server. A server that refuses or hangs is tried again with the jobs' growing pauses; a letter
whose text was once handed over is never handed over again, even if the answer to it was lost, since a doubled letter is
worse than one that somebody asks for again. Texts hold links that open doors: they are wiped as soon as the letter is gone.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from flask import current_app
from sqlalchemy import JSON, String, Text, update
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UTCDateTime, now
from app.extensions import Base, db
from app.jobs import later, task

log = logging.getLogger(__name__)

# How many seconds a mail server may take for one answer.
PATIENCE = 15


class Letter(Base):
    """One e-mail on its way, and what became of it."""

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    # From here on the server may have it: never again.
    handed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Given up, or its fate unknown.
    failed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(String(80), default="")


def is_set_up() -> bool:
    """Tell whether the portal can send letters with links to itself; pages say so where it cannot.

    Links need RITM_BASE_URL: what a request calls its host may be anybody's invention.
    """
    return bool(current_app.config["MAIL_URL"] and current_app.config["BASE_URL"])


def send(to: str, subject: str, text: str, html: str = "", headers: dict[str, str] | None = None) -> Letter:
    """Write a letter that leaves after the present transaction has been committed; `headers` are ASCII."""
    letter = Letter(address=to, subject=" ".join(subject.split())[:200], text=text, html=html, headers=headers or {})
    db.session.add(letter)
    db.session.flush()
    later(current_app._get_current_object(), deliver, letter.id)  # type: ignore[attr-defined]
    return letter


@task
def deliver(letter_id: int) -> None:
    """Hand a letter to the mail server; an error lets the job come due again later."""
    letter = db.session.get(Letter, letter_id)
    if letter is None or letter.handed_at or letter.failed_at or not current_app.config["MAIL_URL"]:
        _close(letter)
        return
    sender, address = parseaddr(current_app.config["MAIL_FROM"]), letter.address
    try:
        words = _words(letter, sender)
    except ValueError:
        _note(letter_id, failed_at=now(), text="", html="", error="address")
        return
    db.session.rollback()
    server = _connected(urlsplit(current_app.config["MAIL_URL"]))
    try:
        _hand_over(server, letter_id, sender[1], address, words)
    except BaseException:
        # A server that hangs is not asked to say goodbye.
        server.close()
        raise
    with suppress(OSError, smtplib.SMTPException):
        server.quit()


def _hand_over(server: smtplib.SMTP, letter_id: int, sender: str, address: str, words: bytes) -> None:
    """Go through the steps of SMTP; what is refused for good is given up, what only for now is raised."""
    for answer in (server.mail(sender), server.rcpt(address)):
        if _refused(letter_id, answer):
            return
    if not _take(letter_id):
        return
    try:
        answer = server.data(words)
    except smtplib.SMTPDataError as error:
        # It would not even hear the text.
        answer = (error.smtp_code, b"")
    if not _refused(letter_id, answer):
        _note(letter_id, sent_at=now(), text="", html="", error="")


def _refused(letter_id: int, answer: tuple[int, bytes]) -> bool:
    """Give a letter up that the server refuses for good; raise what may be different later."""
    code = answer[0]
    if code < 400:
        return False
    if code < 500:
        _note(letter_id, handed_at=None, error=f"SMTP {code}")
        raise smtplib.SMTPResponseException(code, "the server asks to come again")
    log.warning("letter %s: refused with %s", letter_id, code)
    _note(letter_id, failed_at=now(), text="", html="", error=f"SMTP {code}")
    return True


def _take(letter_id: int) -> bool:
    """Note that the text is about to leave; False where another worker was quicker."""
    mine = update(Letter).where(Letter.id == letter_id, Letter.handed_at.is_(None), Letter.failed_at.is_(None))
    done = db.session.execute(mine.values(handed_at=now()))
    db.session.commit()
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _close(letter: Letter | None) -> None:
    """End a letter whose worker died while the server was answering: whether it arrived is not known."""
    if letter is not None and letter.handed_at and not letter.sent_at and not letter.failed_at:
        letter.failed_at, letter.text, letter.html, letter.error = now(), "", "", "unknown"


def _note(letter_id: int, **values: Any) -> None:
    db.session.execute(update(Letter).where(Letter.id == letter_id).values(**values))
    db.session.commit()


def _words(letter: Letter, sender: tuple[str, str]) -> bytes:
    """Return a letter as it goes over the line."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["From"] = Address(sender[0] or current_app.config["BRAND"], addr_spec=sender[1])
    message["To"] = Address(addr_spec=letter.address)
    message["Date"] = formatdate(letter.created_at.timestamp())
    # The same for every try, so that a mail server that did take it can see that it is the same letter.
    host = sender[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<letter.{letter.id}.{int(letter.created_at.timestamp() * 1000)}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    return message.as_bytes()


def _connected(url: SplitResult) -> smtplib.SMTP:
    """Open a connection as the address says: smtps:// is TLS from the start, else STARTTLS where it is offered."""
    context = ssl.create_default_context()
    host, port = url.hostname or "localhost", url.port
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port or 465, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=PATIENCE)
    try:
        server.ehlo()
        if url.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server
