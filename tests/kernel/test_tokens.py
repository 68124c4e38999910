import hashlib

from lianfang.kernel.tokens import hashed, new_code, new_token


def test_a_token_says_what_it_is_for_and_holds_256_random_bits() -> None:
    token = new_token("device")
    kind, _, secret = token.partition("_")
    assert kind == "device"
    assert len(secret) == 43  # 32 bytes in base64 without padding
    assert token.isascii()


def test_no_two_tokens_and_no_two_codes_are_alike() -> None:
    assert len({new_token("device") for _ in range(1_000)}) == 1_000
    assert len({new_code() for _ in range(1_000)}) == 1_000


def test_a_code_can_be_read_out_over_a_radio() -> None:
    codes = "".join(new_code(200) for _ in range(20))
    assert not set(codes) & set("01ILOUV")
    assert codes.isalnum()
    assert codes.upper() == codes
    assert len(new_code()) == 10


def test_only_the_hash_of_a_token_is_kept() -> None:
    assert hashed("device_abc") == hashlib.sha256(b"device_abc").digest()
    assert len(hashed(new_token("device"))) == 32
