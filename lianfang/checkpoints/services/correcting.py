"""Correcting a record at the desk: a later event beside the record, which itself never changes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from lianfang.checkpoints.intake.corrections import (
    Author,
    CorrectionRead,
    CorrectionRow,
    correction_content,
    correction_row,
    read_correction,
)
from lianfang.checkpoints.intake.moments import Moment
from lianfang.checkpoints.intake.reading import Unread
from lianfang.checkpoints.intake.reception import Post
from lianfang.checkpoints.intake.rows import digest_of
from lianfang.checkpoints.intake.shapes import Correction as Sent
from lianfang.checkpoints.models import Checkpoint, Correction, Passage, Registration
from lianfang.checkpoints.opening import standing
from lianfang.checkpoints.queries.lists import corrections_of
from lianfang.checkpoints.queries.within import held, within
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of, hour_of
from lianfang.kernel.ids import uuid7
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach, reach
from lianfang.kernel.refusals import NotFound, Refusal

Kept = Mapping[str, Sequence[str]]
# What a phone may send and only be flagged for, whoever sits at a desk can mend before saving.
_REFUSED = {
    "INCOMPLETE": (
        "没有要更正的内容，或缺了必填的内容。",
        "Nothing is corrected, or something needed is missing.",
    ),
    "UNKNOWN_FIELD": ("没有这样的栏目。", "There is no such field."),
    "UNKNOWN_VALUE": ("请从列表中选择。", "Choose one of the list."),
    "UNKNOWN_CODE": ("行政区划代码不对。", "This is no division code."),
    "UNKNOWN_CHECKPOINT": ("辖区内没有这个卡口。", "There is no such checkpoint in your area."),
    "DATE_ODD": ("日期写法不对，应为 2020-02-10。", "Write the date as 2020-02-10."),
    "TEMPERATURE_ODD": ("体温读数不合理。", "This is no body temperature."),
    "CLOCK": (
        "时间只能改为最近 30 天之内、不晚于现在。",
        "The time must lie within the last 30 days and not ahead.",
    ),
}
_INSERT = f"""
INSERT INTO correction ({", ".join(CorrectionRow._fields)})
VALUES ({", ".join(f"%({field})s" for field in CorrectionRow._fields)}) ON CONFLICT DO NOTHING RETURNING id
"""


def correct(
    *,
    by: Reach,
    of: UUID,
    fields: Mapping[str, Any],
    reason: str,
    at: datetime,
    id: UUID | None = None,
    kept: Kept | None = None,
) -> UUID:
    """Supersedes the named fields of a passage or of a person; a null takes a field away. Answers the correction's id.

    Fields are named as in the contract, those of a passage or those of a person. The correction lies where the record
    lies. Saying the same again under the same id changes nothing. `kept`: field → those of its parts (a document's number,
    a destination's address) that stay as they stand, since whoever corrects the rest saw them masked.
    """
    by.require("CORRECT_RECORDS")
    return lay_over(by=by, of=of, fields=fields, reason=reason, at=at, id=id, kept=kept)


def lay_over(
    *,
    by: Reach,
    of: UUID,
    fields: Mapping[str, Any],
    reason: str,
    at: datetime,
    id: UUID | None = None,
    kept: Kept | None = None,
) -> UUID:
    """The same for acts that ask for a permission of their own, such as the second look at paper."""
    at, given = at.astimezone(UTC), _given(reason)
    with reach(by) as seen:
        whole = {**fields, **_completed(seen, of, fields, kept or {})}
        sent = Sent(id=id or uuid7(at=at), of=of, fields=whole, occurred_at=at.isoformat(), reason=given)
        before = Correction.objects.filter(pk=sent.id).first()
        if before is None:
            before = _add(sent, seen, at)
        if before is not None:
            _same(sent, before, seen)
    return sent.id


def _completed(by: Reach, of: UUID, fields: Mapping[str, Any], kept: Kept) -> dict[str, Any]:
    """The fields of which parts are kept, with what stands of those parts now."""
    asked = {field: parts for field, parts in kept.items() if parts}
    row = Registration.objects.filter(within(by), pk=of).first() if asked else None
    if row is None:
        return {}
    stands = standing(row, corrections_of(by, [of])[of, "REGISTRATION"]).fields
    return {
        field: {name: part for name, part in (stands.get(field) or {}).items() if name in parts}
        | fields[field]
        for field, parts in asked.items()
    }


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refusal("REASON_MISSING", "请写明更正的原因。", "Say why it is corrected.")
    return reason.strip()


def _add(sent: Sent, by: Reach, at: datetime) -> Correction | None:
    """Stores it; answers the one that was quicker under the same id, if there is one."""
    moment = Moment(at, day_of(at), hour_of(at), ())
    read = _read(sent, moment, by)
    record = _record(read.target, sent.of, by)
    author = Author(Post(record.checkpoint, record.jurisdiction), officer_id=by.officer_id)
    row = correction_row(sent, read, moment, author=author, received_at=at, keys=key_folder())
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, row._asdict())
        if cursor.fetchone() is not None:
            note(
                Act.RECORD_CORRECTED, by=by, subject=f"{read.target} {sent.of}", jurisdiction=record.jurisdiction,
                details={"fields": sorted(sent.fields), "correction": str(sent.id)},
            )  # fmt: skip
            return None
    return Correction.objects.filter(pk=sent.id).first() or _taken()


def _read(sent: Sent, moment: Moment, by: Reach) -> CorrectionRead:
    if b"\\u0000" in correction_content(sent):
        raise Refusal("NUL_CHARACTER", "内容里有无法保存的字符。", "The text holds a NUL character.")
    posts = {
        code: Post(code, jurisdiction)
        for code, jurisdiction in Checkpoint.objects.filter(held(by)).values_list("code", "jurisdiction")
    }
    read = read_correction(sent, moment, posts=posts, received_at=moment.occurred_at)
    if isinstance(read, Unread):
        raise Refusal(read.code, read.zh, read.en)
    for flag in read.flags:
        if flag in _REFUSED:
            raise Refusal(flag, *_REFUSED[flag])
    return read


def _record(target: str, of: UUID, by: Reach) -> Passage | Registration:
    """The record to be corrected, as far as row-level security shows it; through broken glass it is only looked at."""
    model = Passage if target == "PASSAGE" else Registration
    record = model.objects.filter(within(by), pk=of).only("checkpoint", "jurisdiction", "sealed").first()
    if record is None:
        raise NotFound("RECORD_UNKNOWN", "辖区内没有这条记录。", "There is no such record in your area.")
    by.require_own(record.jurisdiction)
    if record.sealed is None:  # a name written over it would bring back who was cleared
        raise Refusal(
            "RECORD_DESTROYED",
            "这条记录的个人信息已按期销毁，不能再更正。",
            "The personal data of this record were destroyed on schedule: it cannot be corrected any more.",
            status=409,
        )
    return record


def _same(sent: Sent, stored: Correction, by: Reach) -> None:
    """Refuses when another correction stands under this id: the same one has the digest it would have had then."""
    content = correction_content(
        msgspec.structs.replace(sent, occurred_at=stored.occurred_at.astimezone(UTC).isoformat())
    )
    key = key_folder().existing_day(stored.captured_on)
    digest = digest_of(key, b"CORRECTION", b"", content) if key else None
    if stored.officer_id != by.officer_id or stored.digest is None or bytes(stored.digest) != digest:
        _taken()


def _taken() -> Correction:
    raise Refusal(
        "CORRECTION_TAKEN",
        "这个编号下已有另一条更正，请刷新后重试。",
        "Another correction stands under this id: reload and try again.",
        status=409,
    )
