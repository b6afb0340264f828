"""The places of the frame: each package names its own, the frame shows those that the viewer may enter."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from flask import Flask, current_app, g, request, url_for
from flask_babel import LazyString

from app.locale import language
from app.people.permissions import Permission
from app.people.sessions import Viewer


class Place(NamedTuple):
    """One place: `group` says where it stands (main, more, manage), `order` in which row."""

    endpoint: str
    label: LazyString | str
    icon: str
    order: int
    group: str = "main"
    permissions: tuple[Permission, ...] = ()
    # How much waits there for the viewer; asked once a page, and only of those who may enter.
    count_of: Callable[[], int] | None = None

    @property
    def address(self) -> str:
        """Return the address of the place."""
        return _address(self.endpoint)

    @property
    def waiting(self) -> int:
        """Return how much waits at the place."""
        if self.count_of is None:
            return 0
        counts: dict[str, int] = g.setdefault("waiting", {})
        if self.endpoint not in counts:
            counts[self.endpoint] = self.count_of()
        return counts[self.endpoint]

    @property
    def is_current(self) -> bool:
        """Tell whether the viewer is there, or on a page below it that is no place of its own."""
        if "current_place" not in g:
            here = [place.address for place in current_app.extensions["places"] if _is_below(request.path, place.address)]
            g.current_place = max(here, key=len, default="")
        return bool(self.address == g.current_place)


def _is_below(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(f"{address}/"))


def init_app(app: Flask) -> None:
    """Begin with no places and let templates ask for them."""
    app.extensions["places"], app.extensions["place_labels"] = [], {}
    app.jinja_env.globals["places"] = places


def register(app: Flask, *new: Place) -> None:
    """Add a package's places."""
    app.extensions["places"] = sorted([*app.extensions["places"], *new], key=lambda place: place.order)


def places(viewer: Viewer, group: str) -> list[Place]:
    """Return the places of a group that are open to the viewer, in his language."""
    spoken = language()
    return [
        place._replace(label=_label(spoken, place))
        for place in current_app.extensions["places"]
        if place.group == group and (not place.permissions or any(viewer.can(p) for p in place.permissions))
    ]


def _label(spoken: str, place: Place) -> str:
    """Say the label in a language; once for all pages, since all of them show it."""
    said: dict[tuple[str, str], str] = current_app.extensions["place_labels"]
    if (spoken, place.endpoint) not in said:
        said[spoken, place.endpoint] = str(place.label)
    return said[spoken, place.endpoint]


@cache
def _address(endpoint: str) -> str:
    return url_for(endpoint)
