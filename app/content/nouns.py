"""Entry kinds and their nouns in addresses: acts upon any entry are written once, for `/posts/7/like` and its siblings."""

from typing import NamedTuple

from flask_babel import LazyString


class Kind(NamedTuple):
    """How a kind of entry is called: in addresses, and on its card (None: a plain post needs no label)."""

    noun: str
    label: LazyString | None = None


BY_NAME: dict[str, Kind] = {"post": Kind("posts")}
KINDS: dict[str, str] = {kind.noun: name for name, kind in BY_NAME.items()}


def register(name: str, noun: str, label: LazyString | None = None) -> None:
    """Let a feature say under which noun its entries stand; called where the kind is defined."""
    BY_NAME[name] = Kind(noun, label)
    KINDS[noun] = name


def address(kind: str, entry_id: int) -> str:
    """Return the page of an entry."""
    return f"/{BY_NAME[kind].noun}/{entry_id}"


__all__ = ["BY_NAME", "KINDS", "Kind", "address", "register"]
