"""Taking messages in hand, and writing down what came of it.

A claim is committed before anything leaves the house: killed in between, the try stands as one that is counted and not
known, and the message is tried again. So it goes out at least once, and twice only where a sender died; the other side
knows a message by its id.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from lianfang.kernel.days import day_of
from lianfang.kernel.key_folder import key_folder
from lianfang.kernel.sealing import Unreadable
from lianfang.messages.channels import Outgoing, Result
from lianfang.messages.rules import (
    A_MINUTE,
    LEASE,
    MOST_A_MINUTE,
    MOST_AT_ONCE,
    MOST_TRIES,
    WINDOW,
    After,
    MessageState,
    after_failure,
)
from lianfang.messages.services.writing import opened


class Claimed(NamedTuple):
    """`outgoing` None: what it says cannot be opened any more. `attempts`: the number of this try."""

    id: UUID
    attempts: int
    outgoing: Outgoing | None


# In the hands of a sender that died: the try is written down as lost.
_LOST = f"""
WITH lost AS (SELECT id, claimed_at, attempts FROM message WHERE next_at <= %(at)s AND claimed_at IS NOT NULL FOR UPDATE SKIP LOCKED),
    told AS (INSERT INTO message_attempt (id, message_id, at, ok, code)
             SELECT gen_random_uuid(), id, claimed_at, false, 'LOST' FROM lost)
UPDATE message m SET claimed_at = NULL, state = CASE WHEN over THEN 'GIVEN_UP' ELSE 'FAILED' END,
    next_at = CASE WHEN NOT over THEN m.next_at END, given_up_at = CASE WHEN over THEN %(at)s::timestamptz END
FROM (SELECT id, attempts >= {MOST_TRIES} AS over FROM lost) l WHERE l.id = m.id
"""
# A reminder of yesterday or of an hour that is over reminds nobody, and a robot that retired says nothing.
_OVER = """
WITH stale AS (
    SELECT m.id, CASE WHEN m.on_day < %(today)s THEN 'DAY_OVER' WHEN m.until_at <= %(at)s THEN 'TOO_LATE'
        ELSE 'ROBOT_RETIRED' END AS code FROM message m
    WHERE m.next_at IS NOT NULL AND m.claimed_at IS NULL AND (m.on_day < %(today)s OR m.until_at <= %(at)s
        OR EXISTS (SELECT FROM robot r WHERE r.id = m.robot_id AND r.retired_at IS NOT NULL))
    FOR UPDATE OF m SKIP LOCKED
), told AS (INSERT INTO message_attempt (id, message_id, at, ok, code)
            SELECT gen_random_uuid(), id, %(at)s, false, code FROM stale)
UPDATE message m SET state = 'GIVEN_UP', next_at = NULL, given_up_at = %(at)s FROM stale WHERE stale.id = m.id
"""
_CLAIM = """
WITH due AS (
    SELECT id FROM message WHERE channel = %(channel)s AND next_at <= %(at)s AND claimed_at IS NULL
      AND robot_id IS NOT DISTINCT FROM %(robot)s::uuid AND (until_at IS NULL OR until_at > %(at)s)
    ORDER BY next_at, written_at, subject_id, part LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
UPDATE message m SET attempts = m.attempts + 1, claimed_at = %(at)s, next_at = %(until)s FROM due WHERE due.id = m.id
RETURNING m.id, m.attempts, m.written_at, m.wrapped_key, m.sealed, m.plain, m.markdown
"""
# The machine's clock, by which the other side counts too; the city's may be another one.
_FREE = "coalesce(r.quiet_until <= clock_timestamp(), true) AND (SELECT count(*) FROM unnest(r.sends) s WHERE s > clock_timestamp() - make_interval(secs => %(window)s)) < %(most)s"
_ROBOT = f"""
SELECT r.id FROM robot r WHERE r.retired_at IS NULL AND {_FREE}
  AND EXISTS (SELECT FROM message m WHERE m.robot_id = r.id AND m.next_at <= %(at)s AND m.claimed_at IS NULL
              AND (m.until_at IS NULL OR m.until_at > %(at)s))
ORDER BY r.id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
# Asked once more of the row that is locked now: another sender may have counted one in between.
_COUNT = f"""
UPDATE robot r SET sends = r.sends[greatest(cardinality(r.sends) - %(most)s + 2, 1):] || clock_timestamp()
WHERE r.id = %(robot)s AND r.retired_at IS NULL AND {_FREE} RETURNING r.webhook
"""
_QUIET = (
    "UPDATE robot SET quiet_until = clock_timestamp() + make_interval(secs => %(wait)s) WHERE id = %(robot)s"
)
_RECORD = """
UPDATE message m SET state = d.state, next_at = d.next_at, claimed_at = NULL, attempts = m.attempts - d.back,
    sent_at = CASE WHEN d.state = 'SENT' THEN %(at)s::timestamptz END,
    given_up_at = CASE WHEN d.state = 'GIVEN_UP' THEN %(at)s::timestamptz END
FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(nexts)s::timestamptz[], %(backs)s::smallint[]) d(id, state, next_at, back)
WHERE m.id = d.id AND m.state <> 'SENT'
"""
_TRIED = """
INSERT INTO message_attempt (id, message_id, at, ok, code, detail)
SELECT gen_random_uuid(), d.id, %(at)s, d.ok, d.code, d.detail
FROM unnest(%(ids)s::uuid[], %(oks)s::boolean[], %(codes)s::text[], %(details)s::text[]) d(id, ok, code, detail)
"""


def settle(at: datetime) -> int:
    """What nobody has in hand any more, and what is no longer worth telling. Inside `reach(worker)`; answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(_LOST, {"at": at})
        settled = int(cursor.rowcount)
        cursor.execute(_OVER, {"at": at, "today": day_of(at)})
        return settled + int(cursor.rowcount)


def claim_sms(at: datetime) -> list[Claimed]:
    """As many as go in one request. Inside `reach(worker)`, which must end before they are sent."""
    with connection.cursor() as cursor:
        rows = _claimed(cursor, "SMS", None, MOST_AT_ONCE, at)
    return [_sms(row) for row in rows]


def claim_of_robot(at: datetime) -> tuple[UUID, Claimed] | None:
    """One message of a robot that may say one more this minute, counted before it leaves. Inside `reach(worker)`."""
    allowed: dict[str, Any] = {"most": MOST_A_MINUTE, "window": WINDOW.total_seconds()}
    with connection.cursor() as cursor:
        cursor.execute(_ROBOT, {"at": at, **allowed})
        found = cursor.fetchone()
        if found is None:
            return None
        (robot,) = found
        rows = _claimed(cursor, "ROBOT", robot, 1, at)
        cursor.execute(_COUNT, {"robot": robot, **allowed})
        counted = cursor.fetchone()
        if not rows or counted is None:  # another sender was quicker: the claim goes with the transaction
            raise Overtaken
    return robot, _of_robot(rows[0], _webhook(robot, bytes(counted[0])))


class Overtaken(Exception):
    """What was to be claimed is claimed already."""


def keep_quiet(robot: UUID) -> None:
    """Its other messages wait as well: whoever says that it is too many says it of all. Inside `reach(worker)`."""
    with connection.cursor() as cursor:
        cursor.execute(_QUIET, {"robot": robot, "wait": A_MINUTE.total_seconds()})


def record(claimed: Sequence[Claimed], results: Sequence[Result], at: datetime) -> Mapping[str, int]:
    """What came of each, in two statements; answers how many stand in which state now. Inside `reach(worker)`."""
    tries = {one.id: one.attempts for one in claimed}
    after = [_after(result, tries[result.id], at) for result in results]
    values: dict[str, Any] = {
        "at": at,
        "ids": [result.id for result in results],
        "states": [str(one.state) for one in after],
        "nexts": [one.next_at for one in after],
        "backs": [int(result.too_many) for result in results],
        "oks": [result.ok for result in results],
        "codes": [result.code for result in results],
        "details": [result.detail for result in results],
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, values)
        cursor.execute(_TRIED, values)
    return {state: values["states"].count(state) for state in set(values["states"])}


def _after(result: Result, attempts: int, at: datetime) -> After:
    if result.ok:
        return After(MessageState.SENT, None)
    if result.too_many:
        return After(MessageState.FAILED, at + A_MINUTE)
    return after_failure(attempts, at, again=result.again)


def _claimed(cursor: CursorWrapper, channel: str, robot: UUID | None, most: int, at: datetime) -> list[Any]:
    cursor.execute(_CLAIM, {"channel": channel, "robot": robot, "most": most, "at": at, "until": at + LEASE})
    return cursor.fetchall()


def _sms(row: Any) -> Claimed:
    id, attempts, written_at, wrapped, blob, _, _ = row
    told = opened(id, written_at, wrapped, blob)
    return Claimed(id, attempts, Outgoing(id, told.phone, told.text) if told else None)


def _of_robot(row: Any, webhook: str | None) -> Claimed:
    id, attempts, *_, plain, markdown = row
    return Claimed(id, attempts, Outgoing(id, webhook, plain, markdown) if webhook else None)


def _webhook(robot: UUID, blob: bytes) -> str | None:
    try:
        return key_folder().staff().unseal(blob, robot.bytes).decode()
    except Unreadable:
        return None
