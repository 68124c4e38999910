"""A phone's outbox, as it lies on the phone and travels: each record sealed with a session key made once."""

import json
import os
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lianfang.checkpoints.intake.sealed import INFO
from lianfang.kernel.envelopes import EnvelopeKey, seal_to

Json = dict[str, Any]


def base64(data: bytes) -> str:
    return b64encode(data).decode()


def id_in(item: Json) -> str:
    """The id of an item's own record."""
    return (item.get("passage") or item["correction"])["id"]


@dataclass
class SealedOutbox:
    """One session. `public` is the server's outbox key as the phone was given it, `key_id` its name."""

    key_id: str
    public: bytes
    secret: bytes = field(default_factory=lambda: os.urandom(32))

    def __post_init__(self) -> None:
        self.session = {
            "key_id": self.key_id,
            "wrapped_key": base64(seal_to(self.public, self.secret, info=INFO)),
        }

    @classmethod
    def to(cls, pair: EnvelopeKey, **changes: Any) -> "SealedOutbox":
        return cls(pair.id, pair.public, **changes)

    def seal(self, item: Json) -> Json:
        return self.bytes(json.dumps(item, ensure_ascii=False).encode("utf-8", "surrogatepass"), id_in(item))

    def bytes(self, plain: bytes, record_id: str) -> Json:
        """Whatever bytes, as the record of that id."""
        nonce = os.urandom(12)
        sealed = AESGCM(self.secret).encrypt(nonce, plain, UUID(record_id).bytes)
        return {
            "kind": "SEALED",
            "id": record_id,
            "session": self.session,
            "nonce": base64(nonce),
            "ciphertext": base64(sealed),
        }
