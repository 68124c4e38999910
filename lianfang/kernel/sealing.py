"""Sealing: how a record's private part is encrypted, digested and made searchable.

Two providers stand behind one small interface. The first byte of every sealed blob names the provider, so a city can
change over without rewriting a row: AES-256-GCM with HMAC-SHA256, or the national SM4-GCM with HMAC-SM3
(GB/T 32907-2016, GB/T 32905-2016).
"""

import os
from dataclasses import dataclass
from typing import Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC

NONCE_BYTES = 12
TAG_BYTES = 16
KEPT = 0x80  # in the first byte of a blob that was sealed again under its day's kept key
INDEX_BYTES = 16  # 128 bits of an HMAC: collisions are out of reach for any register of people


class Unreadable(Exception):
    """The blob was not sealed with this key, belongs to another record, or was changed."""


class Provider(Protocol):
    mark: int
    name: str

    def mac(self, key: bytes) -> HMAC: ...
    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes: ...
    def decrypt(self, key: bytes, nonce: bytes, cipher: bytes, bound_to: bytes) -> bytes: ...
    def forget(self) -> None: ...


class Aes:
    """AES-256-GCM and HMAC-SHA256. Cipher objects are kept, since making one costs as much as sealing a record."""

    mark = 1
    name = "AES"

    def __init__(
        self, *, most: int = 256
    ) -> None:  # a day's key is wanted for weeks; the working set is small
        self._most = most
        self._ciphers: dict[bytes, AESGCM] = {}

    def mac(self, key: bytes) -> HMAC:
        return HMAC(key, hashes.SHA256())

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        return self._cipher(key).encrypt(nonce, plain, bound_to)

    def decrypt(self, key: bytes, nonce: bytes, cipher: bytes, bound_to: bytes) -> bytes:
        return self._cipher(key).decrypt(nonce, cipher, bound_to)

    def _cipher(self, key: bytes) -> AESGCM:
        cipher = self._ciphers.get(key)
        if cipher is None:
            cipher = AESGCM(key)
            if len(self._ciphers) >= self._most:
                self._ciphers.clear()
            if self._most:
                self._ciphers[key] = cipher
        return cipher

    def forget(self) -> None:
        self._ciphers.clear()


class Sm4:
    """SM4-128-GCM and HMAC-SM3; the key is the first half of the 32 bytes."""

    mark = 2
    name = "SM4"

    def mac(self, key: bytes) -> HMAC:
        return HMAC(key, hashes.SM3())

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        encryptor = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound_to)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def decrypt(self, key: bytes, nonce: bytes, cipher: bytes, bound_to: bytes) -> bytes:
        body, tag = cipher[:-TAG_BYTES], cipher[-TAG_BYTES:]
        decryptor = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(bound_to)
        return decryptor.update(body) + decryptor.finalize()

    def forget(self) -> None:
        """It remembers nothing."""


PROVIDERS: dict[str, Provider] = {"AES": Aes(), "SM4": Sm4()}
# For keys that are used once and must stay in no memory: those of single files.
ONCE: dict[str, Provider] = {"AES": Aes(most=0), "SM4": Sm4()}
_BY_MARK: dict[int, Provider] = {provider.mark: provider for provider in PROVIDERS.values()}


def seal(provider: Provider, key: bytes, plain: bytes, *, bound_to: bytes) -> bytes:
    """mark(1) + nonce(12) + ciphertext + tag(16). `bound_to` ties the blob to its record: it opens nowhere else."""
    nonce = os.urandom(NONCE_BYTES)
    return bytes((provider.mark,)) + nonce + provider.encrypt(key, nonce, plain, bound_to)


def sealed_by(blob: bytes) -> Provider:
    """The provider a blob names in its first byte; `Unreadable` when it is no sealed blob."""
    provider = _BY_MARK.get(blob[0] & ~KEPT) if len(blob) >= 1 + NONCE_BYTES + TAG_BYTES else None
    if provider is None:
        raise Unreadable("not a sealed blob")
    return provider


def is_kept(blob: bytes) -> bool:
    """Whether the blob opens with its day's kept key rather than with the day's."""
    return bool(blob) and bool(blob[0] & KEPT)


def unseal(key: bytes, blob: bytes, *, bound_to: bytes, once: bool = False) -> bytes:
    """The plain bytes, or `Unreadable`. `once`: the key is that of one file, and stays in no memory."""
    provider = sealed_by(blob)
    if once:
        provider = ONCE[provider.name]
    nonce = blob[1 : 1 + NONCE_BYTES]
    try:
        return provider.decrypt(key, nonce, blob[1 + NONCE_BYTES :], bound_to)
    except InvalidTag:
        raise Unreadable("sealed with another key, for another record, or changed") from None


def mac(keyed: HMAC, message: bytes) -> bytes:
    """The message's HMAC. The keyed state is copied: setting a key up costs more than a short message does."""
    state = keyed.copy()
    state.update(message)
    return state.finalize()


@dataclass(frozen=True, slots=True)
class DayKey:
    """One day's key: seals that day's records and digests their content. Destroying it blinds them all."""

    provider: Provider
    sealing_key: bytes
    digests: HMAC
    seeds: HMAC

    @classmethod
    def derive(cls, provider: Provider, secret: bytes) -> Self:
        root = provider.mac(secret)
        return cls(
            provider, mac(root, b"seal"), provider.mac(mac(root, b"digest")), provider.mac(mac(root, b"seed"))
        )

    def seal(self, plain: bytes, record_id: bytes) -> bytes:
        return seal(self.provider, self.sealing_key, plain, bound_to=record_id)

    def unseal(self, blob: bytes, record_id: bytes) -> bytes:
        return unseal(self.sealing_key, blob, bound_to=record_id)

    def digest(self, content: bytes) -> bytes:
        return mac(self.digests, content)[:INDEX_BYTES]

    def seed(self, purpose: str) -> bytes:
        """64 bytes for a key of one purpose of this day, the same each time; gone with the day's key."""
        name = purpose.encode()
        return mac(self.seeds, b"\1" + name) + mac(self.seeds, b"\2" + name)


class KeptKey(DayKey):
    """A day's key for the records that outlive it: those with a measure that goes on. Its blobs say so in their mark."""

    __slots__ = ()

    def seal(self, plain: bytes, record_id: bytes) -> bytes:
        blob = seal(self.provider, self.sealing_key, plain, bound_to=record_id)
        return bytes((blob[0] | KEPT,)) + blob[1:]


@dataclass(frozen=True, slots=True)
class IndexKey:
    """One month's key for blind indexes: equal values give equal indexes, and nothing else can be learnt."""

    provider: Provider
    indexes: HMAC

    @classmethod
    def derive(cls, provider: Provider, secret: bytes) -> "IndexKey":
        return cls(provider, provider.mac(mac(provider.mac(secret), b"index")))

    def index(self, match_key: str) -> bytes:
        """`match_key` is a normalised value with its kind in front, e.g. "PLATE:辽C12345"."""
        return mac(self.indexes, match_key.encode())[:INDEX_BYTES]

    def optional_index(self, match_key: str | None) -> bytes | None:
        """The index of what may be missing."""
        return None if match_key is None else self.index(match_key)
