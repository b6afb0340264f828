"""The kinds of news there are: how each is said, and by which channels it goes unless a person wants otherwise.

A feature registers its own kinds where it is set up; settings, inbox and letters then know them.
"""

from collections.abc import Callable
from typing import NamedTuple

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from app.people.sessions import Viewer

CHANNELS = ("mail", "push")


class Kind(NamedTuple):
    """One kind of news. `one` and `many` hold %(who)s and may hold %(words)s; Russian verbs in `one` have no gender."""

    name: str
    label: LazyString
    one: LazyString
    many: LazyString
    icon: str
    mail: bool = True
    push: bool = True
    # Whether what it is about belongs into the subject of a letter that tells of nothing else.
    named: bool = False
    # Says what there is of it by the moment at which it is shown or sent; empty once there is nothing: then it is not sent.
    by_now: Callable[[Viewer], str] | None = None

    def goes_by(self, channel: str) -> bool:
        """Tell whether this kind goes out by a channel unless somebody wants otherwise."""
        return self.mail if channel == "mail" else self.push


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known."""
    KINDS.update({kind.name: kind for kind in kinds})


register(
    Kind(
        "mention",
        _l("Somebody names me"),
        _l("%(who)s: your name in a text"),
        _l("%(who)s named you"),
        "user",
    ),
    Kind(
        "reply",
        _l("Answers to my comments"),
        _l("%(who)s: an answer to your comment"),
        _l("%(who)s answered your comment"),
        "comment",
    ),
    Kind(
        "comment",
        _l("Comments under my posts"),
        _l("%(who)s: a comment on your post"),
        _l("%(who)s commented on your post"),
        "comment",
    ),
    Kind(
        "thanks",
        _l("«Thanks» for my posts"),
        _l("%(who)s: thanks for your post"),
        _l("%(who)s thanked you for your post"),
        "thanks",
        push=False,
    ),
    Kind(
        "like",
        _l("Likes of my posts and comments"),
        _l("%(who)s: a like"),
        _l("%(who)s liked it"),
        "heart",
        mail=False,
        push=False,
    ),
    Kind(
        "moderation",
        _l("Decisions about my texts"),
        _l("A moderator has decided about your text"),
        _l("Moderators have decided about your text"),
        "flag",
    ),
    Kind(
        "digest",
        _l("Once a week: what I missed"),
        _l("What you missed this week"),
        _l("What you missed this week"),
        "feed",
        push=False,
    ),
    Kind(
        "report",
        _l("Complaints that wait for a moderator"),
        _l("A complaint waits for a decision"),
        _l("Complaints wait for a decision"),
        "flag",
        push=False,
    ),
)


def say(kind: str, actors: list[str], count: int, words: str = "") -> str:
    """Say a notice in one sentence: who, the first by name, and what.

    `actors` are up to two names, the latest first; `count` is how many people there are in all.
    """
    known = KINDS[kind]
    if count <= 1:
        return str(known.one) % {"who": actors[0] if actors else "", "words": words}
    if count == 2 and len(actors) == 2:
        who = gettext("%(first)s and %(second)s", first=actors[0], second=actors[1])
    else:
        who = gettext("%(first)s and %(n)d more", first=actors[0], n=count - 1)
    return str(known.many) % {"who": who, "words": words}
