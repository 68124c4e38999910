"""Envelopes: what one side seals so that only the holder of a private key opens it.

HPKE (RFC 9180) in base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. P-256 rather than X25519, since the
browsers of five-year-old phones know it. An envelope is the encapsulated key (65 bytes) followed by ciphertext and tag.
"""

from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lianfang.kernel.sealing import Unreadable

POINT_BYTES = 65  # an uncompressed point of P-256
SEED_BYTES = 48  # 128 bits more than the curve's order, so that the remainder is uniform (FIPS 186-5, A.2.1)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (SEC 2, 2.4.2)
_SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@dataclass(frozen=True)
class EnvelopeKey:
    """A key pair by its name. `private` is the scalar; `public` the uncompressed point that may be given to anybody."""

    id: str
    private: int

    @classmethod
    def derive(cls, key_id: str, seed: bytes) -> "EnvelopeKey":
        """The same pair from the same seed (at least SEED_BYTES random bytes), so that only seeds are kept."""
        if len(seed) < SEED_BYTES:
            raise ValueError(f"a seed has at least {SEED_BYTES} bytes")
        return cls(key_id, int.from_bytes(seed) % (_ORDER - 1) + 1)

    @cached_property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(self.private, ec.SECP256R1())

    @cached_property
    def public(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def open(self, envelope: bytes, *, info: bytes) -> bytes:
        """What was sealed, or `Unreadable`. `info` says what it was sealed for: it opens for nothing else."""
        try:
            return _SUITE.decrypt(envelope, self._key, info=info)
        except (InvalidTag, ValueError):
            raise Unreadable("sealed to another key, for another purpose, or changed") from None


def seal_to(public: bytes, plain: bytes, *, info: bytes) -> bytes:
    """An envelope for whoever holds the private half of `public` (an uncompressed point)."""
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    return _SUITE.encrypt(plain, key, info=info)
