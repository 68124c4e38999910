"""Both providers keep the same promises: AES-256-GCM with HMAC-SHA256, and SM4-GCM with HMAC-SM3."""

import os

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from lianfang.kernel.sealing import (
    INDEX_BYTES,
    PROVIDERS,
    DayKey,
    IndexKey,
    Provider,
    Unreadable,
    seal,
    unseal,
)

KEY = bytes(range(32))
RECORD = b"record-1"

both = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)


@both
@given(plain=st.binary(max_size=2_000), bound_to=st.binary(max_size=32))
def test_what_is_sealed_opens_again(provider: Provider, plain: bytes, bound_to: bytes) -> None:
    blob = seal(provider, KEY, plain, bound_to=bound_to)
    assert unseal(KEY, blob, bound_to=bound_to) == plain
    assert len(blob) == 1 + 12 + len(plain) + 16


@both
def test_a_blob_names_its_provider_and_shows_nothing_else(provider: Provider) -> None:
    name = "王小明".encode()
    blob = seal(provider, KEY, name, bound_to=RECORD)
    assert blob[0] == provider.mark
    assert name not in blob


@both
def test_the_same_content_sealed_twice_looks_different(provider: Provider) -> None:
    assert seal(provider, KEY, b"plain", bound_to=RECORD) != seal(provider, KEY, b"plain", bound_to=RECORD)


@both
def test_another_key_does_not_open_it(provider: Provider) -> None:
    blob = seal(provider, KEY, b"plain", bound_to=RECORD)
    with pytest.raises(Unreadable):
        unseal(bytes(32), blob, bound_to=RECORD)


@both
def test_it_does_not_open_for_another_record(provider: Provider) -> None:
    blob = seal(provider, KEY, b"plain", bound_to=RECORD)
    with pytest.raises(Unreadable):
        unseal(KEY, blob, bound_to=b"record-2")


@both
def test_a_single_changed_byte_is_noticed_wherever_it_stands(provider: Provider) -> None:
    blob = seal(provider, KEY, b"plain", bound_to=RECORD)
    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= 0x40
        with pytest.raises(Unreadable):
            unseal(KEY, bytes(changed), bound_to=RECORD)


@both
def test_a_blob_cut_short_is_noticed_wherever_it_was_cut(provider: Provider) -> None:
    blob = seal(provider, KEY, b"plain", bound_to=RECORD)
    for length in range(len(blob)):
        with pytest.raises(Unreadable):
            unseal(KEY, blob[:length], bound_to=RECORD)


def test_a_blob_sealed_by_one_provider_opens_after_the_city_changed_to_the_other() -> None:
    old = DayKey.derive(PROVIDERS["AES"], KEY)
    blob = old.seal(b"plain", RECORD)
    assert unseal(old.sealing_key, blob, bound_to=RECORD) == b"plain"
    assert seal(PROVIDERS["SM4"], old.sealing_key, b"plain", bound_to=RECORD)[0] != blob[0]


@both
def test_sealing_digests_and_indexes_each_have_a_key_of_their_own(provider: Provider) -> None:
    key = DayKey.derive(provider, KEY)
    blob = key.seal(b"plain", RECORD)
    assert key.unseal(blob, RECORD) == b"plain"
    with pytest.raises(Unreadable):
        unseal(KEY, blob, bound_to=RECORD)  # the secret itself opens nothing
    assert key.digest(b"content") != IndexKey.derive(provider, KEY).index("content")


@both
def test_a_digest_is_the_same_on_one_day_and_another_on_the_next(provider: Provider) -> None:
    today, tomorrow = DayKey.derive(provider, KEY), DayKey.derive(provider, bytes(32))
    assert today.digest(b"content") == today.digest(b"content")
    assert today.digest(b"content") != today.digest(b"content ")
    assert today.digest(b"content") != tomorrow.digest(b"content")
    assert len(today.digest(b"content")) == INDEX_BYTES


@both
def test_equal_values_give_equal_indexes_within_a_month_and_others_in_the_next(provider: Provider) -> None:
    this_month, next_month = IndexKey.derive(provider, KEY), IndexKey.derive(provider, bytes(32))
    assert this_month.index("PLATE:辽C12345") == this_month.index("PLATE:辽C12345")
    assert this_month.index("PLATE:辽C12345") != this_month.index("PLATE:辽C12346")
    assert this_month.index("PLATE:辽C12345") != next_month.index("PLATE:辽C12345")
    assert len(this_month.index("PLATE:辽C12345")) == INDEX_BYTES


@both
def test_the_kind_in_front_keeps_a_phone_from_matching_a_document(provider: Provider) -> None:
    key = IndexKey.derive(provider, KEY)
    assert key.index("PHONE:13900000001") != key.index("PASSPORT:13900000001")


@both
def test_a_secret_gives_the_same_keys_in_every_process(provider: Provider) -> None:
    first, second = DayKey.derive(provider, KEY), DayKey.derive(provider, KEY)
    assert second.unseal(first.seal(b"plain", RECORD), RECORD) == b"plain"
    assert second.digest(b"content") == first.digest(b"content")
    assert IndexKey.derive(provider, KEY).index("PLATE:X") == IndexKey.derive(provider, KEY).index("PLATE:X")


def test_the_two_providers_do_not_read_each_others_marks() -> None:
    marks = {provider.mark for provider in PROVIDERS.values()}
    assert len(marks) == len(PROVIDERS)
    unknown = bytes((max(marks) + 1,)) + os.urandom(60)
    with pytest.raises(Unreadable):
        unseal(KEY, unknown, bound_to=RECORD)


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_is_the_sm3_of_the_standard(message: bytes, digest: str) -> None:
    """GB/T 32905-2016, appendix A."""
    hasher = hashes.Hash(hashes.SM3())
    hasher.update(message)
    assert hasher.finalize().hex() == digest


def test_hmac_sm3_is_that_of_its_published_vector() -> None:
    """GM/T 0042-2015, appendix D."""
    keyed = PROVIDERS["SM4"].mac(bytes(range(1, 33)))
    keyed.update(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2)
    assert keyed.finalize().hex() == "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"


def test_sm4_is_the_sm4_of_the_standard() -> None:
    """GB/T 32907-2016, appendix A, example 1."""
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()
    assert encryptor.update(block).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_is_the_sm4_gcm_of_its_published_vector() -> None:
    """RFC 8998, appendix A.1."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    bound_to = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex(
        "aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8
    )
    cipher = (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    sm4 = PROVIDERS["SM4"]
    assert sm4.encrypt(key, nonce, plain, bound_to).hex() == cipher
    assert sm4.decrypt(key, nonce, bytes.fromhex(cipher), bound_to) == plain
