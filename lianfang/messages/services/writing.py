"""Writing messages: many at once, each once. What was written for the same day and half of it is not written again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from lianfang.kernel import phones
from lianfang.kernel.audit import Act, note
from lianfang.kernel.days import day_of
from lianfang.kernel.file_keys import FileKey, file_key
from lianfang.kernel.ids import uuid7
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.sealing import Unreadable
from lianfang.messages.rules import LONGEST_SMS, Channel, limit, names_somebody, parts


@dataclass(frozen=True, slots=True)
class Reminder:
    """What an SMS says, and to which number; never logged, never in an address."""

    phone: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """What a journey wants told. `subject`: its own kind of thing and the id of it; `half` of the day: MORNING, for one;
    `until_at`: the moment that it names, from which it reminds nobody.

    An SMS says `text` to `phone`, and is of `person_id`; a robot says `text` to its group; on the call list nothing is said.
    """

    channel: Channel
    subject_kind: str
    subject_id: UUID
    jurisdiction: int
    purpose: str
    on_day: date
    half: str | None = None
    until_at: datetime | None = None
    person_id: UUID | None = None
    robot_id: UUID | None = None
    phone: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    markdown: bool = False

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes it the same message, whatever it says."""
        return (
            str(self.channel), self.subject_kind, self.subject_id, self.robot_id, self.purpose, self.on_day, self.half,
        )  # fmt: skip


_KEYS = """unnest(%(channel)s::text[], %(subject_kind)s::text[], %(subject_id)s::uuid[], %(robot_id)s::uuid[], %(purpose)s::text[],
    %(on_day)s::date[], %(half)s::text[]) d(channel, subject_kind, subject_id, robot_id, purpose, on_day, half)"""
_KNOWN = f"""
SELECT d.* FROM {_KEYS} JOIN message m USING (channel, subject_kind, subject_id, purpose, on_day)
WHERE m.robot_id IS NOT DISTINCT FROM d.robot_id AND m.half IS NOT DISTINCT FROM d.half
"""
_WRITE = """
INSERT INTO message (id, channel, subject_kind, subject_id, person_id, robot_id, jurisdiction, purpose, on_day, half, until_at,
    part, markdown, plain, wrapped_key, sealed, written_at, state, next_at, given_up_at)
SELECT d.id, d.channel, d.subject_kind, d.subject_id, d.person_id, d.robot_id, d.jurisdiction, d.purpose, d.on_day, d.half, d.until_at,
    d.part, d.markdown, d.plain, d.wrapped_key, d.sealed, %(at)s, CASE WHEN d.goes THEN 'WAITING' ELSE 'GIVEN_UP' END, CASE WHEN d.goes THEN %(at)s::timestamptz END,
    CASE WHEN NOT d.goes THEN %(at)s::timestamptz END
FROM unnest(%(id)s::uuid[], %(channel)s::text[], %(subject_kind)s::text[], %(subject_id)s::uuid[], %(person_id)s::uuid[],
    %(robot_id)s::uuid[], %(jurisdiction)s::bigint[], %(purpose)s::text[], %(on_day)s::date[], %(half)s::text[],
    %(until_at)s::timestamptz[], %(part)s::smallint[], %(markdown)s::boolean[], %(plain)s::text[], %(wrapped_key)s::bytea[], %(sealed)s::bytea[],
    %(goes)s::boolean[])
    d(id, channel, subject_kind, subject_id, person_id, robot_id, jurisdiction, purpose, on_day, half, until_at, part, markdown, plain,
      wrapped_key, sealed, goes)
ON CONFLICT DO NOTHING RETURNING id
"""
# Without a mobile number nothing can be sent to: the history says why somebody must telephone.
_NO_MOBILE = """
INSERT INTO message_attempt (id, message_id, at, ok, code)
SELECT gen_random_uuid(), m.id, %(at)s, false, 'NO_MOBILE' FROM message m
WHERE m.id = ANY(%(written)s::uuid[]) AND m.channel = 'SMS' AND m.state = 'GIVEN_UP'
"""
_COLUMNS = (
    "id", "channel", "subject_kind", "subject_id", "person_id", "robot_id", "jurisdiction", "purpose", "on_day", "half", "until_at",
    "part", "markdown", "plain", "wrapped_key", "sealed", "goes",
)  # fmt: skip


def write_messages(*, by: Reach, at: datetime, messages: Sequence[MessageDraft]) -> int:
    """Answers how many were written; again it writes none. Inside `reach()`: the worker's, or that of a desk
    whose own area it is.

    Raises a `Refusal` and writes nothing where one may not be told so: a robot's text that names somebody, an SMS that is
    too long.
    """
    for draft in messages:
        _check(draft)
    new = _unknown(messages)
    rows = [row for draft in new for row in _rows(draft, at)]
    written = _write(rows, at) if rows else []
    if written:
        note(Act.MESSAGES_WRITTEN, by=by, subject="MESSAGE", count=len(written))
    return len(written)


def opened(id: UUID, written_at: datetime, wrapped_key: bytes | None, blob: bytes | None) -> Reminder | None:
    """What an SMS says; None where it is destroyed by now."""
    if wrapped_key is None or blob is None:
        return None
    try:
        key = file_key(key_folder(), day_of(written_at), id, bytes(wrapped_key))
        return None if key is None else Reminder(**msgspec.json.decode(key.unseal(bytes(blob))))
    except (Unreadable, msgspec.DecodeError):
        return None


def _check(draft: MessageDraft) -> None:
    if draft.channel == Channel.ROBOT and names_somebody(draft.text):
        raise Refusal(
            "ROBOT_NAMES_SOMEBODY",
            "群机器人的消息里不能有证件号或手机号。",
            "A group robot tells no identity number and no mobile number.",
        )
    if draft.channel == Channel.SMS and not 0 < len(draft.text) <= LONGEST_SMS:
        raise Refusal(
            "SMS_LENGTH",
            f"短信内容须在 1 到 {LONGEST_SMS} 字之间。",
            f"An SMS has between 1 and {LONGEST_SMS} characters.",
        )
    if draft.channel == Channel.ROBOT and not draft.text.strip():
        raise Refusal("ROBOT_SAYS_NOTHING", "请写明要发的内容。", "Say what is to be told.")


def _unknown(messages: Sequence[MessageDraft]) -> list[MessageDraft]:
    """Those that were not written yet, each once: nothing is sealed in vain, and no text grows by a part."""
    drafts = {draft.key: draft for draft in reversed(messages)}
    names = ("channel", "subject_kind", "subject_id", "robot_id", "purpose", "on_day", "half")
    columns = dict(zip(names, map(list, zip(*drafts, strict=True)), strict=True)) if drafts else {}
    if not columns:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, columns)
        known = {tuple(row) for row in cursor.fetchall()}
    return [drafts[key] for key in reversed(drafts) if key not in known]


def _rows(draft: MessageDraft, at: datetime) -> list[dict[str, Any]]:
    """One row; of a robot's long text one for each piece that its group can take."""
    said = {name: value for name, value in asdict(draft).items() if name not in ("phone", "text")}
    said |= {
        "channel": str(draft.channel),
        "part": 1,
        "plain": None,
        "wrapped_key": None,
        "sealed": None,
        "goes": True,
    }
    if draft.channel == Channel.ROBOT:
        pieces = parts(draft.text, limit(draft.markdown))
        return [
            said | {"id": uuid7(at=at), "part": n, "plain": piece} for n, piece in enumerate(pieces, start=1)
        ]
    id = uuid7(at=at)
    if draft.channel == Channel.CALL_LIST:
        return [said | {"id": id, "goes": False}]
    number = phones.read(draft.phone)
    key = FileKey.new(key_folder().files(day_of(at)), id)
    blob = key.seal(msgspec.json.encode({"phone": number.key, "text": draft.text}))
    return [
        said | {"id": id, "wrapped_key": key.wrapped, "sealed": blob, "goes": number.kind == phones.MOBILE}
    ]


def _write(rows: Sequence[dict[str, Any]], at: datetime) -> list[UUID]:
    columns = {name: [row[name] for row in rows] for name in _COLUMNS}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, {**columns, "at": at})
        written = [id for (id,) in cursor.fetchall()]
        cursor.execute(_NO_MOBILE, {"at": at, "written": written})
    return written
