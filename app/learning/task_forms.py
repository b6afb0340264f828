"""The forms of tasks: the learner's answer, and the checker's remark; and what stands around the former."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, MultipleFileField

from app.activity import looked
from app.content import photos
from app.content.drafts import draft_of
from app.content.models import Photo
from app.content.text import BODY_LIMIT
from app.forms import Form, Ids, Lines
from app.learning import tasks
from app.learning.models import Course
from app.learning.taking import Step
from app.people.sessions import Viewer
from app.ui import nonce


class AnswerForm(Form):
    """What a learner answers to a task."""

    body = Lines(_l("Your answer"), limit=100 * BODY_LIMIT)
    photos = MultipleFileField(_l("Photos"))
    photo = Ids()
    dropped = Ids()
    nonce = HiddenField()

    @classmethod
    def blank(cls, draft: dict[str, Any]) -> AnswerForm:
        """Return the form as it is first shown, with what was typed and not sent."""
        kept = {name: values for name, values in draft.items() if name in ("body", "photo", "dropped")}
        return cls(formdata=MultiDict({"nonce": [nonce()], **kept}))

    @property
    def photo_ids(self) -> list[int]:
        """Return the photos that are to be handed in."""
        return [number for number in self.photo.data if number not in self.dropped.data]


class RemarkForm(Form):
    """What a checker says of an answer."""

    body = Lines(_l("What is to be mended, or what was good"), limit=100_000)

    @classmethod
    def blank(cls, draft: dict[str, Any]) -> RemarkForm:
        """Return the form as it is first shown, with what was typed and not sent."""
        return cls(formdata=MultiDict({"body": draft.get("body") or [""]}))


class Sheet(NamedTuple):
    """A task as its learner sees it: what was handed in, and the form where another answer may be."""

    standing: tasks.Standing
    form: AnswerForm | None = None
    photos: Sequence[Photo] = ()
    from_draft: bool = False


def sheet_of(viewer: Viewer, course: Course, step: Step, form: AnswerForm | None = None) -> Sheet:
    """Read what a task's page shows; `form` is one that was just sent and is not right yet."""
    standing = tasks.standing_of(viewer.id, step.lesson.id, step.is_done)
    if standing.answers:
        # What was told of the check is before his eyes.
        looked.send(viewer.itself, entry_id=course.id)
    if not standing.may_answer:
        return Sheet(standing)
    kept = draft_of(viewer.id, address(step.lesson.id)) if form is None else {}
    form = form or AnswerForm.blank(kept)
    return Sheet(standing, form, photos.unsent(viewer.id, form.photo.data), bool(kept))


def address(lesson_id: int) -> str:
    """Return where the answer to a task is sent, which also names its draft."""
    return f"/tasks/{lesson_id}"
