"""The places of the frame: each package names its own, the frame shows those that the viewer may enter."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from flask import Flask, current_app, g, request, url_for
from flask_babel import LazyString
from sqlalchemy import Select, select

from app.extensions import db
from app.locale import language
from app.people.permissions import Permission
from app.people.sessions import Viewer


class Line(NamedTuple):
    """Something that waits for the viewer, with what hurries about it."""

    title: str
    address: str
    note: str = ""
    urgent: bool = False


class Place(NamedTuple):
    """One place: `group` says where it stands (main, more, manage, bell, offer), `order` in which row."""

    endpoint: str
    label: LazyString
    icon: str
    order: int
    group: str = "main"
    permissions: tuple[Permission, ...] = ()
    # Returns the statement that counts how much waits there for the viewer. It is asked for once and executed for everybody,
    # with the parameters of `content.audience.binds_of`; the counts of all places are one query a page.
    count_of: Callable[[], Select[int]] | None = None
    # What it is that waits, for everybody's places: said with the count beside the stream, and above it on phones.
    waits: LazyString | None = None
    # Returns the first of what waits; asked for only where something does, and where it is shown.
    lines_of: Callable[[Viewer], list[Line]] | None = None
    # Of an offer: where "Later" is sent, which lets it rest.
    later: str = ""


class Shown(NamedTuple):
    """A place as the frame shows it: plain values, by which a drawn frame can be known again."""

    endpoint: str
    address: str
    label: str
    icon: str
    is_current: bool
    waiting: int
    waits: str
    later: str = ""


def init_app(app: Flask) -> None:
    """Begin with no places and let templates ask for them."""
    app.extensions["places"], app.extensions["place_labels"], app.extensions["place_counts"] = [], {}, {}
    app.jinja_env.globals["places"], app.jinja_env.globals["lines_of_place"] = places, lines_of_place


def register(app: Flask, *new: Place) -> None:
    """Add a package's places."""
    app.extensions["places"] = sorted([*app.extensions["places"], *new], key=lambda place: place.order)


def count_with(app: Flask, binds_of: Callable[[Viewer], dict[str, Any]]) -> None:
    """Say with which parameters the counts are executed."""
    app.extensions["place_binds"] = binds_of


def places(viewer: Viewer, group: str) -> tuple[Shown, ...]:
    """Return the places of a group that are open to the viewer, in his language."""
    spoken, current = language(), _current()
    return tuple(
        Shown(
            endpoint=place.endpoint,
            address=(address := _address(place.endpoint)),
            label=_label(spoken, place),
            icon=place.icon,
            is_current=address == current,
            waiting=_counts(viewer).get(place.endpoint, 0) if place.count_of else 0,
            waits=str(place.waits) if place.waits else "",
            later=place.later,
        )
        for place in current_app.extensions["places"]
        if place.group == group and _is_open(viewer, place)
    )


def lines_of_place(viewer: Viewer, endpoint: str) -> list[Line]:
    """Return the first of what waits at a place; read once though phones and computers show it in different corners."""
    kept: dict[str, list[Line]] = g.setdefault("waiting_lines", {})
    if endpoint not in kept:
        place = next(place for place in current_app.extensions["places"] if place.endpoint == endpoint)
        kept[endpoint] = place.lines_of(viewer) if place.lines_of is not None else []
    return kept[endpoint]


def _is_open(viewer: Viewer, place: Place) -> bool:
    return not place.permissions or any(viewer.can(permission) for permission in place.permissions)


def _current() -> str:
    """Return the address of the place where the viewer is, or below which: the longest that fits."""
    if "current_place" not in g:
        addresses = [_address(place.endpoint) for place in current_app.extensions["places"]]
        g.current_place = max((one for one in addresses if _is_below(request.path, one)), key=len, default="")
    return str(g.current_place)


def _is_below(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(f"{address}/"))


def _counts(viewer: Viewer) -> dict[str, int]:
    """Read how much waits at the viewer's places, as {endpoint: count}."""
    if "waiting" not in g:
        counted = [place for place in current_app.extensions["places"] if place.count_of and _is_open(viewer, place)]
        values = current_app.extensions["place_binds"](viewer)
        row = db.session.connection().execute(_count_statement(counted), values).one()
        g.waiting = {place.endpoint: count or 0 for place, count in zip(counted, row, strict=True)}
    found: dict[str, int] = g.waiting
    return found


def _count_statement(counted: list[Place]) -> Select[Any]:
    """Return the statement that counts for these places; one for all viewers who may enter the same."""
    made: dict[tuple[str, ...], Select[Any]] = current_app.extensions["place_counts"]
    endpoints = tuple(place.endpoint for place in counted)
    if endpoints not in made:
        made[endpoints] = select(*(place.count_of().scalar_subquery() for place in counted if place.count_of))
    return made[endpoints]


def _label(spoken: str, place: Place) -> str:
    """Say the label in a language; once for all pages, since all of them show it."""
    said: dict[tuple[str, str], str] = current_app.extensions["place_labels"]
    if (spoken, place.endpoint) not in said:
        said[spoken, place.endpoint] = str(place.label)
    return said[spoken, place.endpoint]


@cache
def _address(endpoint: str) -> str:
    return url_for(endpoint)
