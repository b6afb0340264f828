"""The composer: what a post's form brings, and what it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, MultipleFileField

from app.content.audience import EVERYBODY
from app.content.models import Entry
from app.content.text import BODY_LIMIT
from app.forms import Form, Ids, Lines, Several
from app.ui import nonce


class PostForm(Form):
    """A post, new or changed."""

    # How long it may be is the rule's business, whose sentence says more than the field's.
    body = Lines(_l("What do you want to tell?"), limit=100 * BODY_LIMIT)
    audience = Several(_l("Who sees it"))
    topics = Ids(_l("Topics, up to three"))
    photos = MultipleFileField(_l("Photos"))
    # Photos that are on the portal already, and those of them to take away.
    photo = Ids()
    dropped = Ids()
    mention = Ids()
    nonce = HiddenField()

    @classmethod
    def blank(cls, draft: Mapping[str, list[str]], post: Entry | None = None) -> PostForm:
        """Return the form as it is first shown: with the kept draft, else the post as it stands, else empty."""
        if draft:
            return cls(formdata=MultiDict({**draft, "nonce": [nonce()]}))
        if post is None:
            return cls(formdata=None, data={"audience": [EVERYBODY], "nonce": nonce()})
        topics = [topic.id for topic in post.topics]
        return cls(formdata=None, data={"body": post.body, "audience": post.audience.key_list, "topics": topics})

    @property
    def photo_ids(self) -> list[int]:
        """Return the photos that are to stay."""
        return [number for number in self.photo.data if number not in self.dropped.data]

    @property
    def alts(self) -> dict[int, str]:
        """Return what was written about photos, as {photo id: words}."""
        named = ((name.removeprefix("alt-"), words) for name, words in request.form.items() if name.startswith("alt-"))
        return {int(number): words for number, words in named if number.isascii() and number.isdigit() and len(number) < 10}

    @property
    def content(self) -> dict[str, Any]:
        """Return what `publish` and `change` both take."""
        return {
            "body": self.body.data or "",
            "keys": self.audience.data,
            "topic_ids": self.topics.data,
            "photo_ids": self.photo_ids,
            "alts": self.alts,
            "picked": self.mention.data,
        }
