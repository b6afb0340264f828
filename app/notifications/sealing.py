"""The cryptography of web push (RFC 8291, RFC 8292), apart from the rest: `pushing` loads it when something is pushed.

It takes 12 MiB in each process, and most processes never push.
"""

from __future__ import annotations

from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02


def new_key() -> bytes:
    """Make a private key of the portal, as PEM."""
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_point(private_key: bytes) -> bytes:
    """Return the public half of a private key as the uncompressed point that browsers take."""
    key = serialization.load_pem_private_key(private_key, None)
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def signed(private_key: bytes, claims: dict[str, Any]) -> dict[str, str]:
    """Return the headers that prove to a push service who sends."""
    headers: dict[str, str] = Vapid02.from_pem(private_key).sign(claims)
    return headers


def encrypted(text: bytes, point: bytes, secret: bytes) -> bytes:
    """Encrypt for one browser: only it holds the private half of its point."""
    sealed: bytes = http_ece.encrypt(
        text, private_key=ec.generate_private_key(ec.SECP256R1()), dh=point, auth_secret=secret, version="aes128gcm"
    )
    return sealed


def check_point(point: bytes) -> None:
    """Raise ValueError for what is no point of the curve."""
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
