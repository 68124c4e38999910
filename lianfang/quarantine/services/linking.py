"""Check-in links: one for the household on a slip. The token is printed and never kept; a new one revokes the older."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from lianfang.kernel.audit import Act, note
from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Hand, Reach, hand_reach
from lianfang.kernel.refusals import Refusal
from lianfang.kernel.tokens import hashed, new_token
from lianfang.quarantine.models import CheckInLink, QuarantineOrder
from lianfang.quarantine.rules import LONGEST, ends_at
from lianfang.quarantine.services.acting import locked, not_now
from lianfang.quarantine.states import OPEN

PREFIX = "k"
MOST_PEOPLE = 30
# An order may be extended after its slip was printed. A link ends with its orders, and at the latest by then.
_AT_THE_LATEST = timedelta(days=LONGEST)
_REVOKE = "SELECT lianfang_revoke_links(%s::uuid[], %s)"


def issue_link(*, by: Hand, at: datetime, orders: Sequence[UUID]) -> str:
    """The token of a new link that answers for these orders, in this order; older links of any of them end."""
    wanted = list(dict.fromkeys(orders))
    if not 1 <= len(wanted) <= MOST_PEOPLE:
        raise Refusal(
            "LINK_PEOPLE",
            f"一个打卡链接可供 1 到 {MOST_PEOPLE} 人使用。",
            f"A check-in link is for 1 to {MOST_PEOPLE} people.",
        )
    with hand_reach(by) as seen:
        found = [locked(seen, order) for order in wanted]
        if any(one.state not in OPEN for one in found):
            raise not_now()
        _revoked(wanted, at)
        token = new_token(PREFIX)
        _issued(seen, found, token, at)
        return token


def revoke_links(*, by: Hand, at: datetime, orders: Sequence[UUID]) -> int:
    """Ends the links of these orders: a slip was lost, or read by somebody it is not for. How many there were."""
    with hand_reach(by) as seen:
        found = [locked(seen, order) for order in dict.fromkeys(orders)]
        revoked = _revoked([one.id for one in found], at)
        for one in found:
            _noted(seen, one, "LINK_REVOKED")
        return revoked


def _revoked(orders: Sequence[UUID], at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_REVOKE, [list(orders), at])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _issued(by: Hand, found: Sequence[QuarantineOrder], token: str, at: datetime) -> None:
    CheckInLink(
        id=uuid7(at=at), token_hash=hashed(token), orders=[one.id for one in found], jurisdiction=found[0].jurisdiction,
        issued_by=by.officer_id if isinstance(by, Reach) else None, issued_at=at,
        expires_at=max(ends_at(one.last_on) for one in found) + _AT_THE_LATEST,
    ).save(force_insert=True)  # fmt: skip
    for one in found:
        _noted(by, one, "LINK_ISSUED")


def _noted(by: Hand, one: QuarantineOrder, kind: str) -> None:
    note(
        Act.QUARANTINE_CHANGED,
        by=by if isinstance(by, Reach) else None,
        subject=f"QUARANTINE_ORDER {one.id}",
        jurisdiction=one.jurisdiction,
        details={"kind": kind},
    )
