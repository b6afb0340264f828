"""Entry kinds and their nouns in addresses: acts upon any entry are written once, for `/posts/7/like` and its siblings."""

NOUNS = {"post": "posts"}
KINDS = {noun: kind for kind, noun in NOUNS.items()}


def register(kind: str, noun: str) -> None:
    """Let a feature say under which noun its entries stand in addresses; called where the kind is defined."""
    NOUNS[kind] = noun
    KINDS[noun] = kind
