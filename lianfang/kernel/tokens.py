"""Tokens and one-time codes: random, shown once, kept only as hashes."""

import hashlib
import secrets

# No 0/O, 1/I/L, U/V mix-ups when a code is read out over a radio.
_SPOKEN = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def new_token(prefix: str) -> str:
    """A 256-bit token; the prefix says what it is for, so that a leaked one can be recognised."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def new_code(length: int = 10) -> str:
    """A one-time code a person can type: about 48 bits at 10 characters."""
    return "".join(secrets.choice(_SPOKEN) for _ in range(length))


def hashed(token: str) -> bytes:
    """What the database keeps. Tokens are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()
