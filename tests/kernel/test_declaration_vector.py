"""What a traveller's phone seals (phone/src/declaration/seal.ts) opens with the key of the day, and only for its checkpoint."""

import base64
import json
import zlib
from pathlib import Path

import pytest

from lianfang.kernel.envelopes import SEED_BYTES, EnvelopeKey
from lianfang.kernel.sealing import Unreadable

VECTOR = json.loads((Path(__file__).parents[2] / "phone/tests/declaration.json").read_text())
KEY = EnvelopeKey.derive(VECTOR["key"]["id"], bytes(range(SEED_BYTES)))
BINARY = base64.b64decode(VECTOR["binary"])
HEADER_BYTES = 5


def test_the_binary_names_its_version_and_the_day_of_its_key() -> None:
    assert BINARY[0] == 1
    assert int.from_bytes(BINARY[1:HEADER_BYTES]) == int(KEY.id)


def test_a_traveller_s_envelope_opens_for_the_checkpoint_it_names() -> None:
    info = f"lianfang declaration v1 {VECTOR['checkpoint']}".encode()
    packed = KEY.open(BINARY[HEADER_BYTES:], info=info)
    assert json.loads(zlib.decompress(packed, wbits=-zlib.MAX_WBITS)) == VECTOR["content"]


def test_it_opens_for_no_other_checkpoint() -> None:
    with pytest.raises(Unreadable):
        KEY.open(BINARY[HEADER_BYTES:], info=b"lianfang declaration v1 HC-B-04")


def test_the_vector_s_private_key_is_the_one_phones_are_given() -> None:
    assert base64.b64encode(KEY.private.to_bytes(32)).decode() == VECTOR["key"]["private"]
    assert base64.b64encode(KEY.public).decode() == VECTOR["key"]["public"]
