"""What may be asked about purges: what is due, what was proposed, signed and done, and by whom."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lianfang.command.models import Officer
from lianfang.command.services import SYSTEM_OFFICER
from lianfang.custody.models import Purge
from lianfang.custody.planning import Forecast, dry_run
from lianfang.custody.purging import OVERDUE
from lianfang.custody.retention import InForce, in_force
from lianfang.kernel.reach import Reach

LISTED = 50


@dataclass(frozen=True, slots=True)
class PurgeLine:
    """A purge with the names of those who decided. `state`: NIGHT, PROPOSED, SIGNED, REFUSED or DONE."""

    purge: Purge
    proposed_by: str
    signed_by: str
    refused_by: str
    overdue: bool

    @property
    def state(self) -> str:
        purge = self.purge
        decided = {"DONE": purge.done_at, "REFUSED": purge.refused_at, "SIGNED": purge.signed_at}
        undecided = "NIGHT" if purge.proposed_by == SYSTEM_OFFICER else "PROPOSED"
        return next((state for state, at in decided.items() if at), undecided)

    @property
    def certificate(self) -> dict[str, Any]:
        """The certificate, or what is written down of it while the purge goes on."""
        return self.purge.certificate or {}


def due(reach: Reach, *, at: datetime) -> list[Forecast]:
    """What has had its time, with what would be cleared; nothing is done."""
    reach.require("VIEW_PURGES")
    return dry_run(Purge.Kind.RETENTION, at=at)


def oldest_due(forecast: list[Forecast]) -> date | None:
    return min((one.planned.day for one in forecast if one.planned.day), default=None)


def purges(reach: Reach, *, at: datetime) -> list[PurgeLine]:
    """The newest first; what waits for somebody before what is decided."""
    reach.require("VIEW_PURGES")
    lines = _lines(Purge.objects.order_by("-proposed_at", "-id")[:LISTED], at)
    return sorted(lines, key=lambda line: line.state in ("DONE", "REFUSED"))


def purge_of(reach: Reach, id: UUID, *, at: datetime) -> PurgeLine | None:
    reach.require("VIEW_PURGES")
    return next(iter(_lines(Purge.objects.filter(pk=id), at)), None)


def _lines(found: QuerySet[Purge], at: datetime) -> list[PurgeLine]:
    rows = list(found)
    ids = {id for row in rows for id in (row.proposed_by, row.signed_by, row.refused_by) if id}
    names = dict(Officer.objects.filter(pk__in=ids).values_list("id", "name"))
    return [
        PurgeLine(
            row,
            proposed_by=names.get(row.proposed_by, ""),
            signed_by=names.get(row.signed_by, "") if row.signed_by else "",
            refused_by=names.get(row.refused_by, "") if row.refused_by else "",
            overdue=not (row.signed_at or row.refused_at) and row.proposed_at + OVERDUE < at,
        )
        for row in rows
    ]


def retention_lines(reach: Reach) -> list[tuple[InForce, str]]:
    """Every class with what counts, and the name of whoever set it."""
    reach.require("SET_RETENTION")
    now = list(in_force().values())
    ids = {one.rule.set_by for one in now if one.rule}
    names = dict(Officer.objects.filter(pk__in=ids).values_list("id", "name"))
    return [(one, names.get(one.rule.set_by, "") if one.rule else "") for one in now]
