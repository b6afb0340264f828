"""What the editor's form is surrounded by: photos and files on their way, the audience picker, warnings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.announcements import files, writing
from app.announcements.channels import channels
from app.announcements.forms import IMPORTANCE_HINTS, AnnouncementForm
from app.announcements.models import Announcement
from app.content import composer, documents
from app.content.models import Entry
from app.database import alone_with
from app.errors import Refused
from app.extensions import db
from app.people.permissions import Permission
from app.people.sessions import Viewer


def take_uploads(viewer: Viewer, form: AnnouncementForm) -> None:
    """Keep the photos and files that a form brings, whatever becomes of its other fields; reading them takes no lock."""
    good, wrong = documents.read(form.files.data or [])
    composer.take_photos(viewer, form)
    form.file.data = [*form.file.data, *(document.id for document in files.take_in(viewer.id, good))]
    for sentence in wrong:
        form.refuse(Refused(sentence, "files"))


def surroundings(viewer: Viewer, form: AnnouncementForm, announcement: Announcement | None) -> dict[str, Any]:
    """Return what the form's page shows besides the fields."""
    around = composer.surroundings(viewer, form, announcement, with_topics=False, reach=channels)
    standing = [*(announcement.files if announcement is not None else ()), *files.unsent(viewer.id, form.file.data)]
    out = announcement is not None and announcement.published_at is not None
    return {**around, "announcement": announcement, "standing_files": standing, "out": out, "hints": IMPORTANCE_HINTS}


def check_audience(viewer: Viewer, form: AnnouncementForm, announcement: Announcement | None) -> None:
    """Refuse keys that nobody offered; what is out already keeps its audience."""
    if announcement is None or announcement.published_at is None:
        composer.check_audience(viewer, form, announcement)


def was_taken(form: AnnouncementForm, announcement: Announcement, content: writing.Content) -> bool:
    """Tell whether this very form was taken already: slow lines send twice, and the second is the first.

    Refuses once what would go over somebody else's change; whoever has read that and sends it again means it.
    """
    alone_with(announcement)
    known, current = form.based_on.data, str(announcement.version)
    if not known or known == current:
        return False
    if writing.says(announcement, content):
        return True
    form.based_on.data = current
    raise Refused(
        _(
            "While you wrote, somebody else has changed this announcement. Your text stands here, whole: compare it "
            "with the preview, and send it once more to put it in the other's place."
        )
    )


def overloaded(announcement: Announcement, at: datetime | None = None) -> int:
    """Count the people for whom this would be one mandatory announcement too many, now or at its time."""
    if not announcement.asks or announcement.published_at is not None:
        return 0
    return writing.overloaded(announcement.audience.key_list, announcement.id, at)


def too_much(people: int) -> str:
    """Say to the editor how many people would get too much."""
    warning = ngettext(
        "%(num)d person would get more than three mandatory announcements within a week.",
        "%(num)d people would get more than three mandatory announcements within a week.",
        people,
    )
    return warning + " " + _("Such people stop reading them. Press once more to publish it all the same.")


def for_versions(viewer: Viewer, announcement_id: int) -> Announcement | None:
    """Return an announcement whose versions the viewer may compare: what he may read, and for editors whatever is out."""
    found = db.session.scalar(Entry.visible_to(viewer).where(Entry.id == announcement_id, Entry.kind == "announcement"))
    if found is None and viewer.can(Permission.ANNOUNCE):
        found = db.session.get(Announcement, announcement_id)
        found = found if found is not None and found.deleted_at is None and found.published_at is not None else None
    return found if isinstance(found, Announcement) else None
