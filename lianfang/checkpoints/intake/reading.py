"""From bytes to shapes. A parcel is read whole; if that fails, item by item; if that fails, person by person.

A sealed item is opened and then read like any other.
"""

import re
import zlib
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec
from msgspec import DecodeError, Struct, ValidationError

from lianfang.checkpoints.intake.moments import offset_told
from lianfang.checkpoints.intake.sealed import Unsealer
from lianfang.checkpoints.intake.shapes import (
    Correction,
    Header,
    Item,
    LooseItem,
    LooseParcel,
    LoosePassage,
    Parcel,
    Person,
)
from lianfang.kernel.refusals import Refusal

MAX_BYTES = 8 * 1024 * 1024
MAX_ITEMS = 2_000
MAX_PEOPLE = 500

_PARCEL = msgspec.json.Decoder(Parcel)
_LOOSE_PARCEL = msgspec.json.Decoder(LooseParcel)
_ITEM = msgspec.json.Decoder(Item)
_LOOSE_ITEM = msgspec.json.Decoder(LooseItem)
_PERSON = msgspec.json.Decoder(Person)
_ANYTHING = msgspec.json.Decoder()

_NUL_ESCAPED = b"\\u0000"
# Half an emoji, as a phone writes it that cut a text in the middle of one: a surrogate's escape without its other half.
# An escape begins with the odd one of a run of backslashes; whole pairs are passed over.
_SURROGATE = re.compile(
    rb"\\(?<!\\\\)((?:\\\\)*+)(?:(u[dD][89abAB]..\\u[dD][c-fC-F]..)|u[dD][89a-fA-F]..)", re.DOTALL
)


class Unread(Struct):
    """A record that cannot be read: nothing is stored under its id; the phone shows why and goes on with the rest."""

    id: UUID | None
    code: str
    zh: str
    en: str


class ReadPassage(Struct):
    header: Header
    people: list[Person | Unread]


ReadItem = ReadPassage | Correction | Unread


class ReadParcel(Struct):
    """`clock_offset_ms`: the server's clock minus the sender's, as far as the sender knows."""

    parcel_id: Any
    items: list[ReadItem]
    clock_offset_ms: float | None = None


def unpack(body: bytes) -> bytes:
    """Un-gzips at most `MAX_BYTES`: a bomb is refused after that, not unpacked."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, MAX_BYTES + 1)
    except zlib.error:
        raise Refusal("NOT_GZIP", "内容不是 gzip 压缩格式。", "The body is not gzip.") from None
    if len(plain) > MAX_BYTES:
        raise too_large()
    if not unpacker.eof:
        raise Refusal("NOT_GZIP", "gzip 内容不完整。", "The gzip body is cut short.")
    return plain


def too_large() -> Refusal:
    return Refusal(
        "TOO_LARGE",
        f"一次最多 8 MiB、{MAX_ITEMS} 条记录、每车 {MAX_PEOPLE} 人，请分批发送。",
        f"At most 8 MiB, {MAX_ITEMS} items and {MAX_PEOPLE} people in a passage: send less at a time.",
        status=413,
    )


def read(body: bytes, unsealer: Unsealer | None = None) -> ReadParcel:
    """The parcel's records in order; raises a Refusal (400, 413) when there is no parcel at all.

    Without an unsealer nothing sealed can be opened.
    """
    if len(body) > MAX_BYTES:
        raise too_large()
    # A NUL cannot be stored as text. Its escape is rare enough to send the whole parcel the careful way.
    if _NUL_ESCAPED not in body:
        try:
            parcel = _PARCEL.decode(body)
        except (DecodeError, UnicodeDecodeError, RecursionError):
            pass
        else:
            _count(parcel.items)
            items = [_item(item, unsealer) for item in parcel.items]
            return ReadParcel(parcel.parcel_id, items, parcel.clock_offset_ms)
    return _read_loosely(_SURROGATE.sub(_whole, body), unsealer)


def _whole(found: re.Match[bytes]) -> bytes:
    """Half an emoji becomes the sign for a character that cannot be read (U+FFFD), as a browser would have sent it."""
    return found[0] if found[2] else b"\\" + found[1] + b"ufffd"


def _count(items: list) -> None:
    if not items:
        raise Refusal("NO_ITEMS", "没有可处理的记录（items 为空）。", "There are no items.")
    if len(items) > MAX_ITEMS:
        raise too_large()


def _read_loosely(body: bytes, unsealer: Unsealer | None) -> ReadParcel:
    try:
        parcel = _LOOSE_PARCEL.decode(body)
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        if isinstance(error, ValidationError) and isinstance(_decoded(body), dict):
            raise Refusal(
                "NO_ITEMS", "items 应是记录的列表。", "`items` must be a list of records."
            ) from None
        raise Refusal(
            "NOT_JSON", "内容不是可读的 JSON 对象。", "The body is not a readable JSON object."
        ) from None
    _count(parcel.items or [])
    items = [_read_item(bytes(raw), unsealer) for raw in parcel.items or []]
    return ReadParcel(parcel.parcel_id, items, offset_told(parcel.clock_offset_ms))


def _read_item(raw: bytes, unsealer: Unsealer | None) -> ReadItem:
    plain = _decoded(raw)
    if _NUL_ESCAPED in raw and _holds_nul(plain):
        return _without_nul(raw, plain)
    try:
        return _item(_ITEM.decode(raw), unsealer)
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        if isinstance(plain, dict) and plain.get("kind") == "SEALED":
            return Unread(_id_of(plain), *_SEALED)
        return _read_person_by_person(raw, plain) or _unread(plain, _reason(error))


def _item(item: Item, unsealer: Unsealer | None) -> ReadItem:
    if item.kind == "PASSAGE" and item.passage is not None:
        people = item.passage.people or []
        if len(people) > MAX_PEOPLE:
            raise too_large()
        return ReadPassage(item.passage, list(people))
    if item.kind == "CORRECTION" and item.correction is not None:
        return item.correction
    if item.kind == "SEALED":
        return Unread(item.id, *_SEALED) if unsealer is None else _unsealed(item, unsealer)
    return Unread(item.id, *_UNKNOWN_KIND)


_UNKNOWN_KIND = (
    "UNREADABLE",
    "记录的种类（kind）无法识别，或内容缺失。",
    "The item's kind is unknown, or its content is missing.",
)


_SEALED = (
    "SEALED_UNREADABLE",
    "加密的记录打不开：密钥不对或已销毁，或内容有改动。请重新登记。",
    "The sealed record cannot be opened: its key is another or was destroyed, or it was changed. Register it again.",
)


def _unsealed(item: Item, unsealer: Unsealer) -> ReadItem:
    """The record within, read like one that came in clear; whatever is wrong with it is told under the outer id."""
    raw = unsealer.open(item)
    found = None if raw is None else _inner(raw)
    if isinstance(found, Unread):
        return Unread(item.id, found.code, found.zh, found.en)
    if found is None or item.id != (found.header.id if isinstance(found, ReadPassage) else found.id):
        return Unread(item.id, *_SEALED)
    return found


def _inner(raw: bytes) -> ReadItem | None:
    """None when it is no passage and no correction at all."""
    try:
        found = _read_inner(raw)
    except Refusal as refusal:
        # Too many people: nobody saw that before it was opened, so only this record is refused.
        return Unread(None, refusal.code, refusal.zh, refusal.en)
    return found if not isinstance(found, Unread) or _names_a_record(raw) else None


def _read_inner(raw: bytes) -> ReadItem:
    if _NUL_ESCAPED not in raw:
        with suppress(DecodeError, UnicodeDecodeError, RecursionError):
            return _item(_ITEM.decode(raw), None)
    return _read_item(_SURROGATE.sub(_whole, raw), None)


def _names_a_record(raw: bytes) -> bool:
    plain = _decoded(_SURROGATE.sub(_whole, raw))
    return isinstance(plain, dict) and plain.get("kind") in ("PASSAGE", "CORRECTION")


def _read_person_by_person(raw: bytes, plain: Any) -> ReadPassage | None:
    """The header and whoever can be read, when only people are at fault; None when it is the header."""
    try:
        item = _LOOSE_ITEM.decode(raw)
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if item.kind != "PASSAGE" or item.passage is None:
        return None
    people = item.passage.people or []
    if len(people) > MAX_PEOPLE:
        raise too_large()
    return ReadPassage(item.passage, [_read_person(bytes(person)) for person in people])


def _read_person(raw: bytes) -> Person | Unread:
    plain = _decoded(raw)
    if _NUL_ESCAPED in raw and _holds_nul(plain):
        return Unread(_id_of(plain), *_NUL)
    try:
        return _PERSON.decode(raw)
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Unread(_id_of(plain), "UNREADABLE", *_reason(error))


_NUL = (
    "NUL_CHARACTER",
    "记录里有无法保存的空字符（NUL），请删掉后重发。",
    "The record holds a NUL character, which cannot be stored: remove it and send again.",
)


def _without_nul(raw: bytes, plain: Any) -> ReadItem:
    """A passage whose header is clean keeps its header and its clean people; anything else is set aside whole."""
    passage = plain.get("passage") if isinstance(plain, dict) else None
    if isinstance(passage, dict) and not _holds_nul({k: v for k, v in passage.items() if k != "people"}):
        found = _read_person_by_person(raw, plain)
        if found is not None:
            return found
    return Unread(_id_in(plain), *_NUL)


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any("\0" in key or _holds_nul(inner) for key, inner in value.items())
    if isinstance(value, list):
        return any(_holds_nul(inner) for inner in value)
    return False


def _decoded(raw: bytes) -> Any:
    try:
        return _ANYTHING.decode(raw)
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _unread(plain: Any, reason: tuple[str, str]) -> Unread:
    return Unread(_id_in(plain), "UNREADABLE", *reason)


def _reason(error: Exception) -> tuple[str, str]:
    """What could not be read, without repeating what was sent (msgspec names the place and the type, no values)."""
    detail = str(error) if isinstance(error, ValidationError) else "not readable JSON"
    return f"记录无法读取：{detail}", f"The record cannot be read: {detail}"


def _id_in(plain: Any) -> UUID | None:
    """The id of the passage, correction or sealed item in an unreadable item, if it shows one."""
    if not isinstance(plain, dict):
        return None
    inner = plain.get("passage") or plain.get("correction") or plain
    return _id_of(inner)


def _id_of(plain: Any) -> UUID | None:
    value = plain.get("id") if isinstance(plain, dict) else None
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


__all__ = ["LoosePassage", "ReadItem", "ReadParcel", "ReadPassage", "Unread", "read", "too_large", "unpack"]
