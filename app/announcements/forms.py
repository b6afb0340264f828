"""The editor's form, and the small forms of readers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateTimeLocalField, HiddenField, MultipleFileField, RadioField, StringField
from wtforms.validators import Optional

from app.announcements.models import Announcement, Importance
from app.announcements.writing import MOST_ANSWERS, Content
from app.content.audience import EVERYBODY
from app.content.text import BODY_LIMIT
from app.errors import Refused
from app.forms import Form, Ids, Line, Lines, Several, options
from app.ui import nonce

YEARS = (2020, 2100)
# As browsers send a time, with and without seconds.
TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
IMPORTANCE_NAMES = {
    Importance.ORDINARY: _l("Ordinary"),
    Importance.MANDATORY: _l("Mandatory"),
    Importance.URGENT: _l("Urgent"),
}
IMPORTANCE_HINTS = {
    Importance.ORDINARY: _l("People read it; nothing is asked of them."),
    Importance.MANDATORY: _l("Everybody confirms it with a button."),
    Importance.URGENT: _l("The same, and letters and pushes go out at once, by night too."),
}


WHEN = (("now", _l("Now")), ("at", _l("At a time")))


class AnnouncementForm(Form):
    """An announcement: a draft, what is to appear, or a new version."""

    title = Line(_l("Title"), limit=400)
    body = Lines(_l("Text"), limit=100 * BODY_LIMIT)
    importance = RadioField(
        _l("How important is it"),
        choices=options((kind.value, words) for kind, words in IMPORTANCE_NAMES.items()),
        validate_choice=False,
    )
    audience = Several(_l("Who sees it"))
    photos = MultipleFileField(_l("Photos"))
    photo = Ids()
    dropped = Ids()
    files = MultipleFileField(_l("Files"))
    file = Ids()
    dropped_file = Ids()
    when = RadioField(
        _l("When it appears"), choices=options([("now", _l("Now")), ("at", _l("At a time"))]), validate_choice=False
    )
    publish_at = DateTimeLocalField(_l("Appears"), [Optional()], format=TIMES)
    valid_until = DateTimeLocalField(_l("Valid until"), [Optional()], format=TIMES)
    question = Line(_l("Question"), limit=1000)
    answer1 = Line(_l("Answer %(n)d", n=1), limit=200)
    answer2 = Line(_l("Answer %(n)d", n=2), limit=200)
    answer3 = Line(_l("Answer %(n)d", n=3), limit=200)
    answer4 = Line(_l("Answer %(n)d", n=4), limit=200)
    answer5 = Line(_l("Answer %(n)d", n=5), limit=200)
    right = StringField(_l("The right answer"))
    passage = Line(_l("Words of the text that answer it"), limit=300)
    ask_again = BooleanField(_l("Let everybody confirm anew"))
    # The number of people whom the editor knows to get too much.
    aware = HiddenField()
    # Which state of the announcement was changed: somebody else may have changed it meanwhile.
    based_on = HiddenField()
    nonce = HiddenField()

    @classmethod
    def blank(cls, draft: Mapping[str, list[str]], announcement: Announcement | None, zone: ZoneInfo) -> AnnouncementForm:
        """Return the form as it is first shown: with the announcement as it stands, and what was typed and not sent."""
        data: dict[str, Any] = {"audience": [EVERYBODY], "nonce": nonce(), "importance": Importance.ORDINARY, "when": "now"}
        if announcement is not None:
            data |= _standing(announcement, zone)
        if not draft:
            return cls(formdata=None, data=data)
        # A draft is the whole form as it stood; what it lacks was not touched.
        kept = {name: [str(value)] for name, value in data.items() if isinstance(value, str) and value}
        for name in ("publish_at", "valid_until"):
            if data.get(name):
                kept[name] = [f"{data[name]:%Y-%m-%dT%H:%M}"]
        return cls(formdata=MultiDict({**kept, **draft}))

    @property
    def is_whole(self) -> bool:
        """Tell whether the fields could be read; the rules say the rest."""
        return not self.has_errors and self.validate_on_submit()

    @property
    def answers(self) -> list[Any]:
        """Return the fields of the answers."""
        return [self[f"answer{number}"] for number in range(1, MOST_ANSWERS + 1)]

    @property
    def alts(self) -> dict[int, str]:
        """Return what was written about photos, as {photo id: words}."""
        named = ((name.removeprefix("alt-"), words) for name, words in request.form.items() if name.startswith("alt-"))
        return {int(number): words for number, words in named if number.isascii() and number.isdigit() and len(number) < 10}

    def content(self, zone: ZoneInfo) -> Content:
        """Return what the form says; times are those of the editor's clock."""
        return Content(
            title=self.title.data or "",
            body=self.body.data or "",
            keys=self.audience.data,
            importance=self.importance.data or "",
            valid_until=moment(self.valid_until, zone),
            question=self.question.data or "",
            answers=[(field.data or "", self.right.data == str(place)) for place, field in enumerate(self.answers, 1)],
            passage=self.passage.data or "",
            photo_ids=[number for number in self.photo.data if number not in self.dropped.data],
            dropped_photos=self.dropped.data,
            alts=self.alts,
            file_ids=[number for number in self.file.data if number not in self.dropped_file.data],
            dropped_files=self.dropped_file.data,
        )


class BriefingForm(Form):
    """Who was there when a director told the team."""

    people = Ids(_l("Who was there"))


def moment(field: Any, zone: ZoneInfo) -> datetime | None:
    """Return the point in time that a field names by the clock of a zone."""
    if field.data is None:
        return None
    if not YEARS[0] <= field.data.year <= YEARS[1]:
        raise Refused(_("Check the year."), field.name)
    local: datetime = field.data.replace(tzinfo=zone)
    return local.astimezone(UTC)


def _standing(announcement: Announcement, zone: ZoneInfo) -> dict[str, Any]:
    local = {
        name: value.astimezone(zone).replace(tzinfo=None)
        for name in ("publish_at", "valid_until")
        if (value := getattr(announcement, name)) is not None
    }
    texts = {f"answer{place}": answer["text"] for place, answer in enumerate(announcement.answers, 1)}
    right = next((str(place) for place, answer in enumerate(announcement.answers, 1) if answer["right"]), "")
    return {
        "based_on": str(announcement.version),
        "title": announcement.title,
        "body": announcement.body,
        "importance": announcement.importance,
        "audience": announcement.audience.key_list,
        "when": "at" if announcement.publish_at is not None else "now",
        "question": announcement.question,
        "passage": announcement.passage,
        "right": right,
        **texts,
        **local,
    }
