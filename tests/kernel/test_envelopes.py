"""Envelopes open for the key, the purpose and the bytes they were sealed with, and for nothing else."""

import secrets

import pytest

from lianfang.kernel.envelopes import POINT_BYTES, SEED_BYTES, EnvelopeKey, seal_to
from lianfang.kernel.sealing import Unreadable

BROWSER = (
    "04e4e76414009c06f9d0ac83a5fc8fa2d876125b6ac695102ef3fe6375fe0690cfbfc903f9b8c850545cc30a86054847"
    "538fdd5ffc0780c432ecbd7f6f8fce01f082c8beb45cc5d7907e80d665d199c71e0e24573b8d"
)
KEY = EnvelopeKey.derive("2020-02", bytes(range(SEED_BYTES)))


def test_what_is_sealed_to_a_key_opens_with_it() -> None:
    assert KEY.open(seal_to(KEY.public, "王家屯".encode(), info=b"test"), info=b"test") == "王家屯".encode()


def test_two_envelopes_of_the_same_content_differ() -> None:
    assert seal_to(KEY.public, b"same", info=b"test") != seal_to(KEY.public, b"same", info=b"test")


def test_the_same_seed_gives_the_same_pair_and_another_seed_another() -> None:
    assert EnvelopeKey.derive("x", bytes(range(SEED_BYTES))).public == KEY.public
    assert EnvelopeKey.derive("x", bytes(SEED_BYTES)).public != KEY.public
    assert len(KEY.public) == POINT_BYTES


def test_a_short_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        EnvelopeKey.derive("x", bytes(SEED_BYTES - 1))


@pytest.mark.parametrize("what", ["another key", "another purpose", "a changed byte", "cut short", "nothing"])
def test_an_envelope_does_not_open_with(what: str) -> None:
    envelope = seal_to(KEY.public, b"content", info=b"test")
    key = EnvelopeKey.derive("x", secrets.token_bytes(SEED_BYTES)) if what == "another key" else KEY
    info = b"other" if what == "another purpose" else b"test"
    spoilt = {
        "a changed byte": envelope[:-1] + bytes([envelope[-1] ^ 1]),
        "cut short": envelope[:40],
        "nothing": b"",
    }.get(what, envelope)
    with pytest.raises(Unreadable):
        key.open(spoilt, info=info)


def test_what_a_browser_sealed_opens_here() -> None:
    """Sealed by @hpke/core 1.9 to this key, info "i"; the same suite on both sides."""
    envelope = bytes.fromhex(BROWSER)
    assert EnvelopeKey("x", 12345678901234567890).open(envelope, info=b"i") == b"hello"
