"""What an auditor asks: entries, the newest first, and how the chain stands. Nothing here counts by officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from lianfang.kernel.audit.acts import SUBJECTS, Act
from lianfang.kernel.audit.heads import Head
from lianfang.kernel.audit.models import AuditEntry
from lianfang.kernel.audit.rows import last_block
from lianfang.kernel.audit.verifying import Unsealed, unsealed
from lianfang.kernel.days import start_of
from lianfang.kernel.reach import Reach

A_PAGE = 100
EVERYTHING = "ALL"


@dataclass(frozen=True, slots=True)
class EntriesAsked:
    """Which entries. `act` "": all but the intake's own, which are most of them; ALL: those as well. Days are inclusive.

    `subject` is an id or a code, of whatever kind; `reference` the number that stands on what was exported.
    """

    act: str = ""
    officer: UUID | None = None
    subject: str = ""
    reference: str = ""
    first: date | None = None
    last: date | None = None
    result: str = ""

    @property
    def condition(self) -> Q:
        wanted = Q()
        if self.act == "":
            wanted &= ~Q(act=Act.RECORDS_RECEIVED)
        elif self.act != EVERYTHING:
            wanted &= Q(act=self.act)
        if self.officer is not None:
            wanted &= Q(officer_id=self.officer)
        if self.first is not None:
            wanted &= Q(at__gte=start_of(self.first))
        if self.last is not None:
            wanted &= Q(at__lt=start_of(self.last + timedelta(days=1)))
        if self.result:
            wanted &= Q(result=self.result)
        return wanted


@dataclass(frozen=True, slots=True)
class ChainState:
    """The chain's head, what waits to be sealed, and the walk along it that was noted last; by the database's clock."""

    at: datetime
    head: Head | None
    waiting: Unsealed
    verified: AuditEntry | None


def entries(
    reach: Reach, asked: EntriesAsked, *, before: int | None = None, limit: int = A_PAGE
) -> Sequence[AuditEntry]:
    """Inside `with reach(…)`: the newest first; `before` a number."""
    reach.require("READ_AUDIT")
    found = AuditEntry.objects.filter(asked.condition)
    if asked.subject:
        # Listed, not taken apart: through row-level security only a comparison of the column itself finds the index.
        about = [asked.subject, *(f"{kind} {asked.subject}" for kind in SUBJECTS)]
        found = found.filter(subject__in=about)
    if asked.reference:
        found = found.extra(
            where=["details ? 'reference'", "details ->> 'reference' = %s"], params=[asked.reference]
        )
    if before is not None:
        found = found.filter(number__lt=before)
    return list(found.order_by("-number")[:limit])


def chain_state(reach: Reach) -> ChainState:
    """Inside `with reach(…)`."""
    reach.require("READ_AUDIT")
    last = last_block()
    walked = AuditEntry.objects.filter(act=Act.AUDIT_VERIFIED).order_by("-number").first()
    head = Head(last.block.number, last.block.sealed_at, last.hash) if last else None
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return ChainState(cursor.fetchone()[0], head, unsealed(cursor, last), walked)
