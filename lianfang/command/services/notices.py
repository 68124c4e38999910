"""What an officer is told at the desk: written where it happens, shown until he has read it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from lianfang.command.models import OfficerNotice
from lianfang.kernel.reach import Reach
from lianfang.kernel.refusals import NotFound


def tell(officers: Iterable[UUID], *, kind: str, about: UUID, at: datetime) -> None:
    """In the transaction at hand. `kind` says what `about` is the id of: GLASS_BROKEN a glass, ROSTER_LOCKED a grid phone."""
    OfficerNotice.objects.bulk_create(
        [OfficerNotice(officer_id=officer, kind=kind, about=about, made_at=at) for officer in officers]
    )


def read_notice(*, by: Reach, id: UUID, at: datetime) -> None:
    """Its officer has read it. Again: nothing changes."""
    own = OfficerNotice.objects.filter(pk=id, officer=by.officer_id)
    if not own.exists():
        raise NotFound("NOTICE_UNKNOWN", "没有这条告知。", "There is no such notice for you.")
    own.filter(read_at=None).update(read_at=at)
