"""Sealed items: a phone keeps no record in clear, and sends each as it kept it.

A phone makes a session key, seals it once to the server's outbox key, and its records with it. Here a session is unwrapped
once and remembered: a point multiplication a session, one AES-GCM a record.
"""

from collections import OrderedDict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lianfang.checkpoints.intake.shapes import Item, SealingSession
from lianfang.kernel.envelopes import POINT_BYTES, EnvelopeKey
from lianfang.kernel.key_folder import KeyFolder
from lianfang.kernel.sealing import NONCE_BYTES, TAG_BYTES, Unreadable

INFO = b"lianfang outbox session v1"
SESSION_KEY_BYTES = 32
WRAPPED_BYTES = POINT_BYTES + SESSION_KEY_BYTES + TAG_BYTES
SESSIONS = 10_000  # remembered; a phone makes one each time its program starts


class Unsealer:
    """Opens sealed items with the key folder's outbox keys; the sessions used last stay in memory."""

    def __init__(self, keys: KeyFolder) -> None:
        self._keys = keys
        self._sessions: OrderedDict[tuple[str, bytes], AESGCM | None] = OrderedDict()

    def open(self, item: Item) -> bytes | None:
        """What was sealed, as JSON. None: to another key or a destroyed one, for another record, or changed since."""
        if item.id is None or item.session is None or item.nonce is None or item.ciphertext is None:
            return None
        session = self._session(item.session)
        if session is None or len(item.nonce) != NONCE_BYTES:
            return None
        try:
            return session.decrypt(item.nonce, item.ciphertext, item.id.bytes)
        except InvalidTag:
            return None

    def _session(self, wanted: SealingSession) -> AESGCM | None:
        # The key is asked for each time: a destroyed one opens nothing more, though its sessions were known.
        pair = self._keys.existing_outbox(wanted.key_id)
        if pair is None or len(wanted.wrapped_key) != WRAPPED_BYTES:
            return None
        name = (wanted.key_id, wanted.wrapped_key)
        if name in self._sessions:
            self._sessions.move_to_end(name)
            return self._sessions[name]
        session = self._sessions[name] = _unwrapped(pair, wanted.wrapped_key)
        if len(self._sessions) > SESSIONS:
            self._sessions.popitem(last=False)
        return session


def _unwrapped(pair: EnvelopeKey, wrapped_key: bytes) -> AESGCM | None:
    try:
        return AESGCM(pair.open(wrapped_key, info=INFO))
    except Unreadable:
        return None
