"""Entry kinds and their nouns in addresses: acts upon any entry are written once, for `/posts/7/like` and its siblings."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flask_babel import LazyString


class Band(NamedTuple):
    """What is asked of a reader and until when, said across a card: its look is one of asks, urgent, done, over."""

    words: str
    look: str


class Kind(NamedTuple):
    """How a kind of entry is called: in addresses, and on its card (None: a plain post needs no label)."""

    noun: str
    label: LazyString | None = None
    # Returns the bands of entries of this kind for a viewer, as {entry id: band}; asked once a page. What has them is
    # read on its own page, where reading is noted.
    bands: Callable[[Any, Sequence[int]], dict[int, Band]] | None = None


BY_NAME: dict[str, Kind] = {"post": Kind("posts")}
KINDS: dict[str, str] = {kind.noun: name for name, kind in BY_NAME.items()}


def register(
    name: str,
    noun: str,
    label: LazyString | None = None,
    bands: Callable[[Any, Sequence[int]], dict[int, Band]] | None = None,
) -> None:
    """Let a feature say under which noun its entries stand; called where the kind is defined."""
    BY_NAME[name] = Kind(noun, label, bands)
    KINDS[noun] = name


def address(kind: str, entry_id: int) -> str:
    """Return the page of an entry."""
    return f"/{BY_NAME[kind].noun}/{entry_id}"


def bands_of(viewer: Any, kinds: dict[int, str]) -> dict[int, Band]:
    """Return the bands of a page's entries, given as {entry id: kind}; costs nothing where no kind has bands."""
    found: dict[int, Band] = {}
    for name in set(kinds.values()):
        bands = BY_NAME[name].bands
        if bands is not None:
            found |= bands(viewer, [entry_id for entry_id, kind in kinds.items() if kind == name])
    return found


__all__ = ["BY_NAME", "KINDS", "Band", "Kind", "address", "bands_of", "register"]
