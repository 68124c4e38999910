"""How the audit log is hashed: framing that two texts never share, RFC 6962's trees, and a vector for other programs."""

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from lianfang.kernel.audit.chain import BEGINNING, FIELDS, Block, framed, leaf_of, moment, root_of
from lianfang.kernel.audit.heads import Head, heads_in

AT = datetime(2020, 2, 10, 0, 30, 0, 1, tzinfo=UTC)
HASH = sha256(b"a block").digest()


@pytest.mark.parametrize(
    ("texts", "framing"),
    [
        ([], b""),
        ([""], b"0:"),
        ([None], b"-"),
        (["DONE", None, "卡口"], b"4:DONE-6:\xe5\x8d\xa1\xe5\x8f\xa3"),
        (["1:a"], b"3:1:a"),
        (["-"], b"1:-"),
    ],
)
def test_texts_are_framed_by_their_length_in_bytes(texts: list[str | None], framing: bytes) -> None:
    assert framed(texts) == framing


def test_no_two_rows_share_a_framing() -> None:
    rows: list[list[str | None]] = [
        ["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], [None, "abc"], ["abc", None], ["-", "abc"],
        ["1:a", "b"], ["1", "a1:b"], ["2:ab1:c"],
    ]  # fmt: skip
    assert len({framed(row) for row in rows}) == len(rows)


# The test vectors of Certificate Transparency: leaves of these inputs, and the root over the first n of them.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("count", range(1, 9))
def test_roots_are_those_of_rfc_6962(count: int) -> None:
    leaves = [sha256(b"\x00" + bytes.fromhex(text)).digest() for text in INPUTS[:count]]
    assert root_of(leaves).hex() == ROOTS[count - 1]


def test_a_leaf_is_no_node_and_an_order_is_no_other() -> None:
    one, other = leaf_of(["1"]), leaf_of(["2"])
    assert root_of([one, other]) != root_of([other, one])
    assert root_of([root_of([one, other])]) != leaf_of([(one + other).decode("latin-1")])
    assert root_of([one, other, other]) != root_of([one, other])


def test_the_leaf_of_an_entry_is_what_any_program_gets() -> None:
    """By hand: printf '\\0001:71:93:…' | sha256sum."""
    fields = [
        "7", "93", moment(AT), "SEARCHED", "01a20000-0000-7000-8000-000000000001", None, "", "3", "210381000000000000",
        "INVESTIGATION", "10.0.0.7", "DONE", '{"kind": "PLATE"}',
    ]  # fmt: skip
    assert len(fields) == len(FIELDS)
    by_hand = (
        b"\x001:72:9327:2020-02-10T00:30:00.000001Z8:SEARCHED36:01a20000-0000-7000-8000-000000000001-0:1:3"
        b'18:21038100000000000013:INVESTIGATION8:10.0.0.74:DONE17:{"kind": "PLATE"}'
    )
    assert leaf_of(fields) == sha256(by_hand).digest()


BLOCK = Block(2, AT, 90, 100, 1, HASH, BEGINNING)


def test_the_hash_of_a_block_is_what_any_program_gets() -> None:
    by_hand = b"\x021:227:2020-02-10T00:30:00.000001Z2:903:1001:164:%b64:%b" % (
        HASH.hex().encode(),
        b"0" * 64,
    )
    assert BLOCK.hash == sha256(by_hand).digest()


@pytest.mark.parametrize(
    "change",
    [
        {"number": 3},
        {"sealed_at": AT + timedelta(microseconds=1)},
        {"tx_from": 91},
        {"tx_to": 101},
        {"entries": 2},
        {"root": BEGINNING},
        {"previous": HASH},
    ],
)
def test_whatever_changes_in_a_block_changes_its_hash(change: dict) -> None:
    fields = {name: getattr(BLOCK, name) for name in Block.__dataclass_fields__}
    assert Block(**(fields | change)).hash != BLOCK.hash


def test_a_moment_is_the_same_wherever_it_is_told() -> None:
    assert moment(AT.astimezone(timezone(timedelta(hours=8)))) == moment(AT) == "2020-02-10T00:30:00.000001Z"


def test_a_head_is_read_back_from_the_line_it_was_printed_as() -> None:
    head, later = Head(41, AT, HASH), Head(42, AT + timedelta(days=1), BEGINNING)
    assert heads_in(head.line) == [head]
    assert heads_in(f"二月十日晚\n  {head.line}\r\n签字：\n{later.line}\n") == [head, later]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lianfang-audit-head",
        f"lianfang-audit-head x {moment(AT)} {HASH.hex()}",
        f"lianfang-audit-head 1 {moment(AT)} {HASH.hex()[:-1]}",
        f"lianfang-audit-head 1 2020-02-31T00:00:00.000000Z {HASH.hex()}",
        f"lianfang-audit-head {'9' * 40} {moment(AT)} {HASH.hex()}",
    ],
)
def test_what_is_no_head_is_passed_over(text: str) -> None:
    assert heads_in(text) == []
