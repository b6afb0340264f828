"""Codes that people type from paper: the same on a Russian and a Latin keyboard, with nothing to mistake.

Only letters that look alike in both alphabets are used, so that nobody on the store PC has to switch the layout, and no
0, 1, O or B. The database keeps a keyed digest; the code itself is made again from the row's nonce and the portal's key,
so that a sheet can be printed twice although nothing in the database opens a door.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from flask import current_app

SYMBOLS = "23456789ACEHKMPTX"
_TYPED_AS = str.maketrans("АСЕНКМРТХ", "ACEHKMPTX")


def derive(purpose: str, nonce: str, length: int, symbols: str = SYMBOLS) -> str:
    """Return the code of a row: as random as the portal's key, and always the same for one nonce."""
    number = int.from_bytes(_digest(f"{purpose}:{nonce}"), "big")
    drawn = []
    for _place in range(length):
        number, index = divmod(number, len(symbols))
        drawn.append(symbols[index])
    return "".join(drawn)


def kept(code: str) -> str:
    """Return what the database keeps of a code; keyed, since a short code could be guessed from a plain digest."""
    return _digest(f"kept:{code}").hex()


def typed(text: str) -> str:
    """Return a code as it was meant: without spaces and dashes, in capitals, Cyrillic letters read as Latin ones."""
    folded = unicodedata.normalize("NFKC", text[:200]).upper().translate(_TYPED_AS)
    return "".join(symbol for symbol in folded if symbol.isalnum())


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _digest(text: str) -> bytes:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"ritm-code:{text}".encode("utf-8", "replace"), hashlib.sha256).digest()
