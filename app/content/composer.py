"""Photos on their way into a form, and what the form's page shows around its fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, BinaryIO, cast

from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app import pictures
from app.content import audience, audience_picker, photos, topics
from app.content.models import Entry, Photo
from app.errors import Refused
from app.jobs import later
from app.people.sessions import Viewer


def read_photos(files: list[Any]) -> tuple[list[pictures.Picture], list[str]]:
    """Turn uploaded files into pictures; return those that are photos, and for the others why not.

    Takes seconds of CPU and touches no row: call it before the transaction begins.
    """
    good, bad = [], []
    chosen = [file for file in files if isinstance(file, FileStorage) and file.filename]
    if len(chosen) > photos.MAX_PHOTOS:
        # Those behind the tenth are left out, which somebody who chose them must be told.
        bad.append(_("At most %(n)d photos.", n=photos.MAX_PHOTOS))
    for file in chosen[: photos.MAX_PHOTOS]:
        try:
            good.append(pictures.variants(cast(BinaryIO, file.stream)))
        except Refused as refused:
            bad.append(f"{str(file.filename)[-60:]}: {refused}" if len(files) > 1 else str(refused))
    return good, bad


def keep_photos(viewer: Viewer, files: list[Any]) -> tuple[list[Photo], list[str]]:
    """Read uploaded files and keep the photos among them for the form; return them, and what is wrong with the others."""
    read, wrong = read_photos(files)
    taken = photos.take_in(viewer.id, read) if read else []
    if taken:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        later(app, photos.sweep, after=photos.KEEP_UNSENT + timedelta(minutes=1))
    return taken, wrong


def take_photos(viewer: Viewer, form: Any) -> None:
    """Keep the photos that a form brings, whatever becomes of its other fields."""
    taken, wrong = keep_photos(viewer, form.photos.data or [])
    form.photo.data = [*form.photo.data, *(photo.id for photo in taken)]
    for sentence in wrong:
        form.refuse(Refused(sentence, "photos"))


def check_audience(viewer: Viewer, form: Any, post: Entry | None) -> None:
    """Refuse keys that nobody offered."""
    former = post.audience.key_list if post is not None else []
    if audience_picker.unknown(viewer, form.audience.data, former):
        raise Refused(_("Choose who is to see it once more: this choice is not known."), "audience")


def surroundings(
    viewer: Viewer,
    form: Any,
    post: Entry | None = None,
    with_topics: bool = True,
    reach: Callable[[list[str]], Any] = audience.reach,
) -> dict[str, Any]:
    """Return what the form's page shows besides the fields: the picker, its reach, topics where it has them, photos."""
    keys = [key for key in form.audience.data if _known(key)]
    standing = [*(post.photos if post is not None else ()), *photos.unsent(viewer.id, form.photo.data)]
    return {
        "form": form,
        "post": post,
        "sections": audience_picker.offered(viewer, keys),
        "chosen": set(keys),
        "reach": reach(keys),
        "topics": _topics(post) if with_topics else [],
        "standing": standing,
    }


def _known(key: str) -> bool:
    try:
        audience.check_key(key)
    except ValueError:
        return False
    return True


def _topics(post: Entry | None) -> list[Any]:
    offered = list(topics.offered())
    ids = {topic.id for topic in offered}
    return offered + [topic for topic in (post.topics if post is not None else ()) if topic.id not in ids]
