"""What visitors find of their own: complaints and their history, bookmarks, drafts, and the log of who changed what."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from app.content.models import Bookmark, Comment, Draft, Entry, Report
from app.demo.company import Company, Worker
from app.demo.library import Complaint
from app.demo.reading import sections
from app.demo.rows import Noted, insert_all
from app.extensions import db
from app.people.models import Change
from app.people.permissions import Role

KEPT = ("care", "packing", "learning", "windows", "questions")


def add_extras(company: Company, noted: list[Noted], moment: datetime, rng: random.Random) -> None:
    """Add everything that hangs off single posts and people."""
    log: list[dict[str, Any]] = []
    for one in noted:
        if one.post.text.complaint is not None:
            _complain(company, one, one.post.text.complaint, moment, rng, log)
        if one.post.pinned_at is not None:
            log.append(
                _change(one.post.pinned_at, one.post.author, "entry.pinned", "entry", one.entry_id, one.post.body.body[:80])
            )
    _keep(company, noted, moment, rng)
    _draft(company, noted, moment)
    log += _staff_log(company, moment)
    insert_all(Change, sorted(log, key=lambda change: (change["at"], change["subject_id"])))


def _complain(
    company: Company, one: Noted, complaint: Complaint, moment: datetime, rng: random.Random, log: list[dict[str, Any]]
) -> None:
    """Add a complaint about a post or its reported comment, and what the moderator decided."""
    said = next((place for place, remark in enumerate(one.post.remarks) if remark.is_reported), None)
    comment_id = one.comment_id + said if complaint.of_comment and said is not None else None
    if complaint.of_comment and comment_id is None:
        return
    subject_at = one.post.at if said is None or comment_id is None else one.post.remarks[said].at
    author = one.post.author if said is None or comment_id is None else one.post.remarks[said].author
    body = one.post.body.body if said is None or comment_id is None else one.post.remarks[said].body.body
    at = min(subject_at + timedelta(minutes=rng.randint(20, 400)), moment - timedelta(minutes=1))
    editor = company.by_login("editor")
    towns = {key for key in one.post.audience if key.startswith("city:")}
    present = [
        worker
        for worker in company.workers
        if worker.works_on(at.date()) and worker is not author and (not towns or f"city:{worker.shop.town.id}" in towns)
    ]
    decided = None
    if complaint.decision != "open":
        decided = min(at + timedelta(minutes=rng.randint(15, 300)), moment)
        kind, subject_id = ("entry", one.entry_id) if comment_id is None else ("comment", comment_id)
        details = {"reason": complaint.answer} if complaint.answer else {}
        log.append(_change(decided, editor, f"{kind}.{complaint.decision}", kind, subject_id, body[:80], details))
    row = {
        "entry_id": one.entry_id,
        "comment_id": comment_id,
        "reporter_id": rng.choice(present).id,
        "reason": complaint.reason,
        "text": complaint.text,
        "created_at": at,
        "resolved_at": decided,
        "resolved_by_id": editor.id if decided else None,
        "decision": complaint.decision if decided else "",
    }
    insert_all(Report, [row])
    if complaint.decision == "hidden":
        table, subject_id = (Entry, one.entry_id) if comment_id is None else (Comment, comment_id)
        hidden = update(table).where(table.id == subject_id).values(hidden_at=decided, hidden_reason=complaint.answer)
        db.session.execute(hidden)


def _keep(company: Company, noted: list[Noted], moment: datetime, rng: random.Random) -> None:
    """Put useful posts among the bookmarks of those whom visitors sign in as, and of some others."""
    useful = [one for one in noted if one.post.text.theme in KEPT and one.post.audience == ("everybody",)]
    rows = {}
    for worker in company.workers:
        if worker.login is None and worker.id % 9:
            continue
        for one in rng.sample(useful, min(len(useful), rng.choice((4, 5, 7)) if worker.login else 2)):
            if worker.works_on(one.post.at.date()) and worker is not one.post.author:
                after = (moment - one.post.at) * rng.random() ** 2
                rows[one.entry_id, worker.id] = {"entry_id": one.entry_id, "person_id": worker.id, "at": one.post.at + after}
    insert_all(Bookmark, list(rows.values()))


def _draft(company: Company, noted: list[Noted], moment: datetime) -> None:
    """Leave drafts that were begun and not sent: of a post, and of a comment under somebody's newest question."""
    rows = []
    for login, lines in sections("drafts").items():
        worker = company.by_login(login)
        fields: dict[str, list[str]] = {"body": [lines[0].replace("\\n", "\n")]}
        form = "/posts"
        if login == "director":
            asked = [one for one in noted if one.post.text.theme == "questions" and one.post.audience == ("everybody",)]
            if asked:
                form = f"/posts/{asked[-1].entry_id}/comments"
        else:
            fields["audience"] = ["everybody"]
        rows.append({"person_id": worker.id, "form": form, "fields": fields, "updated_at": moment - timedelta(hours=3)})
    insert_all(Draft, rows)


def _staff_log(company: Company, moment: datetime) -> list[dict[str, Any]]:
    """Tell of the last months' hirings and dismissals, and of the roles given when the portal began."""
    hr, admin = company.by_login(Role.HR), company.by_login("admin")
    log = []
    for worker in company.workers:
        for role in worker.roles:
            at = moment - timedelta(days=700, minutes=-worker.id)
            log.append(_of_person(at, admin, "role.granted", worker, {"role": [None, role]}))
        for verb, field, day in (
            ("person.hired", "hired_on", worker.hired),
            ("person.dismissed", "dismissed_on", worker.dismissed),
        ):
            if day is not None and 0 <= (moment.date() - day).days <= 90:
                at = moment - timedelta(days=(moment.date() - day).days, hours=1, minutes=worker.id % 50)
                log.append(_of_person(at, hr, verb, worker, {field: [None, day.isoformat()]}))
    return log


def _of_person(at: datetime, actor: Worker, verb: str, worker: Worker, details: dict[str, Any]) -> dict[str, Any]:
    name = f"{worker.last} {worker.first} {worker.middle}, {worker.number}"
    return _change(at, actor, verb, "person", worker.id, name, details)


def _change(
    at: datetime, actor: Worker, verb: str, kind: str, subject_id: int, name: str, details: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "at": at,
        "actor_id": actor.id,
        "verb": verb,
        "subject_kind": kind,
        "subject_id": subject_id,
        "subject_name": name,
        "details": details or {},
    }
