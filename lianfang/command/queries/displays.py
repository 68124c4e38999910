"""The displays that nobody signs in at, as they are listed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from lianfang.command.models import DisplayToken, Officer
from lianfang.kernel.reach import Reach


@dataclass(frozen=True, slots=True)
class DisplayLine:
    """A display as it is listed. `made_by` is None when it was made at the server's command line."""

    id: UUID
    name: str
    made_at: datetime
    made_by: str | None
    expires_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None


def displays(reach: Reach) -> list[DisplayLine]:
    """Every display token there was, the newest first."""
    reach.require("MANAGE_DISPLAYS")
    rows = DisplayToken.objects.order_by("-made_at", "-id").annotate(
        maker=_name_of("made_by"), revoker=_name_of("revoked_by")
    )
    return [
        DisplayLine(row.id, row.name, row.made_at, row.maker, row.expires_at, row.revoked_at, row.revoker)
        for row in rows
    ]


def _name_of(column: str) -> Subquery:
    people = Officer.objects.exclude(sign_in_name__startswith="system:")
    return Subquery(people.filter(pk=OuterRef(column)).values("name"))
