"""The link on a household's slip: a token that answers for those on it, of which the database keeps a hash."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lianfang.kernel.ids import uuid7
from lianfang.kernel.reach import Reach
from lianfang.kernel.tokens import hashed, new_token
from lianfang.quarantine.models import CheckInLink
from lianfang.quarantine.rules import ends_at
from lianfang.quarantine.services.acting import locked


def issue_link(*, by: Reach, at: datetime, orders: Sequence[UUID]) -> str:
    """The token, which is shown once. Older links of these orders answer no more. Inside `reach()`."""
    found = {id: locked(by, id) for id in sorted(orders)}
    CheckInLink.objects.filter(orders__overlap=list(orders), revoked_at=None).update(revoked_at=at)
    token = new_token("k")
    CheckInLink(
        id=uuid7(at=at), token_hash=hashed(token), orders=list(orders), jurisdiction=found[orders[0]].jurisdiction,
        issued_by=by.officer_id, issued_at=at, expires_at=max(ends_at(one.last_on) for one in found.values()),
    ).save(force_insert=True)  # fmt: skip
    return token
