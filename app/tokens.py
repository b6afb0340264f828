"""The token of forms, written differently each time.

A compressed page tells by its length whether a guess beside a secret was right (BREACH); a secret that looks different in
each answer cannot be guessed piece by piece. Flask-WTF keeps the secret and compares; only the writing is done here.
"""

import base64
import secrets

from flask import current_app, g, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

# Flask-WTF's secrets are so long; under its mask one is written in as many characters as WRITTEN says.
SECRET_BYTES = 20
WRITTEN = 56


class MaskedCSRFProtect(CSRFProtect):
    """Flask-WTF's protection, which also takes what `masked_token` has written."""

    def _get_csrf_token(self) -> str | None:
        sent = super()._get_csrf_token()
        secret = _unmasked(sent) if sent else None
        if secret is None:
            return sent
        # Signed the way Flask-WTF signs, so that the comparing stays there.
        return URLSafeTimedSerializer(current_app.secret_key or "", salt="wtf-csrf-token").dumps(secret)


def masked_token() -> str:
    """Return the token of this browser's forms under a mask of random bytes; the same one all over one answer."""
    if "masked_token" not in g:
        if len(session.get("csrf_token") or "") != 2 * SECRET_BYTES:
            session.pop("csrf_token", None)
            g.pop("csrf_token", None)
            generate_csrf()
        mask = secrets.token_bytes(SECRET_BYTES)
        g.masked_token = base64.urlsafe_b64encode(mask + _xor(mask, bytes.fromhex(session["csrf_token"]))).decode()
    return str(g.masked_token)


def _unmasked(token: str) -> str | None:
    """Return the secret under the mask; None for what is no masked token."""
    if len(token) != WRITTEN or not token.isascii():
        return None
    try:
        both = base64.b64decode(token, altchars="-_", validate=True)
    except ValueError:
        return None
    if len(both) != 2 * SECRET_BYTES:
        return None
    return _xor(both[:SECRET_BYTES], both[SECRET_BYTES:]).hex()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
